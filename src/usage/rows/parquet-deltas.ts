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
  const padded = Buffer.concat([bytes, PADDING]);
  const view = viewOf(padded);
  const reader = { view, offset: 0 };
  const [blockSize, miniblocks] = [readVarInt(reader), readVarInt(reader)];
  readVarInt(reader);
  const perMiniblock = blockSize / miniblocks;
  const numbers = new BigInt64Array(count);
  const halves = new Int32Array(numbers.buffer);
  let value = 0;
  let isExact = true;
  let index = 0;
  put(Number(readZigZagBigInt(reader)));
  while (index < count && isExact) {
    const least = Number(readZigZagBigInt(reader));
    const widths = bytes.subarray(reader.offset, reader.offset + miniblocks);
    reader.offset += miniblocks;
    for (const width of widths) {
      if (width > MOST_BITS) return undefined;
      if (index < count) readMiniblock(least, width, Math.min(count, index + perMiniblock));
    }
    if (reader.offset > bytes.length) throw new Error('a page that ends too early');
  }
  return isExact ? numbers : undefined;

  /** Reads the numbers up to one of them. */
  function readMiniblock(least: number, width: number, stop: number): void {
    const end = reader.offset + (perMiniblock * width) / 8;
    const lowMask = width < 32 ? 2 ** width - 1 : -1;
    const highMask = width > 32 ? 2 ** (width - 32) - 1 : 0;
    for (let bit = reader.offset * 8; index < stop; bit += width) {
      const [at, shift] = [Math.floor(bit / 8), bit % 8];
      const [first, second] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      // The second half is shifted in two steps, as 32 of them at once would be none.
      const low = ((first >>> shift) | ((second << 1) << (31 - shift))) & lowMask;
      put(least + (low >>> 0) + ((second >>> shift) & highMask) * PER_HIGH);
    }
    reader.offset = end;
  }

  /** Puts the next number by its difference from the one before. */
  function put(difference: number): void {
    value += difference;
    isExact &&= Number.isSafeInteger(difference) && Number.isSafeInteger(value);
    halves[2 * index] = value;
    halves[2 * index + 1] = Math.floor(value / PER_HIGH);
    index += 1;
  }
}
