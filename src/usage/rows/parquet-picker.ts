/**
 * Single values of a page, for those who want few of its rows: the page is decompressed, and
 * of the rest as little is looked at as leads from one wanted row to the next.
 */

/** Numbers as Parquet packs levels and positions in dictionaries, asked for in rising order. */
export class PackedNumbers {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  /** Where the next run begins. */
  #next = 0;
  /** The indexes of the run at hand. */
  #start = 0;
  #end = 0;
  /** Where its numbers are, one after another; else all of them are `#value`. */
  #packedAt: number | undefined;
  #value = 0;

  /** `width`: how many bits a number has. */
  constructor(bytes: Uint8Array, width: number) {
    this.#bytes = bytes;
    this.#width = width;
  }

  at(index: number): number {
    while (index >= this.#end) this.#readRun();
    return this.#numberAt(index);
  }

  /** How many of the numbers in `[from, to)` are this one. */
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

  /** A number of which each byte has seven bits, the lowest first. */
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

/** Which of the values that are there is that of a row; -1 for a null. Rows are asked for in rising order. */
export function presentIndexes(levels: PackedNumbers | undefined, most: number) {
  let [passed, present] = [0, 0];
  return (row: number): number => {
    if (levels === undefined) return row;
    present += levels.countOf(most, passed, row);
    passed = row;
    return levels.at(row) === most ? present : -1;
  };
}

/** Where the bytes of texts lie that have their length before them; asked for in rising order. */
export function textBytes(bytes: Uint8Array): (index: number) => Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [passed, at] = [0, 0];
  return (index) => {
    for (; passed < index; passed += 1) at += 4 + view.getUint32(at, true);
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) throw new Error('a page that ends too early');
    return bytes.subarray(at, end);
  };
}
