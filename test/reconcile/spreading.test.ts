/** AWS's bill spread over keys, by the rules for `chargeback` on the data formats page. */
import { describe, expect, it } from 'vitest';
import type { SharedCharge } from '../../src/aws/aws-bill.ts';
import type { BillColumn } from '../../src/aws/kiro-line.ts';
import { add, decimal, ZERO } from '../../src/domain/decimal.ts';
import type { MonthInvoice } from '../../src/domain/invoice.ts';
import type { Profile, User } from '../../src/domain/records.ts';
import { seatKey } from '../../src/domain/seat-key.ts';
import { CHARGEBACK_VIEWS, type ChargebackView } from '../../src/domain/view.ts';
import { chargeback, netCharges } from '../../src/reconcile/chargeback.ts';
import type { PlacedSeat } from '../../src/reconcile/placed-bill.ts';

type Costs = Partial<Record<BillColumn, string>>;

const EAST = { profileId: 'east', accountId: '1', region: 'us-east-1' } as Profile;
const EUROPE = { profileId: 'europe', accountId: '2', region: 'eu-central-1' } as Profile;

/** A seat of the bill; `profile` is missing for one in a place that is not ours. */
function seat(accountId: string, userId: string, costs: Costs, profile?: Profile): PlacedSeat {
  const columns = new Map(
    Object.entries(costs).map(([column, cost]) => [column as BillColumn, decimal(cost)]),
  );
  const aws = { columns } as unknown as PlacedSeat['aws'];
  return { accountId, code: 'USE1', region: 'us-east-2', userId, aws, ...(profile && { profile }) };
}

function shared(
  payerId: string,
  accountId: string,
  column: BillColumn,
  cost: string,
): SharedCharge {
  const kind = `${payerId} ${accountId} ${column} ${cost}`;
  return { payerId, accountId, column, kind, rows: 1, quantity: ZERO, cost: decimal(cost) };
}

interface Bill {
  readonly seats?: readonly PlacedSeat[];
  readonly shared?: readonly SharedCharge[];
  readonly payers?: Readonly<Record<string, readonly string[]>>;
  readonly invoice?: readonly object[];
  readonly users?: Readonly<Record<string, string>>;
}

function inputOf({
  seats = [],
  shared: charges = [],
  payers = {},
  invoice = [],
  users = {},
}: Bill) {
  const costs = [
    ...seats.flatMap(({ aws }) => [...aws.columns.values()]),
    ...charges.map(({ cost }) => cost),
  ];
  return {
    bill: { seats, shared: charges, total: costs.reduce(add, ZERO), rows: 9 },
    accountsOfPayer: new Map(Object.entries(payers).map(([id, of]) => [id, new Set(of)])),
    invoice: { seats: invoice } as unknown as MonthInvoice,
    users: new Map(Object.entries(users).map(([id, costCenter]) => [id, { costCenter } as User])),
  };
}

/** `key (seats): column cents, ...; net cents` of each row, without columns of 0. */
function rowsOf(bill: Bill, view: ChargebackView = 'user'): string[] {
  return chargeback(inputOf(bill), view).map(({ key, seats, charges, netCharge }) => {
    const cells = Object.entries(charges)
      .filter(([, cents]) => cents !== 0n)
      .map(([column, cents]) => `${column} ${cents}`);
    return `${key.join('/')} (${seats.length}): ${[...cells, `net ${netCharge}`].join(', ')}`;
  });
}

const direct = (cost: string): Costs => ({ direct_charge: cost });

describe('a charge that names no user', () => {
  const A = seat('1', 'a', direct('30'), EAST);
  const B = seat('1', 'b', direct('10'), EAST);
  const C = seat('2', 'c', direct('40'), EUROPE);
  const D = seat('3', 'd', direct('20'));
  const payers = { one: ['1', '2'], two: ['3'], none: ['4'] };
  const rows = (...taxes: readonly string[]) =>
    ['east/a', 'east/b', 'europe/c', '/d'].map((key, index) => [key, taxes[index]] as const);

  it.each([
    ['the seats of its account', shared('one', '1', 'tax', '8'), rows('600', '200', '0', '0')],
    [
      'those of its payer where its account is blank',
      shared('one', '', 'tax', '8'),
      rows('300', '100', '400', '0'),
    ],
    [
      'those of its payer where its account has none',
      shared('one', '9', 'tax', '8'),
      rows('300', '100', '400', '0'),
    ],
    [
      'those of its account, whoever pays',
      shared('one', '3', 'tax', '8'),
      rows('0', '0', '0', '800'),
    ],
    [
      'those of all where its payer has none',
      shared('none', '', 'tax', '10'),
      rows('300', '100', '400', '200'),
    ],
    [
      'those of all where its payer is unknown',
      shared('', '9', 'tax', '10'),
      rows('300', '100', '400', '200'),
    ],
  ])('is spread over %s, by their direct charges', (_, charge, expected) => {
    const found = chargeback(inputOf({ seats: [A, B, C, D], shared: [charge], payers }), 'user');
    const taxes = new Map(
      found.map(({ key, charges }) => [key[0] === '' ? `/${key[1]}` : key.join('/'), charges.tax]),
    );
    expect([...taxes].sort()).toEqual(
      expected.map(([key, tax]) => [key, BigInt(tax ?? '0')]).sort(),
    );
  });

  it('is borne by no seat whose direct charge is not above 0', () => {
    const seats = [
      A,
      seat('1', 'free', direct('0'), EAST),
      seat('1', 'less', direct('-5'), EAST),
      seat('1', 'credit', { credit: '-2' }, EAST),
    ];
    expect(rowsOf({ seats, shared: [shared('one', '1', 'tax', '8')] })).toEqual([
      'east/a (1): direct_charge 3000, tax 800, net 3800',
      'east/credit (1): credit -200, net -200',
      'east/free (1): net 0',
      'east/less (1): direct_charge -500, net -500',
    ]);
  });

  it('adds to others of its pool and column', () => {
    const charges = [
      shared('one', '1', 'tax', '1'),
      shared('one', '1', 'tax', '3'),
      shared('one', '1', 'credit', '-4'),
      shared('one', '', 'tax', '8'),
    ];
    expect(rowsOf({ seats: [A, B, C], shared: charges, payers })).toEqual([
      'east/a (1): direct_charge 3000, credit -300, tax 600, net 3300',
      'east/b (1): direct_charge 1000, credit -100, tax 200, net 1100',
      'europe/c (1): direct_charge 4000, tax 400, net 4400',
    ]);
  });

  it.each(CHARGEBACK_VIEWS)(
    'goes to the empty key where there is no such seat at all, by %s',
    (view) => {
      const empty = view === 'user' ? '/' : '';
      const bill = {
        shared: [
          shared('one', '1', 'tax', '1'),
          shared('', '', 'tax', '2'),
          shared('', '', 'other', '-0.5'),
        ],
      };
      expect(rowsOf(bill, view)).toEqual([`${empty} (0): tax 300, other -50, net 250`]);
    },
  );

  it('of the same bill may go to accounts and payers in their own ways', () => {
    const others = [
      shared('one', '1', 'tax', '4'),
      shared('one', '2', 'tax', '5'),
      shared('one', '', 'tax', '8'),
      shared('two', '', 'tax', '7'),
    ];
    expect(rowsOf({ seats: [A, B, C, D], shared: others, payers })).toEqual([
      '/d (1): direct_charge 2000, tax 700, net 2700',
      'east/a (1): direct_charge 3000, tax 600, net 3600',
      'east/b (1): direct_charge 1000, tax 200, net 1200',
      'europe/c (1): direct_charge 4000, tax 900, net 4900',
    ]);
  });

  it('without an account goes to seats of all accounts of the payer, not to those without one alone', () => {
    const seats = [A, seat('', 'blank', direct('10'))];
    const bill = { seats, shared: [shared('one', '', 'tax', '8')], payers: { one: ['1', ''] } };
    expect(rowsOf(bill)).toEqual([
      '/blank (1): direct_charge 1000, tax 200, net 1200',
      'east/a (1): direct_charge 3000, tax 600, net 3600',
    ]);
  });

  it('goes to the empty key alone, though a key of two parts may have one blank', () => {
    const seats = [seat('9', 'x', { credit: '-1' })];
    expect(rowsOf({ seats, shared: [shared('one', '1', 'tax', '3')] })).toEqual([
      '/ (0): tax 300, net 300',
      '/x (1): credit -100, net -100',
    ]);
  });

  it('goes to the row of the empty key that seats have', () => {
    const seats = [seat('1', 'a', { credit: '-3' }, EAST), seat('1', 'b', { credit: '-4' }, EAST)];
    const bill = {
      seats,
      users: { b: 'Sales' },
      shared: [shared('one', '1', 'tax', '1'), shared('one', '1', 'credit', '-1')],
    };
    expect(rowsOf(bill, 'cost_center')).toEqual([
      ' (1): credit -400, tax 100, net -300',
      'Sales (1): credit -400, net -400',
    ]);
  });
});

describe('M2: the cents', () => {
  it('of each column add up to its share of the total, and of each row to its net charge', () => {
    const seats = ['a', 'b', 'c'].map((user) => seat('1', user, direct('0.005'), EAST));
    const bill = {
      seats,
      shared: [shared('one', '1', 'tax', '0.01'), shared('one', '1', 'credit', '-0.005')],
    };
    // 0.015 + 0.01 - 0.005 = 0.02. The columns' 1.5, 1 and -0.5 cents are rounded down to 1, 1 and
    // -1, and the one that is missing goes to the first of the two largest remainders.
    expect(rowsOf(bill)).toEqual([
      'east/a (1): direct_charge 1, tax 1, net 2',
      'east/b (1): direct_charge 1, net 1',
      'east/c (1): credit -1, net -1',
    ]);
  });

  it('the total is rounded half away from zero', () => {
    expect(rowsOf({ seats: [seat('1', 'a', direct('0.125'), EAST)] })).toEqual([
      'east/a (1): direct_charge 13, net 13',
    ]);
    expect(rowsOf({ seats: [seat('1', 'a', { credit: '-0.125' }, EAST)] })).toEqual([
      'east/a (1): credit -13, net -13',
    ]);
  });
});

describe('the key of a seat', () => {
  const ours = { profile: EAST, userId: 'a', groupId: 'g', terms: { tier: 'Pro' }, usageRows: 0 };
  const known = seat('1', 'a', direct('1'), EAST);
  const pending = seat('1', 'p', direct('1'), EAST);
  const stranger = seat('9', 'x', direct('1'));
  const bill = {
    seats: [stranger, known, pending],
    invoice: [ours, { ...ours, userId: 'p', terms: undefined, pending: true }],
    users: { a: 'Sales', x: 'Ops' },
  };

  it.each([
    ['cost_center', ['', 'Ops', 'Sales']],
    ['group', ['', '', 'g']],
    ['tier', ['', '', 'Pro']],
    ['profile', ['', 'east', 'east']],
    ['account', ['1', '1', '9']],
    ['region', ['us-east-1', 'us-east-1', 'us-east-2']],
    ['user', ['/x', 'east/a', 'east/p']],
  ] as const)('by %s is that of our data, else of the bill, else blank', (view, keys) => {
    const found = chargeback(inputOf(bill), view);
    expect(found.flatMap(({ key, seats }) => seats.map(() => key.join('/')))).toEqual(keys);
    expect(found.map(({ key }) => key.join('/'))).toEqual([...new Set(keys)]);
  });

  it('a seat of ours has its row in the invoice, where it holds a tier or was used', () => {
    const used = seat('1', 'u', direct('1'), EAST);
    const usage = { ...ours, userId: 'u', terms: undefined, usageRows: 1 };
    const rows = chargeback(
      inputOf({ ...bill, seats: [...bill.seats, used], invoice: [...bill.invoice, usage] }),
      'user',
    );
    const found = rows.flatMap(({ seats }) =>
      seats.map((one) => [one.placed.userId, one.ours?.userId, one.user?.costCenter]),
    );
    expect(found).toEqual([
      ['x', undefined, 'Ops'],
      ['a', 'a', 'Sales'],
      ['p', undefined, undefined],
      ['u', 'u', undefined],
    ]);
  });

  it('by tier is blank for a seat that was used without a tier', () => {
    const usage = { ...ours, terms: undefined, usageRows: 1 };
    expect(rowsOf({ seats: [known], invoice: [usage] }, 'tier')).toEqual([
      ' (1): direct_charge 100, net 100',
    ]);
  });

  it('rows are in the order of the bytes of their keys', () => {
    const seats = ['b', 'B', 'é', '10', '9'].map((user) => seat('1', user, direct('1'), EAST));
    expect(
      rowsOf({ seats: [...seats, seat('1', 'a', direct('1'), EUROPE)] }).map(
        (row) => row.split(' ')[0],
      ),
    ).toEqual(['east/10', 'east/9', 'east/B', 'east/b', 'east/é', 'europe/a']);
  });
});

it("each seat's total is that of its row by user", () => {
  const seats = [seat('1', 'a', direct('3'), EAST), seat('9', 'x', direct('1'))];
  const charges = [shared('one', '', 'tax', '1')];
  expect([...netCharges(inputOf({ seats, shared: charges }))]).toEqual([
    [seatKey('', 'x'), 125n],
    [seatKey('east', 'a'), 375n],
  ]);
});
