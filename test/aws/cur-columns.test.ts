/** The columns of AWS's bills: CUR 2.0, the legacy CUR, and FOCUS 1.0 and 1.2. */
import { describe, expect, it } from 'vitest';
import { BILL_TABLES, curHeader, monthOfPath, productColumn } from '../../src/aws/cur-columns.ts';
import { BadInput } from '../../src/domain/problem.ts';
import { billInsteadOf } from '../../src/input/bill-header.ts';

/** Field, names in CUR 2.0 and a legacy CUR, and those in a FOCUS export; `?` where it may be missing. */
const FIELDS: readonly (readonly [field: string, cur: string, focus: string])[] = [
  ['product', 'line_item_product_code lineItem/ProductCode', 'x_ServiceCode ServiceName'],
  ['operation', 'line_item_operation lineItem/Operation', '?x_Operation'],
  ['usageType', 'line_item_usage_type lineItem/UsageType', 'SkuMeter x_UsageType'],
  ['lineType', 'line_item_line_item_type lineItem/LineItemType', 'ChargeCategory'],
  ['chargeClass', '', '?ChargeClass'],
  ['resourceId', 'line_item_resource_id lineItem/ResourceId', 'ResourceId'],
  ['accountId', 'line_item_usage_account_id lineItem/UsageAccountId', 'SubAccountId'],
  [
    'periodStart',
    'bill_billing_period_start_date bill/BillingPeriodStartDate',
    'BillingPeriodStart',
  ],
  ['quantity', 'line_item_usage_amount lineItem/UsageAmount', 'ConsumedQuantity PricingQuantity'],
  ['cost', 'line_item_unblended_cost lineItem/UnblendedCost', 'BilledCost'],
  ['currency', 'line_item_currency_code lineItem/CurrencyCode', 'BillingCurrency'],
  ['payerId', '?bill_payer_account_id bill/PayerAccountId', '?BillingAccountId'],
  ['invoiceId', '?bill_invoice_id bill/InvoiceId', '?InvoiceId'],
  ['regionCode', '?product_region_code product/regionCode', '?RegionId'],
  ['region', '?product_region product/region', ''],
  ['productMap', '?product', ''],
  ['rowId', '?identity_line_item_id identity/LineItemId', ''],
  ['usageStart', '?line_item_usage_start_date lineItem/UsageStartDate', '?ChargePeriodStart'],
];

interface Named {
  readonly field: string;
  readonly names: readonly string[];
  readonly isOptional: boolean;
}

function named(kind: 1 | 2): Named[] {
  return FIELDS.filter((row) => row[kind] !== '').map((row) => {
    const text = row[kind];
    return {
      field: row[0],
      names: text.replace('?', '').split(' '),
      isOptional: text.startsWith('?'),
    };
  });
}

const first = ({ names }: Named): string => names[0] as string;
const CUR_2 = named(1).map(first);
const LEGACY = named(1).map(({ names }) => names[1] ?? (names[0] as string));
const FOCUS = named(2).map(first);
const FOCUS_1_0 = FOCUS.map((name) => (name === 'SkuMeter' ? 'x_UsageType' : name));

function headerOf(names: readonly string[], file = 'cur.csv') {
  return curHeader({ file, line: 1 }, names);
}

function problemsOf(names: readonly string[], file = 'cur.csv') {
  try {
    headerOf(names, file);
  } catch (error) {
    if (error instanceof BadInput) return error.problems;
    throw error;
  }
  return [];
}

describe('the header', () => {
  it.each([
    ['CUR 2.0', CUR_2, 1],
    ['a legacy CUR', LEGACY, 1],
    ['FOCUS 1.2', FOCUS, 2],
    ['FOCUS 1.0', FOCUS_1_0, 2],
  ] as const)('of %s gives each field its column, in any case', (_, names, kind) => {
    for (const written of [names, names.map((name) => name.toUpperCase())]) {
      const header = headerOf(['other', ...written]);
      expect(header.isFocus).toBe(kind === 2);
      const found = [...header.columns].map(([field, columns]) => [field, columns]);
      expect(found).toEqual(
        named(kind).map(({ field }, index) => [
          field,
          [{ index: index + 1, name: written[index] }],
        ]),
      );
      expect(productColumn(header)).toEqual({ index: 1, name: written[0] });
    }
  });

  it.each(named(1))('of a CUR without $field', ({ field, names: [name, legacy], isOptional }) => {
    const problems = problemsOf(CUR_2.filter((one) => one !== name));
    if (field === 'product') expect(problems[0]?.what).toMatch(/^not a Cost and Usage Report/);
    else if (isOptional) expect(problems).toEqual([]);
    else {
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ file: 'cur.csv' });
      const remedy =
        field === 'resourceId'
          ? "this CUR was made without resource IDs, which say whose charge a row is: create the export again with 'Include resource IDs' selected, and let AWS fill in the month"
          : 'include it in the export';
      expect(problems[0]?.what).toBe(
        `the column ${name} (${legacy} in a legacy CUR) is missing: ${remedy}`,
      );
    }
  });

  it.each(named(2))('of a FOCUS export without $field', ({ names, isOptional }) => {
    const problems = problemsOf(FOCUS.filter((one) => !names.includes(one)).concat('ServiceName'));
    if (isOptional || names.includes('ServiceName')) expect(problems).toEqual([]);
    else {
      const [name, other] = names;
      const alias = other === undefined ? '' : ` (or ${other})`;
      expect(problems).toHaveLength(1);
      expect(problems[0]?.what.startsWith(`the column ${name}${alias} is missing: `)).toBe(true);
    }
  });

  it('may lack the billing period where the path has it', () => {
    const names = CUR_2.filter((name) => name !== 'bill_billing_period_start_date');
    expect(problemsOf(names, 'BILLING_PERIOD=2026-01/cur.csv')).toEqual([]);
    const others = names.filter((name) => name !== 'line_item_unblended_cost');
    expect(problemsOf(others, 'BILLING_PERIOD=2026-01/cur.csv')).toHaveLength(1);
  });

  it('of a FOCUS export has its second column where the first is blank', () => {
    const header = headerOf([...FOCUS, 'PricingQuantity', 'ServiceName']);
    expect(header.columns.get('quantity')?.map(({ name }) => name)).toEqual([
      'ConsumedQuantity',
      'PricingQuantity',
    ]);
    expect(header.columns.get('product')?.map(({ name }) => name)).toEqual([
      'x_ServiceCode',
      'ServiceName',
    ]);
  });

  it.each([
    [[...CUR_2, 'LINE_ITEM_OPERATION'], 'LINE_ITEM_OPERATION', 'the column is in the header twice'],
    [
      [...CUR_2, 'lineItem/Operation'],
      'lineItem/Operation',
      'the column is also in the header by its other name, line_item_operation',
    ],
    [
      ['lineItem/Operation', ...CUR_2],
      'line_item_operation',
      'the column is also in the header by its other name, lineItem/Operation',
    ],
    [[...FOCUS, 'billedcost'], 'billedcost', 'the column is in the header twice'],
    [
      [...FOCUS, 'PricingQuantity', 'PricingQuantity'],
      'PricingQuantity',
      'the column is in the header twice',
    ],
  ])('with a column twice is refused', (names, column, what) => {
    expect(problemsOf(names)).toEqual([{ file: 'cur.csv', line: 1, column, what }]);
  });

  it('tells all that is wrong, what is twice first', () => {
    const names = CUR_2.filter((name) => name !== 'line_item_usage_amount');
    expect(problemsOf([...names, 'line_item_operation']).map(({ column }) => column)).toEqual([
      'line_item_operation',
      undefined,
    ]);
  });

  it('of no bill says which column is needed', () => {
    expect(problemsOf(['a', 'b'])).toEqual([
      {
        file: 'cur.csv',
        what: 'not a Cost and Usage Report: it has no column line_item_product_code (lineItem/ProductCode in a legacy CUR, x_ServiceCode or ServiceName in a FOCUS export)',
      },
    ]);
  });

  it('of an activity report, in any case, is called what it is', () => {
    const problems = problemsOf(['DATE', 'UserId', 'Client_Type', 'Credits_Used', 'ProfileId']);
    expect(problems[0]?.what).toMatch(/^an activity report, which is usage, not a bill: /);
  });

  it('has the columns of tags: as a map, or one for each key', () => {
    const tags = [
      'resource_tags',
      'TAGS',
      'resourceTags/user:team',
      'resource_tags_cost',
      'my_tags',
      'tags_of',
      'x/resourceTags/a',
      'resourceTags/',
    ];
    const found = headerOf([...CUR_2, ...tags]).tags.map(({ index, name, key }) => [
      index - CUR_2.length,
      name,
      key,
    ]);
    expect(found).toEqual([
      [0, 'resource_tags', undefined],
      [1, 'TAGS', undefined],
      [2, 'resourceTags/user:team', 'user:team'],
      [3, 'resource_tags_cost', 'cost'],
    ]);
  });
});

describe('the columns by which the delimiter is found', () => {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  /** The period may come from the path; of the others a FOCUS export has one of several. */
  const notRequired = ['periodStart'];
  const several = ['product', 'usageType', 'quantity'];

  it.each([
    ['CUR 2.0', 0, 1, 0],
    ['a legacy CUR', 1, 1, 1],
    ['a FOCUS export', 2, 2, 0],
  ] as const)('are those of %s', (_, at, kind, form) => {
    const all = named(kind).map((one) => ({ ...one, name: one.names[form] ?? first(one) }));
    const isRequired = ({ field, isOptional }: Named) =>
      !isOptional && !notRequired.includes(field) && !several.includes(field);
    const table = BILL_TABLES[at];
    expect([...(table?.required ?? [])].sort()).toEqual(
      lower(all.filter(isRequired).map(({ name }) => name)),
    );
    expect([...(table?.optional ?? [])].sort()).toEqual(
      lower(all.filter((one) => !isRequired(one)).map(({ name }) => name)),
    );
  });
});

describe('the month in a path', () => {
  it.each([
    ['BILLING_PERIOD=2026-01/x.csv', '2026-01'],
    ['a/billing_period=2026-01/b/x.csv', '2026-01'],
    ['a\\BILLING_PERIOD=2026-01\\x.csv', '2026-01'],
    ['a/BILLING_PERIOD=2026-01', undefined],
    ['a/BILLING_PERIOD=2026-1/x.csv', undefined],
    ['a/BILLING_PERIOD=202-01/x.csv', undefined],
    ['a/BILLING_PERIOD=2026-aa/x.csv', undefined],
    ['a/BILLING_PERIOD=aaaa-01/x.csv', undefined],
    ['a/MY_BILLING_PERIOD=2026-01/x.csv', undefined],
  ])('of %s', (path, month) => {
    expect(monthOfPath(path)).toBe(month);
  });
});

it.each([
  ['CUR 2.0', CUR_2],
  ['a legacy CUR', LEGACY],
  ['FOCUS', FOCUS],
  ['FOCUS 1.0', FOCUS_1_0],
])('the header of %s is recognized as a bill where usage is wanted', (_, names) => {
  const written = names.map((name) => name.toLowerCase());
  expect(billInsteadOf('usage', written)).toContain('which is a bill, not usage');
});
