import { isUtf8 } from 'node:buffer';
import type { ByteSource } from '../input/byte-source.ts';
import { headerNames } from '../input/csv.ts';
import { type ScanText, scanText } from '../usage/bytes/scan-text.ts';
import { openFeed } from '../usage/scan/byte-feed.ts';
import { type FirstRow, passFirstRow } from '../usage/scan/first-row.ts';
import { lineFeeds } from '../usage/scan/row-end.ts';
import { fieldAt, RowScanner } from '../usage/scan/row-scanner.ts';
import { SlidingText } from '../usage/scan/sliding-text.ts';
import { curHeader } from './cur-columns.ts';
import type { CurSink } from './cur-sink.ts';
import { KIRO_PRODUCT } from './kiro-line.ts';

const LF = 0x0a;
const NEEDLE = Buffer.from(KIRO_PRODUCT);
const PRODUCT = fieldAt(0);
/** Bytes read at once: few enough that they are in the cache still when they are looked at. */
const BUFFER_BYTES = 256 * 1024;

/**
 * The header of a CUR and those of its rows that may be Kiro's, as one smaller CSV: of a
 * bill's millions of rows few are Kiro's, and no other is taken apart. The row behind the
 * header, which tells the month of the file, is among them in any case, and so is a last
 * row without a line end, as it may be cut off.
 */
export class KiroRows {
  readonly #source: ByteSource;
  readonly #sink: CurSink;
  /** Of the smaller CSV's lines on which a row begins, the line in the file. */
  readonly #lines = new Map<number, number>();
  #writtenLines = 1;
  /** By how much lines differ, once everything is written that the file has. */
  #shift = 0;

  constructor(source: ByteSource, sink: CurSink) {
    this.#source = source;
    this.#sink = sink;
  }

  /** The smaller CSV in pieces. May throw `BadInput`. */
  async *bytes(): AsyncGenerator<Buffer> {
    const feed = openFeed(this.#source, (count) => this.#sink.onBytes(count));
    try {
      const sliding = new SlidingText(scanText(BUFFER_BYTES), feed, 0);
      const head = await passFirstRow(sliding);
      if (head === undefined) {
        yield* sliding.rest();
        return;
      }
      yield this.#written(head.bytes, head.line);
      const rows = await scannerOf(this.#source.file, head);
      if (rows !== undefined) yield* this.#body(sliding, rows);
    } finally {
      await feed.close();
    }
  }

  /** The line in the file of a row that begins on `line` of the smaller CSV. */
  lineOf(line: number): number {
    const found = this.#lines.get(line) ?? line + this.#shift;
    this.#lines.delete(line);
    return found;
  }

  async *#body(sliding: SlidingText, rows: RowScanner): AsyncGenerator<Buffer> {
    let isFirst = true;
    for (;;) {
      const picked = this.#picked(sliding, rows, isFirst);
      isFirst &&= picked.length === 0;
      if (picked.length > 0) yield Buffer.concat(picked);
      if (sliding.isFull || !(await sliding.fill())) break;
    }
    this.#shift = rows.nextLine - this.#writtenLines;
    yield* sliding.rest();
  }

  /** Those of the rows at hand that may be Kiro's; the first of all is. */
  #picked(sliding: SlidingText, rows: RowScanner, isFirst: boolean): Buffer[] {
    const { text } = sliding;
    const to = text.buffer.subarray(0, sliding.end).lastIndexOf(LF) + 1;
    const isText = isUtf8(text.buffer.subarray(sliding.position, to));
    const picked: Buffer[] = [];
    for (;;) {
      sliding.position = rows.scan(text, sliding.position, to, isText);
      if (rows.count === 0) return picked;
      this.#sink.onRows(rows.count);
      for (let row = 0; row < rows.count; row += 1) {
        const isWanted = (isFirst && picked.length === 0) || mayBeKiros(text, rows, row);
        if (!isWanted) continue;
        const bytes = sliding.copy(rows.startOf(row), rows.endOf(row));
        picked.push(this.#written(bytes, rows.lineOf(row)));
      }
    }
  }

  #written(bytes: Buffer, line: number): Buffer {
    this.#lines.set(this.#writtenLines, line);
    this.#writtenLines += lineFeeds(bytes, 0, bytes.length);
    return bytes;
  }
}

/** Reads rows for their product; nothing where the header names none, of which its reader tells. */
async function scannerOf(file: string, head: FirstRow): Promise<RowScanner | undefined> {
  const names = (await headerNames([head.bytes])) ?? [];
  const found = curHeader({ file }, names);
  const product = 'header' in found ? found.header.get('product') : undefined;
  if (product === undefined) return undefined;
  const rows = new RowScanner(names.length, [{ column: product.index, as: 'text' }]);
  rows.nextLine = head.line + lineFeeds(head.bytes, 0, head.bytes.length);
  return rows;
}

/** Whether the wanted bytes stand in a row's product, or anywhere in a row that the scanner has left. */
function mayBeKiros(text: ScanText, rows: RowScanner, row: number): boolean {
  if (rows.isLeft(row)) {
    return text.buffer.subarray(rows.startOf(row), rows.endOf(row)).includes(NEEDLE);
  }
  const at = row * rows.stride + PRODUCT;
  return holdsNeedle(text.bytes, rows.values[at] as number, rows.values[at + 1] as number);
}

/** A loop of its own, as a search by the platform takes longer to begin than a product to read. */
function holdsNeedle(bytes: Uint8Array, start: number, end: number): boolean {
  for (let from = start; from + NEEDLE.length <= end; from += 1) {
    let length = 0;
    while (length < NEEDLE.length && bytes[from + length] === NEEDLE[length]) length += 1;
    if (length === NEEDLE.length) return true;
  }
  return false;
}
