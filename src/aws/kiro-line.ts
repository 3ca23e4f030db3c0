import { billingPeriodFromText } from '../domain/billing-period.ts';
import { type Decimal, decimalFromText, ZERO } from '../domain/decimal.ts';
import { bareUserId, idDefect, isAccountId } from '../domain/ids.ts';
import type { Problem } from '../domain/problem.ts';
import { usageTypeParts } from './billing-codes.ts';
import { CUR_COLUMNS, type CurField, monthOfPath } from './cur-columns.ts';

/** One row of a CUR, as texts. */
export interface CurRow {
  readonly file: string;
  /** The physical line of a CSV row; missing in Parquet. */
  readonly line?: number;
  /** The number of a Parquet row, from 1; missing in a CSV. */
  readonly row?: number;
  /** The field's text, trimmed; blank where the file has no such column, or no value. */
  text(field: CurField): string;
}

/** The product code of Kiro's rows, and the bytes that tell them from all other rows. */
export const KIRO_PRODUCT = 'Kiro';

/** One Kiro row of AWS's bill. */
export interface KiroLine {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly accountId: string;
  /** The Region's billing code: `USE1`. */
  readonly code: string;
  /** What is charged, by the end of the usage type: `ProPlus`, `Credits`. */
  readonly item: string;
  /** As AWS spells it: `FlatRateSubscription`, `Tax`. */
  readonly lineType: string;
  readonly operation: string;
  /** The bare user id; blank where the row has no resource id. */
  readonly userId: string;
  /** The seat fraction of a fee, or credits. */
  readonly quantity: Decimal;
  readonly cost: Decimal;
  /** Blank where the row does not tell. */
  readonly currency: string;
}

/** Reads a Kiro row. What cannot be read is a problem with the row's place. */
export function kiroLine(row: CurRow): KiroLine | readonly Problem[] {
  const reader = new LineReader(row);
  const { code, item } = usageTypeParts(row.text('usageType'));
  const line: KiroLine = {
    month: reader.month(),
    accountId: reader.accountId(),
    code: code.toUpperCase(),
    item,
    lineType: row.text('lineType'),
    operation: row.text('operation'),
    userId: reader.userId(),
    quantity: reader.number('quantity'),
    cost: reader.number('cost'),
    currency: row.text('currency').toUpperCase(),
  };
  return reader.problems.length > 0 ? reader.problems : line;
}

/** The billing period of any row, `YYYY-MM`: its column's, else its folder's; nothing where neither tells. */
export function monthOfRow(row: CurRow): string | undefined {
  const month = row.text('periodStart').slice(0, 7) || (monthOfPath(row.file) ?? '');
  return billingPeriodFromText(month)?.month;
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

  accountId(): string {
    // Excel and the like drop leading zeros.
    const text = this.#row.text('accountId').padStart(12, '0');
    if (!isAccountId(text)) this.#problem('accountId', 'an account id has 12 digits');
    return text;
  }

  userId(): string {
    const userId = bareUserId(this.#row.text('resourceId'));
    const defect = idDefect(userId);
    if (defect !== undefined) this.#problem('resourceId', defect);
    return userId;
  }

  /** A blank number is zero: discounts have no usage amount. */
  number(field: 'quantity' | 'cost'): Decimal {
    const text = this.#row.text(field);
    if (text === '') return ZERO;
    const value = decimalFromText(text);
    if (value === undefined) this.#problem(field, 'not a number');
    return value ?? ZERO;
  }

  #problem(field: CurField, what: string): void {
    const { file, line, row } = this.#row;
    const value = this.#row.text(field);
    const column = CUR_COLUMNS[field][0];
    this.problems.push(
      line === undefined
        ? { file, what: `row ${row}: ${column}: ${what}`, value }
        : { file, line, column, what, value },
    );
  }
}
