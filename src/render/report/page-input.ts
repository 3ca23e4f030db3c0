import type { Bridge } from '../../domain/bridge.ts';
import type { InvoiceTotals, SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';
import type { BillStep, ReconciledSeat } from '../../domain/reconciliation.ts';
import type { Group, Profile } from '../../domain/records.ts';
import type { Report } from '../../domain/report.ts';
import type { Warning } from '../../domain/warning.ts';

/** The total charge of one month, for the chart of months. */
export interface MonthTotals
  extends Pick<InvoiceTotals, 'subscriptionCharge' | 'overageCharge' | 'totalCharge'> {
  /** `YYYY-MM`. */
  readonly month: string;
}

/** Where a running month is expected to end. */
export interface ExpectedTotal {
  readonly low: Cents;
  readonly middle: Cents;
  readonly high: Cents;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** What another tier, or none, could save. */
export interface Savings {
  /** Of all seats together, per month. */
  readonly monthly: Cents;
  /** The number of seats with a saving. */
  readonly count: number;
  /** The largest ones. */
  readonly seats: readonly SeatSaving[];
}

export interface SeatSaving {
  readonly seat: SeatInvoice;
  /** `idle: unsubscribe`, `Power to Pro+`. */
  readonly advice: string;
  readonly monthly: Cents;
}

/** What AWS's own bill says about the month. */
export interface AwsComparison {
  /** The seats that differ, largest difference first. */
  readonly differing: readonly ReconciledSeat[];
  /** The number of seats compared. */
  readonly compared: number;
  /** The steps from our total to AWS's. */
  readonly bridge: readonly BillStep[];
}

/** Everything that the page shows. */
export interface PageInput {
  readonly report: Report;
  /** The steps from the month before; missing if there is nothing to compare with. */
  readonly bridge?: Bridge | undefined;
  /** From the oldest; the last one is the report's month. */
  readonly months: readonly MonthTotals[];
  /** Those before the last (`YYYY-MM`) of which the data have no usage of any seat. */
  readonly unusedMonths: readonly string[];
  readonly budget?: Cents | undefined;
  readonly expected?: ExpectedTotal | undefined;
  readonly savings?: Savings | undefined;
  readonly aws?: AwsComparison | undefined;
  /** The warnings of the invoice, and of AWS's bill if it was given. */
  readonly warnings: readonly Warning[];
  /** Why each charge is what it is, as text; called only for rows that are on the page. */
  readonly explained: (seat: SeatInvoice) => string;
  /** By profile id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By group id. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The filters applied to the seats, such as `user Ana Souza`; empty if all are shown. */
  readonly filters: readonly string[];
  /** What to know before trusting the figures: what was left out, days without usage. */
  readonly notes: readonly string[];
  /** `YYYY-MM-DD`, UTC. */
  readonly writtenOn: string;
  /** Whether the month was over on that date. */
  readonly isOver: boolean;
  /** The program's version. */
  readonly version: string;
}
