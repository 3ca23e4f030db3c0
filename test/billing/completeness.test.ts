import { describe, expect, it } from 'vitest';
import { completenessWarnings, monthCoverage } from '../../src/billing/completeness.ts';
import { billingOf, billMonth } from '../../src/billing/invoice.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { instant, NANOS_PER_DAY } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import type { UsageDays } from '../../src/domain/usage-days.ts';
import { dayText } from '../../src/domain/usage-days.ts';
import { profile, subscription, usage } from './facts.ts';

const JANUARY = billingPeriod('2026-01');

function day(date: string): number {
  return Number(instant(date) / NANOS_PER_DAY);
}

/** The days of January 2026 from Monday to Friday, without those given. */
function weekdays(...without: number[]): number[] {
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((date) => {
    const weekday = new Date(Date.UTC(2026, 0, date)).getUTCDay();
    return weekday !== 0 && weekday !== 6 && !without.includes(date);
  });
}

interface Facts {
  readonly users?: number;
  readonly dates?: readonly number[];
  readonly clock?: string;
  readonly before?: string;
  readonly daysOff?: readonly string[];
  readonly usageDays?: UsageDays;
}

/** `users` seats of P1 that all have usage on the same dates of January 2026. */
function findings({ users = 10, dates = [], before, ...facts }: Facts): string[] {
  const ids = Array.from({ length: users }, (_, index) => `u${index}`);
  const records = {
    profiles: new Map([['P1', profile('P1')]]),
    users: new Map(),
    groups: new Map(),
    memberships: [],
    subscriptions: ids.map((id) => subscription(id, 'Pro')),
    overageChanges: [],
  };
  const used = dates.length === 0 ? [] : ids.map((userId) => usage('1', { userId }));
  const billing = billingOf(records, BUILT_IN_RATE_CARD, used);
  const days = dates.map((date) => day(`2026-01-${String(date).padStart(2, '0')}`));
  const all = new Set([...days, ...(before === undefined ? [] : [day(before)])]);
  const month = {
    period: JANUARY,
    seats: billing.seats,
    invoiced: billMonth(billing, JANUARY).seats,
  };
  return completenessWarnings(month, {
    usageDays: facts.usageDays ?? {
      byProfile: new Map([['P1', all]]),
      summaryMonths: new Set(),
      twice: [],
    },
    clock: instant(facts.clock ?? '2026-03-01'),
    daysOff: new Set((facts.daysOff ?? []).map(day)),
  }).map(({ code, message }) => `${code} ${/from .*\)/.exec(message)?.[0] ?? ''}`.trim());
}

describe('completeness of usage', () => {
  it('says nothing where each workday has usage, or only one has none', () => {
    expect(findings({ dates: weekdays() })).toEqual([]);
    expect(findings({ dates: weekdays(14) })).toEqual([]);
  });

  it('tells of a month without any usage, once', () => {
    expect(findings({})).toEqual(['usage-none']);
    expect(findings({ users: 1 })).toEqual(['usage-none']);
  });

  it('tells of two workdays in a row, also over a weekend, from ten users on', () => {
    const gap = ['usage-gap from 2026-01-09 to 2026-01-12 (2 workdays)'];
    expect(findings({ dates: weekdays(9, 12) })).toEqual(gap);
    expect(findings({ dates: weekdays(9, 12), users: 9 })).toEqual([]);
  });

  it('tells of five workdays from three users on, else of ten', () => {
    const five = weekdays(12, 13, 14, 15, 16);
    expect(findings({ dates: five, users: 3 })).toEqual([
      'usage-gap from 2026-01-12 to 2026-01-16 (5 workdays)',
    ]);
    expect(findings({ dates: five, users: 2 })).toEqual([]);
    const ten = weekdays(12, 13, 14, 15, 16, 19, 20, 21, 22, 23);
    expect(findings({ dates: ten, users: 1 })).toHaveLength(1);
  });

  it('tells of usage that ends early, up to the last day that is over', () => {
    const dates = weekdays(29, 30);
    expect(findings({ dates })).toEqual(['usage-ends from 2026-01-29 to 2026-01-30 (2 workdays)']);
    expect(findings({ dates, clock: '2026-01-30T23:59:59Z' })).toEqual([]);
  });

  it('tells of usage that begins late only where none lies before the month', () => {
    const dates = weekdays(1, 2);
    expect(findings({ dates })).toEqual([
      'usage-begins from 2026-01-01 to 2026-01-02 (2 workdays)',
    ]);
    expect(findings({ dates, before: '2025-12-30' })).toEqual([
      'usage-gap from 2026-01-01 to 2026-01-02 (2 workdays)',
    ]);
  });

  it('leaves out days off, and days of the week on which nobody works', () => {
    expect(findings({ dates: weekdays(13, 14), daysOff: ['2026-01-13'] })).toEqual([]);
    const mondaysToThursdays = weekdays(2, 9, 16, 23, 30);
    expect(findings({ dates: mondaysToThursdays })).toEqual([]);
  });

  it('tells of a month that has not begun nothing else', () => {
    expect(findings({ clock: '2025-12-31' })).toEqual(['month-future']);
  });

  it('tells of usage that is there twice in the months that it concerns', () => {
    const twice = (month: string): UsageDays => ({
      summaryMonths: new Set(['2026-01']),
      twice: [{ how: 'same rows', files: ['a.csv', 'b.csv'], months: new Set([month]) }],
    });
    expect(findings({ dates: [5], usageDays: twice('2026-01') })).toEqual(['usage-twice']);
    expect(findings({ dates: [5], usageDays: twice('2026-02') })).toEqual([]);
  });

  it('gives the first and the last usage day, and the weekdays without usage', () => {
    const byProfile = new Map([['P1', new Set([day('2026-01-05'), day('2026-01-08')])]]);
    const coverage = monthCoverage(
      { period: JANUARY },
      {
        usageDays: { byProfile, summaryMonths: new Set(), twice: [] },
        clock: instant('2026-01-10'),
        daysOff: new Set([day('2026-01-01')]),
      },
    );
    expect(coverage?.firstDay).toBe(day('2026-01-05'));
    expect(coverage?.lastDay).toBe(day('2026-01-08'));
    expect(coverage?.weekdaysWithoutUsage.map(dayText)).toEqual([
      '2026-01-02',
      '2026-01-06',
      '2026-01-07',
      '2026-01-09',
    ]);
  });
});
