import type { ScanText } from '../bytes/scan-text.ts';
import type { ByteFeed } from './byte-feed.ts';

/** The part of an input that is in memory: what has been read leaves it, and more comes in behind. */
export class SlidingText {
  readonly text: ScanText;
  /** What is still to be read: from here to here in `text`. */
  position = 0;
  end = 0;
  readonly #feed: ByteFeed;
  /** Where in the input `text` begins. */
  #offset: number;

  /** `offset`: where in the input the feed begins. */
  constructor(text: ScanText, feed: ByteFeed, offset: number) {
    this.text = text;
    this.#feed = feed;
    this.#offset = offset;
  }

  /** Where in the input a position of `text` is. */
  offsetOf(position: number): number {
    return this.#offset + position;
  }

  /** Where in `text` an offset of the input is. */
  positionOf(offset: number): number {
    return offset - this.#offset;
  }

  /** Whether there is no room for more, as what is still to be read takes all of it. */
  get isFull(): boolean {
    return this.end - this.position === this.text.bytes.length;
  }

  /** Lets more come in; gives false where there is no more. May throw `BadInput`. */
  async fill(): Promise<boolean> {
    const { buffer } = this.text;
    if (this.position > 0) {
      buffer.copyWithin(0, this.position, this.end);
      this.#offset += this.position;
      this.end -= this.position;
      this.position = 0;
    }
    const reading = this.#feed.read(buffer, this.end);
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
    return Buffer.from(this.text.buffer.subarray(start, end));
  }
}
