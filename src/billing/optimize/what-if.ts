import type { BillingPeriod } from '../../domain/billing-period.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { MonthInvoice, SeatInvoice } from '../../domain/invoice.ts';
import type { RateEdition } from '../../domain/rate-card.ts';
import type { BillingRecords, Profile, StretchUsage, Subscription } from '../../domain/records.ts';
import type { Tier } from '../../domain/tier.ts';
import { type Billing, billingOf, billMonth } from '../invoice.ts';
import { type OverageHistory, overageAt } from '../overage.ts';
import { type ProfileTerms, termsFor } from '../rates.ts';

/** How the overage switch of all profiles is to be taken; missing: as it is at the month's end. */
export type OverageAsked = 'on' | 'off' | undefined;

/** What a tier would have cost a seat in a month: of the bill only this is kept, as there are many. */
export type TierBill = Pick<SeatInvoice, 'overageCredits' | 'unbilledCredits' | 'totalCharge'>;

/** The bills of one seat for one month, by the tier that it might have held. */
export type BillByTier = ReadonlyMap<Tier, TierBill>;

/** By profile id, then user id. */
export type BillsByTier = ReadonlyMap<string, ReadonlyMap<string, BillByTier>>;

/**
 * What a month would have cost each seat that held a tier in it, on each tier of the rate
 * card: the engine's own bill of the same usage, with the seat on that tier for the whole
 * month, and overage throughout as it is at the month's end. The overage credits are then
 * min(K, max(0, U - credits(T))), and unbilled ones tell that T does not cover the usage.
 */
export function billsByTier(
  billing: Billing,
  { period, edition, seats }: MonthInvoice,
  overage: OverageAsked,
): BillsByTier {
  const bills = new Map<string, Map<string, Map<Tier, TierBill>>>();
  const held = seats.filter(({ terms }) => terms !== undefined);
  for (const [profile, ofProfile] of groupBy(held, (seat) => seat.profile)) {
    const usersBills = new Map(ofProfile.map(({ userId }) => [userId, new Map()]));
    bills.set(profile.profileId, usersBills);
    const steady = steadyProfile(billing, profile, period, overage);
    const usage = ofProfile.flatMap((seat) => usageOf(billing, seat, period));
    for (const tier of termsInProfile(edition, profile).keys()) {
      const records = onTier(tier, steady, ofProfile, period);
      const { seats: billed } = billMonth(billingOf(records, billing.card, usage), period);
      for (const { userId, overageCredits, unbilledCredits, totalCharge } of billed) {
        usersBills.get(userId)?.set(tier, { overageCredits, unbilledCredits, totalCharge });
      }
    }
  }
  return bills;
}

/** The terms of a profile that was billed, so that its partition has a price. */
export function termsInProfile(edition: RateEdition, profile: Profile): ProfileTerms {
  return termsFor(edition, profile) as ProfileTerms;
}

/** The profile with its overage switch and cap of the month's end, as if they had never been others. */
function steadyProfile(
  billing: Billing,
  profile: Profile,
  period: BillingPeriod,
  overage: OverageAsked,
): Profile {
  const history = billing.overage.get(profile.profileId) as OverageHistory;
  const { capCredits: _, ...rest } = profile;
  const { on, capCredits } = overageAt(history, period.end - 1n);
  const overageOn = overage ? overage === 'on' : on;
  return { ...rest, overageOn, ...(capCredits === undefined ? {} : { capCredits }) };
}

/** Records that say no more than that each of the seats renews on `tier`. */
function onTier(
  tier: Tier,
  profile: Profile,
  seats: readonly SeatInvoice[],
  period: BillingPeriod,
): BillingRecords {
  const subscriptions = seats.map(
    ({ userId }): Subscription => ({
      profileId: profile.profileId,
      principalType: 'user',
      principalId: userId,
      tier,
      subscribedAt: period.start,
      tierChanges: [],
      place: profile.place,
    }),
  );
  return {
    profiles: new Map([[profile.profileId, profile]]),
    users: new Map(),
    groups: new Map(),
    memberships: [],
    subscriptions,
    overageChanges: [],
  };
}

function usageOf(
  { usage }: Billing,
  { profile, userId }: SeatInvoice,
  { month }: BillingPeriod,
): readonly StretchUsage[] {
  return usage.get(month)?.get(profile.profileId)?.get(userId) ?? [];
}
