import {
  daysInMonth,
  type Instant,
  NANOS_PER_DAY,
  startOfDay,
  utcDate,
  YEARS,
  YEARS_IN_UTC,
} from './instant.ts';

/** A calendar month in UTC, `[start, end)`: the spec's "month". */
export interface BillingPeriod {
  /** `YYYY-MM`; text order is time order. */
  readonly month: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly days: number;
  /** `YYYY-MM-DD` of the first and of the last day. */
  readonly firstDate: string;
  readonly lastDate: string;
}

const MONTH = /^(\d{4})-(\d\d)$/;
const periods = new Map<string, BillingPeriod>();

/** Reads `YYYY-MM`, years 2000 to 2199, if no others are given; anything else gives `undefined`. */
export function billingPeriodFromText(text: string, years = YEARS): BillingPeriod | undefined {
  const match = MONTH.exec(text);
  if (match === null) return undefined;
  const [year, month] = [Number(match[1]), Number(match[2])];
  if (year < years.first || year > years.last || month < 1 || month > 12) return undefined;
  return periodOf(year, month);
}

/** The month named by a text that a period has; throws for any other, which is a bug. */
export function billingPeriod(text: string): BillingPeriod {
  const value = billingPeriodFromText(text, YEARS_IN_UTC);
  if (value === undefined) throw new Error(`not a month: ${text}`);
  return value;
}

let latest: BillingPeriod | undefined;

/** The period that an instant lies in: most often the one of the instant before. */
export function periodAt(at: Instant): BillingPeriod {
  if (latest !== undefined && at >= latest.start && at < latest.end) return latest;
  const [year, month] = utcDate(at).split('-').map(Number) as [number, number];
  latest = periodOf(year, month);
  return latest;
}

/** The period `count` months later, or earlier when `count` is negative. */
export function periodsLater(period: BillingPeriod, count: number): BillingPeriod {
  const [year, month] = period.month.split('-').map(Number) as [number, number];
  const months = year * 12 + (month - 1) + count;
  return periodOf(Math.floor(months / 12), (months % 12) + 1);
}

/** All periods from `first` to `last`, both included; none if `last` is earlier. */
export function periodsBetween(first: BillingPeriod, last: BillingPeriod): BillingPeriod[] {
  const all: BillingPeriod[] = [];
  for (let period = first; period.month <= last.month; period = periodsLater(period, 1)) {
    all.push(period);
  }
  return all;
}

/** The `count` periods that end with `last`, ascending. */
export function periodsUpTo(last: BillingPeriod, count: number): BillingPeriod[] {
  return periodsBetween(periodsLater(last, 1 - count), last);
}

/** `2026-01`, or `2026-01 to 2026-03`, of ascending months or days. */
export function spanText(texts: readonly string[]): string {
  return [...new Set([...texts.slice(0, 1), ...texts.slice(-1)])].join(' to ');
}

/** The midnights with which the period's days begin, in UTC. */
export function midnightsOf({ start, days }: BillingPeriod): Instant[] {
  return Array.from({ length: days }, (_, index) => start + BigInt(index) * NANOS_PER_DAY);
}

function periodOf(year: number, month: number): BillingPeriod {
  const text = `${year}-${String(month).padStart(2, '0')}`;
  const known = periods.get(text);
  if (known !== undefined) return known;
  const days = daysInMonth(year, month);
  const period: BillingPeriod = {
    month: text,
    start: startOfDay(year, month, 1),
    end: startOfDay(year, month + 1, 1),
    days,
    firstDate: `${text}-01`,
    lastDate: `${text}-${days}`,
  };
  periods.set(text, period);
  return period;
}
