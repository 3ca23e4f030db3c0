/** Rate cards as they stand in `rates.json`, decimals as strings, and the built-in one (M3, M4). */
import type { Profile } from './facts.ts';
import { parseDecimal, type Rational } from './rational.ts';
import { partitionOf, tierKey } from './spelling.ts';
import type { Month } from './time.ts';

export interface TierRow {
  readonly name: string;
  readonly rank: number;
  readonly price: string;
  readonly credits: string;
  readonly overage_rate: string;
}

/** What a private price may replace of a tier, all or some of it. */
export type TierOverride = Partial<Pick<TierRow, 'price' | 'credits' | 'overage_rate'>>;

export interface RateEdition {
  readonly from: string;
  readonly currency: string;
  readonly first_month: 'prorated' | 'full';
  readonly first_month_upgrade?: 'prorated' | 'full';
  readonly partitions: Readonly<Record<string, readonly TierRow[]>>;
  /** By account id or profile id, then by the tier's name. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, TierOverride>>>>;
}

export interface RateCard {
  readonly editions: readonly RateEdition[];
}

/** What one profile pays for a tier in one month. */
export interface TierTerms {
  readonly key: string;
  readonly name: string;
  readonly rank: number;
  readonly price: Rational;
  readonly credits: Rational;
  readonly overageRate: Rational;
}

function builtInTier(name: string, rank: number, price: string, credits: string): TierRow {
  return { name, rank, price, credits, overage_rate: '0.04' };
}

/** GovCloud, 1.2 x the price and the overage rate, each written out from the commercial table. */
function govCloudTier(name: string, rank: number, price: string, credits: string): TierRow {
  return { name, rank, price, credits, overage_rate: '0.048' };
}

const BUILT_IN_SINCE_2025_10: RateEdition = {
  from: '2025-10',
  currency: 'USD',
  first_month: 'prorated',
  partitions: {
    aws: [
      builtInTier('Pro', 1, '20', '1000'),
      builtInTier('Pro+', 2, '40', '2000'),
      builtInTier('Power', 4, '200', '10000'),
    ],
    'aws-us-gov': [
      govCloudTier('Pro', 1, '24', '1000'),
      govCloudTier('Pro+', 2, '48', '2000'),
      govCloudTier('Power', 4, '240', '10000'),
    ],
  },
};

const BUILT_IN_SINCE_2026_06: RateEdition = {
  from: '2026-06',
  currency: 'USD',
  first_month: 'prorated',
  partitions: {
    aws: [
      builtInTier('Pro', 1, '20', '1000'),
      builtInTier('Pro+', 2, '40', '2000'),
      builtInTier('Pro Max', 3, '100', '5000'),
      builtInTier('Power', 4, '200', '10000'),
    ],
    'aws-us-gov': [
      govCloudTier('Pro', 1, '24', '1000'),
      govCloudTier('Pro+', 2, '48', '2000'),
      govCloudTier('Pro Max', 3, '120', '5000'),
      govCloudTier('Power', 4, '240', '10000'),
    ],
  },
};

export const BUILT_IN_RATE_CARD: RateCard = {
  editions: [BUILT_IN_SINCE_2025_10, BUILT_IN_SINCE_2026_06],
};

/** The edition in force at the first instant of the month. Rule M3. */
export function editionFor(card: RateCard, month: Month): RateEdition {
  const begun = card.editions.filter((edition) => edition.from <= month.name);
  const latest = begun.find((edition) => begun.every((other) => other.from <= edition.from));
  if (latest === undefined) throw new Error(`no edition is in force in ${month.name}`);
  return latest;
}

function overridesFor(
  edition: RateEdition,
  owners: readonly string[],
  tier: TierRow,
): TierOverride[] {
  return owners
    .flatMap((owner) => Object.entries(edition.overrides?.[owner] ?? {}))
    .filter(([name]) => tierKey(name) === tierKey(tier.name))
    .map(([, override]) => override);
}

/** All tiers that a profile can hold in a month, at its own prices. Rules M3 and M4. */
export function termsFor(card: RateCard, month: Month, profile: Profile): TierTerms[] {
  const edition = editionFor(card, month);
  const rows = edition.partitions[partitionOf(profile.region)];
  if (rows === undefined) throw new Error(`the card lacks the partition of ${profile.profileId}`);
  return rows.map((row) => {
    const ofAccount = overridesFor(edition, [profile.accountId], row);
    const ofProfile = overridesFor(edition, [profile.profileId, ...profile.aliases], row);
    const own = Object.assign({}, row, ...ofAccount, ...ofProfile) as TierRow;
    return {
      key: tierKey(row.name),
      name: row.name,
      rank: row.rank,
      price: parseDecimal(own.price),
      credits: parseDecimal(own.credits),
      overageRate: parseDecimal(own.overage_rate),
    };
  });
}
