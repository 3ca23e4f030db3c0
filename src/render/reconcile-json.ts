import type { Sheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { type JsonValue, jsonObject, jsonText, warningObject } from './json.ts';
import { cellText } from './values.ts';

/** What a reconciliation is for programs. */
export interface ReconcileJson {
  readonly seats: Sheet;
  readonly bridge: Sheet;
  readonly tolerance: string;
  readonly warnings: readonly Warning[];
}

/**
 * The reconciliation for programs: `{month, currency, tolerance, rows, totals, bridge,
 * warnings}`, rows by the names of the CSV columns, amounts as strings.
 */
export function reconcileJson({ seats, bridge, tolerance, warnings }: ReconcileJson): string {
  return jsonText({
    month: seats.month,
    currency: seats.currency,
    tolerance,
    rows: rowObjects(seats),
    totals: totalsObject(seats),
    bridge: rowObjects(bridge),
    warnings: warnings.map(warningObject),
  });
}

function rowObjects(sheet: Sheet): JsonValue[] {
  return sheet.rows.map((row) => rowObject(sheet, row));
}

function totalsObject(sheet: Sheet): JsonValue {
  return rowObject(sheet, sheet.totals);
}

/** A row by its column names; what it does not have is left out. */
function rowObject({ columns }: Sheet, row: Sheet['rows'][number]): JsonValue {
  return jsonObject(
    columns.map(({ name, kind }, index) => {
      const cell = row[index];
      if (cell === undefined) return [name, undefined];
      return [name, kind === 'count' ? (cell as number) : cellText(kind, cell)];
    }),
  );
}
