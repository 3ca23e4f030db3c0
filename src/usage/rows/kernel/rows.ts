import { readDecimal, storeLimbs } from './decimals';
import { readInstant } from './instants';
import {
  entryWith,
  hashOf,
  isText,
  knownEntry,
  meaningOf,
  nearestEntry,
  setMeaning,
  UNKNOWN,
} from './keys';
import {
  DECIMAL_OR_BLANK,
  END,
  INSTANT,
  KEY,
  KNOWN_TEXT,
  LINE,
  LONGEST_VALUE,
  MOST_ROW_INTS,
  MOST_ROWS,
  SKIP,
  START,
} from './layout';
import { VECTOR_BYTES } from './memory';
import {
  endIndex,
  fieldCount,
  findSeparators,
  firstSeparator,
  hasDoubledQuotes,
  hasQuotedLines,
  hasQuotes,
  lastSeparator,
  rowAt,
  rowCount,
} from './separators';
import { BLOCK_BYTES, CR, LF, QUOTE } from './text';

const MOST_COLUMNS: i32 = 10_000;
/** A column: how it is read, where its ints are in a row, the space of its keys. */
const COLUMN_BYTES: usize = 12;
const columns: usize = memory.data(<i32>COLUMN_BYTES * MOST_COLUMNS, 16);
let columnCount: u32 = 0;
let neededColumns: u32 = 0;
/** Whether rows may have more columns, which are skipped whatever they hold. */
let isOpenEnded: bool = false;

export const rows: usize = memory.data(MOST_ROWS * MOST_ROW_INTS * 4, 16);
export let rowBytes: usize = 0;

/** The address of the separator after the first field of each row. */
const firstSeparators: usize = memory.data(4 * MOST_ROWS, 16);
/** Those around values that are no fields of the text. */
const valueSeparators: usize = memory.data(8 * MOST_ROWS, 16);
/** A value without bytes, with none before it that could be a quote. */
const blank: usize = memory.data(32, 16) + 16;

/** A key with its doubled quotes undone. */
export const unquoted: usize = memory.data(LONGEST_VALUE + <i32>BLOCK_BYTES, 16);

const TAB: u8 = 0x09;
const BLANK: u8 = 0x20;
let delimiter: u8 = 0x2c;

/** The meaning of a text of a space, 0 or more; if it is below 0, the row is not accepted. */
declare function interpret(space: usize, entry: usize): i32;

/** The line on which the next row begins, as the host counts lines. */
let line: i32 = 0;
/** How many rows the last `scan` has accepted. */
let taken: u32 = 0;
/** Where the rows of the text end. */
let textEnd: usize = 0;

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
    store<i32>(rows + row * rowBytes, firstLine + row, LINE * 4);
}

export function nextLine(): i32 {
  return line;
}

export function takenRows(): u32 {
  return taken;
}

/** Prepares to read a new text, from the beginning of a row on; `to` is after a line feed. */
export function indexRows(from: usize, to: usize): void {
  textEnd = to;
  findSeparators(from, to, delimiter);
}

/**
 * Reads the rows of the indexed text that begin in `[from, limit)`, where `from` is the beginning
 * of a row. Stops at the end, at MOST_ROWS, or at a row that it does not accept, and returns where
 * the next row begins. `isPlain`: whether all of the text is UTF-8 without a NUL.
 */
export function scan(from: usize, limit: usize, isPlain: bool): usize {
  let number = rowAt(from);
  if (number == rowCount()) {
    // Those of the next row are not known after a row with wrong quotes, or after so many.
    findSeparators(from, textEnd, delimiter);
    number = 0;
  }
  let presentColumns: u32 = 0;
  const lastRow = rows + <usize>MOST_ROWS * rowBytes;
  let start = from;
  let first = firstSeparators;
  let row = rows;
  for (; number < rowCount() && start < limit && row < lastRow; number += 1) {
    const next = <usize>load<u32>(lastSeparator(number)) + 1;
    if (isEmpty(start, next)) {
      line += 1;
    } else {
      const fields = fieldCount(number);
      if (row == rows) presentColumns = min(fields, columnCount);
      if (!hasRightFields(fields) || min(fields, columnCount) != presentColumns) break;
      if (next - start > <usize>LONGEST_VALUE || (!isPlain && !isAscii(start, next))) break;
      store<u32>(first, <u32>firstSeparator(number));
      store<i32>(row, line, LINE * 4);
      store<usize>(row, start, START * 4);
      store<usize>(row, next, END * 4);
      line += hasQuotedLines ? lineFeeds(start, next) : 1;
      first += 4;
      row += rowBytes;
    }
    start = next;
  }
  const end = readColumns(presentColumns, row);
  taken = <u32>((end - rows) / max(rowBytes, 1));
  if (end == row) return start;
  line = load<i32>(end, LINE * 4);
  return load<usize>(end, START * 4);
}

/** Whether a row is an empty line. */
function isEmpty(start: usize, next: usize): bool {
  return next - start == 1 || (next - start == 2 && load<u8>(start) == CR);
}

/** Whether a row may have this number of fields. */
function hasRightFields(fields: u32): bool {
  return fields >= neededColumns && (fields <= columnCount || isOpenEnded);
}

/**
 * Reads the wanted columns of the rows up to `end`, one after another: a field does not wait then
 * for another one of its row. The columns that are not present are read as blank. Returns where the
 * first row begins that is not accepted, else `end`.
 */
function readColumns(present: u32, end: usize): usize {
  let last = end;
  for (let number: u32 = 0; number < columnCount; number += 1) {
    // No column after it is present either.
    if (number == present) setBlanks(end);
    const column = columns + <usize>number * COLUMN_BYTES;
    if (load<i32>(column) == SKIP) continue;
    last = readFields(column, rows, last, number < present ? number << 2 : 0);
  }
  return last;
}

/** Puts a blank value in place of the first field of all rows up to `end`. */
function setBlanks(end: usize): void {
  const count = <u32>((end - rows) / max(rowBytes, 1));
  for (let number: u32 = 0; number < count; number += 1) setValue(number, blank, 0);
}

/**
 * Reads the fields of a column of the rows up to `end`. `offset`: from the separator after the first
 * field of a row to the one after the column. Returns where the first row begins that is not
 * accepted, else `end`. Each kind has a loop of its own, with copies of the globals it needs, which
 * would be loaded for each row.
 */
function readFields(column: usize, from: usize, end: usize, offset: usize): usize {
  const kind = load<i32>(column);
  const field = load<u32>(column, 4);
  if (kind == INSTANT) return readInstants(field, from, end, offset);
  if (kind > KNOWN_TEXT) {
    return readDecimals(kind == DECIMAL_OR_BLANK, field, from, end, offset);
  }
  return readTexts(kind, load<usize>(column, 8), field, from, end, offset);
}

function readInstants(field: usize, from: usize, end: usize, offset: usize): usize {
  const isQuoted = hasQuotes;
  const bytes = rowBytes;
  let row = from;
  for (let first = firstSeparators; row < end; first += 4, row += bytes) {
    const separator = <usize>load<u32>(first) + offset;
    const start = startAt(separator, isQuoted);
    const stop = endAt(separator, isQuoted);
    if (readInstant(start, stop, row + field)) continue;
    if (!hasBlanks(start, stop)) break;
    if (!readInstant(trimmedStart(start, stop), trimmedEnd(start, stop), row + field)) break;
  }
  return row;
}

function readDecimals(
  mayBeBlank: bool,
  field: usize,
  from: usize,
  end: usize,
  offset: usize,
): usize {
  const isQuoted = hasQuotes;
  const bytes = rowBytes;
  let row = from;
  for (let first = firstSeparators; row < end; first += 4, row += bytes) {
    const separator = <usize>load<u32>(first) + offset;
    let start = startAt(separator, isQuoted);
    let stop = endAt(separator, isQuoted);
    if (hasBlanks(start, stop)) {
      start = trimmedStart(start, stop);
      stop = trimmedEnd(start, stop);
    }
    if (start == stop && mayBeBlank) storeLimbs(row + field, 0, 0, 0);
    else if (!readDecimal(start, stop, row + field)) break;
  }
  return row;
}

function readTexts(
  kind: i32,
  keySpace: usize,
  field: usize,
  from: usize,
  end: usize,
  offset: usize,
): usize {
  const isQuoted = hasQuotes;
  const isDoubled = hasDoubledQuotes;
  const bytes = rowBytes;
  let row = from;
  for (let first = firstSeparators; row < end; first += 4, row += bytes) {
    const separator = <usize>load<u32>(first) + offset;
    let start = startAt(separator, isQuoted);
    let stop = endAt(separator, isQuoted);
    if (hasBlanks(start, stop)) {
      start = trimmedStart(start, stop);
      stop = trimmedEnd(start, stop);
    }
    let length = <u32>(stop - start);
    if (isDoubled && hasQuote(start, stop)) {
      if (length > <u32>LONGEST_VALUE) break;
      length = <u32>unquote(start, stop);
      start = unquoted;
    }
    const hash = hashOf(start, length);
    // Most texts are known, and found where they are looked for first.
    let entry = nearestEntry(keySpace, hash);
    if (entry == 0 || !isText(entry, start, length)) {
      entry =
        kind == KNOWN_TEXT
          ? knownEntry(keySpace, start, length, hash)
          : entryWith(keySpace, start, length, hash);
    }
    if (kind == KEY) {
      // A call for each row would cost a twentieth of all reading.
      const known = meaningOf(entry);
      const meaning = known == UNKNOWN ? keyOf(keySpace, entry) : known;
      if (meaning < 0) break;
      store<i32>(row + field, meaning);
    } else {
      store<usize>(row + field, entry);
    }
  }
  return row;
}

/** The meaning of an entry, which is interpreted when it is first asked for. */
export function keyOf(keySpace: usize, entry: usize): i32 {
  const known = meaningOf(entry);
  if (known != UNKNOWN) return known;
  const meaning = interpret(keySpace, entry);
  setMeaning(entry, meaning);
  return meaning;
}

/** Where the text of the field before a separator begins, without a quote. */
function startAt(separator: usize, isQuoted: bool): usize {
  const start = <usize>load<u32>(separator - 4) + 1;
  return isQuoted && load<u8>(start) == QUOTE ? start + 1 : start;
}

/** Where it ends, without a quote and a carriage return. */
function endAt(separator: usize, isQuoted: bool): usize {
  const end = <usize>load<u32>(separator);
  return isQuoted ? endBeforeQuote(end) : end;
}

function endBeforeQuote(end: usize): usize {
  const last = load<u8>(end - 1);
  if (last == QUOTE) return end - 1;
  if (last != CR) return end;
  return load<u8>(end - 2) == QUOTE ? end - 2 : end - 1;
}

/** Whether there may be blanks around a text. */
function hasBlanks(start: usize, end: usize): bool {
  return min(load<u8>(start), load<u8>(end - 1)) <= BLANK;
}

function trimmedStart(start: usize, end: usize): usize {
  let at = start;
  while (at < end && isBlank(load<u8>(at))) at += 1;
  return at;
}

function trimmedEnd(start: usize, end: usize): usize {
  let at = end;
  while (start < at && isBlank(load<u8>(at - 1))) at -= 1;
  return at;
}

/**
 * Reads up to `count` values in `[from, to)` of the text, each after its length in four bytes, as
 * the field of a wanted column, from a row on. Returns how many, up to one that is not accepted, too
 * long, or does not end before `to`. `isPlain`: as for `scan`.
 */
export function readValues(
  column: u32,
  row: u32,
  count: u32,
  from: usize,
  to: usize,
  isPlain: bool,
): u32 {
  let start = from + 4;
  let found: u32 = 0;
  while (found < count && start <= to) {
    const length = load<u32>(start - 4);
    if (length > min(<u32>(to - start), <u32>LONGEST_VALUE)) break;
    if (!isPlain && !isAscii(start, start + length)) break;
    setValue(found, start, length);
    start += length + 4;
    found += 1;
  }
  endIndex();
  const first = rows + row * rowBytes;
  const end = first + found * rowBytes;
  const last = readFields(columns + column * COLUMN_BYTES, first, end, 0);
  return <u32>((last - first) / rowBytes);
}

/** Puts a value between two separators of its own. */
function setValue(number: u32, start: usize, length: u32): void {
  const separator = valueSeparators + ((<usize>number) << 3) + 4;
  store<usize>(separator - 4, start - 1);
  store<usize>(separator, start + length);
  store<usize>(firstSeparators + ((<usize>number) << 2), separator);
}

/** Where the ints of a wanted column are in a row. */
export function fieldOf(column: u32, row: u32): usize {
  return rows + row * rowBytes + load<u32>(columns + column * COLUMN_BYTES, 4);
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

function hasQuote(start: usize, end: usize): bool {
  for (let at = start; at < end; at += 1) if (load<u8>(at) == QUOTE) return true;
  return false;
}

function lineFeeds(start: usize, end: usize): i32 {
  let count = 0;
  for (let at = start; at < end; at += 1) count += load<u8>(at) == LF ? 1 : 0;
  return count;
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
