import { csvField } from '../../input/csv-field.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { MOST_ROWS } from './kernel/layout.ts';
import type { ValueText } from './parquet-column.ts';
import { ParquetFields } from './parquet-fields.ts';
import { type ParquetFile, parquetFailure } from './parquet-file.ts';
import type { RowWindow } from './parquet-page.ts';
import type { ColumnText } from './parquet-values.ts';
import type { RowConsumer, RowsLeft } from './row-consumer.ts';
import type { RowKernel } from './row-kernel.ts';

/** The most rows passed to csv-parse at once. */
const MOST_LEFT = 4096;

/**
 * The columns of a file with one value per row that are known, by their names in lower case, in file
 * order; all of them if none is known.
 */
export function knownNames(parquet: ParquetFile, known: ReadonlySet<string>): string[] {
  const all = [...parquet.columns.keys()].filter((name) => parquet.isFlat(name));
  const some = all.filter((name) => known.has(name.trim().toLowerCase()));
  return some.length > 0 ? some : all;
}

/** The CSV header for these columns. */
export function csvHeader(names: readonly string[]): Buffer {
  return csvLine(names.map((name) => csvField(Buffer.from(name).toString('latin1'))));
}

interface ParquetRows {
  readonly file: string;
  readonly parquet: ParquetFile;
  /** The columns that rows have as CSV. */
  readonly names: readonly string[];
}

/** Called with the number of rows added, without those left to csv-parse, and of bytes of the file. */
interface Progress {
  readonly onRows: (count: number) => void;
  readonly onBytes: (count: number) => void;
}

/**
 * Reads rows of Parquet: the consumer receives the fields like those that the kernel reads from
 * text. Rows that it does not accept go to csv-parse as CSV.
 */
export class ParquetBody {
  readonly #source: ParquetRows;
  readonly #kernel: RowKernel;
  readonly #rows: RowConsumer;
  readonly #left: RowsLeft;
  readonly #progress: Progress;
  readonly #fields: readonly ParquetFields[];
  readonly #fieldsOfRow: ((row: number) => Promise<string>)[];

  /** The kernel must already know the format of the rows. */
  constructor(
    source: ParquetRows,
    kernel: RowKernel,
    rows: RowConsumer,
    left: RowsLeft,
    progress: Progress,
  ) {
    this.#source = source;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#left = left;
    this.#progress = progress;
    this.#fields = rows.wanted.map((wanted, index) => {
      const name = source.names[wanted.column] as string;
      const column = source.parquet.column(name);
      return new ParquetFields(kernel, [index, wanted], this.#textOf(name), column);
    });
    this.#fieldsOfRow = source.names.map((name) => {
      const column = source.parquet.column(name);
      const text = this.#textOf(name);
      const fieldOf: ValueText = (value) => csvField(fieldText(value, text));
      return async (row) => (await this.#whole(column.textsOf([row], fieldOf)))[0] as string;
    });
  }

  /** Reads the rows of a window, the first of which is on line `firstLine`. May throw `BadInput`. */
  async read({ start, end }: RowWindow, firstLine: number): Promise<void> {
    for (let row = start; row < end && this.#rows.isDone !== true; row += MOST_ROWS) {
      const stop = Math.min(end, row + MOST_ROWS);
      await this.#readSome(row, stop, firstLine + row - start);
      this.#progress.onBytes((stop - row) * this.#source.parquet.bytesPerRow);
      await yieldToEventLoop();
    }
    await this.#left.read();
  }

  async #readSome(start: number, end: number, firstLine: number): Promise<void> {
    const kernel = this.#kernel;
    const isLeft = new Uint8Array(end - start);
    for (const fields of this.#fields) await this.#whole(fields.put(start, end, isLeft));
    kernel.setLines(isLeft.length, firstLine);
    for (let row = 0; row < isLeft.length; ) {
      const firstLeft = isLeft.indexOf(1, row);
      const added = await this.#add((firstLeft < 0 ? isLeft.length : firstLeft) - row);
      row += added;
      if (row === isLeft.length) return;
      await this.#leave(start + row, firstLine + row);
      row += 1;
      kernel.dropRows(added + 1, isLeft.length - row);
    }
  }

  /**
   * Adds this many of the kernel's rows, or those before the first that is not accepted; returns
   * how many.
   */
  async #add(count: number): Promise<number> {
    if (count === 0) return 0;
    // In the order of the file, as of two rows with one request id the first counts.
    await this.#left.read();
    this.#kernel.count = count;
    const added = this.#rows.add(this.#kernel);
    this.#progress.onRows(added);
    return added;
  }

  async #leave(row: number, line: number): Promise<void> {
    const fields: string[] = [];
    for (const fieldOf of this.#fieldsOfRow) fields.push(await fieldOf(row));
    this.#left.addLeft(csvLine(fields), line);
    if (this.#left.count >= MOST_LEFT) await this.#left.read();
  }

  #textOf(name: string): ColumnText {
    return this.#source.parquet.columns.get(name) as ColumnText;
  }

  /** The result of a reading; `BadInput` if the file turns out to be damaged. */
  async #whole<Read>(reading: Promise<Read>): Promise<Read> {
    try {
      return await reading;
    } catch (error) {
      throw parquetFailure(this.#source.file, error);
    }
  }
}

/** The text of a value, with one character per byte: invalid UTF-8 is found when the text is read. */
function fieldText(value: unknown, { textOf, storedAs }: ColumnText): string {
  const isBytes = storedAs === undefined && value instanceof Uint8Array;
  return isBytes ? Buffer.from(value).toString('latin1') : textOf(value);
}

function csvLine(fields: readonly string[]): Buffer {
  return Buffer.from(`${fields.join(',')}\n`, 'latin1');
}
