import type { ByteSource } from '../../input/byte-source.ts';
import { type ScanText, scanText } from '../bytes/scan-text.ts';
import type { ReadingState } from '../reading-state.ts';
import type { UsageFile } from '../usage-file.ts';
import { BodyScan } from './body-scan.ts';
import { FileFeed, openFeed } from './byte-feed.ts';
import { BYTE_ORDER_MARK, type FirstRow, passFirstRow } from './first-row.ts';
import { SlidingText } from './sliding-text.ts';

const LF = 0x0a;

/** Bytes read at once: few enough that they are in the cache still when they are looked at. */
const BUFFER_BYTES = 256 * 1024;

/** The rows of a file that begin in one part of it. */
export interface ScannedPart {
  /** Where the first of them begins, and where the last one ends; both missing where none begins there. */
  readonly start?: number;
  readonly end?: number;
  /** How many physical lines they take. */
  readonly lines: number;
}

/** Reads usage files, one after another; memory does not grow with their rows. */
export class FileScanner {
  readonly #state: ReadingState;
  readonly #text: ScanText;
  /** The file whose header was read last. */
  #latest: UsageFile | undefined;

  constructor(state: ReadingState, bufferBytes = BUFFER_BYTES) {
    this.#state = state;
    this.#text = state.kernel?.text(bufferBytes) ?? scanText(bufferBytes);
  }

  /** Reads a whole file, or whatever else the bytes come from. May throw `BadInput`. */
  async scanSource(source: ByteSource): Promise<void> {
    const feed = openFeed(source, (count) => this.#state.progress.onBytes?.(count));
    try {
      const sliding = new SlidingText(this.#text, feed, 0);
      const head = await this.#readHead(source.file, sliding);
      if (head === 'unusual') {
        const { readExactly } = await import('../exact-reading.ts');
        await readExactly(source.file, sliding.rest(), this.#state);
      } else if (head !== undefined) {
        await new BodyScan(head, this.#state, sliding, head.bodyLine).scan();
      }
    } finally {
      await feed.close();
    }
  }

  /** Reads the header of a plain file alone; nothing where it has a problem or is unusual. May throw `BadInput`. */
  async readHeader(file: string): Promise<UsageFile | undefined> {
    const feed = new FileFeed(file, 0, 0, () => {});
    try {
      const head = await this.#readHead(file, new SlidingText(this.#text, feed, 0));
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
  async scanPart(file: UsageFile, from: number, to: number): Promise<ScannedPart | undefined> {
    const isFirst = from === file.bodyStart;
    const start = isFirst ? from : from - 1;
    const feed = new FileFeed(file.file, start, to, () => {});
    try {
      const sliding = new SlidingText(this.#text, feed, start);
      if (!isFirst && !(await skipLine(sliding, to))) return { lines: 0 };
      const body = new BodyScan(file, this.#state, sliding, 0);
      const rowsStart = sliding.offsetOf(sliding.position);
      if (!(await body.scanUpTo(to))) return undefined;
      return { start: rowsStart, end: sliding.offsetOf(sliding.position), lines: body.nextLine };
    } finally {
      feed.close();
    }
  }

  /** Goes behind the header of a file; `unusual`, with nothing read, where its end is not near. */
  async #readHead(file: string, sliding: SlidingText): Promise<UsageFile | 'unusual' | undefined> {
    const first = await passFirstRow(sliding);
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
      const { usageHeaderOf } = await import('../exact-reading.ts');
      const read = await usageHeaderOf(file, headerBytes, line, this.#state.listener);
      if (read === undefined) return undefined;
      const { kind, header } = read;
      this.#latest = { file, kind: kind.name, header, headerBytes, bodyStart, bodyLine };
    }
    return { ...this.#latest, file, bodyStart, bodyLine };
  }
}

/** Goes behind the next line feed, if there is one before offset `to`. */
async function skipLine(sliding: SlidingText, to: number): Promise<boolean> {
  while (sliding.offsetOf(sliding.position) < to && (await sliding.fill())) {
    const lineFeed = sliding.text.buffer.subarray(0, sliding.end).indexOf(LF, sliding.position);
    sliding.position = lineFeed < 0 ? sliding.end : lineFeed + 1;
    if (lineFeed >= 0) return sliding.offsetOf(sliding.position) < to;
  }
  return false;
}
