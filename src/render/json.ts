import type { Column, Row, Sheet } from '../domain/sheet.ts';
import { dayText, type EpochDay, type MonthCoverage } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import { cellText } from './values.ts';

/** What a JSON output is built of; decimals are strings in it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * Characters that JSON allows although a terminal would obey or hide them: DEL, C1, line
 * separators, bidirectional controls and characters that are not seen.
 */
const UNSAFE =
  /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** JSON text, indented by two, ending in LF, without control characters. */
export function jsonText(value: JsonValue): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** An object without the members that are `undefined`. Any name is safe, also `__proto__`. */
export function jsonObject(members: readonly (readonly [string, JsonValue | undefined])[]): {
  readonly [name: string]: JsonValue;
} {
  return Object.fromEntries(
    members.filter((member): member is [string, JsonValue] => member[1] !== undefined),
  );
}

/** What belongs to the rows of a month. */
export interface BesideRows {
  /** Texts by name, said before the rows. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Sheets by name, whose rows come after the totals. */
  readonly beside?: Readonly<Record<string, Sheet>>;
}

/**
 * Sheets for programs: `{month, currency, rows, totals, warnings, coverage}` for one month, an
 * array of these for several. Rows are objects by the names of the CSV columns, decimals
 * strings, counts numbers; `totals` has the columns that add up. `warningsPerSheet` holds
 * the warnings of each sheet, in the order of the sheets, `coveragePerSheet` the days with usage.
 */
export function sheetsJson(
  sheets: readonly Sheet[],
  warningsPerSheet: readonly (readonly Warning[])[],
  coveragePerSheet?: readonly (MonthCoverage | undefined)[],
  { facts = {}, beside = {} }: BesideRows = {},
): string {
  const besideRows = Object.entries(beside).map(([name, sheet]) => [name, rowObjects(sheet)]);
  const months = sheets.map((sheet, index) => ({
    month: sheet.month,
    currency: sheet.currency,
    ...facts,
    rows: rowObjects(sheet),
    totals: rowObject(sheet.columns, sheet.totals),
    ...Object.fromEntries(besideRows),
    warnings: (warningsPerSheet[index] ?? []).map(warningObject),
    ...(coveragePerSheet && { coverage: coverageValue(coveragePerSheet[index]) }),
  }));
  const [only] = months;
  return jsonText(months.length === 1 && only !== undefined ? only : months);
}

function rowObjects({ columns, rows }: Sheet): JsonValue[] {
  return rows.map((row) => rowObject(columns, row));
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
  return jsonObject(
    columns.map(({ name, kind }, index) => {
      const cell = row[index];
      if (cell === undefined) return [name, blank];
      return [name, kind === 'count' ? (cell as number) : cellText(kind, cell)];
    }),
  );
}

/** A warning by the names of the CSV columns; what it does not have is left out. */
export function warningObject(warning: Warning): JsonValue {
  const { code, rule, month, profileId, userId, message } = warning;
  return jsonObject([
    ['code', code],
    ['rule', rule],
    ['month', month],
    ['profile_id', profileId],
    ['user_id', userId],
    ['message', message],
  ]);
}
