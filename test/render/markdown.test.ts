import { describe, expect, it } from 'vitest';
import { markdownSafe, markdownText } from '../../src/render/markdown.ts';
import { NASTY_NAMES, sheetOf } from './samples.ts';

const COLUMNS = [
  ['month', 'text'],
  ['user_name', 'text'],
  ['total_charge', 'money'],
] as const;
const JANUARY = sheetOf(COLUMNS, [['2026-01', 'Alice', 4000n]], { total_charge: 4000n });
const LINES = [
  '| month | user_name | total_charge |',
  '| --- | --- | ---: |',
  '| 2026-01 | Alice | 40.00 |',
  '| **Total** |  | **40.00** |',
  '',
];

describe('Markdown', () => {
  it('is a GitHub table with a bold row of totals', () => {
    expect(markdownText([JANUARY])).toBe(LINES.join('\n'));
  });

  it('has a heading per month where there are several, no totals of nothing, and the total of all', () => {
    const february = sheetOf(COLUMNS, [], { total_charge: 0n }, '2026-02');
    const [header = '', rule = '', , total = ''] = LINES;
    expect(markdownText([JANUARY, february])).toBe(
      [
        ...['## 2026-01', '', ...LINES],
        ...['## 2026-02', '', header, rule, ''],
        ...['## 2026-01..2026-02', '', header, rule, total, ''],
      ].join('\n'),
    );
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['[x](javascript:1)', '\\[x\\](javascript:1)'],
    ['*bold* `code` ~~gone~~', '\\*bold\\* \\`code\\` \\~\\~gone\\~\\~'],
    ['two\nlines', 'two\\\\nlines'],
    ['\u001b[1m', '\\\\x1b\\[1m'],
    ['&lt; AT & T', '&amp;lt; AT & T'],
    ['user_id _x_', 'user_id \\_x\\_'],
    ['Pro+', 'Pro+'],
    ['back\\slash|', 'back\\\\slash\\|'],
    ['https://x.example/a', 'https:<!-- -->//x.example/a'],
    ['see www.x.example', 'see www<!-- -->.x.example'],
    ['ana@acme.example', 'ana<!-- -->@acme.example'],
    ['@ana, Team: A', '@ana, Team: A'],
  ])('shows text as it is: %j', (text, safe) => {
    expect(markdownSafe(text)).toBe(safe);
  });

  it('keeps any text inside its cell', () => {
    const rows = NASTY_NAMES.map((name) => ['2026-01', name, 0n]);
    const lines = markdownText([sheetOf(COLUMNS, rows)])
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(NASTY_NAMES.length + 2);
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(COLUMNS.length + 1);
  });
});
