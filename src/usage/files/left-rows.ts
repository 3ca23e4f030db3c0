import type { PlacedRow } from '../../input/csv.ts';
import type { ReadingState } from '../kinds/reading-state.ts';
import type { RowsLeft } from '../rows/row-consumer.ts';
import type { ExactRows } from './exact-reading.ts';
import type { UsageFile } from './usage-file.ts';

/** Rows of a file that the kernel did not accept, for csv-parse to read. */
export class LeftRows implements RowsLeft {
  readonly #file: UsageFile;
  readonly #state: ReadingState;
  #reader: ExactRows | undefined;
  #rows: PlacedRow[] = [];

  constructor(file: UsageFile, state: ReadingState) {
    this.#file = file;
    this.#state = state;
  }

  /** `bytes`: the row with its line end, if it has one. */
  addLeft(bytes: Buffer, line: number): void {
    this.#rows.push({ bytes, line });
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Reads the rows that were added. */
  async read(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    const reader = await this.#exactRows();
    reader.readPlaced(rows);
    this.#setMark(reader);
  }

  /** Reads all rows of `chunks`, the first of which begins on line `firstLine`. */
  async readRest(chunks: AsyncIterable<Buffer>, firstLine: number): Promise<void> {
    const reader = await this.#exactRows();
    await reader.readText(chunks, firstLine);
  }

  get needsWholeFile(): boolean {
    const numbers = this.#reader?.numbers;
    return numbers !== undefined && (numbers.isWaiting || numbers.mark !== this.#file.decimalMark);
  }

  async end(): Promise<void> {
    this.#reader?.end();
  }

  async #exactRows(): Promise<ExactRows> {
    if (this.#reader === undefined) {
      // Loading csv-parse takes as long as reading a small file, and it is rarely needed here.
      const { exactRows } = await import('./exact-reading.ts');
      this.#reader = await exactRows(this.#file, this.#state);
    }
    return this.#reader;
  }

  /** The kernel continues with the decimal mark that these rows have shown. */
  #setMark({ numbers }: ExactRows): void {
    if (numbers !== undefined) this.#state.kernel.setDecimalMark(numbers.mark ?? '');
  }
}
