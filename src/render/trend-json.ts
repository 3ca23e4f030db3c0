import type { Sheet } from '../domain/sheet.ts';
import type { Measure } from '../domain/view.ts';
import type { Warning } from '../domain/warning.ts';
import { jsonText, rowObject, warningObject } from './json.ts';

/** What a trend is for programs. */
export interface TrendJson {
  readonly sheet: Sheet;
  readonly months: readonly string[];
  readonly measure: Measure;
  readonly warnings: readonly Warning[];
}

/** A trend for programs: `{months, measure, currency, rows, totals, warnings}`, months as keys of a row. */
export function trendJson({ sheet, months, measure, warnings }: TrendJson): string {
  const { currency, columns, rows, totals } = sheet;
  return jsonText({
    months,
    measure,
    currency,
    rows: rows.map((row) => rowObject(columns, row)),
    totals: rowObject(columns, totals),
    warnings: warnings.map(warningObject),
  });
}
