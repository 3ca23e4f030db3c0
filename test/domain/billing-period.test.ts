import { describe, expect, it } from 'vitest';
import {
  billingPeriod,
  billingPeriodFromText,
  periodAt,
  periodsBetween,
  periodsLater,
} from '../../src/domain/billing-period.ts';
import { instant, instantText } from '../../src/domain/instant.ts';

describe('a month', () => {
  it.each([
    ['2026-01', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', 31, '2026-01-31'],
    ['2026-02', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 28, '2026-02-28'],
    ['2028-02', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z', 29, '2028-02-29'],
    ['2026-09', '2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z', 30, '2026-09-30'],
    ['2026-12', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z', 31, '2026-12-31'],
    ['2000-01', '2000-01-01T00:00:00Z', '2000-02-01T00:00:00Z', 31, '2000-01-31'],
    ['2199-12', '2199-12-01T00:00:00Z', '2200-01-01T00:00:00Z', 31, '2199-12-31'],
  ])('M3: %s goes from its first instant to that of the next', (month, start, end, days, last) => {
    const period = billingPeriod(month);
    expect(period.month).toBe(month);
    expect(instantText(period.start)).toBe(start);
    expect(instantText(period.end)).toBe(end);
    expect(period.days).toBe(days);
    expect(period.firstDate).toBe(`${month}-01`);
    expect(period.lastDate).toBe(last);
  });

  it.each([
    '2026',
    '2026-1',
    '2026-00',
    '2026-13',
    '2026-01-01',
    '26-01',
    '202601',
    ' 2026-01',
    '2026-01\n',
    'last',
    '',
  ])('%j is none', (text) => {
    expect(billingPeriodFromText(text)).toBeUndefined();
    expect(() => billingPeriod(text)).toThrow('not a month');
  });

  it.each(['1999-12', '2200-01'])('%s is not written, but has usage by an offset', (month) => {
    expect(billingPeriodFromText(month)).toBeUndefined();
    expect(billingPeriod(month).month).toBe(month);
    for (const text of ['1998-12', '2201-01']) {
      expect(() => billingPeriod(text)).toThrow('not a month');
    }
  });

  it.each([
    ['2026-01-01', '2026-01'],
    ['2026-01-31T23:59:59.999999999Z', '2026-01'],
    ['2026-02-01', '2026-02'],
    ['2026-02-01T00:30:00+01:00', '2026-01'],
    ['2026-12-31T23:00:00-02:00', '2027-01'],
    ['2000-01-01T00:00:00+01:00', '1999-12'],
  ])('%s lies in %s', (at, month) => {
    expect(periodAt(instant(at)).month).toBe(month);
  });
});

describe('months in a row', () => {
  it.each([
    ['2026-01', 1, '2026-02'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-01', 0, '2026-01'],
    ['2026-03', 24, '2028-03'],
    ['2026-03', -15, '2024-12'],
  ])('%s and %s months is %s', (month, count, expected) => {
    expect(periodsLater(billingPeriod(month), count).month).toBe(expected);
  });

  it.each([
    ['2026-01', '2026-01', ['2026-01']],
    ['2025-11', '2026-02', ['2025-11', '2025-12', '2026-01', '2026-02']],
    ['2026-02', '2026-01', []],
  ])('from %s to %s, both included', (first, last, months) => {
    const periods = periodsBetween(billingPeriod(first), billingPeriod(last));
    expect(periods.map(({ month }) => month)).toEqual(months);
  });
});
