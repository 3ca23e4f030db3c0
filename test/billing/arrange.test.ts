import { describe, expect, it } from 'vitest';
import {
  type Arrangement,
  arranged,
  arrangedItems,
  type Condition,
  dearestFirst,
  isCut,
  type Operator,
} from '../../src/billing/arrange.ts';
import { invoiceSheet } from '../../src/billing/views.ts';
import { type Decimal, decimal } from '../../src/domain/decimal.ts';
import {
  type Cell,
  type Column,
  type ColumnKind,
  cellText,
  type Sheet,
  totalOfMonths,
  wholeSheet,
} from '../../src/domain/sheet.ts';
import type { View } from '../../src/domain/view.ts';
import { billed, card, edition, type Facts, profile, subscription, usage } from './facts.ts';

/** A sheet of a key and one column to sort by, in the order of the keys. */
function sheetOf(kind: ColumnKind, cells: readonly Cell[], adds = false): Sheet {
  return {
    month: '2026-01',
    currency: 'USD',
    columns: [
      { name: 'key', kind: 'text', adds: false },
      { name: 'sorted', kind, adds },
    ],
    rows: cells.map((cell, index) => [String.fromCharCode(97 + index), cell]),
    totals: [undefined, undefined],
  };
}

function keys({ rows }: Sheet): string {
  return rows.map(([key]) => key).join('');
}

function sortedKeys(kind: ColumnKind, cells: readonly Cell[], reversed = false): string {
  return keys(arranged(sheetOf(kind, cells), { sortBy: { column: 'sorted', reversed } }));
}

describe('sort', () => {
  it.each([
    ['money', [100n, -2000n, 0n, 4000n], 'dacb'],
    ['count', [2, 10, 0, 1], 'badc'],
    ['credits', ['7.00', '7.01', '0', '1e+03'].map(decimal), 'dbac'],
    ['price', ['0.04', '0.048', '20', '0.0400000001'].map(decimal), 'cbda'],
    ['quantity', ['0.870968', '1', '-1', '-0.870968'], 'badc'],
    ['quantity', ['114.45787414391377', '114.45787414391378', '9.00', '1250.75'], 'dbac'],
  ] as const)('M1: numbers come from the highest: %s', (kind, cells, order) => {
    expect(sortedKeys(kind, cells)).toBe(order);
    expect(sortedKeys(kind, cells, true)).toBe([...order].reverse().join(''));
  });

  it('M1: a quantity of more digits than an input may have is still exact', () => {
    const long = '9'.repeat(45);
    expect(sortedKeys('quantity', [`${long}.98`, `${long}.99`, `1${long}.00`])).toBe('cba');
  });

  it.each([
    ['text', ['b', '', 'a', 'B'], 'bdca'],
    ['text', ['b', undefined, 'a'], 'bca'],
    ['text', [undefined, 'b', 'a'], 'acb'],
    ['text', ['\u{1f600}', '\uff5e', 'z'], 'cba'],
    ['text', ['10', '9', '-1'], 'cab'],
    ['date', ['2026-01-31', '2026-01-05', '2026-01-20'], 'bca'],
  ] as const)('M2: text comes from the lowest by its bytes: %s', (kind, cells, order) => {
    expect(sortedKeys(kind, cells)).toBe(order);
    expect(sortedKeys(kind, cells, true)).toBe([...order].reverse().join(''));
  });

  it.each([false, true])(
    'M2: equal rows keep the order of their keys, turned or not: %s',
    (reversed) => {
      expect(sortedKeys('money', [100n, 100n, 100n, 100n], reversed)).toBe('abcd');
      expect(sortedKeys('text', ['x', 'x', 'x'], reversed)).toBe('abc');
      expect(sortedKeys('credits', ['7', '7.0', '7.00'].map(decimal), reversed)).toBe('abc');
      expect(sortedKeys('quantity', ['1', '1.00', '1.000000'], reversed)).toBe('abc');
    },
  );

  it('M2: the sheet that is sorted stays as it was', () => {
    const sheet = sheetOf('money', [100n, 200n]);
    arranged(sheet, { sortBy: { column: 'sorted', reversed: false } });
    expect(keys(sheet)).toBe('ab');
  });
});

describe('top', () => {
  const FACTS: Facts = {
    profiles: [profile('P1', { overageOn: true })],
    subscriptions: ['Pro', 'Power', 'Pro+', 'Pro'].map((tier, index) =>
      subscription(`u${index}`, tier),
    ),
    usage: [usage('1100.5', { userId: 'u0' }), usage('3', { userId: 'u3' })],
  };

  function shown(
    view: View,
    column: string,
    arrangement: Arrangement,
  ): [string, Record<string, Cell>] {
    const sheet = arranged(wholeSheet(invoiceSheet(billed(FACTS), view)), arrangement);
    const at = sheet.columns.findIndex(({ name }) => name === column);
    const totals = sheet.columns.map(({ name }, index) => [name, sheet.totals[index]] as const);
    return [
      sheet.rows.map((row) => String(row[at])).join(' '),
      Object.fromEntries(totals.filter(([, cell]) => cell !== undefined)),
    ];
  }

  const byTotal = { column: 'total_charge', reversed: false };

  it('M2: the totals are those of the rows that are left', () => {
    const [users, totals] = shown('user', 'user_id', { sortBy: byTotal, top: 2 });
    expect(users).toBe('u1 u2');
    expect(totals).toMatchObject({
      subscription_charge: 24000n,
      overage_charge: 0n,
      total_charge: 24000n,
    });
    const [, next] = shown('user', 'user_id', { sortBy: byTotal, top: 3 });
    expect(next).toMatchObject({ overage_charge: 402n, total_charge: 26402n });
  });

  it('M2: without a sort the first rows in the order of the keys are left', () => {
    const [users, totals] = shown('user', 'user_id', { top: 1 });
    expect(users).toBe('u0');
    expect(totals).toMatchObject({ total_charge: 2402n });
  });

  it('M2: more than there are is all of them', () => {
    const all = shown('user', 'user_id', {});
    expect(shown('user', 'user_id', { top: 99 })).toEqual(all);
    expect(all[0]).toBe('u0 u1 u2 u3');
  });

  it('M2: a sort alone leaves all rows and the totals as they were', () => {
    const [users, totals] = shown('user', 'user_id', { sortBy: { ...byTotal, reversed: true } });
    expect(users).toBe('u3 u0 u2 u1');
    expect(totals).toEqual(shown('user', 'user_id', {})[1]);
  });

  it('M2: nothing asked is the sheet itself', () => {
    const sheet = wholeSheet(invoiceSheet(billed(FACTS), 'user'));
    expect(arranged(sheet, {})).toBe(sheet);
  });

  it('M2: the lines of the highest overage come by quantity', () => {
    const quantity = { column: 'quantity', reversed: false };
    const [quantities, totals] = shown('line', 'quantity', { sortBy: quantity, top: 2 });
    expect(quantities).toBe('100.50 1');
    expect(totals).toEqual({ amount: 2402n });
  });

  it('M2: a roll-up sorts by the count of its seats', () => {
    const seats = { column: 'seats', reversed: false };
    expect(shown('tier', 'tier', { sortBy: seats })[0]).toBe('Pro Power Pro+');
  });
});

describe('where', () => {
  function kept(kind: ColumnKind, cells: readonly Cell[], ...conditions: Condition[]): string {
    return keys(arranged(sheetOf(kind, cells), { where: conditions }));
  }

  function condition(operator: Operator, value: string | Decimal): Condition {
    return { column: 'sorted', operator, value };
  }

  /** Of a lesser cell, an equal one, a greater one and a blank, which is less than all. */
  const KEPT: readonly (readonly [operator: Operator, kept: string])[] = [
    ['=', 'b'],
    ['!=', 'acd'],
    ['<', 'ad'],
    ['<=', 'abd'],
    ['>', 'c'],
    ['>=', 'bc'],
  ];

  it.each(KEPT)('M1: numbers compare as numbers, blank as 0: %s', (operator, expected) => {
    expect(
      kept('money', [-500n, 500n, 1000n, undefined], condition(operator, decimal('5.0'))),
    ).toBe(expected);
    const credits = ['4.99999999999999', '5', '5.00000000000001'].map(decimal);
    expect(kept('credits', [...credits, ''], condition(operator, decimal('5.0')))).toBe(expected);
    expect(kept('quantity', ['-5', '5.00', '10', ''], condition(operator, decimal('5.0')))).toBe(
      expected,
    );
    expect(kept('count', [4, 5, 10, undefined], condition(operator, decimal('5.0')))).toBe(
      expected,
    );
  });

  it.each(KEPT)('M2: texts compare exactly, by their bytes: %s', (operator, expected) => {
    expect(kept('text', ['A', 'a', '\u{1f600}', undefined], condition(operator, 'a'))).toBe(
      expected,
    );
    const dates = ['2026-01-05', '2026-01-10', '2026-02-01', ''];
    expect(kept('date', dates, condition(operator, '2026-01-10'))).toBe(expected);
  });

  it.each<[kind: ColumnKind, cells: Cell[], value: string, kept: string]>([
    ['text', ['Alice Moreau', 'bo', undefined, 'MORITZ'], 'mor', 'ad'],
    ['text', ['Alice Moreau', 'bo', undefined, 'MORITZ'], 'MOR', 'ad'],
    ['text', [undefined, 'hers'], 'e', 'b'],
    ['date', ['2026-01-05', '2025-11-26'], '2026-01', 'a'],
    ['money', [100n, 2000n, undefined, 1n], '0.0', 'bd'],
    ['credits', [decimal('7'), decimal('7.25'), undefined], '7.0', 'a'],
    ['count', [10, 11, 2], '.', ''],
    ['count', [10, 11, 2], '1', 'ab'],
    ['quantity', ['0.870968', '1', '-1'], '1', 'bc'],
    ['quantity', ['1', '12.5'], '1.0', ''],
    ['price', [decimal('0.04'), decimal('20')], '0.04', 'a'],
  ])(
    '~ holds where the text of the CSV contains it, ignoring case: %s',
    (kind, cells, value, expected) => {
      expect(kept(kind, cells, condition('~', value))).toBe(expected);
    },
  );

  it('all conditions must hold, and totals are of what is left', () => {
    const sheet = sheetOf('money', [100n, 200n, 300n], true);
    const where = [condition('>', decimal('1')), condition('<', decimal('3'))];
    const { rows, totals } = arranged(sheet, { where });
    expect(rows).toEqual([['b', 200n]]);
    expect(totals).toEqual([undefined, 200n]);
    expect(keys(arranged(sheet, { where: [] }))).toBe('abc');
  });

  it('rows are left out by what was asked: conditions or a number of them', () => {
    expect(isCut({})).toBe(false);
    expect(isCut({ sortBy: { column: 'sorted', reversed: true }, columns: ['key'] })).toBe(false);
    expect(isCut({ where: [] })).toBe(true);
    expect(isCut({ top: 3 })).toBe(true);
  });
});

describe('columns', () => {
  const sheet: Sheet = {
    month: '2026-01',
    currency: 'USD',
    columns: [
      { name: 'key', kind: 'text', adds: false },
      { name: 'email', kind: 'text', adds: false, isOptional: true },
      { name: 'charge', kind: 'money', adds: true },
    ],
    rows: [
      ['a', 'a@example.com', 100n],
      ['b', 'b@example.com', 200n],
    ],
    totals: [undefined, undefined, 300n],
  };

  it('without a choice they are all but the optional ones', () => {
    const { columns, rows, totals } = arranged(sheet, {});
    expect(columns.map(({ name }) => name)).toEqual(['key', 'charge']);
    expect(rows).toEqual([
      ['a', 100n],
      ['b', 200n],
    ]);
    expect(totals).toEqual([undefined, 300n]);
  });

  it('are those chosen, in that order, with rows kept and sorted by any other', () => {
    const { columns, rows, totals } = arranged(sheet, {
      columns: ['email', 'key'],
      sortBy: { column: 'charge', reversed: false },
    });
    expect(columns.map(({ name }) => name)).toEqual(['email', 'key']);
    expect(rows).toEqual([
      ['b@example.com', 'b'],
      ['a@example.com', 'a'],
    ]);
    expect(totals).toEqual([undefined, undefined]);
    expect(arranged(sheet, { columns: ['charge'], top: 1 }).totals).toEqual([100n]);
  });
});

describe('what the rows are about', () => {
  it('is left as they are, in their order', () => {
    const whole = sheetOf('money', [100n, 300n, 200n]);
    const sortBy = { column: 'sorted', reversed: false };
    for (const columns of [{}, { columns: ['key'] }]) {
      const { sheet, left } = arrangedItems(whole, ['one', 'three', 'two'], {
        sortBy,
        top: 2,
        ...columns,
      });
      expect(left).toEqual(['three', 'two']);
      expect(sheet.rows).toHaveLength(2);
    }
  });

  it('is all of them where nothing is arranged, and rows stay as they are made', () => {
    const made = { ...sheetOf('money', []), rows: new Set([['a', 1n]]) };
    const items = ['one'];
    expect(arrangedItems(made, items, {})).toEqual({ sheet: made, left: items });
    expect(arranged(made, {})).toBe(made);
  });
});

describe('the rows for people', () => {
  const FACTS: Facts = {
    subscriptions: [
      subscription('u1', 'Pro'),
      subscription('u2', 'Pro', { changes: { '2026-01-10': 'Pro+' } }),
      subscription('u3', 'Power'),
      subscription('u4', 'Pro'),
    ],
  };

  function users(view: View): string {
    const { columns, rows } = dearestFirst(invoiceSheet(billed(FACTS), view));
    const user = columns.findIndex(({ name }) => name === 'user_id');
    return rows.map((row) => row[user]).join(' ');
  }

  it('M2: come from the highest charge, equal ones in the order of their keys', () => {
    expect(users('user')).toBe('u3 u2 u1 u4');
  });

  it('M2: whatever column the charge is', () => {
    const sheet: Sheet = {
      ...sheetOf('money', []),
      columns: [{ name: 'total_charge', kind: 'money', adds: true }],
      rows: [[1n], [3n], [2n]],
    };
    expect(dearestFirst(sheet).rows).toEqual([[3n], [2n], [1n]]);
  });

  it('M2: charge lines go by what their seats are charged, those of a seat as charged', () => {
    expect(users('line')).toBe('u3 u2 u2 u2 u1 u4');
    const { columns, rows } = dearestFirst(invoiceSheet(billed(FACTS), 'line'));
    const amount = columns.findIndex(({ name }) => name === 'amount');
    expect(rows.map((row) => row[amount])).toEqual([20000n, 2000n, -2000n, 4000n, 2000n, 2000n]);
  });

  it('M2: lines of one user in two profiles are two seats', () => {
    const facts: Facts = {
      profiles: [profile('P1'), profile('P2')],
      subscriptions: [
        subscription('u1', 'Pro'),
        subscription('u2', 'Pro+'),
        subscription('u1', 'Pro+', { profileId: 'P2' }),
      ],
    };
    const { rows } = dearestFirst(invoiceSheet(billed(facts), 'line'));
    expect(rows.map((row) => `${row[1]} ${row[2]}`)).toEqual(['P1 u2', 'P2 u1', 'P1 u1']);
  });
});

describe('the total of several months', () => {
  const FACTS: Facts = {
    subscriptions: [subscription('u1', 'Pro'), subscription('u2', 'Pro', { until: '2026-02-10' })],
    usage: [usage('5', { userId: 'u1' }), usage('7', { userId: 'u1', month: '2026-03' })],
  };
  const months = ['2026-01', '2026-02', '2026-03'];

  function sheets(view: View, facts: Facts = FACTS): Sheet[] {
    return months.map((month) => wholeSheet(invoiceSheet(billed(facts, month), view)));
  }

  it('M2: adds up their totals, but not how many seats there are', () => {
    const total = totalOfMonths(sheets('profile'));
    expect(total).toMatchObject({ month: '2026-01..2026-03', currency: 'USD', rows: [] });
    const named = total?.columns.map(({ name }, index) => [name, total.totals[index]]) ?? [];
    expect(named.map(([name]) => name)).toEqual(
      invoiceSheet(billed(FACTS), 'profile').columns.map(({ name }) => name),
    );
    const { seats, total_charge, credits_used } = Object.fromEntries(named);
    expect([seats, total_charge, credits_used]).toEqual([undefined, 10000n, decimal('12')]);
  });

  it('M2: is of two months as well', () => {
    const total = totalOfMonths(sheets('profile').slice(0, 2));
    expect([total?.month, total?.totals.at(-2)]).toEqual(['2026-01..2026-02', 8000n]);
  });

  it('M2: two keys are not one, whatever is in them', () => {
    const text = (name: string): Column => ({ name, kind: 'text', adds: false });
    const month = (one: string): Sheet => ({
      ...{ month: one, currency: 'USD', totals: [undefined, undefined, 2n] },
      columns: [text('a'), text('b'), { name: 'charge', kind: 'money', adds: true }],
      rows: [
        ['x', 'yz', 1n],
        ['xy', 'z', 1n],
      ],
    });
    expect(totalOfMonths([month('2026-01'), month('2026-02')], ['a', 'b'])?.rows).toEqual([
      ['x', 'yz', 2n],
      ['xy', 'z', 2n],
    ]);
  });

  it('M2: has a row for each key, with texts as of its last month', () => {
    const renamed = sheets('user').map((sheet, index) => ({
      ...sheet,
      rows: sheet.rows.map((row) => row.map((cell) => (cell === 'Pro' ? `Pro ${index}` : cell))),
    }));
    const rowsBy = (...keyColumns: string[]): string[] => {
      const { columns = [], rows = [] } = totalOfMonths(renamed, keyColumns) ?? {};
      const shown = ['user_id', 'tier', 'credits_used', 'total_charge'].map((name) =>
        columns.findIndex((column) => column.name === name),
      );
      return rows.map((row) =>
        shown.map((index) => cellText(columns[index]?.kind ?? 'text', row[index])).join(' '),
      );
    };
    expect(rowsBy('profile_id', 'user_id')).toEqual([
      'u1 Pro 2 12.00 60.00',
      'u2 Pro 1 0.00 40.00',
    ]);
    expect(rowsBy('profile_id')).toEqual(['u1 Pro 2 12.00 100.00']);
    expect(rowsBy()).toEqual([]);
    const counted = totalOfMonths(sheets('profile'), ['profile_id']);
    const seats = counted?.columns.findIndex(({ name }) => name === 'seats') ?? -1;
    expect(counted?.rows.map((row) => row[seats])).toEqual([undefined]);
  });

  it('is none of a single month, of none, of two currencies, and where nothing adds up', () => {
    expect(totalOfMonths(sheets('profile').slice(0, 1))).toBeUndefined();
    expect(totalOfMonths([])).toBeUndefined();
    const changing = card(
      edition(['Pro 1 20 1000 0.04']),
      edition(['Pro 1 20 1000 0.04'], { from: '2026-03', currency: 'EUR' }),
    );
    expect(totalOfMonths(sheets('profile', { ...FACTS, card: changing }))).toBeUndefined();
    const texts = sheets('profile').map((sheet) =>
      arranged(sheet, { columns: ['month', 'seats'] }),
    );
    expect(totalOfMonths(texts)).toBeUndefined();
  });
});
