import { BadInput, type Problem } from '../domain/problem.ts';
import { CUR_PRODUCT, FOCUS_COST } from '../input/bill-header.ts';
import type { TableColumns } from '../input/csv-opening.ts';
import { ACTIVITY_COLUMNS, isActivityHeader } from '../usage/activity/report-header.ts';

/**
 * The columns that are read from a Cost and Usage Report: the name in CUR 2.0, the one in a legacy
 * CUR, and other names that AWS uses for the same.
 */
const CUR_NAMES = {
  product: CUR_PRODUCT,
  operation: ['line_item_operation', 'lineItem/Operation'],
  usageType: ['line_item_usage_type', 'lineItem/UsageType'],
  lineType: ['line_item_line_item_type', 'lineItem/LineItemType'],
  resourceId: ['line_item_resource_id', 'lineItem/ResourceId'],
  accountId: ['line_item_usage_account_id', 'lineItem/UsageAccountId'],
  periodStart: ['bill_billing_period_start_date', 'bill/BillingPeriodStartDate'],
  quantity: ['line_item_usage_amount', 'lineItem/UsageAmount'],
  cost: ['line_item_unblended_cost', 'lineItem/UnblendedCost'],
  currency: ['line_item_currency_code', 'lineItem/CurrencyCode'],
  payerId: ['bill_payer_account_id', 'bill/PayerAccountId'],
  invoiceId: ['bill_invoice_id', 'bill/InvoiceId'],
  regionCode: ['product_region_code', 'product/regionCode'],
  region: ['product_region', 'product/region'],
  productMap: ['product'],
  rowId: ['identity_line_item_id', 'identity/LineItemId'],
  usageStart: ['line_item_usage_start_date', 'lineItem/UsageStartDate'],
} as const;

/** Fields that distinguish a row from another like it. */
export const ROW_IDS: readonly CurField[] = ['rowId', 'usageStart'];

/** The same fields in AWS's FOCUS export, versions 1.0 and 1.2. */
const FOCUS_NAMES = {
  product: ['x_ServiceCode', 'ServiceName'],
  operation: ['x_Operation'],
  usageType: ['SkuMeter', 'x_UsageType'],
  lineType: ['ChargeCategory'],
  chargeClass: ['ChargeClass'],
  resourceId: ['ResourceId'],
  accountId: ['SubAccountId'],
  periodStart: ['BillingPeriodStart'],
  quantity: ['ConsumedQuantity', 'PricingQuantity'],
  cost: [FOCUS_COST],
  currency: ['BillingCurrency'],
  payerId: ['BillingAccountId'],
  invoiceId: ['InvoiceId'],
  regionCode: ['RegionId'],
  usageStart: ['ChargePeriodStart'],
} as const;

export type CurField = keyof typeof CUR_NAMES | keyof typeof FOCUS_NAMES;

/** The name of a field's column, and other names for it. */
type ColumnNames = readonly [string, ...string[]];

/** The column names of a kind of bill, and which columns may be missing. */
interface Dialect {
  readonly names: { readonly [Field in CurField]?: ColumnNames } & {
    readonly product: ColumnNames;
  };
  readonly optional: ReadonlySet<CurField>;
  /** Whether a field's second name is another column, used where the first is blank. */
  readonly hasFallbacks: boolean;
}

const CUR: Dialect = {
  names: CUR_NAMES,
  optional: new Set(['payerId', 'invoiceId', 'regionCode', 'region', 'productMap', ...ROW_IDS]),
  hasFallbacks: false,
};

const FOCUS: Dialect = {
  names: FOCUS_NAMES,
  optional: new Set(['operation', 'chargeClass', 'payerId', 'invoiceId', 'regionCode', ...ROW_IDS]),
  hasFallbacks: true,
};

/** Fields for which a FOCUS export has one column or another. */
const SEVERAL: ReadonlySet<CurField> = new Set(['product', 'usageType', 'quantity']);

/** The columns that a bill may have, in lower case, used to find its header and delimiter. */
export const BILL_TABLES: readonly TableColumns[] = [
  tableColumns(CUR, 0),
  tableColumns(CUR, 1),
  tableColumns(FOCUS, 0),
  ACTIVITY_COLUMNS,
];

/** `form`: which name to use for a field that has several. */
function tableColumns(dialect: Dialect, form: number): TableColumns {
  // The period may come from the path, and FOCUS has several columns for some fields.
  const isRequired = (field: CurField): boolean =>
    !dialect.optional.has(field) && field !== 'periodStart' && !SEVERAL.has(field);
  const namesOf = (isWanted: (field: CurField) => boolean): string[] =>
    fieldsOf(dialect)
      .filter(([field]) => isWanted(field))
      .map(([, names]) => (names[form] ?? names[0]).toLowerCase());
  return { required: namesOf(isRequired), optional: namesOf((field) => !isRequired(field)) };
}

function fieldsOf({ names }: Dialect): [CurField, ColumnNames][] {
  return Object.entries(names) as [CurField, ColumnNames][];
}

const WITHOUT_RESOURCE_IDS =
  "this CUR was made without resource IDs, which say whose charge a row is: create the export again with 'Include resource IDs' selected, and let AWS fill in the month";

export interface CurColumn {
  readonly index: number;
  /** The name as the file writes it, for messages. */
  readonly name: string;
}

/** The index and name of each column in the file. */
export interface CurHeader {
  readonly isFocus: boolean;
  /** A field's column, followed by those to use where it is blank. */
  readonly columns: ReadonlyMap<CurField, readonly CurColumn[]>;
  /** The columns that hold tags: one with all of them as a map, or one for each tag key. */
  readonly tags: readonly TagColumn[];
}

export interface TagColumn extends CurColumn {
  /** Missing if the column holds a map of tags. */
  readonly key?: string;
}

/** The column that says whether a row is Kiro's. */
export function productColumn({ columns }: CurHeader): CurColumn {
  return columns.get('product')?.[0] as CurColumn;
}

/** The month in a file's path, from a folder such as `BILLING_PERIOD=2026-01`. */
export function monthOfPath(file: string): string | undefined {
  return /(?:^|[\\/])BILLING_PERIOD=(\d{4}-\d\d)[\\/]/i.exec(file)?.[1];
}

/**
 * Finds the columns in a file's header, in any case, and from them the kind of bill. Missing and
 * repeated columns are `BadInput`; the billing period may come from the file's path instead. Their
 * place is the header; in Parquet it has no line.
 */
export function curHeader(
  place: Pick<Problem, 'file' | 'line'>,
  names: readonly string[],
): CurHeader {
  const { file } = place;
  const dialect = dialectOf(names);
  if (dialect === undefined) throw new BadInput([{ file, what: noCur(names) }]);
  const { columns, problems } = columnsOf(place, names, dialect);
  for (const [field, known] of fieldsOf(dialect)) {
    if (columns.has(field) || canBeMissing(field, file, dialect)) continue;
    problems.push({ file, what: missingColumn(field, known, dialect) });
  }
  if (problems.length > 0) throw new BadInput(problems);
  return { isFocus: dialect === FOCUS, columns, tags: tagColumns(names) };
}

function dialectOf(names: readonly string[]): Dialect | undefined {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return [CUR, FOCUS].find(({ names: known }) =>
    known.product.some((name) => lower.has(name.toLowerCase())),
  );
}

function columnsOf(
  place: Pick<Problem, 'file' | 'line'>,
  names: readonly string[],
  dialect: Dialect,
): { columns: Map<CurField, CurColumn[]>; problems: Problem[] } {
  const columns = new Map<CurField, CurColumn[]>();
  const problems: Problem[] = [];
  for (const [field, known] of fieldsOf(dialect)) {
    const found = known.flatMap((name) => columnsNamed(names, name));
    for (const column of found) {
      const first = earlierTwin(column, found, dialect.hasFallbacks);
      if (first === undefined) continue;
      problems.push({ ...place, column: column.name, what: twiceText(column, first) });
    }
    if (found.length > 0) columns.set(field, found);
  }
  return { columns, problems };
}

function columnsNamed(names: readonly string[], wanted: string): CurColumn[] {
  return [...names.entries()]
    .filter(([, name]) => same(name, wanted))
    .map(([index, name]) => ({ index, name }));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** An earlier column with the same meaning: of the same name or, without fallbacks, any name of the field. */
function earlierTwin(
  { index, name }: CurColumn,
  ofField: readonly CurColumn[],
  hasFallbacks: boolean,
): CurColumn | undefined {
  return ofField.find((other) => other.index < index && (!hasFallbacks || same(other.name, name)));
}

function twiceText({ name }: CurColumn, { name: first }: CurColumn): string {
  return same(name, first)
    ? 'the column is in the header twice'
    : `the column is also in the header by its other name, ${first}`;
}

/** Tag columns: `resource_tags` and `tags` as maps, `resourceTags/KEY` one by one. */
function tagColumns(names: readonly string[]): TagColumn[] {
  return [...names.entries()].flatMap(([index, name]): TagColumn[] => {
    if (/^(resource_tags|tags)$/i.test(name)) return [{ index, name }];
    const key = /^(?:resourceTags\/|resource_tags_)(.+)/i.exec(name)?.[1];
    return key === undefined ? [] : [{ index, name, key }];
  });
}

function canBeMissing(field: CurField, file: string, { optional }: Dialect): boolean {
  return optional.has(field) || (field === 'periodStart' && monthOfPath(file) !== undefined);
}

function noCur(names: readonly string[]): string {
  if (isActivityHeader(names.map((name) => name.toLowerCase()))) return REPORT_FOR_BILL;
  const [name, legacy] = CUR_PRODUCT;
  return `not a Cost and Usage Report: it has no column ${name} (${legacy} in a legacy CUR, ${FOCUS_NAMES.product.join(' or ')} in a FOCUS export)`;
}

/** The message for an activity report given where a bill is expected. */
export const REPORT_FOR_BILL =
  'an activity report, which is usage, not a bill: give it as --usage PATH, or run kiro-bill import activity PATH -o DIR';

/** The message for a folder of activity reports given where a bill is expected. */
export const REPORTS_FOR_BILL =
  'this folder has activity reports, which are usage, not a bill: give it as --usage PATH, or run kiro-bill import activity PATH -o DIR';

function missingColumn(
  field: CurField,
  [name, other]: ColumnNames,
  { hasFallbacks }: Dialect,
): string {
  const otherName = hasFallbacks ? `or ${other}` : `${other} in a legacy CUR`;
  const alias = other === undefined ? '' : ` (${otherName})`;
  const missing = `the column ${name}${alias} is missing`;
  if (field === 'resourceId') return `${missing}: ${WITHOUT_RESOURCE_IDS}`;
  return `${missing}: include it in the export`;
}

/** The problem of a file in which every seat's row has a blank resource id. */
export function noResourceIds(file: string): Problem {
  return {
    file,
    what: `no Kiro fee or usage row has a resource id: ${WITHOUT_RESOURCE_IDS}`,
  };
}
