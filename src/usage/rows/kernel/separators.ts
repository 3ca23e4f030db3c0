import { BLOCK_BYTES, CR, LF, QUOTE } from './text';

/*
 * The separators of a text: the delimiters and line feeds that are not within quotes. They are
 * found before any field is read, so that no field has to wait for the end of the one before it.
 */

/** More separators are stored at once than there may be. */
const STORED_AT_ONCE: i32 = 4;
/** No more are known at once: they stay near the processor, and a kernel is small. */
const MOST_SEPARATORS: i32 = 16 * 1024;
/** Where each separator is in memory; the first one is the byte before the text. */
const separators: usize = memory.data(4 * MOST_SEPARATORS, 16);
/** From here on a block may have more than fit. */
const fullFrom: usize =
  separators + 4 * <usize>(MOST_SEPARATORS - <i32>BLOCK_BYTES - STORED_AT_ONCE);
/** For each row, the address in `separators` of the one that ends it; the first one ends the row before. */
const rowEnds: usize = memory.data(4 * MOST_SEPARATORS, 16);
let lastRowEnd: usize = rowEnds;

/** Whether the text has quotes or carriage returns, so that a field may end before its separator. */
export let hasQuotes: bool = false;
/** Whether it has doubled quotes. */
export let hasDoubledQuotes: bool = false;
/** Whether it has line feeds within quotes. */
export let hasQuotedLines: bool = false;

/**
 * Finds the separators of the rows in `[from, to)`, where `from` is the beginning of a row, up to
 * a quote that is neither around a field nor doubled, or a carriage return that is not before a
 * line feed, or as many as are known at once.
 */
export function findSeparators(from: usize, to: usize, delimiter: u8): void {
  const delimiters = i8x16.splat(delimiter);
  const lineFeeds = i8x16.splat(LF);
  const quotes = i8x16.splat(QUOTE);
  const carriageReturns = i8x16.splat(CR);
  store<u32>(separators, <u32>from - 1);
  store<u32>(rowEnds, <u32>separators);
  lastRowEnd = rowEnds;
  let end = separators + 4;
  hasQuotes = false;
  hasDoubledQuotes = false;
  hasQuotedLines = false;
  // What the byte before a block means for the first one in it.
  let isInside: u64 = 0;
  let mayOpen: u64 = 1;
  let isClosed: u64 = 0;
  let isReturned: u64 = 0;
  for (let block = from; block < to && end <= fullFrom; block += BLOCK_BYTES) {
    const inText: u64 = to - block < BLOCK_BYTES ? ((<u64>1) << (to - block)) - 1 : -1;
    const a = v128.load(block);
    const b = v128.load(block, 16);
    const c = v128.load(block, 32);
    const d = v128.load(block, 48);
    let newlines = equalBits(a, b, c, d, lineFeeds) & inText;
    let found = (equalBits(a, b, c, d, delimiters) & inText) | newlines;
    let isBroken = false;
    // Once there are quotes, most blocks have some: looking for them first would cost more.
    if (hasQuotes || hasSpecial(a, b, c, d, quotes, carriageReturns)) {
      hasQuotes = true;
      const quote = equalBits(a, b, c, d, quotes) & inText;
      const inside = parity(quote) ^ isInside;
      if ((newlines & inside) != 0) hasQuotedLines = true;
      newlines &= ~inside;
      found &= ~inside;
      const returned = equalBits(a, b, c, d, carriageReturns) & ~inside;
      const opening = quote & inside;
      const closing = quote & ~inside;
      const afterClosing = (closing << 1) | isClosed;
      if ((opening & afterClosing) != 0) hasDoubledQuotes = true;
      const wrong =
        (opening & ~((found << 1) | afterClosing | mayOpen)) |
        (afterClosing & ~(found | opening | returned)) |
        (((returned << 1) | isReturned) & ~newlines);
      if (wrong != 0) {
        isBroken = true;
        found &= below(wrong);
        newlines &= below(wrong);
      }
      isInside = <u64>(<i64>inside >> 63);
      isClosed = closing >> 63;
      isReturned = returned >> 63;
    }
    mayOpen = found >> 63;
    while (newlines != 0) {
      lastRowEnd += 4;
      store<u32>(lastRowEnd, <u32>end + ((<u32>popcnt(found & below(newlines))) << 2));
      newlines &= newlines - 1;
    }
    end = storePositions(found, <u32>block, end);
    if (isBroken) return;
  }
}

/** Forgets the text: no row is known, and nothing is quoted. */
export function endIndex(): void {
  lastRowEnd = rowEnds;
  hasQuotes = false;
  hasDoubledQuotes = false;
}

/** Stores where the bits of a block are, at `at`; returns where the next ones are to be stored. */
function storePositions(bits: u64, block: u32, at: usize): usize {
  const end = at + ((<usize>popcnt(bits)) << 2);
  let left = bits;
  // Four at a time, as each end of a loop that the processor does not foresee costs more.
  for (let to = at; to < end; to += 4 * STORED_AT_ONCE) {
    store<u32>(to, block + <u32>ctz(left));
    left &= left - 1;
    store<u32>(to, block + <u32>ctz(left), 4);
    left &= left - 1;
    store<u32>(to, block + <u32>ctz(left), 8);
    left &= left - 1;
    store<u32>(to, block + <u32>ctz(left), 12);
    left &= left - 1;
  }
  return end;
}

/** The bits of bytes that are equal to `byte`. */
function equalBits(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  const low = i8x16.bitmask(i8x16.eq(a, byte)) | (i8x16.bitmask(i8x16.eq(b, byte)) << 16);
  const high = i8x16.bitmask(i8x16.eq(c, byte)) | (i8x16.bitmask(i8x16.eq(d, byte)) << 16);
  return <u64>(<u32>low) | ((<u64>(<u32>high)) << 32);
}

/** Whether any of the bytes is equal to one of two. */
function hasSpecial(a: v128, b: v128, c: v128, d: v128, one: v128, other: v128): bool {
  const found = v128.or(
    v128.or(either(a, one, other), either(b, one, other)),
    v128.or(either(c, one, other), either(d, one, other)),
  );
  return v128.any_true(found);
}

function either(bytes: v128, one: v128, other: v128): v128 {
  return v128.or(i8x16.eq(bytes, one), i8x16.eq(bytes, other));
}

/** Each bit is set if the number of bits up to it is odd: from an opening quote up to the closing one. */
function parity(bits: u64): u64 {
  let odd = bits ^ (bits << 1);
  odd ^= odd << 2;
  odd ^= odd << 4;
  odd ^= odd << 8;
  odd ^= odd << 16;
  return odd ^ (odd << 32);
}

/** The bits below the lowest one of some. */
function below(bits: u64): u64 {
  return (bits - 1) & ~bits;
}

/** The number of rows. */
export function rowCount(): u32 {
  return <u32>((lastRowEnd - rowEnds) >> 2);
}

/** The address of a row's first separator, whose position follows that of the separator before the row. */
export function firstSeparator(row: u32): usize {
  return <usize>load<u32>(rowEnds + ((<usize>row) << 2)) + 4;
}

/** The address of the separator that ends a row. */
export function lastSeparator(row: u32): usize {
  return <usize>load<u32>(rowEnds + ((<usize>row) << 2), 4);
}

/** How many fields a row has. */
export function fieldCount(row: u32): u32 {
  return <u32>((lastSeparator(row) - firstSeparator(row)) >> 2) + 1;
}

function startOfRow(row: u32): usize {
  return <usize>load<u32>(firstSeparator(row) - 4) + 1;
}

/** The number of the row that begins at an address; the number of rows if none does. */
export function rowAt(start: usize): u32 {
  let first: u32 = 0;
  let end = rowCount();
  while (first < end) {
    const middle = (first + end) >> 1;
    if (startOfRow(middle) < start) first = middle + 1;
    else end = middle;
  }
  return first < rowCount() && startOfRow(first) == start ? first : rowCount();
}
