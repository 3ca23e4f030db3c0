import { BUILT_IN_RATE_CARD } from '../domain/rate-card.ts';
import type { Tier } from '../domain/tier.ts';

/** The place of a tier among the vendor's, from the lowest; 0 for one that the vendor does not have. */
export function rankOf(tier: Tier): number {
  const terms = BUILT_IN_RATE_CARD.editions.at(-1)?.partitions.get('aws') ?? [];
  return terms.find((one) => one.tier === tier)?.rank ?? 0;
}
