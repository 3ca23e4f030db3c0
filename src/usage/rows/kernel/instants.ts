/*
 * Instants in every spelling of the domain's `instantFromText`: `2026-01-15`, or that with a
 * time of day, a fraction of a second and an offset.
 */

import { billionthsAt, MOST_DIGITS } from './digits';

const DATE_LENGTH: usize = 10;
const MINUTE_LENGTH: usize = 16;
const SECONDS_PER_DAY: i32 = 86_400;
/** The value of two characters that are not two digits. */
const NO_PAIR: i32 = 100;

/** The instant read last: the UTC day since 1970, its second, and the nanoseconds. */
export let day: i32 = 0;
export let second: i32 = 0;
export let nanos: i32 = 0;

/** The latest eight characters `2026-01-`, the day before that month, and its number of days: most rows are of one month. */
let monthText: u64 = 0;
let dayBefore: i32 = 0;
let monthDays: i32 = 0;

/**
 * The latest sixteen characters `2026-01-15T09:30`, their day, and their second of it: rows of a
 * log usually share them.
 */
let dateText: u64 = 0;
let minuteText: u64 = 0;
let minuteDay: i32 = 0;
let minuteSecond: i32 = 0;

/** Reads a whole text; false if it is not an instant. */
export function readInstant(start: usize, end: usize): bool {
  const length = end - start;
  if (length < DATE_LENGTH) return false;
  if (
    length >= MINUTE_LENGTH &&
    load<u64>(start) == dateText &&
    load<u64>(start, 8) == minuteText
  ) {
    day = minuteDay;
    second = minuteSecond;
    nanos = 0;
    return readRest(start + MINUTE_LENGTH, end);
  }
  if (load<u64>(start) != monthText && !readMonth(start)) return false;
  const dayOfMonth = pair(start + 8);
  if (dayOfMonth < 1 || dayOfMonth > monthDays) return false;
  day = dayBefore + dayOfMonth;
  second = 0;
  nanos = 0;
  if (length == DATE_LENGTH) return true;
  const between = load<u8>(start + DATE_LENGTH);
  if (length < MINUTE_LENGTH || (between != 0x20 && (between | 0x20) != 0x74)) return false;
  const hour = pair(start + 11);
  const minute = pair(start + 14);
  if (hour > 23 || minute > 59 || load<u8>(start + 13) != 0x3a) return false;
  second = (hour * 60 + minute) * 60;
  dateText = load<u64>(start);
  minuteText = load<u64>(start, 8);
  minuteDay = day;
  minuteSecond = second;
  return readRest(start + MINUTE_LENGTH, end);
}

/** Reads what comes after the minute. */
function readRest(start: usize, end: usize): bool {
  const zone = readSecond(start, end);
  return zone != 0 && readZone(zone, end);
}

/** Reads a second with its optional fraction; returns where the zone begins, 0 for an invalid one. */
function readSecond(start: usize, end: usize): usize {
  if (start == end || load<u8>(start) != 0x3a) return start;
  const seconds = pair(start + 1);
  let at = start + 3;
  if (at > end || seconds > 59) return 0;
  second += seconds;
  if (at == end || load<u8>(at) != 0x2e) return at;
  at += 1;
  const bytes = i8x16.sub(v128.load(at), i8x16.splat(0x30));
  const others = ~i8x16.bitmask(i8x16.lt_u(bytes, i8x16.splat(10)));
  const count = min(<i32>ctz(others), <i32>(end - at));
  if (count == 0 || count > MOST_DIGITS) return 0;
  nanos = billionthsAt(at, count);
  return at + count;
}

/** Reads a zone: nothing, `Z`, `+05`, `+0530` or `+05:30`. */
function readZone(start: usize, end: usize): bool {
  if (start == end) return true;
  const sign = load<u8>(start);
  const length = end - start;
  if ((sign | 0x20) == 0x7a) return length == 1;
  if (sign != 0x2b && sign != 0x2d) return false;
  const minuteAt = length == 6 && load<u8>(start + 3) == 0x3a ? start + 4 : start + 3;
  if (length != 3 && end - minuteAt != 2) return false;
  const hours = pair(start + 1);
  const minutes = length == 3 ? 0 : pair(minuteAt);
  if (hours > 23 || minutes > 59) return false;
  const offset = (hours * 60 + minutes) * 60;
  second += sign == 0x2d ? offset : -offset;
  if (second < 0) {
    second += SECONDS_PER_DAY;
    day -= 1;
  } else if (second >= SECONDS_PER_DAY) {
    second -= SECONDS_PER_DAY;
    day += 1;
  }
  return true;
}

function readMonth(start: usize): bool {
  const century = pair(start);
  const yearOfCentury = pair(start + 2);
  const month = pair(start + 5);
  if ((century != 20 && century != 21) || yearOfCentury > 99 || month < 1 || month > 12) {
    return false;
  }
  if (load<u8>(start + 4) != 0x2d || load<u8>(start + 7) != 0x2d) return false;
  const year = century * 100 + yearOfCentury;
  dayBefore = dayOfMonthStart(year, month) - 1;
  monthDays = dayOfMonthStart(year + (month == 12 ? 1 : 0), (month % 12) + 1) - dayBefore - 1;
  monthText = load<u64>(start);
  return true;
}

/** The first of a month as a day since 1970, by the civil calendar. */
function dayOfMonthStart(year: i32, month: i32): i32 {
  // Years that begin in March have their leap day last.
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = years / 4 - years / 100 + years / 400;
  return years * 365 + leapDays + (153 * months + 2) / 5 - 719_468;
}

/** Two digits as a number; NO_PAIR if they are not digits. */
function pair(start: usize): i32 {
  const both = load<u16>(start) ^ 0x3030;
  const tens = both & 0xff;
  const ones = both >> 8;
  return tens > 9 || ones > 9 ? NO_PAIR : tens * 10 + ones;
}
