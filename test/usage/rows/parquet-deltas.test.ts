import fc from 'fast-check';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { describe, expect, test } from 'vitest';
import { deltaNumbers } from '../../../src/usage/rows/parquet-deltas.ts';

function packed(values: readonly bigint[]): Uint8Array {
  const writer = new ByteWriter();
  deltaBinaryPack(writer, BigInt64Array.from(values), 'INT64');
  return writer.getBytes();
}

function ofLibrary(bytes: Uint8Array, count: number): BigInt64Array {
  const numbers = new BigInt64Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  deltaBinaryUnpack({ view, offset: 0 }, count, numbers);
  return numbers;
}

/** Near one another or far apart, by so many bits. */
function numbersOfBits(bits: number): fc.Arbitrary<bigint[]> {
  const most = 2n ** BigInt(bits) - 1n;
  return fc.array(fc.bigInt({ min: -most, max: most }), { minLength: 1, maxLength: 300 });
}

describe('M1: numbers in Parquet’s encoding of differences', () => {
  test('are those of the library, of any width', () => {
    // Differences of these are at most five times as far apart, and so take no more than 53 bits.
    const values = fc.integer({ min: 0, max: 50 }).chain(numbersOfBits);
    fc.assert(
      fc.property(values, fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n }), (of, first) => {
        const bytes = packed([first, ...of, ...of.map((value) => first + value / 2n)]);
        const count = 2 * of.length + 1;
        expect(deltaNumbers(bytes, count)).toEqual(ofLibrary(bytes, count));
      }),
      { numRuns: 300 },
    );
  });

  test('are left to the library where a number may not hold one exactly', () => {
    for (const values of [[2n ** 53n], [0n, 2n ** 60n], [2n ** 53n - 1n, 2n ** 53n, 0n]]) {
      expect(deltaNumbers(packed(values), values.length)).toBeUndefined();
    }
  });

  test('are refused where bytes are missing', () => {
    const bytes = packed(Array.from({ length: 200 }, (_, index) => BigInt(index * index)));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => deltaNumbers(bytes.subarray(0, length), 200)).toThrow();
    }
  });
});
