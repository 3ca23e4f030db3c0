import type { ByteFeed } from './byte-feed.ts';
import type { RowKernel } from './row-kernel.ts';

/**
 * The stretch of an input that is in the kernel's memory: text that has been read is dropped, and
 * more is loaded after it.
 */
export class SlidingText {
  /** The range of `bytes` that is still to be read. */
  position = 0;
  end = 0;
  readonly #kernel: RowKernel;
  readonly #feed: ByteFeed;
  /** The offset in the input at which the text begins. */
  #offset: number;

  /** `offset`: where the feed begins in the input. */
  constructor(kernel: RowKernel, feed: ByteFeed, offset: number) {
    this.#kernel = kernel;
    this.#feed = feed;
    this.#offset = offset;
  }

  /** The memory of the text; another object after each reading of rows. */
  get bytes(): Buffer {
    return this.#kernel.bytes;
  }

  /** The offset in the input of a position in the text. */
  offsetOf(position: number): number {
    return this.#offset + position;
  }

  /** The position in the text of an offset in the input. */
  positionOf(offset: number): number {
    return offset - this.#offset;
  }

  /** Whether the unread text fills the buffer. */
  get isFull(): boolean {
    return this.end - this.position === this.bytes.length;
  }

  /** Loads more text; returns false if there is none. May throw `BadInput`. */
  async fill(): Promise<boolean> {
    const { bytes } = this;
    if (this.position > 0) {
      bytes.copyWithin(0, this.position, this.end);
      this.#offset += this.position;
      this.end -= this.position;
      this.position = 0;
    }
    const reading = this.#feed.read(bytes, this.end);
    const count = typeof reading === 'number' ? reading : await reading;
    this.end += count;
    return count > 0;
  }

  /** Everything that is still to be read, copied. May throw `BadInput`. */
  async *rest(): AsyncGenerator<Buffer> {
    do {
      if (this.end > this.position) yield this.copy(this.position, this.end);
      this.position = this.end;
    } while (await this.fill());
  }

  copy(start: number, end: number): Buffer {
    return Buffer.from(this.bytes.subarray(start, end));
  }
}
