import type { BillingPeriod } from '../domain/billing-period.ts';
import { valueAt } from '../domain/grouping.ts';
import { type Problem, WrongUsage } from '../domain/problem.ts';
import {
  editionFor,
  pricedFrom,
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
  if (early !== undefined) throw monthBefore(card, early, periods);
}

/** That a month of those asked for is before the card's first edition, and which months are not. */
function monthBefore(
  card: RateCard,
  { month: early }: BillingPeriod,
  periods: readonly BillingPeriod[],
): WrongUsage {
  const first = pricedFrom(card);
  const months = periods.map(({ month }) => month).filter((month) => month >= first);
  const [from = `${first} or a later one`, ...others] = months;
  const wouldDo = ['--month ', from, ...others.slice(-1).map((to) => `..${to}`)].join('');
  return new WrongUsage(
    `${early} is before the rate card's first edition (${first}): ask for ${wouldDo}, or give a card that covers it with --rates`,
  );
}

/**
 * The edition in force at the first instant of the period. A month before the first
 * edition is `WrongUsage` (M3).
 */
export function editionInForce(card: RateCard, period: BillingPeriod): RateEdition {
  const edition = editionFor(card, period);
  if (edition === undefined) throw monthBefore(card, period, [period]);
  return edition;
}

/** A profile's prices by tier. */
export type ProfileTerms = ReadonlyMap<Tier, TierTerms>;

/**
 * What each tier costs in a profile: the prices of its Region's partition,
 * with the overrides of its account and of the profile, which take precedence, whichever of its ids names
 * it. `undefined` if the edition does not have the partition. Rule M4.
 */
export function termsFor(edition: RateEdition, profile: Profile): ProfileTerms | undefined {
  const ofEdition = valueAt(knownTerms, edition, () => new WeakMap());
  return valueAt(ofEdition, profile, () => termsOf(edition, profile));
}

/** Needed for every seat, so computed once for each profile. */
const knownTerms = new WeakMap<RateEdition, WeakMap<Profile, ProfileTerms | undefined>>();

function termsOf(edition: RateEdition, profile: Profile): ProfileTerms | undefined {
  const partitionTerms = edition.partitions.get(partitionOf(profile.region));
  if (partitionTerms === undefined) return undefined;
  const overrides = overrideKeys(profile).map((key) => edition.overrides.get(key));
  return new Map(
    partitionTerms.map((terms) => [
      terms.tier,
      Object.assign({}, terms, ...overrides.map((byTier) => byTier?.get(terms.tier))),
    ]),
  );
}

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
    ...(profile.isInferred
      ? { column: 'profile_id', value: profile.profileId }
      : { column: 'region', value: profile.region }),
    what: `profile ${profile.profileId} is in partition ${partition}, for which the rate card has no prices in ${month} (its edition ${edition.from} has ${priced}); give a card that has them with --rates`,
  };
}
