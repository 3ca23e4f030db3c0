import { billionths, readDecimal, readZero, rest, whole } from './decimals';
import { day, nanos, readInstant, second } from './instants';
import {
  entryOf,
  entryWith,
  hashOf,
  knownEntry,
  meaningOf,
  setMeaning,
  textOf,
  UNKNOWN,
} from './keys';
import { TEXT_BYTES, VECTOR_BYTES } from './memory';

/** How a column is read. */
const SKIP: u32 = 0;
const KEY: u32 = 1;
const TEXT: u32 = 2;
const KNOWN_TEXT: u32 = 3;
const INSTANT: u32 = 4;
const DECIMAL: u32 = 5;
const DECIMAL_OR_BLANK: u32 = 6;

const MOST_COLUMNS: i32 = 10_000;
/** A column: how it is read, where its ints are in a row, the space of its keys. */
const COLUMN_BYTES: usize = 12;
const columns: usize = memory.data(<i32>COLUMN_BYTES * MOST_COLUMNS, 16);
let columnCount: u32 = 0;
let neededColumns: u32 = 0;
/** Whether rows may have more columns, which are skipped whatever they hold. */
let isOpenEnded: bool = false;

export const MOST_ROWS: u32 = 512;
const MOST_ROW_INTS: i32 = 64;
/** The ints of a row: these, then three of each wanted column. */
const LINE: usize = 0;
const START: usize = 4;
const END: usize = 8;
export const ROW_INTS: u32 = 3;
export const FIELD_INTS: u32 = 3;
export const rows: usize = memory.data(<i32>MOST_ROWS * MOST_ROW_INTS * 4, 16);
export let rowBytes: usize = 0;

/** Padded so that a vector can be read before and after the text. */
const space: usize = memory.data(<i32>(TEXT_BYTES + 2 * VECTOR_BYTES), 16);
export const text: usize = space + VECTOR_BYTES;
/** A row of at most this length has no field over the limit of 64 KiB, which holds for a value, too. */
const LONGEST_ROW: usize = 64 * 1024;
/** A key with its doubled quotes undone, or a value that is not in the text. */
export const unquoted: usize = memory.data(<i32>LONGEST_ROW + VECTOR_BYTES, 16);

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const QUOTE: u8 = 0x22;
const TAB: u8 = 0x09;
const BLANK: u8 = 0x20;
let delimiter: u8 = 0x2c;

/** The meaning of a text of a space, 0 or more; if it is below 0, the row is not accepted. */
declare function interpret(space: usize, entry: usize): i32;

/** The line on which the next row begins, as the host counts lines. */
let line: i32 = 0;
/** How many rows the last `scan` has accepted. */
let taken: u32 = 0;
/** The line feeds within quotes in the current row. */
let quotedLines: i32 = 0;
/** Whether the field read last by `closingQuote` has a doubled quote. */
let hasDoubled: bool = false;

/**
 * Sets the format of the rows to read from now on: how many columns, how many of them a row must
 * have, whether it may have more, the delimiter, and the number of ints per row. No column is
 * wanted yet.
 */
export function setFormat(
  count: u32,
  needed: u32,
  openEnded: bool,
  delimiterByte: u32,
  rowInts: u32,
): void {
  columnCount = count;
  neededColumns = needed;
  isOpenEnded = openEnded;
  delimiter = <u8>delimiterByte;
  rowBytes = rowInts * 4;
  memory.fill(columns, 0, count * COLUMN_BYTES);
}

/** `offset`: of the column's ints in a row. */
export function setColumn(column: u32, kind: u32, offset: u32, keySpace: usize): void {
  const at = columns + column * COLUMN_BYTES;
  store<u32>(at, kind);
  store<u32>(at, offset * 4, 4);
  store<usize>(at, keySpace, 8);
}

export function setLine(next: i32): void {
  line = next;
}

/** Sets the lines of the first rows, whose fields are put there instead of read from a text. */
export function setLines(count: u32, firstLine: i32): void {
  for (let row: u32 = 0; row < count; row += 1)
    store<i32>(rows + row * rowBytes, firstLine + row, LINE);
}

export function nextLine(): i32 {
  return line;
}

export function takenRows(): u32 {
  return taken;
}

/**
 * Reads the rows that begin in `[from, limit)` and end before `to`, where `from` is the beginning
 * of a row and `to` is after a line feed. Stops at the end, at MOST_ROWS, or at a row that it does
 * not accept, and returns where the next row begins. `isPlain`: whether all of it is UTF-8 without
 * a NUL.
 */
export function scan(from: usize, limit: usize, to: usize, isPlain: bool): usize {
  let rowStart = from;
  let row = rows;
  const lastRow = rows + MOST_ROWS * rowBytes;
  while (row < lastRow && rowStart < limit) {
    const first = load<u8>(rowStart);
    if (first == LF || (first == CR && load<u8>(rowStart + 1) == LF)) {
      rowStart += first == LF ? 1 : 2;
      line += 1;
      continue;
    }
    const next = readRow(rowStart, to, row);
    if (next == 0 || next - rowStart > LONGEST_ROW) break;
    if (!isPlain && !isAscii(rowStart, next)) break;
    store<i32>(row, line, LINE);
    store<usize>(row, rowStart, START);
    store<usize>(row, next, END);
    line += 1 + quotedLines;
    rowStart = next;
    row += rowBytes;
  }
  const end = readTexts(row);
  taken = <u32>((end - rows) / max(rowBytes, 1));
  if (end == row) return rowStart;
  line = load<i32>(end, LINE);
  return load<usize>(end, START);
}

/**
 * Reads the key and text fields of the rows up to `end`, column by column: the look-ups do not
 * wait for one another then. Returns where the first row begins that is not accepted, else `end`.
 */
function readTexts(end: usize): usize {
  let last = end;
  const lastColumn = columns + columnCount * COLUMN_BYTES;
  for (let column = columns; column < lastColumn; column += COLUMN_BYTES) {
    const kind = load<u32>(column);
    if (kind == SKIP || kind > KNOWN_TEXT) continue;
    const keySpace = load<usize>(column, 8);
    const offset = <usize>load<u32>(column, 4);
    let row = rows;
    while (row < last && readText(kind, keySpace, row + offset)) row += rowBytes;
    last = row;
  }
  return last;
}

/** Reads a text that was held; false if its row is not accepted. */
function readText(kind: u32, keySpace: usize, values: usize): bool {
  const start = load<usize>(values);
  const length = load<u32>(values, 4);
  const hash = load<u32>(values, 8);
  if (kind == KNOWN_TEXT) {
    store<usize>(values, knownEntry(keySpace, start, length, hash));
    return true;
  }
  const entry = entryWith(keySpace, start, length, hash);
  if (kind == TEXT) {
    store<usize>(values, entry);
    return true;
  }
  const key = keyOf(keySpace, entry);
  store<i32>(values, key);
  return key >= 0;
}

/** The meaning of an entry, which is interpreted when it is first asked for. */
export function keyOf(keySpace: usize, entry: usize): i32 {
  let meaning = meaningOf(entry);
  if (meaning == UNKNOWN) {
    meaning = interpret(keySpace, entry);
    setMeaning(entry, meaning);
  }
  return meaning;
}

/** Reads a row into the ints at `row`; returns where the next one begins, or 0 if it is not accepted. */
function readRow(start: usize, to: usize, row: usize): usize {
  const delimiters = i8x16.splat(delimiter);
  const quotes = i8x16.splat(QUOTE);
  const lineFeeds = i8x16.splat(LF);
  const carriageReturns = i8x16.splat(CR);
  const end = columns + columnCount * COLUMN_BYTES;
  quotedLines = 0;
  let at = start;
  for (let column = columns; column < end; column += COLUMN_BYTES) {
    let textStart = at;
    let textEnd: usize;
    hasDoubled = false;
    if (load<u8>(at) == QUOTE) {
      textStart += 1;
      textEnd = closingQuote(textStart, to);
      if (textEnd == 0) return 0;
      at = textEnd + 1;
    } else {
      let found = 0;
      for (;;) {
        const bytes = v128.load(at);
        found = i8x16.bitmask(
          v128.or(
            v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
            v128.or(i8x16.eq(bytes, lineFeeds), i8x16.eq(bytes, carriageReturns)),
          ),
        );
        if (found != 0) break;
        at += VECTOR_BYTES;
      }
      at += ctz(found);
      textEnd = at;
    }
    const kind = load<u32>(column);
    if (kind != SKIP && !readField(kind, column, textStart, textEnd, row)) return 0;
    const stop = load<u8>(at);
    if (stop == delimiter) {
      at += 1;
      continue;
    }
    if (stop == CR && load<u8>(at + 1) == LF) at += 1;
    else if (stop != LF) return 0;
    return readMissing(column + COLUMN_BYTES, end, row) ? at + 1 : 0;
  }
  return isOpenEnded ? endOfRest(at, to) : 0;
}

/** The closing quote of the field whose text begins at `start`; 0 if it is not before `to`. */
function closingQuote(start: usize, to: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const lineFeeds = i8x16.splat(LF);
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(i8x16.eq(bytes, quotes));
    const newlines = i8x16.bitmask(i8x16.eq(bytes, lineFeeds));
    if (newlines != 0) quotedLines += popcnt(newlines & (found - 1) & ~found);
    if (found == 0) {
      at += VECTOR_BYTES;
      if (at >= to) return 0;
      continue;
    }
    at += ctz(found);
    if (at >= to) return 0;
    if (load<u8>(at + 1) != QUOTE) return at;
    hasDoubled = true;
    at += 2;
  }
}

/**
 * Where the next row begins, if the rest of this one, from the beginning of a field on, is
 * ignored; 0 if a quote is not at the beginning or the end of a field.
 */
function endOfRest(start: usize, to: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const lineFeeds = i8x16.splat(LF);
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, lineFeeds)));
    if (found == 0) {
      at += VECTOR_BYTES;
      continue;
    }
    at += ctz(found);
    if (load<u8>(at) == LF) return at + 1;
    if (load<u8>(at - 1) != delimiter) return 0;
    const closing = closingQuote(at + 1, to);
    if (closing == 0) return 0;
    at = closing + 1;
    const stop = load<u8>(at);
    if (stop != delimiter && stop != LF && !(stop == CR && load<u8>(at + 1) == LF)) return 0;
  }
}

/** Reads the missing columns at the end of a row as blank; false if they are required. */
function readMissing(first: usize, end: usize, row: usize): bool {
  if (first == end) return true;
  if (first < columns + neededColumns * COLUMN_BYTES) return false;
  for (let column = first; column < end; column += COLUMN_BYTES) {
    const kind = load<u32>(column);
    if (kind != SKIP && !readField(kind, column, text, text, row)) return false;
  }
  return true;
}

/** Reads the text of a field without its quotes; false if the row is not accepted. */
function readField(kind: u32, column: usize, textStart: usize, textEnd: usize, row: usize): bool {
  let start = textStart;
  let end = textEnd;
  const values = row + load<u32>(column, 4);
  while (start < end && isBlank(load<u8>(start))) start += 1;
  while (start < end && isBlank(load<u8>(end - 1))) end -= 1;
  if (kind <= KNOWN_TEXT) return holdText(kind, load<usize>(column, 8), start, end, values);
  if (kind == INSTANT) {
    if (!readInstant(start, end)) return false;
    store<i32>(values, day);
    store<i32>(values, second, 4);
    store<i32>(values, nanos, 8);
    return true;
  }
  if (kind == DECIMAL_OR_BLANK && start == end) readZero();
  else if (!readDecimal(start, end)) return false;
  store<i32>(values, whole);
  store<i32>(values, billionths, 4);
  store<i32>(values, rest, 8);
  return true;
}

/** Holds a text and its hash for `readText`; false if its row is not accepted. */
function holdText(kind: u32, keySpace: usize, start: usize, end: usize, values: usize): bool {
  if (!hasDoubled) {
    hold(start, <u32>(end - start), values);
    return true;
  }
  if (end - start > LONGEST_ROW) return false;
  const length = <u32>unquote(start, end);
  const hash = hashOf(unquoted, length);
  // `unquoted` is used again, so that the text of an entry is held instead.
  if (kind != KNOWN_TEXT || knownEntry(keySpace, unquoted, length, hash) != 0) {
    hold(textOf(entryWith(keySpace, unquoted, length, hash)), length, values);
  } else {
    hold(start, length, values);
    // No entry of any text has another hash than the text.
    store<u32>(values, load<u32>(values, 8) ^ 1, 8);
  }
  return true;
}

function hold(start: usize, length: u32, values: usize): void {
  store<usize>(values, start);
  store<u32>(values, length, 4);
  store<u32>(values, hashOf(start, length), 8);
}

/**
 * Reads a value that is not in the text, whose `length` bytes are in `unquoted`, as the field of a
 * wanted column of a row; false if the row is not accepted. `isPlain`: as for `scan`.
 */
export function readValue(column: u32, row: u32, length: u32, isPlain: bool): bool {
  const at = columns + column * COLUMN_BYTES;
  const kind = load<u32>(at);
  if (!readUnquoted(kind, at, unquoted, length, row, isPlain)) return false;
  return kind > KNOWN_TEXT || readText(kind, load<usize>(at, 8), fieldOf(column, row));
}

/**
 * Reads up to `count` values in `[from, to)` of the text, each after its length in four bytes, as
 * the field of a wanted column, from a row on. Returns how many, up to one that is not accepted, is
 * not ASCII, too long, or does not end before `to`.
 */
export function readValues(column: u32, row: u32, count: u32, from: usize, to: usize): u32 {
  const at = columns + column * COLUMN_BYTES;
  const kind = load<u32>(at);
  let start = from + 4;
  let read: u32 = 0;
  while (read < count && start <= to) {
    const length = load<u32>(start - 4);
    if (length > min(<u32>(to - start), <u32>LONGEST_ROW)) break;
    if (!readUnquoted(kind, at, start, length, row + read, false)) break;
    start += length + 4;
    read += 1;
  }
  if (kind > KNOWN_TEXT) return read;
  for (let taken: u32 = 0; taken < read; taken += 1) {
    if (!readText(kind, load<usize>(at, 8), fieldOf(column, row + taken))) return taken;
  }
  return read;
}

/** Where the ints of a wanted column are in a row. */
export function fieldOf(column: u32, row: u32): usize {
  return rows + row * rowBytes + load<u32>(columns + column * COLUMN_BYTES, 4);
}

/** Reads a whole text as a field; `isPlain`: as for `scan`. A key remains to be looked up. */
function readUnquoted(
  kind: u32,
  column: usize,
  start: usize,
  length: u32,
  row: u32,
  isPlain: bool,
): bool {
  const end = start + length;
  hasDoubled = false;
  return (
    (isPlain || isAscii(start, end)) && readField(kind, column, start, end, rows + row * rowBytes)
  );
}

/** Writes a text to `unquoted` with doubled quotes undone; returns its length. */
function unquote(start: usize, end: usize): usize {
  let to = unquoted;
  for (let at = start; at < end; at += 1, to += 1) {
    const byte = load<u8>(at);
    store<u8>(to, byte);
    if (byte == QUOTE) at += 1;
  }
  return to - unquoted;
}

/** Whether there is no byte beyond ASCII and no NUL. */
function isAscii(start: usize, end: usize): bool {
  const least = i8x16.splat(1);
  for (let at = start; at < end; at += VECTOR_BYTES) {
    const others = i8x16.bitmask(i8x16.lt_s(v128.load(at), least));
    if (others != 0 && at + ctz(others) < end) return false;
  }
  return true;
}

function isBlank(byte: u8): bool {
  return byte == BLANK || byte == TAB;
}
