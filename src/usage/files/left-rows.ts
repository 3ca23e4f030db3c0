import { limitedLines } from '../../input/line-limit.ts';
import { lineFeeds } from '../../input/row-end.ts';
import type { ReadingState } from '../kinds/reading-state.ts';
import type { RowsLeft } from '../rows/row-consumer.ts';
import type { ExactRows } from './exact-reading.ts';
import type { UsageFile } from './usage-file.ts';

/** Rows of a file that the kernel did not accept, for csv-parse to read. */
export class LeftRows implements RowsLeft {
  readonly #file: UsageFile;
  readonly #state: ReadingState;
  #reader: ExactRows | undefined;
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
    const [rows, lines] = [this.#rows, this.#lines];
    this.#rows = [];
    this.#lines = [];
    await this.#read([Buffer.concat(rows)], 1, linesOf(rows, lines));
  }

  /** Reads all rows of `chunks`, the first of which begins on line `firstLine`. */
  async readRest(chunks: AsyncIterable<Buffer>, firstLine: number): Promise<void> {
    await this.#read(limitedLines(this.#file.file, chunks, firstLine), firstLine);
  }

  get needsWholeFile(): boolean {
    const numbers = this.#reader?.numbers;
    return numbers !== undefined && (numbers.isWaiting || numbers.mark !== this.#file.decimalMark);
  }

  async end(): Promise<void> {
    this.#reader?.end();
  }

  /** `lineOf` maps the line of a row in these chunks to its line in the file. */
  async #read(
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    firstLine: number,
    lineOf?: (line: number) => number,
  ): Promise<void> {
    const { listener, kernel } = this.#state;
    // Loading csv-parse takes as long as reading a small file, and it is rarely needed here.
    const { framedEntries } = await import('../../input/csv.ts');
    const { exactRows } = await import('./exact-reading.ts');
    this.#reader ??= await exactRows(this.#file, this.#state);
    const reader = this.#reader;
    const wanted = { keepDefective: listener.keepsBytes, resumesAfterQuotes: listener.keepsBytes };
    const framing = { ...this.#file.framing, ...wanted, firstLine };
    await reader.read(framedEntries(chunks, framing), lineOf);
    if (reader.numbers !== undefined) kernel.setDecimalMark(reader.numbers.mark ?? '');
  }
}

/** Maps the line of a row, in a text of rows, to its line in the file. */
function linesOf(rows: readonly Buffer[], lines: readonly number[]): (line: number) => number {
  const inFile = new Map<number, number>();
  let line = 1;
  for (const [index, bytes] of rows.entries()) {
    // After a bad quote a row may begin on any of its lines.
    for (let next = 0; next <= lineFeeds(bytes, 0, bytes.length); next += 1) {
      inFile.set(line + next, (lines[index] as number) + next);
    }
    line += lineFeeds(bytes, 0, bytes.length);
  }
  return (inText) => inFile.get(inText) as number;
}
