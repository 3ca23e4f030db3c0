import { ROWS_AT_ONCE } from '../scan/row-scanner.ts';

/** One wanted field of some rows: its ints of row n stand in `values` at `n * stride + offset`. */
export interface FieldColumn {
  readonly values: Int32Array;
  readonly stride: number;
  readonly offset: number;
}

/** In the place of a cell: the row does not count. */
export const LEFT_OUT = -1;

/** What has been found for rows that are taken in together, from `first` to before `end`. */
export class RowBatch {
  first = 0;
  end = 0;
  readonly profiles = new Int32Array(ROWS_AT_ONCE);
  readonly windows = new Int32Array(ROWS_AT_ONCE);
  readonly cells = new Int32Array(ROWS_AT_ONCE);
}
