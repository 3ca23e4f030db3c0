import { type BillingPeriod, midnightsOf } from './billing-period.ts';
import { type Instant, instant, instantAfter, NANOS_PER_DAY, utcDate } from './instant.ts';

/**
 * A UTC day as a number: whole days since 1970-01-01, never negative, as years begin at
 * 2000. Arithmetic over days is arithmetic over these.
 */
export type EpochDay = number;

/** `YYYY-MM-DD` of a day. */
export function dayText(day: EpochDay): string {
  return utcDate(instantAfter(day, 0, 0));
}

/** The day of a valid `YYYY-MM-DD`. */
export function epochDay(date: string): EpochDay {
  return epochDayAt(instant(date));
}

/** The day that an instant lies in. */
export function epochDayAt(at: Instant): EpochDay {
  return Number(at / NANOS_PER_DAY);
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: EpochDay): number {
  return (day + 4) % 7;
}

/** Monday to Friday. */
export function isWeekday(day: EpochDay): boolean {
  return weekdayOf(day) !== 0 && weekdayOf(day) !== 6;
}

/** The midnights of a month's days from Monday to Friday. */
export function workingDaysOf(period: BillingPeriod): Instant[] {
  return midnightsOf(period).filter((midnight) => isWeekday(epochDayAt(midnight)));
}

/** The last day on which a seat used credits; `undefined` if it used none. */
export type LastUse = (profileId: string, userId: string) => EpochDay | undefined;

/** Which usage the data contain, over all months that were read, billed or not. */
export interface UsageDays {
  /**
   * The days with usage rows, by profile: rows left out as bad input do not count, rows left
   * out by `--dedupe` do. Missing for the whole run if usage summaries are among the
   * usage, as their rows have no days.
   */
  readonly byProfile?: ReadonlyMap<string, ReadonlySet<EpochDay>>;
  /** The months (`YYYY-MM`) for which usage summaries have rows. */
  readonly summaryMonths: ReadonlySet<string>;
  /** Usage that seems to be counted twice. */
  readonly twice: readonly UsageTwice[];
}

/** Usage that seems to be counted twice, without `--dedupe`. */
export type UsageTwice = SameUsage | TwoKinds;

interface InTwoFiles {
  /** The paths. */
  readonly files: readonly string[];
  /** The months (`YYYY-MM`) in question. */
  readonly months: ReadonlySet<string>;
}

/**
 * `same rows`: one of two files of request usage contains some of the first rows of the other, and
 * their spans of time overlap in these months. `same summary`: two usage summaries with rows of
 * these months have the same bytes.
 */
export interface SameUsage extends InTwoFiles {
  readonly how: 'same rows' | 'same summary';
}

/** Seats have rows of one month in two kinds of usage: files of requests, of reports, of summaries. */
export interface TwoKinds extends InTwoFiles {
  readonly how: 'two kinds';
  /** How many seats have both. */
  readonly seats: number;
}

/** The usage days of one month over all profiles. */
export interface MonthCoverage {
  /** Missing if there is no usage. */
  readonly firstDay?: EpochDay | undefined;
  readonly lastDay?: EpochDay | undefined;
  /** From Monday to Friday, up to the last day that is over, without the days off. */
  readonly weekdaysWithoutUsage: readonly EpochDay[];
}
