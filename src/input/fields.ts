import { type Decimal, decimalFromText } from '../domain/decimal.ts';
import { bareUserId, idDefect, isAccountId } from '../domain/ids.ts';
import { type Instant, instantFromText } from '../domain/instant.ts';
import type { Region } from '../domain/region.ts';
import { regionFromText } from '../domain/region.ts';
import { type KnownTiers, type Tier, tierKey } from '../domain/tier.ts';

/** What a field's text reads as, or what is wrong with it. */
export type Parsed<Value> = { readonly value: Value } | { readonly wrong: string };

/** Reads the trimmed, non-empty text of one field. */
export type FieldParser<Value> = (text: string) => Parsed<Value>;

/** Spaces and tabs around a field's text do not count. */
export function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function parsed<Value>(value: Value | undefined, wrong: string): Parsed<Value> {
  return value === undefined ? { wrong } : { value };
}

export const id: FieldParser<string> = (text) => {
  const wrong = idDefect(text);
  return wrong === undefined ? { value: text } : { wrong };
};

/** A user id in any of its forms, as the bare id. */
export const userId: FieldParser<string> = (text) => id(bareUserId(text));

export const instantField: FieldParser<Instant> = (text) =>
  parsed(
    instantFromText(text),
    'not an instant of 2000 to 2199: write it as 2026-01-15T09:30:00Z or 2026-01-15',
  );

/** Credits: an exact number that is not negative. Rule M1. */
export const credits: FieldParser<Decimal> = (text) => {
  const value = decimalFromText(text);
  if (value === undefined) {
    return {
      wrong: 'not a number: write it as 1250.75, with at most 40 digits, no thousands separators',
    };
  }
  return text.startsWith('-') ? { wrong: 'must not be negative' } : { value };
};

/** A cap on overage credits; `none` means that there is none. */
export const cap: FieldParser<Decimal | 'none'> = (text) =>
  text.toLowerCase() === 'none' ? { value: 'none' } : credits(text);

const SWITCH_WORDS = new Map<string, boolean>([
  ['enabled', true],
  ['disabled', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
  ['yes', true],
  ['no', false],
]);

export const overageSwitch: FieldParser<boolean> = (text) =>
  parsed(SWITCH_WORDS.get(text.toLowerCase()), 'must be enabled or disabled');

export const principalType: FieldParser<'user' | 'group'> = (text) => {
  const word = text.toLowerCase();
  return word === 'user' || word === 'group' ? { value: word } : { wrong: 'must be user or group' };
};

export const region: FieldParser<Region> = (text) =>
  parsed(
    regionFromText(text),
    'not a Region: write its code (us-east-1) or AWS\'s name for it, "US East (N. Virginia)"',
  );

export const accountId: FieldParser<string> = (text) =>
  isAccountId(text) ? { value: text } : { wrong: 'an account id has 12 digits' };

/** Any tier at all, by what its spellings share. */
export const anyTier: FieldParser<Tier> = (text) => ({ value: tierKey(text) });

/** A tier that the run knows; `nearest` finds a suggestion for one that it does not. */
export function tierField(
  known: KnownTiers,
  nearest: (text: string, candidates: readonly string[]) => string | undefined,
): FieldParser<Tier> {
  return (text) => {
    const tier = known.get(tierKey(text));
    if (tier !== undefined) return { value: tier };
    const names = [...known.values()];
    const suggestion = nearest(text, names);
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    return { wrong: `not a tier (${names.join(', ')})${hint}` };
  };
}
