/** Our invoice compared with AWS's bill, seat by seat, and the bridge between their totals. */
import { describe, expect, it } from 'vitest';
import type { AwsSeat, RowSum, SharedCharge } from '../../src/aws/aws-bill.ts';
import { add, type Decimal, decimal, ZERO } from '../../src/domain/decimal.ts';
import type { MonthInvoice, SeatInvoice } from '../../src/domain/invoice.ts';
import type { BillStep } from '../../src/domain/reconciliation.ts';
import type { Profile, User } from '../../src/domain/records.ts';
import { compareBills, isWithin } from '../../src/reconcile/comparison.ts';
import type { PlacedSeat } from '../../src/reconcile/placed-bill.ts';

function profile(profileId: string, accountId = '1'): Profile {
  return { profileId, accountId } as Profile;
}

const EAST = profile('east');

function ours(
  userId: string,
  subscription: bigint,
  overage = 0n,
  at = EAST,
  userName = '',
): SeatInvoice {
  return {
    profile: at,
    userId,
    userName,
    subscriptionCharge: subscription,
    overageCharge: overage,
    totalCharge: subscription + overage,
  } as SeatInvoice;
}

function sum(cost: string, rows = 1): RowSum {
  return { rows, quantity: ZERO, cost: decimal(cost) };
}

interface Billed {
  readonly userId: string;
  readonly subscription?: string;
  readonly overage?: string;
  readonly rows?: number;
  readonly adjustments?: Readonly<Record<string, RowSum>>;
  readonly at?: Partial<PlacedSeat>;
}

function billed({
  userId,
  subscription = '0',
  overage = '0',
  rows = 1,
  adjustments = {},
  at = { profile: EAST },
}: Billed): PlacedSeat {
  const named = new Map(Object.entries(adjustments));
  const charges = [decimal(subscription), decimal(overage)];
  const aws = {
    rows,
    subscription: charges[0],
    overage: charges[1],
    adjustments: named,
    columns: new Map([
      ['direct_charge', [...charges, ...[...named.values()].map(({ cost }) => cost)].reduce(add)],
    ]),
  } as unknown as AwsSeat;
  return { accountId: '1', code: 'USE1', region: 'us-east-1', userId, aws, ...at };
}

function shared(kind: string, cost: string): SharedCharge {
  return { payerId: '', accountId: '', column: 'other', kind, ...sum(cost) };
}

function inputOf(
  invoice: readonly SeatInvoice[],
  seats: readonly PlacedSeat[],
  charges: readonly SharedCharge[] = [],
  tolerance: Decimal = decimal('0.01'),
) {
  const costs = [
    ...seats.flatMap(({ aws }) => [...aws.columns.values()]),
    ...charges.map(({ cost }) => cost),
  ];
  return {
    invoice: { seats: invoice } as unknown as MonthInvoice,
    bill: { seats, shared: charges, total: costs.reduce(add, ZERO), rows: 7 },
    users: new Map([['bob', { name: 'Bob B' } as User]]),
    tolerance,
  };
}

describe('the verdict', () => {
  it.each([
    ['match', 2000n, 0n, '20', '0'],
    ['match', 2000n, 400n, '20.01', '3.99'],
    ['match', 2000n, 0n, '20.0149', '0'],
    ['match', 2000n, 0n, '0', '20'],
    ['match', 0n, 1n, '0', '0'],
    ['match', 0n, 0n, '0.01', '0'],
    ['amount differs', 2000n, 0n, '20.015', '0'],
    ['amount differs', 2000n, 0n, '20', '-0.015'],
    ['amount differs', 2000n, 400n, '22', '2'],
    ["only in AWS's bill", 0n, 0n, '20', '0'],
    ["only in AWS's bill", 0n, 0n, '0', '4'],
    ["only in AWS's bill", 0n, 0n, '-20', '0'],
    ['only in our invoice', 2000n, 0n, '0', '0'],
    ['only in our invoice', 0n, 400n, '0.004', '0'],
  ])('is %j', (verdict, subscription, overage, awsSubscription, awsOverage) => {
    const expected = awsOverage === '20' ? 'amount differs' : verdict;
    const seat = billed({ userId: 'bob', subscription: awsSubscription, overage: awsOverage });
    const { seats } = compareBills(inputOf([ours('bob', subscription, overage)], [seat]));
    expect(seats.map((one) => one.verdict)).toEqual([expected]);
  });

  it.each([
    [0n, '0', true],
    [1n, '0', false],
    [-1n, '0.01', true],
    [1n, '0.009', false],
    [-2n, '0.01', false],
    [2n, '0.02', true],
  ])('%i cents are within %s: %s', (difference, tolerance, is) => {
    expect(isWithin(difference, decimal(tolerance))).toBe(is);
  });
});

describe('a compared seat', () => {
  it('has both charges, each rounded once, and their difference', () => {
    const seat = billed({ userId: 'bob', subscription: '19.995', overage: '0.004' });
    const { seats } = compareBills(inputOf([ours('bob', 3000n, 500n)], [seat]));
    expect(seats).toMatchObject([
      {
        ourSubscription: 3000n,
        awsSubscription: 2000n,
        ourOverage: 500n,
        awsOverage: 0n,
        difference: -1500n,
      },
    ]);
  });

  it('has the sides that there are, and the name that our data have', () => {
    const seats = [
      billed({ userId: 'bob', subscription: '20' }),
      billed({ userId: 'carla', subscription: '20' }),
    ];
    const invoice = [ours('alice', 2000n, 0n, EAST, 'Alice A'), ours('bob', 2000n)];
    const found = compareBills(inputOf(invoice, seats)).seats;
    expect(
      found.map((one) => [one.userId, one.userName, one.ours !== undefined, one.aws !== undefined]),
    ).toEqual([
      ['alice', 'Alice A', true, false],
      ['bob', 'Bob B', true, true],
      ['carla', '', false, true],
    ]);
  });

  it('is one that either side charges', () => {
    const seats = [billed({ userId: 'free' }), billed({ userId: 'tiny', subscription: '0.004' })];
    const invoice = [ours('pending', 0n), ours('used', 0n, 1n)];
    expect(compareBills(inputOf(invoice, seats)).seats.map(({ userId }) => userId)).toEqual([
      'used',
    ]);
  });

  it('comes by account, profile and user', () => {
    const seats = [
      ours('b', 1n),
      ours('a', 1n),
      ours('a', 1n, 0n, profile('west', '1')),
      ours('c', 1n, 0n, profile('aa', '2')),
    ];
    const found = compareBills(inputOf(seats.reverse(), [])).seats;
    expect(found.map((one) => `${one.profile.profileId} ${one.userId}`)).toEqual([
      'east a',
      'east b',
      'west a',
      'aa c',
    ]);
  });
});

const AT = { accountId: '9', code: 'EUC1', region: 'eu-central-1' };
const UNKNOWN = { ...AT, unknown: 'account' as const };

function amountsOf(bridge: readonly BillStep[]): Record<string, bigint> {
  return Object.fromEntries(bridge.map(({ item, amount }) => [item, amount]));
}

describe('places that are not ours', () => {
  it('are listed with their rows and what they charge, by account and code', () => {
    const other = { accountId: '8', code: 'USE1', region: 'us-east-1', unknown: 'region' as const };
    const codes = { accountId: '8', region: '' };
    const { bridge, unknownPlaces, seats } = compareBills(
      inputOf(
        [],
        [
          billed({ userId: 'a', subscription: '20', overage: '1.004', rows: 3, at: UNKNOWN }),
          billed({
            userId: 'b',
            subscription: '20',
            overage: '1.004',
            at: { ...UNKNOWN, code: 'eu-central-1' },
          }),
          billed({ userId: 'b', subscription: '7', at: other }),
          billed({
            userId: 'c',
            subscription: '8',
            at: { ...codes, code: 'QQQ7', unknown: 'code' },
          }),
          billed({
            userId: 'd',
            subscription: '9',
            at: { ...codes, code: 'QQQ8', unknown: 'code' },
          }),
          billed({ userId: 'ours' }),
        ],
      ),
    );
    expect(seats).toEqual([]);
    const unknown = bridge.filter(({ item }) => item === 'unknown');
    const why =
      'the Region is unknown: neither the code nor a product column names one that is known';
    const noProfile = 'no profile of ours is in this account';
    expect(unknown.map(({ detail, rows, amount }) => [detail, rows, amount])).toEqual([
      [`8 QQQ7: ${why}`, 1, 800n],
      [`8 QQQ8: ${why}`, 1, 900n],
      [`8 USE1: ${noProfile} and Region (us-east-1)`, 1, 700n],
      [`9 EUC1: ${noProfile}`, 4, 4201n],
    ]);
    expect(amountsOf(bridge)).toMatchObject({ aws_total: 6601n, rounding: 0n, unexplained: 0n });
    expect([...unknownPlaces]).toEqual([
      ['a', '9 EUC1'],
      ['b', '8 USE1'],
      ['c', '8 QQQ7'],
      ['d', '8 QQQ8'],
    ]);
  });
});

describe('the bridge', () => {
  it('has our total, the differences, and the adjustments by kind, with what names a user', () => {
    const { bridge } = compareBills(
      inputOf(
        [ours('alice', 2000n, 100n), ours('bob', 2000n), ours('free', 0n)],
        [
          billed({
            userId: 'alice',
            subscription: '25',
            adjustments: { Credit: sum('-3', 2), Tax: sum('0.5') },
          }),
          billed({ userId: 'carla', subscription: '20' }),
        ],
        [shared('Tax', '4.004'), shared('Credit', '-1'), shared('Discount', '-2')],
      ),
    );
    expect(bridge).toEqual([
      { item: 'our_total', rows: 2, amount: 4100n },
      { item: 'differences', rows: 3, amount: 400n },
      { item: 'adjustment', detail: 'Credit', rows: 3, amount: -400n },
      { item: 'adjustment', detail: 'Discount', rows: 1, amount: -200n },
      { item: 'adjustment', detail: 'Tax', rows: 2, amount: 450n },
      { item: 'rounding', amount: 0n },
      { item: 'aws_total', rows: 7, amount: 4350n },
      { item: 'unexplained', amount: 0n },
    ]);
  });

  it('has what the rounding of each figure leaves of the exact sum', () => {
    const seats = ['a', 'b', 'c'].map((userId) =>
      billed({ userId, subscription: '0.004', overage: '1.004' }),
    );
    const { bridge } = compareBills(
      inputOf([], seats, [shared('Tax', '0.004'), shared('VAT', '0.004')]),
    );
    // 3 x 1.008 + 0.008 = 3.032, and the figures have 3 x 1.00.
    expect(amountsOf(bridge)).toMatchObject({
      differences: 300n,
      rounding: 3n,
      aws_total: 303n,
      unexplained: 0n,
    });
  });

  it('has what nothing explains', () => {
    const input = inputOf([], [billed({ userId: 'a', subscription: '20' })]);
    const bill = { ...input.bill, total: decimal('20.05') };
    expect(amountsOf(compareBills({ ...input, bill }).bridge)).toMatchObject({
      aws_total: 2005n,
      unexplained: 5n,
    });
  });
});

it('of some seats it has both sides of those alone, also of seats in places that are not ours', () => {
  const input = inputOf(
    [ours('alice', 2000n), ours('bob', 2000n)],
    [
      billed({ userId: 'alice', subscription: '20' }),
      billed({ userId: 'bob', subscription: '25', adjustments: { Credit: sum('-3') } }),
      billed({ userId: 'bob', subscription: '7', at: UNKNOWN }),
    ],
    [shared('Tax', '4')],
  );
  const { seats, bridge } = compareBills(input, (_, userId) => userId === 'bob');
  expect(seats.map(({ userId, difference }) => [userId, difference])).toEqual([['bob', 500n]]);
  expect(amountsOf(bridge)).toMatchObject({ our_total: 2000n, aws_total: 2900n, unexplained: 0n });
  expect(bridge.find(({ item }) => item === 'aws_total')?.rows).toBe(3);
  const east = compareBills(input, (profileId) => profileId === 'east');
  expect(east.seats).toHaveLength(2);
  expect(east.bridge.some(({ item }) => item === 'unknown')).toBe(false);
});
