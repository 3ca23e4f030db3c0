import type { Sheet } from '../domain/sheet.ts';
import type { MonthCoverage } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import { coverageValue, type JsonValue, jsonText, rowObject, warningObject } from './json.ts';

/** What a reconciliation is for programs. */
export interface ReconcileJson {
  readonly seats: Sheet;
  readonly bridge: Sheet;
  /** What Amazon Q charges users of the bill beside it. */
  readonly amazonQ: Sheet;
  readonly tolerance: string;
  readonly warnings: readonly Warning[];
  readonly coverage: MonthCoverage | undefined;
}

/**
 * The reconciliation for programs: `{month, currency, tolerance, rows, totals, bridge,
 * amazon_q, warnings, coverage}`, rows by the names of the CSV columns, amounts as strings.
 */
export function reconcileJson({
  seats,
  bridge,
  amazonQ,
  tolerance,
  warnings,
  coverage,
}: ReconcileJson): string {
  return jsonText({
    month: seats.month,
    currency: seats.currency,
    tolerance,
    rows: rowObjects(seats),
    totals: rowObject(seats.columns, seats.totals),
    bridge: rowObjects(bridge),
    amazon_q: rowObjects(amazonQ),
    warnings: warnings.map(warningObject),
    coverage: coverageValue(coverage),
  });
}

function rowObjects({ columns, rows }: Sheet): JsonValue[] {
  return rows.map((row) => rowObject(columns, row));
}
