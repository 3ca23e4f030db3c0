import type { Dialect } from './dialect.ts';

const DAY = '(?:20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const HOUR = '(?:[01][0-9]|2[0-3])';
const SIXTY = '[0-5][0-9]';
const ZONE = `(?:[Zz]|[+-]${HOUR}(?::?${SIXTY})?)`;
const NUMBER = '^(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?0*(?:[0-3]?[0-9]|40))?\\z';

/** The type of credits that are read from text, and its decimals. */
const SCALE = 24;
const CREDITS_TYPE = `DECIMAL(38, ${SCALE})`;

/**
 * The instant of a text in one of the spec's forms; fails if it has another form, or is finer than
 * the type.
 */
export function instantFrom(dialect: Dialect, text: string): string {
  const time = `[Tt ]${HOUR}:${SIXTY}(?::${SIXTY}(?:${dialect.secondFraction})?)?${ZONE}?`;
  const isInstant = dialect.matches(text, `^${DAY}(?:${time})?\\z`);
  const failure = dialect.fail(`'no such instant: ' || ${text}`, dialect.instantType);
  return `CASE WHEN ${isInstant} THEN ${dialect.instantOfText(text)} ELSE ${failure} END`;
}

/** The midnight, in UTC, of a text that is a date; fails if it is not a date. */
export function midnightFrom(dialect: Dialect, text: string): string {
  const isDate = dialect.matches(text, `^${DAY}\\z`);
  const failure = dialect.fail(`'no such date: ' || ${text}`, dialect.instantType);
  return `CASE WHEN ${isDate} THEN ${dialect.instantOfText(text)} ELSE ${failure} END`;
}

/**
 * The credits of a text in one of the spec's forms, exact (rule M1). A cast silently rounds digits
 * off, so this fails if there are more decimals than the type has.
 */
export function creditsFrom(dialect: Dialect, text: string): string {
  const digits = `length(${dialect.replaced(text, '[.]|[eE].*', '')})`;
  const fraction = `coalesce(length(${dialect.part(text, '[.]([0-9]*?)0*(?:[eE]|\\z)')}), 0)`;
  const exponent = `coalesce(CAST(nullif(${dialect.part(text, '[eE][+]?(.*)\\z')}, '') AS INTEGER), 0)`;
  const isZero = `NOT (${dialect.matches(text, '^[0.]*[1-9]')})`;
  const fits = `${digits} <= 40 AND (${fraction} - ${exponent} <= ${SCALE} OR ${isZero})`;
  const failure = dialect.fail(`'no such credits: ' || ${text}`, CREDITS_TYPE);
  return `CASE WHEN ${dialect.matches(text, NUMBER)} AND ${fits} THEN CAST(${text} AS ${CREDITS_TYPE}) ELSE ${failure} END`;
}
