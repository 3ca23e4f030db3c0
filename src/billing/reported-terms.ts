import { billingPeriod } from '../domain/billing-period.ts';
import { valueAt } from '../domain/grouping.ts';
import {
  editionFor,
  type RankedCredits,
  type RankedCreditsAt,
  type RateCard,
} from '../domain/rate-card.ts';
import type { Profile } from '../domain/records.ts';
import { tierKey } from '../domain/tier.ts';
import { termsFor } from './rates.ts';

/**
 * Finds the terms of a tier, by its `tierKey`, in a month (`YYYY-MM`): from the edition in force
 * and the prices of the profile. Nothing if the card has none (R1, M3, M4).
 */
export function reportedTerms(
  card: RateCard,
  profileOf: (profileId: string) => Profile | undefined,
): RankedCreditsAt {
  const known = new Map<string, ReadonlyMap<string, RankedCredits>>();
  return (profileId, month, tier) => {
    const key = `${month} ${profileId}`;
    return valueAt(known, key, () => termsOf(card, profileOf(profileId), month)).get(tier);
  };
}

function termsOf(
  card: RateCard,
  profile: Profile | undefined,
  month: string,
): ReadonlyMap<string, RankedCredits> {
  const edition = editionFor(card, billingPeriod(month));
  const terms = edition && profile && termsFor(edition, profile);
  return new Map([...(terms ?? [])].map(([tier, one]) => [tierKey(tier), one]));
}
