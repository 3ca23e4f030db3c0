import type { ReadingState } from '../kinds/reading-state.ts';
import { USAGE_COLUMNS } from '../kinds/usage-kind.ts';
import { feedOf } from '../rows/byte-feed.ts';
import { csvHeader, knownNames, ParquetBody } from '../rows/parquet-body.ts';
import { openParquet, type ParquetFile } from '../rows/parquet-file.ts';
import type { RowsLeft } from '../rows/row-consumer.ts';
import { SlidingText } from '../rows/sliding-text.ts';
import { type FileRows, type PartRead, setFormat, type UsageFile } from './usage-file.ts';
import { UsageHeaders } from './usage-header.ts';

/** The columns of all kinds. */
const KNOWN_COLUMNS: ReadonlySet<string> = new Set(
  USAGE_COLUMNS.flatMap(({ required, optional }) => [...required, ...optional]),
);

/** Reads usage files in Parquet: the names of their columns are read as a CSV header. */
export class ParquetReader {
  readonly #state: ReadingState;
  readonly #rowsOf: (file: UsageFile) => FileRows;
  /** The file read last, as threads read one in many parts. */
  #latest: { readonly file: string; readonly parquet: ParquetFile } | undefined;

  /** `rowsOf`: adds the rows of a file. */
  constructor(state: ReadingState, rowsOf: (file: UsageFile) => FileRows) {
    this.#state = state;
    this.#rowsOf = rowsOf;
  }

  /** Reads a whole file. May throw `BadInput`. */
  async readFile(file: string): Promise<void> {
    await this.#with(file, async (parquet) => {
      const head = await this.#usageFileOf(file, parquet);
      const onBytes = (count: number): void => this.#state.progress.onBytes?.(count);
      if (head !== undefined) {
        const { body, left } = this.#bodyOf(head, parquet, onBytes);
        await body.read({ start: 0, end: parquet.rows }, head.framing.firstLine);
        await left.end();
      }
      this.#state.endUnit(parquet.rows * parquet.bytesPerRow);
    });
  }

  /** What the columns of a file say of it; `undefined` if there is a problem. May throw `BadInput`. */
  async usageFileOf(file: string): Promise<UsageFile | undefined> {
    return this.#with(file, (parquet) => this.#usageFileOf(file, parquet));
  }

  /** Reads the rows `[start, end)` of a file, with lines counted from 0. May throw `BadInput`. */
  async readPart(file: UsageFile, start: number, end: number): Promise<PartRead> {
    return this.#with(file.file, async (parquet) => {
      const { body } = this.#bodyOf(file, parquet, () => {});
      await body.read({ start, end }, 0);
      const bytes = (end - start) * parquet.bytesPerRow;
      this.#state.endUnit(bytes);
      return { bytes, start, end, lines: end - start };
    });
  }

  async #with<Result>(
    file: string,
    work: (parquet: ParquetFile) => Promise<Result>,
  ): Promise<Result> {
    const known = this.#latest?.file === file ? this.#latest.parquet : undefined;
    const { parquet, close } = await openParquet(file, known);
    this.#latest = { file, parquet };
    try {
      return await work(parquet);
    } finally {
      await close();
    }
  }

  async #usageFileOf(file: string, parquet: ParquetFile): Promise<UsageFile | undefined> {
    const header = feedOf(csvHeader(knownNames(parquet, KNOWN_COLUMNS)));
    const text = new SlidingText(this.#state.kernel, header, 0);
    const head = await new UsageHeaders(this.#state.listener.log).fileFrom(file, text, 0);
    if (head !== 'too long') return head && { ...head, bodyStart: 0, rowGroups: parquet.groups };
    // Of columns without any of usage, whose names are that long, it says what is missing.
    const { readExactly } = await import('./exact-reading.ts');
    await readExactly(file, text.rest(), this.#state);
    return undefined;
  }

  #bodyOf(
    file: UsageFile,
    parquet: ParquetFile,
    onBytes: (count: number) => void,
  ): { body: ParquetBody; left: RowsLeft } {
    const { rows, left } = this.#rowsOf(file);
    setFormat(this.#state.kernel, file, rows);
    const names = knownNames(parquet, KNOWN_COLUMNS);
    const source = { file: file.file, parquet, names };
    const progress = { onRows: this.#state.onRows, onBytes };
    return { body: new ParquetBody(source, this.#state.kernel, rows, left, progress), left };
  }
}
