const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

const FIRST_YEAR = 2000;
const MONTHS = 200 * 12;
const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;

const DATE_BYTES = 10;
const DATE_TIME_BYTES = 19;
/** What `2026-01-15T09:30:00Z` takes. */
export const USUAL_INSTANT_BYTES = 20;
const MOST_FRACTION_DIGITS = 9;

/*
 * Four characters are checked at once, as one int, the first in its lowest byte. XOR with
 * the text below, in which '0' stands for any digit, leaves in each byte the digit, or 0
 * for a character that must stand there. Adding 0x7f less the greatest value that is
 * allowed then sets the high bit of every byte that is above it.
 */
const HIGH_BITS = 0x80808080 | 0;
/** `00T0`: the day, the separator, the first digit of the hour. */
const DAY_TEXT = 0x30543030;
const DAY_LIMIT = 0x7d7f767c;
/** `0:00`: the last digit of the hour, the minute. */
const MINUTE_TEXT = 0x30303a30;
const MINUTE_LIMIT = 0x767a7f76;
/** `:00Z`: the second, the zone. */
const SECOND_TEXT = 0x5a30303a;
const SECOND_LIMIT = 0x7f767a7f;
const SEPARATOR_BYTE = 0x00ff0000;
const ZONE_BYTE = 0xff000000 | 0;

/** Per month from 2000-01: the day before its first, since 1970, and how many days it has. */
const DAY_BEFORE = new Int32Array(MONTHS);
const MONTH_DAYS = new Uint8Array(MONTHS);
for (let month = 0; month < MONTHS; month += 1) {
  const firstDay = Date.UTC(FIRST_YEAR, month, 1) / MS_PER_DAY;
  DAY_BEFORE[month] = firstDay - 1;
  MONTH_DAYS[month] = Date.UTC(FIRST_YEAR, month + 1, 1) / MS_PER_DAY - firstDay;
}

/** Reads instants from bytes: the same ones as `instantFromText`, though not in all spellings. */
export class InstantReader {
  /** The instant read: the UTC day since 1970, the second of it, and the nanoseconds on top. */
  day = 0;
  second = 0;
  nanos = 0;
  /** The eight characters `2026-01-` that were met last, and their month: most rows are of one month. */
  #yearText = 0;
  #monthText = 0;
  #dayBefore = 0;
  #monthDays = 0;

  /** Takes `2026-01-15T09:30:00Z`, in the month of the last instant; false for anything else. */
  readUsual(view: DataView, start: number): boolean {
    const isKnownMonth =
      view.getInt32(start, true) === this.#yearText &&
      view.getInt32(start + 4, true) === this.#monthText;
    const day = view.getInt32(start + 8, true) ^ DAY_TEXT;
    const minute = view.getInt32(start + 12, true) ^ MINUTE_TEXT;
    const second = view.getInt32(start + 16, true) ^ SECOND_TEXT;
    return isKnownMonth && isTime(day, minute, second) && this.#set(day, minute, second);
  }

  /**
   * Takes the spellings with seconds and the bare date; false for anything else, which may
   * be an instant all the same.
   */
  read(view: DataView, start: number, end: number): boolean {
    const length = end - start;
    if (length < DATE_BYTES || !this.#meetMonth(view, start)) return false;
    this.nanos = 0;
    let day = view.getInt32(start + 8, true) ^ DAY_TEXT;
    if (length === DATE_BYTES) {
      day &= 0xffff;
      return isTime(day, 0, 0) && this.#set(day, 0, 0);
    }
    if (length < DATE_TIME_BYTES || !isSeparator(view.getUint8(start + DATE_BYTES))) return false;
    day &= ~SEPARATOR_BYTE;
    const minute = view.getInt32(start + 12, true) ^ MINUTE_TEXT;
    const second = (view.getInt32(start + 16, true) ^ SECOND_TEXT) & ~ZONE_BYTE;
    if (!isTime(day, minute, second) || !this.#set(day, minute, second)) return false;
    const zone = this.#readFraction(view, start + DATE_TIME_BYTES, end);
    return zone >= 0 && this.#readZone(view, zone, end);
  }

  #set(day: number, minute: number, second: number): boolean {
    const dayOfMonth = (day & 15) * 10 + ((day >> 8) & 15);
    const hour = (day >> 24) * 10 + (minute & 15);
    const minutes = hour * 60 + ((minute >> 16) & 15) * 10 + (minute >> 24);
    this.day = this.#dayBefore + dayOfMonth;
    this.second = minutes * 60 + ((second >> 8) & 15) * 10 + ((second >> 16) & 15);
    this.nanos = 0;
    return dayOfMonth > 0 && dayOfMonth <= this.#monthDays && hour < 24;
  }

  /** Where the zone begins, behind a fraction of a second where there is one; -1 for a bad one. */
  #readFraction(view: DataView, start: number, end: number): number {
    if (start >= end || view.getUint8(start) !== POINT) return start;
    let position = start + 1;
    let nanos = 0;
    while (position < end && isDigit(view.getUint8(position))) {
      nanos = nanos * 10 + view.getUint8(position) - ZERO;
      position += 1;
    }
    const digits = position - start - 1;
    if (digits === 0 || digits > MOST_FRACTION_DIGITS) return -1;
    this.nanos = nanos * 10 ** (MOST_FRACTION_DIGITS - digits);
    return position;
  }

  /** No zone, `Z`, `+05`, `+0530` or `+05:30`. */
  #readZone(view: DataView, start: number, end: number): boolean {
    const length = end - start;
    if (length === 0) return true;
    const sign = view.getUint8(start);
    if (sign === 0x5a || sign === 0x7a) return length === 1;
    if ((sign !== PLUS && sign !== MINUS) || length < 3) return false;
    const hours = pair(view, start + 1);
    const minutesAt = length === 6 && view.getUint8(start + 3) === COLON ? start + 4 : start + 3;
    const minutes = length === 3 ? 0 : end - minutesAt === 2 ? pair(view, minutesAt) : -1;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    const offset = (hours * 60 + minutes) * 60;
    const second = this.second + (sign === MINUS ? offset : -offset);
    const days = Math.floor(second / SECONDS_PER_DAY);
    this.day += days;
    this.second = second - days * SECONDS_PER_DAY;
    return true;
  }

  #meetMonth(view: DataView, start: number): boolean {
    const century = pair(view, start);
    const year = pair(view, start + 2);
    const month = pair(view, start + 5);
    if ((century !== 20 && century !== 21) || year < 0 || month < 1 || month > 12) return false;
    if (view.getUint8(start + 4) !== MINUS || view.getUint8(start + 7) !== MINUS) return false;
    const index = (century * 100 + year - FIRST_YEAR) * 12 + month - 1;
    this.#dayBefore = DAY_BEFORE[index] as number;
    this.#monthDays = MONTH_DAYS[index] as number;
    this.#yearText = view.getInt32(start, true);
    this.#monthText = view.getInt32(start + 4, true);
    return true;
  }
}

/** Whether each byte is at most what its limit allows. */
function isTime(day: number, minute: number, second: number): boolean {
  const values = day | minute | second;
  const limits = (day + DAY_LIMIT) | (minute + MINUTE_LIMIT) | (second + SECOND_LIMIT);
  return ((values | limits) & HIGH_BITS) === 0;
}

function isSeparator(byte: number): boolean {
  return byte === 0x54 || byte === 0x74 || byte === 0x20;
}

function isDigit(byte: number): boolean {
  return (byte - ZERO) >>> 0 <= 9;
}

/** The number that two digits write, or -1. */
function pair(view: DataView, start: number): number {
  const tens = view.getUint8(start);
  const ones = view.getUint8(start + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : -1;
}
