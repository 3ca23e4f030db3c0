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
    const { terms: held, profile, userId } = seat;
    const tiers = reported.get(seatKeyOf(seat));
    const priced = termsFor(edition, profile);
    if (tiers === undefined || priced === undefined || held === undefined) return [];
    const ranked = [...priced.values()];
    const theirs = ranked.findLast(({ tier }) => tiers.includes(tierKey(tier)));
    if (theirs === undefined) return [];
    const upToTheirs = ranked.filter(({ rank }) => rank <= theirs.rank);
    const isSelected = ({ tier }: TierTerms) => seat.selections.some((one) => one.tier === tier);
    if (theirs.rank <= held.rank && upToTheirs.some(isSelected)) return [];
    const message = `the activity reports show ${theirs.tier}, the data directory ${held.tier}; the data directory counts`;
    const place = { month: period.month, profileId: profile.profileId, userId };
    return { code: 'report-contradiction', rule: 'H4', ...place, message };
  });
}
