import type { ByteSource } from '../../input/byte-source.ts';
import { isParquet } from '../../input/file-format.ts';
import { LF } from '../../input/row-end.ts';
import type { ReadingState } from '../kinds/reading-state.ts';
import { usageKindNamed } from '../kinds/usage-kind.ts';
import { BodyReader } from '../rows/body-reader.ts';
import { type ByteFeed, FileFeed, openFeed, startOf, textStart } from '../rows/byte-feed.ts';
import { TEXT_BYTES } from '../rows/kernel/layout.ts';
import type { RowsLeft } from '../rows/row-consumer.ts';
import { SlidingText } from '../rows/sliding-text.ts';
import { LeftRows } from './left-rows.ts';
import type { ParquetReader } from './parquet-reader.ts';
import { type FileRows, type PartRead, setFormat, type UsageFile } from './usage-file.ts';
import type { UsageHeaders } from './usage-header.ts';

/** Sums the rows of a file. */
function summedRows(file: UsageFile, state: ReadingState): FileRows {
  const rows = usageKindNamed(file.kind).consumerOf(file.header, state);
  return { rows, left: new LeftRows(file, state) };
}

/** Reads usage files, one after another; memory does not grow with their rows. */
export class FileReader {
  readonly #state: ReadingState;
  readonly #rowsOf: (file: UsageFile) => FileRows;
  readonly #areSummed: boolean;
  #headers: UsageHeaders | undefined;
  #parquetReader: ParquetReader | undefined;

  /** `rowsOf`: adds the rows of a file, if they are not to be summed. */
  constructor(state: ReadingState, rowsOf?: (file: UsageFile) => FileRows) {
    this.#state = state;
    this.#rowsOf = rowsOf ?? ((file) => summedRows(file, state));
    this.#areSummed = rowsOf === undefined;
  }

  /** Reads a whole source. May throw `BadInput`. */
  async readSource(source: ByteSource): Promise<void> {
    const firstBytes = startOf(source);
    if (isParquet(firstBytes)) return (await this.#parquet()).readFile(source.file);
    const onBytes = (count: number): void => this.#state.progress.onBytes?.(count);
    const { feed, start } = openFeed(source, onBytes, firstBytes);
    try {
      const text = this.#textOf(feed, start);
      const file = await this.#headOf(source.file, text);
      if (file === 'too long') {
        const { readExactly } = await import('./exact-reading.ts');
        await readExactly(source.file, text.rest(), this.#state);
      } else if (file !== undefined) {
        // Rows that are summed show it as they are read.
        const known = this.#areSummed ? file : await withShownMark(file, text);
        const { body, left } = this.#bodyOf(known, text, file.framing.firstLine);
        await body.read();
        await left.end();
      }
      this.#state.endUnit(text.offsetOf(text.end));
    } finally {
      await feed.close();
    }
  }

  async #parquet(): Promise<ParquetReader> {
    // Most usage is CSV, and does not need this code.
    const { ParquetReader } = await import('./parquet-reader.ts');
    this.#parquetReader ??= new ParquetReader(this.#state, this.#rowsOf);
    return this.#parquetReader;
  }

  /**
   * What the header of a plain file says of it; `undefined` if it has a problem, or if the file cannot
   * be read in parts. May throw `BadInput`.
   */
  async usageFileOf(file: string): Promise<UsageFile | undefined> {
    const firstBytes = startOf({ file });
    if (isParquet(firstBytes)) return (await this.#parquet()).usageFileOf(file);
    const start = textStart(firstBytes);
    if (start === undefined) return undefined;
    const feed = new FileFeed(file, start, start + TEXT_BYTES, () => {});
    try {
      const text = this.#textOf(feed, start);
      const head = await this.#headOf(file, text);
      if (head === undefined || head === 'too long') return undefined;
      const known = await withShownMark(head, text);
      return head.framing.delimiter === ',' || known.decimalMark !== undefined ? known : undefined;
    } finally {
      feed.close();
    }
  }

  /**
   * Reads the rows that begin in the part `[from, to)` of a plain file: in bytes, or in rows for
   * Parquet, with lines counted from 0. A part in bytes that is not at the start of the body is
   * assumed to begin with a row after its first line feed: the caller must check, by the end of
   * the part before it, that this does not split a quoted field. Returns `undefined` if the file
   * cannot be read in parts. May throw `BadInput`.
   */
  async readPart(file: UsageFile, from: number, to: number): Promise<PartRead | undefined> {
    if (file.rowGroups !== undefined) return (await this.#parquet()).readPart(file, from, to);
    const isFirst = from === file.bodyStart;
    const start = isFirst ? from : from - 1;
    const feed = new FileFeed(file.file, start, to, () => {});
    try {
      const text = this.#textOf(feed, start);
      if (!isFirst && !(await skipLine(text, to))) {
        this.#state.endUnit(to - from);
        return { bytes: to - from, lines: 0 };
      }
      const { body, left } = this.#bodyOf(file, text, 0);
      const rowsStart = text.offsetOf(text.position);
      if (!(await body.readUpTo(to)) || left.needsWholeFile === true) return undefined;
      this.#state.endUnit(to - from);
      return {
        bytes: to - from,
        start: rowsStart,
        end: text.offsetOf(text.position),
        lines: body.nextLine,
      };
    } finally {
      feed.close();
    }
  }

  #textOf(feed: ByteFeed, offset: number): SlidingText {
    return new SlidingText(this.#state.kernel, feed, offset);
  }

  /** What the header of a file says; the text is then positioned after it, see `UsageHeaders`. */
  async #headOf(file: string, text: SlidingText): Promise<UsageFile | 'too long' | undefined> {
    // A thread that reads parts of files does not need this code.
    const { UsageHeaders } = await import('./usage-header.ts');
    this.#headers ??= new UsageHeaders(this.#state.listener.log);
    return this.#headers.fileFrom(file, text, 1);
  }

  #bodyOf(
    file: UsageFile,
    text: SlidingText,
    firstLine: number,
  ): { body: BodyReader; left: RowsLeft } {
    const { kernel } = this.#state;
    const { rows, left } = this.#rowsOf(file);
    setFormat(kernel, file, rows);
    kernel.nextLine = firstLine;
    return { body: new BodyReader(kernel, rows, left, text, this.#state.onRows), left };
  }
}

/** A file with the decimal mark that its rows in memory show first; their problems are not reported. */
async function withShownMark(head: UsageFile, text: SlidingText): Promise<UsageFile> {
  if (head.framing.delimiter === ',') return head;
  const { framedEntries, isBadRow } = await import('../../input/csv.ts');
  const { MarkedRows } = await import('./marked-rows.ts');
  const rows = new MarkedRows(head.header);
  const { bytes, position, end } = text;
  const ofRows = text.copy(position, bytes.subarray(0, end).lastIndexOf(LF) + 1);
  for await (const entries of framedEntries([ofRows], head.framing)) {
    for (const entry of entries) if (!isBadRow(entry)) rows.take(entry);
    if (rows.mark !== undefined) return { ...head, decimalMark: rows.mark };
  }
  return head;
}

/** Moves past the next line feed, if there is one before offset `to`. */
async function skipLine(text: SlidingText, to: number): Promise<boolean> {
  while (text.offsetOf(text.position) < to && (await text.fill())) {
    const lineFeed = text.bytes.subarray(0, text.end).indexOf(LF, text.position);
    text.position = lineFeed < 0 ? text.end : lineFeed + 1;
    if (lineFeed >= 0) return text.offsetOf(text.position) < to;
  }
  return false;
}
