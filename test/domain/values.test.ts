import { describe, expect, it } from 'vitest';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { firstNamed, firstOf } from '../../src/domain/counts.ts';
import { groupBy, valueAt } from '../../src/domain/grouping.ts';
import { instant, utcDate } from '../../src/domain/instant.ts';
import { absoluteCents, centsText, decimalOfCents, sumCents } from '../../src/domain/money.ts';
import {
  BadInput,
  byFileAndLine,
  inFileOrder,
  type Problem,
  problemKind,
} from '../../src/domain/problem.ts';
import { RULE_IDS } from '../../src/domain/rule-id.ts';
import { seatKey, seatKeyOf } from '../../src/domain/seat-key.ts';
import { type ColumnKind, isNumeric } from '../../src/domain/sheet.ts';
import {
  dayText,
  epochDay,
  epochDayAt,
  isWeekday,
  weekdayOf,
  workingDaysOf,
} from '../../src/domain/usage-days.ts';
import { CHARGEBACK_VIEWS, MEASURES, ROLL_UPS, VIEWS } from '../../src/domain/view.ts';

describe('grouping', () => {
  it('keeps keys and items in the order in which they come', () => {
    const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2'], (text) => text.slice(0, 1));
    expect([...groups]).toEqual([
      ['b', ['b1', 'b2']],
      ['a', ['a1', 'a2']],
      ['c', ['c1']],
    ]);
    expect(groupBy([], String).size).toBe(0);
  });

  it('makes the value of a key once, and keeps it', () => {
    const made = new Map<string, number[]>();
    const at = (key: string): number[] => valueAt(made, key, () => []);
    at('a').push(1);
    at('b').push(2);
    at('a').push(3);
    expect([...made]).toEqual([
      ['a', [1, 3]],
      ['b', [2]],
    ]);
  });
});

describe('lists that are cut', () => {
  it('show the first, and how many more there are', () => {
    expect(firstOf(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(firstOf(['a', 'b', 'c', 'd'], 2)).toEqual(['a', 'b', '… and 2 more']);
    expect(firstOf(['a', 'b'], 1, (more) => `${more} left`)).toEqual(['a', '1 left']);
  });

  it('name them in a sentence', () => {
    expect(firstNamed([], 2)).toBe('');
    expect(firstNamed(['a', 'b'], 2)).toBe('a, b');
    expect(firstNamed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  });

  it('have commas in the number of the rest', () => {
    const names = Array.from({ length: 1003 }, (_, index) => `n${index}`);
    expect(firstNamed(names, 2)).toBe('n0, n1 and 1,001 more');
    expect(firstOf(names, 2)).toEqual(['n0', 'n1', '… and 1,001 more']);
  });
});

describe('working days', () => {
  it('are the midnights from Monday to Friday', () => {
    const dates = workingDaysOf(billingPeriod('2026-02')).map(utcDate);
    expect(dates).toHaveLength(20);
    expect([dates[0], dates[4], dates[5], dates.at(-1)]).toEqual([
      ...['2026-02-02', '2026-02-06', '2026-02-09', '2026-02-27'],
    ]);
  });
});

describe('amounts', () => {
  it('M2: have a size, and an exact figure to compare with', () => {
    expect([absoluteCents(-5n), absoluteCents(0n), absoluteCents(5n)]).toEqual([5n, 0n, 5n]);
    expect(decimalOfCents(-1234n)).toEqual({ units: -1234n, scale: 2 });
  });
});

describe('lists of the contract', () => {
  it('has the ids of the rules page, in its order', () => {
    expect(RULE_IDS.join(' ')).toBe('H1 H2 H3 H4 S1 S2 S3 S4 O1 O2 O3 O4 O5 O6 R1 R2 M1 M2 M3 M4');
  });

  it('has the eight views', () => {
    expect([...VIEWS].sort()).toEqual([
      'account',
      'cost_center',
      'group',
      'line',
      'profile',
      'region',
      'tier',
      'user',
    ]);
  });
});

describe('views and measures', () => {
  it('has those of the data formats', () => {
    expect(ROLL_UPS).toEqual(['profile', 'account', 'region', 'tier', 'cost_center', 'group']);
    expect(CHARGEBACK_VIEWS).toEqual([
      ...['cost_center', 'group', 'tier', 'profile', 'account', 'region', 'user'],
    ]);
    expect(MEASURES).toEqual([
      ...['total_charge', 'subscription_charge', 'overage_charge'],
      ...['credits_used', 'overage_credits', 'seats'],
    ]);
  });
});

describe('kinds of columns', () => {
  it.each<[kind: ColumnKind, isNumber: boolean]>([
    ['text', false],
    ['date', false],
    ['count', true],
    ['money', true],
    ['credits', true],
    ['price', true],
    ['quantity', true],
  ])('%s holds numbers: %s', (kind, isNumber) => {
    expect(isNumeric(kind)).toBe(isNumber);
  });
});

describe('seat keys', () => {
  it('are of the profile and the user, and of no other pair', () => {
    const keys = [seatKey('P1', 'u'), seatKey('P', '1u'), seatKey('u', 'P1')];
    expect(new Set(keys).size).toBe(3);
    expect(seatKeyOf({ profile: { profileId: 'P1' }, userId: 'u' })).toBe(seatKey('P1', 'u'));
  });
});

describe('days', () => {
  it.each([
    ['1970-01-01', 0, 4, true],
    ['2026-01-02', 20455, 5, true],
    ['2026-01-03', 20456, 6, false],
    ['2026-01-04', 20457, 0, false],
    ['2026-01-05', 20458, 1, true],
  ])('%s is day %i', (date, day, weekday, isWorked) => {
    expect([dayText(day), weekdayOf(day), isWeekday(day)]).toEqual([date, weekday, isWorked]);
    if (day > 0) {
      expect(epochDay(date)).toBe(day);
      expect(epochDayAt(instant(`${date}T23:59:59.999999999Z`))).toBe(day);
    }
  });
});

describe('sums of money', () => {
  it('M2: are of cents, shown with two decimals', () => {
    expect(sumCents([])).toBe(0n);
    expect(centsText(sumCents([-2000n, 5n, 4000n]))).toBe('20.05');
    expect(centsText(-5n)).toBe('-0.05');
  });
});

describe('bad input', () => {
  it('comes by file, in order of appearance, and by line in each', () => {
    const at = (file: string, line?: number): Problem => ({
      file,
      ...(line === undefined ? {} : { line }),
      what: '',
    });
    const problems = [at('b', 9), at('a', 3), at('b'), at('b', 2), at('a', 1), at('b', 10)];
    const shown = (all: readonly Problem[]): string =>
      all.map(({ file, line = '' }) => `${file}${line}`).join(' ');
    expect(shown(inFileOrder(problems))).toBe('b b2 b9 b10 a1 a3');
    expect(shown(byFileAndLine(problems))).toBe('a1 a3 b b2 b9 b10');
  });

  it('is of one kind where it differs in line and value alone, or in what would be right', () => {
    const one = { file: 'a.csv', line: 2, column: 'tier', what: 'is no tier', value: 'x' };
    const kind = problemKind(one);
    expect(problemKind({ ...one, line: 3, value: 'y' })).toBe(kind);
    expect(problemKind({ ...one, what: 'is no tier: use Pro', kind: 'is no tier' })).toBe(kind);
    const { column: _, ...whole } = one;
    const others = [
      { ...one, file: 'b.csv' },
      { ...one, column: 'role' },
      { ...one, what: 'is blank' },
      { ...one, kind: 'is blank' },
      whole,
    ];
    for (const other of others) expect(problemKind(other)).not.toBe(kind);
    expect(problemKind({ ...whole, column: '' })).toBe(problemKind(whole));
  });

  const problem = { file: 'usage.csv', line: 2, column: 'row', what: 'is short' };

  it('tells how many problems there are, also where not all are kept', () => {
    expect(new BadInput([problem])).toMatchObject({
      problems: [problem],
      total: 1,
      unkept: new Map(),
      warnings: [],
    });
    expect(new BadInput([problem], 20_000)).toMatchObject({ problems: [problem], total: 20_000 });
    expect(new BadInput([problem], 20_000).message).toContain('20000');
  });
});
