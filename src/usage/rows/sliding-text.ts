import type { ByteFeed } from './byte-feed.ts';
import { type RowKernel, TEXT_BYTES } from './row-kernel.ts';

/** The stretch of an input that is in the kernel's memory: what has been read leaves it, and more comes in after it. */
export class SlidingText {
  /** What is still to be read: from here to here in `bytes`. */
  position = 0;
  end = 0;
  readonly #kernel: RowKernel;
  readonly #feed: ByteFeed;
  readonly #capacity: number;
  /** Where in the input the text begins. */
  #offset: number;

  /** `offset`: where in the input the feed begins. `capacity`: how much is in memory at most. */
  constructor(kernel: RowKernel, feed: ByteFeed, offset: number, capacity = TEXT_BYTES) {
    this.#kernel = kernel;
    this.#feed = feed;
    this.#offset = offset;
    this.#capacity = capacity;
  }

  /** The memory of the text; another object after each reading of rows. */
  get bytes(): Buffer {
    return this.#kernel.bytes.subarray(0, this.#capacity);
  }

  /** Where in the input a position of the text is. */
  offsetOf(position: number): number {
    return this.#offset + position;
  }

  /** Where in the text an offset of the input is. */
  positionOf(offset: number): number {
    return offset - this.#offset;
  }

  /** Whether there is no room for more, as what is still to be read takes all of it. */
  get isFull(): boolean {
    return this.end - this.position === this.#capacity;
  }

  /** Lets more come in; gives false where there is no more. May throw `BadInput`. */
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

  /** Everything that is still to be read, in copies. May throw `BadInput`. */
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
