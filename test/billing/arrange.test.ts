import { describe, expect, it } from 'vitest';
import { type Arrangement, arranged } from '../../src/billing/arrange.ts';
import { invoiceSheet } from '../../src/billing/views.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { Cell, ColumnKind, Sheet } from '../../src/domain/sheet.ts';
import type { View } from '../../src/domain/view.ts';
import { billed, type Facts, profile, subscription, usage } from './facts.ts';

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
    const sheet = arranged(invoiceSheet(billed(FACTS), view), arrangement);
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
    const sheet = invoiceSheet(billed(FACTS), 'user');
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
