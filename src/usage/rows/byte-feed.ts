import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type ByteSource, isGzip, readBytes, readFailure } from '../../input/byte-source.ts';
import { isParquet } from '../../input/file-format.ts';
import { decodedText, encodingOf } from '../../input/text-encoding.ts';

/** How much is read past the end of the requested part, if a row does not end there. */
const OVERRUN_BYTES = 16 * 1024;
/** Enough to show what a file is. */
const START_BYTES = 64;

/** The bytes of an input, in order, read into the caller's buffer. */
export interface ByteFeed {
  /** Reads bytes into the buffer from `offset` on; returns how many, 0 at the end. May throw `BadInput`. */
  read(into: Buffer, offset: number): number | Promise<number>;
  close(): void | Promise<void>;
}

/** A feed, and its starting offset in the source. */
interface OpenFeed {
  readonly feed: ByteFeed;
  readonly start: number;
}

/**
 * The first bytes of a source that can be read from any position, as many as show what it is;
 * `undefined` of any other. A name ending in `.gz` hides no Parquet. May throw
 * `BadInput`.
 */
export function startOf(source: ByteSource, bytes = START_BYTES): Buffer | undefined {
  if (!isFile(source)) return undefined;
  const buffer = Buffer.allocUnsafe(bytes);
  const feed = new FileFeed(source.file, 0, buffer.length, () => {});
  try {
    const start = buffer.subarray(0, feed.read(buffer, 0));
    return isGzip(source.file) && !isParquet(start) ? undefined : start;
  } finally {
    feed.close();
  }
}

/** Where the text of a file that begins with these bytes begins; `undefined` if it is not UTF-8. */
export function textStart(start: Buffer | undefined): number | undefined {
  if (start === undefined) return undefined;
  const { name, markBytes } = encodingOf(start);
  return name === 'utf-8' ? markBytes : undefined;
}

/**
 * The text of a source that is not Parquet: decompressed, decoded from UTF-16, without a byte
 * order mark. `onBytes` is called with the number of bytes read, before decoding. May throw
 * `BadInput`.
 */
export function openFeed(
  source: ByteSource,
  onBytes: (count: number) => void,
  firstBytes = startOf(source),
): OpenFeed {
  const start = textStart(firstBytes);
  if (start !== undefined) {
    const feed = new FileFeed(source.file, start, Number.POSITIVE_INFINITY, onBytes);
    return { feed, start };
  }
  return { feed: new StreamFeed(decodedText(readBytes(source, onBytes))), start: 0 };
}

/** Whether a source is a file; why one cannot be inspected is reported when it is read. */
export function isFile({ file, stream }: ByteSource): boolean {
  try {
    return stream === undefined && statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * A file from a position to its end. Reading is synchronous: the bytes go straight into the
 * reader's memory, without a round trip to another thread.
 */
export class FileFeed implements ByteFeed {
  readonly #file: string;
  readonly #onBytes: (count: number) => void;
  readonly #stop: number;
  #position: number;
  #descriptor: number | undefined;

  /** `stop`: the end of the requested part. Bytes after it can be read as well, a little at a time. */
  constructor(file: string, start: number, stop: number, onBytes: (count: number) => void) {
    this.#file = file;
    this.#position = start;
    this.#stop = stop;
    this.#onBytes = onBytes;
  }

  read(into: Buffer, offset: number): number {
    try {
      this.#descriptor ??= openSync(this.#file, 'r');
      const wanted = this.#stop - this.#position;
      const length = Math.min(into.length - offset, wanted > 0 ? wanted : OVERRUN_BYTES);
      const count = readSync(this.#descriptor, into, offset, length, this.#position);
      this.#position += count;
      this.#onBytes(count);
      return count;
    } catch (error) {
      throw readFailure(this.#file, error);
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** Any source that can be read only once, from its beginning. */
class StreamFeed implements ByteFeed {
  readonly #chunks: AsyncGenerator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  read(into: Buffer, offset: number): number | Promise<number> {
    return this.#chunk.length > 0 ? this.#take(into, offset) : this.#readNext(into, offset);
  }

  async #readNext(into: Buffer, offset: number): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      this.#chunk = next.value;
    }
    return this.#take(into, offset);
  }

  #take(into: Buffer, offset: number): number {
    const count = this.#chunk.copy(into, offset);
    this.#chunk = this.#chunk.subarray(count);
    return count;
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}

/** Bytes that are already in memory. */
export function feedOf(bytes: Buffer): ByteFeed {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  return new StreamFeed(chunks());
}
