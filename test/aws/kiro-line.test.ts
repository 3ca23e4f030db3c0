/** What one row of AWS's bill means. */
import { describe, expect, it } from 'vitest';
import { type CurRow, monthOfRow, regionOfRow, textMap } from '../../src/aws/cur-row.ts';
import { kiroLine } from '../../src/aws/kiro-line.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import { ACCOUNT, ALICE, userArn } from './cur-rows.ts';

type Texts = Partial<Record<Parameters<CurRow['text']>[0], string>>;

const FEE: Texts = {
  product: 'Kiro',
  periodStart: '2026-01-01T00:00:00Z',
  accountId: ACCOUNT,
  lineType: 'FlatRateSubscription',
  operation: 'monthly-subscription',
  usageType: 'USE1-KiroEnterprise-Pro',
  resourceId: userArn(ALICE),
  quantity: '1',
  cost: '20',
  currency: 'usd',
};

function rowOf(texts: Texts, more: Partial<CurRow> = {}): CurRow {
  const all: Texts = { ...FEE, ...texts };
  return {
    file: 'cur.csv',
    line: 7,
    isFocus: false,
    ...more,
    text: (field) => all[field] ?? '',
    columnName: (field) => (field in all ? `column_${field}` : undefined),
    tags: () => new Map(),
  };
}

function lineOf(texts: Texts, more?: Partial<CurRow>) {
  const line = kiroLine(rowOf(texts, more));
  if (!('cost' in line)) throw new Error(JSON.stringify(line));
  return line;
}

function problemsOf(texts: Texts) {
  const problems = kiroLine(rowOf(texts));
  if ('cost' in problems) throw new Error('no problem');
  return problems;
}

describe('a row of Kiro', () => {
  it('is read with all its figures', () => {
    const line = lineOf({ payerId: '999988887777', invoiceId: '77', cost: '0.1234567891' });
    expect(line).toMatchObject({
      month: '2026-01',
      payerId: '999988887777',
      accountId: ACCOUNT,
      code: 'USE1',
      region: 'us-east-1',
      item: 'Pro',
      lineType: 'FlatRateSubscription',
      operation: 'monthly-subscription',
      column: 'direct_charge',
      charge: 'subscription',
      userId: ALICE,
      currency: 'USD',
      isInvoiced: true,
    });
    expect([line.quantity, line.cost].map((value) => decimalText(value, 0))).toEqual([
      '1',
      '0.1234567891',
    ]);
  });

  it.each<[string, Texts, boolean | undefined]>([
    ['has an invoice id', { invoiceId: '77' }, true],
    ['has a blank one', { invoiceId: '' }, false],
    ['has no such column', {}, undefined],
  ])('is invoiced where it says so: it %s', (_, texts, isInvoiced) => {
    expect(lineOf(texts).isInvoiced).toBe(isInvoiced);
  });

  it('may leave out account, payer, user and quantity', () => {
    const line = lineOf({ accountId: '', payerId: '', resourceId: '', quantity: '' });
    expect(line).toMatchObject({ accountId: '', payerId: '', userId: '' });
    expect(decimalText(line.quantity, 0)).toBe('0');
  });

  it('has the leading zeros of its account that a spreadsheet dropped', () => {
    expect(lineOf({ accountId: '1122223333', payerId: '7' })).toMatchObject({
      accountId: '001122223333',
      payerId: '000000000007',
    });
  });
});

describe('the chargeback column of a row', () => {
  it.each([
    ['FlatRateSubscription', 'direct_charge', 'other'],
    ['Usage', 'direct_charge', 'other'],
    ['usage', 'direct_charge', 'other'],
    ['Refund', 'refund', 'refund'],
    ['EdpDiscount', 'discount', 'discount'],
    ['SppDiscount', 'discount', 'discount'],
    ['BundledDiscount', 'discount', 'discount'],
    ['PrivateRateDiscount', 'discount', 'discount'],
    ['Credit', 'credit', 'credit'],
    ['Tax', 'tax', 'tax'],
    ['RIFee', 'other', 'other'],
    ['', 'other', 'other'],
  ])('of type %j is %s with a user, and %s without one', (lineType, named, unnamed) => {
    expect(lineOf({ lineType })).toMatchObject({
      lineType,
      column: named,
    });
    expect(lineOf({ lineType, resourceId: '' }).column).toBe(unnamed);
  });

  it.each([
    ['Usage', '', 'direct_charge', 'other', 'Usage'],
    ['Purchase', 'Regular', 'direct_charge', 'other', 'Purchase'],
    ['Usage', 'Correction', 'refund', 'refund', 'Correction'],
    ['Tax', 'correction', 'refund', 'refund', 'correction'],
    ['Tax', 'Correction of sorts', 'tax', 'tax', 'Tax'],
    ['Tax', 'No Correction', 'tax', 'tax', 'Tax'],
    ['tax', '', 'tax', 'tax', 'tax'],
    ['Credit', '', 'credit', 'credit', 'Credit'],
    ['Taxes', '', 'direct_charge', 'other', 'Taxes'],
    ['VATax', '', 'direct_charge', 'other', 'VATax'],
    ['Credits', '', 'direct_charge', 'other', 'Credits'],
    ['NoCredit', '', 'direct_charge', 'other', 'NoCredit'],
  ])(
    'of a FOCUS export, category %j and class %j, is %s with a user, and %s without one',
    (category, chargeClass, named, unnamed, lineType) => {
      const texts = { lineType: category, chargeClass };
      expect(lineOf(texts, { isFocus: true })).toMatchObject({
        lineType,
        column: named,
      });
      expect(lineOf({ ...texts, resourceId: '' }, { isFocus: true }).column).toBe(unnamed);
    },
  );
});

describe('what a row charges a seat for', () => {
  it.each<[string, Texts, 'subscription' | 'overage' | undefined]>([
    [
      'the operation of a fee',
      {
        usageType: 'USE1-KiroEnterprise-Credits',
        operation: 'Monthly-Subscription',
        lineType: 'Usage',
      },
      'subscription',
    ],
    ['the operation of credits', { operation: 'credits' }, 'overage'],
    [
      'an unknown operation with a tier',
      { operation: 'agents', lineType: 'Usage' },
      'subscription',
    ],
    [
      'an unknown operation without a tier',
      { operation: 'agents', lineType: 'Usage', usageType: 'USE1-KiroEnterprise-Agents' },
      'overage',
    ],
    [
      'an unknown operation of a flat rate',
      { operation: 'agents', usageType: 'USE1-KiroEnterprise-Agents' },
      'subscription',
    ],
    [
      'an operation that only contains that of a fee',
      { operation: 'no-monthly-subscription', lineType: 'Usage', usageType: 'USE1-Agents' },
      'overage',
    ],
    [
      'an operation that only begins as that of a fee',
      { operation: 'monthly-subscription-2', lineType: 'Usage', usageType: 'USE1-Agents' },
      'overage',
    ],
    ['an operation that only ends as that of credits', { operation: 'no-credits' }, 'subscription'],
    [
      'an operation that only begins as that of credits',
      { operation: 'credits-2' },
      'subscription',
    ],
    [
      'a line type that only contains that of a flat rate',
      { operation: 'agents', lineType: 'Usage', usageType: 'USE1-Agents' },
      'overage',
    ],
    [
      'a refund of credits',
      { operation: '', lineType: 'Refund', usageType: 'USE1-KiroEnterprise-Credits' },
      'overage',
    ],
    ['a refund of a tier', { operation: '', lineType: 'Refund' }, 'subscription'],
    [
      'a refund of what is not known',
      { operation: '', lineType: 'Refund', usageType: 'USE1-Agents' },
      'subscription',
    ],
    ['a row without a user', { resourceId: '' }, undefined],
    ['a refund without a user', { resourceId: '', lineType: 'Refund' }, undefined],
    ['a discount', { lineType: 'SppDiscount' }, undefined],
    ['a credit', { lineType: 'Credit' }, undefined],
  ])('%s', (_, texts, charge) => {
    expect(lineOf(texts).charge).toBe(charge);
  });

  it.each<[string, Texts, string, 'subscription' | 'overage']>([
    ['a tier', {}, 'monthly-subscription', 'subscription'],
    ['credits', { usageType: 'USE1-KiroEnterprise-CREDITS' }, 'Credits', 'overage'],
    ['nothing', { usageType: '' }, '', 'overage'],
  ])(
    'is told by the item of a FOCUS export without operations: %s',
    (_, texts, operation, charge) => {
      const line = lineOf({ ...texts, operation: '', lineType: 'Usage' }, { isFocus: true });
      expect(line).toMatchObject({ operation, charge });
    },
  );

  it.each([
    ['FlatRateSubscription', 'subscription'],
    ['A FlatRateSubscription', 'overage'],
    ['FlatRateSubscriptions', 'overage'],
  ])('is told by its category, too: %s', (lineType, charge) => {
    const texts = { lineType, operation: 'agents', usageType: 'USE1-Agents' };
    expect(lineOf(texts, { isFocus: true }).charge).toBe(charge);
  });

  it('is not told so of a CUR, which has operations', () => {
    expect(lineOf({ operation: '' }).operation).toBe('');
  });
});

describe('the month and the Region of a row', () => {
  it.each([
    ['2026-01-01', 'cur.csv', '2026-01'],
    ['2026-02-01 00:00:00', 'x/BILLING_PERIOD=2026-01/cur.csv', '2026-02'],
    ['', 'x/BILLING_PERIOD=2026-01/cur.csv', '2026-01'],
    ['', 'cur.csv', undefined],
    ['2026-13-01', 'cur.csv', undefined],
  ])('%j in %s is of month %s', (periodStart, file, month) => {
    expect(monthOfRow(rowOf({ periodStart }, { file }))).toBe(month);
  });

  it.each<[Texts, string]>([
    [{ usageType: 'EUC1-KiroEnterprise-Pro', regionCode: 'us-east-1' }, 'eu-central-1'],
    [{ usageType: 'KiroEnterprise', regionCode: 'eu-west-1', region: 'eu-west-2' }, 'eu-west-1'],
    [
      {
        usageType: 'KiroEnterprise',
        region: 'Europe (London)',
        productMap: '{"region":"eu-west-3"}',
      },
      'eu-west-2',
    ],
    [
      { usageType: 'QQQ7-Pro', productMap: '{"region":"eu-west-3","region_code":"eu-north-1"}' },
      'eu-north-1',
    ],
    [{ usageType: 'QQQ7-Pro', productMap: '{"region":"eu-west-3"}' }, 'eu-west-3'],
    [{ usageType: 'QQQ7-Pro', regionCode: 'nowhere' }, ''],
  ])('%j is in Region %j', (texts, region) => {
    expect(regionOfRow(rowOf(texts))).toBe(region);
  });

  it.each([
    ['{"a":"b","n":1,"o":null}', { a: 'b' }],
    ['{"a":', {}],
    ['[{"a":"b"}]', {}],
    ['["a"]', {}],
    ['"a"', {}],
    ['', {}],
  ])('the map %j', (text, map) => {
    expect(textMap(text)).toEqual(map);
  });
});

describe('a value that cannot be read', () => {
  it.each<[string, Texts, string]>([
    ['periodStart', { periodStart: 'January' }, 'not the start of a billing period'],
    ['accountId', { accountId: '12345678901x' }, 'an account id has 12 digits'],
    ['payerId', { payerId: '1234567890123' }, 'an account id has 12 digits'],
    ['quantity', { quantity: 'x' }, 'not a number'],
    ['cost', { cost: '1,5' }, 'not a number'],
    ['cost', { cost: '' }, 'must not be blank'],
  ])('in %s is a problem at its place', (field, texts, what) => {
    const value = texts[field as keyof Texts] as string;
    const column = `column_${field}`;
    expect(problemsOf(texts)).toEqual([{ file: 'cur.csv', line: 7, column, what, value }]);
  });

  it('in the resource id is a problem, too', () => {
    expect(problemsOf({ resourceId: 'x'.repeat(600) })).toMatchObject([
      { line: 7, column: 'column_resourceId' },
    ]);
  });

  it('in a column that the file lacks is named by its field', () => {
    const row = { ...rowOf({ periodStart: '' }), columnName: () => undefined };
    expect(kiroLine(row)).toMatchObject([{ column: 'periodStart' }]);
  });

  it('all problems of a row are told', () => {
    expect(problemsOf({ cost: 'x', quantity: 'y' })).toHaveLength(2);
  });
});
