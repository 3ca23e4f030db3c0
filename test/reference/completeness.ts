/** The section "Completeness of usage" of the page on data formats, question by question. */
import { type DataDirectory, type Facts, factsOf, type Seat } from './facts.ts';
import { sourcesOf } from './held-tier.ts';
import { seatMonths } from './invoice-csv.ts';
import { dateText, isIn, type Month, monthNamed, type Nanoseconds, parseInstant } from './time.ts';

const DAY = 86_400_000_000_000n;

export interface CompletenessAsked {
  readonly directory: DataDirectory;
  readonly month: string;
  readonly clock: string;
  readonly daysOff: readonly string[];
  /** Whether the days of the usage are unknown, as of summaries. */
  readonly areDaysUnknown: boolean;
}

/** A warning; a run of workdays as `FIRST LAST COUNT`, of `usage-none` the seats. */
export interface Finding {
  readonly code: string;
  /** Of all profiles together it is empty. */
  readonly profileId: string;
  readonly what: string;
}

/** All profiles, or one. */
interface Scope {
  readonly profileId: string;
  readonly facts: Facts;
  readonly month: Month;
  readonly seats: number;
  readonly users: number;
  /** The days from Monday to Friday that count, ascending. */
  readonly workdays: readonly string[];
}

function daysOf(month: Month): string[] {
  return Array.from({ length: month.days }, (_, index) => dateText(month, index + 1));
}

function isOver(date: string, clock: string): boolean {
  return parseInstant(date) + DAY <= parseInstant(clock);
}

function dayName(date: string): string {
  return ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][
    Number((parseInstant(date) / DAY) % 7n)
  ] as string;
}

function isWeekday(date: string): boolean {
  return !['Sat', 'Sun'].includes(dayName(date));
}

function isOn(at: Nanoseconds, date: string): boolean {
  return at >= parseInstant(date) && at < parseInstant(date) + DAY;
}

function hasUsage(facts: Facts, date: string): boolean {
  return facts.usage.some(({ at }) => isOn(at, date));
}

function ofProfile(facts: Facts, profileId: string): Facts {
  if (profileId === '') return facts;
  const isOf = (one: { readonly profileId: string }) => one.profileId === profileId;
  return {
    ...facts,
    profiles: facts.profiles.filter(isOf),
    subscriptions: facts.subscriptions.filter(isOf),
    usage: facts.usage.filter(isOf),
  };
}

function seatsOf(facts: Facts): Seat[] {
  const users = [
    ...facts.subscriptions.flatMap(({ type, id }) => (type === 'user' ? [id] : [])),
    ...facts.memberships.map(({ userId }) => userId),
  ];
  return facts.profiles.flatMap(({ profileId }) =>
    [...new Set(users)].map((userId) => ({ profileId, userId })),
  );
}

/** Whether a source of any seat lives at some instant of a day. */
function lives(facts: Facts, date: string): boolean {
  const [from, to] = [parseInstant(date), parseInstant(date) + DAY];
  return seatsOf(facts).some((seat) =>
    sourcesOf(facts, seat).some(({ start, end }) => start < end && start < to && end > from),
  );
}

function workdaysOf(facts: Facts, month: Month, asked: CompletenessAsked): string[] {
  const used = asked.areDaysUnknown ? [] : daysOf(month).filter((date) => hasUsage(facts, date));
  const worked = new Set(used.filter(isWeekday).map(dayName));
  return daysOf(month)
    .filter((date) => isOver(date, asked.clock) && isWeekday(date))
    .filter((date) => !asked.daysOff.includes(date) && lives(facts, date))
    .filter((date) => worked.size < 3 || worked.has(dayName(date)));
}

function scopeOf(all: Facts, profileId: string, asked: CompletenessAsked): Scope {
  const facts = ofProfile(all, profileId);
  const month = monthNamed(asked.month);
  const held = seatMonths(asked.directory, month).filter(
    ({ tier, profile }) => tier !== '' && (profileId === '' || profile.profileId === profileId),
  );
  const usage = facts.usage.filter(({ at }) => isIn(at, month));
  return {
    ...{ profileId, facts, month, seats: held.length },
    users: new Set(usage.map(({ userId }) => userId)).size,
    workdays: workdaysOf(facts, month, asked),
  };
}

function isNone({ profileId, facts, month, seats, workdays }: Scope): boolean {
  const isEmpty = facts.usage.every(({ at }) => !isIn(at, month));
  return seats >= (profileId === '' ? 1 : 5) && workdays.length > 0 && isEmpty;
}

/** Every longest run of workdays without usage, whatever its length. */
function runsOf({ facts, workdays }: Scope): string[][] {
  const isUsed = workdays.map((date) => hasUsage(facts, date));
  return workdays.flatMap((_, first) => {
    const isStart = isUsed[first] === false && isUsed[first - 1] !== false;
    const next = isUsed.indexOf(true, first);
    return isStart ? [workdays.slice(first, next < 0 ? workdays.length : next)] : [];
  });
}

function runsToTell(scope: Scope): string[][] {
  const least = scope.users >= 10 ? 2 : scope.users >= 3 ? 5 : 10;
  return runsOf(scope).filter((run) => run.length >= least);
}

function runFinding(scope: Scope, run: readonly string[]): Finding {
  const { profileId, facts, month, workdays } = scope;
  const isBeforeAll = facts.usage.every(({ at }) => at >= month.start);
  const begins = run[0] === workdays[0] && isBeforeAll ? 'usage-begins' : 'usage-gap';
  const code = run.at(-1) === workdays.at(-1) ? 'usage-ends' : begins;
  return { code, profileId, what: `${run[0]} ${run.at(-1)} ${run.length}` };
}

/** What is to be warned of, but for `usage-twice`. */
export function findingsOf(asked: CompletenessAsked): Finding[] {
  const month = monthNamed(asked.month);
  if (parseInstant(asked.clock) < month.start) {
    return [{ code: 'month-future', profileId: '', what: '' }];
  }
  const facts = factsOf(asked.directory);
  const all = scopeOf(facts, '', asked);
  const each = facts.profiles.map(({ profileId }) => scopeOf(facts, profileId, asked));
  const none = isNone(all) ? [all] : each.filter(isNone);
  const ofNone = none.map(({ profileId, seats }) => ({
    code: 'usage-none',
    profileId,
    what: String(seats),
  }));
  if (asked.areDaysUnknown || isNone(all)) return ofNone;
  const ofAll = runsToTell(all);
  const ofEach = each
    .filter((scope) => scope.users >= 10)
    .flatMap((scope) =>
      runsToTell(scope)
        .filter((run) => !run.every((date) => ofAll.flat().includes(date)))
        .map((run) => runFinding(scope, run)),
    );
  return [...ofNone, ...ofAll.map((run) => runFinding(all, run)), ...ofEach];
}

/** What JSON has as `coverage` of the month. */
export function coverageOf(asked: CompletenessAsked) {
  if (asked.areDaysUnknown) return null;
  const facts = factsOf(asked.directory);
  const month = monthNamed(asked.month);
  const used = daysOf(month).filter((date) => hasUsage(facts, date));
  return {
    first_day: used[0] ?? null,
    last_day: used.at(-1) ?? null,
    weekdays_without_usage: daysOf(month)
      .filter((date) => isOver(date, asked.clock) && isWeekday(date))
      .filter((date) => !used.includes(date) && !asked.daysOff.includes(date)),
  };
}
