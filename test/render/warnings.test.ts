import { describe, expect, it } from 'vitest';
import { type Decimal, decimalFromText } from '../../src/domain/decimal.ts';
import type { Warning } from '../../src/domain/warning.ts';
import { IDS_ONLY, namesIn, warningLines } from '../../src/render/warnings.ts';

const NAMES = namesIn({
  users: new Map(
    [
      ['u1', 'Ann'],
      ['u2', 'Bob'],
      ['u3', 'Cy'],
      ['u4', ''],
      ['u5', 'Ann'],
    ].map(([userId = '', name = '']) => [userId, { userId, name, email: '', costCenter: '' }]),
  ),
  profiles: new Map(),
});

function unbilled(userId: string, credits: string, more: Partial<Warning> = {}): Warning {
  return {
    code: 'unbilled-credits',
    rule: 'O5',
    month: '2026-01',
    profileId: 'P',
    userId,
    message: `${userId} ${credits}`,
    credits: decimalFromText(credits) as Decimal,
    reason: 'overage is off',
    ...more,
  };
}

describe('warnings in text', () => {
  it('O5: are one line for each kind, profile and reason, with the sum and the three largest by name', () => {
    const warnings = [
      unbilled('u2', '20'),
      unbilled('u3', '1000.5'),
      unbilled('u4', '7'),
      unbilled('u2', '30', { month: '2026-02' }),
      unbilled('u1', '0.25'),
      unbilled('u2', '5', { reason: 'the overage cap is 500' }),
      unbilled('u2', '6', { profileId: 'Q' }),
    ];
    expect(warningLines(warnings, NAMES)).toEqual([
      'P, 2026-01 and 2026-02: 1,057.75 credits of 4 seats beyond the allowance are unbilled (overage is off): Cy 1,000.50, Bob 50.00, u4 7.00, 1 more (O5)',
      'Bob, P, 2026-01: 5.00 credits beyond the allowance are unbilled (the overage cap is 500) (O5)',
      'Bob, Q, 2026-01: 6.00 credits beyond the allowance are unbilled (overage is off) (O5)',
    ]);
  });

  it('tell two users of one name apart, and say whom a user without a seat may be', () => {
    expect(
      warningLines(
        [
          unbilled('u5', '1', {
            code: 'usage-without-seat',
            rule: 'O6',
            reason: 'no seat',
            hint: 'is it u1?',
          }),
        ],
        NAMES,
      ),
    ).toEqual([
      'Ann (u5) (is it u1?), P, 2026-01: 1.00 credits used with no held tier are not charged (no seat) (O6)',
    ]);
  });

  it('say once what is said of each month, and count what is many of one kind', () => {
    const moved = (userId: string): Warning => ({ code: 'bill-region', userId, message: 'moved' });
    const future = { code: 'approximate-prices', message: 'approximate' } as const;
    const months = ['2026-01', '2026-02', '2026-03'].map((month) => ({ ...future, month }));
    const seats = ['a', 'b', 'c', 'd', 'e'].map(moved);
    expect(warningLines([...months, ...seats], IDS_ONLY)).toEqual([
      '3 months from 2026-01 to 2026-03: approximate',
      'a: moved',
      'b: moved',
      'c: moved; and 2 more of this kind',
    ]);
  });

  it('name no month between that they are not about', () => {
    const of = (...months: string[]): string[] =>
      warningLines(
        months.map((month) => ({ code: 'usage-none', message: 'none', month })),
        IDS_ONLY,
      );
    expect(of('2025-11', '2026-02')).toEqual(['2025-11 and 2026-02: none']);
    expect(of('2025-11', '2025-12', '2026-01')).toEqual(['3 months from 2025-11 to 2026-01: none']);
    expect(of('2025-11', '2026-02', '2026-03', '2026-12', '2027-01')).toEqual([
      '5 months (2025-11, 2026-02 to 2026-03, 2026-12 to 2027-01): none',
    ]);
    const everyOther = ['01', '03', '05', '07', '09', '11'].map((month) => `2026-${month}`);
    expect(of(...everyOther)).toEqual(['6 months (2026-01, 2026-03, 2026-05 and 3 more): none']);
  });
});
