import type { Decimal } from './decimal.ts';
import type { Cents } from './money.ts';

/**
 * What a column holds, and so how its cells are typed and written: `text` and `date`
 * are strings, `count` a number, `money` Cents, `credits` and `price` a Decimal, and
 * `quantity` the text of a number.
 */
export type ColumnKind = 'text' | 'date' | 'count' | 'money' | 'credits' | 'price' | 'quantity';

export interface Column {
  /** The name in CSV and JSON. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether its cells add up to a total. */
  readonly adds: boolean;
  /** Only present if it is requested by name. */
  readonly isOptional?: boolean;
}

export type Cell = string | number | Cents | Decimal | undefined;

export type Row = readonly Cell[];

/** Rows of one kind for one month, with their sums: what the renderers write. */
export interface Sheet {
  readonly month: string;
  readonly currency: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** A cell per column: the sum of the column, `undefined` if adding makes no sense. */
  readonly totals: Row;
}

/** Whether the cells of a column are numbers, so they are right-aligned and never mistaken for a formula. */
export function isNumeric(kind: ColumnKind): boolean {
  return kind !== 'text' && kind !== 'date';
}
