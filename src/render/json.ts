import type { MonthInvoice } from '../domain/invoice.ts';
import { type Column, cellText, type Row, type RowSource, type Sheet } from '../domain/sheet.ts';
import { dayText, type EpochDay, type MonthCoverage } from '../domain/usage-days.ts';
import type { Measure } from '../domain/view.ts';
import { type Warning, warningText } from '../domain/warning.ts';
import { UNSEEN } from './terminal.ts';

/** What a JSON output is built of; decimals are strings in it, and a member that is `undefined` is left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/** Characters that JSON allows although a terminal would obey or hide them. */
const UNSAFE = new RegExp(`[${UNSEEN}]`, 'g');

/** JSON text, indented by two, ending in LF, without control characters. */
export function jsonText(value: JsonValue): string {
  return `${safeText(value)}\n`;
}

function safeText(value: JsonValue): string {
  const text = JSON.stringify(value, undefined, 2);
  return text.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What is said of a month besides its rows. */
export type MonthNotes = Pick<MonthInvoice, 'warnings' | 'coverage'>;

/** What belongs to the rows of each month. */
export interface BesideRows {
  /** Texts by name, said before the rows. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Sheets by name, whose rows come after the totals. */
  readonly beside?: Readonly<Record<string, Sheet>>;
}

/**
 * Sheets for programs: `{month, currency, rows, totals, warnings, coverage}` for one month, an
 * array of these for several. Rows are objects by the names of the CSV columns, decimals
 * strings, counts numbers; `totals` has the columns that add up. `notes`: of each sheet's month,
 * in their order; a rate card has none. The text comes in pieces, made while it is written.
 */
export function* sheetsJson(
  sheets: readonly RowSource[],
  notes: readonly MonthNotes[],
  { facts = {}, beside = {} }: BesideRows = {},
): Generator<string> {
  const months = sheets.map((sheet, index) => {
    const said = notes[index];
    return objectOf([
      ['month', written(sheet.month)],
      ['currency', written(sheet.currency)],
      ...Object.entries(facts).map(([name, text]) => [name, written(text)] as const),
      ['rows', listOf(sheet.rows, (row) => rowObject(sheet.columns, row))],
      ['totals', (indent) => written(rowObject(sheet.columns, sheet.totals))(indent)],
      ...Object.entries(beside).map(
        ([name, { columns, rows }]) =>
          [name, listOf(rows, (row) => rowObject(columns, row))] as const,
      ),
      ['warnings', listOf(said?.warnings ?? [], warningObject)],
      ...(said === undefined ? [] : [['coverage', written(coverageValue(said.coverage))] as const]),
    ]);
  });
  const [only] = months;
  if (months.length === 1 && only !== undefined) yield* only('');
  else yield* inBrackets('[]', months, '', (month, indent) => month(indent));
  yield '\n';
}

/** A value, which is made when it is written, as it may be long; its lines after the first are indented. */
type Written = (indent: string) => Iterable<string>;

function written(value: JsonValue): Written {
  return (indent) => [safeText(value).replaceAll('\n', `\n${indent}`)];
}

function listOf<Item>(items: Iterable<Item>, jsonOf: (item: Item) => JsonValue): Written {
  return (indent) => inBrackets('[]', items, indent, (item, inner) => written(jsonOf(item))(inner));
}

function objectOf(members: readonly (readonly [name: string, value: Written])[]): Written {
  return (indent) =>
    inBrackets('{}', members, indent, function* ([name, value], inner) {
      yield `${safeText(name)}: `;
      yield* value(inner);
    });
}

function* inBrackets<Item>(
  [opening, closing]: '{}' | '[]',
  items: Iterable<Item>,
  indent: string,
  textOf: (item: Item, indent: string) => Iterable<string>,
): Generator<string> {
  let before = opening;
  for (const item of items) {
    yield `${before}\n${indent}  `;
    yield* textOf(item, `${indent}  `);
    before = ',';
  }
  yield before === ',' ? `\n${indent}${closing}` : `${opening}${closing}`;
}

/** What a trend is for programs. */
interface TrendJson {
  readonly sheet: Sheet;
  readonly months: readonly string[];
  readonly measure: Measure;
  readonly warnings: readonly Warning[];
  /** Of each month, in order; missing where the days are not known. */
  readonly coverage: readonly (MonthCoverage | undefined)[];
}

/**
 * A trend for programs: `{months, measure, currency, rows, totals, warnings, coverage}`, months as
 * keys of a row. Rows have the names of the CSV; what is blank there is blank here.
 */
export function trendJson({ sheet, months, measure, warnings, coverage }: TrendJson): string {
  const { currency, columns, rows, totals } = sheet;
  return jsonText({
    months,
    measure,
    currency,
    rows: rows.map((row) => rowObject(columns, row, '')),
    totals: rowObject(columns, totals),
    warnings: warnings.map(warningObject),
    coverage: Object.fromEntries(
      months.map((month, index) => [month, coverageValue(coverage[index])]),
    ),
  });
}

/** `{first_day, last_day, weekdays_without_usage}`; null where the days are not known. */
export function coverageValue(coverage: MonthCoverage | undefined): JsonValue {
  if (coverage === undefined) return null;
  const { firstDay, lastDay, weekdaysWithoutUsage } = coverage;
  const day = (one: EpochDay | undefined): string | null =>
    one === undefined ? null : dayText(one);
  return {
    first_day: day(firstDay),
    last_day: day(lastDay),
    weekdays_without_usage: weekdaysWithoutUsage.map(dayText),
  };
}

/** A row by its column names; what it does not have is left out, or `blank`. */
export function rowObject(columns: readonly Column[], row: Row, blank?: string): JsonValue {
  return Object.fromEntries(
    columns.map(({ name, kind }, index) => {
      const cell = row[index];
      if (cell === undefined) return [name, blank];
      return [name, kind === 'count' ? (cell as number) : cellText(kind, cell)];
    }),
  );
}

/** A warning by the names of the CSV columns; what it does not have is left out. */
export function warningObject(warning: Warning): JsonValue {
  const { code, rule, month, profileId, userId } = warning;
  const message = warningText(warning);
  return { code, rule, month, profile_id: profileId, user_id: userId, message };
}
