import type { TableRow } from '../../input/table.ts';
import type { RowKernel } from './row-kernel.ts';
import type { WantedColumn } from './typed-rows.ts';

/**
 * Adds the rows of one file, as the kernel reads them. To read another kind of file: list the
 * wanted columns, with a space (`RowKernel.newSpace`) for each sort of text, whose `interpret` is
 * called once for each distinct text; then add what `kernel.values` holds, or let the kernel add
 * it (`addRows`). Rows that the kernel does not accept go to csv-parse, and come back as text, in
 * their place among the others.
 */
export interface RowConsumer {
  readonly wanted: readonly WantedColumn[];
  /**
   * Adds the `kernel.count` rows that have just been read; returns how many. If these are fewer,
   * the next one goes to csv-parse, and all after it are read again.
   */
  add(kernel: RowKernel): number;
  /** Whether no more rows are wanted. */
  readonly isDone?: boolean;
}

/** Reads rows from their text: this code defines their meaning. */
export interface RowReader {
  /** Adds a row, unless it has problems, which go to the row's log. */
  read(row: TableRow): void;
}

/** The rows of one file that the kernel does not accept: csv-parse reads them and reports their problems. */
export interface RowsLeft {
  /** How many have been added since the last `read`. */
  readonly count: number;
  /** `bytes`: the row with its line end, if it has one. */
  addLeft(bytes: Buffer, line: number): void;
  /** Reads the rows that have been added. */
  read(): Promise<void>;
  /** Reads the rest of the file, whose first row begins on line `firstLine`. */
  readRest(chunks: AsyncIterable<Buffer>, firstLine: number): Promise<void>;
  /** Whether the meaning of these rows depends on rows in other parts of the file. */
  readonly needsWholeFile?: boolean;
  /** Reads what had to wait until all rows are known. */
  end(): Promise<void>;
}
