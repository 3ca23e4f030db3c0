import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { fraction, fractionOf } from '../../src/domain/fraction.ts';
import { largestRemainder } from '../../src/reconcile/largest-remainder.ts';

describe('M2: by the largest remainder', () => {
  it.each<[string, string[], bigint, bigint[]]>([
    [
      'the missing cent goes to the largest remainder',
      ['0.333', '0.334', '0.333'],
      100n,
      [33n, 34n, 33n],
    ],
    ['at equal remainders to the first', ['0.005', '0.005', '0.005'], 1n, [1n, 0n, 0n]],
    [
      'the missing cents go to the first of the largest',
      ['0.004', '0.008', '0.008'],
      2n,
      [0n, 1n, 1n],
    ],
    ['each is rounded towards minus infinity', ['-0.007', '-0.003'], -1n, [-1n, 0n]],
    ['whole cents stay, below zero too', ['-1.00', '0.50', '-0.010'], -51n, [-100n, 50n, -1n]],
    ['an amount of whole cents can get a missing one', ['0.01'], 2n, [2n]],
    ['not to the largest amounts', ['5.001', '1.239', '0.005'], 625n, [500n, 124n, 1n]],
    ['nor to those farthest below zero', ['-5.009', '-1.001', '0.005'], -600n, [-501n, -100n, 1n]],
    ['an amount just below a cent is nearer than half of one', ['-0.001', '0.005'], 0n, [0n, 0n]],
    ['nothing adds up to nothing', [], 0n, []],
  ])('%s', (_, amounts, total, cents) => {
    expect(
      largestRemainder(
        amounts.map((text) => fractionOf(decimal(text))),
        total,
      ),
    ).toEqual(cents);
  });

  it('thirds and sixths are compared exactly', () => {
    const amounts = [fraction(1n, 600n), fraction(1n, 300n), fraction(1n, 200n)];
    expect(largestRemainder(amounts, 1n)).toEqual([0n, 0n, 1n]);
    expect(largestRemainder(amounts, 2n)).toEqual([0n, 1n, 1n]);
  });

  it.each([
    ['0.005', -1n],
    ['0.005', 2n],
    ['0.02', 1n],
  ])('that %s does not add up to %i is a fault of the program', (amount, total) => {
    expect(() => largestRemainder([fractionOf(decimal(amount))], total)).toThrow(/do not add up/);
  });
});
