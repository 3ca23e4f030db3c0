import { groupBy, valueAt } from '../domain/grouping.ts';
import { earlierOf, type Instant, laterOf } from '../domain/instant.ts';
import type { Source } from '../domain/invoice.ts';
import type { BillingRecords, Membership, Profile, Subscription } from '../domain/records.ts';
import { compareBytes } from '../domain/text-order.ts';

/** One user in one profile, with every source of tiers it ever had: the unit that is charged. */
export interface Seat {
  readonly profile: Profile;
  readonly userId: string;
  /** A direct subscription before a group's, then by group id, then by time. */
  readonly sources: readonly Source[];
  /**
   * The instant from which the seat counts; `never` if the activations file does not
   * name it, missing if there is no such file and every seat is active (H3).
   */
  readonly activatedAt?: Instant | 'never' | undefined;
}

/** The first activations by profile id, then by user id. */
export type Activations = ReadonlyMap<string, ReadonlyMap<string, Instant>>;

/** Seats by profile id, then by user id. */
export type Seats = ReadonlyMap<string, ReadonlyMap<string, Seat>>;

/**
 * Every seat that any subscription makes, with its sources: the user's own subscriptions,
 * and each group subscription for each stay of the user in that group (H1).
 */
export function seatsOf(records: BillingRecords, activations: Activations | undefined): Seats {
  const memberships = groupBy(records.memberships, ({ groupId }) => groupId);
  const seats = new Map<string, Map<string, Seat>>();
  for (const [profileId, subscriptions] of groupBy(records.subscriptions, (s) => s.profileId)) {
    const profile = records.profiles.get(profileId);
    if (profile === undefined) throw new Error(`a subscription in unknown profile ${profileId}`);
    const activated = activations?.get(profileId);
    const users = new Map<string, Seat & { readonly sources: Source[] }>();
    for (const { userId, source } of userSources(subscriptions, memberships)) {
      const known = users.get(userId);
      if (known !== undefined) known.sources.push(source);
      else {
        const activatedAt = activated?.get(userId) ?? (activations && 'never');
        users.set(userId, { profile, userId, sources: [source], activatedAt });
      }
    }
    for (const { sources } of users.values()) if (sources.length > 1) sources.sort(compareSources);
    seats.set(profileId, users);
  }
  return seats;
}

interface UserSource {
  readonly userId: string;
  readonly source: Source;
}

/** The sources that subscriptions give, per user; a group's in each stay of each member. Rule H1. */
function* userSources(
  subscriptions: readonly Subscription[],
  memberships: ReadonlyMap<string, readonly Membership[]>,
): Generator<UserSource> {
  for (const subscription of subscriptions) {
    const { principalType, principalId, subscribedAt, unsubscribedAt } = subscription;
    if (principalType === 'user') {
      const source = { subscription, from: subscribedAt, until: unsubscribedAt };
      yield { userId: principalId, source };
      continue;
    }
    for (const membership of memberships.get(principalId) ?? []) {
      const { joinedAt = subscribedAt, leftAt } = membership;
      const from = laterOf(subscribedAt, joinedAt);
      const until =
        unsubscribedAt === undefined ? leftAt : earlierOf(unsubscribedAt, leftAt ?? unsubscribedAt);
      if (until === undefined || until > from) {
        yield { userId: membership.userId, source: { subscription, membership, from, until } };
      }
    }
  }
}

/** The group of a source; blank for a user's own subscription. */
export function groupOf({ subscription }: Source): string {
  return subscription.principalType === 'group' ? subscription.principalId : '';
}

/** A direct subscription has a blank group, which sorts before all others. */
function compareSources(a: Source, b: Source): number {
  return compareBytes(groupOf(a), groupOf(b)) || Number(a.from - b.from);
}

/** The earliest activation per profile and user; nothing without an activations file (H3). */
export function firstActivations(records: BillingRecords): Activations | undefined {
  if (records.activations === undefined) return undefined;
  const first = new Map<string, Map<string, Instant>>();
  for (const { profileId, userId, activatedAt } of records.activations) {
    const users = valueAt(first, profileId, () => new Map<string, Instant>());
    users.set(userId, earlierOf(users.get(userId) ?? activatedAt, activatedAt));
  }
  return first;
}
