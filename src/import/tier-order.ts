import { BUILT_IN_RATE_CARD, type RateCard } from '../domain/rate-card.ts';
import type { Tier } from '../domain/tier.ts';

/** The position of a tier among all, from the lowest; 0 for one that is on no card. */
export type RankOf = (tier: Tier) => number;

/** Orders tiers by the user's own rate card, else by the built-in one; the newest edition counts. */
export function tierOrder(card?: RateCard): RankOf {
  const ranks = new Map<Tier, number>();
  for (const { editions } of card === undefined
    ? [BUILT_IN_RATE_CARD]
    : [BUILT_IN_RATE_CARD, card]) {
    for (const { partitions } of editions) {
      for (const terms of partitions.values()) {
        for (const { tier, rank } of terms) ranks.set(tier, rank);
      }
    }
  }
  return (tier) => ranks.get(tier) ?? 0;
}
