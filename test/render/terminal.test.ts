import { describe, expect, it } from 'vitest';
import { visible } from '../../src/render/terminal.ts';
import {
  displayWidth,
  padded,
  shortened,
  truncate,
  wrapped,
  wrappedWords,
} from '../../src/render/width.ts';
import { NASTY_NAMES } from './samples.ts';

describe('visible', () => {
  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\r\nc\td', 'a\\nb\\r\\nc\\td'],
    ['\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u2066a\u2069\u200e\u200f\u061c', '\\u2066a\\u2069\\u200e\\u200f\\u061c'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\ud800!', '\\ud800!'],
    ['a\u{e0041}\u{e0001}b\u{e007f}', 'ab'],
    [`Zoe${'\u0301'.repeat(50)}!`, `Zoe${'\u0301'.repeat(4)}!`],
    ['Vi\u0302\u0323t', 'Vi\u0302\u0323t'],
    ['שלום 山田 👩‍👩‍👧‍👦 Ana', 'שלום 山田 👩‍👩‍👧‍👦 Ana'],
  ])('spells out what a terminal obeys or hides, and leaves the rest: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe('cutting by width', () => {
  it.each([
    ['Alice Adams', 20, 'Alice Adams'],
    ['Alice Adams', 6, 'Alice…'],
    ['山田太郎', 8, '山田太郎'],
    ['山田太郎', 7, '山田太…'],
    ['山田太郎', 6, '山田…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['สุรชัย', 4, 'สุรชัย'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('ends a cut text in …: %s in %d', (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
  });

  it('cuts ids in their middle', () => {
    expect(shortened('arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC', 13)).toBe(
      'arn:aw…le/ABC',
    );
  });

  it('never cuts a character in two, nor takes more than its width', () => {
    for (const name of NASTY_NAMES.map(visible)) {
      for (let width = 1; width < 40; width += 1) {
        for (const text of [truncate(name, width), shortened(name, width), padded('', width)]) {
          expect(displayWidth(text)).toBeLessThanOrEqual(width);
          expect(text).not.toMatch(/[\ud800-\udfff]/u);
        }
      }
    }
  });

  it('wraps at spaces, inside long words, and not inside the ids of rules', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('a bcdefghijk l', 5)).toEqual(['a', 'bcdef', 'ghijk', 'l']);
    expect(wrapped('so it is (O2, O3)', 12)).toEqual(['so it is', '(O2, O3)']);
    expect(wrapped('', 7)).toEqual([]);
    expect(wrapped('billed: CHF 420.00', 12)).toEqual(['billed:', 'CHF 420.00']);
    expect(wrappedWords('for 2026-01: CHF 1,420.00.', 18)).toEqual([
      'for 2026-01:',
      'CHF 1,420.00.',
    ]);
    expect(wrappedWords('a bcdefghijk l (O5)', 5)).toEqual(['a', 'bcdefghijk', 'l', '(O5)']);
  });
});
