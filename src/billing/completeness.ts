import type { BillingPeriod } from '../domain/billing-period.ts';
import { countShown, firstNamed } from '../domain/counts.ts';
import { groupBy } from '../domain/grouping.ts';
import { earlierOf, type Instant, laterOf, NANOS_PER_DAY } from '../domain/instant.ts';
import type { SeatInvoice, Source } from '../domain/invoice.ts';
import type { Profile } from '../domain/records.ts';
import { byKeys } from '../domain/text-order.ts';
import {
  dayText,
  type EpochDay,
  epochDayAt,
  isWeekday,
  type MonthCoverage,
  type UsageDays,
  type UsageTwice,
  weekdayOf,
  workingDaysOf,
} from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import { activeSelections } from './held-tier.ts';
import type { Seats } from './seats.ts';

/** What is needed to check that usage is complete. */
export interface CompletenessFacts {
  readonly usageDays: UsageDays;
  /** Days count up to the last one that is over at this instant. */
  readonly clock: Instant;
  /** Holidays: days without work. */
  readonly daysOff: ReadonlySet<EpochDay>;
}

/** One month over all profiles. */
export interface BilledMonth {
  readonly period: BillingPeriod;
  /** All seats, including pending ones: for the active periods of their sources. */
  readonly seats: Seats;
  /** Those of the invoice without filters, or of `countedSeats`. */
  readonly counted: readonly CountedSeat[];
}

/** A seat, or a user with usage, as far as it is counted. */
interface CountedSeat extends Pick<SeatInvoice, 'userId' | 'usageRows'> {
  readonly profile: Pick<Profile, 'profileId'>;
  /** Of the tier that it holds; missing if it holds none. */
  readonly terms?: unknown;
}

/** The users with usage in a month, by profile; of each as many as it takes to say that they are many. */
export type UsersOfMonth = ReadonlyMap<string, readonly string[]>;

/** From this many users with usage, two workdays without any are unlikely to be chance. */
export const MANY_USERS = 10;

/** The seats that hold a tier in a month, and the users with usage in it, where no prices are asked for. */
export function countedSeats(
  seats: Seats,
  period: BillingPeriod,
  users: UsersOfMonth,
): CountedSeat[] {
  const held = byKeys(seats).flatMap(([, ofProfile]) =>
    [...ofProfile.values()].flatMap((seat) => {
      const [terms] = activeSelections(seat, period);
      return terms === undefined ? [] : { ...seat, usageRows: 0, terms };
    }),
  );
  const used = [...users].flatMap(([profileId, ofProfile]) =>
    ofProfile.map((userId) => ({ profile: { profileId }, userId, usageRows: 1 })),
  );
  return [...held, ...used];
}

/** The usage days of the month, and its weekdays without usage; nothing if the days are not known. */
export function monthCoverage(
  { period }: Pick<BilledMonth, 'period'>,
  { usageDays: { byProfile }, clock, daysOff }: CompletenessFacts,
): MonthCoverage | undefined {
  if (byProfile === undefined) return undefined;
  const used = daysWithin(period, unionOf(byProfile.values()));
  const inTime = [...used].sort((a, b) => a - b);
  const [firstDay] = inTime;
  const lastDay = inTime.at(-1);
  return {
    firstDay,
    lastDay,
    weekdaysWithoutUsage: weekdaysOver(period, clock).filter(
      (day) => !used.has(day) && !daysOff.has(day),
    ),
  };
}

/**
 * Signs that the usage of a month may be incomplete: for all profiles together, then for
 * each alone, by profile id. A month that has not begun says only that.
 */
export function completenessWarnings(month: BilledMonth, facts: CompletenessFacts): Warning[] {
  const { period, counted } = month;
  if (facts.clock < period.start) return [futureMonth(period)];
  const ofAll = scopeFindings(scopeOf(month, facts));
  const byProfile = groupBy(counted, ({ profile }) => profile.profileId);
  const ofProfiles = [...byProfile].flatMap(([profileId, ofProfile]) => {
    const scope = scopeOf({ ...month, counted: ofProfile }, facts, profileId);
    return scopeFindings(scope).filter((finding) => isNews(finding, ofAll));
  });
  return [
    ...[...ofAll, ...ofProfiles].map((finding) => findingWarning(finding, period)),
    ...twiceWarnings(period, facts.usageDays),
  ];
}

/** The workdays without usage in runs too short for a warning, where many users have usage: files may be missing. */
export function loneWorkdays(month: BilledMonth, facts: CompletenessFacts): EpochDay[] {
  const { users, used, workdays } = scopeOf(month, facts);
  if (used === undefined || users < MANY_USERS) return [];
  return runsWithout(workdays, used)
    .filter(({ length }) => length < leastRun(users))
    .flat();
}

/** Signs that usage of the month is counted twice. */
export function twiceWarnings({ month }: BillingPeriod, { twice }: UsageDays): Warning[] {
  return twice
    .filter(({ months }) => months.has(month))
    .map((one) => ({ code: 'usage-twice', month, ...twiceWords(one) }));
}

/**
 * Whether a month has usage on at least four fifths of its past workdays, over all
 * profiles together, or is covered by summaries.
 */
export function isMostlyUsed(
  { period, seats }: Pick<BilledMonth, 'period' | 'seats'>,
  facts: CompletenessFacts,
): boolean {
  const { byProfile, summaryMonths } = facts.usageDays;
  if (byProfile === undefined) return summaryMonths.has(period.month);
  const used = unionOf(byProfile.values());
  if (daysWithin(period, used).size === 0) return false;
  const workdays = workdaysOf(period, sourcesOf(seats), used, facts);
  return 5 * workdays.filter((day) => used.has(day)).length >= 4 * workdays.length;
}

/** What is checked: all profiles together, or one. */
interface Scope {
  /** Of one profile alone. */
  readonly profileId: string | undefined;
  /** Seats that hold a tier. */
  readonly held: number;
  /** Users with usage in the month, counted up to `MANY_USERS`. */
  readonly users: number;
  /** All days with usage; nothing if they are not known. */
  readonly used: ReadonlySet<EpochDay> | undefined;
  readonly period: BillingPeriod;
  /** The past workdays of the month, in time order. */
  readonly workdays: readonly EpochDay[];
}

/** What to check in a month, for all profiles or only for the one named, whose seats are counted. */
function scopeOf(
  { period, seats, counted }: BilledMonth,
  facts: CompletenessFacts,
  profileId?: string,
): Scope {
  const { byProfile } = facts.usageDays;
  const used =
    byProfile &&
    (profileId === undefined
      ? unionOf(byProfile.values())
      : (byProfile.get(profileId) ?? new Set<EpochDay>()));
  return {
    profileId,
    held: counted.filter(({ terms }) => terms !== undefined).length,
    users: usersCounted(counted),
    used,
    period,
    workdays: workdaysOf(period, sourcesOf(seats, profileId), used ?? new Set(), facts),
  };
}

/** The number of users with usage, up to `MANY_USERS`: there may be millions. */
function usersCounted(counted: readonly CountedSeat[]): number {
  const users = new Set<string>();
  for (const seat of counted) {
    if (seat.usageRows > 0) users.add(seat.userId);
    if (users.size === MANY_USERS) break;
  }
  return users.size;
}

/** The sources of all seats, or of those of one profile. */
function* sourcesOf(seats: Seats, only?: string): Generator<Source> {
  for (const [profileId, ofProfile] of seats) {
    if (only !== undefined && profileId !== only) continue;
    for (const { sources } of ofProfile.values()) yield* sources;
  }
}

/**
 * The past days from Monday to Friday that are not holidays and on which a source is active; if
 * the month has usage on at least three of these days of the week, only those weekdays.
 */
function workdaysOf(
  period: BillingPeriod,
  sources: Iterable<Source>,
  used: ReadonlySet<EpochDay>,
  { clock, daysOff }: CompletenessFacts,
): EpochDay[] {
  const lived = daysLived(period, sources);
  const days = weekdaysOver(period, clock).filter((day) => lived.has(day) && !daysOff.has(day));
  const worked = new Set([...daysWithin(period, used)].filter(isWeekday).map(weekdayOf));
  return worked.size >= 3 ? days.filter((day) => worked.has(weekdayOf(day))) : days;
}

/** The days of the month on which a source is active; stops once every day is included. */
function daysLived(
  { start, end, days: all }: BillingPeriod,
  sources: Iterable<Source>,
): Set<EpochDay> {
  const days = new Set<EpochDay>();
  for (const { from, until = end } of sources) {
    const last = epochDayAt(earlierOf(until, end) - 1n);
    for (let day = epochDayAt(laterOf(from, start)); day <= last; day += 1) days.add(day);
    if (days.size === all) break;
  }
  return days;
}

interface Finding {
  readonly code: 'usage-none' | RunCode;
  readonly scope: Scope;
  /** The workdays of a run. */
  readonly days: readonly EpochDay[];
}

type RunCode = keyof typeof RUN_WORDS;

/** From this many seats, a profile without any usage is unlikely to be chance. */
const SEATS_OF_PROFILE = 5;

function scopeFindings(scope: Scope): Finding[] {
  const { profileId, held, users, used, period, workdays } = scope;
  const hasUsage = users > 0 || (used !== undefined && daysWithin(period, used).size > 0);
  const leastSeats = profileId === undefined ? 1 : SEATS_OF_PROFILE;
  if (!hasUsage && held >= leastSeats && workdays.length > 0)
    return [{ code: 'usage-none', scope, days: [] }];
  if (used === undefined) return [];
  if (profileId !== undefined && users < MANY_USERS) return [];
  return runsWithout(workdays, used)
    .filter((days) => days.length >= leastRun(users))
    .map((days) => ({ code: runCode(days, scope, used), scope, days }));
}

/** The shortest run of workdays without usage that is reported, by the number of users with usage. */
function leastRun(users: number): number {
  if (users >= MANY_USERS) return 2;
  return users >= 3 ? 5 : 10;
}

/** The workdays without usage, grouped into runs of consecutive ones. */
function runsWithout(workdays: readonly EpochDay[], used: ReadonlySet<EpochDay>): EpochDay[][] {
  const runs: EpochDay[][] = [];
  let run: EpochDay[] | undefined;
  for (const day of workdays) {
    if (used.has(day)) {
      run = undefined;
    } else if (run === undefined) {
      run = [day];
      runs.push(run);
    } else {
      run.push(day);
    }
  }
  return runs;
}

function runCode(
  days: readonly EpochDay[],
  { workdays, period }: Scope,
  used: ReadonlySet<EpochDay>,
): RunCode {
  if (days.at(-1) === workdays.at(-1)) return 'usage-ends';
  const firstOfMonth = epochDayAt(period.start);
  const isAfterUsage = [...used].some((day) => day < firstOfMonth);
  return days[0] === workdays[0] && !isAfterUsage ? 'usage-begins' : 'usage-gap';
}

/** Whether a finding for one profile is not already covered by those for all profiles together. */
function isNews({ code, days }: Finding, ofAll: readonly Finding[]): boolean {
  if (code === 'usage-none') return !ofAll.some((known) => known.code === code);
  return days.some((day) => !ofAll.some((known) => known.days.includes(day)));
}

const RUN_WORDS = {
  'usage-ends': 'usage ends early: there is none',
  'usage-begins': 'usage begins late: there is none',
  'usage-gap': 'there is no usage',
} as const;

function findingWarning({ code, scope, days }: Finding, { month }: BillingPeriod): Warning {
  const { profileId, held } = scope;
  const message = code === 'usage-none' ? unusedText(held) : runText(code, days);
  return {
    code,
    month,
    ...(profileId === undefined ? {} : { profileId }),
    message,
    remedy: 'give the missing files with --usage',
  };
}

function unusedText(held: number): string {
  return `no usage is in the data: credits of ${countShown(held, 'seat')} count as none`;
}

function runText(code: RunCode, days: readonly EpochDay[]): string {
  const [first, last] = [days[0], days.at(-1)] as [EpochDay, EpochDay];
  return `${RUN_WORDS[code]} from ${dayText(first)} to ${dayText(last)} (${days.length} workdays)`;
}

function futureMonth({ month, firstDate }: BillingPeriod): Warning {
  return { code: 'month-future', month, message: `the month begins only on ${firstDate}` };
}

const MOST_FILES = 4;

function twiceWords(twice: UsageTwice): Required<Pick<Warning, 'message' | 'remedy'>> {
  const files = firstNamed(twice.files, MOST_FILES);
  switch (twice.how) {
    case 'same rows':
      return {
        message: `${files} hold the same usage: it is counted twice`,
        remedy: 'remove one, or give --dedupe',
      };
    case 'same summary':
      return {
        message: `${files} are the same summary: its usage is counted twice`,
        remedy: 'remove one',
      };
    case 'two kinds': {
      const seats = `${countShown(twice.seats, 'seat')} ${twice.seats === 1 ? 'has' : 'have'}`;
      return {
        message: `${seats} usage of two kinds, which is added up: ${files}`,
        remedy: 'keep one kind',
      };
    }
  }
}

function unionOf(sets: Iterable<ReadonlySet<EpochDay>>): Set<EpochDay> {
  const union = new Set<EpochDay>();
  for (const days of sets) for (const day of days) union.add(day);
  return union;
}

function daysWithin({ start, end }: BillingPeriod, days: ReadonlySet<EpochDay>): Set<EpochDay> {
  const [first, next] = [epochDayAt(start), epochDayAt(end)];
  return new Set([...days].filter((day) => day >= first && day < next));
}

/** The days of the month from Monday to Friday that are over by the clock. */
function weekdaysOver(period: BillingPeriod, clock: Instant): EpochDay[] {
  return workingDaysOf(period)
    .filter((midnight) => midnight + NANOS_PER_DAY <= clock)
    .map(epochDayAt);
}
