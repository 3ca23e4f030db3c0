import { periodAt, periodsLater } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import { type Instant, laterOf, NANOS_PER_DAY, utcDate } from '../domain/instant.ts';
import type { Tier } from '../domain/tier.ts';
import type { RankOf } from './tier-order.ts';

/** A tier that is selected from an instant on. */
export interface InferredStep {
  readonly at: Instant;
  readonly tier: Tier;
  readonly source: string;
}

/** A tier that a file shows: on the day of a report's row or a list, or in a month's charge. */
export interface TierSign {
  /** The start of the day, or of the month. */
  readonly at: Instant;
  readonly kind: 'sighting' | 'charge' | 'listing';
  readonly tier: Tier;
  readonly source: string;
}

interface TierMonth {
  readonly start: Instant;
  /** The highest of each day; a charge shows none. */
  readonly days: readonly TierSign[];
  readonly lowest: TierSign;
  readonly highest: TierSign;
  /** The lower of two charges, which was refunded: the month began with it (S3). */
  readonly refunded: TierSign | undefined;
}

/**
 * The tiers that a subscription selects from `start` on, by what the files show, in the order of
 * months. A higher tier begins when it is seen; a lower one at the first instant of the first month
 * in which no higher one is seen, as a downgrade takes effect between months (H4). `doubts` gets a
 * sentence for days with two tiers, of which the higher one is used (H2).
 */
export function tierSteps(
  signs: readonly TierSign[],
  start: Instant,
  end: Instant | undefined,
  rankOf: RankOf,
  doubts: string[],
): InferredStep[] {
  const months = groupBy(signs, ({ at }) => periodAt(at).month);
  const steps: InferredStep[] = [];
  let current: InferredStep | undefined;
  let lower: InferredStep | undefined;
  let nextStart: Instant | undefined;
  for (const ofMonth of months.values()) {
    const month = tierMonth(ofMonth, rankOf, doubts);
    const fall = lower !== undefined && lower.at < month.start ? lower : undefined;
    const base = downgraded(month, fall ?? current, nextStart ?? month.start, rankOf);
    for (const step of [fall, base]) if (step !== undefined) steps.push(step);
    current = base ?? fall ?? current;
    for (const step of risesOf(month, current, start, rankOf)) {
      steps.push(step);
      current = step;
    }
    lower = lowerAfter(month, current);
    nextStart = periodsLater(periodAt(month.start), 1).start;
  }
  if (lower !== undefined) steps.push(lower);
  return withinLife(steps, start, end);
}

function tierMonth(
  ofMonth: readonly [TierSign, ...TierSign[]],
  rankOf: RankOf,
  doubts: string[],
): TierMonth {
  const { start } = periodAt(ofMonth[0].at);
  const highestOf = (signs: readonly TierSign[]): TierSign =>
    signs.reduce((a, b) => (rankOf(b.tier) > rankOf(a.tier) ? b : a));
  const dated = ofMonth.filter(({ kind }) => kind !== 'charge');
  const days = [...groupBy(dated, ({ at }) => at).values()].map((ofDay) => {
    const highest = highestOf(ofDay);
    const other = ofDay.find(({ tier }) => tier !== highest.tier);
    if (other !== undefined) {
      doubts.push(
        `two plans on ${utcDate(highest.at)}: ${highest.source}, and ${other.source}; the higher one is written`,
      );
    }
    return highest;
  });
  const lowestOf = (signs: readonly TierSign[]): TierSign =>
    signs.reduce((a, b) => (rankOf(b.tier) < rankOf(a.tier) ? b : a));
  const charges = ofMonth.filter(({ kind }) => kind === 'charge');
  const refunded = charges.length > 1 ? lowestOf(charges) : undefined;
  return { start, days, lowest: lowestOf(ofMonth), highest: highestOf(ofMonth), refunded };
}

/**
 * The lower tier after a month that shows no tier as high as before, starting in the month after
 * the last one that did.
 */
function downgraded(
  month: TierMonth,
  current: InferredStep | undefined,
  at: Instant,
  rankOf: RankOf,
): InferredStep | undefined {
  const { days, highest } = month;
  if (current === undefined || rankOf(highest.tier) >= rankOf(current.tier)) return undefined;
  const base = days[0] ?? highest;
  return { at, tier: base.tier, source: `${base.source}, no ${current.tier} there` };
}

/** The rises within a month, from the tier with which it begins. */
function risesOf(
  month: TierMonth,
  current: InferredStep | undefined,
  start: Instant,
  rankOf: RankOf,
): InferredStep[] {
  const steps: InferredStep[] = [];
  let held = current;
  const rise = (at: Instant, { tier, source }: TierSign, last: TierSign | undefined): void => {
    const why =
      last === undefined ? source : `${source}, ${last.tier} last seen ${utcDate(last.at)}`;
    const step = { at, tier, source: why };
    steps.push(step);
    held = step;
  };
  const { days, lowest, highest, refunded } = month;
  const isHigher = (one: TierSign | undefined, other: Pick<TierSign, 'tier'>): boolean =>
    one !== undefined && rankOf(one.tier) > rankOf(other.tier);
  // The refunded tier came before all that the days show.
  const opening = refunded !== undefined && isHigher(days[0], refunded) ? refunded : undefined;
  if (held === undefined && opening !== undefined) rise(start, opening, undefined);
  let last: TierSign | undefined;
  for (const sign of days) {
    if (held === undefined) rise(start, sign, undefined);
    else if (isHigher(sign, held)) {
      // If a report shows the tier first in a month, the month began with it.
      const isFirst = last === undefined && sign.kind === 'sighting' && opening === undefined;
      const isNext = last === undefined && opening !== undefined;
      const at = isNext ? laterOf(sign.at, dayAfter(start)) : sign.at;
      rise(isFirst ? month.start : at, sign, last);
    }
    last = sign;
  }
  // What no day shows is a charge.
  if (held === undefined) rise(start, lowest, undefined);
  if (rankOf(highest.tier) <= rankOf((steps.at(-1) ?? current ?? lowest).tier)) return steps;
  if (last !== undefined) rise(dayAfter(last.at), highest, last);
  else rise(current === undefined ? dayAfter(start) : month.start, highest, undefined);
  return steps;
}

/** The next day, if it is in the same month; else the day itself. */
function dayAfter(at: Instant): Instant {
  const next = at + NANOS_PER_DAY;
  return next < periodAt(at).end ? next : at;
}

/** The tier that a month shows last, where a rise came before that: if lower, it applies from the next month on. */
function lowerAfter(
  { days }: TierMonth,
  current: InferredStep | undefined,
): InferredStep | undefined {
  const last = days.at(-1);
  // A rise after the last day, which only the bill shows, is not a downgrade.
  if (last === undefined || current === undefined || current.at >= last.at) return undefined;
  const at = periodsLater(periodAt(last.at), 1).start;
  return {
    at,
    tier: last.tier,
    source: `${last.source}, below ${current.tier} of the month before`,
  };
}

/** Steps strictly inside the life, in chronological order, each to a tier other than the one before. */
function withinLife(
  steps: readonly InferredStep[],
  start: Instant,
  end: Instant | undefined,
): InferredStep[] {
  const kept: InferredStep[] = [];
  for (const step of steps) {
    if (end !== undefined && step.at >= end) continue;
    const before = kept.at(-1);
    if (before === undefined) kept.push({ ...step, at: start });
    else if (step.at <= before.at) kept[kept.length - 1] = { ...step, at: before.at };
    else if (step.tier !== before.tier) kept.push(step);
  }
  return kept;
}
