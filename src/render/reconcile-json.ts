import type { Sheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { type JsonValue, jsonText, rowObject, warningObject } from './json.ts';

/** What a reconciliation is for programs. */
export interface ReconcileJson {
  readonly seats: Sheet;
  readonly bridge: Sheet;
  /** What Amazon Q charges users of the bill beside it. */
  readonly amazonQ: Sheet;
  readonly tolerance: string;
  readonly warnings: readonly Warning[];
}

/**
 * The reconciliation for programs: `{month, currency, tolerance, rows, totals, bridge,
 * amazon_q, warnings}`, rows by the names of the CSV columns, amounts as strings.
 */
export function reconcileJson({
  seats,
  bridge,
  amazonQ,
  tolerance,
  warnings,
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
  });
}

function rowObjects({ columns, rows }: Sheet): JsonValue[] {
  return rows.map((row) => rowObject(columns, row));
}
