import { isLosslessNumber, LosslessNumber, stringify } from 'lossless-json';
import { billingPeriodFromText } from '../domain/billing-period.ts';
import { type Decimal, powerOfTen, writtenDecimal } from '../domain/decimal.ts';
import type { Problem } from '../domain/problem.ts';
import {
  type FirstMonthPolicy,
  type RateCard,
  type RateEdition,
  type TierOverride,
  type TierTerms,
  tiersOfCard,
} from '../domain/rate-card.ts';
import { compareBytes } from '../domain/text-order.ts';
import { knownTiers, shownTier, type Tier, tierKey } from '../domain/tier.ts';
import type { ByteSource } from './byte-source.ts';
import { isJsonObject, readJson } from './json.ts';
import { nearest } from './nearest.ts';
import type { ProblemLog } from './problem-log.ts';

/**
 * Reads a rate card. Every problem goes to `log`, with the path to the value, as in
 * `editions[0].partitions.aws[1].price`; then there is no card.
 */
export async function readRateCard(
  source: ByteSource,
  log: ProblemLog,
): Promise<RateCard | undefined> {
  const { file } = source;
  const problemsBefore = log.total;
  try {
    // A number is read by its digits, never as a float (M1).
    const json = await readJson(source, 'rate card', (digits) => new LosslessNumber(digits));
    const card = new CardReader(file, log).card(json);
    return log.total > problemsBefore ? undefined : card;
  } catch (error) {
    log.addFailure(error);
    return undefined;
  }
}

const EDITION_KEYS: readonly string[] = [
  'from',
  'currency',
  'first_month',
  'first_month_upgrade',
  'partitions',
  'overrides',
];

/** What would change prices, and would be left out where it is not in an edition. */
const TERMS_OF_EDITION: readonly string[] = ['first_month', 'first_month_upgrade', 'overrides'];

class CardReader {
  readonly #file: string;
  readonly #log: ProblemLog;

  constructor(file: string, log: ProblemLog) {
    this.#file = file;
    this.#log = log;
  }

  card(json: unknown): RateCard {
    const root = this.#object('', json);
    const editions = this.#list('editions', root.get('editions')).map((value, index) =>
      this.#edition(`editions[${index}]`, value),
    );
    const froms = editions.map(({ from }) => from);
    this.#refuseTwice('editions', 'from', froms, 'two editions start in');
    this.#refuseTermsOfEdition('', root);
    editions.sort((a, b) => compareBytes(a.from, b.from));
    return withOneNamePerTier({ editions, approximatePartitions: new Set() });
  }

  #edition(path: string, json: unknown): RateEdition {
    const edition = this.#object(path, json);
    this.#refuseMistypedKeys(path, [...edition.keys()]);
    const partitions = this.#entries(`${path}.partitions`, edition.get('partitions'));
    if (partitions.length === 0) this.#problem(`${path}.partitions`, 'must name a partition');
    const terms = partitions.map(
      ([name, value]) => [name, this.#partition(`${path}.partitions.${name}`, value)] as const,
    );
    const tiers = new Map(terms.flatMap(([, all]) => all.map(({ tier }) => [tierKey(tier), tier])));
    return {
      from: this.#month(`${path}.from`, edition.get('from')),
      currency: this.#currency(`${path}.currency`, edition.get('currency')),
      firstMonth: this.#firstMonth(`${path}.first_month`, edition.get('first_month'), 'prorated'),
      firstMonthUpgrade: this.#firstMonth(
        `${path}.first_month_upgrade`,
        edition.get('first_month_upgrade'),
        'full',
      ),
      partitions: new Map(terms),
      overrides: this.#overrides(`${path}.overrides`, edition.get('overrides'), tiers),
    };
  }

  /** Any other key is a remark; in an edition, a mistyped key would be a price that is silently ignored. */
  #refuseMistypedKeys(path: string, keys: readonly string[]): void {
    for (const key of keys) {
      const near = EDITION_KEYS.includes(key) ? undefined : nearest(key, EDITION_KEYS);
      if (near !== undefined) this.#problem(`${path}.${key}`, `did you mean ${near}?`);
    }
  }

  #refuseTermsOfEdition(path: string, object: ReadonlyMap<string, unknown>): void {
    for (const key of object.keys()) {
      if (!TERMS_OF_EDITION.includes(key)) continue;
      this.#problem(`${path}${key}`, 'belongs in an entry of editions, beside its partitions');
    }
  }

  #partition(path: string, json: unknown): TierTerms[] {
    const terms = this.#list(path, json).map((value, index) =>
      this.#tierTerms(`${path}[${index}]`, value),
    );
    if (terms.length === 0) this.#problem(path, 'must have at least one tier');
    const keys = terms.map(({ tier }) => tierKey(tier));
    const ranks = terms.map(({ rank }) => String(rank));
    this.#refuseTwice(path, 'name', keys, 'two tiers have this name');
    this.#refuseTwice(path, 'rank', ranks, 'two tiers have this rank');
    return terms.sort((a, b) => a.rank - b.rank);
  }

  /** Refuses values of `name` in a list that one before them has, too. */
  #refuseTwice(path: string, name: string, values: readonly string[], what: string): void {
    for (const [index, value] of values.entries()) {
      const isNew = values.indexOf(value) === index;
      if (!isNew) this.#problem(`${path}[${index}].${name}`, what, value);
    }
  }

  #tierTerms(path: string, json: unknown): TierTerms {
    const tier = this.#object(path, json);
    this.#refuseTermsOfEdition(`${path}.`, tier);
    return {
      tier: shownTier(this.#text(`${path}.name`, tier.get('name'))),
      rank: this.#rank(`${path}.rank`, tier.get('rank')),
      price: this.#decimal(`${path}.price`, tier.get('price')),
      credits: this.#decimal(`${path}.credits`, tier.get('credits')),
      overageRate: this.#decimal(`${path}.overage_rate`, tier.get('overage_rate')),
    };
  }

  #overrides(
    path: string,
    json: unknown,
    tiers: ReadonlyMap<string, Tier>,
  ): Map<string, Map<Tier, TierOverride>> {
    const overrides = new Map<string, Map<Tier, TierOverride>>();
    if (json === undefined) return overrides;
    for (const [key, value] of this.#entries(path, json)) {
      const owner = key.trim();
      if (owner === '') this.#problem(path, 'the key must be an account id or a profile id', key);
      if (overrides.has(owner)) this.#problem(path, 'two overrides have this key', owner);
      const byTier = new Map<Tier, TierOverride>();
      for (const [name, figures] of this.#entries(`${path}.${owner}`, value)) {
        const tier = tiers.get(tierKey(name));
        if (tier === undefined) {
          this.#problem(`${path}.${owner}`, 'no partition of the edition has this tier', name);
        } else if (byTier.has(tier)) {
          this.#problem(`${path}.${owner}`, 'the tier is overridden twice', name);
        } else {
          byTier.set(tier, this.#override(`${path}.${owner}.${name}`, figures));
        }
      }
      overrides.set(owner, byTier);
    }
    return overrides;
  }

  #override(path: string, json: unknown): TierOverride {
    let override: TierOverride = {};
    for (const [name, value] of this.#object(path, json)) {
      const figure = this.#decimal(`${path}.${name}`, value);
      if (name === 'price') override = { ...override, price: figure };
      else if (name === 'credits') override = { ...override, credits: figure };
      else if (name === 'overage_rate') override = { ...override, overageRate: figure };
      else this.#problem(path, 'an override has price, credits or overage_rate, not this', name);
    }
    return override;
  }

  #month(path: string, json: unknown): string {
    const text = this.#text(path, json);
    if (text !== '' && billingPeriodFromText(text) === undefined) {
      this.#problem(path, 'must be a month, written 2026-01', text);
    }
    return text;
  }

  #currency(path: string, json: unknown): string {
    const text = this.#text(path, json);
    if (text !== '' && !/^[A-Z]{3}$/.test(text)) {
      this.#problem(path, 'must be an ISO code of three capital letters, such as USD', text);
    }
    return text;
  }

  #firstMonth(path: string, json: unknown, preset: FirstMonthPolicy): FirstMonthPolicy {
    if (json === undefined) return preset;
    const text = this.#text(path, json).toLowerCase();
    if (text === 'full' || text === 'prorated') return text;
    this.#problem(path, 'must be prorated or full', text);
    return preset;
  }

  #rank(path: string, json: unknown): number {
    const rank = wholeNumber(writtenDecimal(numberText(json) ?? ''));
    if (rank !== undefined) return rank;
    this.#problem(path, 'must be a whole number that orders the tiers', shown(json));
    return 0;
  }

  #decimal(path: string, json: unknown): Decimal {
    const text = numberText(json) ?? '';
    const value = writtenDecimal(text);
    if (value !== undefined && !text.startsWith('-')) return value;
    this.#problem(
      path,
      'must be a number that is not negative, such as "20" or "0.04"',
      shown(json),
    );
    return { units: 0n, scale: 0 };
  }

  #text(path: string, json: unknown): string {
    if (typeof json === 'string' && json.trim() !== '') return json.trim();
    this.#problem(path, json === undefined ? 'is missing' : 'must be text', shown(json));
    return '';
  }

  #list(path: string, json: unknown): unknown[] {
    if (Array.isArray(json) && json.length > 0) return json;
    this.#problem(path, 'must be a list with at least one entry', shown(json));
    return [];
  }

  #object(path: string, json: unknown): Map<string, unknown> {
    return new Map(this.#entries(path, json));
  }

  #entries(path: string, json: unknown): [string, unknown][] {
    if (isJsonObject(json) && !isLosslessNumber(json)) return Object.entries(json);
    this.#problem(path, json === undefined ? 'is missing' : 'must be an object', shown(json));
    return [];
  }

  #problem(path: string, what: string, value?: string): void {
    const problem: Problem = {
      file: this.#file,
      what: path === '' ? what : `${path}: ${what}`,
    };
    this.#log.add(value === undefined ? problem : { ...problem, value });
  }
}

/** Every tier under the first of its spellings, from the oldest edition on, so that names agree. */
function withOneNamePerTier(card: RateCard): RateCard {
  const known = knownTiers(tiersOfCard(card));
  const named = (tier: Tier): Tier => known.get(tierKey(tier)) ?? tier;
  const editions = card.editions.map((edition) => ({
    ...edition,
    partitions: mapValues(edition.partitions, (all) =>
      all.map((terms) => ({ ...terms, tier: named(terms.tier) })),
    ),
    overrides: mapValues(
      edition.overrides,
      (byTier) => new Map([...byTier].map(([tier, override]) => [named(tier), override])),
    ),
  }));
  return { ...card, editions };
}

function mapValues<From, To>(
  map: ReadonlyMap<string, From>,
  change: (from: From) => To,
): Map<string, To> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

/** The number if it is whole, however it is written, and small enough to be exact. */
function wholeNumber(value: Decimal | undefined): number | undefined {
  if (value === undefined) return undefined;
  const unit = powerOfTen(value.scale);
  const whole = Number(value.units / unit);
  return value.units % unit === 0n && Number.isSafeInteger(whole) ? whole : undefined;
}

function numberText(json: unknown): string | undefined {
  if (isLosslessNumber(json)) return json.value;
  return typeof json === 'string' ? json.trim() : undefined;
}

/** A value as the message shows it. */
function shown(json: unknown): string | undefined {
  return typeof json === 'string' ? json : stringify(json);
}
