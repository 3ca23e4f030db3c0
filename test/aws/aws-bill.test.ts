/** Sums of AWS's bill: exact, by seat and by charge that names no user. */
import { describe, expect, it } from 'vitest';
import {
  AwsBill,
  type AwsSeat,
  joinedSeats,
  namesNoUser,
  type RowSum,
  rowsOf,
} from '../../src/aws/aws-bill.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { type Decimal, decimal, decimalText } from '../../src/domain/decimal.ts';
import { FEE } from '../support/kiro-line.ts';

const CREDITS: KiroLine = {
  ...FEE,
  item: 'Credits',
  lineType: 'Usage',
  operation: 'Credits',
  charge: 'overage',
  quantity: decimal('100'),
  cost: decimal('4'),
};
const REFUND: KiroLine = {
  ...FEE,
  lineType: 'Refund',
  column: 'refund',
  quantity: decimal('-0.5'),
  cost: decimal('-10'),
};
const { charge: _, ...NO_CHARGE } = FEE;
const TAX: KiroLine = {
  ...NO_CHARGE,
  lineType: 'Tax',
  operation: '',
  column: 'tax',
  item: '',
  userId: '',
  quantity: decimal('0'),
  cost: decimal('3.005'),
};

function billOf(...lines: readonly KiroLine[]): AwsBill {
  const bill = new AwsBill();
  for (const line of lines) bill.add(line, 'a.csv');
  return bill;
}

const text = (value: Decimal): string => decimalText(value, 0);
const sums = (all: ReadonlyMap<string, RowSum>) =>
  [...all].map(
    ([key, { rows, quantity, cost }]) => `${key}: ${rows} x ${text(quantity)} = ${text(cost)}`,
  );
const costs = (all: ReadonlyMap<string, Decimal>) =>
  [...all].map(([key, cost]) => `${key} ${text(cost)}`);

function seatText(seat: AwsSeat | undefined) {
  if (seat === undefined) throw new Error('no seat');
  return {
    rows: `${seat.rows} of ${rowsOf(seat)}`,
    subscription: text(seat.subscription),
    overage: text(seat.overage),
    fees: sums(seat.fees),
    refunds: sums(seat.refunds),
    credits: `${text(seat.includedCredits)} + ${text(seat.chargedCredits)}`,
    adjustments: sums(seat.adjustments),
    columns: costs(seat.columns),
    other: sums(seat.otherOperations),
  };
}

const only = (bill: AwsBill) => [...bill.accounts.values()][0]?.seats.get('alice');

const ROWS = [
  FEE,
  { ...FEE, quantity: decimal('0.25'), cost: decimal('5.01') },
  REFUND,
  CREDITS,
  { ...CREDITS, quantity: decimal('900'), cost: decimal('0') },
  { ...CREDITS, operation: 'agents', quantity: decimal('2'), cost: decimal('0.5') },
  { ...CREDITS, operation: '', quantity: decimal('3'), cost: decimal('0.25') },
  {
    ...NO_CHARGE,
    lineType: 'Credit',
    column: 'credit',
    quantity: decimal('1'),
    cost: decimal('-3'),
  },
  { ...NO_CHARGE, lineType: '', column: 'other', quantity: decimal('0'), cost: decimal('-1') },
] satisfies KiroLine[];
const SEAT = {
  rows: '7 of 9',
  subscription: '15.01',
  overage: '4.75',
  fees: ['pro: 3 x 0.75 = 15.01'],
  refunds: ['pro: 1 x -0.5 = -10'],
  credits: '900 + 100',
  adjustments: ['Credit: 1 x 1 = -3', 'no line type: 1 x 0 = -1'],
  columns: ['direct_charge 29.76', 'refund -10', 'credit -3', 'other -1'],
  other: ['agents: 1 x 2 = 0.5', '(blank): 1 x 3 = 0.25'],
};

describe('a seat of the bill', () => {
  it('M1: has the exact sums of its rows', () => {
    expect(seatText(only(billOf(...ROWS)))).toEqual(SEAT);
  });

  it('is the same whether its rows lie in one place or in two that are joined', () => {
    for (let cut = 1; cut < ROWS.length; cut += 1) {
      const [a, b] = [ROWS.slice(0, cut), ROWS.slice(cut)].map(
        (rows) => only(billOf(...rows)) as AwsSeat,
      );
      expect(seatText(joinedSeats(a as AwsSeat, b as AwsSeat))).toEqual(SEAT);
    }
  });

  it('joined to another leaves both as they were', () => {
    const [a, b] = [only(billOf(...ROWS)) as AwsSeat, only(billOf(...ROWS)) as AwsSeat];
    joinedSeats(a, b);
    expect([seatText(a), seatText(b)]).toEqual([SEAT, SEAT]);
  });

  it('is one by account, Region and user; by the code where the Region is not known', () => {
    const bill = billOf(
      FEE,
      { ...FEE, code: 'us-east-1' },
      { ...FEE, userId: 'bob' },
      { ...FEE, accountId: 'other' },
      { ...FEE, code: 'EUC1', region: 'eu-central-1' },
      { ...FEE, code: 'QQQ7', region: '' },
      { ...FEE, code: 'QQQ8', region: '' },
    );
    const places = [...bill.accounts.values()].map(
      ({ accountId, code, region, seats }) =>
        `${accountId} ${code} ${region}: ${[...seats.keys()]}`,
    );
    expect(places).toEqual([
      'account USE1 us-east-1: alice,bob',
      'other USE1 us-east-1: alice',
      'account EUC1 eu-central-1: alice',
      'account QQQ7 : alice',
      'account QQQ8 : alice',
    ]);
    expect([...bill.userIds()]).toEqual(['alice', 'bob', 'alice', 'alice', 'alice', 'alice']);
    expect(text(only(bill)?.subscription as Decimal)).toBe('40');
  });
});

describe('the bill', () => {
  it('counts and adds all rows, but those of nothing that are neither a fee nor credits', () => {
    const free = decimal('0');
    const bill = billOf(
      FEE,
      TAX,
      { ...FEE, cost: free },
      { ...CREDITS, cost: free },
      { ...TAX, cost: free },
      { ...CREDITS, operation: 'agents', cost: free },
    );
    expect([bill.rows, text(bill.total)]).toEqual([4, '23.005']);
  });

  it('knows the accounts of each payer', () => {
    const bill = billOf(FEE, TAX, { ...FEE, accountId: 'other' }, { ...FEE, payerId: '' });
    expect([...bill.accountsOfPayer].map(([payer, accounts]) => [payer, [...accounts]])).toEqual([
      ['payer', ['account', 'other']],
      ['', ['account']],
    ]);
  });

  it('knows the first file of each currency', () => {
    const bill = billOf({ ...FEE, currency: '' }, FEE);
    bill.add(FEE, 'b.csv');
    bill.add({ ...FEE, currency: 'EUR' }, 'b.csv');
    expect([...bill.currencies]).toEqual([
      ['USD', 'a.csv'],
      ['EUR', 'b.csv'],
    ]);
  });

  it('is open for each payer that has rows with a cost and no invoice', () => {
    const bill = billOf(
      FEE,
      { ...FEE, isInvoiced: false },
      { ...TAX, isInvoiced: false },
      { ...FEE, payerId: 'second', isInvoiced: false },
      { ...FEE, payerId: 'third', cost: decimal('0'), isInvoiced: false },
    );
    const open = [...bill.openInvoices.values()].map(
      ({ payerId, rows, cost }) => `${payerId}: ${rows} rows, ${text(cost)}`,
    );
    expect(open).toEqual(['payer: 2 rows, 23.005', 'second: 1 rows, 20']);
    expect(bill.isFinalityUnknown).toBe(false);
  });

  it('may not say whether it is final', () => {
    const { isInvoiced: __, ...unsaid } = FEE;
    expect(billOf({ ...unsaid, cost: decimal('0') }).isFinalityUnknown).toBe(false);
    const bill = billOf(unsaid);
    expect([bill.isFinalityUnknown, bill.openInvoices.size]).toEqual([true, 0]);
  });
});

describe('charges that name no user', () => {
  it.each([
    ['Tax', '', 'Tax'],
    ['', '', 'no line type'],
    ['Tax', 'Credits', 'Tax'],
    ['FlatRateSubscription', 'monthly-subscription', 'FlatRateSubscription without a resource id'],
    ['USAGE', 'Credits', 'USAGE without a resource id'],
    ['Purchase', 'Credits', 'Purchase without a resource id'],
    ['Usage', 'agents', 'Usage of operation agents'],
    ['Usage', '', 'Usage of operation (blank)'],
  ])('of type %j and operation %j are called %j', (lineType, operation, kind) => {
    const bill = billOf({ ...TAX, lineType, operation });
    expect([...bill.shared.values()].map((shared) => shared.kind)).toEqual([kind]);
    expect([bill.unidentifiedRows, bill.identifiedRows]).toEqual([
      kind.includes('resource id') ? 1 : 0,
      0,
    ]);
  });

  it('M1: are summed by payer, account, column and kind', () => {
    const bill = billOf(
      TAX,
      { ...TAX, quantity: decimal('2') },
      { ...TAX, payerId: 'second' },
      { ...TAX, accountId: '' },
      { ...TAX, column: 'other' },
      { ...TAX, lineType: 'VAT' },
      FEE,
    );
    const shared = [...bill.shared.values()].map(
      ({ payerId, accountId, column, kind, rows, quantity, cost }) =>
        `${payerId} ${accountId} ${column} ${kind}: ${rows} x ${text(quantity)} = ${text(cost)}`,
    );
    expect(shared).toEqual([
      'payer account tax Tax: 2 x 2 = 6.01',
      'second account tax Tax: 1 x 0 = 3.005',
      'payer  tax Tax: 1 x 0 = 3.005',
      'payer account other Tax: 1 x 0 = 3.005',
      'payer account tax VAT: 1 x 0 = 3.005',
    ]);
  });

  it('a discount that names a user is no row that shows whether users are named', () => {
    const bill = billOf({ ...NO_CHARGE, lineType: 'Credit', column: 'credit' });
    expect([bill.unidentifiedRows, bill.identifiedRows]).toEqual([0, 0]);
    expect(billOf(FEE, CREDITS).identifiedRows).toBe(2);
  });
});

it.each<[string, readonly [identified: number, unidentified: number][], boolean]>([
  [
    'some rows should name a user and none does',
    [
      [0, 0],
      [0, 2],
    ],
    true,
  ],
  [
    'one does',
    [
      [0, 2],
      [1, 0],
    ],
    false,
  ],
  ['no row should', [[0, 0]], false],
  ['there is no bill', [], false],
])('bills name no user where %s: %j', (_, counts, expected) => {
  const bills = counts.map(([identifiedRows, unidentifiedRows]) =>
    Object.assign(new AwsBill(), { identifiedRows, unidentifiedRows }),
  );
  expect(namesNoUser(bills)).toBe(expected);
});
