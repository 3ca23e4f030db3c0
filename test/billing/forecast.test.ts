import { describe, expect, it } from 'vitest';
import {
  forecastMonth,
  forecastTotals,
  historyOf,
  type MonthForecast,
} from '../../src/billing/forecast/forecast.ts';
import { projected } from '../../src/billing/forecast/pace.ts';
import { recordsUpTo, usageDaysUpTo } from '../../src/billing/forecast/records-up-to.ts';
import { SeatOutlook } from '../../src/billing/forecast/seat-outlook.ts';
import { forecastSheet } from '../../src/billing/forecast/sheet.ts';
import { billingOf } from '../../src/billing/invoice.ts';
import { billingPeriod, periodAt } from '../../src/domain/billing-period.ts';
import { add, type Decimal, decimal, decimalText, subtract } from '../../src/domain/decimal.ts';
import type { SeatForecast } from '../../src/domain/forecast.ts';
import { instant, instantText, NANOS_PER_DAY, utcDate } from '../../src/domain/instant.ts';
import { centsText } from '../../src/domain/money.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import type { StretchUsage } from '../../src/domain/records.ts';
import { wholeSheet } from '../../src/domain/sheet.ts';
import { dayText, epochDay, type UsageDays, workingDaysOf } from '../../src/domain/usage-days.ts';
import { seatUsage } from '../support/seat-usage.ts';
import {
  activation,
  type Facts,
  member,
  overageChange,
  profile,
  recordsOf,
  subscription,
  usage,
} from './facts.ts';

/** Credits of one day, `YYYY-MM-DD`. */
function on(date: string, credits: string, userId = 'alice', profileId = 'P1'): StretchUsage {
  const from = instant(date);
  const to = instantText(from + NANOS_PER_DAY);
  return usage(credits, { userId, profileId, month: periodAt(from).month, from: date, to });
}

/** The same credits on each working day from the first date to the last. */
function daily(first: string, last: string, credits: string, userId = 'alice'): StretchUsage[] {
  return [billingPeriod(first.slice(0, 7))]
    .flatMap(workingDaysOf)
    .filter((day) => day >= instant(first) && day <= instant(last))
    .map((day) => on(utcDate(day), credits, userId));
}

function forecast(facts: Facts, asOf: string, month = '2026-06'): MonthForecast {
  const { card = BUILT_IN_RATE_CARD, usage: used = [] } = facts;
  const stretches = seatUsage(used);
  return forecastMonth({
    billing: billingOf(recordsOf(facts), card, stretches),
    usage: {
      starts: used.map(({ from }) => from),
      upTo: (end) => seatUsage(used.filter(({ from }) => from < end)),
    },
    period: billingPeriod(month),
    asOf: instant(asOf),
  });
}

/** `USER LOW FORECAST HIGH, REACHED, CHARGE LOW FORECAST HIGH`, seat by seat. */
function shown(facts: Facts, asOf: string, month?: string): string[] {
  return forecast(facts, asOf, month).seats.map((one) => {
    const credits = [one.creditsLow, one.creditsForecast, one.creditsHigh].map((c) =>
      decimalText(c),
    );
    const charges = [one.chargeLow, one.chargeForecast, one.chargeHigh].map(centsText);
    return `${one.seat.userId} ${credits.join(' ')}, ${one.allowanceReachedOn ?? 'never'}, ${charges.join(' ')}`;
  });
}

const ON = [profile('P1', { overageOn: true })];
const pro = [subscription('alice', 'Pro')];
/** June 2026 begins on a Monday: 22 working days, 10 of them to the 12th. */
const TWO_WEEKS = '2026-06-12T18:00:00Z';

describe('the pace', () => {
  it('three seats, by sums made by hand', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: [...pro, subscription('bob', 'Pro'), subscription('carol', 'Pro+')],
      usage: [
        // 60 a day: 600 + 12 x 60 = 1320; overage 320 x 0.04 = 12.80.
        ...daily('2026-06-01', '2026-06-12', '60'),
        // 10 a day, and 40 a day in May: (100 + 5 x 40) / 15 = 20 a day; 100 + 12 x 20 = 340.
        ...daily('2026-06-01', '2026-06-12', '10', 'bob'),
        ...daily('2026-05-01', '2026-05-29', '40', 'bob'),
        // Nothing.
      ],
    };
    expect(shown(facts, TWO_WEEKS)).toEqual([
      // Alice was there in May without usage: (600 + 5 x 0) / 15 = 40 a day; 600 + 480 = 1080.
      'alice 1080.00 1080.00 1080.00, 2026-06-26, 23.20 23.20 23.20',
      'bob 340.00 340.00 340.00, never, 20.00 20.00 20.00',
      'carol 0.00 0.00 0.00, never, 40.00 40.00 40.00',
    ]);
    const own = { ...facts, usage: daily('2026-06-01', '2026-06-12', '60') };
    expect(shown(own, TWO_WEEKS)[0]).toBe(
      // Without May in the data: 1000 are reached on the 7th working day left, the 23rd.
      'alice 1320.00 1320.00 1320.00, 2026-06-23, 32.80 32.80 32.80',
    );
  });

  it('low and high lie 1.6 x the mean deviation x sqrt(L + L x L / n) apart', () => {
    // Days of 40 and 80 by turns: mean 60, deviation 20. L = 12, n = 10: sqrt(12 + 14.4) = 5.1380…
    const turns = daily('2026-06-01', '2026-06-12', '60').map((day, index) => ({
      ...day,
      credits: decimal(index % 2 === 0 ? '40' : '80'),
    }));
    expect(shown({ subscriptions: pro, usage: turns }, TWO_WEEKS)[0]).toMatch(
      // 1.6 x 20 x 5.13809… = 164.418…
      /^alice 1155\.59 1320\.00 1484\.41,/,
    );
  });

  it('days of earlier months have their deviation, and count as five days of this one', () => {
    const turns = (count: number): Decimal[] =>
      Array.from({ length: count }, (_, index) => decimal(index % 2 === 0 ? '8' : '12'));
    const {
      low,
      forecast: middle,
      high,
    } = projected({
      creditsToDate: decimal('100'),
      gone: turns(10),
      daysLeft: 10,
      history: [turns(20)],
    });
    // (100 + 5 x 10) / 15 a day; 1.6 x 2 x sqrt(10 + 10 x 10 / 15) = 13.06…
    expect([low, middle, high].map((one) => decimalText(one))).toEqual([
      '186.94',
      '200.00',
      '213.06',
    ]);
  });

  it('three days tell how much days differ; fewer differ by the pace itself', () => {
    const alike = (days: number) =>
      projected({
        creditsToDate: decimal(String(10 * days)),
        gone: Array.from({ length: days }, () => decimal('10')),
        daysLeft: 1,
        history: [],
      });
    const margin = ({ high, forecast: middle }: ReturnType<typeof alike>): string =>
      decimalText(subtract(high, middle));
    expect(margin(alike(3))).toBe('0.00');
    // 1.6 x 10 x sqrt(1 + 1 x 1 / 2) = 19.59…
    expect(margin(alike(2))).toBe('19.59');
  });

  it('low is never below what is used already', () => {
    const once = [on('2026-06-02', '100')];
    expect(shown({ subscriptions: pro, usage: once }, TWO_WEEKS)[0]).toMatch(/^alice 100\.00 /);
  });

  it('with fewer than three days seen, each could as well have been nothing or twice as much', () => {
    const facts: Facts = { subscriptions: pro, usage: daily('2026-06-01', '2026-06-02', '10') };
    // 20 + 20 x 10; margin 1.6 x 10 x sqrt(20 + 20 x 20 / 2) = 237.31.
    expect(shown(facts, '2026-06-02T18:00:00Z')[0]).toMatch(/^alice 20\.00 220\.00 457\.31,/);
  });

  it('credits are exact to date and rounded to two decimals at the end, half away from zero', () => {
    const facts = (credits: string): Facts => ({
      subscriptions: pro,
      usage: [on('2026-06-30', credits)],
    });
    // The month is over: what is used stays as it is, to the last digit.
    expect(shown(facts('0.126456789'), '2026-07-09')[0]).toMatch(
      /^alice 0\.126456789 0\.126456789 0\.126456789,/,
    );
    const day = decimal('0.0025');
    const half = projected({ creditsToDate: day, gone: [day], daysLeft: 1, history: [] });
    expect(decimalText(half.forecast)).toBe('0.01');
  });

  it('a seat that starts in the month is paced from its start, or from its first usage', () => {
    const started = [subscription('alice', 'Pro', { from: '2026-06-08T09:00:00Z' })];
    const week = daily('2026-06-08', '2026-06-12', '60');
    expect(shown({ subscriptions: started, usage: week }, TWO_WEEKS)[0]).toMatch(/ 1020\.00 /);
    const early = [on('2026-06-05', '60'), ...week];
    expect(shown({ subscriptions: started, usage: early }, TWO_WEEKS)[0]).toMatch(/ 1080\.00 /);
  });

  it('a user without a seat is forecast from the first usage, and not charged', () => {
    const facts = { usage: daily('2026-06-08', '2026-06-12', '10', 'robot') };
    const [robot] = forecast(facts, TWO_WEEKS).seats;
    expect(shown(facts, TWO_WEEKS)).toEqual(['robot 170.00 170.00 170.00, never, 0.00 0.00 0.00']);
    expect(decimalText(robot?.creditsUnbilled ?? decimal('0'))).toBe('170.00');
  });

  it('a user without a seat has a history of usage, too', () => {
    const facts = {
      usage: [
        ...daily('2026-05-25', '2026-05-29', '10', 'robot'),
        ...daily('2026-06-01', '2026-06-12', '10', 'robot'),
      ],
    };
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/^robot 220\.00 220\.00 220\.00,/);
  });

  it('what is used at a weekend counts to the working day before, or to the first', () => {
    const weekend = [on('2026-08-01', '10'), on('2026-08-08', '10')];
    const facts: Facts = { subscriptions: pro, usage: weekend };
    // To 14 August 10 working days are gone and 11 left: 20 + 11 x 2.
    expect(shown(facts, '2026-08-15', '2026-08')[0]).toMatch(/ 42\.00 /);
  });

  it('usage before the first working day counts as that of one day', () => {
    const facts: Facts = { subscriptions: pro, usage: [on('2026-08-01', '10')] };
    // 21 working days are left.
    expect(shown(facts, '2026-08-01T12:00:00Z', '2026-08')[0]).toMatch(/ 220\.00 /);
  });

  it('without usage and without history nothing is forecast', () => {
    expect(shown({ subscriptions: pro }, '2026-06-01')).toEqual([
      'alice 0.00 0.00 0.00, never, 20.00 20.00 20.00',
    ]);
  });

  it('at the start of the month the history alone tells the pace', () => {
    const facts: Facts = { subscriptions: pro, usage: daily('2026-05-01', '2026-05-29', '10') };
    expect(shown(facts, '2026-06-01')[0]).toMatch(/^alice 220\.00 220\.00 220\.00,/);
  });

  it('three earlier months are history, each from the start of the seat in it', () => {
    expect(historyOf(billingPeriod('2026-02')).map(({ month }) => month)).toEqual([
      '2026-01',
      '2025-12',
      '2025-11',
    ]);
    const late = [subscription('alice', 'Pro', { from: '2026-05-25T10:00:00Z' })];
    const facts: Facts = { subscriptions: late, usage: daily('2026-05-25', '2026-05-29', '10') };
    expect(shown(facts, '2026-06-01')[0]).toMatch(/ 220\.00 /);
  });

  it('an earlier month without any usage of the profile is not in the data, and no history', () => {
    const facts: Facts = {
      subscriptions: pro,
      usage: [...daily('2026-06-01', '2026-06-12', '10'), on('2026-05-04', '5', 'zoe', 'P2')],
      profiles: [profile('P1'), profile('P2', { region: 'eu-central-1' })],
    };
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/^alice 220\.00 220\.00 220\.00,/);
  });

  it('a seat that was not there in an earlier month has no history of it', () => {
    const facts: Facts = {
      subscriptions: [...pro, subscription('bob', 'Pro', { from: '2026-06-01' })],
      usage: [
        ...daily('2026-05-01', '2026-05-29', '10'),
        ...daily('2026-06-01', '2026-06-12', '10', 'bob'),
      ],
    };
    expect(shown(facts, TWO_WEEKS)[1]).toMatch(/^bob 220\.00 220\.00 220\.00,/);
  });

  it('a weekday on which none of ten seats or more has usage is a holiday', () => {
    const users = Array.from({ length: 10 }, (_, index) => `u${index}`);
    const facts = (count: number): Facts => ({
      subscriptions: users.slice(0, count).map((who) => subscription(who, 'Pro')),
      usage: users.slice(0, count).flatMap((who) => daily('2026-06-02', '2026-06-12', '10', who)),
    });
    // 9 days with usage and 12 left: with the holiday 90 + 12 x 10, without 90 + 12 x 9.
    expect(shown(facts(10), TWO_WEEKS)[0]).toMatch(/^u0 210\.00 210\.00 210\.00,/);
    expect(shown(facts(9), TWO_WEEKS)[0]).toMatch(/ 198\.00 /);
  });
});

describe('the instant up to which is looked', () => {
  const facts: Facts = {
    profiles: ON,
    subscriptions: pro,
    usage: [...daily('2026-06-01', '2026-06-11', '60'), on('2026-06-12', '60')],
  };

  it('its day counts as gone where anybody has usage on it up to then, and as left otherwise', () => {
    // At midnight of the 12th: 9 days gone, 13 left; the usage of the 12th has not begun.
    const before: Facts = { ...facts, usage: daily('2026-06-01', '2026-06-11', '60') };
    expect(shown(before, '2026-06-12')[0]).toMatch(/ 1320\.00 /);
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/ 1320\.00 /);
    // On the evening of a day without any usage that day is still to come.
    expect(shown(before, TWO_WEEKS)[0]).toMatch(/ 1320\.00 /);
  });

  it('its day counts as gone at its last instant, whoever used anything', () => {
    const nine: Facts = { ...facts, usage: daily('2026-06-01', '2026-06-11', '60') };
    // 540 in 10 days, and 12 are left; one nanosecond before 540 in 9, and 13 are left.
    expect(shown(nine, '2026-06-12T23:59:59.999999999Z')[0]).toMatch(/ 1188\.00 /);
    expect(shown(nine, '2026-06-12T23:59:59.999999998Z')[0]).toMatch(/ 1320\.00 /);
  });

  it('usage at it is looked at', () => {
    const [alice] = forecast({ ...facts, usage: [on('2026-06-12', '7')] }, '2026-06-12').seats;
    expect(alice?.seat.creditsUsed).toEqual(decimal('7'));
  });

  it('usage after it is not looked at', () => {
    const later = { ...facts, usage: [...(facts.usage ?? []), on('2026-06-15', '5000')] };
    expect(shown(later, TWO_WEEKS)).toEqual(shown(facts, TWO_WEEKS));
  });

  it('records after it are not looked at, those at it are', () => {
    const changes = { '2026-06-12T18:00:00Z': 'Pro+', '2026-06-12T18:00:00.000000001Z': 'Power' };
    const changed = { ...facts, subscriptions: [subscription('alice', 'Pro', { changes })] };
    const [alice] = forecast(changed, TWO_WEEKS).seats;
    expect(alice?.seat.terms?.tier).toBe('Pro+');
  });

  it('what starts after it is left out, and what ends after it goes on', () => {
    const records = recordsOf({
      memberships: [
        member('g', 'a', '2026-06-01', '2026-06-20'),
        member('g', 'b', '2026-06-13'),
        member('g', 'c', undefined, '2026-06-10'),
      ],
      subscriptions: [
        subscription('a', 'Pro', { until: '2026-06-20' }),
        subscription('b', 'Pro', { until: '2026-06-10', changes: { '2026-01-01': 'Pro+' } }),
        subscription('c', 'Pro', { from: '2026-06-13' }),
        subscription('d', 'Pro', { changes: { '2026-06-01': 'Pro+', '2026-06-20': 'Power' } }),
      ],
      activations: [activation('a', '2026-06-01'), activation('b', '2026-06-13')],
      overageChanges: [overageChange('2026-06-01', true), overageChange('2026-06-13', false)],
    });
    const then = recordsUpTo(records, instant('2026-06-12'));
    expect(then.memberships.map(({ userId, leftAt }) => [userId, leftAt === undefined])).toEqual([
      ['a', true],
      ['c', false],
    ]);
    expect(then.subscriptions.map((s) => [s.principalId, s.unsubscribedAt === undefined])).toEqual([
      ['a', true],
      ['b', false],
      ['d', true],
    ]);
    expect(then.subscriptions.at(-1)?.tierChanges.map(({ tier }) => tier)).toEqual(['Pro+']);
    expect(then.activations?.map(({ userId }) => userId)).toEqual(['a']);
    expect(then.overageChanges).toHaveLength(1);
  });

  describe('of the days with usage', () => {
    const others = { summaryMonths: new Set(['2026-05']), twice: [] };
    const datesOf = (days: UsageDays): string[] | undefined =>
      days.byProfile && [...(days.byProfile.get('P1') ?? [])].map(dayText);
    const upTo = (asOf: string, ...starts: string[]): UsageDays => {
      const days = ['2026-06-10', '2026-06-11', '2026-06-12', '2026-06-13'].map(epochDay);
      const all = { ...others, byProfile: new Map([['P1', new Set(days)]]) };
      return usageDaysUpTo(all, starts.map(instant), instant(asOf));
    };
    const before = ['2026-06-10', '2026-06-11'];

    it('those before its own are known, wherever their usage begins', () => {
      expect(datesOf(upTo('2026-06-12'))).toEqual(before);
      expect(datesOf(upTo('2026-06-12T23:59:59.999999999Z'))).toEqual(before);
      expect(datesOf(upTo('2026-06-13'))).toEqual([...before, '2026-06-12']);
    });

    it('its own is known where usage up to it begins on it', () => {
      const ofOwn = upTo(TWO_WEEKS, '2026-06-11', '2026-06-12T09:00:00Z');
      expect(datesOf(ofOwn)).toEqual([...before, '2026-06-12']);
      expect(datesOf(upTo(TWO_WEEKS, '2026-06-11T09:00:00Z'))).toEqual(before);
    });

    it('nothing else of them changes, and none are made up for summaries', () => {
      expect(upTo(TWO_WEEKS)).toMatchObject(others);
      expect(usageDaysUpTo(others, [instant('2026-06-01')], instant(TWO_WEEKS))).toEqual(others);
    });
  });

  it('H3: a seat that is activated after it is pending, and has no row', () => {
    const pending = { subscriptions: pro, activations: [activation('alice', '2026-06-13')] };
    expect(shown(pending, '2026-06-12')).toEqual([]);
  });

  it('once the month is over the forecast is the bill', () => {
    const all = { ...facts, usage: daily('2026-06-01', '2026-06-30', '60') };
    expect(shown(all, '2026-07-05')).toEqual([
      'alice 1320.00 1320.00 1320.00, 2026-06-23, 32.80 32.80 32.80',
    ]);
  });
});

describe('the charges', () => {
  const usageToDate = daily('2026-06-01', '2026-06-12', '60');

  it('overage stays as it is then, also where it was switched before', () => {
    // 1320 at the end: 1000 are passed after the 12th, when overage is off again.
    const off: Facts = {
      profiles: ON,
      subscriptions: pro,
      overageChanges: [overageChange('2026-06-12', false), overageChange('2026-06-13', true)],
      usage: usageToDate,
    };
    const [alice] = forecast(off, TWO_WEEKS).seats;
    expect(centsText(alice?.chargeForecast ?? 0n)).toBe('20.00');
    expect(decimalText(alice?.creditsUnbilled ?? decimal('0'))).toBe('320.00');
  });

  it('a switch at the very instant holds for what is still to come', () => {
    const switched: Facts = {
      subscriptions: pro,
      overageChanges: [overageChange(TWO_WEEKS, true)],
      usage: usageToDate,
    };
    expect(shown(switched, TWO_WEEKS)[0]).toMatch(/, 32\.80 32\.80 32\.80$/);
  });

  it('a profile without usage in the month is forecast from its history alone', () => {
    const facts: Facts = {
      profiles: [...ON, profile('P2', { overageOn: true })],
      subscriptions: [...pro, subscription('bo', 'Pro', { profileId: 'P2', line: 3 })],
      usage: [...usageToDate, on('2026-05-04', '4200', 'bo', 'P2')],
    };
    const bo = shown(facts, TWO_WEEKS)[1];
    // 200 a day of 21, as five days among fifteen: 66.67 a day, and 12 are left.
    expect(bo).toMatch(/^bo \S+ 800\.00 /);
    const none = { ...facts, usage: usageToDate };
    expect(shown(none, TWO_WEEKS)[1]).toBe('bo 0.00 0.00 0.00, never, 20.00 20.00 20.00');
  });

  it('O2: what is overage is told by when overage was on, in whatever order the days come', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: pro,
      overageChanges: [overageChange('2026-06-04', false), overageChange('2026-06-10', true)],
      // To the 3rd 1200, of which 200 are overage; 300 are unbilled; from the 10th 100 more.
      usage: [
        on('2026-06-11', '100'),
        on('2026-06-05', '300'),
        on('2026-06-03', '700'),
        on('2026-06-02', '500'),
      ],
    };
    const [alice] = forecast(facts, '2026-07-01').seats;
    expect(centsText(alice?.chargeForecast ?? 0n)).toBe('32.00');
    expect(decimalText(alice?.creditsUnbilled ?? decimal('0'))).toBe('300.00');
    expect(alice?.seat.usageRows).toBe(4);
  });

  it('O3: the cap that is in force then holds', () => {
    const capped = [profile('P1', { overageOn: true, capCredits: decimal('100') })];
    const facts: Facts = { profiles: capped, subscriptions: pro, usage: usageToDate };
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/, 24\.00 24\.00 24\.00$/);
  });

  it('subscription charges are those already certain: a start is prorated, a known upgrade refunded', () => {
    const facts: Facts = {
      subscriptions: [
        subscription('alice', 'Pro', { from: '2026-06-09', changes: { '2026-06-10': 'Pro+' } }),
        subscription('bob', 'Pro', { until: '2026-06-05' }),
        subscription('carol', 'Pro', { from: '2026-06-16' }),
      ],
    };
    expect(shown(facts, TWO_WEEKS)).toEqual([
      'alice 0.00 0.00 0.00, never, 40.00 40.00 40.00',
      'bob 0.00 0.00 0.00, never, 20.00 20.00 20.00',
    ]);
  });

  it('the allowance is reached on the day on which it was, where it is', () => {
    const facts: Facts = { subscriptions: pro, usage: daily('2026-06-01', '2026-06-12', '125') };
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/, 2026-06-10,/);
  });

  it('the allowance is reached when the credits come to it, not only beyond it', () => {
    const facts: Facts = { subscriptions: pro, usage: [on('2026-06-30', '1000')] };
    expect(shown(facts, '2026-07-01')[0]).toMatch(/, 2026-06-30,/);
  });

  it('a forecast that is rounded up to the allowance reaches it on the last working day', () => {
    const facts: Facts = {
      subscriptions: pro,
      usage: [...daily('2026-06-01', '2026-06-26', '45.454'), on('2026-06-28', '0.0159')],
    };
    expect(shown(facts, '2026-06-29')[0]).toMatch(/ 1000\.0\d .*, 2026-06-30,/);
  });

  it('an allowance of nothing is reached by the first usage, and not without any', () => {
    const free = {
      ...BUILT_IN_RATE_CARD,
      editions: BUILT_IN_RATE_CARD.editions.map((edition) => ({
        ...edition,
        overrides: new Map([['P1', new Map([['Pro', { credits: decimal('0') }]])]]),
      })),
    };
    const facts: Facts = { card: free, subscriptions: pro };
    expect(shown(facts, TWO_WEEKS)[0]).toMatch(/, never,/);
    expect(
      shown({ ...facts, usage: [on('2026-06-02', '0'), on('2026-06-03', '1')] }, TWO_WEEKS)[0],
    ).toMatch(/, 2026-06-03,/);
  });

  it('M2: the sums of all seats are those of their credits and charges', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: [...pro, subscription('bob', 'Pro+')],
      usage: [...daily('2026-06-01', '2026-06-12', '60'), on('2026-06-02', '100', 'bob')],
    };
    const { seats } = forecast(facts, TWO_WEEKS);
    const totals = forecastTotals(seats);
    const [alice, bob] = seats;
    if (alice === undefined || bob === undefined) throw new Error('two seats');
    expect(totals.creditsToDate).toEqual(add(alice.seat.creditsUsed, bob.seat.creditsUsed));
    for (const name of ['creditsLow', 'creditsForecast', 'creditsHigh'] as const) {
      expect(decimalText(totals[name])).toBe(decimalText(add(alice[name], bob[name])));
    }
    for (const name of ['chargeLow', 'chargeForecast', 'chargeHigh'] as const) {
      expect(totals[name]).toBe(alice[name] + bob[name]);
    }
    expect(forecastTotals([])).toMatchObject({ creditsHigh: decimal('0'), chargeHigh: 0n });
  });

  it('the sheet adds up credits and charges, but no allowances', () => {
    const { seats, toDate } = forecast({ subscriptions: pro, usage: usageToDate }, TWO_WEEKS);
    const sheet = forecastSheet([...seats, ...seats], toDate);
    expect(sheet.columns.map(({ name }) => name)).toEqual([
      'month',
      'profile_id',
      'user_id',
      'user_name',
      'tier',
      'credits_to_date',
      'credits_low',
      'credits_forecast',
      'credits_high',
      'credits_included',
      'allowance_reached_on',
      'charge_low',
      'charge_forecast',
      'charge_high',
    ]);
    expect(sheet.totals[12]).toBe(4000n);
    expect(sheet.totals[9]).toBeUndefined();
    const robots = forecast({ usage: [on('2026-06-02', '1', 'robot')] }, TWO_WEEKS);
    expect(wholeSheet(forecastSheet(robots.seats, robots.toDate)).rows[0]?.slice(4, 5)).toEqual([
      '',
    ]);
    const none = { subscriptions: pro };
    expect(wholeSheet(forecastSheet(forecast(none, TWO_WEEKS).seats, toDate)).rows[0]?.[10]).toBe(
      '',
    );
  });
});

describe('M1: the figures of a seat are exact at any size', () => {
  it.each([
    ['usual', '12.50', 4000n],
    ['beyond what a number holds', '90071992547409931.25', 2n ** 53n + 1n],
    ['of more places than usual', '0.000000001', -(2n ** 53n) - 1n],
  ])('%s', (_, credits, cents) => {
    const [alice] = forecast({ subscriptions: [subscription('alice', 'Pro')] }, TWO_WEEKS).seats;
    const { seat } = alice as SeatForecast;
    const outlook = new SeatOutlook({
      seat,
      allowanceReachedOn: undefined,
      creditsLow: decimal(credits),
      creditsForecast: decimal(credits),
      creditsHigh: decimal(credits),
      creditsUnbilled: decimal(credits),
      chargeLow: cents,
      chargeForecast: cents,
      chargeHigh: cents,
    });
    const { creditsLow, creditsForecast, creditsHigh, creditsUnbilled } = outlook;
    expect([creditsLow, creditsForecast, creditsHigh, creditsUnbilled]).toEqual(
      Array.from({ length: 4 }, () => decimal(credits)),
    );
    const { chargeLow, chargeForecast, chargeHigh } = outlook;
    expect([chargeLow, chargeForecast, chargeHigh]).toEqual([cents, cents, cents]);
  });
});
