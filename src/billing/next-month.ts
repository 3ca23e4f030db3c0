import { type BillingPeriod, periodsLater } from '../domain/billing-period.ts';
import type { NextMonth, SeatInvoice } from '../domain/invoice.ts';
import { editionFor } from '../domain/rate-card.ts';
import type { Tier } from '../domain/tier.ts';
import { activeSelections, heldTierSteps, livesWithin } from './held-tier.ts';
import type { Billing } from './invoice.ts';
import { termsFor } from './rates.ts';

/**
 * What happens to a seat at the first instant of the month after `period`, when a
 * downgrade, a cancellation or leaving a group takes effect (H4).
 */
export function nextMonth(
  billing: Billing,
  invoice: SeatInvoice,
  period: BillingPeriod,
): NextMonth {
  const next = periodsLater(period, 1);
  const edition = editionFor(billing.card, next);
  const terms = edition && termsFor(edition, invoice.profile);
  const seat = billing.seats.get(invoice.profile.profileId)?.get(invoice.userId);
  // A tier that the next edition cannot price is reported rather than skipped for a lower one.
  const rankOf = (tier: Tier): number => terms?.get(tier)?.rank ?? Number.POSITIVE_INFINITY;
  const steps = seat ? heldTierSteps(activeSelections(seat, next), rankOf) : [];
  const step = steps.findLast(({ at }) => at === next.start);
  return {
    month: next.month,
    step,
    terms: step && terms?.get(step.tier),
    currency: edition?.currency,
    later: step === undefined ? steps[0] : undefined,
    pending: steps.length === 0 && seat?.sources.some((one) => livesWithin(one, next)) === true,
  };
}
