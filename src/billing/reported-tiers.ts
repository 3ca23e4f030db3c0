import type { MonthInvoice, SeatInvoice } from '../domain/invoice.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import { seatKeyOf } from '../domain/seat-key.ts';
import { tierKey } from '../domain/tier.ts';
import type { Warning } from '../domain/warning.ts';
import { termsFor } from './rates.ts';

/**
 * A warning for each seat that activity reports contradict: the highest tier that they show in the month
 * is above what the seat held, or below all that its sources selected (H4). `reported`: by seat, the
 * tiers of the month, by `tierKey`; those without a price say nothing.
 */
export function tierContradictions(
  seats: readonly SeatInvoice[],
  reported: ReadonlyMap<string, readonly string[]> | undefined,
  { edition, period }: Pick<MonthInvoice, 'edition' | 'period'>,
): Warning[] {
  if (reported === undefined) return [];
  return seats.flatMap((seat) => {
    const { terms, profile, userId } = seat;
    const tiers = reported.get(seatKeyOf(seat));
    if (terms === undefined || tiers === undefined) return [];
    const priced = termsFor(edition, profile) ?? new Map<string, TierTerms>();
    const theirs = [...priced.values()].findLast(({ tier }) => tiers.includes(tierKey(tier)));
    if (theirs === undefined || isOfSeat(theirs, seat, priced)) return [];
    const message = `the activity reports show ${theirs.tier}, the data directory ${terms.tier}; the data directory counts`;
    const place = { month: period.month, profileId: profile.profileId, userId };
    return { code: 'report-contradiction', rule: 'H4', ...place, message };
  });
}

/** Whether a tier is at most what a seat holds, and at least the lowest that it selects in the month. */
function isOfSeat(
  { rank }: TierTerms,
  { terms, selections }: SeatInvoice,
  priced: ReadonlyMap<string, TierTerms>,
): boolean {
  if (terms === undefined || rank > terms.rank) return false;
  return selections.some(({ tier }) => (priced.get(tier)?.rank ?? rank) <= rank);
}
