/** A tier by the name that is shown: `Pro`, `Pro+`, `Pro Max`, `Power`, or a custom name of the rate card. */
export type Tier = string;

const STANDARD_TIERS: readonly Tier[] = ['Pro', 'Pro+', 'Pro Max', 'Power'];

/** The tiers known in a run, by the key that their spellings share. */
export type KnownTiers = ReadonlyMap<string, Tier>;

/** What AWS's interfaces put before the names of Kiro's tiers. */
const LEADING_NAME = /^(?:kiroenterprise|qdeveloperstandalone|kiro)(?=.)/;

/**
 * What all spellings of one tier share: case, spaces, `_`, `-` and a leading `Kiro`, `Kiro
 * Enterprise` or `Q Developer Standalone` do not count, and `+` reads as `plus`. `Kiro Pro+`,
 * `PRO_PLUS` and `ProPlus` give `proplus`; `KIRO_ENTERPRISE_PRO_POWER` is Power.
 */
export function tierKey(spelling: string): string {
  const key = spelling.toLowerCase().replace(/[ _-]/g, '').replaceAll('+', 'plus');
  return key === 'kiroenterprisepropower' ? 'power' : key.replace(LEADING_NAME, '');
}

/** The standard tiers, and those that a rate card adds. */
export function knownTiers(cardTiers: Iterable<Tier> = []): KnownTiers {
  const known = new Map(STANDARD_TIERS.map((tier) => [tierKey(tier), tier]));
  for (const tier of cardTiers) {
    const key = tierKey(tier);
    if (!known.has(key)) known.set(key, tier);
  }
  return known;
}

/** The name under which a standard tier is shown; a custom name of the card is unchanged. */
export function shownTier(spelling: string): Tier {
  return STANDARD_TIERS.find((tier) => tierKey(tier) === tierKey(spelling)) ?? spelling;
}
