import type { ByteSource } from '../input/byte-source.ts';
import { usageKindNamed } from './kinds/usage-kind.ts';
import { LeftRows } from './left-rows.ts';
import type { ReadingState } from './reading-state.ts';
import { BodyReader } from './rows/body-reader.ts';
import { type ByteFeed, FileFeed, openFeed } from './rows/byte-feed.ts';
import { BYTE_ORDER_MARK, type FirstRow, passFirstRow } from './rows/first-row.ts';
import type { RowConsumer, RowsLeft } from './rows/row-consumer.ts';
import { SlidingText } from './rows/sliding-text.ts';
import type { UsageFile } from './usage-file.ts';

const LF = 0x0a;

/** The rows of a file that begin in one part of it. */
export interface PartRead {
  /** Where the first of them begins, and where the last one ends; both missing where none begins there. */
  readonly start?: number;
  readonly end?: number;
  /** How many physical lines they take. */
  readonly lines: number;
}

/** Who adds the rows of a file. */
interface FileRows {
  readonly rows: RowConsumer;
  readonly left: RowsLeft;
}

interface FileReaderOptions {
  /** How much of a file is in memory at a time, where it is not to be the usual. */
  readonly capacity?: number | undefined;
  /** Who adds the rows of a file, where they are not to be added up. */
  readonly rowsOf?: ((file: UsageFile) => FileRows) | undefined;
}

function usualRows(file: UsageFile, state: ReadingState): FileRows {
  const rows = usageKindNamed(file.kind).consumerOf(file.header, state);
  return { rows, left: new LeftRows(file, state) };
}

/** Reads usage files, one after another; memory does not grow with their rows. */
export class FileReader {
  readonly #state: ReadingState;
  readonly #capacity: number | undefined;
  readonly #rowsOf: (file: UsageFile) => FileRows;
  /** The file whose header was read last. */
  #latest: UsageFile | undefined;

  constructor(state: ReadingState, { capacity, rowsOf }: FileReaderOptions = {}) {
    this.#state = state;
    this.#capacity = capacity;
    this.#rowsOf = rowsOf ?? ((file) => usualRows(file, state));
  }

  /** Reads a whole file, or whatever else the bytes come from. May throw `BadInput`. */
  async readSource(source: ByteSource): Promise<void> {
    const feed = openFeed(source, (count) => this.#state.progress.onBytes?.(count));
    try {
      const text = this.#textOf(feed, 0);
      const head = await this.#readHead(source.file, text);
      if (head === 'unusual') {
        const { readExactly } = await import('./exact-reading.ts');
        await readExactly(source.file, text.rest(), this.#state);
      } else if (head !== undefined) {
        await this.#bodyOf(head, text, head.bodyLine).read();
      }
      this.#state.endUnit(text.offsetOf(text.end));
    } finally {
      await feed.close();
    }
  }

  /** Reads the header of a plain file alone; nothing where it has a problem or is unusual. May throw `BadInput`. */
  async readHeader(file: string): Promise<UsageFile | undefined> {
    const feed = new FileFeed(file, 0, 0, () => {});
    try {
      const head = await this.#readHead(file, this.#textOf(feed, 0));
      return head === 'unusual' ? undefined : head;
    } finally {
      feed.close();
    }
  }

  /**
   * Reads the rows that begin in the part `[from, to)` of a plain file, the lines counted
   * from 0. A part that does not begin with the body is taken to begin with a row behind
   * its first line feed: the caller has to check that there is no part of a quoted field
   * before it, by where the part before ends. Gives nothing where the file cannot be read
   * in parts. May throw `BadInput`.
   */
  async readPart(file: UsageFile, from: number, to: number): Promise<PartRead | undefined> {
    const isFirst = from === file.bodyStart;
    const start = isFirst ? from : from - 1;
    const feed = new FileFeed(file.file, start, to, () => {});
    try {
      const text = this.#textOf(feed, start);
      if (!isFirst && !(await skipLine(text, to))) {
        this.#state.endUnit(to - from);
        return { lines: 0 };
      }
      const body = this.#bodyOf(file, text, 0);
      const rowsStart = text.offsetOf(text.position);
      if (!(await body.readUpTo(to))) return undefined;
      this.#state.endUnit(to - from);
      return { start: rowsStart, end: text.offsetOf(text.position), lines: body.nextLine };
    } finally {
      feed.close();
    }
  }

  #textOf(feed: ByteFeed, offset: number): SlidingText {
    return new SlidingText(this.#state.kernel, feed, offset, this.#capacity);
  }

  #bodyOf(file: UsageFile, text: SlidingText, firstLine: number): BodyReader {
    const state = this.#state;
    const { rows, left } = this.#rowsOf(file);
    const columns = file.header.names.length;
    const format = { columns, neededColumns: columns, delimiter: ',', decimalMark: '.' };
    state.kernel.setFormat(format, rows.wanted);
    state.kernel.nextLine = firstLine;
    return new BodyReader(state.kernel, rows, left, text, (count) => {
      state.rows += count;
      state.progress.onRows?.(count);
    });
  }

  /** Goes behind the header of a file; `unusual`, with nothing read, where its end is not near. */
  async #readHead(file: string, text: SlidingText): Promise<UsageFile | 'unusual' | undefined> {
    const first = await passFirstRow(text);
    return first === undefined ? 'unusual' : this.#usageFile(file, first);
  }

  async #usageFile(
    file: string,
    { bytes, line, end: bodyStart }: FirstRow,
  ): Promise<UsageFile | undefined> {
    const headerBytes = Buffer.concat([BYTE_ORDER_MARK, bytes]);
    const bodyLine = line + bytes.toString('latin1').split('\n').length - 1;
    // Where there are thousands of files, most have the header of the one before.
    if (this.#latest === undefined || !headerBytes.equals(this.#latest.headerBytes)) {
      const { usageHeaderOf } = await import('./exact-reading.ts');
      const read = await usageHeaderOf(file, headerBytes, line, this.#state.listener);
      if (read === undefined) return undefined;
      const { kind, header } = read;
      this.#latest = { file, kind: kind.name, header, headerBytes, bodyStart, bodyLine };
    }
    return { ...this.#latest, file, bodyStart, bodyLine };
  }
}

/** Goes behind the next line feed, if there is one before offset `to`. */
async function skipLine(text: SlidingText, to: number): Promise<boolean> {
  while (text.offsetOf(text.position) < to && (await text.fill())) {
    const lineFeed = text.bytes.subarray(0, text.end).indexOf(LF, text.position);
    text.position = lineFeed < 0 ? text.end : lineFeed + 1;
    if (lineFeed >= 0) return text.offsetOf(text.position) < to;
  }
  return false;
}
