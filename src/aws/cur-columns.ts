import type { Problem } from '../domain/problem.ts';

/** The columns of a CUR that matter here: the name in CUR 2.0, and in a legacy CUR. */
export const CUR_COLUMNS = {
  product: ['line_item_product_code', 'lineItem/ProductCode'],
  operation: ['line_item_operation', 'lineItem/Operation'],
  usageType: ['line_item_usage_type', 'lineItem/UsageType'],
  lineType: ['line_item_line_item_type', 'lineItem/LineItemType'],
  resourceId: ['line_item_resource_id', 'lineItem/ResourceId'],
  accountId: ['line_item_usage_account_id', 'lineItem/UsageAccountId'],
  periodStart: ['bill_billing_period_start_date', 'bill/BillingPeriodStartDate'],
  quantity: ['line_item_usage_amount', 'lineItem/UsageAmount'],
  cost: ['line_item_unblended_cost', 'lineItem/UnblendedCost'],
  currency: ['line_item_currency_code', 'lineItem/CurrencyCode'],
} as const;

export type CurField = keyof typeof CUR_COLUMNS;

export const CUR_FIELDS = Object.keys(CUR_COLUMNS) as CurField[];

const WITHOUT_RESOURCE_IDS =
  "this CUR was made without resource IDs, so nobody can tell whose charge a row is: create the export anew with 'Include resource IDs' selected, and let AWS fill in the month";

/** Where each column stands, and under which name; by the index in the file. */
export type CurHeader = ReadonlyMap<CurField, CurColumn>;

export interface CurColumn {
  readonly index: number;
  /** The name as it stands in the file, for messages. */
  readonly name: string;
}

/** The month that a folder `BILLING_PERIOD=2026-01` on the way to a file tells. */
export function monthOfPath(file: string): string | undefined {
  return /(?:^|[\\/])BILLING_PERIOD=(\d{4}-\d\d)[\\/]/i.exec(file)?.[1];
}

/**
 * Finds the columns among the names of a file's header, in any case. What is missing, or
 * there twice, is a problem; the billing period may come from the file's path instead.
 * The place is that of the header, in Parquet without a line.
 */
export function curHeader(
  place: Pick<Problem, 'file' | 'line'>,
  names: readonly string[],
): { readonly header: CurHeader } | { readonly problems: Problem[] } {
  const { file } = place;
  const header = new Map<CurField, CurColumn>();
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const field = FIELD_OF_NAME.get(name.toLowerCase());
    if (field === undefined) continue;
    const first = header.get(field);
    if (first === undefined) header.set(field, { index, name });
    else problems.push({ ...place, column: name, what: twice(name, first.name) });
  }
  const missing = CUR_FIELDS.filter((field) => !header.has(field) && !canBeMissing(field, file));
  if (missing.includes('product')) return { problems: [{ file, what: noCur() }] };
  problems.push(...missing.map((field) => ({ file, what: missingColumn(field) })));
  return problems.length === 0 ? { header } : { problems };
}

const FIELD_OF_NAME: ReadonlyMap<string, CurField> = new Map(
  CUR_FIELDS.flatMap((field) => CUR_COLUMNS[field].map((name) => [name.toLowerCase(), field])),
);

function twice(name: string, first: string): string {
  return name === first
    ? 'the column stands twice in the header'
    : `the column stands in the header by its other name, ${first}, too`;
}

function canBeMissing(field: CurField, file: string): boolean {
  return field === 'periodStart' && monthOfPath(file) !== undefined;
}

function noCur(): string {
  const [name, legacy] = CUR_COLUMNS.product;
  return `not a Cost and Usage Report: it has no column ${name} (${legacy} in a legacy CUR)`;
}

function missingColumn(field: CurField): string {
  const [name, legacy] = CUR_COLUMNS[field];
  const missing = `the column ${name} (${legacy} in a legacy CUR) is missing`;
  if (field === 'resourceId') return `${missing}: ${WITHOUT_RESOURCE_IDS}`;
  return `${missing}: include it in the export`;
}

/** Every seat's row of a file has a blank resource id. */
export function noResourceIds(file: string): Problem {
  return {
    file,
    what: `no Kiro fee or usage row has a resource id: ${WITHOUT_RESOURCE_IDS}`,
  };
}
