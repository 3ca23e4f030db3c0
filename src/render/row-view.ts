import type { Cell, Row, Sheet } from '../domain/sheet.ts';

/** A row of a sheet: its cells by the names of their columns. */
export interface RowView {
  /** `undefined` for a column that the sheet does not have. */
  readonly cellOf: (name: string) => Cell;
  readonly currency: string;
  /** Has the same user as the row before. */
  readonly isFurther?: boolean;
}

/** Gives the rows of one sheet their names. */
export function rowViewsOf({ columns, currency }: Sheet): (row: Row) => RowView {
  const indexes = new Map(columns.map(({ name }, index) => [name, index]));
  const cellIn = (row: Row, index: number | undefined): Cell =>
    index === undefined ? undefined : row[index];
  return (row) => ({ cellOf: (name) => cellIn(row, indexes.get(name)), currency });
}
