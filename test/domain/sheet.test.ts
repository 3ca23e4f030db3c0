import { describe, expect, it } from 'vitest';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { column, NO_MONTH, rowSource, sheetOf } from '../../src/domain/sheet.ts';

describe('the totals of a sheet', () => {
  const columns = [
    column<number>('name', 'text', String),
    column<number>('seats', 'count', () => 1),
    column<number>('charge', 'money', (row) => BigInt(row)),
    column<number>('credits', 'credits', () => decimal('0.1')),
    column<number>('price', 'credits', () => decimal('20'), false),
  ];

  it.each([0, 1, 999, 1000, 1001, 2500])(
    'M2: of %i rows that are made while they are read are those of the rows together',
    (count) => {
      const items = Array.from({ length: count }, (_, row) => row);
      const { totals } = rowSource(NO_MONTH, columns, items);
      const [name, seats, charge, credits, price] = totals;
      expect([name, seats, charge, price]).toEqual([
        undefined,
        count,
        BigInt((count * (count - 1)) / 2),
        undefined,
      ]);
      expect(decimalText(credits as ReturnType<typeof decimal>, 1)).toBe((count / 10).toFixed(1));
      expect(sheetOf(NO_MONTH, columns, items).totals).toEqual(totals);
    },
  );
});
