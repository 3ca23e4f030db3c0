import { isUtf8 } from 'node:buffer';
import type { ReadingState } from '../reading-state.ts';
import type { RowTaker } from '../row-taker.ts';
import type { UsageFile } from '../usage-file.ts';
import { usageKindNamed } from '../usage-kind.ts';
import { LeftRows } from './left-rows.ts';
import { lineFeeds } from './row-end.ts';
import { ROWS_AT_ONCE, RowScanner } from './row-scanner.ts';
import type { SlidingText } from './sliding-text.ts';
import { giveWay } from './turns.ts';

const LF = 0x0a;

/** Reads the rows of one file, or of one part of it, behind its header. */
export class BodyScan {
  readonly #state: ReadingState;
  readonly #sliding: SlidingText;
  readonly #rows: RowScanner;
  readonly #taker: RowTaker;
  readonly #left: LeftRows;
  /** How many rows are scanned at once. */
  #mostRows: number;

  /** `sliding` stands at the beginning of a row, on line `firstLine`. */
  constructor(file: UsageFile, state: ReadingState, sliding: SlidingText, firstLine: number) {
    this.#state = state;
    this.#sliding = sliding;
    this.#taker = usageKindNamed(file.kind).takerOf(file.header, state);
    this.#rows = new RowScanner(file.header.names.length, this.#taker.wanted);
    this.#rows.nextLine = firstLine;
    this.#left = new LeftRows(file, state);
    this.#mostRows = this.#taker.ahead === undefined ? ROWS_AT_ONCE : 1;
  }

  /** The line behind the rows that have been read. */
  get nextLine(): number {
    return this.#rows.nextLine;
  }

  /** Reads all rows. May throw `BadInput`. */
  async scan(): Promise<void> {
    if (await this.scanUpTo(Number.POSITIVE_INFINITY)) return;
    await this.#left.readRest(this.#sliding.rest(), this.nextLine);
  }

  /**
   * Reads the rows that begin before an offset of the file; gives false, and stops, at a row
   * that is too long for the memory at hand. May throw `BadInput`.
   */
  async scanUpTo(offset: number): Promise<boolean> {
    const sliding = this.#sliding;
    for (;;) {
      await this.#takeRows(offset);
      await this.#left.read();
      if (sliding.offsetOf(sliding.position) >= offset) return true;
      if (sliding.isFull) return false;
      if (!(await sliding.fill())) break;
      await giveWay();
    }
    await this.#readUnended();
    return true;
  }

  /** Takes in the rows that begin before `offset` and end in the text at hand. */
  async #takeRows(offset: number): Promise<void> {
    const sliding = this.#sliding;
    const { buffer } = sliding.text;
    const end = buffer.subarray(0, sliding.end).lastIndexOf(LF) + 1;
    if (end <= sliding.position) return;
    const isText = isUtf8(buffer.subarray(sliding.position, end));
    const limit = sliding.positionOf(offset);
    // A row that begins before the limit mostly ends with the first line that does not.
    let to = limit > end ? end : buffer.indexOf(LF, limit - 1) + 1;
    await this.#takeRowsUpTo(to, isText);
    while (sliding.position < limit && to < end) {
      to = buffer.indexOf(LF, to) + 1;
      await this.#takeRowsUpTo(to, isText);
    }
  }

  /** `to` lies behind a line feed. */
  async #takeRowsUpTo(to: number, isText: boolean): Promise<void> {
    const sliding = this.#sliding;
    const rows = this.#rows;
    for (;;) {
      this.#takeRowsAhead(to);
      sliding.position = rows.scan(sliding.text, sliding.position, to, isText, this.#mostRows);
      if (rows.count === 0) return;
      for (let row = this.#take(0); row < rows.count; row = this.#take(row + 1)) {
        const bytes = sliding.copy(rows.startOf(row), rows.endOf(row));
        this.#left.add(bytes, rows.lineOf(row));
        if (this.#taker.isOrdered) await this.#left.read();
      }
    }
  }

  #takeRowsAhead(to: number): void {
    const { ahead } = this.#taker;
    if (ahead === undefined) return;
    this.#sliding.position = ahead.run(this.#sliding.position, to);
    this.#rows.nextLine += ahead.rows;
    this.#count(ahead.rows);
    // The fewer rows it can take, the more of them are read without it before it tries again.
    this.#mostRows = ahead.rows > this.#mostRows ? 1 : Math.min(ROWS_AT_ONCE, this.#mostRows * 2);
  }

  #take(first: number): number {
    const next = this.#taker.take(this.#sliding.text, this.#rows, first);
    this.#count(next - first);
    return next;
  }

  #count(rows: number): void {
    this.#state.rows += rows;
    this.#state.progress.onRows?.(rows);
  }

  /** The last row of a file that does not end with a line end. */
  async #readUnended(): Promise<void> {
    const sliding = this.#sliding;
    if (sliding.position === sliding.end) return;
    this.#left.add(sliding.copy(sliding.position, sliding.end), this.nextLine);
    const newlines = lineFeeds(sliding.text.bytes, sliding.position, sliding.end);
    this.#rows.nextLine += newlines;
    sliding.position = sliding.end;
    await this.#left.read();
  }
}
