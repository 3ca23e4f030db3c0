import { describe, expect, it } from 'vitest';
import { invoiceSheet, keyColumnNames, viewColumns } from '../../src/billing/views.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { type Cell, cellText, type Sheet, totalsOf, wholeSheet } from '../../src/domain/sheet.ts';
import { type Grouping, VIEWS, type View } from '../../src/domain/view.ts';
import {
  activation,
  billed,
  card,
  edition,
  type Facts,
  member,
  profile,
  recordsOf,
  subscription,
  usage,
  user,
} from './facts.ts';

const PROFILES = [
  profile('P1', { name: 'Platform', overageOn: true }),
  profile('P2', { name: 'Europe', region: 'eu-central-1' }),
  profile('P3', { name: 'Sales', accountId: '444455556666' }),
  profile('P4', { name: 'Empty' }),
];

/** Six seats and a user without one, in three of four profiles. */
const COMPANY: Facts = {
  profiles: PROFILES,
  users: [
    user('alice', { name: 'Alice', costCenter: 'R&D' }),
    user('bob', { name: 'Bob', costCenter: 'R&D' }),
    user('carol', { name: 'Carol', costCenter: 'Sales' }),
  ],
  subscriptions: [
    subscription('group:g', 'Pro'),
    subscription('alice', 'Pro', { changes: { '2026-01-20': 'Pro+' } }),
    subscription('alice', 'Power', { profileId: 'P3' }),
    subscription('carol', 'Pro', { profileId: 'P3', from: '2026-01-05' }),
    subscription('bob', 'Pro', { profileId: 'P2' }),
  ],
  memberships: [member('g', 'alice'), member('g', 'bob'), member('g', 'dan')],
  usage: [
    usage('2250.75'),
    usage('1000.005', { userId: 'bob' }),
    usage('3', { userId: 'erin', rows: 2 }),
    usage('1100', { userId: 'bob', profileId: 'P2' }),
  ],
};

function sheet(view: View, facts: Facts = COMPANY): Sheet {
  return wholeSheet(invoiceSheet(billed(facts), view));
}

/** The rows as CSV without quotes. */
function rowTexts({ columns, rows }: Sheet): string[] {
  return rows.map((row) => row.map((cell, index) => shown(columns, index, cell)).join(','));
}

function shown(columns: Sheet['columns'], index: number, cell: Cell): string {
  const column = columns[index];
  return column === undefined ? '?' : cellText(column.kind, cell);
}

/** The totals by name, of the columns that add up. */
function totalsShown({ columns, totals }: Sheet): Record<string, string> {
  const named = columns.map(({ name }, index) => [name, totals[index], index] as const);
  return Object.fromEntries(
    named
      .filter(([, cell]) => cell !== undefined)
      .map(([name, cell, index]) => [name, shown(columns, index, cell)]),
  );
}

const SUMS =
  'seats,subscription_charge,credits_used,overage_credits,unbilled_credits,overage_charge,total_charge,currency';

describe('columns', () => {
  it.each([
    [
      'user',
      'month,profile_id,account_id,region,user_id,user_name,tier,subscription_charge,credits_used,credits_included,overage_credits,unbilled_credits,overage_charge,total_charge,currency',
    ],
    ['profile', `month,profile_id,account_id,region,profile_name,${SUMS}`],
    ['account', `month,account_id,${SUMS}`],
    ['region', `month,region,${SUMS}`],
    ['tier', `month,tier,${SUMS}`],
    ['cost_center', `month,cost_center,${SUMS}`],
    ['group', `month,group_id,${SUMS}`],
    [
      'line',
      'month,profile_id,user_id,date,line_type,tier,quantity,unit_price,amount,currency,rule',
    ],
  ] as const)('M2: --by %s has those of the data formats, in their order', (view, names) => {
    const own = viewColumns(view).filter(({ isOptional }) => !isOptional);
    for (const columns of [own, sheet(view).columns]) {
      expect(columns.map(({ name }) => name).join(',')).toBe(names);
    }
  });

  const MONEY = ['subscription_charge', 'overage_charge', 'total_charge', 'amount'];
  const CREDITS = ['credits_used', 'credits_included', 'overage_credits', 'unbilled_credits'];

  it.each([...VIEWS, ['profile', 'tier'] as const])(
    'M2, O1: of %s money, credits and seats add up, but no allowances',
    (view) => {
      for (const { name, kind, adds } of viewColumns(view as Grouping)) {
        const isSum = MONEY.includes(name) || CREDITS.includes(name) || name === 'seats';
        expect([name, adds]).toEqual([name, isSum && name !== 'credits_included']);
        const other = { seats: 'count', date: 'date', quantity: 'quantity', unit_price: 'price' };
        const [money, credits] = [MONEY.includes(name), CREDITS.includes(name)];
        const text = /(?<=_)(?:id|name)$/.exec(name)?.[0] ?? 'text';
        const expected = money ? 'money' : credits ? 'credits' : (other[name as 'date'] ?? text);
        expect([name, kind]).toEqual([name, expected]);
      }
    },
  );

  it('M2: two keys have both, with the id of a profile alone', () => {
    const names = viewColumns(['group', 'profile']).map(({ name }) => name);
    expect(names.join(',')).toBe(`month,group_id,profile_id,${SUMS}`);
  });

  it.each<[view: Grouping, names: string]>([
    ['user', 'profile_id,user_id'],
    ['line', ''],
    ['profile', 'profile_id'],
    ['cost_center', 'cost_center'],
    [['group', 'tier'], 'group_id,tier'],
  ])('M2: a row of %s goes by %s', (view, names) => {
    expect(keyColumnNames(view).join(',')).toBe(names);
  });

  it('M2: by user has more to choose from', () => {
    const optional = viewColumns('user').filter(({ isOptional }) => isOptional);
    expect(optional.map(({ name }) => name)).toEqual([
      'user_email',
      'cost_center',
      'group_id',
      'group_name',
      'profile_name',
      'activated_at',
    ]);
    for (const view of VIEWS.filter((one) => one !== 'user')) {
      expect(viewColumns(view).some(({ isOptional }) => isOptional)).toBe(false);
    }
  });

  it('M2: every view of the list is there', () => {
    expect(VIEWS).toHaveLength(8);
  });
});

describe('rows', () => {
  it('M2: by user there is one row per seat that holds a tier or has usage rows', () => {
    expect(rowTexts(sheet('user'))).toEqual([
      '2026-01,P1,111122223333,us-east-1,alice,Alice,Pro+,40.00,2250.75,2000.00,250.75,0.00,10.03,50.03,USD',
      '2026-01,P1,111122223333,us-east-1,bob,Bob,Pro,20.00,1000.005,1000.00,0.005,0.00,0.00,20.00,USD',
      '2026-01,P1,111122223333,us-east-1,dan,,Pro,20.00,0.00,1000.00,0.00,0.00,0.00,20.00,USD',
      '2026-01,P1,111122223333,us-east-1,erin,,,0.00,3.00,0.00,0.00,3.00,0.00,0.00,USD',
      '2026-01,P2,111122223333,eu-central-1,bob,Bob,Pro,20.00,1100.00,1000.00,0.00,100.00,0.00,20.00,USD',
      '2026-01,P3,444455556666,us-east-1,alice,Alice,Power,200.00,0.00,10000.00,0.00,0.00,0.00,200.00,USD',
      '2026-01,P3,444455556666,us-east-1,carol,Carol,Pro,17.42,0.00,1000.00,0.00,0.00,0.00,17.42,USD',
    ]);
  });

  it.each([
    [
      'profile',
      [
        '2026-01,P1,111122223333,us-east-1,Platform,3,80.00,3253.755,250.755,3.00,10.03,90.03,USD',
        '2026-01,P2,111122223333,eu-central-1,Europe,1,20.00,1100.00,0.00,100.00,0.00,20.00,USD',
        '2026-01,P3,444455556666,us-east-1,Sales,2,217.42,0.00,0.00,0.00,0.00,217.42,USD',
      ],
    ],
    [
      'account',
      [
        '2026-01,111122223333,4,100.00,4353.755,250.755,103.00,10.03,110.03,USD',
        '2026-01,444455556666,2,217.42,0.00,0.00,0.00,0.00,217.42,USD',
      ],
    ],
    [
      'region',
      [
        '2026-01,eu-central-1,1,20.00,1100.00,0.00,100.00,0.00,20.00,USD',
        '2026-01,us-east-1,5,297.42,3253.755,250.755,3.00,10.03,307.45,USD',
      ],
    ],
    [
      'tier',
      [
        '2026-01,,0,0.00,3.00,0.00,3.00,0.00,0.00,USD',
        '2026-01,Power,1,200.00,0.00,0.00,0.00,0.00,200.00,USD',
        '2026-01,Pro,4,77.42,2100.005,0.005,100.00,0.00,77.42,USD',
        '2026-01,Pro+,1,40.00,2250.75,250.75,0.00,10.03,50.03,USD',
      ],
    ],
    [
      'cost_center',
      [
        '2026-01,,1,20.00,3.00,0.00,3.00,0.00,20.00,USD',
        '2026-01,R&D,4,280.00,4350.755,250.755,100.00,10.03,290.03,USD',
        '2026-01,Sales,1,17.42,0.00,0.00,0.00,0.00,17.42,USD',
      ],
    ],
    [
      'group',
      [
        '2026-01,,4,277.42,3353.75,250.75,103.00,10.03,287.45,USD',
        '2026-01,g,2,40.00,1000.005,0.005,0.00,0.00,40.00,USD',
      ],
    ],
  ] as const)('M2: by %s whole seats are summed under one key each', (view, rows) => {
    expect(rowTexts(sheet(view))).toEqual(rows);
  });

  it('M2: by line they come by profile, user and date, as charged', () => {
    expect(rowTexts(sheet('line'))).toEqual([
      '2026-01,P1,alice,2026-01-01,subscription,Pro,1,20.00,20.00,USD,S1',
      '2026-01,P1,alice,2026-01-20,refund,Pro,-1,20.00,-20.00,USD,S3',
      '2026-01,P1,alice,2026-01-20,subscription,Pro+,1,40.00,40.00,USD,S3',
      '2026-01,P1,alice,2026-01-31,overage,Pro+,250.75,0.04,10.03,USD,O4',
      '2026-01,P1,bob,2026-01-01,subscription,Pro,1,20.00,20.00,USD,S1',
      '2026-01,P1,bob,2026-01-31,overage,Pro,0.005,0.04,0.00,USD,O4',
      '2026-01,P1,dan,2026-01-01,subscription,Pro,1,20.00,20.00,USD,S1',
      '2026-01,P2,bob,2026-01-01,subscription,Pro,1,20.00,20.00,USD,S1',
      '2026-01,P3,alice,2026-01-01,subscription,Power,1,200.00,200.00,USD,S1',
      '2026-01,P3,carol,2026-01-05,subscription,Pro,0.870968,20.00,17.42,USD,S2',
    ]);
  });

  it('M2: by two keys whole seats are summed under both, sorted by the first and then the second', () => {
    expect(rowTexts(wholeSheet(invoiceSheet(billed(COMPANY), ['cost_center', 'tier'])))).toEqual([
      '2026-01,,,0,0.00,3.00,0.00,3.00,0.00,0.00,USD',
      '2026-01,,Pro,1,20.00,0.00,0.00,0.00,0.00,20.00,USD',
      '2026-01,R&D,Power,1,200.00,0.00,0.00,0.00,0.00,200.00,USD',
      '2026-01,R&D,Pro,2,40.00,2100.005,0.005,100.00,0.00,40.00,USD',
      '2026-01,R&D,Pro+,1,40.00,2250.75,250.75,0.00,10.03,50.03,USD',
      '2026-01,Sales,Pro,1,17.42,0.00,0.00,0.00,0.00,17.42,USD',
    ]);
  });

  it('M2: two keys are not one, whatever is in them', () => {
    const users = [user('u1', { costCenter: 'a' }), user('u2', { costCenter: 'ag' })];
    const facts: Facts = {
      users,
      subscriptions: [subscription('group:gh', 'Pro'), subscription('group:h', 'Pro', { line: 3 })],
      memberships: [member('gh', 'u1'), member('h', 'u2')],
    };
    expect([...invoiceSheet(billed(facts), ['cost_center', 'group']).rows]).toHaveLength(2);
  });

  it('H3: chosen columns come in the order of the view, names from the directory', () => {
    const facts: Facts = {
      profiles: [profile('P1', { name: 'Platform' })],
      users: [user('alice', { email: 'a@example.com', costCenter: 'R&D' }), user('bo')],
      subscriptions: [subscription('group:g', 'Pro'), subscription('cy', 'Pro', { line: 3 })],
      memberships: [member('g', 'alice'), member('g', 'bo')],
      activations: [activation('alice', '2026-01-05T09:00:00Z'), activation('bo', '2025-12-01')],
      usage: [usage('1', { userId: 'cy' })],
    };
    const optional = viewColumns('user').filter(({ isOptional }) => isOptional);
    const [userId] = viewColumns('user').filter(({ name }) => name === 'user_id');
    const columns = [...optional.reverse(), ...(userId === undefined ? [] : [userId])];
    const directory = {
      users: recordsOf(facts).users,
      groups: new Map([['g', { groupId: 'g', name: 'Guild' }]]),
    };
    const chosen = wholeSheet(invoiceSheet(billed(facts), 'user', { columns, directory }));
    expect(rowTexts(chosen)).toEqual([
      'alice,a@example.com,R&D,g,Guild,Platform,2026-01-05T09:00:00Z',
      'bo,,,g,Guild,Platform,2025-12-01T00:00:00Z',
      'cy,,,,,Platform,',
    ]);
    const unknown = wholeSheet(invoiceSheet(billed(facts), 'user', { columns }));
    expect(rowTexts(unknown)[0]).toBe('alice,,R&D,g,,Platform,2026-01-05T09:00:00Z');
  });

  it('M2: keys sort by their bytes', () => {
    const centers = ['b', '\u{1f600}', 'B', '\uff5e', 'a', ''];
    const facts = {
      users: centers.map((costCenter, index) => user(`u${index}`, { costCenter })),
      subscriptions: centers.map((_, index) => subscription(`u${index}`, 'Pro')),
    };
    expect(sheet('cost_center', facts).rows.map((row) => row[1])).toEqual([
      '',
      'B',
      'a',
      'b',
      '\uff5e',
      '\u{1f600}',
    ]);
  });

  it('H3: a pending seat has no row, in no view; one with usage has its usage', () => {
    const pending = { subscriptions: [subscription('alice', 'Pro')], activations: [] };
    for (const view of VIEWS) expect(sheet(view, pending).rows).toEqual([]);
    const using = { ...pending, usage: [usage('4')] };
    expect(rowTexts(sheet('user', using))).toEqual([
      '2026-01,P1,111122223333,us-east-1,alice,,,0.00,4.00,0.00,0.00,4.00,0.00,0.00,USD',
    ]);
    expect(rowTexts(sheet('profile', using))).toEqual([
      '2026-01,P1,111122223333,us-east-1,,0,0.00,4.00,0.00,4.00,0.00,0.00,USD',
    ]);
    expect(sheet('line', using).rows).toEqual([]);
  });

  it('M2: a month with nothing in it has no rows, and totals of 0', () => {
    for (const view of VIEWS) {
      const empty = sheet(view, {});
      expect(empty.rows).toEqual([]);
      expect(totalsShown(empty)[view === 'line' ? 'amount' : 'total_charge']).toBe('0.00');
    }
  });

  it("M3: the currency is that of the month's edition", () => {
    const facts = {
      card: card(edition(['Pro 1 20 1000 0.04'], { currency: 'EUR' })),
      subscriptions: [subscription('alice', 'Pro')],
    };
    for (const view of VIEWS) {
      const { currency, columns, rows } = sheet(view, facts);
      expect(currency).toBe('EUR');
      expect(rows[0]?.[columns.findIndex(({ name }) => name === 'currency')]).toBe('EUR');
    }
  });
});

describe('quantity', () => {
  function quantities(facts: Facts, month = '2026-01'): Cell[] {
    const { columns, rows } = wholeSheet(invoiceSheet(billed(facts, month), 'line'));
    const index = columns.findIndex(({ name }) => name === 'quantity');
    return rows.map((row) => row[index]);
  }
  const own = (from: string, changes = {}): Facts => ({
    subscriptions: [subscription('alice', 'Pro', { from, changes })],
  });

  it.each([
    ['a renewal', '2025-11-03', ['1']],
    ['a seat that starts on the first day', '2026-01-01T12:00:00Z', ['1']],
    ['a seat from the second day', '2026-01-02', ['0.967742']],
    ['a seat of one day', '2026-01-31', ['0.032258']],
  ])(
    'S2: it is 1 for a whole month, else the fraction with six decimals: %s',
    (_, from, quantity) => {
      expect(quantities(own(from))).toEqual(quantity);
    },
  );

  it('S2: six decimals also where fewer would do', () => {
    expect(quantities(own('2026-02-15'), '2026-02')).toEqual(['0.500000']);
    expect(quantities(own('2026-04-28'), '2026-04')).toEqual(['0.100000']);
  });

  it('S2: it is rounded, not cut', () => {
    expect(quantities(own('2026-04-11'), '2026-04')).toEqual(['0.666667']);
  });

  it('S3: a refund has minus the quantity refunded', () => {
    expect(quantities(own('2025-11-03', { '2026-01-20': 'Pro+' }))).toEqual(['1', '-1', '1']);
    expect(quantities(own('2026-01-05', { '2026-01-20': 'Pro+' }))).toEqual([
      '0.870968',
      '-0.870968',
      '1',
    ]);
  });

  it('O4: it is the overage credits, exact', () => {
    const facts = {
      profiles: [profile('P1', { overageOn: true })],
      subscriptions: [subscription('alice', 'Pro')],
      usage: [usage('1114.45787414391377')],
    };
    expect(quantities(facts)[1]).toBe('114.45787414391377');
    expect(quantities({ ...facts, usage: [usage('1007')] })[1]).toBe('7.00');
  });
});

describe('totals', () => {
  it('M2: every view of one invoice has the same totals', () => {
    const sums = {
      subscription_charge: '317.42',
      credits_used: '4353.755',
      overage_credits: '250.755',
      unbilled_credits: '103.00',
      overage_charge: '10.03',
      total_charge: '327.45',
    };
    for (const view of VIEWS) {
      if (view === 'line') expect(totalsShown(sheet(view))).toEqual({ amount: '327.45' });
      else if (view === 'user') expect(totalsShown(sheet(view))).toEqual(sums);
      else expect(totalsShown(sheet(view))).toEqual({ seats: '6', ...sums });
    }
  });

  it('M2: sums add rounded lines: three overages of half a cent are three cents', () => {
    const users = ['alice', 'bob', 'carol'];
    const facts = {
      profiles: [profile('P1', { overageOn: true })],
      subscriptions: users.map((userId) => subscription(userId, 'Pro')),
      usage: users.map((userId) => usage('1000.125', { userId })),
    };
    expect(totalsShown(sheet('account', facts))).toMatchObject({
      overage_credits: '0.375',
      overage_charge: '0.03',
      total_charge: '60.03',
    });
  });

  it('M2: they are of the rows given, refunds taken off', () => {
    const { columns, rows } = sheet('line');
    const amount = columns.findIndex(({ name }) => name === 'amount');
    expect(totalsOf(columns, rows.slice(0, 2))[amount]).toBe(0n);
    expect(totalsOf(columns, rows.slice(1, 2))[amount]).toBe(-2000n);
    expect(totalsOf(columns, [])[amount]).toBe(0n);
  });

  it('M1: credits add exactly', () => {
    const columns = viewColumns('user').filter(({ name }) => name === 'credits_used');
    const rows = [[decimal('0.1')], [decimal('0.2')], [decimal('1e-20')]];
    expect(cellText('credits', totalsOf(columns, rows)[0])).toBe('0.30000000000000000001');
  });

  it('O1: allowances do not add up: credits are never pooled', () => {
    const { columns, totals } = sheet('user');
    expect(totals[columns.findIndex(({ name }) => name === 'credits_included')]).toBeUndefined();
  });
});
