import type { BillingPeriod } from '../domain/billing-period.ts';
import {
  compareInstants,
  earlierOf,
  earliestOf,
  type Instant,
  laterOf,
  latestOf,
} from '../domain/instant.ts';
import type { Selection, Source, TierStep } from '../domain/invoice.ts';
import type { Place } from '../domain/problem.ts';
import type { Subscription } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';
import type { Seat } from './seats.ts';

/**
 * What a source selects inside `[from, to)`: the subscription's tier, or that of its
 * latest change, at the first instant in that range at which it is active, and then every
 * further change. Rule H2.
 */
export function selectionsWithin(source: Source, from: Instant, to: Instant): Selection[] {
  const { until = to } = source;
  const start = laterOf(source.from, from);
  const end = earlierOf(until, to);
  if (start >= end) return [];
  const { tier, place } = selectedTier(source.subscription, start);
  const selections = [{ at: start, tier, source, place }];
  for (const change of source.subscription.tierChanges) {
    const { changedAt: at } = change;
    if (at > start && at < end) {
      selections.push({ at, tier: change.tier, source, place: change.place });
    }
  }
  return selections;
}

/** Whether a source is active at some instant of `[from, to)`. */
export function livesWithin(source: Source, { start, end }: BillingPeriod): boolean {
  return source.from < end && (source.until === undefined || source.until > start);
}

/** When the sources of a seat that is not active in a period ended before it, and begin after it. */
export function livesAround(
  sources: readonly Source[],
  { start, end }: BillingPeriod,
): { readonly ended?: Instant | undefined; readonly begins?: Instant | undefined } {
  const ends = sources.flatMap(({ until }) => until ?? []).filter((until) => until <= start);
  const starts = sources.map(({ from }) => from).filter((from) => from >= end);
  return { ended: latestOf(ends), begins: earliestOf(starts) };
}

/** The selected tier of a subscription at an instant at which it is active (H2). */
function selectedTier(subscription: Subscription, at: Instant): { tier: Tier; place: Place } {
  return subscription.tierChanges.findLast(({ changedAt }) => changedAt <= at) ?? subscription;
}

/** The instant from which a seat counts in the period, which may be after it; nothing if it never does. Rule H3. */
function activeFrom(seat: Seat, { start }: BillingPeriod): Instant | undefined {
  const { activatedAt = start } = seat;
  if (activatedAt === 'never') return undefined;
  return laterOf(activatedAt, start);
}

/**
 * What the sources of a seat select in the period from its activation on, source by
 * source; nothing if the seat is pending (H2, H3).
 */
export function activeSelections(seat: Seat, period: BillingPeriod): Selection[] {
  const start = activeFrom(seat, period);
  if (start === undefined) return [];
  const { sources } = seat;
  const [first] = sources;
  // Most seats have one source.
  if (sources.length === 1 && first) return selectionsWithin(first, start, period.end);
  return sources.flatMap((source) => selectionsWithin(source, start, period.end));
}

/**
 * The steps of the held tier, each a rise, by what is selected in a month; none if
 * nothing is selected. Inside a month the held tier is the highest that any source selected so
 * far: an upgrade is a step at once, while a downgrade, a cancellation or leaving a group
 * is no step, and shows at the first instant of the next month. `rankOf` orders the
 * tiers by the rate card. Rule H4.
 */
export function heldTierSteps(
  selections: readonly Selection[],
  rankOf: (tier: Tier) => number,
): readonly TierStep[] {
  // Most seats have one source that does not change.
  if (selections.length < 2) return selections;
  const inTime = [...selections].sort(
    (a, b) => compareInstants(a.at, b.at) || rankOf(b.tier) - rankOf(a.tier),
  );
  const steps: TierStep[] = [];
  let heldRank = Number.NEGATIVE_INFINITY;
  for (const selection of inTime) {
    const rank = rankOf(selection.tier);
    if (rank <= heldRank) continue;
    heldRank = rank;
    steps.push(selection);
  }
  return steps;
}
