/** The widest numbers of which four bytes hold a whole one, wherever it begins. */
const MOST_QUICK_BITS = 24;

/** The same bytes, to read numbers from. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Numbers that are stored together, up to the one at `end`. */
export interface StoredRun {
  readonly end: number;
  /** Each number is this plus `width` bits, of which those of the first begin at a bit of `bytes`. */
  readonly value: number;
  readonly width: number;
  readonly bytes: Uint8Array;
  readonly bit: number;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Numbers in Parquet's packed encoding of levels and dictionary positions, requested in ascending
 * order, and only read as far as needed to get from one to the next. Throws if bytes are missing.
 */
export class PackedNumbers {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #width: number;
  readonly #mask: number;
  /** Where the next run begins. */
  #next = 0;
  /** The indexes of the current run. */
  #start = 0;
  #end = 0;
  /** Where its numbers are, one after another; if missing, all of them are `#value`. */
  #packedAt: number | undefined;
  #value = 0;

  /** `width`: the number of bits per number; if it is 0, all numbers are 0. */
  constructor(bytes: Uint8Array, width: number) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#width = width;
    this.#mask = 2 ** width - 1;
    if (width === 0) this.#end = Number.POSITIVE_INFINITY;
  }

  at(index: number): number {
    while (index >= this.#end) this.#readRun();
    return this.#numberAt(index);
  }

  /** Whether the first numbers, this many, are one run of this one. Nothing may have been read before. */
  areAll(wanted: number, count: number): boolean {
    return count > 0 && this.at(0) === wanted && this.#packedAt === undefined && this.#end >= count;
  }

  /** The numbers from an index on, at most up to `to`, that are stored together. */
  runFrom(index: number, to: number): StoredRun {
    const value = this.at(index);
    const end = Math.min(to, this.#end);
    if (this.#packedAt === undefined) return { end, value, width: 0, bytes: NO_BYTES, bit: 0 };
    this.#numberAt(end - 1);
    const bit = (index - this.#start) * this.#width;
    const first = this.#packedAt + Math.floor(bit / 8);
    const last = this.#packedAt + Math.ceil(((end - this.#start) * this.#width) / 8);
    const bytes = this.#bytes.subarray(first, last);
    return { end, value: 0, width: this.#width, bytes, bit: bit % 8 };
  }

  #numberAt(index: number): number {
    if (this.#packedAt === undefined) return this.#value;
    const [bytes, width] = [this.#bytes, this.#width];
    const bit = (index - this.#start) * width;
    const first = this.#packedAt + Math.floor(bit / 8);
    if (first + 4 <= bytes.length && width <= MOST_QUICK_BITS)
      return (this.#view.getUint32(first, true) >>> (bit % 8)) & this.#mask;
    if (this.#packedAt + (bit + width) / 8 > bytes.length) throw new Error(TOO_SHORT);
    let bits = 0;
    for (let byte = 4; byte >= 0; byte -= 1) bits = bits * 256 + (bytes[first + byte] ?? 0);
    return Math.floor(bits / 2 ** (bit % 8)) % 2 ** width;
  }

  #readRun(): void {
    const header = this.#readHeader();
    const isPacked = header % 2 === 1;
    const half = Math.floor(header / 2);
    const count = isPacked ? half * 8 : half;
    const valueBytes = Math.ceil(this.#width / 8);
    const at = this.#next;
    this.#next += isPacked ? half * this.#width : valueBytes;
    this.#start = this.#end;
    this.#end += count;
    this.#packedAt = isPacked ? at : undefined;
    this.#value = 0;
    for (let byte = valueBytes - 1; byte >= 0 && !isPacked; byte -= 1) {
      this.#value = this.#value * 256 + this.#byteAt(at + byte);
    }
  }

  /** Reads a number with seven bits per byte, the lowest first. */
  #readHeader(): number {
    let header = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byteAt(this.#next);
      this.#next += 1;
      header += (byte % 128) * 2 ** shift;
      if (byte < 128) return header;
    }
    throw new Error('a run without a length');
  }

  #byteAt(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new Error(TOO_SHORT);
    return byte;
  }
}

const TOO_SHORT = 'a page that ends too early';
