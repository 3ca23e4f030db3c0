/*
 * Numbers as files of columns store them, one after another: each is put where the field of a row
 * is, as it would be read from its text (M1).
 */
import {
  STORED_BIG_ENDIAN_DECIMAL,
  STORED_DAY,
  STORED_DECIMAL,
  STORED_INSTANT,
  STORED_JULIAN_INSTANT,
} from './layout';
import { fieldOf, rowBytes } from './rows';

const BILLION: i64 = 1_000_000_000;
const BILLIONTH_PLACES: u32 = 9;
/** A decimal number with more digits may not be the shortest text of a float. */
const MOST_DOUBLE_DIGITS: f64 = 1e15;
const SECONDS_PER_DAY: i64 = 86_400;
const EPOCH_AS_JULIAN_DAY: i64 = 2_440_588;
/** The days `[2000-01-01, 2200-01-01)`, since 1970. */
const FIRST_DAY: i64 = 10_957;
const END_DAY: i64 = 84_006;

/** The ints of the number read last. */
let first: i32 = 0;
let second: i32 = 0;
let third: i32 = 0;

/**
 * Puts `count` numbers of `size` bytes each into the field of a wanted column, from a row on;
 * returns how many, up to one whose text has to be read. `places`: of a decimal number, at most
 * 18, or of the seconds of an instant, at most 9.
 */
export function putNumbers(
  column: u32,
  row: u32,
  count: u32,
  from: usize,
  form: i32,
  size: u32,
  places: u32,
): u32 {
  let at = from;
  let values = fieldOf(column, row);
  for (let put: u32 = 0; put < count; put += 1, at += size, values += rowBytes) {
    if (!readNumber(form, at, size, places)) return put;
    store<i32>(values, first);
    store<i32>(values, second, 4);
    store<i32>(values, third, 8);
  }
  return count;
}

function readNumber(form: i32, at: usize, size: u32, places: u32): bool {
  if (form == STORED_INSTANT) return readInstant(wholeAt(at, size), places);
  if (form == STORED_DECIMAL) return readDecimal(wholeAt(at, size), places);
  if (form == STORED_BIG_ENDIAN_DECIMAL) {
    return isShort(at, size) && readDecimal(bigEndianAt(at, size), places);
  }
  if (form == STORED_DAY) return readDay(wholeAt(at, size));
  if (form == STORED_JULIAN_INSTANT) return readJulianInstant(load<i64>(at), load<i32>(at, 8));
  return readDouble(load<f64>(at));
}

function wholeAt(at: usize, size: u32): i64 {
  return size == 4 ? <i64>load<i32>(at) : load<i64>(at);
}

/** Whether a big-endian number has at most eight bytes that are not 0. */
function isShort(at: usize, size: u32): bool {
  for (let index: u32 = 0; index + 8 < size; index += 1) {
    if (load<u8>(at + index) != 0) return false;
  }
  return true;
}

/** The last eight bytes, or all; more than eight bytes are of a positive number. */
function bigEndianAt(at: usize, size: u32): i64 {
  const start = size > 8 ? size - 8 : 0;
  let value: i64 = size <= 8 && load<i8>(at) < 0 ? -1 : 0;
  for (let index = start; index < size; index += 1) value = (value << 8) | load<u8>(at + index);
  return value;
}

function readDay(day: i64): bool {
  if (day < FIRST_DAY || day >= END_DAY) return false;
  first = <i32>day;
  second = 0;
  third = 0;
  return true;
}

/** An instant as a count of units since 1970. */
function readInstant(units: i64, places: u32): bool {
  const perSecond = powerOfTen(places);
  const perDay = perSecond * SECONDS_PER_DAY;
  if (units < 0 || !readDay(units / perDay)) return false;
  const ofDay = units % perDay;
  second = <i32>(ofDay / perSecond);
  third = <i32>((ofDay % perSecond) * powerOfTen(BILLIONTH_PLACES - places));
  return true;
}

/** An instant as nanoseconds of a Julian day. */
function readJulianInstant(nanos: i64, julianDay: i32): bool {
  if (nanos < 0 || nanos >= SECONDS_PER_DAY * BILLION) return false;
  if (!readDay(<i64>julianDay - EPOCH_AS_JULIAN_DAY)) return false;
  second = <i32>(nanos / BILLION);
  third = <i32>(nanos % BILLION);
  return true;
}

function readDecimal(units: i64, places: u32): bool {
  const perWhole = powerOfTen(places);
  const whole = units / perWhole;
  if (units < 0 || whole >= BILLION) return false;
  const fraction = (units - whole * perWhole) * powerOfTen(2 * BILLIONTH_PLACES - places);
  first = <i32>whole;
  second = <i32>(fraction / BILLION);
  third = <i32>(fraction % BILLION);
  return true;
}

/**
 * A float that is the nearest one to a number with at most nine decimal places and fifteen digits:
 * no other number with so few digits reads as the same float.
 */
function readDouble(value: f64): bool {
  const units = nearest(value * <f64>BILLION);
  if (!(units >= 0 && units < MOST_DOUBLE_DIGITS && units / <f64>BILLION == value)) return false;
  return readDecimal(<i64>units, BILLIONTH_PLACES);
}

const powers = memory.data<i64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
]);

function powerOfTen(exponent: u32): i64 {
  return load<i64>(powers + ((<usize>exponent) << 3));
}
