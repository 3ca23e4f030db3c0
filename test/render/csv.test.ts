import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { csvText } from '../../src/render/csv.ts';
import { NASTY_NAMES, sheetOf } from './samples.ts';

function namesAsCsv(...names: string[]): string {
  const sheet = sheetOf(
    [
      ['user_name', 'text'],
      ['tier', 'text'],
    ],
    names.map((name) => [name, 'Pro']),
  );
  return [...csvText([sheet])].join('');
}

describe('CSV', () => {
  it.each([
    ['plain', 'Alice Adams', 'Alice Adams'],
    ['a comma', 'Adams, Alice', '"Adams, Alice"'],
    ['a quote', 'Alice "Al" Adams', '"Alice ""Al"" Adams"'],
    ['LF', 'two\nlines', '"two\nlines"'],
    ['CRLF', 'two\r\nlines', '"two\r\nlines"'],
    ['a lone CR', 'two\rlines', '"two\rlines"'],
    ['spaces around', ' Alice ', ' Alice '],
    ['a semicolon and a tab inside', 'a;b\tc', 'a;b\tc'],
    ['blank', '', ''],
    ['other scripts', '山田太郎', '山田太郎'],
  ])('quotes only where RFC 4180 asks for it: %s', (_, name, field) => {
    expect(namesAsCsv(name)).toBe(`user_name,tier\n${field},Pro\n`);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['\n=1', `"'\n=1"`],
    [' =1', ' =1'],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    ["'=1", "'=1"],
  ])('guards what a spreadsheet takes for a formula, and nothing else: %j', (name, field) => {
    expect(namesAsCsv(name)).toBe(`user_name,tier\n${field},Pro\n`);
  });

  it('never guards numbers', () => {
    const sheet = sheetOf(
      [
        ['line_type', 'text'],
        ['quantity', 'quantity'],
        ['unit_price', 'price'],
        ['credits_used', 'credits'],
        ['amount', 'money'],
        ['seats', 'count'],
      ],
      [['refund', '-0.870968', decimal('0.048'), decimal('114.45787414391377'), -2000n, 3]],
    );
    expect([...csvText([sheet])].join('')).toBe(
      'line_type,quantity,unit_price,credits_used,amount,seats\n' +
        'refund,-0.870968,0.048,114.45787414391377,-20.00,3\n',
    );
  });

  it('writes one header for several months, and the header alone for none', () => {
    const columns = [['month', 'text']] as const;
    const january = sheetOf(columns, [['2026-01']]);
    const empty = sheetOf(columns, [], {}, '2026-02');
    const march = sheetOf(columns, [['2026-03']], {}, '2026-03');
    expect([...csvText([january, empty, march])].join('')).toBe('month\n2026-01\n2026-03\n');
    expect([...csvText([empty])].join('')).toBe('month\n');
  });

  it('reads back as it was', () => {
    const rows = parse(namesAsCsv(...NASTY_NAMES), { columns: true }) as { user_name: string }[];
    expect(rows.map(({ user_name }) => user_name.replace(/^'(?==)/, ''))).toEqual(NASTY_NAMES);
  });

  it('comes in chunks of whole rows', () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => [`user ${index}`]);
    const chunks = [...csvText([sheetOf([['user_id', 'text']], rows)])];
    expect(chunks.length).toBeGreaterThan(10);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(100_000);
    expect(chunks.every((chunk) => chunk.endsWith('\n'))).toBe(true);
    expect(chunks.join('').split('\n')).toHaveLength(100_002);
  });
});
