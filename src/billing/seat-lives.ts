import { groupBy } from '../domain/grouping.ts';
import type { Instant } from '../domain/instant.ts';
import type { BillingRecords, Membership, Subscription } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';

/** A stretch of time in which a user is subscribed in a profile, in person or by a group. Rule H1. */
export interface SeatLife {
  readonly from: Instant;
  readonly until?: Instant;
}

/** A tier that a source of the seat selects, and since when. Rule H2. */
export interface TierSelected {
  readonly at: Instant;
  readonly tier: Tier;
}

/** What our records tell of each seat's sources, found without looking through all of them. */
export class SeatLives {
  /** Subscriptions by profile, and of users or groups by their id. */
  readonly #subscriptions: ReadonlyMap<string, readonly Subscription[]>;
  readonly #memberships: ReadonlyMap<string, readonly Membership[]>;

  constructor({ subscriptions, memberships }: BillingRecords) {
    this.#subscriptions = groupBy(subscriptions, ({ profileId, principalType, principalId }) =>
      sourceKey(profileId, principalType, principalId),
    );
    this.#memberships = groupBy(memberships, ({ userId }) => userId);
  }

  /** The user's own subscriptions in a profile, without those of groups. */
  own(profileId: string, userId: string): readonly Subscription[] {
    return this.#subscriptions.get(sourceKey(profileId, 'user', userId)) ?? [];
  }

  /** All stretches of one user in one profile, by their ends; what still lives comes last. */
  of(profileId: string, userId: string): SeatLife[] {
    return this.#sources(profileId, userId)
      .map(({ life: stretch }) => stretch)
      .sort(byEnd);
  }

  /** All tiers that sources of one user in one profile ever select, where the user has the source then. */
  tiersSelected(profileId: string, userId: string): TierSelected[] {
    return this.#sources(profileId, userId).flatMap(({ subscription, life: { from, until } }) => {
      const { subscribedAt, tier, tierChanges } = subscription;
      const selected = [
        { at: subscribedAt, tier },
        ...tierChanges.map((change) => ({ at: change.changedAt, tier: change.tier })),
      ];
      return selected
        .filter(({ at }, index) => isAfter(selected[index + 1]?.at, from) && isAfter(until, at))
        .map(({ at, tier: chosen }) => ({ at: isAfter(at, from) ? at : from, tier: chosen }));
    });
  }

  /** Rule H1. */
  #sources(profileId: string, userId: string): { subscription: Subscription; life: SeatLife }[] {
    const own = this.own(profileId, userId).map((subscription) => ({
      subscription,
      life: life(subscription.subscribedAt, subscription.unsubscribedAt),
    }));
    const ofGroups = (this.#memberships.get(userId) ?? []).flatMap((stay) => {
      const key = sourceKey(profileId, 'group', stay.groupId);
      return (this.#subscriptions.get(key) ?? []).flatMap((subscription) => {
        const shared = lifeInGroup(subscription, stay);
        return shared === undefined ? [] : [{ subscription, life: shared }];
      });
    });
    return [...own, ...ofGroups];
  }
}

/** Ids have no control characters, so nothing else gives the same key. */
function sourceKey(profileId: string, principalType: string, principalId: string): string {
  return `${profileId}\n${principalType}\n${principalId}`;
}

function lifeInGroup(
  { subscribedAt, unsubscribedAt }: Subscription,
  { joinedAt, leftAt }: Membership,
): SeatLife | undefined {
  const from = joinedAt !== undefined && joinedAt > subscribedAt ? joinedAt : subscribedAt;
  const until = earlier(unsubscribedAt, leftAt);
  return isAfter(until, from) ? life(from, until) : undefined;
}

/** An end that is missing comes after everything. */
function isAfter(end: Instant | undefined, instant: Instant): boolean {
  return end === undefined || end > instant;
}

function life(from: Instant, until: Instant | undefined): SeatLife {
  return until === undefined ? { from } : { from, until };
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function byEnd(a: SeatLife, b: SeatLife): number {
  if (a.until === b.until) return 0;
  if (a.until === undefined || b.until === undefined) return a.until === undefined ? 1 : -1;
  return a.until < b.until ? -1 : 1;
}
