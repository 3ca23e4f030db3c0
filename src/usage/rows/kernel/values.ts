/*
 * Values as files of columns store them, one after another: each is put where the field of a row
 * is, by the rules for its text (M1).
 */
import { VECTOR_BYTES } from './memory';
import {
  columns,
  isPlainText,
  KNOWN_TEXT,
  keepNoQuote,
  readField,
  readText,
  rowBytes,
  rows,
} from './rows';

/** How numbers are stored; see `NumberForm` of `parquet-fields.ts`. */
const DAY: u32 = 0;
const INSTANT: u32 = 1;
const JULIAN_INSTANT: u32 = 2;
const DECIMAL: u32 = 3;
const BIG_ENDIAN_DECIMAL: u32 = 4;

const BILLION: i64 = 1_000_000_000;
/** A decimal number with more digits may not be the shortest text of a float. */
const MOST_DOUBLE_DIGITS: f64 = 1e15;
const MOST_PLACES: u32 = 18;
const SECONDS_PER_DAY: i64 = 86_400;
const EPOCH_AS_JULIAN_DAY: i32 = 2_440_588;
/** The days `[2000-01-01, 2200-01-01)`, since 1970. */
const FIRST_DAY: i64 = 10_957;
const END_DAY: i64 = 84_006;

/** The ints of the number read last. */
let first: i32 = 0;
let second: i32 = 0;
let third: i32 = 0;

/**
 * Puts texts, each after its length in four bytes, from `from` on into a wanted column of `count`
 * rows; returns how many, up to one that is not accepted, is not ASCII, or does not end before `to`.
 */
export function putTexts(column: u32, row: u32, count: u32, from: usize, to: usize): u32 {
  const at = columnAt(column);
  const kind = load<u32>(at);
  const firstRow = rowAt(row);
  let start = from;
  let read: u32 = 0;
  for (; read < count && start + 4 <= to; read += 1) {
    const textStart = start + 4;
    const length = <usize>load<u32>(start);
    if (length > to - textStart || !isPlainText(textStart, length)) break;
    keepNoQuote();
    if (!readField(kind, at, textStart, textStart + length, firstRow + read * rowBytes)) break;
    start = textStart + length;
  }
  if (kind > KNOWN_TEXT) return read;
  const space = load<usize>(at, 8);
  let values = firstRow + load<u32>(at, 4);
  for (let taken: u32 = 0; taken < read; taken += 1, values += rowBytes) {
    if (!readText(kind, space, values)) return taken;
  }
  return read;
}

/**
 * Puts numbers of `size` bytes each into a wanted column of `count` rows; returns how many, up to
 * one that does not fit. `places`: of a decimal number, or of an instant's seconds.
 */
export function putNumbers(
  column: u32,
  row: u32,
  count: u32,
  from: usize,
  form: u32,
  size: u32,
  places: u32,
): u32 {
  let at = from;
  let values = rowAt(row) + load<u32>(columnAt(column), 4);
  for (let put: u32 = 0; put < count; put += 1, at += size, values += rowBytes) {
    if (!readNumber(form, at, size, places)) return put;
    store<i32>(values, first);
    store<i32>(values, second, 4);
    store<i32>(values, third, 8);
  }
  return count;
}

function columnAt(column: u32): usize {
  return columns + <usize>column * 12;
}

function rowAt(row: u32): usize {
  return rows + <usize>row * rowBytes;
}

function readNumber(form: u32, at: usize, size: u32, places: u32): bool {
  if (form == DAY) return readDay(wholeAt(at, size));
  if (form == INSTANT) return readInstant(wholeAt(at, size), places);
  if (form == JULIAN_INSTANT) return readJulianInstant(load<i64>(at), load<i32>(at, 8));
  if (form == DECIMAL) return readDecimal(wholeAt(at, size), places);
  if (form == BIG_ENDIAN_DECIMAL)
    return isShort(at, size) && readDecimal(bigEndian(at, size), places);
  return readDouble(load<f64>(at));
}
