import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Warning } from '../../domain/warning.ts';
import {
  bridgeSteps,
  differencesOf,
  greatestFirst,
  hasFindings,
} from '../../reconcile/reconciliation-sheets.ts';
import { countShown } from '../../render/amounts.ts';
import type { AwsComparison } from '../../render/report/page-input.ts';
import {
  type BillBeside,
  type BillFiles,
  type BillOptions,
  billFiles,
  billSummary,
  hasBill,
  readBill,
  refuseWithoutUsers,
} from '../aws-bill.ts';
import { type ComparisonAsked, comparedWithBill, shownBillWarnings } from '../bill-comparison.ts';
import type { Context } from '../context.ts';
import type { FinishedInputs } from '../inputs.ts';
import { DEFAULT_TOLERANCE } from '../options.ts';

/** AWS's bill of the month, and the files it comes from. */
export interface MonthBill {
  readonly files: BillFiles;
  readonly beside: BillBeside;
}

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
  const beside = await context.stopwatch.time('CUR', () =>
    readBill(files, invoice, context, { mayLackMonth }),
  );
  refuseWithoutUsers(beside, files.path);
  return { files, beside };
}

/** How the bill compares with the seats shown, in the form of `reconcile`. */
export function billFindings(
  { files, beside }: MonthBill,
  asked: Omit<ComparisonAsked, 'tolerance'>,
): BillFindings {
  const { notes } = beside;
  const read = `${billSummary(beside, files)}.`;
  if (beside.bill.rows === 0) {
    return { warnings: [], notes, closing: read, hasFindings: false };
  }
  const { comparison, seats } = comparedWithBill(beside, {
    ...asked,
    tolerance: DEFAULT_TOLERANCE,
  });
  const differing = greatestFirst(differencesOf(seats));
  const compared = seats.length;
  return {
    comparison: { differing, compared, bridge: bridgeSteps(comparison) },
    warnings: shownBillWarnings(beside, asked),
    notes,
    closing: `${read} ${differing.length} of ${countShown(compared, 'seat')} differ from it.`,
    hasFindings: hasFindings(comparison),
  };
}
