import { isUtf8 } from 'node:buffer';
import { LF, lineFeeds, rowEnd } from '../../input/row-end.ts';
import { yieldToEventLoop } from './event-loop.ts';
import type { RowConsumer, RowsLeft } from './row-consumer.ts';
import type { RowKernel } from './row-kernel.ts';
import type { SlidingText } from './sliding-text.ts';

const NUL = 0x00;

/** The most rows passed to csv-parse at once; at first only a few, which may show the decimal mark. */
const MOST_LEFT = 4096;
const FIRST_LEFT = 64;

/** Reads the rows of one file, or of one part of it, after its header. */
export class BodyReader {
  readonly #kernel: RowKernel;
  readonly #rows: RowConsumer;
  readonly #left: RowsLeft;
  readonly #text: SlidingText;
  readonly #onRows: (count: number) => void;
  #mostLeft = FIRST_LEFT;

  /**
   * The kernel must already know the format of the rows and the line of the first one, at which
   * `text` is positioned. `onRows` is called with the number of rows added, without those left to
   * csv-parse.
   */
  constructor(
    kernel: RowKernel,
    rows: RowConsumer,
    left: RowsLeft,
    text: SlidingText,
    onRows: (count: number) => void,
  ) {
    this.#kernel = kernel;
    this.#rows = rows;
    this.#left = left;
    this.#text = text;
    this.#onRows = onRows;
  }

  /** The line after the rows that have been read. */
  get nextLine(): number {
    return this.#kernel.nextLine;
  }

  /** Reads all rows. May throw `BadInput`. */
  async read(): Promise<void> {
    if (await this.readUpTo(Number.POSITIVE_INFINITY)) return;
    await this.#left.readRest(this.#text.rest(), this.nextLine);
  }

  /**
   * Reads the rows that begin before an offset of the file; stops and returns false at a row that
   * does not fit into the buffer. May throw `BadInput`.
   */
  async readUpTo(offset: number): Promise<boolean> {
    for (;;) {
      const outcome = await this.readMore(offset);
      if (outcome !== 'more') return outcome === 'all';
      await yieldToEventLoop();
    }
  }

  /** Reads some of these rows, as many as are in memory at once. */
  async readMore(offset: number): Promise<'more' | 'all' | 'too long'> {
    const text = this.#text;
    await this.#readRows(offset);
    const isEnd = text.offsetOf(text.position) >= offset || this.#rows.isDone === true;
    if (!isEnd && !text.isFull) {
      // Rows that are left wait for those that follow: after bad quotes their lines may be one row.
      if (await text.fill()) return 'more';
      this.#leaveUnended();
    }
    await this.#left.read();
    return isEnd || !text.isFull ? 'all' : 'too long';
  }

  /** Reads the rows that begin before `offset` and end in the buffered text. */
  async #readRows(offset: number): Promise<void> {
    const [kernel, text] = [this.#kernel, this.#text];
    const bytes = text.bytes.subarray(0, text.end);
    const end = bytes.lastIndexOf(LF) + 1;
    const limit = Math.min(end, text.positionOf(offset));
    if (limit <= text.position) return;
    const ofRows = bytes.subarray(text.position, end);
    const isPlain = isUtf8(ofRows) && !ofRows.includes(NUL);
    kernel.indexRows(text.position, end);
    while (text.position < limit) {
      text.position = kernel.read(text.position, limit, isPlain);
      // In the order of the file, as of two rows with one request id the first counts.
      if (kernel.count > 0 && this.#left.count > 0) await this.#left.read();
      const isTaken = kernel.count > 0 && this.#addRows();
      if (!isTaken && text.position < limit && !this.#leaveRow(end)) return;
      if (this.#left.count >= this.#mostLeft) {
        await this.#left.read();
        this.#mostLeft = Math.min(2 * this.#mostLeft, MOST_LEFT);
      }
    }
  }

  /** Adds the buffered rows; at one that is not accepted, moves back to it and returns false. */
  #addRows(): boolean {
    const kernel = this.#kernel;
    const added = this.#rows.add(kernel);
    this.#onRows(added);
    if (added === kernel.count) return true;
    this.#text.position = kernel.startOf(added);
    kernel.nextLine = kernel.lineOf(added);
    return false;
  }

  /** Leaves the next row to csv-parse; returns false if it does not end before `end`. */
  #leaveRow(end: number): boolean {
    const text = this.#text;
    const { bytes } = text;
    const next = rowEnd(bytes, text.position, end, this.#kernel.delimiter);
    if (next < 0) return false;
    this.#left.addLeft(text.copy(text.position, next), this.nextLine);
    this.#kernel.nextLine += lineFeeds(bytes, text.position, next);
    text.position = next;
    return true;
  }

  /** Leaves the last row of a file without a final line end to csv-parse. */
  #leaveUnended(): void {
    const text = this.#text;
    if (text.position === text.end) return;
    this.#left.addLeft(text.copy(text.position, text.end), this.nextLine);
    this.#kernel.nextLine += lineFeeds(text.bytes, text.position, text.end);
    text.position = text.end;
  }
}
