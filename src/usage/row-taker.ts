import type { ScanText } from './bytes/scan-text.ts';
import type { RowScanner, WantedField } from './scan/row-scanner.ts';

/** Takes the rows of one file in, as a `RowScanner` reads them. */
export interface RowTaker {
  /** The columns whose fields are wanted; their order is that of `fieldAt`. */
  readonly wanted: readonly WantedField[];
  /** Whether a row that is not taken must be read before the rows behind it are taken. */
  readonly isOrdered: boolean;
  /**
   * Takes rows in, from `first` on; gives the first one that it cannot take, of which it
   * has counted nothing, or the number of rows. A row that is left by the scanner or by the
   * taker can be good all the same: it is read from its text, by a `RowReader`.
   */
  take(text: ScanText, rows: RowScanner, first: number): number;
  /** Takes rows in without the scanner, where that can be done. */
  readonly ahead?: RowsAhead | undefined;
}

/** Takes rows in as long as they are of the plainest kind, each of them on one line. */
export interface RowsAhead {
  /** The rows that the last `run` has taken. */
  readonly rows: number;
  /** Takes rows in, from `from` to before `to`, which is behind a line feed; gives where it leaves off. */
  run(from: number, to: number): number;
}

/** Leaves all rows to the `RowReader`: for kinds of files that are never long. */
export const TAKE_NONE: RowTaker = {
  wanted: [],
  isOrdered: false,
  take: (_text, _rows, first) => first,
};
