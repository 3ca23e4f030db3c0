import { describe, expect, it } from 'vitest';
import { daysOfShare } from '../../src/billing/subscription-charges.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { centsText, sumCents } from '../../src/domain/money.ts';
import type { TierOverride } from '../../src/domain/rate-card.ts';
import {
  card,
  edition,
  type Facts,
  FEBRUARY,
  LAST_OF_JANUARY,
  lineTexts,
  member,
  profile,
  seatBilled,
  subscription,
} from './facts.ts';

const FULL = card(
  edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04', 'Power 4 200 10000 0.04'], {
    firstMonth: 'full',
  }),
);

function own(tier: string, facts: Parameters<typeof subscription>[2] = {}): Facts {
  return { subscriptions: [subscription('alice', tier, facts)] };
}

function lines(facts: Facts, month = '2026-01'): string[] {
  return lineTexts(seatBilled(facts, month).lines);
}

/** `prorated` is the built-in card; the price of Pro is replaced in P1. */
function withPrice(price: string, facts: Facts): Facts {
  const override: TierOverride = { price: decimal(price) };
  const overrides = { P1: { Pro: override } };
  return {
    ...facts,
    card: card(edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04'], { overrides })),
  };
}

describe('renewal', () => {
  it.each([
    ['Pro', '20.00'],
    ['Pro+', '40.00'],
    ['Power', '200.00'],
  ])('S1: %s held at the first instant is charged in full, dated the first day', (tier, price) => {
    expect(lines(own(tier))).toEqual([
      `2026-01-01 subscription ${tier} 31/31 x ${price} = ${price} S1`,
    ]);
  });

  it('S1: Pro Max too, since it is on the card', () => {
    expect(lines(own('Pro Max', { from: '2026-06-12' }), '2026-07')).toEqual([
      '2026-07-01 subscription Pro Max 31/31 x 100.00 = 100.00 S1',
    ]);
  });

  it('S1: a seat that begins at the very first instant is a renewal by the rule', () => {
    expect(lines(own('Pro', { from: '2026-01-01T00:00:00Z' }))).toEqual([
      '2026-01-01 subscription Pro 31/31 x 20.00 = 20.00 S1',
    ]);
  });

  it('S1: every later month is charged in full, also after a prorated first', () => {
    const facts = own('Pro', { from: '2026-01-31T23:00:00Z' });
    for (const [month, days] of [
      ['2026-02', 28],
      ['2026-03', 31],
      ['2028-02', 29],
    ] as const) {
      expect(lines(facts, month)).toEqual([
        `${month}-01 subscription Pro ${days}/${days} x 20.00 = 20.00 S1`,
      ]);
    }
  });
});

describe('new seat', () => {
  it('S2: from 15 April pays 16/30', () => {
    expect(lines(own('Pro', { from: '2026-04-15T13:05:00Z' }), '2026-04')).toEqual([
      '2026-04-15 subscription Pro 16/30 x 20.00 = 10.67 S2',
    ]);
  });

  it.each([
    ['2026-01-01T00:00:00.000000001Z', '2026-01-01', '31/31', '20.00'],
    ['2026-01-01T23:59:59Z', '2026-01-01', '31/31', '20.00'],
    ['2026-01-02T00:00:00Z', '2026-01-02', '30/31', '19.35'],
    ['2026-01-05T08:15:00Z', '2026-01-05', '27/31', '17.42'],
    ['2026-01-30T23:59:59.999999999Z', '2026-01-30', '2/31', '1.29'],
    ['2026-01-31T00:00:00Z', '2026-01-31', '1/31', '0.65'],
    [LAST_OF_JANUARY, '2026-01-31', '1/31', '0.65'],
  ])(
    'S2: from %s it pays from the UTC date to month end, both included',
    (from, date, share, amount) => {
      expect(lines(own('Pro', { from }))).toEqual([
        `${date} subscription Pro ${share} x 20.00 = ${amount} S2`,
      ]);
    },
  );

  it.each([
    ['2026-02', '2026-02-15', '14/28', '10.00'],
    ['2028-02', '2028-02-15', '15/29', '10.34'],
    ['2028-02', '2028-02-29', '1/29', '0.69'],
    ['2026-04', '2026-04-30', '1/30', '0.67'],
    ['2026-12', '2026-12-31', '1/31', '0.65'],
  ])('S2: in %s it divides by the days of the month', (month, date, share, amount) => {
    expect(lines(own('Pro', { from: date }), month)).toEqual([
      `${date} subscription Pro ${share} x 20.00 = ${amount} S2`,
    ]);
  });

  it('S2: the day is that in UTC, whatever the offset it was written in', () => {
    expect(lines(own('Pro', { from: '2026-01-16T01:30:00+05:30' }))).toEqual([
      '2026-01-15 subscription Pro 17/31 x 20.00 = 10.97 S2',
    ]);
  });

  it.each(['2026-01-01T00:00:00.000000001Z', '2026-01-15', LAST_OF_JANUARY])(
    'S2: by the policy `full` a seat from %s pays the whole price, dated its UTC date',
    (from) => {
      const date = from.slice(0, 10);
      expect(lines({ ...own('Pro', { from }), card: FULL })).toEqual([
        `${date} subscription Pro 31/31 x 20.00 = 20.00 S2`,
      ]);
    },
  );

  it('S2: it pays for the tier that it starts with, the highest at that instant', () => {
    const facts = {
      subscriptions: ['Pro', 'Power'].map((tier) =>
        subscription(`group:${tier}`, tier, { from: '2026-01-17' }),
      ),
      memberships: [member('Pro', 'alice'), member('Power', 'alice')],
    };
    expect(lines(facts)).toEqual(['2026-01-17 subscription Power 15/31 x 200.00 = 96.77 S2']);
  });

  it('S2: a seat that ended in an earlier month starts anew', () => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro', { until: '2025-12-10' }),
        subscription('alice', 'Pro', { from: '2026-01-17' }),
      ],
    };
    expect(lines(facts)).toEqual(['2026-01-17 subscription Pro 15/31 x 20.00 = 9.68 S2']);
  });

  it('S2: credits are never prorated', () => {
    expect(seatBilled(own('Pro', { from: LAST_OF_JANUARY })).allowanceCredits).toEqual(
      decimal('1000'),
    );
  });

  it.each([
    // 10.0181 x 30/31 = 9.69493…; a price rounded to 10.02 would make it 9.70.
    ['a price with more decimals', '10.0181', '2026-01-02', '9.69'],
    // 0.155 x 1/31 = 0.005 to the last digit.
    ['exactly half a cent', '0.155', '2026-01-31', '0.01'],
    // 20000 x 16/31 = 10322.5806…; by the quantity as it is written, 0.516129, it would be less.
    ['a price that shows a rounded quantity', '20000', '2026-01-16', '10322.58'],
    ['the same, to the cent', '200000', '2026-01-16', '103225.81'],
  ])('S2: the amount comes from the exact fraction, rounded once: %s', (_, price, from, amount) => {
    const { lines: charged } = seatBilled(withPrice(price, own('Pro', { from })));
    expect(charged.map((line) => centsText(line.amount))).toEqual([amount]);
  });
});

describe('upgrade', () => {
  it('S3: it refunds in full what a renewal charged and charges the new tier in full', () => {
    expect(lines(own('Pro', { changes: { '2026-01-15T10:20:00Z': 'Pro+' } }))).toEqual([
      '2026-01-01 subscription Pro 31/31 x 20.00 = 20.00 S1',
      '2026-01-15 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-15 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
    ]);
  });

  it('S3: it refunds exactly the prorated charge of a new seat', () => {
    const facts = own('Pro', { from: '2026-01-05', changes: { '2026-01-20': 'Pro+' } });
    expect(lines(facts)).toEqual([
      '2026-01-05 subscription Pro 27/31 x 20.00 = 17.42 S2',
      '2026-01-20 refund Pro -27/31 x 20.00 = -17.42 S3',
      '2026-01-20 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
    ]);
  });

  it('S3: by the policy `full` it refunds the whole first charge', () => {
    const facts = own('Pro', { from: '2026-01-05', changes: { '2026-01-20': 'Pro+' } });
    expect(lines({ ...facts, card: FULL })).toEqual([
      '2026-01-05 subscription Pro 31/31 x 20.00 = 20.00 S2',
      '2026-01-20 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-20 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
    ]);
  });

  it('S3: a second upgrade refunds what the first one charged', () => {
    const changes = { '2026-01-10': 'Pro+', '2026-01-20': 'Power' };
    expect(lines(own('Pro', { from: '2026-01-05', changes }))).toEqual([
      '2026-01-05 subscription Pro 27/31 x 20.00 = 17.42 S2',
      '2026-01-10 refund Pro -27/31 x 20.00 = -17.42 S3',
      '2026-01-10 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
      '2026-01-20 refund Pro+ -31/31 x 40.00 = -40.00 S3',
      '2026-01-20 subscription Power 31/31 x 200.00 = 200.00 S3',
    ]);
  });

  it('S3: upgrades of one day are lines in the order of time', () => {
    const changes = { '2026-01-10T09:00:00Z': 'Pro+', '2026-01-10T09:00:01Z': 'Power' };
    expect(lines(own('Pro', { changes })).slice(1)).toEqual([
      '2026-01-10 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-10 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
      '2026-01-10 refund Pro+ -31/31 x 40.00 = -40.00 S3',
      '2026-01-10 subscription Power 31/31 x 200.00 = 200.00 S3',
    ]);
  });

  it('S3: both lines are dated the UTC date of the step', () => {
    const facts = own('Pro', { changes: { '2026-02-01T00:30:00+01:00': 'Pro+' } });
    expect(lines(facts).slice(1)).toEqual([
      '2026-01-31 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-31 subscription Pro+ 31/31 x 40.00 = 40.00 S3',
    ]);
  });

  it('S3: it is charged in full even in the last nanosecond of the month', () => {
    const facts = own('Pro', {
      from: LAST_OF_JANUARY.replace('9Z', '8Z'),
      changes: { [LAST_OF_JANUARY]: 'Power' },
    });
    expect(lines(facts)).toEqual([
      '2026-01-31 subscription Pro 1/31 x 20.00 = 0.65 S2',
      '2026-01-31 refund Pro -1/31 x 20.00 = -0.65 S3',
      '2026-01-31 subscription Power 31/31 x 200.00 = 200.00 S3',
    ]);
  });

  it('S3: an upgrade at the end of the month is a renewal of the next', () => {
    const facts = own('Pro', { changes: { [FEBRUARY]: 'Power' } });
    expect(lines(facts)).toHaveLength(1);
    expect(lines(facts, '2026-02')).toEqual([
      '2026-02-01 subscription Power 28/28 x 200.00 = 200.00 S1',
    ]);
  });

  it('S3: joining a higher group is an upgrade like any other', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro'), subscription('group:g', 'Power')],
      memberships: [member('g', 'alice', '2026-01-15')],
    };
    expect(lines(facts).slice(1)).toEqual([
      '2026-01-15 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-15 subscription Power 31/31 x 200.00 = 200.00 S3',
    ]);
  });

  it('S3: the refund cancels a rounded charge to the cent, and is not rounded anew', () => {
    // 20.009 x 27/31 = 17.427…, x 30/31 = 19.363…: the rounded amounts must cancel.
    const changes = { '2026-01-20': 'Pro+' };
    const facts = withPrice('20.009', own('Pro', { from: '2026-01-05', changes }));
    const seat = seatBilled(facts);
    expect(seat.lines.map(({ amount }) => amount)).toEqual([1743n, -1743n, 4000n]);
    expect(sumCents(seat.lines.map(({ amount }) => amount))).toBe(4000n);
  });

  it('S3: a refund has the full price as its unit price, positive', () => {
    const facts = own('Pro', { from: '2026-01-05', changes: { '2026-01-20': 'Pro+' } });
    expect(seatBilled(facts).lines[1]?.unitPrice).toEqual(decimal('20'));
  });

  it('S3: the higher tier may be the cheaper one: rank decides, not price', () => {
    const facts = {
      ...own('Pro', { changes: { '2026-01-15': 'Pro+' } }),
      card: card(edition(['Pro 1 20 1000 0.04', 'Pro+ 2 15 2000 0.04'])),
    };
    expect(lines(facts)).toEqual([
      '2026-01-01 subscription Pro 31/31 x 20.00 = 20.00 S1',
      '2026-01-15 refund Pro -31/31 x 20.00 = -20.00 S3',
      '2026-01-15 subscription Pro+ 31/31 x 15.00 = 15.00 S3',
    ]);
  });
});

describe('ending', () => {
  it.each([
    ['a downgrade', own('Power', { changes: { '2026-01-15': 'Pro' } }), 'Power', '200.00'],
    ['an unsubscribe', own('Pro', { until: '2026-01-10' }), 'Pro', '20.00'],
    [
      'leaving a group',
      {
        subscriptions: [subscription('group:g', 'Pro+')],
        memberships: [member('g', 'alice', undefined, '2026-01-02')],
      },
      'Pro+',
      '40.00',
    ],
    [
      'a downgrade and then an unsubscribe',
      own('Pro+', { until: '2026-01-20', changes: { '2026-01-10': 'Pro' } }),
      'Pro+',
      '40.00',
    ],
  ])('S4: %s makes no charge, refund or proration', (_, facts: Facts, tier, price) => {
    expect(lines(facts)).toEqual([
      `2026-01-01 subscription ${tier} 31/31 x ${price} = ${price} S1`,
    ]);
  });

  it('S4: a new seat that ends in its first month pays to the end of the month', () => {
    expect(lines(own('Pro', { from: '2026-01-15', until: '2026-01-16' }))).toEqual([
      '2026-01-15 subscription Pro 17/31 x 20.00 = 10.97 S2',
    ]);
  });

  it('S4: a downgrade after an upgrade of the same month gives nothing back', () => {
    const changes = { '2026-01-10': 'Power', '2026-01-11': 'Pro' };
    const facts = own('Pro', { changes });
    expect(lines(facts).at(-1)).toBe('2026-01-10 subscription Power 31/31 x 200.00 = 200.00 S3');
    expect(lines(facts, '2026-02')).toEqual([
      '2026-02-01 subscription Pro 28/28 x 20.00 = 20.00 S1',
    ]);
  });

  it('S4: a change to the tier that the subscription has is no charge', () => {
    expect(lines(own('Pro', { changes: { '2026-01-10': 'Pro' } }))).toHaveLength(1);
  });
});

describe('the sums of a seat', () => {
  it('M2: its subscription charge is the sum of its rounded lines', () => {
    const facts = own('Pro', { from: '2026-01-05', changes: { '2026-01-20': 'Pro+' } });
    const seat = seatBilled({ ...facts, profiles: [profile()] });
    expect(seat.subscriptionCharge).toBe(4000n);
    expect(seat.overageCharge).toBe(0n);
    expect(seat.totalCharge).toBe(4000n);
  });
});

describe('an upgrade in the month of a new seat', () => {
  const TIERS = ['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04', 'Power 4 200 10000 0.04'];

  function upgraded(start: string, policies: Parameters<typeof edition>[1]): string[] {
    const changes = { '2026-01-20': 'Pro+', '2026-01-25': 'Power' };
    return lines({ ...own('Pro', { from: start, changes }), card: card(edition(TIERS, policies)) });
  }

  it('S3: `prorated` charges the share of the start, with its quantity, at each later step', () => {
    expect(upgraded('2026-01-05', { firstMonthUpgrade: 'prorated' })).toEqual([
      '2026-01-05 subscription Pro 27/31 x 20.00 = 17.42 S2',
      '2026-01-20 refund Pro -27/31 x 20.00 = -17.42 S3',
      '2026-01-20 subscription Pro+ 27/31 x 40.00 = 34.84 S3',
      '2026-01-25 refund Pro+ -27/31 x 40.00 = -34.84 S3',
      '2026-01-25 subscription Power 27/31 x 200.00 = 174.19 S3',
    ]);
  });

  it('S3: `full`, a renewal, and a first month in full charge the whole price', () => {
    const whole = '2026-01-25 subscription Power 31/31 x 200.00 = 200.00 S3';
    expect(upgraded('2026-01-05', {}).at(-1)).toBe(whole);
    expect(upgraded('2025-12-05', { firstMonthUpgrade: 'prorated' }).at(-1)).toBe(whole);
    const full = { firstMonth: 'full', firstMonthUpgrade: 'prorated' } as const;
    expect(upgraded('2026-01-05', full).at(-1)).toBe(whole);
  });
});

describe('the days of a share of a month', () => {
  it.each([
    ['0.870968', 31, 27],
    ['0.870967741935', 31, 27],
    ['1', 30, 30],
    ['0.5', 28, 14],
    ['0.03', 31, 1],
    ['0.55', 10, 6],
    ['0.54', 10, 5],
  ])('S2: %s of %i days is %i, rounded to the nearest', (share, days, expected) => {
    expect(daysOfShare(decimal(share), days)).toBe(expected);
  });
});

it('S1: a line counts users by the month', () => {
  const [line] = seatBilled({ subscriptions: [subscription('alice', 'Pro')] }).lines;
  expect(line?.quantity).toEqual({ unit: 'month', sign: 1, days: 31, daysInMonth: 31 });
});
