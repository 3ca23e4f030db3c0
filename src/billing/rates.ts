import type { BillingPeriod } from '../domain/billing-period.ts';
import { type Problem, WrongUsage } from '../domain/problem.ts';
import {
  editionFor,
  type RateCard,
  type RateEdition,
  type TierTerms,
} from '../domain/rate-card.ts';
import type { Profile } from '../domain/records.ts';
import { partitionOf } from '../domain/region.ts';
import type { Tier } from '../domain/tier.ts';
import type { Warning } from '../domain/warning.ts';

/**
 * Rejects months before the card's first edition: `WrongUsage` that says which months are
 * possible (M3).
 */
export function refuseMonthsBefore(card: RateCard, periods: readonly BillingPeriod[]): void {
  const early = periods.find((period) => editionFor(card, period) === undefined);
  if (early === undefined) return;
  const first = card.editions[0]?.from ?? 'never';
  const [from, ...others] = periods.filter(({ month }) => month >= first);
  const to = others.at(-1);
  const range = to === undefined ? from?.month : `${from?.month}..${to.month}`;
  const wouldDo = range === undefined ? `--month ${first} or a later one` : `--month ${range}`;
  throw new WrongUsage(
    `${early.month} is before the rate card's first edition (${first}): ask for ${wouldDo}, or give a card that covers it with --rates`,
  );
}

/**
 * The edition in force at the first instant of the period. A month before the first
 * edition is `WrongUsage` (M3).
 */
export function editionInForce(card: RateCard, period: BillingPeriod): RateEdition {
  const edition = editionFor(card, period);
  if (edition !== undefined) return edition;
  refuseMonthsBefore(card, [period]);
  throw new Error(`${period.month} has no edition`);
}

/** A profile's prices by tier. */
export type ProfileTerms = ReadonlyMap<Tier, TierTerms>;

/**
 * What each tier costs in a profile: the prices of its Region's partition,
 * with the overrides of its account and of the profile, which take precedence, whichever of its ids names
 * it. `undefined` if the edition does not have the partition. Rule M4.
 */
export function termsFor(edition: RateEdition, profile: Profile): ProfileTerms | undefined {
  const ofEdition = knownTerms.get(edition) ?? new WeakMap<Profile, ProfileTerms>();
  knownTerms.set(edition, ofEdition);
  const known = ofEdition.get(profile);
  if (known !== undefined) return known;
  const partitionTerms = edition.partitions.get(partitionOf(profile.region));
  if (partitionTerms === undefined) return undefined;
  const overrides = overrideKeys(profile).map((key) => edition.overrides.get(key));
  const found = new Map(
    partitionTerms.map((terms) => [
      terms.tier,
      Object.assign({}, terms, ...overrides.map((byTier) => byTier?.get(terms.tier))),
    ]),
  );
  ofEdition.set(profile, found);
  return found;
}

/** Needed for every seat, so computed once for each profile. */
const knownTerms = new WeakMap<RateEdition, WeakMap<Profile, ProfileTerms>>();

/** The keys by which a card may override the prices of a profile; a later one replaces an earlier one. */
function overrideKeys({ accountId, aliases = [], profileId }: Profile): string[] {
  return [accountId, ...aliases, profileId];
}

/** A warning for each override of the edition that names no account or profile of the data. */
export function unusedOverrides(
  { from, overrides }: RateEdition,
  profiles: Iterable<Profile>,
): Warning[] {
  const keys = new Set([...profiles].flatMap(overrideKeys));
  return [...overrides.keys()]
    .filter((key) => !keys.has(key))
    .map((key) => ({
      code: 'rates-unused',
      message: `the overrides for ${key} in the rate card's edition ${from} name no account or profile of the data: its prices are used nowhere`,
    }));
}

/** The problem of a profile whose partition the edition does not price in the month (M4). */
export function missingPartition(
  edition: RateEdition,
  profile: Profile,
  { month }: BillingPeriod,
): Problem {
  const partition = partitionOf(profile.region);
  const priced = [...edition.partitions.keys()].join(', ');
  return {
    ...profile.place,
    ...(profile.isMet
      ? { column: 'profile_id', value: profile.profileId }
      : { column: 'region', value: profile.region }),
    what: `profile ${profile.profileId} is in partition ${partition}, for which the rate card has no prices in ${month} (its edition ${edition.from} has ${priced}); give a card that has them with --rates`,
  };
}
