import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import {
  addFractions,
  fraction,
  fractionOf,
  multiplyFractions,
  roundHalfAwayFromZero,
} from '../../src/domain/fraction.ts';
import { centsText, roundToCents, sumCents } from '../../src/domain/money.ts';

describe('rounding', () => {
  it.each([
    ['0', 0n],
    ['0.004', 0n],
    ['0.0049999999999999999999', 0n],
    ['0.005', 1n],
    ['0.0050000000000000000001', 1n],
    ['0.006', 1n],
    ['0.014999', 1n],
    ['0.015', 2n],
    ['0.025', 3n],
    ['10.665', 1067n],
    ['10.675', 1068n],
    ['1.005', 101n],
    ['20', 2000n],
    ['20.994999', 2099n],
    ['20.995', 2100n],
  ])('M2: %s is %s cents, and its negative as many below zero', (text, cents) => {
    expect(roundToCents(fractionOf(decimal(text)))).toBe(cents);
    expect(roundToCents(fractionOf(decimal(`-${text}`)))).toBe(-cents);
  });

  it.each([
    [2, 3, 67n],
    [1, 3, 33n],
    [1, 200, 1n],
    [3, 200, 2n],
    [1, 201, 0n],
    [320, 30, 1067n],
    [540, 31, 1742n],
  ])('M2: %s/%s is %s hundredths, half away from zero', (numerator, denominator, cents) => {
    expect(roundHalfAwayFromZero(fraction(numerator, denominator), 2)).toBe(cents);
    expect(roundHalfAwayFromZero(fraction(-numerator, denominator), 2)).toBe(-cents);
  });

  it('M2: to other places', () => {
    expect(roundHalfAwayFromZero(fraction(27, 31), 6)).toBe(870968n);
    expect(roundHalfAwayFromZero(fraction(-27, 31), 6)).toBe(-870968n);
    expect(roundHalfAwayFromZero(fraction(5, 10), 0)).toBe(1n);
    expect(roundHalfAwayFromZero(fraction(-5, 10), 0)).toBe(-1n);
    expect(roundHalfAwayFromZero(fraction(49, 100), 0)).toBe(0n);
  });

  it('M2: amounts beyond what a float holds are rounded to the cent', () => {
    const value = decimal('12345678901234567890123456789.125');
    expect(roundToCents(fractionOf(value))).toBe(1234567890123456789012345678913n);
  });
});

describe('fractions', () => {
  it('M1: they are exact', () => {
    expect(fractionOf(decimal('0.04'))).toEqual({ numerator: 4n, denominator: 100n });
    expect(multiplyFractions(fraction(20, 1), fraction(16, 30))).toEqual(fraction(320n, 30n));
  });
});

describe('money', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.01'],
    [-1n, '-0.01'],
    [1067n, '10.67'],
    [-2000n, '-20.00'],
    [2010n, '20.10'],
    [123456789n, '1234567.89'],
  ])('M2: %s cents are written %s, exactly two decimals', (cents, text) => {
    expect(centsText(cents)).toBe(text);
  });

  it('M2: sums add cents', () => {
    expect(sumCents([2000n, -2000n, 4000n])).toBe(4000n);
    expect(sumCents([])).toBe(0n);
  });
});

describe('sums of fractions', () => {
  it.each([
    [fraction(1, 3), fraction(1, 6), fraction(1, 2)],
    [fraction(1, 3), fraction(4, 3), fraction(5, 3)],
    [fraction(-7, 10), fraction(1, 5), fraction(-1, 2)],
    [fraction(0, 1), fraction(2, 7), fraction(2, 7)],
  ])('M1: are exact, in either order', (a, b, expected) => {
    for (const sum of [addFractions(a, b), addFractions(b, a)]) {
      expect(sum.numerator * expected.denominator).toBe(expected.numerator * sum.denominator);
    }
  });
});
