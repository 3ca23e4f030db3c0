import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { percentChange } from '../../src/render/report/figures.ts';

describe('the growth of a figure', () => {
  it.each([
    ['114.4', '100', '+14.4%'],
    ['0', '8', '−100.0%'],
    ['5', '5', '+0.0%'],
    ['100.05', '100', '+0.1%'],
    ['100.0499', '100', 'under 0.1%'],
    ['99.9501', '100', 'under 0.1%'],
    ['2500', '2', '+124,900.0%'],
    ['5', '0', undefined],
    ['0', '0', undefined],
  ])('to %s from %s is %s', (now, before, change) => {
    expect(percentChange(decimal(now), decimal(before))).toBe(change);
  });
});
