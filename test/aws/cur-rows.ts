/** Rows of small Cost and Usage Reports, as CSV and as Parquet. */
import { gzipSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer, schemaFromColumnData } from 'hyparquet-writer';

export const ACCOUNT = '111122223333';
export const ALICE = '11111111-1111-4111-8111-111111111111';
export const BOB = '22222222-2222-4222-8222-222222222222';

/** A row by its CUR 2.0 column names. */
export type CurTexts = Readonly<Record<string, string>>;

const DEFAULTS: CurTexts = {
  identity_line_item_id: 'x',
  bill_billing_period_start_date: '2026-01-01T00:00:00.000Z',
  line_item_usage_account_id: ACCOUNT,
  line_item_line_item_type: 'Usage',
  line_item_product_code: 'Kiro',
  line_item_usage_type: 'USE1-KiroEnterprise-Credits',
  line_item_operation: 'Credits',
  line_item_resource_id: '',
  line_item_usage_amount: '0',
  line_item_currency_code: 'USD',
  line_item_unblended_cost: '0',
  line_item_line_item_description: '',
};

export const CUR_2 = Object.keys(DEFAULTS);

export function userArn(userId: string): string {
  return `arn:aws:identitystore:::user/${userId}`;
}

export function curRow(texts: CurTexts): CurTexts {
  return { ...DEFAULTS, ...texts };
}

/** A monthly fee of a tier, as usage types spell it. */
export function fee(userId: string, item: string, cost: string, texts: CurTexts = {}): CurTexts {
  return curRow({
    line_item_line_item_type: 'FlatRateSubscription',
    line_item_operation: 'monthly-subscription',
    line_item_usage_type: `USE1-KiroEnterprise-${item}`,
    line_item_resource_id: userArn(userId),
    line_item_usage_amount: '1',
    line_item_unblended_cost: cost,
    ...texts,
  });
}

/** Credits of a user; those within the plan cost 0. */
export function credits(
  userId: string,
  amount: string,
  cost: string,
  texts: CurTexts = {},
): CurTexts {
  return curRow({
    line_item_resource_id: userArn(userId),
    line_item_usage_amount: amount,
    line_item_unblended_cost: cost,
    ...texts,
  });
}

/** A row of the account: a discount, a tax. */
export function adjustment(lineType: string, cost: string, texts: CurTexts = {}): CurTexts {
  return curRow({
    line_item_line_item_type: lineType,
    line_item_operation: '',
    line_item_usage_amount: '',
    line_item_unblended_cost: cost,
    ...texts,
  });
}

export function otherProduct(texts: CurTexts = {}): CurTexts {
  return curRow({ line_item_product_code: 'AmazonEC2', line_item_unblended_cost: '7.5', ...texts });
}

export function curCsv(rows: readonly CurTexts[], columns: readonly string[] = CUR_2): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map((fields) => `${fields.map(quoted).join(',')}\n`).join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

export function curGzip(rows: readonly CurTexts[]): Buffer {
  return gzipSync(curCsv(rows));
}

/** The same as Parquet; `columns` and `elements` replace what some of them hold, and how it is stored. */
export function curParquet(
  rows: readonly CurTexts[],
  columns: Readonly<Record<string, Partial<ColumnSource>>> = {},
  elements: Readonly<Record<string, SchemaElement>> = {},
  rowGroupSize = 1000,
  statistics = true,
): Buffer {
  const columnData = CUR_2.map((name) => ({
    name,
    data: rows.map((row) => row[name] ?? ''),
    ...columns[name],
  }));
  const typed = columnData.map((column) =>
    column.name in elements ? column : { type: 'STRING' as const, ...column },
  );
  const schema = schemaFromColumnData({ columnData: typed, schemaOverrides: elements });
  const untyped = columnData.map(({ type: _, ...column }) => column);
  return Buffer.from(parquetWriteBuffer({ columnData: untyped, schema, rowGroupSize, statistics }));
}
