import { readVarInt, readZigZagBigInt } from 'hyparquet/src/thrift.js';
import { viewOf } from './parquet-packed.ts';

/** The widest difference of which eight bytes hold a whole one, wherever it begins. */
const MOST_BITS = 53;
const PER_HIGH = 2 ** 32;
/** So that eight bytes can be read wherever a difference begins. */
const PADDING = new Uint8Array(8);

/**
 * Numbers of 64 bits in Parquet's encoding of differences, DELTA_BINARY_PACKED. The library makes a
 * bigint of each, which takes ten times as long. `undefined`, for the library to read them, if one of
 * them may be beyond what a number holds exactly. Throws if bytes are missing.
 */
export function deltaNumbers(bytes: Uint8Array, count: number): BigInt64Array | undefined {
  const reader = { view: viewOf(Buffer.concat([bytes, PADDING])), offset: 0 };
  const [blockSize, miniblocks] = [readVarInt(reader), readVarInt(reader)];
  readVarInt(reader);
  const perMiniblock = blockSize / miniblocks;
  const sums = new ExactSums(count);
  sums.put(Number(readZigZagBigInt(reader)));
  while (sums.index < count && sums.areExact) {
    const least = Number(readZigZagBigInt(reader));
    const widths = bytes.subarray(reader.offset, reader.offset + miniblocks);
    reader.offset += miniblocks;
    for (const width of widths) {
      if (width > MOST_BITS) return undefined;
      if (sums.index >= count) continue;
      putMiniblock(reader, least, width, sums, Math.min(count, sums.index + perMiniblock));
      reader.offset += (perMiniblock * width) / 8;
    }
    if (reader.offset > bytes.length) throw new Error('a page that ends too early');
  }
  return sums.areExact ? sums.numbers : undefined;
}

/** Puts the numbers of a miniblock up to one of them, whose differences are this wide, beyond the least one. */
function putMiniblock(
  { view, offset }: { readonly view: DataView; readonly offset: number },
  least: number,
  width: number,
  sums: ExactSums,
  stop: number,
): void {
  const lowMask = width < 32 ? 2 ** width - 1 : -1;
  const highMask = width > 32 ? 2 ** (width - 32) - 1 : 0;
  for (let bit = offset * 8; sums.index < stop; bit += width) {
    const [at, shift] = [Math.floor(bit / 8), bit % 8];
    const [first, second] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    // The second half is shifted in two steps, as 32 of them at once would be none.
    const low = ((first >>> shift) | ((second << 1) << (31 - shift))) & lowMask;
    sums.put(least + (low >>> 0) + ((second >>> shift) & highMask) * PER_HIGH);
  }
}

/** Numbers by their differences, as long as all are exact. */
class ExactSums {
  readonly numbers: BigInt64Array;
  areExact = true;
  /** That of the next number. */
  index = 0;
  /** The numbers in halves of 32 bits, which take no bigint. */
  readonly #halves: Int32Array;
  #last = 0;

  constructor(count: number) {
    this.numbers = new BigInt64Array(count);
    this.#halves = new Int32Array(this.numbers.buffer);
  }

  /** Puts the next number by its difference from the one before. */
  put(difference: number): void {
    this.#last += difference;
    this.areExact &&= Number.isSafeInteger(difference) && Number.isSafeInteger(this.#last);
    this.#halves[2 * this.index] = this.#last;
    this.#halves[2 * this.index + 1] = Math.floor(this.#last / PER_HIGH);
    this.index += 1;
  }
}
