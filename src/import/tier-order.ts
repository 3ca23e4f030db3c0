import { BUILT_IN_RATE_CARD, pricedFrom, type RateCard, tiersOfCard } from '../domain/rate-card.ts';
import { type KnownTiers, knownTiers, type Tier } from '../domain/tier.ts';

/** The position of a tier among all, from the lowest; 0 for one that is on no card. */
export type RankOf = (tier: Tier) => number;

/** The tiers that files may name, and their order. */
export interface CardTiers {
  readonly known: KnownTiers;
  readonly rankOf: RankOf;
  /** The first month that the card prices, `YYYY-MM`. */
  readonly since: string;
}

/** The tiers of a rate card, and of the built-in one; the newest edition orders them. */
export function cardTiers(card: RateCard): CardTiers {
  const ranks = new Map<Tier, number>();
  for (const { editions } of [BUILT_IN_RATE_CARD, card]) {
    for (const { partitions } of editions) {
      for (const terms of partitions.values()) {
        for (const { tier, rank } of terms) ranks.set(tier, rank);
      }
    }
  }
  return {
    known: knownTiers(tiersOfCard(card)),
    rankOf: (tier) => ranks.get(tier) ?? 0,
    since: pricedFrom(card),
  };
}
