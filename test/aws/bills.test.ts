/** AWS's bill as it really comes: each case is a small bill made for it. */
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { regionOfCode } from '../../src/aws/billing-codes.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usersCsv } from '../support/tables.ts';
import {
  ACCOUNT,
  ALICE,
  adjustment,
  BOB,
  CUR_2,
  type CurTexts,
  credits,
  curCsv,
  curParquet,
  curRow,
  fee,
  otherProduct,
  userArn,
} from './cur-rows.ts';

const DATA = {
  'profiles.csv': profilesCsv(
    `east,${ACCOUNT},us-east-1,East,enabled`,
    `tokyo,${ACCOUNT},ap-northeast-1,Tokyo,enabled`,
  ),
  'users.csv': usersCsv(`${ALICE},Alice,alice@example.com,,alice-alias`),
  'subscriptions.csv': subscriptionsCsv(
    `east,user,${ALICE},Pro,2025-11-01`,
    `tokyo,user,${BOB},Pro,2025-11-01`,
  ),
};
const TOKYO = { line_item_usage_type: 'APN1-KiroEnterprise-Pro' };
/** Of Bob, who is in Tokyo. */
const BOBS = fee(BOB, 'Pro', '20', TOKYO);
const COLUMNS = [...CUR_2, 'product_region_code', 'bill_invoice_id', 'bill_payer_account_id'];

interface Result {
  readonly status: number;
  readonly stderr: string;
  readonly rows: readonly Record<string, string>[];
  readonly bridge: readonly Record<string, string>[];
  readonly warnings: readonly Record<string, string>[];
  readonly amazon_q: readonly Record<string, string>[];
}

async function reconcile(
  files: Record<string, string | Buffer>,
  args: string[] = [],
): Promise<Result> {
  return withDirectory({ ...DATA, ...files }, async (directory) => {
    const cur = Object.keys(files)
      .find((name) => name.startsWith('cur'))
      ?.split('/')[0];
    const place = ['--data', directory, '--cur', `${directory}/${cur}`];
    const options = ['--month', '2026-01', '--format', 'json', ...place, ...args];
    const { status, stdout, stderr } = await runMain(['reconcile', ...options]);
    const text = stderr.replaceAll(`${directory}/`, '');
    const result = stdout === '' ? { warnings: [] } : JSON.parse(stdout);
    // What is said of Tokyo as a place for profiles is no matter here.
    const warnings = result.warnings.filter(({ code }: { code: string }) => /^bill-/.test(code));
    return { ...result, status, stderr: text, warnings };
  });
}

/** Reconciles with a bill of these rows, which has an invoice where they do not say otherwise. */
function ofRows(rows: readonly CurTexts[], args: string[] = [], columns = COLUMNS) {
  const invoiced = rows.map((row) => ({ bill_invoice_id: '7', ...row }));
  return reconcile({ 'cur.csv': curCsv(invoiced, columns) }, args);
}

function verdicts({ rows }: Result): string[] {
  return rows.map(({ profile_id, verdict }) => `${profile_id} ${verdict}`);
}

const ALL_MATCH = ['east match', 'tokyo match'];

describe('Regions', () => {
  it.each([
    ['APN1', 'ap-northeast-1'],
    ['EUW2', 'eu-west-2'],
    ['EU', 'eu-west-1'],
    ['APS3', 'ap-south-1'],
    ['UGE1', 'us-gov-east-1'],
  ])('the billing code %s is %s', (code, region) => expect(regionOfCode(code)).toBe(region));

  it('a prefix that is known goes before the columns of the product', async () => {
    const rows = [
      fee(ALICE, 'Pro', '20', { product_region_code: 'ap-northeast-1' }),
      { ...BOBS, product_region_code: 'us-east-1' },
    ];
    expect(verdicts(await ofRows(rows))).toEqual(ALL_MATCH);
  });

  it.each([
    ['product_region_code', { product_region_code: 'ap-northeast-1' }],
    ['product', { product: '{"product_name":"Kiro","region":"ap-northeast-1"}' }],
    ['product/region', { 'product/region': 'Asia Pacific (Tokyo)' }],
  ])('without a known prefix the Region comes from %s', async (_, texts) => {
    for (const usageType of ['KiroEnterprise', 'QQQ7-KiroEnterprise-Pro']) {
      const bob = fee(BOB, 'Pro', '20', { line_item_usage_type: usageType, ...texts });
      const columns = [...COLUMNS, 'product', 'product/region'];
      const result = await ofRows([fee(ALICE, 'Pro', '20'), bob], [], columns);
      expect(verdicts(result)).toEqual(ALL_MATCH);
      expect(result.warnings).toEqual([]);
    }
  });

  it('a Region that fits no profile belongs to the one seat of the user in the account, with a warning', async () => {
    for (const code of ['EUW2', 'QQQ7']) {
      const bob = fee(BOB, 'Pro', '20', { line_item_usage_type: `${code}-KiroEnterprise-Pro` });
      const result = await ofRows([fee(ALICE, 'Pro', '20'), bob]);
      expect(verdicts(result)).toEqual(ALL_MATCH);
      expect(result.warnings).toMatchObject([{ code: 'bill-region', user_id: BOB }]);
      expect(result.status).toBe(0);
    }
  });

  it('an unknown Region of an unknown user is a warning, and 1', async () => {
    const stranger = '44444444-4444-4444-8444-444444444444';
    const rows = [
      fee(ALICE, 'Pro', '20'),
      BOBS,
      fee(stranger, 'Pro', '20', { line_item_usage_type: 'QQQ7-KiroEnterprise-Pro' }),
    ];
    const result = await ofRows(rows);
    expect(result.status).toBe(1);
    expect(result.warnings).toMatchObject([{ code: 'bill-region-unknown' }]);
  });
});

describe('operations', () => {
  it('a month of q-developer-snapshot alone is not refused', async () => {
    const snapshot = curRow({ line_item_operation: 'q-developer-snapshot' });
    const result = await ofRows([snapshot]);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain("AWS's bill has no Kiro row in 2026-01");
  });

  it('a row of an unknown operation that names a user and costs something belongs to the seat', async () => {
    const unknown = credits(ALICE, '1', '1.5', { line_item_operation: 'agents' });
    const result = await ofRows([fee(ALICE, 'Pro', '20'), BOBS, unknown]);
    expect(result.rows[0]).toMatchObject({ aws_overage: '1.50', difference: '1.50' });
    expect(result.warnings).toMatchObject([{ code: 'bill-operation', user_id: ALICE }]);
  });
});

describe('a bill that is not final', () => {
  const invoiced = { bill_invoice_id: '77', bill_payer_account_id: '999988887777' };

  it('is a warning for the payer, and the likely reason of what is less', async () => {
    const open = { bill_invoice_id: '', bill_payer_account_id: '999988887777' };
    const daily = Array.from({ length: 22 }, () =>
      fee(ALICE, 'Pro', '0.6451612903', { line_item_usage_amount: '0.0322580645', ...open }),
    );
    const result = await ofRows([...daily, { ...BOBS, ...invoiced }]);
    expect(result.rows[0]?.reason).toBe(
      "AWS's bill is not final: AWS charges 14.19 of 20.00 so far",
    );
    expect(result.warnings).toMatchObject([{ code: 'bill-not-final', month: '2026-01' }]);
    expect(result.warnings[0]?.message).toContain(
      'of payer 999988887777 is not final: it has 22 Kiro rows (14.19)',
    );
  });

  it('is none where all rows with a cost have an invoice', async () => {
    const free = credits(ALICE, '10', '0', { bill_payer_account_id: '999988887777' });
    const result = await ofRows([
      { ...fee(ALICE, 'Pro', '20'), ...invoiced },
      { ...BOBS, ...invoiced },
      free,
    ]);
    expect(result).toMatchObject({ status: 0, warnings: [] });
    expect(result.stderr).not.toContain('final');
  });

  it('is a note where no column tells', async () => {
    const result = await ofRows([fee(ALICE, 'Pro', '20'), BOBS], [], CUR_2);
    expect(result.stderr).toContain('it cannot be known whether it is final');
    expect(result.status).toBe(0);
  });
});

it('rows of any line item type that name a user are in the bridge of that user', async () => {
  const named = { line_item_resource_id: userArn(ALICE) };
  const rows = [
    fee(ALICE, 'Pro', '20'),
    BOBS,
    adjustment('Credit', '-3', named),
    adjustment('SppDiscount', '-1.5', named),
    adjustment('Tax', '4'),
  ];
  const result = await ofRows(rows, ['--user', 'Alice']);
  expect(result.bridge.map(({ item, detail, amount }) => [item, detail, amount])).toEqual([
    ['our_total', '', '20.00'],
    ['differences', '', '0.00'],
    ['adjustment', 'Credit', '-3.00'],
    ['adjustment', 'SppDiscount', '-1.50'],
    ['rounding', '', '0.00'],
    ['aws_total', '', '15.50'],
    ['unexplained', '', '0.00'],
  ]);
  expect(result.rows).toMatchObject([{ aws_net_charge: '17.50' }]);
});

describe('rows of other products', () => {
  it.each([2, 3, 5])('are not checked: a short one on line %i', async (line) => {
    const lines = curCsv([otherProduct(), fee(ALICE, 'Pro', '20'), BOBS]).split('\n');
    lines.splice(line - 1, 0, 'x,2026-01-01,111122223333,Usage,AmazonEC2');
    const result = await reconcile({ 'cur.csv': lines.join('\n') });
    expect(result.status, result.stderr).toBe(0);
    expect(verdicts(result)).toEqual(ALL_MATCH);
  });

  it('are not checked: a wrong number, a bad quote, bytes that are not UTF-8', async () => {
    const text = curCsv([
      fee(ALICE, 'Pro', '20'),
      otherProduct({ line_item_unblended_cost: '1,5' }),
    ]);
    const bad = 'x,2026-01-01,1,Usage,AmazonEC2,a "b",,,,,,\n';
    const bytes = Buffer.concat([Buffer.from(text + bad), Buffer.from([0x78, 0xff, 0x0a])]);
    const result = await reconcile({
      'cur.csv': Buffer.concat([bytes, Buffer.from(`${curCsv([BOBS]).split('\n')[1]}\n`)]),
    });
    expect(result.status, result.stderr).toBe(0);
  });

  it('but a short row of Kiro is refused', async () => {
    const result = await reconcile({
      'cur.csv': `${curCsv([BOBS])}x,2026-01-01,111122223333,Usage,Kiro\n`,
    });
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(/^cur\.csv:3: row: the row is too short/);
  });
});

describe('files', () => {
  const text = curCsv([otherProduct(), fee(ALICE, 'Pro', '20'), BOBS]);

  it.each([
    ['a zip', 'cur.csv.zip', Buffer.from(zipSync({ 'cur.csv': Buffer.from(text) }))],
    [
      'semicolons',
      'cur.csv',
      curCsv([fee(ALICE, 'Pro', '20,00'), BOBS])
        .replaceAll('"', '')
        .replaceAll('20,00', '20§00')
        .replaceAll(',', ';')
        .replaceAll('§', ','),
    ],
    ['UTF-16', 'cur.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['a line sep=', 'cur.csv', `sep=,\r\n${text}`],
  ])('%s is read', async (_, name, content) => {
    const result = await reconcile({ [name]: content });
    expect(result.status, result.stderr).toBe(0);
    expect(verdicts(result)).toEqual(ALL_MATCH);
  });

  it('manifests, metadata and SQL beside the data are skipped', async () => {
    const result = await reconcile({
      'cur/data/cur.csv': text,
      'cur/data/cur-Manifest.json': '{}',
      'cur/metadata/BILLING_PERIOD=2026-01/x.csv': 'a,b\n1,2\n',
      'cur/create.sql': 'select 1',
    });
    expect(result.status, result.stderr).toBe(0);
  });

  it.each([
    ['cut off', Buffer.from(zipSync({ 'cur.csv': Buffer.from(text) })).subarray(0, 200)],
    ['without a CSV', Buffer.from(zipSync({ 'a.json': Buffer.from('{}') }))],
  ])('a zip that is %s is bad input', async (_, content) => {
    const { status, stderr } = await reconcile({ 'cur.zip': content });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^cur\.zip: (not a whole zip archive|the archive has no \.csv file)/);
  });

  const report = 'Date,UserId,Client_Type,Credits_Used,ProfileId\n2026-01-05,u,KIRO_IDE,1,p\n';

  it('an activity report is called what it is, with the right command', async () => {
    const { status, stderr } = await reconcile({ 'cur.csv': report });
    expect(status).toBe(3);
    expect(stderr).toMatch(/an activity report, which is usage, not a bill: give it as --usage/);
  });

  it.each([
    ['a Cost and Usage Report', curCsv([fee(ALICE, 'Pro', '20')])],
    [
      'a legacy CUR',
      'lineItem/ProductCode,lineItem/UnblendedCost\nKiro,20\n',
      'a Cost and Usage Report',
    ],
    [
      'a Cost and Usage Report in Parquet',
      curParquet([fee(ALICE, 'Pro', '20')]),
      'a Cost and Usage Report',
    ],
    ['a FOCUS export', 'ServiceName,BilledCost\nKiro,20\n'],
  ])('is named where it is given for usage: %s', async (name, content, named = name) => {
    await withDirectory({ bill: content }, async (directory) => {
      const file = join(directory, 'bill');
      const problem = `${file}: ${named}, which is a bill, not usage: compare it with the invoice by kiro-bill reconcile --cur PATH, or run kiro-bill import cur PATH -o DIR\n`;
      const data = join(directory, 'data');
      for (const args of [
        ['invoice', '--month', '2026-01', '--data', 'fixtures/acme', '--usage', file],
        ['import', 'activity', file, '-o', data],
      ]) {
        const { status, stderr } = await runMain(args);
        expect(status).toBe(3);
        expect(stderr).toContain(problem);
        expect(stderr).toContain('1 problem in the input');
      }
    });
  });

  it('a folder of activity reports is called what it is once', async () => {
    const { status, stderr } = await reconcile({
      'cur/a_user_report_202601050000.csv': report,
      'cur/a_user_report_202601060000.csv': report,
      'cur/by_user_analytic/2026/01/a_report.csv':
        'UserId,Date,Chat_MessagesSent\nu,2026-01-05,3\n',
    });
    expect(status).toBe(3);
    expect(stderr.split('\n')[0]).toBe(
      'cur: this folder has activity reports, which are usage, not a bill: give it as --usage PATH, or run kiro-bill import activity PATH -o DIR',
    );
    expect(stderr).toMatch(/\n.*1 problem in the input/);
  });
});

it('users who are charged under Amazon Q, too, are a note, and stand apart', async () => {
  const amazonQ = (userId: string) =>
    curRow({
      line_item_product_code: 'AmazonQ',
      line_item_operation: 'q-dev-subscriptions',
      line_item_usage_type: 'USE1-q-dev-subscriptions-Pro',
      line_item_resource_id: userArn(userId),
      line_item_unblended_cost: '19',
    });
  const stranger = '55555555-5555-4555-8555-555555555555';
  const rows = [fee(ALICE, 'Pro', '20'), BOBS, amazonQ(ALICE), amazonQ(stranger)];
  const result = await ofRows(rows);
  expect(result.status).toBe(0);
  const ofBob = await ofRows(rows, ['--user', BOB]);
  expect(ofBob.amazon_q).toEqual([]);
  const file = { ...DATA, 'cur.csv': curCsv(rows, COLUMNS) };
  await withDirectory(file, async (directory) => {
    const args = ['--month', '2026-01', '--data', directory, '--cur', `${directory}/cur.csv`];
    const table = (await runMain(['reconcile', ...args])).stdout;
    expect(table).toMatch(
      /Unexplained.*\n\nCharged under Amazon Q Developer, too, .*\nUser .*\n─+\nAlice .* \$19\.00\n═+\nTotal, 1 charge +\$19\.00\n$/,
    );
    const markdown = (await runMain(['reconcile', ...args, '--format', 'markdown'])).stdout;
    expect(markdown).toContain(`| ${ACCOUNT} | ${ALICE} | Alice | 1 | 19.00 |`);
  });
  expect(result.stderr).toContain(
    "1 user of AWS's bill is charged under Amazon Q Developer, too: $19.00",
  );
  expect(result.amazon_q).toEqual([
    { account_id: ACCOUNT, user_id: ALICE, user_name: 'Alice', rows: 1, amount: '19.00' },
  ]);
  expect(result.bridge.find(({ item }) => item === 'aws_total')?.amount).toBe('40.00');
});

describe('ids of users', () => {
  it('an alias and an e-mail address name the user', async () => {
    const rows = [
      fee('x', 'Pro', '12', { line_item_resource_id: 'alice-alias' }),
      fee('x', 'Pro', '8', { line_item_resource_id: 'Alice@Example.com' }),
      BOBS,
    ];
    expect(verdicts(await ofRows(rows))).toEqual(ALL_MATCH);
  });

  it('one with the prefix of its directory is hinted at', async () => {
    const result = await ofRows([fee(`9067642ac7-${ALICE}`, 'Pro', '20'), BOBS]);
    expect(result.stderr).toContain(
      `AWS's bill names 9067642ac7-${ALICE}, our data ${ALICE}: is it the same user?`,
    );
  });
});

describe("AWS's FOCUS export", () => {
  const focus = (version: '1.0' | '1.2', rows: readonly CurTexts[]): string => {
    const meter = version === '1.0' ? 'x_UsageType' : 'SkuMeter';
    const columns = `ServiceName,x_ServiceCode,x_Operation,${meter},ChargeCategory,ChargeClass,ResourceId,SubAccountId,BillingAccountId,BillingPeriodStart,ConsumedQuantity,BilledCost,BillingCurrency,RegionId${version === '1.2' ? ',InvoiceId' : ''}`;
    const lines = rows.map((row) =>
      columns
        .split(',')
        .map((name) => row[name] ?? '')
        .join(','),
    );
    return `${[columns, ...lines].join('\n')}\n`;
  };
  const line = (version: '1.0' | '1.2', texts: CurTexts): CurTexts => ({
    ServiceName: 'Kiro',
    x_ServiceCode: 'Kiro',
    x_Operation: 'monthly-subscription',
    [version === '1.0' ? 'x_UsageType' : 'SkuMeter']: 'USE1-KiroEnterprise-Pro',
    ChargeCategory: 'Usage',
    SubAccountId: ACCOUNT,
    BillingAccountId: ACCOUNT,
    BillingPeriodStart: '2026-01-01T00:00:00Z',
    ConsumedQuantity: '1',
    BilledCost: '20',
    BillingCurrency: 'USD',
    RegionId: 'us-east-1',
    InvoiceId: '7',
    ...texts,
  });

  it.each(['1.0', '1.2'] as const)('%s is read as a bill', async (version) => {
    const meter = version === '1.0' ? 'x_UsageType' : 'SkuMeter';
    const rows = [
      line(version, { ServiceName: 'Amazon EC2', x_ServiceCode: 'AmazonEC2' }),
      line(version, { ResourceId: userArn(ALICE) }),
      line(version, { ResourceId: userArn(BOB), [meter]: 'APN1-KiroEnterprise-Pro' }),
      line(version, { ChargeCategory: 'Tax', x_Operation: '', BilledCost: '3.2' }),
    ];
    const result = await reconcile({ 'cur.csv': focus(version, rows) });
    expect(result.status, result.stderr).toBe(0);
    expect(verdicts(result)).toEqual(ALL_MATCH);
    expect(result.bridge).toContainEqual({
      item: 'adjustment',
      detail: 'Tax',
      rows: 1,
      amount: '3.20',
    });
    expect(result.stderr.includes('whether it is final')).toBe(version === '1.0');
  });
});

describe('without --cur the bill comes from the settings', () => {
  const text = curCsv([fee(ALICE, 'Pro', '20'), BOBS]);
  const run = (files: Record<string, string>, settings: unknown) =>
    withDirectory(
      { ...DATA, ...files, 'kiro-bill.json': JSON.stringify(settings) },
      async (directory) => {
        const place = ['--month', '2026-01', '--data', directory];
        const result = await runMain(['reconcile', ...place, '--format', 'json']);
        return { ...result, stderr: result.stderr.replaceAll(`${directory}/`, '') };
      },
    );

  it('a file that two paths reach is read once', async () => {
    const { status, stderr } = await run({ 'bill/a.csv': text }, { cur: ['bill', 'bill/a.csv'] });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/cur from kiro-bill\.json/);
  });

  it('a month of one bill in two paths is bad input, which names both', async () => {
    const files = { 'one/a.csv': text, 'two/b.csv': text };
    const { status, stderr } = await run(files, { cur: ['one', 'two'] });
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^two: it has AWS's bill of 2026-01 of account 111122223333, which is in one, too/,
    );
  });

  it('nothing there, or no path at all, says what to do', async () => {
    const gone = await run({}, { cur: 'gone' });
    expect(gone.status).toBe(3);
    expect(gone.stderr).toMatch(/^kiro-bill\.json: cur: there is no such file or folder any more/);
    const none = await run({}, {});
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('give it with --cur PATH, or name it as cur in the settings');
  });
});
