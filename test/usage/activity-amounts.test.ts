import { describe, expect, test } from 'vitest';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { AmountSums, amountOf, decimalOf } from '../../src/usage/activity/amount.ts';
import { Words } from '../../src/usage/activity/words.ts';

describe('M1: credits of activity reports add up exactly', () => {
  const totalOf = (...texts: string[]): string => {
    const words = new Words();
    const sums = new AmountSums(words);
    for (const text of texts) sums.add(2, amountOf(decimal(text), words));
    return decimalText(sums.total(2), 0);
  };

  test.each([
    [['0.999999999999999999', '0.000000000000000001'], '1'],
    [['1.5', '999999999.999999999', '0.25'], '1000000001.749999999'],
    [['1e40', '0.1', '1e-30'], `1${'0'.repeat(40)}.1${'0'.repeat(28)}1`],
    [[], '0'],
  ])('%j', (texts, total) => {
    expect(totalOf(...texts)).toBe(total);
  });

  test('also beyond the whole numbers that a float holds', () => {
    const sums = new AmountSums(new Words());
    for (let times = 0; times < 9; times += 1) sums.add(0, [2 ** 51 + 1, 1, 999_999_999]);
    expect(decimalText(sums.total(0), 0)).toBe(`${9n * (2n ** 51n + 1n)}.000000017999999991`);
  });

  test('a number that does not fit is kept as it is', () => {
    const words = new Words();
    const large = decimal('123456789012345678901234567890.5');
    expect(decimalText(decimalOf(amountOf(large, words), words), 0)).toBe(decimalText(large, 0));
  });
});
