import { periodAt } from '../domain/billing-period.ts';
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
  /** The start of the day, or of the month; of the only charge of a new seat, that of its first day. */
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
  /** The only charge of a new seat: no other tier was held before it in the month (S2). */
  readonly prorated: TierSign | undefined;
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
  let lower: InferredStep | undefined;
  /** The start of the month after the last one. */
  let nextStart = start;
  for (const ofMonth of months.values()) {
    const month = tierMonth(ofMonth, rankOf, doubts);
    if (lower !== undefined && nextStart < month.start) steps.push(lower);
    const before = steps.at(-1);
    if (before !== undefined && rankOf(month.highest.tier) < rankOf(before.tier)) {
      const { tier, source } = month.days[0] ?? month.highest;
      steps.push({ at: nextStart, tier, source: `${source}, no ${before.tier} there` });
    }
    steps.push(...risesOf(month, steps.at(-1), start, rankOf));
    nextStart = periodAt(month.start).end;
    lower = lowerAfter(month, steps.at(-1), nextStart);
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
  const prorated = charges.find(({ at }) => at > start);
  return {
    start,
    days,
    lowest: lowestOf(ofMonth),
    highest: highestOf(ofMonth),
    refunded,
    prorated,
  };
}

/** The rises within a month, from the tier with which it begins. */
function risesOf(
  { start: monthStart, days, lowest, highest, refunded, prorated }: TierMonth,
  current: InferredStep | undefined,
  start: Instant,
  rankOf: RankOf,
): InferredStep[] {
  const [first] = days;
  const lastDay = days.at(-1);
  // The refunded tier came before all that the days show.
  const hasOpening = refunded && first && rankOf(first.tier) > rankOf(refunded.tier);
  // If a report shows the tier first in a month, the month began with it.
  const firstAt = (sign: TierSign): Instant => {
    if (hasOpening) return laterOf(sign.at, dayAfter(start));
    return sign.kind === 'sighting' ? monthStart : sign.at;
  };
  const opening = { sign: hasOpening ? refunded : (first ?? lowest), at: start, last: undefined };
  const seen = days.map((sign, index) => {
    const last = days[index - 1];
    return { sign, at: last === undefined ? firstAt(sign) : sign.at, last };
  });
  // What no day shows is a charge.
  const chargedAt = current === undefined ? dayAfter(start) : monthStart;
  const charged = { sign: highest, at: lastDay ? dayAfter(lastDay.at) : chargedAt, last: lastDay };
  const before = [
    ...(current ? [] : [opening]),
    ...(prorated ? [{ sign: prorated, at: prorated.at, last: undefined }] : []),
  ];
  const steps: InferredStep[] = [];
  let held = current;
  for (const { sign, at, last } of [...before, ...seen, charged]) {
    if (held !== undefined && rankOf(sign.tier) <= rankOf(held.tier)) continue;
    const since = last === undefined ? '' : `, ${last.tier} last seen ${utcDate(last.at)}`;
    held = { at, tier: sign.tier, source: `${sign.source}${since}` };
    steps.push(held);
  }
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
  at: Instant,
): InferredStep | undefined {
  const last = days.at(-1);
  // A rise after the last day, which only the bill shows, is not a downgrade.
  if (last === undefined || current === undefined || current.at >= last.at) return undefined;
  const source = `${last.source}, below ${current.tier} of the month before`;
  return { at, tier: last.tier, source };
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
