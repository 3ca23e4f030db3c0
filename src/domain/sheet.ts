import type { Decimal } from './decimal.ts';
import type { Cents } from './money.ts';

/**
 * What a column holds, and so how its cells are typed and written:
 * `text` and `name` are strings (a name is shown as it stands in the input),
 * `date` is `YYYY-MM-DD`, `count` a number, `money` Cents, `credits` and `price` a Decimal,
 * `quantity` text that is already a number's.
 */
export type ColumnKind = 'text' | 'date' | 'count' | 'money' | 'credits' | 'price' | 'quantity';

export interface Column {
  /** The name in CSV and JSON. */
  readonly name: string;
  readonly kind: ColumnKind;
}

export type Cell = string | number | Cents | Decimal | undefined;

export type Row = readonly Cell[];

/** Rows of one kind for one month, with their sums: what the renderers write. */
export interface Sheet {
  readonly month: string;
  readonly currency: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** A cell per column: the sum of the column, `undefined` where adding makes no sense. */
  readonly totals: Row;
}
