/** Instants and months of the naive reference, as nanoseconds since 1970 in UTC. */

export type Nanoseconds = bigint;

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** A calendar month in UTC; `end` is no longer inside. */
export interface Month {
  readonly name: string;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
  readonly days: number;
}

function isLeap(year: number): boolean {
  return year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01, counted one year and one month after the other. */
function daysBefore(year: number, month: number): number {
  let days = 0;
  for (let y = 1970; y < year; y += 1) days += isLeap(y) ? 366 : 365;
  for (let m = 1; m < month; m += 1) days += daysInMonth(year, m);
  return days;
}

function midnightOf(year: number, month: number, day: number): Nanoseconds {
  return BigInt(daysBefore(year, month) + day - 1) * DAY;
}

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;

export function parseInstant(text: string): Nanoseconds {
  const parts = INSTANT.exec(text.trim());
  if (parts === null) throw new Error(`not an instant: ${text}`);
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] =
    parts;
  const offset = BigInt(offsetHour ?? 0) * HOUR + BigInt(offsetMinute ?? 0) * MINUTE;
  return (
    midnightOf(Number(year), Number(month), Number(day)) +
    BigInt(hour ?? 0) * HOUR +
    BigInt(minute ?? 0) * MINUTE +
    BigInt(second ?? 0) * SECOND +
    BigInt((fraction ?? '0').padEnd(9, '0')) -
    (sign === '-' ? -offset : offset)
  );
}

export function monthNamed(name: string): Month {
  const [year = 0, month = 0] = name.split('-').map(Number);
  const start = midnightOf(year, month, 1);
  const days = daysInMonth(year, month);
  return { name, start, end: start + BigInt(days) * DAY, days };
}

export function monthAfter(month: Month): Month {
  const [year = 0, number = 0] = month.name.split('-').map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return monthNamed(`${next[0]}-${String(next[1]).padStart(2, '0')}`);
}

/** `2026-01` or `2026-01..2026-03`, as months. */
export function monthsNamed(range: string): Month[] {
  const [first = '', last = first] = range.split('..');
  const months: Month[] = [];
  for (let month = monthNamed(first); month.name <= last; month = monthAfter(month)) {
    months.push(month);
  }
  return months;
}

export function isIn(instant: Nanoseconds, month: Month): boolean {
  return month.start <= instant && instant < month.end;
}

/** The day of the month, from 1, in UTC. */
export function dayOf(instant: Nanoseconds, month: Month): number {
  return Number((instant - month.start) / DAY) + 1;
}

export function dateText(month: Month, day: number): string {
  return `${month.name}-${String(day).padStart(2, '0')}`;
}
