/** The rows and columns in which a comparison and a chargeback are written. */
import { describe, expect, it } from 'vitest';
import type { AwsSeat } from '../../src/aws/aws-bill.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { MonthInvoice, SeatInvoice } from '../../src/domain/invoice.ts';
import type { Cents } from '../../src/domain/money.ts';
import type { BillStep, ReconciledSeat } from '../../src/domain/reconciliation.ts';
import type { Profile, User } from '../../src/domain/records.ts';
import type { ChargebackRow } from '../../src/reconcile/chargeback.ts';
import { chargebackColumns, chargebackSheet } from '../../src/reconcile/chargeback.ts';
import {
  type ComparedSeat,
  type Comparison,
  differingSeats,
  greatestFirst,
  hasFindings,
} from '../../src/reconcile/comparison.ts';
import { reasonFinder } from '../../src/reconcile/reasons.ts';
import {
  amazonQRows,
  amazonQSheet,
  bridgeSheet,
  SEAT_COLUMNS,
  seatSheet,
} from '../../src/reconcile/reconciliation-sheets.ts';

const INVOICE = {
  period: { month: '2026-01' },
  edition: { currency: 'USD' },
  seats: [],
} as unknown as MonthInvoice;
const EAST = { profileId: 'east', accountId: '111122223333', name: 'East' } as Profile;

function compared(
  userId: string,
  verdict: ComparedSeat['verdict'],
  ...cents: bigint[]
): ComparedSeat {
  const [ourSubscription = 0n, awsSubscription = 0n, ourOverage = 0n, awsOverage = 0n] = cents;
  const difference = awsSubscription - ourSubscription + awsOverage - ourOverage;
  const amounts = { ourSubscription, awsSubscription, ourOverage, awsOverage, difference };
  const ours = { creditsUsed: decimal('0') } as SeatInvoice;
  return { profile: EAST, userId, userName: `${userId} A`, ours, verdict, ...amounts };
}

function comparisonOf(seats: readonly ComparedSeat[], ...bridge: BillStep[]): Comparison {
  return { seats, bridge, unknownPlaces: new Map() };
}

const SEATS = [
  compared('alice', 'match', 2000n, 2000n, 150n, 150n),
  compared('bob', 'only in our invoice', 2000n, 0n),
  compared('carla', "only in AWS's bill", 0n, 3000n, 0n, 5n),
];

function seatsOf(seats: readonly ComparedSeat[]): ReconciledSeat[] {
  const records = { invoice: INVOICE, known: new Map(), openAccounts: new Set<string>() };
  const reasonOf = reasonFinder(comparisonOf(seats), records, decimal('0'));
  return seats.map((seat) => ({
    ...seat,
    reason: reasonOf(seat),
    awsNetCharge: seat.userId === 'alice' ? 1n : 0n,
  }));
}

describe('the seats of a comparison', () => {
  it('have a column for each figure, and those of money are summed', () => {
    expect(
      SEAT_COLUMNS.map(({ name, kind, adds }) => `${name} ${kind}${adds ? ' adds' : ''}`),
    ).toEqual([
      'month text',
      'account_id id',
      'profile_id id',
      'user_id id',
      'user_name name',
      'our_subscription money adds',
      'aws_subscription money adds',
      'our_overage money adds',
      'aws_overage money adds',
      'difference money adds',
      'verdict text',
      'reason text',
      'aws_net_charge money adds',
    ]);
    const { month, currency, rows, totals } = seatSheet(seatsOf(SEATS), INVOICE);
    expect([month, currency]).toEqual(['2026-01', 'USD']);
    const start = ['2026-01', '111122223333', 'east'];
    expect(rows.map((row) => row.filter((_, index) => index !== 11 && index !== 12))).toEqual([
      [...start, 'alice', 'alice A', 2000n, 2000n, 150n, 150n, 0n, 'match'],
      [...start, 'bob', 'bob A', 2000n, 0n, 0n, 0n, -2000n, 'only in our invoice'],
      [...start, 'carla', 'carla A', 0n, 3000n, 0n, 5n, 3005n, "only in AWS's bill"],
    ]);
    expect(rows[0]?.[11]).toBe('');
    expect(rows[2]?.[11]).toMatch(/^our records have no subscription of this user/);
    expect(totals.slice(5, 10)).toEqual([4000n, 5000n, 150n, 155n, 1005n]);
    expect([...totals.slice(0, 5), ...totals.slice(10, 12)]).toEqual(Array(7).fill(undefined));
  });

  it('have their part of the bill in the last column', () => {
    expect(SEAT_COLUMNS.at(-1)?.name).toBe('aws_net_charge');
    expect(seatSheet(seatsOf(SEATS), INVOICE).rows.map((row) => row.at(-1))).toEqual([1n, 0n, 0n]);
  });

  it('that differ are those that do not match', () => {
    expect(differingSeats(seatsOf(SEATS)).map(({ userId }) => userId)).toEqual(['bob', 'carla']);
  });

  it('come with the greatest difference first, in whichever direction, and equal ones in their order', () => {
    const seats = [
      ...SEATS,
      compared('dan', "only in AWS's bill", 0n, 2000n),
      compared('eve', 'only in our invoice', 4000n),
    ];
    expect(greatestFirst(seatsOf(seats)).map(({ userId }) => userId)).toEqual([
      'eve',
      'carla',
      'bob',
      'dan',
      'alice',
    ]);
  });
});

describe('the bridge', () => {
  it('leads from our total to that of AWS', () => {
    const steps: BillStep[] = [
      { item: 'our_total', rows: 3, amount: 2000n },
      { item: 'adjustment', detail: 'Tax', rows: 4, amount: 7n },
      { item: 'rounding', amount: 1n },
    ];
    const sheet = bridgeSheet(steps, INVOICE);
    expect(sheet.columns.map(({ name, kind, adds }) => `${name} ${kind} ${adds}`)).toEqual([
      'item text false',
      'detail text false',
      'rows count false',
      'amount money false',
    ]);
    expect(sheet.rows).toEqual([
      ['our_total', '', 3, 2000n],
      ['adjustment', 'Tax', 4, 7n],
      ['rounding', '', undefined, 1n],
    ]);
    expect(sheet).toMatchObject({
      month: '2026-01',
      currency: 'USD',
      totals: Array(4).fill(undefined),
    });
  });

  it.each<[string, Comparison, boolean]>([
    ['nothing where all seats match', comparisonOf(SEATS.slice(0, 1)), false],
    ['something where a seat differs', comparisonOf(SEATS), true],
    ['something in an unknown place', comparisonOf([], { item: 'unknown', amount: 0n }), true],
    ['something unexplained', comparisonOf([], { item: 'unexplained', amount: -1n }), true],
    [
      'nothing in adjustments',
      comparisonOf([], { item: 'adjustment', detail: 'Tax', amount: 5n }),
      false,
    ],
  ])('and the seats have found %s', (_, comparison, found) => {
    expect(hasFindings(comparison)).toBe(found);
  });
});

it("what Amazon Q charges is by account and user, rounded once each, with our users' names", () => {
  const charge = (accountId: string, userId: string, cost: string) => ({
    month: '2026-01',
    accountId,
    userId,
    rows: 2,
    cost: decimal(cost),
  });
  const users = new Map([['bob', { name: 'Bob B' } as User]]);
  const charges = [
    charge('2', 'alice', '19'),
    charge('1', 'bob', '9.505'),
    charge('1', 'alice', '0.004'),
  ];
  const sheet = amazonQSheet(amazonQRows(charges, users), INVOICE);
  expect(sheet.columns.map(({ name, kind, adds }) => `${name} ${kind} ${adds}`)).toEqual([
    'account_id id false',
    'user_id id false',
    'user_name name false',
    'rows count false',
    'amount money true',
  ]);
  expect(sheet.rows).toEqual([
    ['1', 'alice', '', 2, 0n],
    ['1', 'bob', 'Bob B', 2, 951n],
    ['2', 'alice', '', 2, 1900n],
  ]);
  expect(sheet.totals).toEqual([undefined, undefined, undefined, undefined, 2851n]);
});

describe('a chargeback', () => {
  const placed = {
    accountId: '1',
    code: 'USE1',
    region: 'us-east-1',
    userId: 'alice',
    aws: {} as AwsSeat,
  };
  const charges = { direct_charge: 1n, refund: 2n, discount: 3n, credit: 4n, tax: 5n, other: 6n };
  const row = (key: readonly string[], seats: ChargebackRow['seats']): ChargebackRow => ({
    key,
    seats,
    charges: charges as Record<keyof typeof charges, Cents>,
    netCharge: 21n,
  });
  const alice = {
    placed: { ...placed, profile: EAST },
    user: { name: 'Alice A' } as User,
    ours: {} as SeatInvoice,
  };
  const money = ['direct_charge', 'refund', 'discount', 'credit', 'tax', 'other', 'net_charge'];

  it.each([
    ['cost_center', ['cost_center'], []],
    ['group', ['group_id'], []],
    ['tier', ['tier'], []],
    ['profile', ['profile_id', 'profile_name'], ['East']],
    ['account', ['account_id'], []],
    ['region', ['region'], []],
    ['user', ['profile_id', 'user_id', 'user_name'], ['Alice A']],
  ] as const)('by %s has the key, the seats, and all columns of money', (view, names, shown) => {
    expect(
      chargebackColumns(view).map(({ name, kind, adds }) => `${name} ${kind} ${adds}`),
    ).toEqual([
      'month text false',
      ...names.map((name) => `${name} ${/id$|name$/.exec(name)?.[0] ?? 'text'} false`),
      'seats count true',
      ...money.map((name) => `${name} money true`),
      'currency text false',
    ]);
    const key = names.filter((name) => !name.endsWith('_name')).map((_, index) => `key ${index}`);
    const sheet = chargebackSheet([row(key, [alice, alice]), row(key, [])], view, INVOICE);
    const cells = [1n, 2n, 3n, 4n, 5n, 6n, 21n, 'USD'];
    expect(sheet.rows).toEqual([
      ['2026-01', ...key, ...shown, 2, ...cells],
      ['2026-01', ...key, ...shown.map(() => ''), 0, ...cells],
    ]);
    expect(sheet).toMatchObject({ month: '2026-01', currency: 'USD' });
    expect(sheet.totals.slice(names.length + 1)).toEqual([
      2,
      2n,
      4n,
      6n,
      8n,
      10n,
      12n,
      42n,
      undefined,
    ]);
  });

  it('has a blank name for what has none in our data', () => {
    const unknown = [{ placed }];
    const byProfile = chargebackSheet([row(['p'], unknown)], 'profile', INVOICE);
    const byUser = chargebackSheet([row(['p', 'u'], unknown)], 'user', INVOICE);
    expect([byProfile.rows[0]?.[2], byUser.rows[0]?.[3]]).toEqual(['', '']);
  });
});
