import type { Instant } from '../../domain/instant.ts';
import type { BillingRecords, Membership, Subscription } from '../../domain/records.ts';
import { type EpochDay, epochDayAt, type UsageDays } from '../../domain/usage-days.ts';

/**
 * The records as of `asOf`, inclusive: what starts later is left out, and what ends later has not
 * ended.
 */
export function recordsUpTo(records: BillingRecords, asOf: Instant): BillingRecords {
  const isKnown = (at: Instant): boolean => at <= asOf;
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
  const later = [unsubscribedAt, ...tierChanges.map(({ changedAt }) => changedAt)];
  if (later.every((at) => at === undefined || isKnown(at))) return subscription;
  // No change comes after an end, so that the end is not known either.
  return {
    ...subscription,
    unsubscribedAt: undefined,
    tierChanges: tierChanges.filter(({ changedAt }) => isKnown(changedAt)),
  };
}
