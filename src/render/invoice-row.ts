import type { Decimal } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
import type { Row, RowSource } from '../domain/sheet.ts';

/** The cells of the invoice's views, as their sheets name them. */
export interface InvoiceCells {
  readonly profile_id: string;
  readonly account_id: string;
  readonly region: string;
  readonly user_id: string;
  readonly group_id: string;
  readonly cost_center: string;
  readonly tier: string;
  readonly date: string;
  readonly line_type: string;
  readonly rule: string;
  readonly quantity: string;
  readonly unit_price: Decimal;
  readonly seats: number;
  readonly credits_used: Decimal;
  readonly credits_included: Decimal;
  readonly overage_credits: Decimal;
  readonly unbilled_credits: Decimal;
  readonly subscription_charge: Cents;
  readonly overage_charge: Cents;
  readonly amount: Cents;
  readonly total_charge: Cents;
}

/** A row of a view, which has some of the cells. */
export interface InvoiceRow extends Partial<InvoiceCells> {
  readonly currency: string;
  /** Has the same user as the row before. */
  readonly isFurther?: boolean;
}

/** Gives the rows of one view's sheet their names. */
export function invoiceRowsOf({ columns, currency }: RowSource): (row: Row) => InvoiceRow {
  return (row) => {
    const cells = Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]));
    return { ...(cells as Partial<InvoiceCells>), currency };
  };
}
