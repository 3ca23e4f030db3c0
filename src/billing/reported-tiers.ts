import type { MonthInvoice, SeatInvoice } from '../domain/invoice.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import type { ReportedTiers } from '../domain/records.ts';
import { seatKeyOf } from '../domain/seat-key.ts';
import { type Tier, tierKey } from '../domain/tier.ts';
import { termsFor } from './rates.ts';

/** A seat, and the highest tier of the month that activity reports show for it. */
interface ContradictedTier {
  readonly seat: SeatInvoice;
  readonly held: Tier;
  readonly reported: Tier;
}

/**
 * The seats that activity reports contradict: the highest tier that they show in the month is above
 * what the seat held, or below all that its sources selected (H4). Tiers without a price say nothing.
 */
export function contradictedTiers(
  { edition, period, seats }: MonthInvoice,
  reported: ReportedTiers,
): ContradictedTier[] {
  const ofMonth = reported.get(period.month);
  if (ofMonth === undefined) return [];
  return seats.flatMap((seat) => {
    const { terms: held, profile } = seat;
    const tiers = ofMonth.get(seatKeyOf(seat));
    const priced = termsFor(edition, profile);
    if (tiers === undefined || priced === undefined || held === undefined) return [];
    const ranked = [...priced.values()];
    const theirs = ranked.findLast(({ tier }) => tiers.includes(tierKey(tier)));
    if (theirs === undefined) return [];
    const upToTheirs = ranked.filter(({ rank }) => rank <= theirs.rank);
    const isSelected = ({ tier }: TierTerms) => seat.selections.some((one) => one.tier === tier);
    if (theirs.rank <= held.rank && upToTheirs.some(isSelected)) return [];
    return { seat, held: held.tier, reported: theirs.tier };
  });
}
