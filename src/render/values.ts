import { type Decimal, decimalText } from '../domain/decimal.ts';
import { type Cents, centsText } from '../domain/money.ts';
import type { Cell, ColumnKind } from '../domain/sheet.ts';

/**
 * The text of a cell as CSV, JSON and Markdown write it: money with two decimals
 * (`-20.00`), credits and prices exact with at least two, counts plain. A missing cell is
 * blank. Text is unchanged: each format escapes it in its own way.
 */
export function cellText(kind: ColumnKind, cell: Cell): string {
  if (cell === undefined) return '';
  if (kind === 'money') return centsText(cell as Cents);
  if (kind === 'credits' || kind === 'price') return decimalText(cell as Decimal);
  return String(cell);
}
