import { openAccounts } from '../aws/aws-bill.ts';
import type { Billing } from '../billing/invoice.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { ReconciledSeat } from '../domain/reconciliation.ts';
import type { Warning } from '../domain/warning.ts';
import { netCharges } from '../reconcile/chargeback.ts';
import { reasonContext, reconciledSeats } from '../reconcile/reasons.ts';
import { type Comparison, compareBills, compareSeats } from '../reconcile/reconcile.ts';
import { type Filters, isFiltering, seatFilter } from './filters.ts';
import type { MonthBill } from './month-bill.ts';

/** What is compared with AWS's bill, and how exactly. */
export interface ComparisonAsked {
  /** The whole invoice: reasons look at all of its seats. */
  readonly invoice: MonthInvoice;
  readonly billing: Billing;
  readonly filters: Filters;
  /** How far apart two amounts may be and still match. */
  readonly tolerance: Decimal;
}

/** The seats that pass the filters, compared with AWS's bill; and each of them with the likely reason. */
export function comparedWithBill(
  { aws, placed, chargeback }: MonthBill,
  { invoice, billing, filters, tolerance }: ComparisonAsked,
): { comparison: Comparison; seats: readonly ReconciledSeat[] } {
  const { records, seats: known } = billing;
  const input = { invoice, bill: placed, users: records.users, tolerance };
  const whole = compareBills(input);
  const comparison = isFiltering(filters)
    ? compareSeats(input, seatFilter(invoice, filters))
    : whole;
  const context = { invoice, tolerance, known, openAccounts: openAccounts(aws) };
  const seats = reconciledSeats(comparison, reasonContext(whole, context), netCharges(chargeback));
  return { comparison, seats };
}

/** What should be looked at in the bill: of seats, where they are shown. */
export function shownBillWarnings(
  { warnings }: MonthBill,
  { invoice, filters }: Pick<ComparisonAsked, 'invoice' | 'filters'>,
): Warning[] {
  if (!isFiltering(filters)) return [...warnings];
  const passes = seatFilter(invoice, filters);
  return warnings.filter(
    ({ profileId = '', userId }) => userId === undefined || passes(profileId, userId),
  );
}
