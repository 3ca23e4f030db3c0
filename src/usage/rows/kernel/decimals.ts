/*
 * Numbers in every spelling of the domain's `decimalFromText` that are not negative and fit
 * into nine digits before the decimal mark and eighteen after it (M1).
 */
import {
  billionthsAt,
  billionthsPer,
  MOST_DIGITS,
  numberAt,
  numbersOf,
  WORD_DIGITS,
} from './digits';
import { VECTOR_BYTES } from './memory';

const LIMB_DIGITS: i32 = MOST_DIGITS;
const MOST_ANY: i32 = 40;
const MOST_EXPONENT: i32 = 40;
const POINT: u8 = 0x2e;

/** The decimal mark; 0 for numbers without one. */
let mark: u8 = POINT;

/** The digits of a number on the slow path. */
const digits: usize = memory.data(40);

export function setDecimalMark(byte: i32): void {
  mark = <u8>byte;
}

/**
 * Reads a whole text; false if it is not such a number. Stores three ints, each below 10^9: the
 * whole, its billionths, and billionths of these.
 */
export function readDecimal(start: usize, end: usize, into: usize): bool {
  const length = <i32>(end - start);
  const marks = i8x16.bitmask(i8x16.eq(v128.load(start), i8x16.splat(mark)));
  const point = min(<i32>ctz(marks | (1 << VECTOR_BYTES)), length);
  const places = max(length - point - 1, 0);
  if (<u32>(point - 1) >= <u32>WORD_DIGITS) return readLong(start, end, point, into);
  if (places > WORD_DIGITS) return readLong(start, end, point, into);
  const numbers = numbersOf(load<u64>(start), point, load<u64>(start + point, 1), places);
  if (numbers < 0) return readLong(start, end, point, into);
  storeLimbs(into, <i32>numbers, <i32>(numbers >> 32) * billionthsPer(places), 0);
  return true;
}

/** Reads a number of more digits. */
function readLong(start: usize, end: usize, point: i32, into: usize): bool {
  const places = max(<i32>(end - start) - point - 1, 0);
  const isUsual = point <= LIMB_DIGITS && places <= 2 * LIMB_DIGITS && point + places > 0;
  if (!isUsual) return readAny(start, end, into);
  const limbPlaces = min(places, LIMB_DIGITS);
  const whole = numberAt(start, point);
  const billionths = billionthsAt(start + point + 1, limbPlaces);
  const rest = billionthsAt(start + point + 1 + limbPlaces, places - limbPlaces);
  if ((whole | billionths | rest) < 0) return readAny(start, end, into);
  storeLimbs(into, whole, billionths, rest);
  return true;
}

export function storeLimbs(into: usize, whole: i32, billionths: i32, rest: i32): void {
  store<i32>(into, whole);
  store<i32>(into, billionths, 4);
  store<i32>(into, rest, 8);
}

/** Reads a number with an exponent, or with more digits than fit, where zeros need no room. */
function readAny(start: usize, end: usize, into: usize): bool {
  let at = start;
  let count = 0;
  let places = 0;
  let isPastMark = false;
  for (; at < end; at += 1) {
    const byte = load<u8>(at);
    if (isDigit(byte)) {
      if (count == MOST_ANY) return false;
      store<u8>(digits + count, byte - 0x30);
      count += 1;
      if (isPastMark) places += 1;
    } else if (byte == mark && !isPastMark) isPastMark = true;
    else break;
  }
  if (count == 0) return false;
  if (at < end) {
    const exponent = exponentAt(at, end);
    if (exponent > MOST_EXPONENT) return false;
    places -= exponent;
  }
  const point = count - places;
  storeLimbs(
    into,
    limbFrom(point - LIMB_DIGITS, count),
    limbFrom(point, count),
    limbFrom(point + LIMB_DIGITS, count),
  );
  return (
    hasOnlyZeros(0, min(point - LIMB_DIGITS, count)) && hasOnlyZeros(point + 2 * LIMB_DIGITS, count)
  );
}

/** The exponent after `e`: an optional sign and digits; above MOST_EXPONENT if it is invalid. */
function exponentAt(start: usize, end: usize): i32 {
  if ((load<u8>(start) | 0x20) != 0x65) return MOST_EXPONENT + 1;
  const sign = load<u8>(start + 1);
  const first = start + 1 + (sign == 0x2b || sign == 0x2d ? 1 : 0);
  if (first >= end) return MOST_EXPONENT + 1;
  let value = 0;
  for (let at = first; at < end; at += 1) {
    if (!isDigit(load<u8>(at))) return MOST_EXPONENT + 1;
    value = min(value * 10 + load<u8>(at) - 0x30, MOST_EXPONENT + 1);
  }
  if (value > MOST_EXPONENT) return MOST_EXPONENT + 1;
  return sign == 0x2d ? -value : value;
}

/** Nine digits from an index on, padded with zeros before the first and after the last of `count`. */
function limbFrom(first: i32, count: i32): i32 {
  let value = 0;
  for (let index = first; index < first + LIMB_DIGITS; index += 1) {
    value = value * 10 + (index >= 0 && index < count ? <i32>load<u8>(digits + index) : 0);
  }
  return value;
}

function hasOnlyZeros(first: i32, end: i32): bool {
  for (let index = max(first, 0); index < end; index += 1) {
    if (load<u8>(digits + index) != 0) return false;
  }
  return true;
}

function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) <= 9;
}
