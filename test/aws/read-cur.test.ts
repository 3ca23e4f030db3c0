import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parquetMetadata, type SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { curFiles } from '../../src/aws/cur-files.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { readCur } from '../../src/aws/read-cur.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { problemLine } from '../../src/render/problems.ts';
import { withDirectory } from '../support/in-process.ts';
import {
  ALICE,
  adjustment,
  BOB,
  CUR_2,
  credits,
  curCsv,
  curGzip,
  curParquet,
  fee,
  otherProduct,
} from './cur-rows.ts';

interface Reading {
  readonly lines: readonly KiroLine[];
  readonly problems: readonly string[];
  readonly months: readonly string[];
}

function read(
  files: Record<string, string | Buffer>,
  path = '.',
  month?: string,
): Promise<Reading> {
  return withDirectory(files, async (directory) => {
    const log = new ProblemLog();
    const lines: KiroLine[] = [];
    const sources = await curFiles(join(directory, path));
    const reading = await readCur(sources, log, (line) => lines.push(line), { month });
    const problems = log.kept.map((problem) =>
      problemLine(problem).replaceAll(`${directory}/`, ''),
    );
    return { lines, problems, months: [...reading.months].sort() };
  });
}

function costs({ lines }: Reading): string[] {
  return lines.map(({ cost }) => decimalText(cost, 0));
}

const ROWS = [
  otherProduct({ line_item_line_item_description: 'two\nlines, "Kiro" in them' }),
  fee(ALICE, 'ProPlus', '40'),
  otherProduct(),
  credits(BOB, '12.345', '0.1234567891'),
];

describe('reading a CUR', () => {
  it.each([
    ['CSV', 'cur.csv', curCsv(ROWS)],
    [
      'CSV with a byte order mark and CRLF',
      'cur.csv',
      `\ufeff${curCsv(ROWS).replaceAll(/(?<!two)\n/g, '\r\n')}`,
    ],
    ['CSV without a last line end', 'cur.csv', curCsv(ROWS).trimEnd()],
    ['gzipped CSV', 'cur.csv.gz', curGzip(ROWS)],
    ['Parquet', 'cur.parquet', curParquet(ROWS)],
    ['Parquet in many row groups', 'cur.snappy.parquet', curParquet(ROWS, {}, {}, 1)],
  ])('finds the Kiro rows of %s, and no others', async (_, name, content) => {
    const reading = await read({ [name]: content });
    expect(reading.problems).toEqual([]);
    expect(reading.months).toEqual(['2026-01']);
    expect(reading.lines).toMatchObject([
      { month: '2026-01', accountId: '111122223333', code: 'USE1', item: 'ProPlus', userId: ALICE },
      { lineType: 'Usage', operation: 'Credits', item: 'Credits', userId: BOB, currency: 'USD' },
    ]);
    expect(costs(reading)).toEqual(['40', '0.1234567891']);
  });

  it('takes the names of a legacy CUR', async () => {
    const legacy = curCsv(ROWS).replace(
      CUR_2.join(','),
      'identity/LineItemId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/Operation,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/LineItemDescription',
    );
    const reading = await read({ 'cur.csv': legacy });
    expect(costs(reading)).toEqual(['40', '0.1234567891']);
  });

  it('passes rows of other months over, and whole folders of them', async () => {
    const february = fee(BOB, 'Pro', '20', {
      bill_billing_period_start_date: '2026-02-01T00:00:00.000Z',
    });
    const files = {
      'BILLING_PERIOD=2026-01/a.csv': curCsv([...ROWS, february]),
      'BILLING_PERIOD=2026-03/a.csv': 'never read\n',
    };
    const reading = await read(files, '.', '2026-01');
    expect(reading.problems).toEqual([]);
    expect(reading.months).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(reading.lines).toHaveLength(2);
  });

  it('M1: takes a DECIMAL by its unscaled integer, whatever it is stored as', async () => {
    const digits = 12345678901234567890123456789n;
    const asDecimal = (storage: Partial<SchemaElement>, data: bigint[]): Buffer =>
      curParquet(
        data.map(() => credits(ALICE, '1', '')),
        { line_item_unblended_cost: { data } },
        {
          line_item_unblended_cost: {
            name: 'line_item_unblended_cost',
            converted_type: 'DECIMAL',
            repetition_type: 'OPTIONAL',
            ...storage,
          },
        },
      );
    const wide = asDecimal(
      { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, scale: 20, precision: 38 },
      [digits, -digits, 5n],
    );
    expect(costs(await read({ 'a.parquet': wide }))).toEqual([
      '123456789.01234567890123456789',
      '-123456789.01234567890123456789',
      '0.00000000000000000005',
    ]);
    const long = asDecimal({ type: 'INT64', scale: 10, precision: 18 }, [900719925474099301n, -1n]);
    expect(costs(await read({ 'a.parquet': long }))).toEqual([
      '90071992.5474099301',
      '-0.0000000001',
    ]);
    const short = asDecimal({ type: 'INT32', scale: 2, precision: 9 }, [1999n, -5n]);
    expect(costs(await read({ 'a.parquet': short }))).toEqual(['19.99', '-0.05']);
  });

  it('M1: takes a DOUBLE and a FLOAT as their shortest decimal texts', async () => {
    const rows = ['a', 'b', 'c'].map(() => credits(ALICE, '1', '0'));
    const stored = (type: 'DOUBLE' | 'FLOAT', data: number[]) =>
      curParquet(rows, { line_item_unblended_cost: { data, type } });
    const doubles = await read({ 'a.parquet': stored('DOUBLE', [0.1, 114.45787414391377, 1e-7]) });
    expect(costs(doubles)).toEqual(['0.1', '114.45787414391377', '0.0000001']);
    const floats = await read({ 'a.parquet': stored('FLOAT', [0.1, 20, 0]) });
    expect(costs(floats)).toEqual(['0.1', '20', '0']);
  });

  it.each([
    [
      'gzip',
      'cur.csv.gz',
      curGzip(ROWS).subarray(0, -12),
      /cur\.csv\.gz: the gzip data end too early/,
    ],
    [
      'Parquet',
      'cur.parquet',
      curParquet(ROWS).subarray(0, -20),
      /cur\.parquet: not a whole Parquet file .*download it again/,
    ],
    [
      'Parquet of nothing',
      'cur.parquet',
      Buffer.alloc(0),
      /cur\.parquet: not a whole Parquet file/,
    ],
    [
      'CSV inside quotes',
      'cur.csv',
      `${curCsv(ROWS)}x,"y`,
      /cur\.csv:7: row: a quoted field is never closed.*download it again/,
    ],
    [
      'CSV inside a row',
      'cur.csv',
      `${curCsv(ROWS)}x,2026-01-01`,
      /cur\.csv:7: row: the row is too short/,
    ],
    ['CSV of nothing', 'cur.csv', '', /cur\.csv: the file is empty/],
    ['CSV that is none', 'cur.csv', 'a,b\n1,2\n', /cur\.csv: not a Cost and Usage Report/],
  ])('says of a damaged file what to do: %s', async (_, name, content, message) => {
    const { problems } = await read({ [name]: content });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('finds Parquet out that is cut off in its middle', async () => {
    const whole = curParquet(Array.from({ length: 3000 }, () => credits(ALICE, '1', '0.5')));
    const broken = Buffer.concat([whole.subarray(0, 100), whole.subarray(1500)]);
    expect((await read({ 'cur.parquet': broken })).problems[0]).toMatch(/not a whole Parquet file/);
  });

  it('refuses a value of Parquet beyond 64 KiB, at its row', async () => {
    const rows = [
      otherProduct(),
      credits(ALICE, '1', '0.5', { line_item_operation: 'x'.repeat(65_537) }),
    ];
    expect((await read({ 'cur.parquet': curParquet(rows) })).problems).toEqual([
      'cur.parquet:2: line_item_operation: a field over 64 KiB',
    ]);
  });

  it('reads no row group of Parquet whose products have none of Kiro', async () => {
    const rows = Array.from({ length: 3000 }, (_, row) =>
      row === 1500 ? credits(ALICE, '1', '0.5') : otherProduct(),
    );
    const whole = curParquet(rows);
    const { row_groups: groups } = parquetMetadata(whole);
    // The last row group has nothing that could be read.
    const start = Number(groups[2]?.columns[0]?.meta_data?.data_page_offset);
    const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    whole.fill(0xff, start, footer);
    const reading = await read({ 'cur.parquet': whole });
    expect(reading.problems).toEqual([]);
    expect(costs(reading)).toEqual(['0.5']);
  });

  it('finds Parquet out that has fewer rows than it says', async () => {
    const whole = curParquet(Array.from({ length: 1000 }, () => credits(ALICE, '1', '0.5')));
    const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    // 1,000 and 1,499 as Parquet writes them.
    const [told, more] = [Buffer.from([0xd0, 0x0f]), Buffer.from([0xb6, 0x17])];
    for (let at = whole.indexOf(told, footer); at >= 0; at = whole.indexOf(told, at)) {
      more.copy(whole, at);
    }
    const { problems } = await read({ 'cur.parquet': whole });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /not a whole Parquet file \(the pages of line_item_product_code do not have the 1499 rows/,
    );
  });

  it('asks for resource IDs where the column is missing', async () => {
    const columns = CUR_2.filter((name) => name !== 'line_item_resource_id');
    const { problems } = await read({ 'cur.csv': curCsv(ROWS, columns) });
    expect(problems[0]).toMatch(
      /line_item_resource_id.* is missing: .*'Include resource IDs' selected/,
    );
  });

  it.each([
    [
      'line_item_unblended_cost',
      /cur\.csv:1: line_item_unblended_cost: the column is in the header twice/,
    ],
    [
      'lineItem/UnblendedCost',
      /lineItem\/UnblendedCost: .* by its other name, line_item_unblended_cost/,
    ],
  ])(
    'refuses a header that has a column twice, as %s, instead of taking one of the two',
    async (name, message) => {
      const rows = ROWS.map((row) => ({ ...row, second: '99' }));
      const csv = curCsv(rows, [...CUR_2, 'second']).replace(',second\n', `,${name}\n`);
      const { problems, lines } = await read({ 'cur.csv': csv });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(message);
      expect(lines).toEqual([]);
    },
  );

  it('says of a file without line ends that it is no CSV', async () => {
    const { problems } = await read({ 'cur.csv': Buffer.alloc(17 * 1024 * 1024, 'a') });
    expect(problems).toEqual([
      expect.stringMatching(/^cur\.csv:1: row: a field over 64 KiB \(a+…\)$/),
    ]);
  });

  it('gives problems of a Kiro row their place', async () => {
    const bad = credits(ALICE, '1', '1,5', { line_item_usage_account_id: 'x' });
    const csv = await read({ 'cur.csv': curCsv([...ROWS, bad]) });
    expect(csv.problems).toEqual([
      'cur.csv:7: line_item_usage_account_id: an account id has 12 digits (x)'.replace(
        '(x)',
        '(x)',
      ),
      'cur.csv:7: line_item_unblended_cost: not a number (1,5)',
    ]);
    const parquet = await read({ 'cur.parquet': curParquet([...ROWS, bad]) });
    expect(parquet.problems[1]).toBe('cur.parquet:5: line_item_unblended_cost: not a number (1,5)');
  });

  it('refuses two deliveries of one bill, which would count twice', async () => {
    const files = { 'new/cur-1.csv': curCsv(ROWS), 'old/cur-1.csv.gz': curGzip(ROWS) };
    const { problems } = await read(files);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/another delivery of the same bill, which would count twice/);
    const parts = { 'new/cur-1.csv': curCsv(ROWS), 'new/cur-2.csv.gz': curGzip(ROWS.slice(2)) };
    expect((await read(parts)).problems).toEqual([]);
  });

  it('refuses a copy of a file under another name, which would count twice', async () => {
    const copied = { 'cur-1.csv': curCsv(ROWS), 'cur-1 (1).csv.gz': curGzip(ROWS) };
    expect((await read(copied)).problems).toEqual([
      'cur-1.csv: holds the same as cur-1 (1).csv.gz: remove one',
    ]);
    const parquet = { 'a.parquet': curParquet(ROWS), 'b.parquet': curParquet(ROWS) };
    expect((await read(parquet)).problems).toEqual([
      'b.parquet: holds the same as a.parquet: remove one',
    ]);
    const other = ROWS.map((row) => ({ ...row, identity_line_item_id: 'y' }));
    const alike = { 'cur-1.csv': curCsv(ROWS), 'cur-2.csv': curCsv(other) };
    expect((await read(alike)).problems).toEqual([]);
    const columns = [...CUR_2.slice(1), 'line_item_usage_start_date'];
    const ofDay = (day: string) => {
      const rows = ROWS.map((row) => ({ ...row, line_item_usage_start_date: day }));
      return curCsv(rows, columns);
    };
    const days = { 'cur-1.csv': ofDay('2026-01-08'), 'cur-2.csv': ofDay('2026-01-09') };
    expect((await read(days)).problems).toEqual([]);
    const noKiro = { 'a.csv': curCsv([otherProduct()]), 'b.csv': curCsv([otherProduct()]) };
    expect((await read(noKiro)).problems).toEqual([]);
  });

  const TWO = [fee(BOB, 'Pro', '20')];
  const ZIPPED = {
    'x/cur-1.csv': Buffer.from(curCsv(ROWS)),
    'x/cur-2.csv': Buffer.from(curCsv(TWO)),
  };
  it.each([
    ['in an archive of another name', 'z.zip', Buffer.from(zipSync(ZIPPED)), 2],
    ['with its rows in another order', 'z.csv', curCsv(ROWS.toReversed()), 1],
    ['saved again with other line ends', 'z.csv', curCsv(ROWS).replaceAll('\n', '\r\n'), 1],
    ['without a column', 'z.csv', curCsv(ROWS, CUR_2.slice(0, -1)), 1],
  ])('refuses a copy of a file %s', async (_, name, content, copies) => {
    const files = { 'cur-1.csv': curCsv(ROWS), 'cur-2.csv': curCsv(TWO), [name]: content };
    const { problems } = await read(files);
    expect(problems).toHaveLength(copies);
    expect(problems[0]).toMatch(/^z\..*: holds the same as cur-1.csv: remove one$/);
  });

  it('refuses a copy of a file whose instants are written otherwise', async () => {
    const begun = (start: string) => {
      const rows = ROWS.map((row) => ({ ...row, line_item_usage_start_date: start }));
      return curCsv(rows, [...CUR_2, 'line_item_usage_start_date']);
    };
    const files = {
      'cur-1.csv': begun('2026-01-08T00:00:00.000Z'),
      'z.csv': begun('2026-01-08 01:00+01'),
    };
    expect((await read(files)).problems).toEqual([
      'z.csv: holds the same as cur-1.csv: remove one',
    ]);
  });

  it('refuses no file whose Kiro rows look like those of another, and only may be the same', async () => {
    const one = [credits(BOB, '10', '0.4')];
    const taxes = [adjustment('Tax', '0.4', { line_item_usage_start_date: '2026-01-01' })];
    const noIds = CUR_2.slice(1);
    const withStart = [...noIds, 'line_item_usage_start_date'];
    for (const [rows, columns] of [
      [one, noIds],
      [taxes, withStart],
    ] as const) {
      const part = curCsv([otherProduct(), ...rows], columns);
      const next = curCsv([...rows, otherProduct()], columns);
      const archives = {
        'a.zip': Buffer.from(zipSync({ 'x.csv': Buffer.from(part), 'y.csv': Buffer.from(next) })),
      };
      expect((await read({ 'cur-1.csv': part, 'cur-2.csv': next })).problems).toEqual([]);
      expect((await read(archives)).problems).toEqual([]);
      expect((await read({ 'cur-1.csv': part, 'cur-2.csv': part })).problems).toEqual([
        'cur-2.csv: holds the same as cur-1.csv: remove one',
      ]);
      expect((await read({ ...archives, 'b.zip': archives['a.zip'] })).problems).toEqual([
        'b.zip[x.csv]: holds the same as a.zip[x.csv]: remove one',
        'b.zip[y.csv]: holds the same as a.zip[y.csv]: remove one',
      ]);
    }
    const started = one.map((row) => ({ ...row, line_item_usage_start_date: '2026-01-08' }));
    const copied = {
      'cur-1.csv': curCsv([otherProduct(), ...started], withStart),
      'cur-2.csv': curCsv([...started, otherProduct()], withStart),
    };
    expect((await read(copied)).problems).toHaveLength(1);
  });

  it('reports archives that are alike and damaged, beside other problems', async () => {
    const damaged = Buffer.from(zipSync(ZIPPED, { level: 0 })).subarray(0, -700);
    const files = { 'a.zip': damaged, 'b.zip': damaged, 'c.csv': '' };
    expect((await read(files)).problems).toEqual([
      'a.zip: not a whole zip archive: it is cut off or damaged, download it again',
      'b.zip: not a whole zip archive: it is cut off or damaged, download it again',
      'c.csv: the file is empty: download it again',
    ]);
  });
});
