import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Warning } from '../../domain/warning.ts';
import { differingSeats, greatestFirst, hasFindings } from '../../reconcile/reconcile.ts';
import { countShown } from '../../render/amounts.ts';
import type { AwsComparison } from '../../render/report/page-input.ts';
import type { Context } from '../context.ts';
import type { Filters } from '../filters.ts';
import type { FinishedInputs } from '../inputs.ts';
import {
  type BillOptions,
  billFiles,
  billSummary,
  comparedBill,
  hasBill,
  type MonthBill,
  readBill,
  refuseWithoutUsers,
} from '../month-bill.ts';
import { DEFAULT_TOLERANCE } from '../options.ts';

/** What AWS's bill adds to the invoice. */
export interface BillFindings {
  /** Missing if the bill has no row of the month. */
  readonly comparison?: AwsComparison;
  readonly warnings: readonly Warning[];
  readonly notes: readonly string[];
  /** What was read, and how it compares. */
  readonly closing: string;
  /** Whether something differs, or is unknown to us. */
  readonly hasFindings: boolean;
}

/**
 * The bill named by `--cur`, else by the settings; `undefined` if neither names one. A bill
 * without the month is `BadInput` only for `--cur`: the settings also name the bills of other
 * months.
 */
export async function monthBill(
  options: BillOptions,
  inputs: FinishedInputs,
  invoice: MonthInvoice,
  context: Context,
): Promise<MonthBill | undefined> {
  if (!hasBill(options, inputs)) return undefined;
  const files = await billFiles(options, inputs);
  const mayLackMonth = options.cur === undefined;
  const bill = await context.stopwatch.time('CUR', () =>
    readBill(files, inputs, invoice, context, { mayLackMonth }),
  );
  refuseWithoutUsers(bill);
  return bill;
}

/** How the bill compares with the seats shown, in the form of `reconcile`. */
export function billFindings(bill: MonthBill, filters: Filters): BillFindings {
  const { notes } = bill;
  const read = `${billSummary(bill)}.`;
  if (bill.aws.rows === 0) {
    return { warnings: [], notes, closing: read, hasFindings: false };
  }
  const { comparison, seats, warnings } = comparedBill(bill, filters, DEFAULT_TOLERANCE);
  const differing = greatestFirst(differingSeats(seats));
  const compared = seats.length;
  return {
    comparison: { differing, compared, bridge: comparison.bridge },
    warnings,
    notes,
    closing: `${read} ${differing.length} of ${countShown(compared, 'seat')} differ from it.`,
    hasFindings: hasFindings(comparison),
  };
}
