import { describe, expect, it } from 'vitest';
import {
  type BilledMonth,
  type CompletenessFacts,
  completenessWarnings,
  isMostlyUsed,
  monthCoverage,
} from '../../src/billing/completeness.ts';
import { billingOf, billMonth } from '../../src/billing/invoice.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { instant, NANOS_PER_DAY } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import type { UsageDays, UsageTwice } from '../../src/domain/usage-days.ts';
import { dayText } from '../../src/domain/usage-days.ts';
import { warningText } from '../../src/domain/warning.ts';
import { seatUsage } from '../support/seat-usage.ts';
import { billing, profile, subscription, usage } from './facts.ts';

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
  const billing = billingOf(records, BUILT_IN_RATE_CARD, seatUsage(used));
  const days = dates.map((date) => day(`2026-01-${String(date).padStart(2, '0')}`));
  const all = new Set([...days, ...(before === undefined ? [] : [day(before)])]);
  const month = {
    period: JANUARY,
    seats: billing.seats,
    counted: billMonth(billing, JANUARY).seats,
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

/** One profile: its seats, how many of them have usage, and when. */
interface ProfileFacts {
  readonly seats: number;
  readonly users?: number;
  /** The dates of January 2026 with usage; a text is any other date. */
  readonly dates?: readonly (number | string)[];
  /** Of all its seats; always where missing. */
  readonly from?: string;
  readonly until?: string;
  readonly isPending?: boolean;
}

interface Run {
  readonly clock?: string;
  readonly daysOff?: readonly string[];
  /** With summaries no day is known. */
  readonly isSummary?: boolean;
  readonly twice?: readonly UsageTwice[];
}

function dateOf(date: number | string): number {
  return day(typeof date === 'string' ? date : `2026-01-${String(date).padStart(2, '0')}`);
}

function januaryOf(
  profiles: Readonly<Record<string, ProfileFacts>>,
  { clock = '2026-03-01', daysOff = [], isSummary = false, twice = [] }: Run = {},
): [BilledMonth, CompletenessFacts] {
  const all = Object.entries(profiles);
  const idsOf = (profileId: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${profileId}-${index}`);
  const prepared = billing({
    profiles: all.map(([profileId]) => profile(profileId)),
    subscriptions: all.flatMap(([profileId, { seats, from, until }]) =>
      idsOf(profileId, seats).map((id) =>
        subscription(id, 'Pro', {
          profileId,
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        }),
      ),
    ),
    ...(all.some(([, { isPending }]) => isPending) ? { activations: [] } : {}),
    usage: all.flatMap(([profileId, { seats, dates = [], users = seats }]) =>
      dates.length === 0
        ? []
        : idsOf(profileId, users).map((userId) => usage('1', { userId, profileId })),
    ),
  });
  const byProfile = new Map(
    all.map(([profileId, { dates = [] }]) => [profileId, new Set(dates.map(dateOf))]),
  );
  const usageDays: UsageDays = isSummary
    ? { summaryMonths: new Set(['2026-01']), twice }
    : { byProfile, summaryMonths: new Set(), twice };
  return [
    {
      period: JANUARY,
      seats: prepared.seats,
      counted: billMonth(prepared, JANUARY).seats,
    },
    { usageDays, clock: instant(clock), daysOff: new Set(daysOff.map(day)) },
  ];
}

/** `CODE [PROFILE] [FIRST LAST COUNT]`, warning by warning; all are of January. */
function told(profiles: Readonly<Record<string, ProfileFacts>>, run?: Run): string[] {
  return completenessWarnings(...januaryOf(profiles, run)).map(
    ({ code, month, profileId, message }) => {
      expect(month).toBe('2026-01');
      const days = /from (\S+) to (\S+) \((\d+) workdays?\)/.exec(message)?.slice(1) ?? [];
      return [code, ...(profileId === undefined ? [] : [profileId]), ...days].join(' ');
    },
  );
}

const ALL = weekdays();
const TWO = weekdays(13, 14);

describe('completeness of usage, of all profiles and of each', () => {
  it.each<[what: string, profiles: Record<string, ProfileFacts>, told: string[]]>([
    [
      'five seats of a profile without usage, beside one that has it',
      { P1: { seats: 1, dates: ALL }, P2: { seats: 5 } },
      ['usage-none P2'],
    ],
    [
      'also where all together have a run of days without',
      { P1: { seats: 10, dates: TWO }, P2: { seats: 5 } },
      ['usage-gap 2026-01-13 2026-01-14 2', 'usage-none P2'],
    ],
    ['four seats could be chance', { P1: { seats: 1, dates: ALL }, P2: { seats: 4 } }, []],
    [
      'where no profile has any, it is said once, of all',
      { P1: { seats: 5 }, P2: { seats: 9 } },
      ['usage-none'],
    ],
    [
      'pending seats hold no tier, but their sources live',
      { P1: { seats: 5, isPending: true } },
      ['usage-ends 2026-01-01 2026-01-30 22'],
    ],
    [
      'usage of days alone, of users without rows in the month, is usage',
      { P1: { seats: 1, users: 0, dates: [2] } },
      ['usage-ends 2026-01-05 2026-01-30 20'],
    ],
    [
      'days on which no profile has any are told of all, and not of each again',
      { P1: { seats: 10, dates: TWO }, P2: { seats: 10, dates: TWO } },
      ['usage-gap 2026-01-13 2026-01-14 2'],
    ],
    [
      'days on which one profile alone has none are told of it',
      { P1: { seats: 10, dates: ALL }, P2: { seats: 10, dates: TWO } },
      ['usage-gap P2 2026-01-13 2026-01-14 2'],
    ],
    [
      'a longer run of a profile is told beside the shorter one of all',
      { P1: { seats: 10, dates: TWO }, P2: { seats: 10, dates: weekdays(13, 14, 15) } },
      ['usage-gap 2026-01-13 2026-01-14 2', 'usage-gap P2 2026-01-13 2026-01-15 3'],
    ],
    [
      'of a profile with nine users no days are told',
      { P1: { seats: 10, dates: ALL }, P2: { seats: 10, users: 9, dates: TWO } },
      [],
    ],
    [
      'it is users that count, not seats: ten of twelve',
      { P1: { seats: 10, dates: ALL }, P2: { seats: 12, users: 10, dates: TWO } },
      ['usage-gap P2 2026-01-13 2026-01-14 2'],
    ],
    [
      'usage before the month, on its last day, makes a gap',
      { P1: { seats: 10, dates: [...weekdays(1, 2), '2025-12-31'] } },
      ['usage-gap 2026-01-01 2026-01-02 2'],
    ],
    [
      'a profile has its own first usage',
      {
        P1: { seats: 10, dates: [...ALL, '2025-12-31'] },
        P2: { seats: 10, dates: weekdays(1, 2) },
      },
      ['usage-begins P2 2026-01-01 2026-01-02 2'],
    ],
    [
      'usage after the month is none before it, and none in it',
      { P1: { seats: 10, dates: [...weekdays(1, 2, 29, 30), '2026-02-01'] } },
      ['usage-begins 2026-01-01 2026-01-02 2', 'usage-ends 2026-01-29 2026-01-30 2'],
    ],
    [
      'one run after another is told by itself',
      { P1: { seats: 10, dates: weekdays(8, 9, 13, 14, 15) } },
      ['usage-gap 2026-01-08 2026-01-09 2', 'usage-gap 2026-01-13 2026-01-15 3'],
    ],
    [
      'nine workdays of two users are no run',
      { P1: { seats: 2, dates: weekdays(12, 13, 14, 15, 16, 19, 20, 21, 22) } },
      [],
    ],
    [
      'four workdays of three users are no run',
      { P1: { seats: 3, dates: weekdays(12, 13, 14, 15) } },
      [],
    ],
  ])('%s', (_, profiles, warnings) => {
    expect(told(profiles)).toEqual(warnings);
  });

  it.each<[what: string, facts: Omit<ProfileFacts, 'seats'>, run: Run, told: string[]]>([
    [
      'from the day on which the first source begins',
      { from: '2026-01-14T15:00:00Z', dates: weekdays(1, 2, 5, 6, 7, 8, 9, 12, 13) },
      {},
      [],
    ],
    [
      'that day included',
      { from: '2026-01-14T15:00:00Z', dates: weekdays(...range(1, 15)) },
      {},
      ['usage-begins 2026-01-14 2026-01-15 2'],
    ],
    [
      'to the day in which the last source ends',
      { until: '2026-01-21T00:00:01Z', dates: weekdays(...range(20, 31)) },
      {},
      ['usage-ends 2026-01-20 2026-01-21 2'],
    ],
    [
      'not to that at whose first instant it ends',
      { until: '2026-01-21T00:00:00Z', dates: weekdays(...range(20, 31)) },
      {},
      [],
    ],
    [
      'to the last day that is over at the clock',
      { dates: weekdays(...range(20, 31)) },
      { clock: '2026-01-22T00:00:00Z' },
      ['usage-ends 2026-01-20 2026-01-21 2'],
    ],
    [
      'without a day that is not over',
      { dates: weekdays(...range(20, 31)) },
      { clock: '2026-01-21T23:59:59.999999999Z' },
      [],
    ],
    [
      'over a day off as over a weekend',
      { dates: weekdays(13, 14, 15) },
      { daysOff: ['2026-01-14'] },
      ['usage-gap 2026-01-13 2026-01-15 2'],
    ],
    [
      'with all days of the week where usage lies on two of them',
      { dates: [1, 2, 8, 9, 15, 16, 22, 23, 29, 30] },
      {},
      [
        'usage-gap 2026-01-05 2026-01-07 3',
        'usage-gap 2026-01-12 2026-01-14 3',
        'usage-gap 2026-01-19 2026-01-21 3',
        'usage-gap 2026-01-26 2026-01-28 3',
      ],
    ],
    [
      'with those alone on which usage lies where they are three',
      { dates: weekdays(...[5, 6, 12, 13, 19, 20, 26, 27]) },
      {},
      [],
    ],
    [
      'a weekend is no third of them',
      { dates: [1, 2, 3, 4, 8, 9, 15, 16, 22, 23, 29, 30] },
      {},
      [
        'usage-gap 2026-01-05 2026-01-07 3',
        'usage-gap 2026-01-12 2026-01-14 3',
        'usage-gap 2026-01-19 2026-01-21 3',
        'usage-gap 2026-01-26 2026-01-28 3',
      ],
    ],
  ])('workdays are counted %s', (_, facts, run, warnings) => {
    expect(told({ P1: { seats: 10, ...facts } }, run)).toEqual(warnings);
  });

  it.each<[what: string, first: string, until: string, then: string]>([
    ['one leaves before the other comes', '2025-11-03', '2026-01-10', '2026-01-12'],
    ['one goes on after the month', '2026-01-20', '2026-02-20', '2026-01-01'],
    ['one began before the month', '2025-12-20', '2026-01-20', '2026-01-20'],
  ])('workdays are those on which any source lives: %s', (_, from, until, then) => {
    const records = billing({
      subscriptions: [
        subscription('u1', 'Pro', { from, until }),
        subscription('u2', 'Pro', {
          from: then,
          ...(then === '2026-01-01' ? { until: from } : {}),
        }),
      ],
    });
    const used = new Set([day('2026-01-14')]);
    const facts: CompletenessFacts = {
      usageDays: { byProfile: new Map([['P1', used]]), summaryMonths: new Set(), twice: [] },
      clock: instant('2026-03-01'),
      daysOff: new Set(),
    };
    const month = {
      period: JANUARY,
      seats: records.seats,
      counted: billMonth(records, JANUARY).seats,
    };
    const runs = completenessWarnings(month, facts).map(
      ({ message }) => /\((\d+) workdays/.exec(message)?.[1],
    );
    expect(runs).toEqual(['12']);
  });

  it('usage begins late also where a day off had usage', () => {
    const dates = [1, ...weekdays(1, 2, 5)];
    expect(told({ P1: { seats: 10, dates } }, { daysOff: ['2026-01-01'] })).toEqual([
      'usage-begins 2026-01-02 2026-01-05 2',
    ]);
  });

  it('without a workday no usage is missing', () => {
    const unused = { P1: { seats: 10 } };
    expect(told(unused, { clock: '2026-01-01T23:59:59Z' })).toEqual([]);
    expect(told(unused, { clock: '2026-01-02T00:00:00Z' })).toEqual(['usage-none']);
    expect(told({ P1: { seats: 10, from: '2026-01-31' } })).toEqual([]);
  });

  it('a month has begun at its first instant, and before says when it will', () => {
    expect(told({ P1: { seats: 10 } }, { clock: '2026-01-01' })).toEqual([]);
    const [future, ...more] = completenessWarnings(
      ...januaryOf({ P1: { seats: 10 } }, { clock: '2025-12-31T23:59:59.999999999Z' }),
    );
    expect(more).toEqual([]);
    expect(future).toEqual({
      code: 'month-future',
      month: '2026-01',
      message: 'the month begins only on 2026-01-01',
    });
  });

  it('of summaries only that there is no usage at all is known', () => {
    const isSummary = true;
    expect(told({ P1: { seats: 10, dates: [5] } }, { isSummary })).toEqual([]);
    expect(told({ P1: { seats: 10 } }, { isSummary })).toEqual(['usage-none']);
    const beside = { P1: { seats: 1, dates: [5] }, P2: { seats: 5 } };
    expect(told(beside, { isSummary })).toEqual(['usage-none P2']);
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('what a warning on completeness says', () => {
  function messages(profiles: Readonly<Record<string, ProfileFacts>>, run?: Run): string[] {
    return completenessWarnings(...januaryOf(profiles, run)).map((warning) => {
      expect(new Set(Object.keys(warning))).toEqual(
        new Set(['code', 'month', 'message', 'remedy']),
      );
      return warningText(warning);
    });
  }

  it.each([
    [1, '1 seat'],
    [2, '2 seats'],
  ])('for how many seats credits count as none: %i', (seats, shown) => {
    expect(messages({ P1: { seats } })).toEqual([
      `no usage is in the data: credits of ${shown} count as none; give the missing files with --usage`,
    ]);
  });

  it.each([
    [weekdays(1, 2), 'usage begins late: there is none from 2026-01-01 to 2026-01-02 (2 workdays)'],
    [weekdays(13, 14), 'there is no usage from 2026-01-13 to 2026-01-14 (2 workdays)'],
    [
      weekdays(29, 30),
      'usage ends early: there is none from 2026-01-29 to 2026-01-30 (2 workdays)',
    ],
  ])('its first and last day, and how many workdays it has', (dates, message) => {
    expect(messages({ P1: { seats: 10, dates } })).toEqual([
      `${message}; give the missing files with --usage`,
    ]);
  });

  it.each<[twice: Pick<UsageTwice, 'how' | 'files'> & { seats?: number }, message: string]>([
    [
      { how: 'same rows', files: ['a.csv', 'b.csv'] },
      'a.csv, b.csv hold the same usage: it is counted twice; remove one, or give --dedupe',
    ],
    [
      { how: 'same summary', files: ['a.csv', 'b.csv'] },
      'a.csv, b.csv are the same summary: its usage is counted twice; remove one',
    ],
    [
      { how: 'two kinds', files: ['a.csv', 'b.csv'], seats: 1 },
      '1 seat has usage of two kinds, which is added up: a.csv, b.csv; keep one kind',
    ],
    [
      { how: 'two kinds', files: ['a.csv', 'b.csv', 'c.csv', 'd.csv'], seats: 2 },
      '2 seats have usage of two kinds, which is added up: a.csv, b.csv, c.csv, d.csv; keep one kind',
    ],
    [
      { how: 'two kinds', files: ['a', 'b', 'c', 'd', 'e', 'f'], seats: 3 },
      '3 seats have usage of two kinds, which is added up: a, b, c, d and 2 more; keep one kind',
    ],
  ])('which files count twice, and how: %j', (twice, message) => {
    const found = { ...twice, months: new Set(['2026-01']) } as UsageTwice;
    const [warning, ...more] = completenessWarnings(
      ...januaryOf({ P1: { seats: 1, dates: ALL } }, { twice: [found] }),
    );
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: 'usage-twice', month: '2026-01' });
    expect(warning && warningText(warning)).toBe(message);
  });
});

describe('the coverage of a month', () => {
  it.each<[dates: (number | string)[], unused: number, first?: string, last?: string]>([
    [[], 22],
    [['2025-12-31', '2026-02-01'], 22],
    [['2025-12-31', 1, '2026-02-01'], 21, '2026-01-01', '2026-01-01'],
    [[31, 7, 10], 21, '2026-01-07', '2026-01-31'],
  ])('has the first and the last day of usage in it: %j', (dates, unused, first, last) => {
    const [month, facts] = januaryOf({ P1: { seats: 1, dates }, P2: { seats: 1 } });
    const { weekdaysWithoutUsage, ...days } = monthCoverage(month, facts) ?? {};
    const expected = {
      ...(first === undefined ? {} : { firstDay: day(first) }),
      ...(last === undefined ? {} : { lastDay: day(last) }),
    };
    expect(days).toEqual(expected);
    expect(weekdaysWithoutUsage).toHaveLength(unused);
  });

  it('is not known of summaries', () => {
    expect(monthCoverage(...januaryOf({ P1: { seats: 1 } }, { isSummary: true }))).toBeUndefined();
  });
});

describe('a month that is mostly used', () => {
  it.each<[dates: readonly number[], isMostly: boolean, from?: string]>([
    // Of 22 workdays four fifths are 17.6.
    [weekdays(26, 27, 28, 29), true],
    [weekdays(26, 27, 28, 29, 30), false],
    [[], false],
    // From the 19th on there are ten.
    [range(19, 28), true, '2026-01-19'],
    [range(19, 27), false, '2026-01-19'],
  ])(
    'has usage on at least four fifths of its workdays',
    (dates, isMostly, from = '2025-11-03') => {
      expect(isMostlyUsed(...januaryOf({ P1: { seats: 1, dates, from } }))).toBe(isMostly);
    },
  );

  it('counts the days of all profiles together, and workdays that are over', () => {
    const [first, second] = [weekdays(...range(1, 15)), weekdays(...range(16, 31))];
    const both = { P1: { seats: 1, dates: first }, P2: { seats: 1, dates: second } };
    expect(isMostlyUsed(...januaryOf(both))).toBe(true);
    const half = { P1: { seats: 1, dates: second } };
    expect(isMostlyUsed(...januaryOf(half))).toBe(false);
    expect(isMostlyUsed(...januaryOf(half, { clock: '2026-01-16' }))).toBe(true);
  });

  it('has usage in the month itself', () => {
    const elsewhere = { P1: { seats: 1, dates: ['2025-12-31', '2026-02-01'] } };
    expect(isMostlyUsed(...januaryOf(elsewhere, { clock: '2026-01-01' }))).toBe(false);
  });

  it('is a month of a summary where no days are known', () => {
    const [january, facts] = januaryOf({ P1: { seats: 1 } }, { isSummary: true });
    expect(isMostlyUsed(january, facts)).toBe(true);
    const february = { ...january, period: billingPeriod('2026-02') };
    expect(isMostlyUsed(february, facts)).toBe(false);
  });
});
