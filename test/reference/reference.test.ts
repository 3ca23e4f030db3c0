/** The worked examples of the rules page against the naive reference, so that it is trusted alone. */
import { describe, expect, test } from 'vitest';
import type { DataDirectory, Row } from './facts.ts';
import { invoiceCsv, seatMonths, VIEWS } from './invoice-csv.ts';
import { exactText, fixedText, parseDecimal, rational, rounded, sumOf } from './rational.ts';
import { byBytes, partitionOf, regionCode, tierKey, userKey } from './spelling.ts';
import { monthNamed, monthsNamed, parseInstant } from './time.ts';

const VIRGINIA = profile('P1', 'us-east-1');
const FRANKFURT = profile('P2', 'Europe (Frankfurt)');

function profile(id: string, region: string, overage = 'disabled'): Row {
  return { profile_id: id, account_id: '111122223333', region, overage };
}

function subscription(
  principal: string,
  tier: string,
  subscribedAt = '2025-11-03',
  unsubscribedAt = '',
): Row {
  const [type = '', id = ''] = principal.split(' ');
  return {
    profile_id: 'P1',
    principal_type: type,
    principal_id: id,
    tier,
    subscribed_at: subscribedAt,
    unsubscribed_at: unsubscribedAt,
  };
}

function tierChange(principal: string, changedAt: string, tier: string): Row {
  const [type = '', id = ''] = principal.split(' ');
  return {
    profile_id: 'P1',
    principal_type: type,
    principal_id: id,
    changed_at: changedAt,
    tier,
  };
}

function usage(credits: string, at = '2026-01-12T08:00:00Z', user = 'bob'): Row {
  return { timestamp: at, profile_id: 'P1', user_id: user, credits };
}

/** `DATE LINE_TYPE TIER QUANTITY x UNIT_PRICE = AMOUNT RULE`, line by line. */
function linesOf(directory: DataDirectory, month: string): string[] {
  return invoiceCsv(directory, 'line', month)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [, , , date, type, tier, quantity, price, amount, , rule] = row.split(',');
      return `${date} ${type} ${tier} ${quantity} x ${price} = ${amount} ${rule}`;
    });
}

function netOf(directory: DataDirectory, month: string): string {
  const lines = seatMonths(directory, monthNamed(month)).flatMap((seat) => seat.lines);
  return fixedText(sumOf(lines.map(({ amount }) => amount)), 2);
}

interface WorkedExample {
  readonly title: string;
  readonly directory: DataDirectory;
  readonly month?: string;
  readonly lines: readonly string[];
  readonly net: string;
  readonly nextMonth?: readonly string[];
}

const EXAMPLES: readonly WorkedExample[] = [
  {
    title: 'H4: example 1, in two groups of one profile only the highest tier is paid',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('group A', 'Pro'), subscription('group B', 'Pro+')],
      'group_members.csv': [
        { group_id: 'A', user_id: 'alice' },
        { group_id: 'B', user_id: 'alice' },
      ],
    },
    lines: ['2026-01-01 subscription Pro+ 1 x 40.00 = 40.00 S1'],
    net: '40.00',
  },
  {
    title: 'H4: example 2, in two profiles each is charged',
    directory: {
      'profiles.csv': [VIRGINIA, FRANKFURT],
      'subscriptions.csv': [
        subscription('user bob', 'Pro'),
        { ...subscription('user bob', 'Pro'), profile_id: 'P2' },
      ],
    },
    lines: [
      '2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1',
      '2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1',
    ],
    net: '40.00',
  },
  {
    title: 'S4: example 3, an unsubscribe leaves the month paid in full',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro', '2025-11-03', '2026-01-10')],
    },
    lines: ['2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1'],
    net: '20.00',
    nextMonth: [],
  },
  {
    title: 'S3: example 4, an upgrade refunds the old tier and charges the new one in full',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'tier_changes.csv': [tierChange('user bob', '2026-01-15T10:00:00Z', 'Pro+')],
    },
    lines: [
      '2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1',
      '2026-01-15 refund Pro -1 x 20.00 = -20.00 S3',
      '2026-01-15 subscription Pro+ 1 x 40.00 = 40.00 S3',
    ],
    net: '40.00',
  },
  {
    title: 'S1: example 5, a downgrade is renewed at the lower tier in the next month',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Power')],
      'tier_changes.csv': [tierChange('user bob', '2026-01-15T10:00:00Z', 'Pro')],
    },
    lines: ['2026-01-01 subscription Power 1 x 200.00 = 200.00 S1'],
    net: '200.00',
    nextMonth: ['2026-02-01 subscription Pro 1 x 20.00 = 20.00 S1'],
  },
  {
    title: 'S2: example 6, from 15 April pays 16/30',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro', '2026-04-15')],
    },
    month: '2026-04',
    lines: ['2026-04-15 subscription Pro 0.533333 x 20.00 = 10.67 S2'],
    net: '10.67',
  },
  {
    title: 'S3: example 7, the refund is exactly the prorated charge',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro', '2026-01-05')],
      'tier_changes.csv': [tierChange('user bob', '2026-01-20', 'Pro+')],
    },
    lines: [
      '2026-01-05 subscription Pro 0.870968 x 20.00 = 17.42 S2',
      '2026-01-20 refund Pro -0.870968 x 20.00 = -17.42 S3',
      '2026-01-20 subscription Pro+ 1 x 40.00 = 40.00 S3',
    ],
    net: '40.00',
  },
  {
    title: 'O4: example 8, credits beyond the allowance at the overage rate',
    directory: {
      'profiles.csv': [profile('P1', 'us-east-1', 'enabled')],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'usage.csv': [usage('1000'), usage('250.75')],
    },
    lines: [
      '2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1',
      '2026-01-31 overage Pro 250.75 x 0.04 = 10.03 O4',
    ],
    net: '30.03',
  },
  {
    title: 'O5: example 9, with overage off the credits beyond are unbilled',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'usage.csv': [usage('1250.75')],
    },
    lines: ['2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1'],
    net: '20.00',
  },
  {
    title: 'O1: example 10, the whole month is re-rated under the highest tier',
    directory: {
      'profiles.csv': [profile('P1', 'us-east-1', 'enabled')],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'tier_changes.csv': [tierChange('user bob', '2026-01-20', 'Pro+')],
      'usage.csv': [usage('1010')],
    },
    lines: [
      '2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1',
      '2026-01-20 refund Pro -1 x 20.00 = -20.00 S3',
      '2026-01-20 subscription Pro+ 1 x 40.00 = 40.00 S3',
    ],
    net: '40.00',
  },
  {
    title: 'H4: example 11, the second change of a month replaces the pending one',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Power')],
      'tier_changes.csv': [
        tierChange('user bob', '2026-01-05', 'Pro'),
        tierChange('user bob', '2026-01-20', 'Pro+'),
      ],
    },
    lines: ['2026-01-01 subscription Power 1 x 200.00 = 200.00 S1'],
    net: '200.00',
    nextMonth: ['2026-02-01 subscription Pro+ 1 x 40.00 = 40.00 S1'],
  },
  {
    title: 'H4: example 12, subscribing again in the same month costs nothing more',
    directory: {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [
        subscription('user bob', 'Pro', '2025-11-03', '2026-01-05'),
        subscription('user bob', 'Pro', '2026-01-20'),
      ],
    },
    lines: ['2026-01-01 subscription Pro 1 x 20.00 = 20.00 S1'],
    net: '20.00',
  },
];

describe('the worked examples, by the reference', () => {
  test.each(EXAMPLES.map((example) => [example.title, example] as const))('%s', (_, example) => {
    const { directory, month = '2026-01', lines, net, nextMonth } = example;
    expect(linesOf(directory, month)).toEqual(lines);
    expect(netOf(directory, month)).toBe(net);
    if (nextMonth !== undefined) expect(linesOf(directory, '2026-02')).toEqual(nextMonth);
  });

  test('O5: example 9 states the unbilled credits in the row of the seat', () => {
    const directory = {
      'profiles.csv': [{ ...VIRGINIA, name: '=Sandbox' }],
      'users.csv': [{ user_id: 'bob', name: 'Bob, "B"', cost_center: 'R&D' }],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'usage.csv': [usage('1250.75')],
    };
    expect(invoiceCsv(directory, 'user', '2026-01').split('\n')[1]).toBe(
      '2026-01,P1,111122223333,us-east-1,bob,"Bob, ""B""",Pro,20.00,1250.75,1000.00,0.00,250.75,0.00,20.00,USD',
    );
    expect(invoiceCsv(directory, 'profile', '2026-01').split('\n')[1]).toBe(
      "2026-01,P1,111122223333,us-east-1,'=Sandbox,1,20.00,1250.75,0.00,250.75,0.00,20.00,USD",
    );
    expect(invoiceCsv(directory, 'cost_center', '2026-01').split('\n')[1]).toBe(
      '2026-01,R&D,1,20.00,1250.75,0.00,250.75,0.00,20.00,USD',
    );
  });
});

describe('the rules beside the worked examples, by the reference', () => {
  test('H3: a seat counts from its activation, and a pending one is not charged', () => {
    const directory = {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro'), subscription('user eve', 'Pro')],
      'activations.csv': [
        { profile_id: 'P1', user_id: 'bob', activated_at: '2026-01-17T23:59:59Z' },
      ],
    };
    expect(linesOf(directory, '2026-01')).toEqual([
      '2026-01-17 subscription Pro 0.483871 x 20.00 = 9.68 S2',
    ]);
    expect(linesOf({ ...directory, 'activations.csv': [] }, '2026-01')).toEqual([]);
  });

  test('O2: only what is used beyond the allowance while overage is on is billed', () => {
    const directory = {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'overage_changes.csv': [
        { profile_id: 'P1', changed_at: '2026-01-10', overage: 'on', overage_cap: '' },
        { profile_id: 'P1', changed_at: '2026-01-20', overage: 'off', overage_cap: '' },
      ],
      'usage.csv': [
        usage('1005', '2026-01-09T23:59:59.999999999Z'),
        usage('7', '2026-01-10'),
        usage('30', '2026-01-20'),
      ],
    };
    expect(linesOf(directory, '2026-01').at(-1)).toBe(
      '2026-01-31 overage Pro 7.00 x 0.04 = 0.28 O4',
    );
  });

  test('O3: the cap is the largest in force while overage was on', () => {
    const directory = {
      'profiles.csv': [{ ...profile('P1', 'us-east-1', 'enabled'), overage_cap: '1' }],
      'subscriptions.csv': [subscription('user bob', 'Pro')],
      'overage_changes.csv': [
        { profile_id: 'P1', changed_at: '2026-01-31', overage: 'on', overage_cap: '3.5' },
        { profile_id: 'P1', changed_at: '2026-02-01', overage: 'on', overage_cap: 'none' },
      ],
      'usage.csv': [usage('1100'), usage('1100', '2026-02-02')],
    };
    expect(linesOf(directory, '2026-01').at(-1)).toBe(
      '2026-01-31 overage Pro 3.50 x 0.04 = 0.14 O4',
    );
    expect(linesOf(directory, '2026-02').at(-1)).toBe(
      '2026-02-28 overage Pro 100.00 x 0.04 = 4.00 O4',
    );
  });

  test('O6: usage without a seat has a row of its own, all of it unbilled', () => {
    const directory = {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [],
      'usage.csv': [usage('1e-05'), usage('0', '2026-01-12', '=eve')],
    };
    expect(invoiceCsv(directory, 'user', '2026-01').split('\n').slice(1)).toEqual([
      "2026-01,P1,111122223333,us-east-1,'=eve,,,0.00,0.00,0.00,0.00,0.00,0.00,0.00,USD",
      '2026-01,P1,111122223333,us-east-1,bob,,,0.00,0.00001,0.00,0.00,0.00001,0.00,0.00,USD',
      '',
    ]);
    expect(invoiceCsv(directory, 'tier', '2026-01').split('\n')[1]).toBe(
      '2026-01,,0,0.00,0.00001,0.00,0.00001,0.00,0.00,USD',
    );
  });

  test('M2: each view of a month has the same total', () => {
    for (const { directory, month = '2026-01', net } of EXAMPLES) {
      for (const view of VIEWS) {
        const [header = '', ...rows] = invoiceCsv(directory, view, month).trimEnd().split('\n');
        const column = header.split(',').indexOf(view === 'line' ? 'amount' : 'total_charge');
        const total = sumOf(rows.map((row) => parseSigned(row.split(',')[column] ?? '')));
        expect(fixedText(total, 2), view).toBe(net);
      }
    }
  });

  test('M4: GovCloud pays 1.2 times the commercial price and overage rate', () => {
    const directory = {
      'profiles.csv': [profile('P1', 'AWS GovCloud (US-West)', 'on')],
      'subscriptions.csv': [subscription('user bob', 'KIRO_PRO_PLUS')],
      'usage.csv': [usage('2001')],
    };
    expect(linesOf(directory, '2026-01')).toEqual([
      '2026-01-01 subscription Pro+ 1 x 48.00 = 48.00 S1',
      '2026-01-31 overage Pro+ 1.00 x 0.048 = 0.05 O4',
    ]);
  });

  test('H4: a seat belongs to the group that first gave it the billed tier', () => {
    const directory = {
      'profiles.csv': [VIRGINIA],
      'subscriptions.csv': [
        subscription('group B', 'Pro'),
        subscription('group A', 'Pro'),
        subscription('user bob', 'Pro', '2026-02-01'),
      ],
      'group_members.csv': [
        { group_id: 'A', user_id: 'bob', joined_at: '', left_at: '2026-02-09' },
        { group_id: 'B', user_id: 'bob', joined_at: '', left_at: '' },
      ],
    };
    const keys = invoiceCsv(directory, 'group', '2026-01..2026-02')
      .trimEnd()
      .split('\n')
      .map((row) => row.split(',').slice(0, 3).join());
    expect(keys).toEqual(['month,group_id,seats', '2026-01,A,1', '2026-02,,1']);
  });
});

function parseSigned(text: string) {
  const size = parseDecimal(text.replace('-', ''));
  return text.startsWith('-') ? rational(-size.over, size.under) : size;
}

describe('the numbers, instants and spellings of the reference', () => {
  test.each([
    ['7', '7.00'],
    ['7.0', '7.00'],
    ['.5', '0.50'],
    ['7.', '7.00'],
    ['007', '7.00'],
    ['1e-05', '0.00001'],
    ['1.2E+02', '120.00'],
    ['114.45787414391377', '114.45787414391377'],
  ])('M1: %s is exactly %s', (text, exact) => {
    expect(exactText(parseDecimal(text))).toBe(exact);
  });

  test.each([
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['0.0049999999999999999999', '0.00'],
    ['-0.004', '0.00'],
    ['10.03', '10.03'],
  ])('M2: %s rounds to %s', (text, money) => {
    expect(fixedText(rounded(parseSigned(text), 2), 2)).toBe(money);
  });

  test.each([
    ['2026-01-15T09:30:00Z', 1768469400000000000n],
    ['2026-01-15 09:30', 1768469400000000000n],
    ['2026-01-15t15:00:00.000000001+05:30', 1768469400000000001n],
    ['2026-01-15T01:30:00.5-0800', 1768469400500000000n],
    ['2026-01-15T14:30+05', 1768469400000000000n],
    ['2026-01-15', 1768435200000000000n],
  ])('%s is %d nanoseconds after 1970', (text, nanoseconds) => {
    expect(parseInstant(text)).toBe(nanoseconds);
  });

  test('a range of months runs over the end of a year, leap years included', () => {
    const months = monthsNamed('2027-12..2028-03');
    expect(months.map(({ name, days }) => `${name} ${days}`)).toEqual([
      '2027-12 31',
      '2028-01 31',
      '2028-02 29',
      '2028-03 31',
    ]);
    expect(months.map(({ start }) => start).slice(1)).toEqual(
      months.map(({ end }) => end).slice(0, -1),
    );
  });

  test('tiers, users, Regions and byte order are as the formats page says', () => {
    const spellings = ['Pro+', 'PRO_PLUS', 'ProPlus', 'Kiro Pro+', ' kiro-pro plus'];
    expect(new Set(spellings.map(tierKey))).toEqual(new Set(['proplus']));
    const id = '0123ABCDEF-0a1b2c3d-0000-1111-2222-0123456789ab';
    expect(userKey(`d-1234567890.${id}`)).toBe(id);
    expect(userKey(`arn:aws:identitystore:::user/${id}`)).toBe(id);
    expect(userKey('d-1234567890.bob')).toBe('d-1234567890.bob');
    expect(regionCode('EU (Frankfurt)')).toBe('eu-central-1');
    expect(['us-gov-west-1', 'cn-north-1', 'us-west-2'].map(partitionOf)).toEqual([
      'aws-us-gov',
      'aws-cn',
      'aws',
    ]);
    expect(['😀', '～', 'Pro+', 'Pro Max', 'Pro'].sort(byBytes)).toEqual([
      'Pro',
      'Pro Max',
      'Pro+',
      '～',
      '😀',
    ]);
  });
});
