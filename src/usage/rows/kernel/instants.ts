/*
 * Instants in every spelling of the domain's `instantFromText`: `2026-01-15`, or that with a
 * time of day, a fraction of a second and an offset.
 */

import { billionthsAt, MOST_DIGITS } from './digits';

const DATE_LENGTH: usize = 10;
const MINUTE_LENGTH: usize = 16;
const SECOND_LENGTH: usize = 19;
const SECONDS_PER_DAY: i32 = 86_400;
/** The value of two characters that are not two digits. */
const NO_PAIR: i32 = 100;

/** `00:00:00`, and `:00` after a minute. */
const MIDNIGHT: u64 = 0x30303a30303a3030;
const WHOLE_MINUTE: u64 = 0x30303a0000000000;
const MINUTE_MASK: u64 = 0x000000ffffffffff;
/** Added to a digit above 9, or to a colon that is none, this sets the high bit. */
const ABOVE_CLOCK: u64 = 0x76767f76767f7676;
const HIGH_BITS: u64 = 0x8080808080808080;
/** The bytes of hour, minute and second; what sets a high bit if one is above 23 or 59; what multiplies hours by 60. */
const CLOCK_NUMBERS: u64 = 0x00ff0000ff0000ff;
const ABOVE_TIME: u64 = 0x0044000044000068;
const MINUTES_PER_CLOCK: u64 = 0x000000003c000001;
/** The second of a clock, and the seconds of an offset, that are none. */
const NO_CLOCK: i32 = -1;
const NO_OFFSET: i32 = SECONDS_PER_DAY;

/** The latest eight characters `2026-01-`, the day before that month, and its number of days: most rows are of one month. */
let monthText: u64 = 0;
let dayBefore: i32 = 0;
let monthDays: i32 = 0;

/**
 * Reads a whole text; false if it is not an instant. Stores three ints: the UTC day since 1970,
 * its second, and the nanoseconds.
 */
export function readInstant(start: usize, end: usize, into: usize): bool {
  const length = end - start;
  if (length < DATE_LENGTH) return false;
  if (load<u64>(start) != monthText && !readMonth(start)) return false;
  const dayOfMonth = pair(start + 8);
  if (<u32>(dayOfMonth - 1) >= <u32>monthDays) return false;
  let day = dayBefore + dayOfMonth;
  let second = 0;
  let nanos = 0;
  if (length != DATE_LENGTH) {
    if (length < MINUTE_LENGTH) return false;
    const between = load<u8>(start, DATE_LENGTH) | 0x20;
    if (between != 0x74 && load<u8>(start, DATE_LENGTH) != 0x20) return false;
    let clock = load<u64>(start, DATE_LENGTH + 1);
    let at = start + SECOND_LENGTH;
    if (length == MINUTE_LENGTH || load<u8>(start, MINUTE_LENGTH) != 0x3a) {
      clock = (clock & MINUTE_MASK) | WHOLE_MINUTE;
      at = start + MINUTE_LENGTH;
    } else if (length > SECOND_LENGTH && load<u8>(start, SECOND_LENGTH) == 0x2e) {
      const places = min(digitCount(at + 1), <i32>(end - at) - 1);
      if (<u32>(places - 1) >= <u32>MOST_DIGITS) return false;
      nanos = billionthsAt(at + 1, places);
      at += places + 1;
    }
    second = secondOf(clock);
    if (second == NO_CLOCK) return false;
    if (end - at != 1 || (load<u8>(at) | 0x20) != 0x7a) {
      const offset = offsetOf(at, end);
      if (offset == NO_OFFSET) return false;
      second -= offset;
      if (second < 0) {
        second += SECONDS_PER_DAY;
        day -= 1;
      } else if (second >= SECONDS_PER_DAY) {
        second -= SECONDS_PER_DAY;
        day += 1;
      }
    }
  }
  store<i32>(into, day);
  store<i32>(into, second, 4);
  store<i32>(into, nanos, 8);
  return true;
}

/** The second of the day of eight characters `09:30:15`; NO_CLOCK if they are none. */
function secondOf(clock: u64): i32 {
  const digits = clock ^ MIDNIGHT;
  if ((((digits + ABOVE_CLOCK) | digits) & HIGH_BITS) != 0) return NO_CLOCK;
  // Two digits each as the number of their first byte.
  const numbers = (digits * 10 + (digits >> 8)) & CLOCK_NUMBERS;
  if (((numbers + ABOVE_TIME) & HIGH_BITS) != 0) return NO_CLOCK;
  const minutes = <i32>((numbers * MINUTES_PER_CLOCK) >> 24) & 0xffff;
  return minutes * 60 + <i32>(numbers >> 48);
}

/** How many digits there are, at most 16. */
function digitCount(start: usize): i32 {
  const digits = i8x16.sub(v128.load(start), i8x16.splat(0x30));
  return <i32>ctz(~i8x16.bitmask(i8x16.lt_u(digits, i8x16.splat(10))));
}

/** The seconds of an offset `+05`, `+0530` or `+05:30`, 0 for none; NO_OFFSET if it is invalid. */
function offsetOf(start: usize, end: usize): i32 {
  if (start == end) return 0;
  const sign = load<u8>(start);
  if (sign != 0x2b && sign != 0x2d) return NO_OFFSET;
  const length = end - start;
  const minuteAt = length == 6 && load<u8>(start + 3) == 0x3a ? start + 4 : start + 3;
  if (length != 3 && end - minuteAt != 2) return NO_OFFSET;
  const hours = pair(start + 1);
  const minutes = length == 3 ? 0 : pair(minuteAt);
  if (hours > 23 || minutes > 59) return NO_OFFSET;
  const seconds = (hours * 60 + minutes) * 60;
  return sign == 0x2d ? -seconds : seconds;
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
  const digits = <u32>load<u16>(start) ^ 0x3030;
  if ((((digits + 0x7676) | digits) & 0x8080) != 0) return NO_PAIR;
  return <i32>((digits & 0xff) * 10 + (digits >> 8));
}
