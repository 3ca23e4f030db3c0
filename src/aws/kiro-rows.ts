import { BadInput } from '../domain/problem.ts';
import { type ByteSource, following } from '../input/byte-source.ts';
import {
  type CsvEntry,
  firstEntries,
  framedEntries,
  type PlacedRow,
  placedEntries,
} from '../input/csv.ts';
import type { Delimiter, Framing } from '../input/csv-framing.ts';
import { type CsvOpening, findOpening, misplacedProblem } from '../input/csv-opening.ts';
import { LF, rowEnd } from '../input/row-end.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { BodyReader } from '../usage/rows/body-reader.ts';
import { type ByteFeed, openFeed } from '../usage/rows/byte-feed.ts';
import { type Head, readHead } from '../usage/rows/head-reader.ts';
import type { RowConsumer, RowsLeft } from '../usage/rows/row-consumer.ts';
import { RowKernel } from '../usage/rows/row-kernel.ts';
import { SlidingText } from '../usage/rows/sliding-text.ts';
import { fieldAt, type WantedColumn } from '../usage/rows/typed-rows.ts';
import { BILL_TABLES } from './cur-columns.ts';
import { READ_PRODUCTS } from './cur-row.ts';

const PRODUCT = fieldAt(0);
const OTHER_PRODUCT = 0;
const READ_PRODUCT = 1;

/**
 * The header of a CUR, then the rows that may be Kiro's or Amazon Q's: few of a bill's millions of
 * rows are, and the others are not split into fields. They always include the first readable row,
 * which gives the file's month, and a last row without a line end, as it may be truncated.
 */
export class KiroRows {
  readonly #file: string;
  readonly #progress: ReadingProgress;
  readonly #feed: ByteFeed;
  readonly #kernel = new RowKernel();
  readonly #text: SlidingText;
  /** The header, once it has been read; missing if it is too long for the kernel. */
  #head: Head | undefined;
  /** Of a file whose header is too long for the kernel: the rows after it. */
  #longRows: AsyncGenerator<CsvEntry[]> | undefined;
  /** The field delimiter, as the header shows it. */
  #delimiter: Delimiter = ',';
  /** Whether the file ends without a line end. */
  isCutOff = false;

  constructor(source: ByteSource, progress: ReadingProgress) {
    const { feed, start } = openFeed(source, (count) => progress.onBytes?.(count));
    this.#file = source.file;
    this.#progress = progress;
    this.#feed = feed;
    this.#text = new SlidingText(this.#kernel, feed, start);
  }

  /** The header, which is read first; `undefined` if the file is empty. May throw `BadInput`. */
  async header(): Promise<CsvEntry | undefined> {
    const head = await readHead(this.#file, this.#text, BILL_TABLES);
    if (head === 'empty') return undefined;
    if (head === 'too long') return this.#longHeader();
    if ('what' in head) throw new BadInput([head]);
    this.#head = head;
    return firstEntries(head.bytes, this.#framing(head.opening), 1)[0];
  }

  /** The header of a file that is read as text alone. */
  async #longHeader(): Promise<CsvEntry | undefined> {
    const text = this.#text.rest();
    const { head, opening } = await findOpening(text, BILL_TABLES);
    if (opening === undefined) return undefined;
    const misplaced = misplacedProblem(this.#file, opening);
    if (misplaced !== undefined) throw new BadInput([misplaced]);
    const rows = following(head.subarray(opening.headerAt), text);
    this.#longRows = framedEntries(rows, this.#framing(opening));
    return (await this.#longRows.next()).value?.[0];
  }

  #framing({ delimiter, headerLine: firstLine }: CsvOpening): Framing {
    this.#delimiter = delimiter;
    return { delimiter, firstLine, keepDefective: true };
  }

  get delimiter(): Delimiter {
    return this.#delimiter;
  }

  /** The rows after the header, batch by batch. `product`: which column has it. May throw `BadInput`. */
  entries(product: number): AsyncIterable<CsvEntry[]> {
    return this.#longRows ?? this.#body(this.#head as Head, product);
  }

  close(): void | Promise<void> {
    return this.#feed.close();
  }

  async *#body({ bodyLine, opening }: Head, product: number): AsyncGenerator<CsvEntry[]> {
    const { delimiter } = opening;
    const framing = { delimiter, keepDefective: true, fields: opening.names.length };
    const [kernel, text] = [this.#kernel, this.#text];
    const onRows = (count: number): void => this.#progress.onRows?.(count);
    const picked = new PickedRows(product, kernel, text, () => onRows(1));
    // The columns after the product are looked at only in Kiro rows, when those are read.
    const columns = product + 1;
    kernel.setFormat(
      { columns, neededColumns: columns, isOpenEnded: true, delimiter, decimalMark: '.' },
      picked.wanted,
    );
    kernel.nextLine = bodyLine;
    const body = new BodyReader(kernel, picked, picked, text, onRows);
    for (let outcome = 'more'; outcome === 'more'; ) {
      outcome = await body.readMore(Number.POSITIVE_INFINITY);
      yield* placedEntries(picked.take(), framing);
    }
    this.isCutOff = picked.isCutOff;
    yield* framedEntries(this.#rest(text), { ...framing, firstLine: body.nextLine });
  }

  /** What follows a row that is too long for the kernel. */
  async *#rest(text: SlidingText): AsyncGenerator<Buffer> {
    for await (const rest of text.rest()) {
      this.isCutOff = rest.at(-1) !== LF;
      yield rest;
    }
  }
}

/** Whether a text contains the name of a product whose rows are read: a row that does may be one. */
function mayBeRead(text: { includes(part: string): boolean }): boolean {
  return READ_PRODUCTS.some((product) => text.includes(product));
}

/** The rows that may be Kiro's or Amazon Q's. */
class PickedRows implements RowConsumer, RowsLeft {
  readonly wanted: readonly WantedColumn[];
  /** None of them has to be read before the others. */
  readonly count = 0;
  readonly #text: SlidingText;
  #rows: PlacedRow[] = [];
  #isFirst = true;
  /** Whether the last row left over does not end: it has no line end, or none outside quotes. */
  isCutOff = false;
  readonly #kernel: RowKernel;
  readonly #onRow: () => void;

  /** `onRow` is called for each row that the kernel does not accept. */
  constructor(product: number, kernel: RowKernel, text: SlidingText, onRow: () => void) {
    const space = kernel.newSpace((name) => (mayBeRead(name) ? READ_PRODUCT : OTHER_PRODUCT));
    this.wanted = [{ column: product, as: 'key', space }];
    this.#text = text;
    this.#kernel = kernel;
    this.#onRow = onRow;
  }

  add(kernel: RowKernel): number {
    const { values, stride, count } = kernel;
    for (let row = 0, at = PRODUCT; row < count; row += 1, at += stride) {
      if (values[at] !== READ_PRODUCT && !this.#isFirst) continue;
      const bytes = this.#text.copy(kernel.startOf(row), kernel.endOf(row));
      this.#isFirst = false;
      this.#pick(bytes, kernel.lineOf(row));
    }
    return count;
  }

  /** Adds a row that the kernel did not accept, if it contains a product that is read anywhere, or may be truncated. */
  addLeft(bytes: Buffer, line: number): void {
    this.#onRow();
    this.isCutOff = rowEnd(bytes, 0, bytes.length, this.#kernel.delimiter) < 0;
    if (this.isCutOff || mayBeRead(bytes)) this.#pick(bytes, line);
  }

  #pick(bytes: Buffer, line: number): void {
    this.#rows.push({ bytes, line });
  }

  async read(): Promise<void> {}

  async readRest(): Promise<void> {}

  async end(): Promise<void> {}

  /** The rows picked since the last call. */
  take(): PlacedRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
