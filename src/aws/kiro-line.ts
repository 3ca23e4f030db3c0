import { type Decimal, decimalFromText, ZERO } from '../domain/decimal.ts';
import { type Identities, NO_IDENTITIES, userIdFor } from '../domain/identities.ts';
import { bareUserId, idDefect, isAccountId } from '../domain/ids.ts';
import type { Problem } from '../domain/problem.ts';
import type { Region } from '../domain/region.ts';
import { knownTiers, tierKey } from '../domain/tier.ts';
import { usageTypeParts } from './billing-codes.ts';
import type { CurField } from './cur-columns.ts';
import { type CurRow, monthOfRow, regionOfRow } from './cur-row.ts';

/** The chargeback column of a Kiro row, by its line item type. */
export const BILL_COLUMNS = [
  'direct_charge',
  'refund',
  'discount',
  'credit',
  'tax',
  'other',
] as const;

export type BillColumn = (typeof BILL_COLUMNS)[number];

/** One row of AWS's bill that counts. */
export interface KiroLine {
  /** `YYYY-MM`. */
  readonly month: string;
  /** The account that pays the bill; blank if the bill does not say. */
  readonly payerId: string;
  /** Twelve digits, or blank. */
  readonly accountId: string;
  /** The start of the usage type, usually the Region's billing code: `USE1`. */
  readonly code: string;
  /** The Region by that code, else by the product's columns; blank if neither gives it. */
  readonly region: Region;
  /** What is charged, from the end of the usage type: `ProPlus`, `Credits`. */
  readonly item: string;
  /** As AWS spells it: `FlatRateSubscription`, `Tax`; in a FOCUS export its charge category or class. */
  readonly lineType: string;
  readonly operation: string;
  readonly column: BillColumn;
  /** What it charges a seat for; missing for discounts, taxes and the like. */
  readonly charge?: 'subscription' | 'overage';
  /** The user's id in our data; blank if the row has no resource id. */
  readonly userId: string;
  /** The seat fraction of a fee, or credits. */
  readonly quantity: Decimal;
  readonly cost: Decimal;
  /** Blank if the row does not say. */
  readonly currency: string;
  /** Whether the row has been invoiced; missing if the bill has no such column. */
  readonly isInvoiced?: boolean;
  /** The tags of the row, unchanged, by key. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Whether a row's operation is that of a fee or credits, so that it counts even at no cost. */
export function isKnownOperation(operation: string): boolean {
  return FEE.test(operation) || CREDITS.test(operation);
}

const FEE = /^monthly-subscription$/i;
const CREDITS = /^credits$/i;

/** Reads a row of Kiro or Amazon Q. A value that cannot be read is a problem with the row's place. */
export function kiroLine(
  row: CurRow,
  identities: Identities = NO_IDENTITIES,
): KiroLine | readonly Problem[] {
  const reader = new LineReader(row);
  const { code, item } = usageTypeParts(row.text('usageType'));
  const userId = reader.userId(identities);
  const operation = row.text('operation') || (row.isFocus ? focusOperation(item) : '');
  const kind = kindOf(row, userId);
  const charge = chargeOf(kind, item, operation, userId);
  const invoiced =
    row.columnName('invoiceId') === undefined ? {} : { isInvoiced: row.text('invoiceId') !== '' };
  const line: KiroLine = {
    month: reader.month(),
    payerId: reader.accountId('payerId'),
    accountId: reader.accountId('accountId'),
    code: code.toUpperCase(),
    region: regionOfRow(row),
    item,
    operation,
    ...kind,
    ...(charge && { charge }),
    userId,
    // Discounts have no quantity.
    quantity: row.text('quantity') === '' ? ZERO : reader.number('quantity'),
    cost: reader.number('cost'),
    currency: row.text('currency').toUpperCase(),
    ...invoiced,
    tags: row.tags(),
  };
  return reader.problems.length > 0 ? reader.problems : line;
}

/** Whether a row could be read. */
export function isKiroLine(line: KiroLine | readonly Problem[]): line is KiroLine {
  return 'cost' in line;
}

/** A FOCUS export may lack AWS's own operation column: then the item says what is charged. */
function focusOperation(item: string): string {
  if (item === '') return '';
  return tierKey(item) === CREDITS_ITEM ? 'Credits' : 'monthly-subscription';
}

type LineKind = Pick<KiroLine, 'lineType' | 'column'>;

/** Of a CUR. */
const COLUMN_OF_LINE_TYPE: ReadonlyMap<string, BillColumn> = new Map([
  ['flatratesubscription', 'direct_charge'],
  ['usage', 'direct_charge'],
  ['refund', 'refund'],
  ['edpdiscount', 'discount'],
  ['sppdiscount', 'discount'],
  ['bundleddiscount', 'discount'],
  ['privateratediscount', 'discount'],
  ['credit', 'credit'],
  ['tax', 'tax'],
]);

/** Of a FOCUS export. */
const COLUMN_OF_CATEGORY: ReadonlyMap<string, BillColumn> = new Map([
  ['credit', 'credit'],
  ['tax', 'tax'],
]);

/**
 * The line types of a CUR, and the charge categories of a FOCUS export, that charge a seat and so
 * should name a user: those of direct charges.
 */
const SEAT_LINE_TYPES: ReadonlySet<string> = new Set(['flatratesubscription', 'usage', 'purchase']);

/** Whether rows of a line type should name a user. */
export function isSeatLineType(lineType: string): boolean {
  return SEAT_LINE_TYPES.has(lineType.toLowerCase());
}

function kindOf(row: CurRow, userId: string): LineKind {
  const isCorrection = /^correction$/i.test(row.text('chargeClass'));
  const lineType = row.text(isCorrection ? 'chargeClass' : 'lineType');
  if (isCorrection) return { lineType, column: 'refund' };
  const column = columnOf(lineType.toLowerCase(), row.isFocus);
  return { lineType, column: column === 'direct_charge' && userId === '' ? 'other' : column };
}

/** The column of a row that names a user. */
function columnOf(lineType: string, isFocus: boolean): BillColumn {
  return isFocus
    ? (COLUMN_OF_CATEGORY.get(lineType) ?? 'direct_charge')
    : (COLUMN_OF_LINE_TYPE.get(lineType) ?? 'other');
}

/** The item of overage usage types, as a tier key. */
const CREDITS_ITEM = 'credits';
const TIERS = knownTiers();

/**
 * What a row with a user charges the seat for; `undefined` for discounts, credits and taxes.
 * Decided by the operation; with an unknown operation, the row is a fee if the usage type names a
 * tier, else overage.
 */
function chargeOf(
  { column, lineType }: LineKind,
  item: string,
  operation: string,
  userId: string,
): KiroLine['charge'] {
  const isRefund = column === 'refund';
  if (userId === '' || (column !== 'direct_charge' && !isRefund)) return undefined;
  if (FEE.test(operation)) return 'subscription';
  if (CREDITS.test(operation)) return 'overage';
  const key = tierKey(item);
  if (isRefund) return key === CREDITS_ITEM ? 'overage' : 'subscription';
  return TIERS.has(key) || /^flatratesubscription$/i.test(lineType) ? 'subscription' : 'overage';
}

class LineReader {
  readonly problems: Problem[] = [];
  readonly #row: CurRow;

  constructor(row: CurRow) {
    this.#row = row;
  }

  month(): string {
    const month = monthOfRow(this.#row);
    if (month === undefined) this.#problem('periodStart', 'not the start of a billing period');
    return month ?? '';
  }

  /** The account id; it may be blank, as charges of a whole organization belong to no account. */
  accountId(field: 'accountId' | 'payerId'): string {
    const text = this.#row.text(field);
    if (text === '') return '';
    // Spreadsheets drop leading zeros.
    const accountId = text.padStart(12, '0');
    if (!isAccountId(accountId)) this.#problem(field, 'an account id has 12 digits');
    return accountId;
  }

  userId(identities: Identities): string {
    const userId = bareUserId(this.#row.text('resourceId'));
    const defect = idDefect(userId);
    if (defect !== undefined) this.#problem('resourceId', defect);
    return userId === '' ? '' : userIdFor(identities, userId);
  }

  number(field: 'quantity' | 'cost'): Decimal {
    const text = this.#row.text(field);
    const value = decimalFromText(text);
    const what = text === '' ? 'must not be blank' : 'not a number';
    if (value === undefined) this.#problem(field, what);
    return value ?? ZERO;
  }

  #problem(field: CurField, what: string): void {
    const { file, line } = this.#row;
    const column = this.#row.columnName(field) ?? field;
    this.problems.push({ file, line, column, what, value: this.#row.text(field) });
  }
}
