/**
 * Sources, selected and held tier, each asked literally as the rule states it (H1 to H4): "what holds
 * at this instant?", at every instant at which the answer could change, with no sweep and no state.
 */
import type { Facts, Principal, Seat, Subscription } from './facts.ts';
import type { TierTerms } from './rate-card.ts';
import { byBytes } from './spelling.ts';
import { isIn, type Month, type Nanoseconds } from './time.ts';

/** One way in which a seat comes to a tier; `groupId` is empty for a direct subscription. */
export interface Source {
  readonly subscription: Subscription;
  readonly groupId: string;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
}

/** A rise of the held tier; the first one of a month is its start or renewal. */
export interface TierStep {
  readonly at: Nanoseconds;
  readonly terms: TierTerms;
}

export function latest(a: Nanoseconds, b: Nanoseconds): Nanoseconds {
  return a > b ? a : b;
}

export function earliest(a: Nanoseconds, b: Nanoseconds): Nanoseconds {
  return a < b ? a : b;
}

/** Rule H1. */
export function sourcesOf(facts: Facts, seat: Seat): Source[] {
  const inProfile = facts.subscriptions.filter(({ profileId }) => profileId === seat.profileId);
  const direct = inProfile
    .filter(({ type, id }) => type === 'user' && id === seat.userId)
    .map((subscription) => ({ ...subscription, subscription, groupId: '' }));
  const throughGroups = inProfile
    .filter(({ type }) => type === 'group')
    .flatMap((subscription) =>
      facts.memberships
        .filter(({ groupId, userId }) => groupId === subscription.id && userId === seat.userId)
        .map((membership) => ({
          subscription,
          groupId: membership.groupId,
          start: latest(subscription.start, membership.start),
          end: earliest(subscription.end, membership.end),
        })),
    );
  return [...direct, ...throughGroups];
}

function isSamePrincipal(a: Principal, b: Principal): boolean {
  return a.profileId === b.profileId && a.type === b.type && a.id === b.id;
}

/** The tier key that a source selects at an instant, none outside its life. Rule H2. */
export function selectedTier(facts: Facts, source: Source, at: Nanoseconds): string | null {
  if (at < source.start || at >= source.end) return null;
  const { subscription } = source;
  const changes = facts.tierChanges.filter(
    (change) =>
      isSamePrincipal(change, subscription) &&
      change.at >= subscription.start &&
      change.at < subscription.end &&
      change.at <= at,
  );
  const last = changes.find((change) => changes.every((other) => other.at <= change.at));
  return last?.tier ?? subscription.tier;
}

/** Whether the seat counts at an instant. Rule H3. */
export function isActive(facts: Facts, seat: Seat, at: Nanoseconds): boolean {
  if (facts.activations === null) return true;
  return facts.activations.some(
    (activation) =>
      activation.profileId === seat.profileId &&
      activation.userId === seat.userId &&
      activation.at <= at,
  );
}

/** The instants of a month, ascending, at which anything about any seat can change. */
export function interestingInstants(facts: Facts, month: Month): Nanoseconds[] {
  const all = [
    month.start,
    ...facts.subscriptions.flatMap(({ start, end }) => [start, end]),
    ...facts.memberships.flatMap(({ start, end }) => [start, end]),
    ...facts.tierChanges.map(({ at }) => at),
    ...(facts.activations ?? []).map(({ at }) => at),
  ];
  const inMonth = [...new Set(all)].filter((instant) => isIn(instant, month));
  return inMonth.sort((a, b) => (a < b ? -1 : 1));
}

function highest(tiers: readonly TierTerms[]): TierTerms | null {
  return tiers.find((tier) => tiers.every((other) => other.rank <= tier.rank)) ?? null;
}

/** What the sources select at an instant at which the seat counts, with prices; else nothing. */
function selectedTerms(
  facts: Facts,
  seat: Seat,
  terms: readonly TierTerms[],
  at: Nanoseconds,
): TierTerms[] {
  if (!isActive(facts, seat, at)) return [];
  return sourcesOf(facts, seat).flatMap((source) => {
    const key = selectedTier(facts, source, at);
    if (key === null) return [];
    const tier = terms.find((candidate) => candidate.key === key);
    if (tier === undefined) throw new Error(`the rate card lacks ${key}`);
    return [tier];
  });
}

/** The highest tier selected by any source at any instant s <= t of the month. Rule H4. */
export function heldTier(
  facts: Facts,
  seat: Seat,
  terms: readonly TierTerms[],
  month: Month,
  at: Nanoseconds,
): TierTerms | null {
  const soFar = interestingInstants(facts, month).filter((instant) => instant <= at);
  return highest(soFar.flatMap((instant) => selectedTerms(facts, seat, terms, instant)));
}

/** The instants at which the held tier is another one than just before, within the month. */
export function tierSteps(
  facts: Facts,
  seat: Seat,
  terms: readonly TierTerms[],
  month: Month,
): TierStep[] {
  const instants = interestingInstants(facts, month);
  return instants.flatMap((at, index) => {
    const held = heldTier(facts, seat, terms, month, at);
    const before = instants[index - 1];
    const heldBefore = before === undefined ? null : heldTier(facts, seat, terms, month, before);
    return held === null || held.key === heldBefore?.key ? [] : [{ at, terms: held }];
  });
}

/**
 * Whether any source of the seat, pending or not, selects at some instant of the month a tier that
 * the edition lacks, so that the month cannot be billed.
 */
export function selectsLackedTier(
  facts: Facts,
  seat: Seat,
  terms: readonly TierTerms[],
  month: Month,
): boolean {
  const known = [null, ...terms.map(({ key }) => key)];
  return interestingInstants(facts, month).some((at) =>
    sourcesOf(facts, seat).some((source) => !known.includes(selectedTier(facts, source, at))),
  );
}

/**
 * The group to which the seat belongs in the month: of the sources that gave it the billed tier at
 * the first instant at which any did, a direct subscription, else the first by `group_id`.
 */
export function billedGroup(
  facts: Facts,
  seat: Seat,
  billedTier: TierTerms | null,
  month: Month,
): string {
  if (billedTier === null) return '';
  for (const at of interestingInstants(facts, month)) {
    if (!isActive(facts, seat, at)) continue;
    const givers = sourcesOf(facts, seat).filter(
      (source) => selectedTier(facts, source, at) === billedTier.key,
    );
    const [first] = givers.map(({ groupId }) => groupId).sort(byBytes);
    if (first !== undefined) return first;
  }
  return '';
}
