import { describe, expect, test } from 'vitest';
import { PlainValues } from '../../../src/usage/rows/parquet-plain.ts';

function texts(...all: string[]): Buffer {
  return Buffer.concat(
    all.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );
}

const nothing = () => undefined;

describe('values in the plain encoding of Parquet', () => {
  test('are found by their index, in any order', () => {
    const bytes = texts('a', '', 'déjà', 'vu');
    const values = new PlainValues(bytes, 4, undefined, nothing);
    const found = [0, 2, 3, 1].map((index) => {
      const start = values.startOf(index);
      return bytes.subarray(start + 4, values.startOf(index + 1)).toString();
    });
    expect(found).toEqual(['a', 'déjà', 'vu', '']);
    const numbers = new PlainValues(Buffer.alloc(24), 3, 8, nothing);
    expect([numbers.startOf(2), numbers.startOf(3)]).toEqual([16, 24]);
  });

  test.each([
    ['a text', texts('abc').subarray(0, 6), 1, undefined],
    ['a length', Buffer.concat([texts('abc'), Buffer.from([1, 0])]), 2, undefined],
    ['a number', Buffer.alloc(23), 3, 8],
  ])('are refused where %s is cut off', (_, bytes, length, size) => {
    expect(() => new PlainValues(bytes, length, size, nothing)).toThrow(/ends too early/);
  });
});
