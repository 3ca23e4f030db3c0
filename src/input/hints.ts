/**
 * What to write instead of an invalid value: the right form of that value, if it
 * can be known. Several forms if it is ambiguous.
 */

import { decimalFromText } from '../domain/decimal.ts';
import { shownMark, unambiguousForms } from '../domain/decimal-mark.ts';
import { isAccountId } from '../domain/ids.ts';
import { instantFromText } from '../domain/instant.ts';
import { REGION_NAMES } from '../domain/region.ts';
import { nearest } from './nearest.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME =
  /^[T ,]*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? *([ap]\.?m\.?)? *(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

/** The instants that a text could mean, in the required form; none if the text does not decide it. */
export function instantForms(text: string): string[] {
  const forms = [...datedForms(text), ...numberedForms(text)];
  return [...new Set(forms.filter((form) => instantFromText(form) !== undefined))];
}

/** Dates with separators or the name of a month; of two numbers before the year either may be the month. */
const DATES = [
  /^(?<one>\d{1,2})[./-](?<other>\d{1,2})[./-](?<year>\d{4}|\d\d)(?<time>.*)$/,
  /^(?<year>\d{4})([-/.]?)(?<month>\d{1,2})\2(?<day>\d{1,2})(?<time>.*)$/,
  /^(?<day>\d{1,2})\.?[ -](?<name>[a-z]{3,9})\.?,?[ -](?<year>\d{4}|\d\d)(?<time>.*)$/i,
  /^(?<name>[a-z]{3,9})\.? (?<day>\d{1,2}),? (?<year>\d{4})(?<time>.*)$/i,
];

function datedForms(text: string): string[] {
  const parts = DATES.map((date) => date.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return [];
  const { year = '', one, other, name = '', day = '', time = '' } = parts;
  const month = parts.month ?? monthNumber(name);
  if (one === undefined || other === undefined) return dateForms(year, month, day, time);
  return [...dateForms(year, other, one, time), ...dateForms(year, one, other, time)];
}

function monthNumber(name: string): string {
  return String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
}

function dateForms(year: string, month: string, day: string, time: string): string[] {
  const date = `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (time.trim() === '') return [date];
  const match = TIME.exec(time);
  if (match === null) return [];
  const [, hour = '', minute, second = '00', fraction = '', half = '', zone = 'Z'] = match;
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
  const shownZone = /^[A-Z]/i.test(zone) ? 'Z' : zone;
  const shownFraction = fraction === '' ? '' : `.${fraction}`;
  const clock = (of: number): string => `${String(of).padStart(2, '0')}:${minute}:${second}`;
  if (hours === 24 && Number(`${minute}${second}${fraction}`) === 0) {
    return [`${dayAfter(date)}T${clock(0)}${shownZone}`];
  }
  return [`${date}T${clock(hours)}${shownFraction}${shownZone}`];
}

const DAY_MS = 86_400_000;

function dayAfter(date: string): string {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(midnight) ? '' : new Date(midnight + DAY_MS).toISOString().slice(0, 10);
}

const EXCEL_DAY_ZERO = Date.UTC(1899, 11, 30);

/** The forms of an Excel day number and of seconds or milliseconds since 1970. */
function numberedForms(text: string): string[] {
  if (/^[34567]\d{4}$/.test(text)) {
    return [new Date(EXCEL_DAY_ZERO + Number(text) * DAY_MS).toISOString().slice(0, 10)];
  }
  if (/^[1-7]\d{9}$/.test(text)) return [isoText(Number(text) * 1000)];
  return /^[1-7]\d{12}$/.test(text) ? [isoText(Number(text))] : [];
}

function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

const BESIDE_NUMBER = /[\s\u00a0\u202f'\u2019_]|^\+|[$€£]|USD|EUR|credits?$/gi;
const WHOLE = /^-?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+)$/;
const SEVERAL_GROUPS = /^-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+$/;

/**
 * The numbers that a text could mean, with a point as the decimal mark; with the mark that the
 * text has if `keepsMark`, as in files separated by semicolons or tabs.
 */
export function numberForms(text: string, keepsMark: boolean): string[] {
  const bare = text.replace(BESIDE_NUMBER, '');
  const forms = bareForms(bare).map((form) => (keepsMark ? form : form.replace(',', '.')));
  return forms.filter((form) => decimalFromText(form.replace(',', '.')) !== undefined);
}

function bareForms(bare: string): readonly string[] {
  if (shownMark(bare)?.isCertain === false) return unambiguousForms(bare);
  if (SEVERAL_GROUPS.test(bare)) return [bare.replace(/[.,]/g, '')];
  const at = Math.max(bare.lastIndexOf(','), bare.lastIndexOf('.'));
  if (at < 0) return [bare];
  const whole = bare.slice(0, at);
  return WHOLE.test(whole) && !whole.includes(bare[at] as string)
    ? [`${whole.replace(/[.,]/g, '')}${bare.slice(at)}`]
    : [];
}

/** How to correct an account id that a spreadsheet or a person wrote in another form, if it can be known. */
export function accountIdHint(text: string): string | undefined {
  const digits = text.replace(/[\s.,'_-]/g, '');
  if (isAccountId(digits)) return `write ${digits}`;
  const spelled = /^\d+(?:[.,]0+)?$/.test(text) ? text.replace(/[.,].*$/, '') : '';
  if (isAccountId(spelled)) return `write ${spelled}`;
  const power = /^(\d)[.,]?(\d*)E\+?11$/i.exec(text);
  if (power !== null) {
    const known = `${power[1]}${power[2]}`;
    return known.length === 12
      ? `Excel wrote it as a power of ten: write ${known}`
      : 'Excel wrote it as a power of ten, and its last digits are lost: format the column as text and copy the id from AWS again';
  }
  if (/^\d{8,11}$/.test(spelled)) {
    const zeros = spelled.length === 11 ? 'its leading zero' : 'its leading zeros';
    return `Excel takes ${zeros} away: write ${spelled.padStart(12, '0')}`;
  }
  return undefined;
}

/** A shorter text is similar to too many names. */
const SHORTEST_REGION = 4;

/** The name of the Region that a text most likely means. */
export function regionSuggestion(text: string): string | undefined {
  const wanted = text.toLowerCase();
  const named = REGION_NAMES.find(({ name }) => wordsOf(name).includes(wanted));
  if (named !== undefined) return named.name;
  if (wanted.length < SHORTEST_REGION) return undefined;
  const keys = REGION_NAMES.flatMap(({ code, name }) => [
    { key: code, shown: code },
    { key: name, shown: name },
    ...wordsOf(name).map((key) => ({ key, shown: name })),
  ]);
  const near = nearest(
    text,
    keys.map(({ key }) => key),
  );
  return keys.find(({ key }) => key === near)?.shown;
}

/** The place that an AWS name has in brackets, and its last word. */
function wordsOf(name: string): string[] {
  const place = /\((.*)\)/.exec(name)?.[1]?.toLowerCase() ?? '';
  return [place, place.replace(/^[a-z]\. /, '')].filter(
    (word) => word.length > 2 && !word.startsWith('us-'),
  );
}
