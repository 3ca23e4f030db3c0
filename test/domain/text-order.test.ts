import { describe, expect, it } from 'vitest';
import { compareBytes, compareKeys } from '../../src/domain/text-order.ts';

/** Ascending by the bytes of UTF-8, each unlike its neighbours in one way. */
const ASCENDING = [
  '',
  '\u0000',
  '\u0000\u0000',
  ' ',
  '10',
  '9',
  'A',
  'AB',
  'Z',
  'a',
  'a\u0000',
  'aa',
  'ab',
  'b',
  '~',
  '\u007f',
  '\u0080',
  'é',
  'é\ud83d\ude00',
  'ÿ',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\ue000a',
  '\ue001',
  '\uf8ff',
  '\uff5e',
  '\uffff',
  '\u{10000}',
  '\u{10000}a',
  '\u{103fe}',
  '\u{103ff}',
  '\u{10400}',
  '\u{1f600}',
  '\u{1f600}\uffff',
  '\u{1f600}\u{10000}',
  '\u{1f601}',
  '\u{10ffff}',
];

describe('byte order', () => {
  it('M2: rows sort by the bytes of the value, code points above U+FFFF last', () => {
    const shuffled = [...ASCENDING].reverse();
    expect(shuffled.sort(compareBytes)).toEqual(ASCENDING);
  });

  it('M2: it is the order of the UTF-8 bytes, pair by pair', () => {
    for (const a of ASCENDING) {
      for (const b of ASCENDING) {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareBytes(a, b)), `${a} and ${b}`).toBe(expected);
      }
    }
  });
});

describe('the order of several keys', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], 0],
    [['a', 'b'], ['a', 'c'], -1],
    [['b', 'a'], ['a', 'b'], 1],
    [['a', 'b', 'z'], ['a', 'c', 'a'], -1],
    [['\u{1f600}', 'a'], ['\uff5e', 'b'], 1],
    [[], [], 0],
  ])('M2: is that of the first that differs: %j, %j', (a, b, order) => {
    expect(Math.sign(compareKeys(a, b))).toBe(order);
    expect(Math.sign(compareKeys(b, a))).toBe(0 - order);
  });
});
