import type { Instant } from '../domain/instant.ts';
import type { BillingRecords, Subscription } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';

/** A stretch of time in which a user is subscribed in a profile, in person or by a group. Rule H1. */
export interface SeatLife {
  readonly from: Instant;
  readonly until?: Instant;
}

/** All such stretches of one user in one profile, by their ends; what still lives comes last. */
export function seatLives(records: BillingRecords, profileId: string, userId: string): SeatLife[] {
  return records.subscriptions
    .filter((subscription) => subscription.profileId === profileId)
    .flatMap((subscription) => livesOf(subscription, userId, records))
    .sort(byEnd);
}

/** A tier that a source of the seat selects, and since when. Rule H2. */
export interface TierSelected {
  readonly at: Instant;
  readonly tier: Tier;
}

/** All tiers that sources of one user in one profile ever select, where the user has the source then. */
export function tiersSelected(
  records: BillingRecords,
  profileId: string,
  userId: string,
): TierSelected[] {
  return records.subscriptions
    .filter((subscription) => subscription.profileId === profileId)
    .flatMap((subscription) => {
      const { subscribedAt, tier, tierChanges } = subscription;
      const selected = [
        { at: subscribedAt, tier },
        ...tierChanges.map((change) => ({ at: change.changedAt, tier: change.tier })),
      ];
      return livesOf(subscription, userId, records).flatMap(({ from, until }) =>
        selected
          .filter(({ at }, index) => isAfter(selected[index + 1]?.at, from) && isAfter(until, at))
          .map(({ at, tier: chosen }) => ({ at: isAfter(at, from) ? at : from, tier: chosen })),
      );
    });
}

/** An end that is missing comes after everything. */
function isAfter(end: Instant | undefined, instant: Instant): boolean {
  return end === undefined || end > instant;
}

function livesOf(
  { principalType, principalId, subscribedAt, unsubscribedAt }: Subscription,
  userId: string,
  { memberships }: BillingRecords,
): SeatLife[] {
  const whole = life(subscribedAt, unsubscribedAt);
  if (principalType === 'user') return principalId === userId ? [whole] : [];
  return memberships
    .filter((stay) => stay.groupId === principalId && stay.userId === userId)
    .map(({ joinedAt, leftAt }) =>
      life(
        joinedAt !== undefined && joinedAt > whole.from ? joinedAt : whole.from,
        earlier(whole.until, leftAt),
      ),
    )
    .filter(({ from, until }) => until === undefined || until > from);
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
