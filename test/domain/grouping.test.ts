import { describe, expect, test } from 'vitest';
import { repeated } from '../../src/domain/grouping.ts';

describe('a function for keys few of which are different', () => {
  test('is asked once for each key, and gives one object', () => {
    const asked: number[] = [];
    const textOf = repeated((key: number) => {
      asked.push(key);
      return { text: String(key) };
    });
    expect(textOf(7)).toBe(textOf(7));
    expect(textOf(8)).toEqual({ text: '8' });
    expect(asked).toEqual([7, 8]);
  });

  test('remembers a thousand keys and no more, whatever comes', () => {
    let asked = 0;
    const doubled = repeated((key: number) => {
      asked += 1;
      return 2 * key;
    });
    const keys = Array.from({ length: 1500 }, (_, key) => key + 1);
    expect(keys.map(doubled)).toEqual(keys.map((key) => 2 * key));
    expect(keys.map(doubled)).toEqual(keys.map((key) => 2 * key));
    expect(asked).toBe(1500 + 500);
  });
});
