import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Warning } from '../../src/domain/warning.ts';
import { jsonText, rowObject, sheetsJson } from '../../src/render/json.ts';
import { NASTY_NAMES, sheetOf } from './samples.ts';

function jsonOf(...sheets: Parameters<typeof sheetsJson>): string {
  return [...sheetsJson(...sheets)].join('');
}

const SHEET = sheetOf(
  [
    ['user_name', 'text'],
    ['seats', 'count'],
    ['credits_used', 'credits'],
    ['total_charge', 'money'],
  ],
  [['=1+1', 1, decimal('1250.75'), -2000n]],
  { seats: 1, credits_used: decimal('1250.75'), total_charge: -2000n },
);

describe('JSON', () => {
  it('has decimals as strings, counts as numbers, and text without a guard', () => {
    expect(JSON.parse(jsonOf([SHEET], [{ warnings: [] }]))).toEqual({
      month: '2026-01',
      currency: 'USD',
      rows: [{ user_name: '=1+1', seats: 1, credits_used: '1250.75', total_charge: '-20.00' }],
      totals: { seats: 1, credits_used: '1250.75', total_charge: '-20.00' },
      warnings: [],
      coverage: null,
    });
  });

  it('is an object for one month and an array for several', () => {
    const february = { ...SHEET, month: '2026-02' };
    const months = JSON.parse(jsonOf([SHEET, february], [{ warnings: [] }, { warnings: [] }])) as {
      month: string;
    }[];
    expect(months.map(({ month }) => month)).toEqual(['2026-01', '2026-02']);
  });

  it('keeps each month its warnings, without what they do not have', () => {
    const profile: Warning = {
      code: 'unlisted-region',
      month: '2026-01',
      profileId: 'p',
      message: 'm',
    };
    const seat: Warning = { ...profile, code: 'unbilled-credits', rule: 'O5', userId: 'u' };
    const json = JSON.parse(
      jsonOf([SHEET, SHEET], [{ warnings: [profile] }, { warnings: [seat] }]),
    );
    expect(json.map((month: { warnings: unknown }) => month.warnings)).toEqual([
      [{ code: 'unlisted-region', month: '2026-01', profile_id: 'p', message: 'm' }],
      [
        {
          code: 'unbilled-credits',
          rule: 'O5',
          month: '2026-01',
          profile_id: 'p',
          user_id: 'u',
          message: 'm',
        },
      ],
    ]);
  });

  it('escapes what a terminal would obey, and reads back as it was', () => {
    const text = jsonText([...NASTY_NAMES, '\u007f\u009b31m']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(text).toContain('\\u007f\\u009b31m');
    expect(JSON.parse(text)).toEqual([...NASTY_NAMES, '\u007f\u009b31m']);
  });

  it('takes __proto__ for a name like any other', () => {
    const column = { name: '__proto__', kind: 'text', adds: false } as const;
    const text = jsonText(rowObject([column], ['x']));
    expect(text).toBe('{\n  "__proto__": "x"\n}\n');
  });
});
