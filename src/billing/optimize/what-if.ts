import type { BillingPeriod } from '../../domain/billing-period.ts';
import { valueAt } from '../../domain/grouping.ts';
import type { MonthInvoice, SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';
import type { RateEdition, TierTerms } from '../../domain/rate-card.ts';
import type { Profile, StretchUsage } from '../../domain/records.ts';
import type { Tier } from '../../domain/tier.ts';
import type { Billing } from '../invoice.ts';
import {
  type CreditBill,
  type CreditRules,
  capOfMonth,
  creditBill,
  type OverageHistory,
  overageAt,
} from '../overage.ts';
import { type ProfileTerms, termsFor } from '../rates.ts';
import { renewalCharge } from '../subscription-charges.ts';

/** The overage switch to assume for all profiles; missing: as it is at the month's end. */
export type OverageAsked = 'on' | 'off' | undefined;

/** What a tier would have cost a seat in a month. */
export interface TierBill extends CreditBill {
  readonly totalCharge: Cents;
}

/** The bills of one seat for one month, by the tier that it might have held. */
export type BillByTier = ReadonlyMap<Tier, TierBill>;

/**
 * What a month would have cost a seat that held a tier in it, on each tier of the rate card, by
 * the engine's own rules: the same usage, the seat renewed on that tier (S1), and overage
 * throughout as it is at the month's end. The overage credits are then min(K, max(0, U -
 * credits(T))); unbilled credits mean that T does not cover the usage.
 */
export function billsByTier(
  billing: Billing,
  { period, edition }: MonthInvoice,
  overage: OverageAsked,
): (seat: SeatInvoice) => BillByTier {
  const months = new Map<Profile, readonly TierMonth[]>();
  return ({ profile, userId }) => {
    const known = valueAt(months, profile, () => tierMonths(profile));
    const usage = billing.usage.ofSeat(period.month, profile.profileId, userId);
    return new Map(known.map((month) => [month.terms.tier, tierBill(usage, month)]));
  };

  function tierMonths(profile: Profile): TierMonth[] {
    const history = steadyHistory(billing, profile, period, overage);
    const capCredits = capOfMonth(history, period);
    return [...termsInProfile(edition, profile).values()].map((terms) => {
      const renewal = renewalCharge(terms, period).amount;
      return { terms, renewal, history, capCredits, period };
    });
  }
}

/** A tier for a whole month in a profile. */
interface TierMonth extends CreditRules {
  readonly terms: TierTerms;
  readonly renewal: Cents;
}

function tierBill(usage: readonly StretchUsage[], month: TierMonth): TierBill {
  const bill = creditBill(usage, month.terms, month);
  return { ...bill, totalCharge: month.renewal + bill.overageCharge };
}

/** The terms of a profile that was billed, and so has a price in its partition. */
export function termsInProfile(edition: RateEdition, profile: Profile): ProfileTerms {
  return termsFor(edition, profile) as ProfileTerms;
}

/** The profile's overage switch and cap at the month's end, as if they had never changed. */
function steadyHistory(
  billing: Billing,
  profile: Profile,
  period: BillingPeriod,
  overage: OverageAsked,
): OverageHistory {
  const history = billing.overage.get(profile.profileId) as OverageHistory;
  const { on, capCredits } = overageAt(history, period.end - 1n);
  const overageOn = overage ? overage === 'on' : on;
  return { profile: { overageOn, ...(capCredits && { capCredits }) }, changes: [] };
}
