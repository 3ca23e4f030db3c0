import { compare, type Decimal } from '../domain/decimal.ts';
import type { Cell, Column, Row, Sheet } from '../domain/sheet.ts';
import { compareBytes } from '../domain/text-order.ts';
import { totalsOf } from './views.ts';

/** How the rows of a sheet are to be shown. */
export interface Arrangement {
  readonly sortBy?: SortKey;
  /** How many rows, from the first. */
  readonly top?: number;
}

export interface SortKey {
  readonly column: string;
  /** Turns the natural order: numbers from the highest, text from the lowest. */
  readonly reversed: boolean;
}

/**
 * The sheet with its rows sorted and cut. Rows that are equal in the sorted column keep
 * the order of their keys; the totals are those of the rows that are left.
 */
export function arranged(sheet: Sheet, { sortBy, top }: Arrangement): Sheet {
  if (sortBy === undefined && top === undefined) return sheet;
  const sorted = sortBy === undefined ? sheet.rows : sortedRows(sheet, sortBy);
  const rows = top === undefined ? sorted : sorted.slice(0, top);
  return { ...sheet, rows, totals: totalsOf(sheet.columns, rows) };
}

function sortedRows(sheet: Sheet, { column, reversed }: SortKey): Row[] {
  const index = sheet.columns.findIndex(({ name }) => name === column);
  const { kind } = sheet.columns[index] as Column;
  const direction = reversed ? -1 : 1;
  return [...sheet.rows].sort((a, b) => direction * compareCells(kind, a[index], b[index]));
}

/** Numbers from the highest, text from the lowest by its bytes. */
function compareCells(kind: Column['kind'], a: Cell, b: Cell): number {
  if (kind === 'text' || kind === 'date') return compareBytes(a as string, b as string);
  return compare(numberOf(kind, b), numberOf(kind, a));
}

function numberOf(kind: Column['kind'], cell: Cell): Decimal {
  if (kind === 'money') return { units: cell as bigint, scale: 2 };
  if (kind === 'count') return { units: BigInt(cell as number), scale: 0 };
  if (kind === 'quantity') return quantityOf(cell as string);
  return cell as Decimal;
}

/** Of a quantity's text, which may have more digits than an input's number. */
function quantityOf(text: string): Decimal {
  const [whole = '', decimals = ''] = text.split('.');
  return { units: BigInt(whole + decimals), scale: decimals.length };
}
