/** What is read from the files of a bill beside its rows, and what is refused. */
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type CurSource, curFiles } from '../../src/aws/cur-files.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { type CurReadingOptions, readCur } from '../../src/aws/read-cur.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { withDirectory } from '../support/in-process.ts';
import {
  ACCOUNT,
  ALICE,
  adjustment,
  BOB,
  CUR_2,
  type CurTexts,
  credits,
  curCsv,
  curGzip,
  curParquet,
  curRow,
  fee,
  otherProduct,
  userArn,
} from './cur-rows.ts';

const COLUMNS = [...CUR_2, 'bill_payer_account_id'];
const FEBRUARY = { bill_billing_period_start_date: '2026-02-01T00:00:00.000Z' };

interface Found {
  /** `user month cost` of each line. */
  readonly lines: readonly string[];
  readonly all: readonly KiroLine[];
  readonly files: readonly string[];
  /** `file: message`, with all paths below the directory. */
  readonly problems: readonly string[];
  readonly months: readonly string[];
  readonly kiroRows: number;
  readonly amazonQ: readonly string[];
  readonly bytes: number;
  readonly rows: number;
}

async function read(
  files: Record<string, string | Buffer>,
  options: CurReadingOptions = {},
  paths: readonly string[] = ['.'],
): Promise<Found> {
  return withDirectory(files, async (directory) => {
    const log = new ProblemLog();
    const [all, from]: [KiroLine[], string[]] = [[], []];
    let [bytes, rows] = [0, 0];
    const progress = {
      onBytes: (count: number) => {
        bytes += count;
      },
      onRows: (count: number) => {
        rows += count;
      },
    };
    const short = (text: string) => text.replaceAll(`${directory}/`, '');
    const sources: CurSource[] = await curFiles(...paths.map((path) => join(directory, path)));
    const reading = await readCur(
      sources,
      log,
      (line, file) => {
        all.push(line);
        from.push(short(file));
      },
      { progress, ...options },
    );
    return {
      all,
      lines: all.map(
        ({ userId, month, cost }) => `${userId.slice(0, 1)} ${month} ${decimalText(cost, 0)}`,
      ),
      files: from,
      problems: log.kept.map(({ file, line, column, what }) =>
        short([file, line, column, what].filter((part) => part !== undefined).join(': ')),
      ),
      months: [...reading.months],
      kiroRows: reading.kiroRows,
      amazonQ: reading.amazonQ.map(
        ({ month, accountId, userId, rows: count, cost }) =>
          `${month} ${accountId} ${userId.slice(0, 1)}: ${count} x ${decimalText(cost, 0)}`,
      ),
      bytes,
      rows,
    };
  });
}

const RICH = [
  otherProduct(),
  fee(ALICE, 'Pro', '20'),
  otherProduct(),
  otherProduct(),
  credits(BOB, '3', '0.12', FEBRUARY),
];
const CSV = curCsv(RICH);

describe('of the files of a bill', () => {
  it.each<[string, string, string | Buffer]>([
    ['CSV', 'cur.csv', CSV],
    ['gzip', 'cur.csv.gz', curGzip(RICH)],
    ['a zip', 'cur.csv.zip', Buffer.from(zipSync({ 'cur.csv': Buffer.from(CSV) }))],
    ['Parquet', 'cur.parquet', curParquet(RICH)],
    ['Parquet with two rows in a group', 'cur.parquet', curParquet(RICH, {}, {}, 2)],
  ])('all rows and bytes are counted, and the months: %s', async (_, name, content) => {
    const found = await read({ [name]: content });
    expect(found.lines).toEqual(['1 2026-01 20', '2 2026-02 0.12']);
    expect(found).toMatchObject({
      problems: [],
      months: ['2026-01', '2026-02'],
      kiroRows: 2,
      rows: 5,
    });
    const size = Buffer.from(content).length;
    // Of Parquet few pages are read, and the bytes are counted by the rows.
    if (name.endsWith('parquet')) expect(Math.abs(found.bytes - size)).toBeLessThan(size / 10);
    else expect(found.bytes).toBe(size);
  });

  it.each<[string, string | Buffer]>([
    ['cur.csv', CSV],
    ['cur.parquet', curParquet(RICH)],
    ['cur.parquet', curParquet(RICH, {}, {}, 1)],
  ])('a month alone has its rows, and the others are known: %s', async (name, content) => {
    const found = await read({ [name]: content }, { month: '2026-02' });
    expect(found).toMatchObject({
      lines: ['2 2026-02 0.12'],
      kiroRows: 1,
      months: ['2026-01', '2026-02'],
    });
  });

  it('the first row gives a month, whatever its product', async () => {
    const rows = [otherProduct(FEBRUARY), otherProduct()];
    for (const file of [{ 'cur.csv': curCsv(rows) }, { 'cur.parquet': curParquet(rows) }]) {
      expect(await read(file)).toMatchObject({ months: ['2026-02'], kiroRows: 0, problems: [] });
    }
  });

  it('those in folders of another month are counted, and not read', async () => {
    const files = {
      'BILLING_PERIOD=2026-02/a.csv': 'no bill',
      'BILLING_PERIOD=2026-01/a.csv': CSV,
    };
    const found = await read(files, { month: '2026-01' });
    expect(found).toMatchObject({
      problems: [],
      months: ['2026-01', '2026-02'],
      lines: ['1 2026-01 20'],
    });
    expect(found.bytes).toBe('no bill'.length + CSV.length);
    expect((await read(files)).problems).toHaveLength(1);
  });

  it('each line comes with its file', async () => {
    const files = {
      'a.csv': curCsv([fee(ALICE, 'Pro', '20')]),
      'b.csv': curCsv([fee(BOB, 'Pro', '20')]),
    };
    expect((await read(files)).files).toEqual(['a.csv', 'b.csv']);
  });

  it('ids are those of our data', async () => {
    const identities = { byId: new Map(), byEmail: new Map() };
    expect((await read({ 'cur.csv': CSV })).all[0]?.userId).toBe(ALICE);
    expect(identities).toBeDefined();
  });
});

describe('tags', () => {
  const rows: CurTexts[] = [
    fee(ALICE, 'Pro', '20', {
      resource_tags: '{"cost_center":"A","n":1}',
      'resourceTags/user:team': 'T',
      tags: '',
    }),
    fee(BOB, 'Pro', '20', {
      resource_tags: 'no map',
      'resourceTags/user:team': '',
      tags: '{"x":"y"}',
    }),
  ];
  const columns = [...CUR_2, 'resource_tags', 'resourceTags/user:team', 'tags'];
  const tagsOf = ({ all }: Found) =>
    all.map(({ tags }) => [...tags].map((pair) => pair.join('=')).join());

  it('are those of a map, and of columns for single keys', async () => {
    const found = await read({ 'cur.csv': curCsv(rows, columns) }, { wantsTags: true });
    expect(tagsOf(found)).toEqual(['cost_center=A,user:team=T', 'x=y']);
  });
});

describe('Amazon Q', () => {
  const charge = (userId: string, cost: string, texts: CurTexts = {}) =>
    curRow({
      line_item_product_code: 'AmazonQ',
      line_item_operation: 'q-dev-subscriptions',
      line_item_usage_type: 'USE1-Pro',
      line_item_resource_id: userId === '' ? '' : userArn(userId),
      line_item_unblended_cost: cost,
      ...texts,
    });

  it.each(['cur.csv', 'cur.parquet'])(
    'M1: charges of users whom the bills name are summed by month, account and user: %s',
    async (name) => {
      const rows = [
        charge(ALICE, '19'),
        charge(ALICE, '0.0001'),
        charge(ALICE, '19', FEBRUARY),
        charge(ALICE, '19', { line_item_usage_account_id: '999988887777' }),
        charge(BOB, '7', {
          line_item_operation: '',
          line_item_usage_type: 'USE1-Q-Dev-Subscriptions-Pro',
        }),
        charge(BOB, '5', { line_item_operation: 'other' }),
        charge('', '3'),
        charge(BOB, 'x'),
        charge('3'.repeat(36), '2'),
        fee(ALICE, 'Pro', '20', { line_item_operation: 'q-dev-subscriptions' }),
        fee(BOB, 'Pro', '20'),
      ];
      const found = await read({ [name]: name.endsWith('csv') ? curCsv(rows) : curParquet(rows) });
      expect(found.amazonQ).toEqual([
        `2026-01 ${ACCOUNT} 1: 2 x 19.0001`,
        `2026-02 ${ACCOUNT} 1: 1 x 19`,
        '2026-01 999988887777 1: 1 x 19',
        `2026-01 ${ACCOUNT} 2: 1 x 7`,
      ]);
      expect(found).toMatchObject({
        problems: [],
        kiroRows: 2,
        lines: ['1 2026-01 20', '2 2026-01 20'],
      });
    },
  );
});

describe('one bill twice', () => {
  const january = curCsv([fee(ALICE, 'Pro', '20')]);
  const february = curCsv([fee(ALICE, 'Pro', '20', FEBRUARY)]);
  const elsewhere = curCsv([
    fee(ALICE, 'Pro', '20', { line_item_usage_account_id: '999988887777' }),
  ]);
  const rows = [fee(ALICE, 'Pro', '20')];

  it.each<[string, Record<string, string | Buffer>]>([
    ['two folders', { 'new/cur.csv': january, 'old/cur.csv': january }],
    ['two formats', { 'new/cur.csv': january, 'old/cur.csv.gz': curGzip(rows) }],
    [
      'Parquet with a codec in its name',
      { 'new/cur.csv': january, 'old/cur.snappy.parquet': curParquet(rows) },
    ],
    ['Parquet without one', { 'new/cur.CSV': january, 'old/cur.parquet': curParquet(rows) }],
    [
      'a zip',
      {
        'new/cur.csv': january,
        'old/cur.csv.zip': Buffer.from(zipSync({ 'cur.csv': Buffer.from(january) })),
      },
    ],
    [
      'two zips',
      {
        'new/cur.zip': Buffer.from(zipSync({ 'cur.csv': Buffer.from(january) })),
        'old/cur.csv': january,
      },
    ],
  ])('as deliveries of %s is refused', async (_, files) => {
    const [first, second] = Object.keys(files);
    expect((await read(files)).problems).toEqual([
      `${second}: it has rows of 2026-01 and account ${ACCOUNT} like ${first}, a file of the same name, so it is another delivery of the same bill, which would count twice: name one of the two, or the folder of the newest`,
    ]);
  });

  it.each<[string, Record<string, string | Buffer>]>([
    [
      'files of other names',
      { 'new/cur-1.csv': january, 'new/cur-2.csv': curCsv([...rows, ...rows]) },
    ],
    ['another ending of the name', { 'new/cur.csv': january, 'old/cur.csv.x': january }],
    ['months of one name', { 'new/cur.csv': january, 'old/cur.csv': february }],
    ['accounts of one name', { 'new/cur.csv': january, 'old/cur.csv': elsewhere }],
    ['several rows of a file', { 'new/cur.csv': curCsv([...rows, ...rows]) }],
  ])('are not %s', async (_, files) => {
    const found = await read(files);
    expect(found.problems).toEqual([]);
  });

  it('as rows of one file between those of another is told once for each change', async () => {
    const files = { 'a/cur.csv': january, 'b/cur.csv': january, 'c/cur.csv': january };
    expect((await read(files)).problems.map((text) => text.slice(0, 9))).toEqual([
      'b/cur.csv',
      'c/cur.csv',
    ]);
  });

  const ofPayer = (payer: string, texts: CurTexts = {}) =>
    curCsv([fee(ALICE, 'Pro', '20', { bill_payer_account_id: payer, ...texts })], COLUMNS);

  it.each<[string, string, string, string | undefined]>([
    [
      'of one payer',
      ofPayer('1'),
      ofPayer('1', { line_item_usage_account_id: '5' }),
      '2026-01 of payer 000000000001',
    ],
    ['of one account without payers', january, january, `2026-01 of account ${ACCOUNT}`],
    ['of two payers', ofPayer('1'), ofPayer('2'), undefined],
    ['of two months', ofPayer('1'), ofPayer('1', FEBRUARY), undefined],
    ['of two accounts without payers', january, elsewhere, undefined],
  ])('in two of the given paths, %s', async (_, one, two, twice) => {
    const { problems } = await read({ 'one/a.csv': one, 'two/b.csv': two }, {}, ['one', 'two']);
    expect(problems).toEqual(
      twice === undefined
        ? []
        : [
            `two: it has AWS's bill of ${twice}, which is in one, too, and would count twice: name one of the two`,
          ],
    );
  });

  it('in two paths may have files of one name where they are of two payers', async () => {
    const files = { 'one/a.csv': ofPayer('1'), 'two/a.csv': ofPayer('2') };
    expect((await read(files, {}, ['one', 'two'])).problems).toEqual([]);
  });
});

describe('what is no bill', () => {
  const report = 'Date,UserId,Client_Type,Credits_Used,ProfileId\n2026-01-05,u,KIRO_IDE,1,p\n';

  it('is told once for a folder of reports, and what lies beside them is no matter', async () => {
    const files = {
      'r/a.csv': report,
      'r/b.csv': report,
      'r/by_user_analytic/c.csv': 'a,b\n1,2\n',
      's/d.csv': report,
    };
    const { problems } = await read(files, {}, ['r', 's']);
    expect(problems.map((text) => text.slice(0, 40))).toEqual([
      'r: this folder has activity reports, whi',
      's: this folder has activity reports, whi',
    ]);
  });

  it('is told of a report that is named, and of any other file', async () => {
    const { problems } = await read({ 'a.csv': report, 'f/b.csv': 'a,b\n1,2\n' }, {}, [
      'a.csv',
      'f',
    ]);
    expect(problems).toEqual([
      expect.stringMatching(/^a\.csv: an activity report, /),
      expect.stringMatching(/^f\/b\.csv: not a Cost and Usage Report/),
    ]);
  });
});

describe('rows in CSV', () => {
  const header = `${CUR_2.join()}\n`;

  it('of Kiro that are bad are told with their lines, of other products not', async () => {
    const short = (product: string) => `x,2026-01-01,${ACCOUNT},Usage,${product}\n`;
    const text = `${curCsv(RICH)}${short('AmazonEC2')}${short('Kiro')}${short(' Kiro ')}${short('Kiro-like')}${short('AmazonKiro')}`;
    const { problems } = await read({ 'cur.csv': text });
    expect(problems.map((problem) => problem.split(':').slice(0, 3).join())).toEqual([
      'cur.csv, 8, row',
      'cur.csv, 9, row',
      'cur.csv, 10, row',
    ]);
  });

  it('that are bad are told in an archive, too', async () => {
    const zip = zipSync({ 'cur.csv': Buffer.from(`${CSV}x,2026,1,Usage,Kiro\n`) });
    expect((await read({ 'cur.zip': Buffer.from(zip) })).problems).toEqual([
      expect.stringMatching(/^cur\.zip: 7: row: /),
    ]);
  });

  it('that are cut off are told, whatever their product', async () => {
    for (const [rest, isTold] of [
      ['x,2026', true],
      ['x,2026\n', false],
    ] as const) {
      const { problems } = await read({ 'cur.csv': `${CSV}${rest}` });
      expect(problems.length).toBe(isTold ? 1 : 0);
    }
    expect((await read({ 'cur.csv': `${CSV}x,2026\n${CSV.split('\n')[1]}` })).problems).toEqual([]);
  });

  it('that are bad are told where they may be those of Kiro', async () => {
    const rows = {
      'no product in it': 'Kiro,2026-01-01',
      'a long field first': `${'x'.repeat(300)},2026-01-01,1,Usage,Kiro`,
      'a bad quote': `x "y,2026-01-01,1,Usage,Kiro`,
      'a product that cannot be read': `x,2026-01-01,1,Usage,"Ki"ro,Kiro`,
    };
    for (const [name, row] of Object.entries(rows)) {
      const { problems } = await read({ 'cur.csv': `${CSV}${row}\n${CSV.split('\n')[1]}\n` });
      expect(problems, name).toEqual([expect.stringMatching(/^cur\.csv: 7: /)]);
    }
  });

  it('that are bad are not told where they are of another product, though Kiro is in their text', async () => {
    const rows = {
      short: 'Kiro,2026-01-01,1,Usage,EC2',
      'with spaces': 'Kiro,2026-01-01,1,Usage, EC2 ',
      'with a long field first': `Kiro${'x'.repeat(300)},2026-01-01,1,Usage,EC2`,
      'with a bad quote': `Kiro "y,2026-01-01,1,Usage,EC2,x`,
      'with a bad quote and spaces': `Kiro "y,2026-01-01,1,Usage, EC2 ,x`,
    };
    for (const [name, row] of Object.entries(rows)) {
      const { problems } = await read({ 'cur.csv': `${CSV}${row}\n${CSV.split('\n')[1]}\n` });
      expect(problems, name).toEqual([]);
    }
  });

  it('that are bad are told in a file with semicolons, too', async () => {
    const bill = curCsv([fee(ALICE, 'Pro', '20')]).replaceAll(',', ';');
    const { problems } = await read({ 'cur.csv': `${bill}x;2026,1;1;Usage;Kiro\n` });
    expect(problems).toEqual([expect.stringMatching(/^cur\.csv: 3: row: /)]);
    const others = await read({ 'cur.csv': `${bill}Kiro;2026,1;1;Usage;EC2\n` });
    expect(others.problems).toEqual([]);
  });

  it('that are never closed are told, though they are longer than any memory at hand', async () => {
    const fields = Array(8).fill('z'.repeat(60_000)).join();
    const { problems } = await read({ 'cur.csv': `${CSV}${fields},"EC2\n` });
    expect(problems).toEqual([expect.stringMatching(/^cur\.csv: 7: row: .* is never closed/)]);
  });

  it.each([
    ['', 1],
    ['\n', 0],
  ])(
    'longer than any memory at hand are told where the file is cut off: it ends in %j',
    async (end, count) => {
      const long = `"${'z'.repeat(60_000)}"`;
      const rows = `${Array(8).fill(long).join()},EC2\n${'x,2026\n'.repeat(3)}x,2026`;
      expect((await read({ 'cur.csv': `${CSV}${rows}${end}` })).problems).toHaveLength(count);
    },
  );

  it('may have the product as their last column, and the month in the path alone', async () => {
    const others = CUR_2.filter(
      (name) => name !== 'line_item_product_code' && name !== 'bill_billing_period_start_date',
    );
    for (const columns of [
      [...others, 'line_item_product_code'],
      ['line_item_product_code', ...others],
    ]) {
      const { lines, problems } = await read({
        'BILLING_PERIOD=2026-01/a.csv': curCsv(RICH, columns),
      });
      expect([lines, problems]).toEqual([['1 2026-01 20', '2 2026-01 0.12'], []]);
    }
  });

  it('after other rows than the header are told as what they are', async () => {
    const { problems } = await read({ 'cur.csv': `Costs of January\nby AWS\n${CSV}` });
    expect(problems).toEqual([expect.stringMatching(/^cur\.csv: 1: row: .*line 3/)]);
  });

  it('that are never closed are told, whatever their product', async () => {
    const { problems } = await read({ 'cur.csv': `${CSV}x,2026,"EC2\n` });
    expect(problems).toEqual([
      'cur.csv: 7: row: a quoted field is never closed: the file is cut off or damaged, download it again',
    ]);
  });

  it('of a file without any are none, and a file without a header is told', async () => {
    expect(await read({ 'cur.csv': header })).toMatchObject({
      problems: [],
      lines: [],
      months: [],
    });
    expect((await read({ 'cur.csv': '' })).problems).toEqual([
      'cur.csv: the file is empty: download it again',
    ]);
    expect((await read({ 'cur.csv': '\n\n' })).problems).toEqual([
      'cur.csv: the file is empty: download it again',
    ]);
  });

  it('a header that cannot be read is told at its line', async () => {
    expect((await read({ 'cur.csv': `sep=,\na"b,${header}` })).problems).toEqual([
      expect.stringMatching(/^cur\.csv: 2: row: /),
    ]);
  });

  it('a header that cannot be read is told', async () => {
    expect((await read({ 'cur.csv': `a"b,${header}` })).problems).toEqual([
      expect.stringMatching(/^cur\.csv: 1: row: /),
    ]);
  });

  const semicolons = (rows: readonly CurTexts[]) =>
    curCsv(rows.map((row) => ({ ...row, line_item_line_item_description: '' })))
      .replaceAll(',', ';')
      .replaceAll('§', ',');

  it('M1: with semicolons may have decimal commas, in quantities and costs', async () => {
    const { all, problems } = await read({
      'cur.csv': semicolons([
        otherProduct({ line_item_unblended_cost: '7.5' }),
        credits(ALICE, '12§5', '0§1234567891'),
      ]),
    });
    expect(problems).toEqual([]);
    expect(
      all.map(({ quantity, cost }) => [quantity, cost].map((value) => decimalText(value, 0))),
    ).toEqual([['12.5', '0.1234567891']]);
  });

  it('with semicolons have decimal commas or points, not both', async () => {
    const { problems } = await read({
      'cur.csv': semicolons([credits(ALICE, '12§5', '0§5'), credits(BOB, '12.25', '0.75')]),
    });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^cur\.csv: \d: line_item_(usage_amount|unblended_cost): /);
  });

  it('with commas have no decimal commas', async () => {
    const { problems } = await read({ 'cur.csv': curCsv([adjustment('Tax', '1,5')]) });
    expect(problems).toEqual(['cur.csv: 2: line_item_unblended_cost: not a number']);
  });
});

describe("rows of AWS's FOCUS export", () => {
  const names =
    'x_ServiceCode,ServiceName,SkuMeter,x_UsageType,ChargeCategory,ResourceId,SubAccountId,BillingPeriodStart,ConsumedQuantity,PricingQuantity,BilledCost,BillingCurrency';
  const line = (meters: string, quantities: string) =>
    `Kiro,x,${meters},Usage,${userArn(ALICE)},${ACCOUNT},2026-01-01,${quantities},10,USD\n`;

  it('have the second column of a field where the first is blank', async () => {
    const rows = [
      line('USE1-KiroEnterprise-Pro,EUC1-Power', '0.5,0.75'),
      line(',EUC1-KiroEnterprise-Power', ',0.75'),
      line(',', ','),
    ];
    const { all, problems } = await read({ 'cur.csv': `${names}\n${rows.join('')}` });
    expect(problems).toEqual([]);
    expect(all.map(({ code, item, quantity }) => [code, item, decimalText(quantity)])).toEqual([
      ['USE1', 'Pro', '0.50'],
      ['EUC1', 'Power', '0.75'],
      ['', '', '0.00'],
    ]);
  });

  it('have problems in the column that was read', async () => {
    const rows = [line('A-B,', 'x,1'), line('A-B,', ',y')];
    const { problems } = await read({ 'cur.csv': `${names}\n${rows.join('')}` });
    expect(problems).toEqual([
      'cur.csv: 2: ConsumedQuantity: not a number',
      'cur.csv: 3: PricingQuantity: not a number',
    ]);
  });
});

describe('rows in Parquet', () => {
  /** The rows, with columns for a map of the product and one of tags. */
  const withMaps = (rows: readonly CurTexts[], isGrouped = false) =>
    curParquet(
      rows,
      {
        line_item_line_item_description: {
          name: 'product',
          data: rows.map(() => '{"region":"eu-west-1"}'),
        },
        identity_line_item_id: { name: 'resource_tags', data: rows.map(() => '{"team":"A"}') },
      },
      {},
      isGrouped ? 1 : 1000,
    );

  it.each([true, false])(
    'have their Region from the map of the product where nothing else gives it',
    async (isGrouped) => {
      const rows = [
        fee(ALICE, 'Pro', '20', { line_item_usage_type: 'QQQ7-Pro' }),
        fee(BOB, 'Pro', '20'),
        fee(ALICE, 'Pro', '2', { line_item_usage_type: 'QQQ8-Pro' }),
      ];
      const found = await read({ 'cur.parquet': withMaps(rows, isGrouped) });
      expect(found.all.map(({ region }) => region)).toEqual([
        'eu-west-1',
        'us-east-1',
        'eu-west-1',
      ]);
    },
  );

  it('have their tags where they are wanted', async () => {
    const file = { 'cur.parquet': withMaps([fee(ALICE, 'Pro', '20')]) };
    const tagsOf = ({ all }: Found) => all.map(({ tags }) => [...tags]);
    expect(tagsOf(await read(file, { wantsTags: true }))).toEqual([[['team', 'A']]]);
    expect(tagsOf(await read(file))).toEqual([[]]);
  });

  it('count once, whichever is the first of its group', async () => {
    const rows = [fee(ALICE, 'Pro', '20'), otherProduct(), credits(BOB, '1', '2'), otherProduct()];
    for (const size of [1, 2, 3]) {
      const { lines } = await read({ 'cur.parquet': curParquet(rows, {}, {}, size) });
      expect(lines).toEqual(['1 2026-01 20', '2 2026-01 2']);
    }
  });

  it('are found without statistics', async () => {
    const file = curParquet(RICH, {}, {}, 2, false);
    expect((await read({ 'cur.parquet': file })).lines).toEqual(['1 2026-01 20', '2 2026-02 0.12']);
  });

  it('are trimmed, and blank where the file has no value', async () => {
    const row = fee(ALICE, 'Pro', ' 20 ', { line_item_resource_id: ` ${userArn(ALICE)} ` });
    expect((await read({ 'cur.parquet': curParquet([row]) })).lines).toEqual(['1 2026-01 20']);
  });

  it.each([
    ['x'.repeat(65_536), false],
    ['x'.repeat(65_537), true],
    ['é'.repeat(32_768), false],
    ['é'.repeat(32_769), true],
  ])('may have values of up to 64 KiB in UTF-8', async (text, isRefused) => {
    const rows = [fee(ALICE, 'Pro', '20', { line_item_operation: text })];
    const { problems } = await read({ 'cur.parquet': curParquet(rows) });
    expect(problems).toEqual(
      isRefused ? ['cur.parquet: 1: line_item_operation: a field over 64 KiB'] : [],
    );
  });

  it('have their problems at their rows', async () => {
    const rows = [otherProduct(), fee(ALICE, 'Pro', 'x')];
    expect((await read({ 'cur.parquet': curParquet(rows) })).problems).toEqual([
      'cur.parquet: 2: line_item_unblended_cost: not a number',
    ]);
  });

  it('of a file that is no bill are none', async () => {
    const names = { line_item_product_code: { name: 'other' } };
    const { problems } = await read({ 'cur.parquet': curParquet([otherProduct()], names) });
    expect(problems).toEqual([expect.stringMatching(/^cur\.parquet: not a Cost and Usage Report/)]);
  });
});
