import type { ReadingState } from './reading-state.ts';
import type { RowsLeft } from './rows/row-consumer.ts';
import type { UsageFile } from './usage-file.ts';

/** Rows of a file that the kernel does not take, on their way to csv-parse. */
export class LeftRows implements RowsLeft {
  readonly #file: UsageFile;
  readonly #state: ReadingState;
  #rows: Buffer[] = [];
  #lines: number[] = [];

  constructor(file: UsageFile, state: ReadingState) {
    this.#file = file;
    this.#state = state;
  }

  /** `bytes`: the row with its line end, if it has one. */
  addLeft(bytes: Buffer, line: number): void {
    this.#rows.push(bytes);
    this.#lines.push(line);
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Reads the rows that were added. */
  async read(): Promise<void> {
    if (this.#rows.length === 0) return;
    const [rows, lines] = [this.#rows, this.#lines.values()];
    this.#rows = [];
    this.#lines = [];
    await this.#read([Buffer.concat(rows)], () => {
      const { value } = lines.next();
      if (value === undefined) throw new Error(`${this.#file.file}: a row where none was found`);
      return value;
    });
    if (lines.next().done !== true) {
      throw new Error(`${this.#file.file}: no row where one was found`);
    }
  }

  /** Reads all rows of `chunks`, the first of which begins on line `firstLine`. */
  async readRest(chunks: AsyncIterable<Buffer>, firstLine: number): Promise<void> {
    const headerLines = Buffer.from(this.#file.headerBytes).toString('latin1').split('\n').length;
    await this.#read(chunks, (line) => line - headerLines + firstLine);
  }

  /** `lineOf` gives the line of the next row, from the one that it has behind the header alone. */
  async #read(
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    lineOf: (line: number) => number,
  ): Promise<void> {
    // csv-parse takes as long to load as a small file to read, and mostly nobody needs it here.
    const { readRowsExactly } = await import('./exact-reading.ts');
    await readRowsExactly(this.#file, chunks, lineOf, this.#state);
  }
}
