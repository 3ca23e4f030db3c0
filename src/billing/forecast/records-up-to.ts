import type { Instant } from '../../domain/instant.ts';
import type { BillingRecords, Membership, Subscription } from '../../domain/records.ts';
import { type EpochDay, epochDayAt, type UsageDays } from '../../domain/usage-days.ts';

/**
 * The records as of `asOf`, inclusive: what starts later is left out, and what ends later has not
 * ended. The same object if nothing is later.
 */
export function recordsUpTo(records: BillingRecords, asOf: Instant): BillingRecords {
  const isKnown = (at: Instant): boolean => at <= asOf;
  if (recordInstants(records).every(isKnown)) return records;
  const { activations } = records;
  return {
    ...records,
    memberships: records.memberships
      .filter(({ joinedAt }) => joinedAt === undefined || isKnown(joinedAt))
      .map((membership) => membershipUpTo(membership, isKnown)),
    subscriptions: records.subscriptions
      .filter(({ subscribedAt }) => isKnown(subscribedAt))
      .map((subscription) => subscriptionUpTo(subscription, isKnown)),
    ...(activations && {
      activations: activations.filter(({ activatedAt }) => isKnown(activatedAt)),
    }),
    overageChanges: records.overageChanges.filter(({ changedAt }) => isKnown(changedAt)),
  };
}

/** The days with usage up to `asOf`; `starts`: where the usage up to there begins on each day. */
export function usageDaysUpTo(
  { byProfile, ...others }: UsageDays,
  starts: readonly Instant[],
  asOf: Instant,
): UsageDays {
  if (byProfile === undefined) return others;
  const used = new Set(starts.map(epochDayAt));
  const isKnown = (day: EpochDay): boolean => day < epochDayAt(asOf) || used.has(day);
  return {
    ...others,
    byProfile: new Map(
      [...byProfile].map(([profileId, days]) => [profileId, new Set([...days].filter(isKnown))]),
    ),
  };
}

function membershipUpTo(membership: Membership, isKnown: (at: Instant) => boolean): Membership {
  const { leftAt, ...open } = membership;
  return leftAt === undefined || isKnown(leftAt) ? membership : open;
}

function subscriptionUpTo(
  subscription: Subscription,
  isKnown: (at: Instant) => boolean,
): Subscription {
  const { unsubscribedAt, tierChanges } = subscription;
  const hasEnded = unsubscribedAt !== undefined && isKnown(unsubscribedAt);
  const changes = tierChanges.filter(({ changedAt }) => isKnown(changedAt));
  const isAllKnown = hasEnded === (unsubscribedAt !== undefined);
  if (isAllKnown && changes.length === tierChanges.length) return subscription;
  return {
    ...subscription,
    unsubscribedAt: hasEnded ? unsubscribedAt : undefined,
    tierChanges: changes,
  };
}

/** Every instant at which the records contain a change. */
export function recordInstants(records: BillingRecords): Instant[] {
  const all = [
    ...records.memberships.flatMap(({ joinedAt, leftAt }) => [joinedAt, leftAt]),
    ...records.subscriptions.flatMap(({ subscribedAt, unsubscribedAt, tierChanges }) => [
      subscribedAt,
      unsubscribedAt,
      ...tierChanges.map(({ changedAt }) => changedAt),
    ]),
    ...(records.activations ?? []).map(({ activatedAt }) => activatedAt),
    ...records.overageChanges.map(({ changedAt }) => changedAt),
  ];
  return all.filter((at) => at !== undefined);
}
