import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { workbookBytes } from '../../src/render/workbook.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv, usersCsv } from '../support/tables.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');
const MARCH = ['--data', ACME, '--month', '2026-03'];

type Cells = (string | number | null)[][];

interface Book {
  readonly names: string[];
  readonly sheets: Readonly<Record<string, Cells>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Writes a workbook by a command line, and reads it back with another library. */
async function book(args: string[]): Promise<Book> {
  return withDirectory({}, async (directory) => {
    const file = join(directory, 'book.xlsx');
    const { status, stderr } = await runMain([...args, '-o', file]);
    expect([0, 1], stderr).toContain(status);
    const read = (await readWorkbook(file)) as unknown as { sheet: string; data: Cells }[];
    const files = Object.entries(unzipSync(readFileSync(file))).map(
      ([name, bytes]) => [name, Buffer.from(bytes).toString()] as const,
    );
    return {
      names: read.map(({ sheet }) => sheet),
      sheets: Object.fromEntries(read.map(({ sheet, data }) => [sheet, data])),
      files: Object.fromEntries(files),
    };
  });
}

async function csvCells(args: string[]): Promise<string[][]> {
  const { stdout } = await runMain([...args, '--format', 'csv']);
  const { parse } = await import('csv-parse/sync');
  return parse(stdout);
}

describe('a workbook of the invoice', () => {
  test.each([
    [[], ['Summary', 'Seats', 'Lines', 'Warnings']],
    [
      ['--by', 'user'],
      ['Seats', 'Summary', 'Lines', 'Warnings'],
    ],
    [
      ['--by', 'profile'],
      ['Summary', 'Seats', 'Lines', 'Warnings'],
    ],
    [
      ['--by', 'line'],
      ['Lines', 'Summary', 'Seats', 'Warnings'],
    ],
    [
      ['--by', 'cost_center'],
      ['By cost_center', 'Summary', 'Seats', 'Lines', 'Warnings'],
    ],
  ])('with %j has the sheets %j: the view of --by comes first', async (by, names) => {
    expect((await book(['invoice', ...MARCH, ...by])).names).toEqual(names);
  });

  test.each([
    ['--columns', 'user_id,total_charge'],
    ['--where', 'tier = Pro'],
    ['--top', '3'],
  ])('is of one view alone with %s, named as that', async (option, value) => {
    expect((await book(['invoice', ...MARCH, option, value])).names).toEqual(['Seats']);
  });

  test('says where totals are of what is shown', async () => {
    const { sheets } = await book(['invoice', ...MARCH, '--top', '3']);
    expect(sheets.Seats?.at(-1)?.[0]).toBe('Total shown');
  });

  test('shows a whole quantity without a point', async () => {
    const { files } = await book(['invoice', ...MARCH]);
    expect(files['xl/styles.xml']).not.toContain('formatCode="0.####');
  });

  test('M2: has the cells of the CSV, its numbers as numbers, and their totals in bold', async () => {
    const { sheets, files } = await book(['invoice', ...MARCH]);
    const csv = await csvCells(['invoice', ...MARCH]);
    const seats = sheets.Seats as Cells;
    expect(seats).toHaveLength(csv.length + 1);
    for (const [index, row] of csv.entries()) {
      const same = row.map((text, column) => {
        const cell = seats[index]?.[column] ?? '';
        return typeof cell === 'number' ? cell === Number(text) : cell === text.replace(/^'/, '');
      });
      expect(same).toEqual(row.map(() => true));
    }
    const total = csv[0]?.indexOf('total_charge') as number;
    expect(seats.at(-1)?.[0]).toBe('Total');
    expect(seats.at(-1)?.[total]).toBe(2177.54);
    expect(files['xl/styles.xml']).toContain('#,##0.00');
  });

  test('freezes the header and has filters over header and rows', async () => {
    const { files } = await book(['invoice', ...MARCH, '--by', 'user']);
    const sheet = files['xl/worksheets/sheet1.xml'];
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).toContain('<autoFilter ref="A1:O42"/>');
    expect(sheet?.indexOf('<autoFilter')).toBeGreaterThan(sheet?.indexOf('</sheetData>') as number);
  });

  test('text that looks like a formula is text', async () => {
    const evil = '=HYPERLINK("http://example.com")';
    const data = {
      'subscriptions.csv': subscriptionsCsv('p,user,u,Pro,2025-11-01'),
      'users.csv': `user_id,name\nu,"${evil.replaceAll('"', '""')}"\n`,
    };
    await withDirectory(data, async (directory) => {
      const { sheets, files } = await book(['invoice', '--data', directory, '--month', '2026-01']);
      expect(sheets.Seats?.[1]).toContain(evil);
      expect(Object.values(files).join('')).not.toMatch(/<f[ >]/);
    });
  });

  test('a text longer than a cell holds is cut, and no text is read as an escape', async () => {
    const data = {
      'subscriptions.csv': subscriptionsCsv('p,user,u,Pro,2025-11-01', 'p,user,v,Pro,2025-11-01'),
      'users.csv': usersCsv(`u,${'x'.repeat(40_000)}`, 'v,_x0041_'),
    };
    await withDirectory(data, async (directory) => {
      const args = ['invoice', '--data', directory, '--month', '2026-01', '--by', 'user'];
      const { sheets, files } = await book(args);
      expect(String(sheets.Seats?.[1]?.[5])).toBe(`${'x'.repeat(32_766)}…`);
      expect(files['xl/sharedStrings.xml']).toContain('>_x005F_x0041_<');
    });
  });

  test('has the months of a range below one another, and the total of all', async () => {
    const { sheets } = await book([
      'invoice',
      '--data',
      ACME,
      '--month',
      '2026-01..2026-03',
      '--by',
      'profile',
    ]);
    const summary = sheets.Summary as Cells;
    expect(new Set(summary.slice(1, -1).map(([month]) => month))).toEqual(
      new Set(['2026-01', '2026-02', '2026-03']),
    );
    const total = (summary[0] as string[]).indexOf('total_charge');
    const cents = summary
      .slice(1, -1)
      .reduce((sum, row) => sum + Math.round(100 * Number(row[total])), 0);
    expect(Math.round(100 * Number(summary.at(-1)?.[total]))).toBe(cents);
    // A seat of three months is one seat.
    expect(summary.at(-1)?.[(summary[0] as string[]).indexOf('seats')]).toBeNull();
    const warned = (sheets.Warnings as Cells).map((row) => JSON.stringify(row));
    expect(warned).toHaveLength(new Set(warned).size);
  });
});

test.each([
  ['explain', ...MARCH, '--user', 'Jonas Weber'],
  ['optimize', ...MARCH],
  ['forecast', '--data', ACME, '--as-of', '2026-03-20'],
  ['trend', '--data', ACME, '--month', '2026-01..2026-03'],
  ['check', '--data', ACME],
  ['rates', '--month', '2026-03'],
  ['summarize', ...MARCH],
  ['reconcile', ...MARCH, '--cur', join(ACME, '../acme-aws/cur')],
])('%s writes a workbook, as it writes CSV', async (...args) => {
  const { sheets, names } = await book(args);
  const csv = await csvCells(args);
  expect(sheets[names[0] as string]?.[0]).toEqual(csv[0]);
  expect(sheets[names[0] as string]?.length).toBeGreaterThanOrEqual(csv.length);
});

test('a workbook of more rows than Excel opens is wrong usage', async () => {
  const column = { name: 'month', kind: 'text', adds: false } as const;
  const sheetOf = (rows: number) => ({
    month: '2026-01',
    currency: 'USD',
    columns: [column],
    rows: Array(rows).fill(['2026-01']),
    totals: [undefined],
  });
  const sheets = [sheetOf(1_048_000), sheetOf(575)];
  await expect(workbookBytes([{ name: 'Seats', sheets }], false)).rejects.toThrow(
    /^a sheet of a workbook holds 1,048,576 rows, and Seats would have 1,048,575 beside /,
  );
});

test('a workbook needs a file', async () => {
  const { status, stderr } = await runMain(['invoice', ...MARCH, '--format', 'xlsx']);
  expect(status).toBe(2);
  expect(stderr).toContain('--format xlsx needs -o FILE.xlsx');
});

const OFFICE = '/usr/bin/soffice';

test.skipIf(!existsSync(OFFICE))(
  'opens in LibreOffice (skipped where it is missing)',
  async () => {
    await withDirectory({}, async (directory) => {
      const file = join(directory, 'book.xlsx');
      await runMain(['invoice', ...MARCH, '--by', 'profile', '-o', file]);
      execFileSync(
        OFFICE,
        [
          '--headless',
          `-env:UserInstallation=file://${directory}/profile`,
          '--convert-to',
          'csv',
          '--outdir',
          directory,
          file,
        ],
        { stdio: 'ignore', timeout: 90_000, env: { ...process.env, LC_ALL: 'en_US.UTF-8' } },
      );
      const lines = readFileSync(join(directory, 'book.csv'), 'utf8').trimEnd().split('\n');
      expect(lines[0]).toContain('month,profile_id');
      expect(lines.at(-1)).toMatch(/^Total,.*2177\.54/);
    });
  },
  120_000,
);
