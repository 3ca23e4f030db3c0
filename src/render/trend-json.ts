import type { Sheet } from '../domain/sheet.ts';
import type { MonthCoverage } from '../domain/usage-days.ts';
import type { Measure } from '../domain/view.ts';
import type { Warning } from '../domain/warning.ts';
import { coverageValue, jsonText, rowObject, warningObject } from './json.ts';

/** What a trend is for programs. */
export interface TrendJson {
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
