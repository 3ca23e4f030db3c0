/**
 * Reads single values of a page, for callers that want few of its rows: the page is decompressed,
 * and otherwise only read as far as needed to get from one wanted row to the next.
 */

/** The widest numbers of which four bytes hold a whole one, wherever it begins. */
const MOST_QUICK_BITS = 24;

/**
 * Numbers in Parquet's packed encoding of levels and dictionary positions: all of them, or single
 * ones requested in ascending order.
 */
export class PackedNumbers {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  /** Where the next run begins. */
  #next = 0;
  /** The indexes of the current run. */
  #start = 0;
  #end = 0;
  /** Where its numbers are, one after another; if missing, all of them are `#value`. */
  #packedAt: number | undefined;
  #value = 0;

  /** `width`: the number of bits per number. */
  constructor(bytes: Uint8Array, width: number) {
    this.#bytes = bytes;
    this.#width = width;
  }

  at(index: number): number {
    while (index >= this.#end) this.#readRun();
    return this.#numberAt(index);
  }

  /** How many of the numbers in `[from, to)` equal this one. */
  countOf(wanted: number, from: number, to: number): number {
    let count = 0;
    for (let index = from; index < to; ) {
      while (index >= this.#end) this.#readRun();
      const stop = Math.min(to, this.#end);
      if (this.#packedAt === undefined) {
        if (this.#value === wanted) count += stop - index;
      } else {
        for (let at = index; at < stop; at += 1) if (this.#numberAt(at) === wanted) count += 1;
      }
      index = stop;
    }
    return count;
  }

  /** Whether the first numbers, this many, are one run of this one. Nothing may have been read before. */
  areAll(wanted: number, count: number): boolean {
    if (this.#end === 0) this.#readRun();
    return this.#packedAt === undefined && this.#value === wanted && this.#end >= count;
  }

  /** Reads as many numbers as there is room for, from the first one on. */
  readInto(numbers: Int32Array | Uint8Array): void {
    for (let index = 0; index < numbers.length; ) {
      while (index >= this.#end) this.#readRun();
      const stop = Math.min(numbers.length, this.#end);
      if (this.#packedAt === undefined) numbers.fill(this.#value, index, stop);
      else this.#unpack(numbers, stop, this.#packedAt);
      index = stop;
    }
  }

  /** Reads the numbers of the current run, which are at `packedAt`, up to one of them. */
  #unpack(numbers: Int32Array | Uint8Array, stop: number, packedAt: number): void {
    const [bytes, width] = [this.#bytes, this.#width];
    const end = packedAt + ((stop - this.#start) * width) / 8;
    if (end > bytes.length) throw new Error('a page that ends too early');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const mask = (1 << width) - 1;
    let index = this.#start;
    let bit = packedAt * 8;
    const quickEnd = width > MOST_QUICK_BITS ? -1 : (bytes.length - 4) * 8;
    for (; index < stop && bit <= quickEnd; index += 1) {
      numbers[index] = (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask;
      bit += width;
    }
    for (; index < stop; index += 1) numbers[index] = this.#numberAt(index);
  }

  #numberAt(index: number): number {
    if (this.#packedAt === undefined) return this.#value;
    const bit = (index - this.#start) * this.#width;
    const first = this.#packedAt + Math.floor(bit / 8);
    let bits = 0;
    for (let byte = 4; byte >= 0; byte -= 1) bits = bits * 256 + (this.#bytes[first + byte] ?? 0);
    return Math.floor(bits / 2 ** (bit % 8)) % 2 ** this.#width;
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
    if (byte === undefined) throw new Error('a page that ends too early');
    return byte;
  }
}

/** The index of a row's value among those present; -1 for a null. Rows are requested in ascending order. */
export function presentIndexes(levels: PackedNumbers | undefined, most: number) {
  let [passed, present] = [0, 0];
  return (row: number): number => {
    if (levels === undefined) return row;
    present += levels.countOf(most, passed, row);
    passed = row;
    return levels.at(row) === most ? present : -1;
  };
}
