/** Nanoseconds since 1970-01-01T00:00:00Z. Instants are never rounded. */
export type Instant = bigint & { readonly unit?: 'ns' };

const NANOS_PER_MILLI = 1_000_000n;
export const NANOS_PER_SECOND = 1_000_000_000n;
export const NANOS_PER_DAY = 86_400n * NANOS_PER_SECOND;

/** The years in which instants and months are written. */
export const YEARS = { first: 2000, last: 2199 };
/** Those in which they can lie in UTC, as an offset moves some into the month before or after. */
export const YEARS_IN_UTC = { first: YEARS.first - 1, last: YEARS.last + 1 };

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/**
 * Reads `2026-01-15T09:30:00Z`, with `T`, `t` or a space; seconds optional, up to nine
 * digits of fraction; `Z`, `+05:30`, `+0530`, `+05` or no zone (UTC); or a bare date
 * (midnight UTC). Years 2000 to 2199 as written, if no others are given. A day, hour or second
 * that does not exist gives `undefined`, never the next one.
 */
export function instantFromText(text: string, years = YEARS): Instant | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  if (year < years.first || year > years.last || !isCivilDate(year, month, day)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 3600 + offsetMinutes * 60);
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offset;
  const nanos = BigInt((match[7] ?? '').padEnd(9, '0'));
  return BigInt(seconds) * NANOS_PER_SECOND + nanos;
}

/** The midnight of a bare date, `2026-01-15`; `undefined` for any other text. */
export function dateFromText(text: string): Instant | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? instantFromText(text) : undefined;
}

/** The instant of a valid text; throws for any other, which is a bug. */
export function instant(text: string): Instant {
  const value = instantFromText(text);
  if (value === undefined) throw new Error(`not an instant: ${text}`);
  return value;
}

function isCivilDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= daysInMonth(year, month);
}

/** The current instant of a clock. */
export function instantOf(date: Date): Instant {
  return BigInt(date.getTime()) * NANOS_PER_MILLI;
}

/** Negative, zero or positive, as `a` is before, at or after `b`. */
export function compareInstants(a: Instant, b: Instant): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The later of two instants. */
export function laterOf(a: Instant, b: Instant): Instant {
  return a < b ? b : a;
}

/** The earliest of some instants, if there is one. */
export function earliestOf(instants: readonly Instant[]): Instant | undefined {
  return instants.toSorted(compareInstants)[0];
}

export function latestOf(instants: readonly Instant[]): Instant | undefined {
  return instants.toSorted(compareInstants).at(-1);
}

/** The earlier of two instants. */
export function earlierOf(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** Days of a month of the civil calendar; `month` from 1. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Midnight UTC of a civil date; `month` and `day` from 1, and month 13 is the next January. */
export function startOfDay(year: number, month: number, day: number): Instant {
  return BigInt(Date.UTC(year, month - 1, day) / 1000) * NANOS_PER_SECOND;
}

/** The instant so many days, seconds and nanoseconds after the start of 1970. */
export function instantAfter(days: number, seconds: number, nanos: number): Instant {
  return BigInt(days) * NANOS_PER_DAY + BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

/** Midnight UTC of the day that an instant lies in. */
export function midnightOf(at: Instant): Instant {
  return at - (at % NANOS_PER_DAY);
}

/** The UTC date of an instant, `YYYY-MM-DD`. */
export function utcDate(at: Instant): string {
  return new Date(Number(floorDivide(at, NANOS_PER_MILLI))).toISOString().slice(0, 10);
}

/** `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, the fraction exact and without trailing zeros. */
export function instantText(at: Instant): string {
  const wholeSeconds = floorDivide(at, NANOS_PER_SECOND);
  const nanos = at - wholeSeconds * NANOS_PER_SECOND;
  const whole = new Date(Number(wholeSeconds) * 1000).toISOString().slice(0, 19);
  const fraction = nanos.toString().padStart(9, '0').replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Midnight as a date, any other instant as by `instantText`. */
export function shortInstantText(at: Instant): string {
  return instantText(at).replace(/T00:00:00Z$/, '');
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
