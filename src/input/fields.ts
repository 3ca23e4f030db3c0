import { type Decimal, decimalFromText } from '../domain/decimal.ts';
import { repeated } from '../domain/grouping.ts';
import { bareUserId, idDefect, isAccountId } from '../domain/ids.ts';
import { type Instant, instantFromText } from '../domain/instant.ts';
import type { Region } from '../domain/region.ts';
import { regionFromText } from '../domain/region.ts';
import { type KnownTiers, type Tier, tierKey } from '../domain/tier.ts';
import { accountIdHint, instantForms, numberForms, regionSuggestion } from './hints.ts';
import { suggestion } from './nearest.ts';

/** The value of a field's text, or what is wrong with it. */
export type Parsed<Value> = { readonly value: Value } | Wrong;

/** What is wrong with a text; `kind` leaves out the correction for this value. */
interface Wrong {
  readonly wrong: string;
  readonly kind?: string;
}

/**
 * Reads the trimmed, non-empty text of one field. `written` is how the file writes it, if
 * that differs from `text`: its decimal mark may be a comma.
 */
export type FieldParser<Value> = (text: string, written?: string) => Parsed<Value>;

const SPACE = 0x20;
const TAB = 0x09;

/** Spaces and tabs around a field's text do not count. */
export function trimmed(text: string): string {
  // Most texts have none: checking both ends takes a tenth of the pattern's time.
  if (!isSpace(text.charCodeAt(0)) && !isSpace(text.charCodeAt(text.length - 1))) return text;
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function isSpace(unit: number): boolean {
  return unit === SPACE || unit === TAB;
}

/** What is wrong, with the correction for this value, blank if it is not known. */
function wrongWith(kind: string, remedy: string): Wrong {
  return { wrong: `${kind}${remedy}`, kind };
}

export const id: FieldParser<string> = (text) => {
  const wrong = idDefect(text);
  return wrong === undefined ? { value: text } : { wrong };
};

/** A user id in any of its forms, as the bare id. */
export const userId: FieldParser<string> = (text) => id(bareUserId(text));

export const instantField: FieldParser<Instant> = repeated((text) => {
  const value = instantFromText(text);
  if (value !== undefined) return { value };
  const forms = instantForms(text);
  const form = forms.length === 0 ? 'it as 2026-01-15T09:30:00Z or 2026-01-15' : forms.join(' or ');
  return wrongWith('not an instant of 2000 to 2199', `: write ${form}`);
});

/** Credits: an exact number that is not negative (M1). */
export const credits: FieldParser<Decimal> = (text, written) => {
  const value = decimalFromText(text);
  if (value === undefined) return notNumber(written ?? text, written !== undefined);
  return text.startsWith('-') ? { wrong: 'must not be negative' } : { value };
};

function notNumber(text: string, keepsMark: boolean): Wrong {
  const forms = numberForms(text, keepsMark);
  const form =
    forms.length === 0
      ? 'it as 1250.75, with at most 40 digits, no thousands separators'
      : forms.join(' or ');
  return wrongWith('not a number', `: write ${form}`);
}

/** A cap on overage credits; `none` means that there is none. */
export const cap: FieldParser<Decimal | 'none'> = (text, written) =>
  text.toLowerCase() === 'none' ? { value: 'none' } : credits(text, written);

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

export const overageSwitch: FieldParser<boolean> = (text) => {
  const value = SWITCH_WORDS.get(text.toLowerCase());
  return value === undefined ? { wrong: 'must be enabled or disabled' } : { value };
};

export const principalType: FieldParser<'user' | 'group'> = (text) => {
  const word = text.toLowerCase();
  return word === 'user' || word === 'group' ? { value: word } : { wrong: 'must be user or group' };
};

export const region: FieldParser<Region> = (text) => {
  const value = regionFromText(text);
  if (value !== undefined) return { value };
  const near = regionSuggestion(text);
  const kind =
    'not a Region: write its code (us-east-1) or AWS\'s name for it, "US East (N. Virginia)"';
  return wrongWith(kind, near === undefined ? '' : `; did you mean ${near}?`);
};

export const accountId: FieldParser<string> = (text) => {
  if (isAccountId(text)) return { value: text };
  const hint = accountIdHint(text);
  return wrongWith('an account id has 12 digits', hint === undefined ? '' : `: ${hint}`);
};

/** Any tier at all, by what its spellings share. */
export const anyTier: FieldParser<Tier> = (text) => ({ value: tierKey(text) });

/** A tier known in this run. */
export function tierField(known: KnownTiers): FieldParser<Tier> {
  return repeated((text) => {
    const tier = known.get(tierKey(text));
    if (tier !== undefined) return { value: tier };
    const names = [...known.values()];
    return wrongWith(`not a tier (${names.join(', ')})`, suggestion(text, names));
  });
}
