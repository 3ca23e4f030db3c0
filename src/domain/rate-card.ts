import type { BillingPeriod } from './billing-period.ts';
import { type Decimal, decimal, multiply } from './decimal.ts';
import type { Partition } from './region.ts';
import type { Tier } from './tier.ts';

/** What a tier costs and includes in one partition: per seat and month, exact. */
export interface TierTerms {
  readonly tier: Tier;
  /** Orders the tiers: the held tier is the one with the highest rank. */
  readonly rank: number;
  readonly price: Decimal;
  /** The monthly allowance. */
  readonly credits: Decimal;
  /** Price of one credit beyond the allowance. */
  readonly overageRate: Decimal;
}

/** Private pricing: each given value replaces that of the partition. */
export interface TierOverride {
  readonly price?: Decimal;
  readonly credits?: Decimal;
  readonly overageRate?: Decimal;
}

/** What a start, or an upgrade in the month of a start, costs (S2, S3). */
export type FirstMonthPolicy = 'prorated' | 'full';

export interface RateEdition {
  /** The first month, `YYYY-MM`, that this edition prices. */
  readonly from: string;
  readonly currency: string;
  /** What a new seat is charged (S2). */
  readonly firstMonth: FirstMonthPolicy;
  /** What an upgrade is charged in the month of a new seat (S3). */
  readonly firstMonthUpgrade: FirstMonthPolicy;
  /** The tiers of each partition, from the lowest rank. */
  readonly partitions: ReadonlyMap<Partition, readonly TierTerms[]>;
  /** By account id or profile id, then by tier. */
  readonly overrides: ReadonlyMap<string, ReadonlyMap<Tier, TierOverride>>;
}

export interface RateCard {
  /** From the oldest. */
  readonly editions: readonly RateEdition[];
  /** Partitions whose prices the vendor gives only approximately. */
  readonly approximatePartitions: ReadonlySet<Partition>;
}

/** The edition in force at the first instant of the period; `undefined` before the first one. Rule M3. */
export function editionFor(card: RateCard, period: BillingPeriod): RateEdition | undefined {
  return card.editions.findLast((edition) => edition.from <= period.month);
}

/** The first month that a card prices, `YYYY-MM`: every card has an edition. */
export function pricedFrom({ editions: [first] }: RateCard): string {
  return (first as RateEdition).from;
}

/** All tier names of a card, each once. */
export function tiersOfCard(card: RateCard): Set<Tier> {
  const tiers = new Set<Tier>();
  for (const { partitions } of card.editions) {
    for (const terms of partitions.values()) for (const { tier } of terms) tiers.add(tier);
  }
  return tiers;
}

const OVERAGE_RATE = decimal('0.04');
/** The vendor says "approximately 20% higher" of GovCloud, and no dollar figure. */
const GOVCLOUD_FACTOR = decimal('1.2');

function commercialTerms(tier: Tier, rank: number, price: string, credits: string): TierTerms {
  return {
    tier,
    rank,
    price: decimal(price),
    credits: decimal(credits),
    overageRate: OVERAGE_RATE,
  };
}

function govCloudTerms(terms: TierTerms): TierTerms {
  return {
    ...terms,
    price: multiply(terms.price, GOVCLOUD_FACTOR),
    overageRate: multiply(terms.overageRate, GOVCLOUD_FACTOR),
  };
}

function builtInEdition(from: string, terms: readonly TierTerms[]): RateEdition {
  return {
    from,
    currency: 'USD',
    firstMonth: 'prorated',
    firstMonthUpgrade: 'full',
    partitions: new Map([
      ['aws', terms],
      ['aws-us-gov', terms.map(govCloudTerms)],
    ]),
    overrides: new Map(),
  };
}

const PRO = commercialTerms('Pro', 1, '20', '1000');
const PRO_PLUS = commercialTerms('Pro+', 2, '40', '2000');
const PRO_MAX = commercialTerms('Pro Max', 3, '100', '5000');
const POWER = commercialTerms('Power', 4, '200', '10000');

/** The vendor's public prices, by partition (M4). */
export const BUILT_IN_RATE_CARD: RateCard = {
  editions: [
    builtInEdition('2025-10', [PRO, PRO_PLUS, POWER]),
    builtInEdition('2026-06', [PRO, PRO_PLUS, PRO_MAX, POWER]),
  ],
  approximatePartitions: new Set(['aws-us-gov']),
};

/** A tier's rank and its monthly credits, by a profile's prices in a month. */
export type RankedCredits = Pick<TierTerms, 'rank' | 'credits'>;

/** Finds these for a tier, by its `tierKey`, in a month (`YYYY-MM`); `undefined` if the edition in force has none. */
export type RankedCreditsAt = (
  profileId: string,
  month: string,
  tier: string,
) => RankedCredits | undefined;
