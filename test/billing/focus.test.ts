import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { focusPricing } from '../../src/billing/focus-pricing.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import type { ChargeLine } from '../../src/domain/charge-line.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { BUILT_IN_RATE_CARD, editionFor, type RateEdition } from '../../src/domain/rate-card.ts';
import { type HostSettings, runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';
import {
  COLUMN_REQUIREMENTS,
  type ColumnRequirement,
  DEPENDENCIES,
  exact,
  type FocusRow,
} from './focus-requirements.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

const GOVCLOUD = {
  'profiles.csv': `profile_id,account_id,region,name,overage
west,210987654321,us-gov-west-1,"Federal ""West"", one",enabled
east,210987654322,AWS GovCloud (US-East),,enabled
`,
  'users.csv': `user_id,name,cost_center
u1,"=HYPERLINK(""http://example.com"")","R&D, ""next"""
u2,,-7
u3,u3,
`,
  'subscriptions.csv': `profile_id,principal_type,principal_id,tier,subscribed_at
west,user,u1,Pro,2026-01-05
west,user,u2,Power,2025-10-01
east,user,u3,Pro+,2026-01-31T23:59:59Z
east,user,@u4,Pro,2025-11-01
`,
  'tier_changes.csv': `profile_id,principal_type,principal_id,changed_at,tier
west,user,u1,2026-01-20,Pro+
west,user,u1,2026-01-20T09:00:00Z,Power
`,
  'usage.csv': `timestamp,profile_id,user_id,credits
2026-01-07,east,@u4,1000.00001
2026-01-08,east,@u4,114.45787414391377
2026-01-09,west,nobody,12
`,
};

/** Whole months and shares of them at prices whose products are half cents, and beyond. */
const ODD_PRICES = {
  ...GOVCLOUD,
  'rates.json': JSON.stringify({
    editions: [
      {
        from: '2025-01',
        currency: 'EUR',
        first_month: 'prorated',
        partitions: {
          'aws-us-gov': [
            { name: 'Pro', rank: 1, price: '0.155', credits: '7', overage_rate: '0.0333' },
            { name: 'Pro+', rank: 2, price: '0.465', credits: '9', overage_rate: '0.05' },
            {
              name: 'Power',
              rank: 3,
              price: '98765432109876.54321',
              credits: '0',
              overage_rate: '0',
            },
          ],
        },
        overrides: {
          '210987654322': { Pro: { price: '0', overage_rate: '0.02' }, 'Pro+': { price: '0.155' } },
        },
      },
    ],
  }),
};

interface Story {
  readonly name: string;
  readonly months: string;
  readonly data: string | Record<string, string>;
}

const STORIES: readonly Story[] = [
  { name: 'acme', months: '2026-01..2026-03', data: `${FIXTURES}/acme` },
  { name: 'rate-change', months: '2026-01..2026-02', data: `${FIXTURES}/rate-change` },
  ...readdirSync(FIXTURES)
    .filter((name) => name.startsWith('example-'))
    .map((name) => ({ name, months: '2026-01..2026-04', data: `${FIXTURES}/${name}` })),
  { name: 'GovCloud', months: '2026-01', data: GOVCLOUD },
  { name: 'odd prices', months: '2026-01..2026-02', data: ODD_PRICES },
];

const outputs = new Map<string, Promise<string>>();

/** What `invoice` writes for a story; each command line is run once. */
function output(args: string[], story: Story): Promise<string> {
  const all = ['invoice', '--month', story.months, ...args];
  const key = JSON.stringify([story.data, all]);
  const known = outputs.get(key) ?? invoiceOutput(all, story);
  outputs.set(key, known);
  return known;
}

async function invoiceOutput(args: string[], { data }: Story): Promise<string> {
  const { status, stdout } =
    typeof data === 'string'
      ? await runMain([...args, '--data', data])
      : await runInProcess(args, data);
  expect(status).toBe(0);
  return stdout;
}

async function focusRows(story: Story, args: string[] = []): Promise<FocusRow[]> {
  return parse(await output(['--format', 'focus', ...args], story), { columns: true });
}

/** The command line of a version, and what that version asks for. */
const VERSIONS = (['1.2', '1.4'] as const).map((version) => ({
  version,
  asked: version === '1.2' ? [] : ['--focus-version', version],
  columns: COLUMN_REQUIREMENTS.filter(({ only = version }) => only === version),
}));

const STORIES_BY_VERSION = STORIES.flatMap((story) =>
  VERSIONS.map((version) => ({ ...version, ...story })),
);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** A unit that is counted, or one per time: `Credits`, `User-Months`. */
const UNIT = /^([A-Z][a-z]+-)?[A-Z][a-z]+s$/;

/** What one row gets wrong in one column. */
function violations(row: FocusRow, column: ColumnRequirement): string[] {
  const { name, level, nulls, type, allowed, format, rules } = column;
  const value = row[name];
  const asked = `${name} (${level})`;
  if (value === undefined) return [`${asked}: missing`];
  const wrong: string[] = [];
  if (value === '' && !nulls) wrong.push(`${asked}: null`);
  if (value !== '') {
    if (type === 'Decimal' && !NUMBER.test(value)) wrong.push(`${asked}: no number: ${value}`);
    if (type === 'DateTime' && !DATE_TIME.test(value)) wrong.push(`${asked}: no instant: ${value}`);
    if (type === 'JSON' && !isKeyValue(value)) wrong.push(`${asked}: no key-value JSON: ${value}`);
    if (allowed && !allowed.includes(value)) wrong.push(`${asked}: not allowed: ${value}`);
    if (format === 'Currency' && !/^[A-Z]{3}$/.test(value)) wrong.push(`${asked}: ${value}`);
    if (format === 'Unit' && !UNIT.test(value)) wrong.push(`${asked}: no unit: ${value}`);
  }
  const broken = rules.filter(([, holds]) => !holds(row)).map(([says]) => `${asked}: ${says}`);
  return [...wrong, ...broken];
}

function isKeyValue(text: string): boolean {
  const value: unknown = JSON.parse(text);
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one))
  );
}

/** Columns that ought to follow from others, and do not. */
function brokenDependencies(rows: readonly FocusRow[]): string[] {
  return DEPENDENCIES.flatMap(([column, of]) => {
    const known = new Map<string, string>();
    return rows.flatMap((row) => {
      const key = of.map((name) => row[name]).join('\n');
      const value = row[column] ?? '';
      const before = known.get(key) ?? value;
      known.set(key, value);
      return before === value ? [] : [`${column}: both ${before} and ${value} for ${key}`];
    });
  });
}

function cents(text: string): bigint {
  return exact(text) / 10n ** 38n;
}

describe.each(STORIES_BY_VERSION)('FOCUS $version of $name', ({ asked, columns, ...story }) => {
  it('has every column of the specification, in the order of their names, and two of AWS', async () => {
    const [header = ''] = (await output(['--format', 'focus', ...asked], story)).split('\n');
    const names = columns.map(({ name }) => name);
    expect(header.split(',')).toEqual([...names.sort(), 'x_Operation', 'x_ServiceCode']);
    expect(names).toHaveLength(story.version === '1.2' ? 57 : 48);
  });

  it('keeps every requirement on each column', async () => {
    const rows = await focusRows(story, asked);
    const wrong = rows.flatMap((row) => columns.flatMap((column) => violations(row, column)));
    expect(wrong).toEqual([]);
  });

  it('keeps the requirements that go from row to row', async () => {
    expect(brokenDependencies(await focusRows(story, asked))).toEqual([]);
  });
});

describe.each(STORIES)('FOCUS of $name', (story) => {
  it('M2: has the charge lines of the invoice, in their order, and so its total', async () => {
    const rows = await focusRows(story);
    const lines: Record<string, string>[] = parse(
      await output(['--by', 'line', '--format', 'csv'], story),
      { columns: true },
    );
    const resourceOf = (id = ''): string =>
      /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? `arn:aws:identitystore:::user/${id}` : id;
    const named = rows.map(({ ResourceId = '' }) =>
      ResourceId.replace('arn:aws-us-gov:', 'arn:aws:'),
    );
    expect(rows.map((row, index) => [row.BilledCost, named[index], row.BillingCurrency])).toEqual(
      lines.map(({ amount, user_id, currency }) => [amount, resourceOf(user_id), currency]),
    );
    const seats: Record<string, string>[] = parse(
      await output(['--by', 'profile', '--format', 'csv'], story),
      { columns: true },
    );
    const total = (ofRows: readonly FocusRow[], column: string): bigint =>
      ofRows.reduce((sum, row) => sum + cents(row[column] ?? ''), 0n);
    expect(total(rows, 'BilledCost')).toBe(total(seats, 'total_charge'));
  });
});

describe('FOCUS, line by line', () => {
  const story = (name: string, months = '2026-01'): Story => ({
    name,
    months,
    data: `${FIXTURES}/${name}`,
  });

  it('S2, S3: a share, its refund and the fee that replaces it', async () => {
    const rows = await focusRows(story('example-07'));
    const told = rows.map((row) => [
      row.BilledCost,
      row.ChargeCategory,
      row.ChargeClass,
      row.ChargeFrequency,
      row.PricingQuantity,
      row.ChargePeriodStart,
      row.SkuId,
    ]);
    expect(told).toEqual([
      [
        '17.42',
        'Purchase',
        '',
        'Recurring',
        '0.870967741935',
        '2026-01-05T00:00:00Z',
        'KiroEnterprise-Pro',
      ],
      [
        '-17.42',
        'Purchase',
        '',
        'One-Time',
        '-0.870967741935',
        '2026-01-20T00:00:00Z',
        'KiroEnterprise-Pro',
      ],
      ['40.00', 'Purchase', '', 'Recurring', '1', '2026-01-20T00:00:00Z', 'KiroEnterprise-ProPlus'],
    ]);
    expect(rows.map(({ ChargeDescription }) => ChargeDescription)).toEqual([
      'Kiro Pro: new seat on 2026-01-05, 27 of 31 days at 20.00 USD per user and month',
      'Kiro Pro: refund at the upgrade on 2026-01-20, 27 of 31 days at 20.00 USD per user and month',
      'Kiro Pro+: upgrade on 2026-01-20, a whole month at 40.00 USD per user and month',
    ]);
  });

  it('O4: overage is usage of the whole month, in credits', async () => {
    const [, overage] = await focusRows(story('example-08'));
    expect(overage).toMatchObject({
      BilledCost: '10.03',
      ChargeCategory: 'Usage',
      ChargeFrequency: 'Usage-Based',
      ChargePeriodStart: '2026-01-01T00:00:00Z',
      ChargePeriodEnd: '2026-02-01T00:00:00Z',
      ConsumedQuantity: '250.75',
      ConsumedUnit: 'Credits',
      PricingQuantity: '250.75',
      PricingUnit: 'Credits',
      SkuId: 'KiroEnterprise-Credits',
      SkuPriceId: 'aws/KiroEnterprise-Credits/Pro',
      ChargeDescription:
        'Kiro Pro: overage of 2026-01, 250.75 credits beyond the allowance at 0.04 USD per credit',
    });
  });

  it("M4: list prices are the partition's, contracted ones have the overrides", async () => {
    const rows = await focusRows(story('rate-change', '2026-02'));
    const support = rows.filter(({ RegionId }) => RegionId === 'eu-central-1');
    expect(
      support.map((row) => [row.ListUnitPrice, row.ContractedUnitPrice, row.ListCost]),
    ).toEqual([
      ['22.50', '19.99', '22.50'],
      ['0.045', '0.035', '2.25'],
      ['22.50', '19.99', '22.50'],
      ['22.50', '19.99', '-22.50'],
      ['210.00', '210.00', '210.00'],
    ]);
  });

  it('M4: GovCloud is a partition of its own', async () => {
    const rows = await focusRows({ name: 'GovCloud', months: '2026-01', data: GOVCLOUD });
    expect(rows[0]).toMatchObject({
      ListUnitPrice: '24.00',
      RegionName: 'AWS GovCloud (US-East)',
      SkuPriceId: 'aws-us-gov/KiroEnterprise-Pro',
      SubAccountId: '210987654322',
    });
  });

  it('tags hold the cost center, and what the invoice knows beside', async () => {
    const rows = await focusRows({ name: 'GovCloud', months: '2026-01', data: GOVCLOUD });
    const upgraded = rows.find(({ ResourceId }) => ResourceId === 'u1');
    expect(JSON.parse(upgraded?.Tags ?? '')).toEqual({
      cost_center: 'R&D, "next"',
      'kiro-bill/profile_id': 'west',
      'kiro-bill/profile_name': 'Federal "West", one',
      'kiro-bill/tier': 'Pro',
      'kiro-bill/line_type': 'subscription',
      'kiro-bill/rule': 'S2',
    });
    const acme = await focusRows(story('acme'), ['--group', 'grp-web']);
    expect(JSON.parse(acme[0]?.Tags ?? '')['kiro-bill/group_id']).toBe('grp-web');
  });

  it('guards text that a spreadsheet takes for a formula; null is blank', async () => {
    const rows = await focusRows({ name: 'GovCloud', months: '2026-01', data: GOVCLOUD });
    const named = rows.map(({ ResourceId, ResourceName }) => [ResourceId, ResourceName]);
    expect(named).toContainEqual(["'@u4", '']);
    expect(named).toContainEqual(['u1', '\'=HYPERLINK("http://example.com")']);
    expect(named).toContainEqual(['u3', '']);
  });

  it('shows a Region without a name by its code', async () => {
    const files = {
      'profiles.csv': profilesCsv('p,111122223333,ap-southeast-9'),
      'subscriptions.csv': subscriptionsCsv('p,user,u,Pro,2025-10-01'),
    };
    const [row] = await focusRows({ name: 'Region', months: '2026-01', data: files });
    expect(row).toMatchObject({ RegionId: 'ap-southeast-9', RegionName: 'ap-southeast-9' });
  });
});

describe('FOCUS beside the export of AWS', () => {
  const ID = '308da4d8-9511-70f1-8556-355ff92816aa';
  const files = (region: string): Record<string, string> => ({
    'profiles.csv': profilesCsv(`p,111122223333,${region},,on`),
    'subscriptions.csv': subscriptionsCsv(`p,user,${ID},Pro+,2025-10-01`),
    'usage.csv': usageCsv(`2026-01-05,p,${ID},2001`),
  });

  it('names users, usage types and operations as AWS does', async () => {
    const named = (region: string) =>
      focusRows({ name: region, months: '2026-01', data: files(region) }).then((rows) =>
        rows.map((row) => [row.ResourceId, row.SkuMeter, row.x_ServiceCode, row.x_Operation]),
      );
    expect(await named('us-east-1')).toEqual([
      [
        `arn:aws:identitystore:::user/${ID}`,
        'USE1-KiroEnterprise-ProPlus',
        'Kiro',
        'monthly-subscription',
      ],
      [`arn:aws:identitystore:::user/${ID}`, 'USE1-KiroEnterprise-Credits', 'Kiro', 'Credits'],
    ]);
    const [fee] = await named('us-gov-west-1');
    expect(fee?.[0]).toBe(`arn:aws-us-gov:identitystore:::user/${ID}`);
    expect((await named('ap-southeast-9')).map((row) => row[1])).toEqual([
      'Monthly Subscription',
      'Overage Credits',
    ]);
  });

  it.each(VERSIONS)('loads into DuckDB with types: $version', async ({ asked, columns }) => {
    const text = await output(['--format', 'focus', ...asked], STORIES[0] as Story);
    await withDirectory({ 'focus.csv': text }, async (directory) => {
      const types = {
        String: 'VARCHAR',
        Decimal: 'DECIMAL(38, 18)',
        DateTime: 'TIMESTAMPTZ',
        JSON: 'JSON',
      };
      const typed = columns.map(({ name, type }) => `'${name}': '${types[type]}'`).join(', ');
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const read = `read_csv('${directory}/focus.csv', header = true, types = {${typed}})`;
      const sums = await connection.runAndReadAll(
        `SELECT CAST(sum(BilledCost) AS VARCHAR), count(*) FROM ${read}`,
      );
      const lines = text.trimEnd().split('\n').length - 1;
      expect(sums.getRowsJson()).toEqual([[expect.stringMatching(/^\d+\.\d\d0*$/), String(lines)]]);
      connection.closeSync();
    });
  });
});

describe('FOCUS quantities', () => {
  const edition = editionFor(BUILT_IN_RATE_CARD, billingPeriod('2026-01')) as RateEdition;
  const line = (days: number, daysInMonth: number, unitPrice: string): ChargeLine => ({
    date: '2026-01-01',
    lineType: 'subscription',
    tier: 'Pro',
    quantity: { unit: 'month', sign: 1, days, daysInMonth },
    unitPrice: decimal(unitPrice),
    amount: 0n,
    rule: 'S2',
  });

  it.each([
    ['a third, half away from zero', 10, 30, '20', '0.333333333333'],
    ['two thirds, half away from zero', 20, 30, '20', '0.666666666667'],
    ['a half', 14, 28, '20', '0.500000000000'],
    ['a whole month', 31, 31, '20', '1'],
  ])('%s', (_, days, daysInMonth, price, expected) => {
    expect(focusPricing(line(days, daysInMonth, price), edition, 'aws').quantityText).toBe(
      expected,
    );
  });

  it('M4: what was billed has a list price', () => {
    expect(() => focusPricing(line(1, 31, '20'), edition, 'aws-cn')).toThrow('no list price');
    const unknown = { ...line(1, 31, '20'), tier: 'Free' };
    expect(() => focusPricing(unknown, edition, 'aws')).toThrow('no list price');
  });
});

describe('invoice --format focus', () => {
  const run = (args: string[], settings?: HostSettings) =>
    runMain(
      ['invoice', '--data', `${FIXTURES}/example-07`, '--format', 'focus', ...args],
      settings,
    );

  it.each([
    ['--by', 'user'],
    ['--by', 'line'],
    ['--sort', 'BilledCost'],
    ['--top', '3'],
  ])('refuses %s %s, which is not for FOCUS to follow', async (flag, value) => {
    const { status, stdout, stderr } = await run(['--month', '2026-01', flag, value]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${flag} ${value}: --format focus has one row per charge line`);
  });

  it.each([
    [['--focus-version', '1.3'], /1\.2, 1\.4/],
    [
      ['--focus-version', '1.4', '--format', 'csv'],
      /--focus-version 1\.4 is of --format focus: add it, with 1\.2 or 1\.4/,
    ],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await run(['--month', '2026-01', ...args]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('writes a range under one header, and a month without charges as the header alone', async () => {
    const range = await run(['--month', '2026-01..2026-03']);
    expect(range.stdout.split('\n').filter((text) => text.startsWith('Avail'))).toHaveLength(1);
    const empty = await run(['--month', '2025-11', '--quiet']);
    expect(empty).toMatchObject({ status: 0, stderr: '' });
    expect(empty.stdout).toMatch(/^AvailabilityZone,.*,Tags,x_Operation,x_ServiceCode\n$/);
  });

  it('writes to a .csv file', async () => {
    await withDirectory({}, async (directory) => {
      const { readFile } = await import('node:fs/promises');
      const file = `${directory}/x.csv`;
      const { status, stdout } = await run(['--month', '2026-01', '-o', file]);
      expect([status, stdout]).toEqual([0, '']);
      expect(await readFile(file, 'utf8')).toMatch(/^AvailabilityZone,/);
    });
  });

  it('needs the account of each profile that is charged', async () => {
    const { status, stderr } = await runInProcess(
      ['invoice', '--month', '2026-01', '--format', 'focus'],
      {
        'subscriptions.csv': subscriptionsCsv('p1,user,u,Pro,2025-10-01'),
      },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('that of p1 is not known: give a profiles.csv');
  });

  it('is offered by invoice alone', async () => {
    const { stderr } = await runMain(['invoice', '--format', 'xml']);
    expect(stderr).toContain('table, csv, json, markdown, xlsx, focus');
    expect((await runMain(['rates', '--format', 'focus'])).status).toBe(2);
  });
});
