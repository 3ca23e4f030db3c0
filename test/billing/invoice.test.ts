import { describe, expect, it } from 'vitest';
import type { CompletenessFacts } from '../../src/billing/completeness.ts';
import { billedSeats, billMonth, billMonths, pricingProblems } from '../../src/billing/invoice.ts';
import { billingPeriod, periodsBetween } from '../../src/domain/billing-period.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import { isBilledOrUsed } from '../../src/domain/invoice.ts';
import { BadInput, WrongUsage } from '../../src/domain/problem.ts';
import type { RateEdition } from '../../src/domain/rate-card.ts';
import type { Tier } from '../../src/domain/tier.ts';
import { epochDay } from '../../src/domain/usage-days.ts';
import type { Warning } from '../../src/domain/warning.ts';
import {
  activation,
  billed,
  billing,
  card,
  edition,
  type Facts,
  FEBRUARY,
  LAST_OF_JANUARY,
  lineTexts,
  member,
  placeAt,
  problemsOf,
  profile,
  seatBilled,
  stepTexts,
  subscription,
  usage,
  user,
} from './facts.ts';

const EUROPE = profile('P2', { region: 'eu-central-1' });

describe('seats of an invoice', () => {
  it('H1: each seat is told once per profile, by the bytes of profile and user', () => {
    const { seats } = billed({
      profiles: [EUROPE, profile('P1'), profile('P-', { region: 'us-gov-east-1' })],
      subscriptions: [
        subscription('bob', 'Pro', { profileId: 'P2' }),
        subscription('\u{1f600}', 'Pro'),
        subscription('alice', 'Pro', { profileId: 'P2' }),
        subscription('\uff5e', 'Pro'),
        subscription('alice', 'Pro'),
        subscription('Zoe', 'Pro'),
        subscription('bob', 'Pro', { profileId: 'P-' }),
      ],
      usage: [usage('1', { userId: 'aaron' })],
    });
    expect(seats.map(({ profile: { profileId }, userId }) => `${profileId} ${userId}`)).toEqual([
      'P- bob',
      'P1 Zoe',
      'P1 aaron',
      'P1 alice',
      'P1 \uff5e',
      'P1 \u{1f600}',
      'P2 alice',
      'P2 bob',
    ]);
  });

  it('H4: twice in one profile only the highest tier is charged', () => {
    const facts = {
      subscriptions: [
        subscription('group:a', 'Pro'),
        subscription('group:b', 'Pro+'),
        subscription('alice', 'Pro'),
      ],
      memberships: [member('a', 'alice'), member('b', 'alice')],
    };
    expect(lineTexts(seatBilled(facts).lines)).toEqual([
      '2026-01-01 subscription Pro+ 31/31 x 40.00 = 40.00 S1',
    ]);
  });

  it('H4: in two profiles each is charged', () => {
    const { seats } = billed({
      profiles: [profile('P1'), EUROPE],
      subscriptions: [subscription('bob', 'Pro'), subscription('bob', 'Pro', { profileId: 'P2' })],
    });
    expect(seats.map(({ totalCharge }) => totalCharge)).toEqual([2000n, 2000n]);
  });

  it('H3: a pending seat is told as such, and not charged', () => {
    const seat = seatBilled({ subscriptions: [subscription('alice', 'Pro')], activations: [] });
    expect(seat.pending).toBe(true);
    expect(seat.sources).toHaveLength(1);
    expect(seat.steps).toEqual([]);
    expect(seat.totalCharge).toBe(0n);
    expect(isBilledOrUsed(seat)).toBe(false);
  });

  it('H3: a seat activated in the month is a new seat of that day', () => {
    const seat = seatBilled({
      subscriptions: [subscription('alice', 'Pro')],
      activations: [activation('alice', '2026-01-17T08:00:00Z')],
    });
    expect(seat.pending).toBe(false);
    expect(lineTexts(seat.lines)).toEqual(['2026-01-17 subscription Pro 15/31 x 20.00 = 9.68 S2']);
  });

  it('H3: a seat that is subscribed in no instant of the month is not pending in it', () => {
    const facts = (from: string): Facts => ({
      subscriptions: [subscription('alice', 'Pro', { from, until: '2026-02-10' })],
      activations: [],
    });
    expect(billed(facts(FEBRUARY)).seats).toEqual([]);
    expect(billed(facts('2025-11-03'), '2026-03').seats).toEqual([]);
  });

  it('O6: a user with usage rows of 0 credits has a row, one without rows has none', () => {
    const seat = seatBilled({ usage: [usage('0', { rows: 2 })] });
    expect(isBilledOrUsed(seat)).toBe(true);
    expect(seat.pending).toBe(false);
    expect(billed({}).seats).toEqual([]);
  });

  it('O6: a user whose seat has ended keeps its activation and the cap, and selects nothing', () => {
    const seat = seatBilled({
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('50') })],
      subscriptions: [subscription('alice', 'Pro', { until: '2025-12-10' })],
      activations: [activation('alice', '2025-11-05')],
      usage: [usage('70')],
    });
    expect(seat.activatedAt).toBe(instant('2025-11-05'));
    expect(seat.capCredits).toEqual(decimal('50'));
    expect([seat.sources, seat.selections, seat.steps, seat.lines]).toEqual([[], [], [], []]);
    expect(seat.userId).toBe('alice');
  });

  it('H1: sources alive in the month are told, also those that changed nothing', () => {
    const { sources } = seatBilled({
      subscriptions: [
        subscription('group:gone', 'Power'),
        subscription('group:lower', 'Pro'),
        subscription('alice', 'Pro+'),
        subscription('group:later', 'Power', { from: FEBRUARY }),
      ],
      memberships: [
        member('gone', 'alice', undefined, '2025-12-31'),
        member('lower', 'alice', '2026-01-30'),
        member('later', 'alice'),
      ],
    });
    expect(sources.map((source) => source.subscription.principalId)).toEqual(['alice', 'lower']);
  });

  it('H1: name and cost center come from the users, and are blank for one not among them', () => {
    const [known, unknown] = billed({
      users: [user('alice', { name: 'Alice Moreau', costCenter: 'CC-1' }), user('carol')],
      subscriptions: [subscription('alice', 'Pro'), subscription('bob', 'Pro')],
    }).seats;
    expect(known).toMatchObject({ userName: 'Alice Moreau', costCenter: 'CC-1' });
    expect(unknown).toMatchObject({ userName: '', costCenter: '' });
  });
});

describe('the billed group', () => {
  function groupBilled(facts: Facts): string {
    return seatBilled(facts).groupId;
  }
  const both = [member('a', 'alice'), member('b', 'alice')];

  it('H1: a direct seat has none', () => {
    expect(groupBilled({ subscriptions: [subscription('alice', 'Pro')] })).toBe('');
  });

  it('H1: it is the group whose source gave the tier that is billed', () => {
    const subscriptions = [subscription('group:a', 'Pro'), subscription('group:b', 'Pro+')];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('b');
  });

  it('H1: first in the month, though it stands later or sorts higher', () => {
    const subscriptions = [
      subscription('group:a', 'Pro', { from: '2026-01-12' }),
      subscription('group:b', 'Pro', { from: '2026-01-05' }),
    ];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('b');
  });

  it('H1: what gave it first before the month does not matter, all are alike at its first instant', () => {
    const subscriptions = [
      subscription('group:b', 'Pro', { from: '2025-11-03' }),
      subscription('group:a', 'Pro', { from: '2025-12-03' }),
    ];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('a');
  });

  it('H1: at one instant a direct subscription comes before a group', () => {
    const subscriptions = [
      subscription('group:a', 'Pro', { from: '2026-01-05' }),
      subscription('alice', 'Pro', { from: '2026-01-05' }),
    ];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('');
  });

  it('H1: a group that gave the tier before the direct subscription keeps the seat', () => {
    const subscriptions = [
      subscription('alice', 'Pro', { from: '2026-01-05T00:00:00.000000001Z' }),
      subscription('group:a', 'Pro', { from: '2026-01-05' }),
    ];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('a');
  });

  it('H1: at one instant groups come by the bytes of their ids', () => {
    const groups = ['b', '\u{1f600}', 'a', '\uff5e'];
    const facts = {
      subscriptions: groups.map((group) => subscription(`group:${group}`, 'Pro')),
      memberships: groups.map((group) => member(group, 'alice')),
    };
    expect(groupBilled(facts)).toBe('a');
    const late = {
      ...facts,
      memberships: facts.memberships.filter(({ groupId }) => groupId > 'z'),
    };
    expect(groupBilled(late)).toBe('\uff5e');
  });

  it('H1: a group that is upgraded to the billed tier later does not take the seat over', () => {
    const subscriptions = [
      subscription('group:a', 'Pro', { changes: { '2026-01-20': 'Pro+' } }),
      subscription('group:b', 'Pro', { changes: { '2026-01-10': 'Pro+' } }),
    ];
    expect(groupBilled({ subscriptions, memberships: both })).toBe('b');
  });

  it('H3: only what counts from the activation on gives a tier', () => {
    const facts = {
      subscriptions: [
        subscription('group:b', 'Pro', { from: '2026-01-02' }),
        subscription('group:a', 'Pro', { from: '2026-01-05' }),
      ],
      memberships: both,
      activations: [activation('alice', '2026-01-09')],
    };
    expect(groupBilled(facts)).toBe('a');
  });
});

describe('editions', () => {
  const CARD = card(
    edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04'], { from: '2026-01' }),
    edition(['Pro 1 19 900 0.05', 'Pro+ 2 37 1900 0.05'], {
      from: '2026-02',
      currency: 'EUR',
      firstMonth: 'full',
    }),
  );

  it('M3: every month has the prices, credits, policy and currency of its own edition', () => {
    const changes = { '2026-02-10': 'Pro+' };
    const invoices = billMonths(
      billing({
        card: CARD,
        profiles: [profile('P1', { overageOn: true })],
        subscriptions: [
          subscription('alice', 'Pro', { from: '2026-01-17', changes }),
          subscription('bob', 'Pro', { from: '2026-02-17' }),
        ],
        usage: [usage('1950'), usage('1950', { month: '2026-02' })],
      }),
      periodsBetween(billingPeriod('2026-01'), billingPeriod('2026-03')),
    );
    const told = invoices.map(({ period, edition: { currency }, seats }) => [
      `${period.month} ${currency}`,
      ...lineTexts(seats.flatMap(({ lines }) => lines)),
    ]);
    expect(told).toEqual([
      [
        '2026-01 USD',
        '2026-01-17 subscription Pro 15/31 x 20.00 = 9.68 S2',
        '2026-01-31 overage Pro 950.00 x 0.04 = 38.00 O4',
      ],
      [
        '2026-02 EUR',
        '2026-02-01 subscription Pro 28/28 x 19.00 = 19.00 S1',
        '2026-02-10 refund Pro -28/28 x 19.00 = -19.00 S3',
        '2026-02-10 subscription Pro+ 28/28 x 37.00 = 37.00 S3',
        '2026-02-28 overage Pro+ 50.00 x 0.05 = 2.50 O4',
        '2026-02-17 subscription Pro 28/28 x 19.00 = 19.00 S2',
      ],
      [
        '2026-03 EUR',
        '2026-03-01 subscription Pro+ 31/31 x 37.00 = 37.00 S1',
        '2026-03-01 subscription Pro 31/31 x 19.00 = 19.00 S1',
      ],
    ]);
  });

  it('M3: ranks, too, are those of the month', () => {
    const swapped = card(
      edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04'], { from: '2026-01' }),
      edition(['Pro+ 1 40 2000 0.04', 'Pro 2 20 1000 0.04'], { from: '2026-02' }),
    );
    const facts = {
      card: swapped,
      subscriptions: [subscription('alice', 'Pro'), subscription('group:g', 'Pro+')],
      memberships: [member('g', 'alice')],
    };
    expect(stepTexts(seatBilled(facts, '2026-01').steps)).toEqual(['2026-01-01T00:00:00Z Pro+']);
    expect(stepTexts(seatBilled(facts, '2026-02').steps)).toEqual(['2026-02-01T00:00:00Z Pro']);
  });

  it('M3: a month before the first edition is wrong usage, alone and in a range', () => {
    const facts = billing({ card: CARD });
    expect(() => billMonth(facts, billingPeriod('2025-12'))).toThrow(WrongUsage);
    expect(() => billMonths(facts, [billingPeriod('2025-12')])).toThrow(WrongUsage);
  });

  it('M4: overrides of a profile price its seats and leave the others alone', () => {
    const overrides = { P2: { Pro: { price: decimal('18'), credits: decimal('1100') } } };
    const { seats } = billed({
      card: card(edition(['Pro 1 20 1000 0.04'], { overrides })),
      profiles: [profile('P1'), EUROPE],
      subscriptions: [
        subscription('alice', 'Pro'),
        subscription('alice', 'Pro', { profileId: 'P2' }),
      ],
    });
    const told = seats.map(
      ({ totalCharge, allowanceCredits }) => `${totalCharge} ${decimalText(allowanceCredits, 0)}`,
    );
    expect(told).toEqual(['2000 1000', '1800 1100']);
  });

  it('M4: GovCloud pays 1.2 x the price and the overage rate for the same credits', () => {
    const facts = {
      profiles: [profile('P1', { region: 'us-gov-west-1', overageOn: true })],
      subscriptions: [subscription('alice', 'Pro')],
      usage: [usage('1250.75')],
    };
    expect(lineTexts(seatBilled(facts).lines)).toEqual([
      '2026-01-01 subscription Pro 31/31 x 24.00 = 24.00 S1',
      '2026-01-31 overage Pro 250.75 x 0.048 = 12.04 O4',
    ]);
  });
});

describe('what the rate card lacks', () => {
  function problems(facts: Facts, month = '2026-01'): string[] {
    return problemsOf(() => billed(facts, month)).map(
      ({ file, line, column, value }) => `${file}:${line}: ${column} (${value})`,
    );
  }
  const lacking = (tier: Tier, facts: Parameters<typeof subscription>[2] = {}): Facts => ({
    subscriptions: [subscription('alice', tier, { line: 4, ...facts })],
  });

  it('M4: a tier that the edition in force lacks is an error that names tier and month', () => {
    const [problem] = problemsOf(() => billed(lacking('Pro Max')));
    expect(problem).toMatchObject({
      file: 'subscriptions.csv',
      line: 4,
      column: 'tier',
      value: 'Pro Max',
    });
    expect(problem?.what).toContain('Pro Max');
    expect(problem?.what).toContain('2026-01');
    expect(problem?.what).toContain('Pro, Pro+, Power');
  });

  it('M3: the same tier is billed from its first edition on', () => {
    expect(problems(lacking('Pro Max'), '2026-05')).toHaveLength(1);
    expect(seatBilled(lacking('Pro Max'), '2026-06').totalCharge).toBe(10000n);
  });

  it('M4: on a pending seat, too', () => {
    expect(problems({ ...lacking('Pro Max'), activations: [] })).toEqual([
      'subscriptions.csv:4: tier (Pro Max)',
    ]);
    const late = [activation('alice', '2026-01-20')];
    const before = lacking('Pro', {
      changes: { '2026-01-05': 'Pro Max', '2026-01-10': 'Pro' },
    });
    expect(problems({ ...before, activations: late })).toEqual([
      'tier_changes.csv:5: tier (Pro Max)',
    ]);
  });

  it.each([
    ['by a lower source beside a higher one', '2026-01-05', '2026-01-10'],
    ['for a nanosecond', '2026-01-05', '2026-01-05T00:00:00.000000001Z'],
    ['in the last nanosecond', LAST_OF_JANUARY, FEBRUARY],
    ['at the first instant', '2025-12-15', '2026-01-01T00:00:00.000000001Z'],
  ])('M4: selected %s of the month is enough', (_, from, to) => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Power'),
        subscription('group:g', 'Pro', { line: 4, changes: { [from]: 'Pro Max', [to]: 'Pro' } }),
      ],
      memberships: [member('g', 'alice')],
    };
    expect(problems(facts)).toEqual(['tier_changes.csv:5: tier (Pro Max)']);
  });

  it.each([
    ['before the month', lacking('Pro Max', { changes: { '2026-01-01T00:00:00Z': 'Pro' } })],
    ['from the next month on', lacking('Pro', { changes: { [FEBRUARY]: 'Pro Max' } })],
    ['after the seat has ended', lacking('Pro Max', { until: '2026-01-01T00:00:00Z' })],
    ['by a group that has no member', { subscriptions: [subscription('group:g', 'Pro Max')] }],
    [
      'by a group whose member has left',
      {
        subscriptions: [subscription('group:g', 'Pro Max')],
        memberships: [member('g', 'alice', undefined, '2026-01-01T00:00:00Z')],
      },
    ],
  ])('M4: selected %s it is none', (_, facts: Facts) => {
    expect(problems(facts)).toEqual([]);
  });

  it('M4: a row is told once, however many members its group has', () => {
    const facts = {
      subscriptions: [subscription('group:g', 'Pro Max', { line: 4 })],
      memberships: ['alice', 'bob', 'carol'].map((userId) => member('g', userId)),
    };
    expect(problems(facts)).toEqual(['subscriptions.csv:4: tier (Pro Max)']);
  });

  it('M4: all rows of all profiles are told together', () => {
    const facts = {
      profiles: [EUROPE, profile('P1')],
      subscriptions: [
        subscription('alice', 'Pro Max', { line: 2, profileId: 'P2' }),
        subscription('alice', 'Pro Max', { line: 3 }),
        subscription('bob', 'Pro', { line: 4, changes: { '2026-01-05': 'Pro Max' } }),
        subscription('carol', 'Pro', { line: 8 }),
      ],
    };
    expect(problems(facts).sort()).toEqual([
      'subscriptions.csv:2: tier (Pro Max)',
      'subscriptions.csv:3: tier (Pro Max)',
      'tier_changes.csv:5: tier (Pro Max)',
    ]);
  });

  it('M3: a range tells the problems of all its months', () => {
    const facts = billing(lacking('Pro Max', { from: '2026-03-10', line: 4 }));
    const periods = periodsBetween(billingPeriod('2026-02'), billingPeriod('2026-06'));
    const months = problemsOf(() => billMonths(facts, periods)).map(
      ({ what }) => /\d{4}-\d\d/.exec(what)?.[0],
    );
    expect(months).toEqual(['2026-03', '2026-04', '2026-05']);
  });

  it('M4: a range tells a profile whose partition is lacking once, for the first month', () => {
    const facts = billing({
      profiles: [profile('P1', { region: 'cn-north-1' })],
      subscriptions: [subscription('alice', 'Pro', { from: '2026-03-10' })],
    });
    const periods = periodsBetween(billingPeriod('2026-02'), billingPeriod('2026-07'));
    const found = problemsOf(() => billMonths(facts, periods));
    expect(found).toHaveLength(1);
    expect(found[0]?.what).toContain('in 2026-03 ');
  });

  it.each([
    ['the partition', ['2026-01 partition', '2026-02 tier']],
    ['the tier', ['2026-01 tier', '2026-02 partition']],
  ])('M4: of two months, the first lacks %s and the other one the other', (_, expected) => {
    const lacks = (what: string, from: string): RateEdition =>
      what === 'partition'
        ? edition(['Pro 1 20 1000 0.04'], { from, partition: 'aws-cn' })
        : edition(['Power 3 200 10000 0.04'], { from });
    const editions = expected.map((one) => {
      const [month = '', what = ''] = one.split(' ');
      return lacks(what, month);
    });
    const facts = billing({
      subscriptions: [subscription('alice', 'Pro')],
      card: card(...editions),
    });
    const periods = periodsBetween(billingPeriod('2026-01'), billingPeriod('2026-02'));
    const found = problemsOf(() => billMonths(facts, periods)).map(
      ({ what }) =>
        `${/in (\d{4}-\d\d)/.exec(what)?.[1]} ${what.includes('partition') ? 'partition' : 'tier'}`,
    );
    expect(found.sort()).toEqual(expected);
  });

  it('M3: the problems of one file come by line, over all months and profiles', () => {
    const facts = billing({
      profiles: [EUROPE, profile('P1')],
      subscriptions: [
        subscription('alice', 'Pro Max', { line: 5 }),
        subscription('bob', 'Pro Max', { line: 3, profileId: 'P2' }),
        subscription('carol', 'Pro Max', { line: 2, from: '2026-03-10' }),
      ],
    });
    const periods = periodsBetween(billingPeriod('2026-02'), billingPeriod('2026-03'));
    expect(problemsOf(() => billMonths(facts, periods)).map(({ line }) => line)).toEqual([
      2, 3, 3, 5, 5,
    ]);
    const ofOneMonth = pricingProblems(facts, [billingPeriod('2026-03')]);
    expect(ofOneMonth.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  it('M3: the problems of several files come file by file, in the order of the paths', () => {
    const facts = {
      profiles: [EUROPE, profile('P1')],
      subscriptions: [
        subscription('bob', 'Pro', { line: 4, changes: { '2026-01-05': 'Pro Max' } }),
        subscription('alice', 'Pro Max', { line: 2, profileId: 'P2' }),
        subscription('carol', 'Pro Max', { line: 7 }),
      ],
    };
    expect(problems(facts)).toEqual([
      'subscriptions.csv:2: tier (Pro Max)',
      'subscriptions.csv:7: tier (Pro Max)',
      'tier_changes.csv:5: tier (Pro Max)',
    ]);
  });

  it('M3: a range with one problem in one of its months is not billed', () => {
    const facts = billing(lacking('Pro Max', { from: '2026-05-10' }));
    const periods = periodsBetween(billingPeriod('2026-04'), billingPeriod('2026-06'));
    expect(problemsOf(() => billMonths(facts, periods))).toHaveLength(1);
  });

  it('M4: `pricingProblems` tells the same without billing', () => {
    const facts = lacking('Pro Max');
    const period = billingPeriod('2026-01');
    expect(pricingProblems(billing(facts), [period])).toEqual(problemsOf(() => billed(facts)));
    expect(pricingProblems(billing(facts), [billingPeriod('2026-06')])).toEqual([]);
  });

  it('M4: a partition that the card lacks is one error per profile, which names it', () => {
    const facts = {
      profiles: [
        profile('P1', { region: 'cn-north-1', place: placeAt(2, 'profiles.csv') }),
        profile('P2', { region: 'us-iso-east-1', place: placeAt(3, 'profiles.csv') }),
        profile('P3', { region: 'us-east-1', place: placeAt(4, 'profiles.csv') }),
      ],
      subscriptions: [
        subscription('alice', 'Pro'),
        subscription('bob', 'Pro'),
        subscription('bob', 'Pro', { profileId: 'P2' }),
        subscription('bob', 'Pro', { profileId: 'P3' }),
      ],
    };
    const found = problemsOf(() => billed(facts));
    expect(found.map(({ file, line, column, value }) => [file, line, column, value])).toEqual([
      ['profiles.csv', 2, 'region', 'cn-north-1'],
      ['profiles.csv', 3, 'region', 'us-iso-east-1'],
    ]);
    expect(found.map(({ what }) => /P\d/.exec(what)?.[0])).toEqual(['P1', 'P2']);
  });

  it('M4: also where its only seat is pending', () => {
    const facts = {
      profiles: [profile('P1', { region: 'cn-north-1' })],
      subscriptions: [subscription('alice', 'Pro')],
      activations: [],
    };
    expect(problems(facts)).toEqual(['profiles.csv:2: region (cn-north-1)']);
  });

  it('M4: a profile in which no source is alive in the month asks for no price', () => {
    // The rule may be read to refuse such a profile as well; nothing in it needs a price.
    const facts = {
      profiles: [profile('P1', { region: 'cn-north-1' })],
      subscriptions: [subscription('alice', 'Pro', { from: FEBRUARY })],
      usage: [usage('5')],
    };
    expect(problems(facts)).toEqual([]);
    expect(seatBilled(facts).unbilledCredits).toEqual(decimal('5'));
  });
});

describe('faults of our own', () => {
  it('O6: usage in a profile that is not there throws, and is never dropped', () => {
    expect(() => billed({ usage: [usage('1', { profileId: 'P9' })] })).toThrow('P9');
  });

  it('M4: a tier without a price throws, and is never free', () => {
    // A record that changes between the check of the prices and the charges.
    let asked = 0;
    const shifting = Object.defineProperty(subscription('alice', 'Pro'), 'tier', {
      get: () => {
        asked += 1;
        return asked === 1 ? 'Pro' : 'Pro Max';
      },
    });
    expect(() => billed({ subscriptions: [shifting] })).toThrow('no price for Pro Max in P1');
  });

  it('M3: what is no bad input is not taken for it in a range', () => {
    const facts = billing({ usage: [usage('1', { profileId: 'P9' })] });
    expect(() => billMonths(facts, [billingPeriod('2026-01')])).toThrow('P9');
  });
});

describe('steps of an invoice', () => {
  it('H4: it tells each with its instant and its source', () => {
    const [first, second] = seatBilled({
      subscriptions: [subscription('alice', 'Pro'), subscription('group:g', 'Power')],
      memberships: [member('g', 'alice', '2026-01-15T10:20:00Z')],
    }).steps;
    expect(first).toMatchObject({ at: instant('2026-01-01'), tier: 'Pro' });
    expect(second).toMatchObject({
      at: instant('2026-01-15T10:20:00Z'),
      tier: 'Power',
      source: { membership: { groupId: 'g' } },
    });
  });
});

describe('who is in an invoice', () => {
  it('O6: not who has usage of no rows', () => {
    expect(billed({ usage: [usage('0', { rows: 0 })] }).seats).toEqual([]);
  });

  it('H1: a source that ends at the first instant of the month is not of it', () => {
    const ended = [subscription('alice', 'Pro', { until: '2026-01-01' })];
    const seat = seatBilled({ subscriptions: ended, usage: [usage('5')] });
    expect([seat.sources, seat.pending]).toEqual([[], false]);
    expect(billed({ subscriptions: ended }).seats).toEqual([]);
  });
});

describe('what is told beside the seats', () => {
  const JANUARY = billingPeriod('2026-01');
  const facts: Facts = {
    subscriptions: [subscription('alice', 'Pro')],
    usage: [usage('1250')],
    card: card(
      edition(['Pro 1 20 1000 0.04'], { overrides: { P9: { Pro: { price: decimal('18') } } } }),
    ),
  };
  const ofInputs: readonly Warning[] = [
    { code: 'file-unread', message: 'of all months' },
    { code: 'usage-left-out', month: '2026-01', message: 'of January' },
    { code: 'usage-left-out', month: '2026-02', message: 'of February' },
  ];
  const completeness: CompletenessFacts = {
    usageDays: {
      byProfile: new Map([['P1', new Set([epochDay('2026-01-05')])]]),
      summaryMonths: new Set(),
      twice: [],
    },
    clock: instant('2026-03-01'),
    daysOff: new Set(),
  };

  it('M4: the warnings of the inputs that are of the month, then unused prices, then those of seats', () => {
    const { warnings, coverage } = billMonth(
      { ...billing(facts), inputWarnings: ofInputs },
      JANUARY,
    );
    expect(warnings.map(({ code, month }) => `${code} ${month}`)).toEqual([
      'file-unread undefined',
      'usage-left-out 2026-01',
      'rates-unused 2026-01',
      'unbilled-credits 2026-01',
    ]);
    expect(coverage).toBeUndefined();
  });

  it('whether usage is whole is said first, with the days of usage', () => {
    const { warnings, coverage } = billMonth({ ...billing(facts), completeness }, JANUARY);
    expect(warnings.map(({ code }) => code)).toEqual([
      'usage-ends',
      'rates-unused',
      'unbilled-credits',
    ]);
    expect(coverage).toMatchObject({ firstDay: epochDay('2026-01-05') });
  });

  it('no days are known of summaries', () => {
    const usageDays = { summaryMonths: new Set<string>(), twice: [] };
    const asked = { ...billing(facts), completeness: { ...completeness, usageDays } };
    expect(billMonth(asked, JANUARY)).not.toHaveProperty('coverage');
  });

  it('M3: seats come one by one as in the invoice, or not at all', () => {
    expect([...billedSeats(billing(facts), JANUARY)]).toEqual(
      billMonth(billing(facts), JANUARY).seats,
    );
    const without = billing({ ...facts, card: card(edition(['Power 1 200 10000 0.04'])) });
    expect(() => [...billedSeats(without, JANUARY)]).toThrow(BadInput);
  });
});
