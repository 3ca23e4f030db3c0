import type { Bridge } from '../../domain/bridge.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';
import type { Profile } from '../../domain/records.ts';
import type { Report } from '../../domain/report.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { Warning } from '../../domain/warning.ts';

/** What one month was charged in all, for the columns of the months. */
export interface MonthTotals {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly subscriptionCharge: Cents;
  readonly overageCharge: Cents;
  readonly totalCharge: Cents;
}

/** Where a month that is not over yet will end. */
export interface ExpectedTotal {
  readonly low: Cents;
  readonly middle: Cents;
  readonly high: Cents;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** What could be saved by another tier, or by none. */
export interface Savings {
  /** Of all seats together, in a month. */
  readonly monthly: Cents;
  /** How many seats there is something to do with. */
  readonly count: number;
  /** The greatest ones. */
  readonly seats: readonly SeatSaving[];
}

export interface SeatSaving {
  readonly seat: SeatInvoice;
  /** `idle: unsubscribe`, `Power to Pro+`. */
  readonly advice: string;
  readonly monthly: Cents;
}

/** What AWS's own bill says of the month, in rows of `reconcile`. */
export interface AwsComparison {
  /** The seats that differ, from the greatest difference. */
  readonly differing: Sheet;
  /** How many seats were compared. */
  readonly compared: number;
  /** The way from our total to AWS's. */
  readonly bridge: Sheet;
}

/** Everything that the page shows. */
export interface PageInput {
  readonly report: Report;
  /** The way from the month before; missing where there is nothing to compare with. */
  readonly bridge?: Bridge;
  /** From the oldest; the last one is that of the report. */
  readonly months: readonly MonthTotals[];
  readonly budget?: Cents;
  readonly expected?: ExpectedTotal;
  readonly savings?: Savings;
  readonly aws?: AwsComparison;
  /** Those of the invoice, and of AWS's bill where it was given. */
  readonly warnings: readonly Warning[];
  /** Why each charge is what it is, as text; only asked for rows that the page has. */
  readonly explained?: (seat: SeatInvoice) => string;
  /** By profile id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By group id. */
  readonly groupNames: ReadonlyMap<string, string>;
  /** What the seats were filtered by, each `user Ana Souza`; empty where all are shown. */
  readonly filters: readonly string[];
  /** What to know before one trusts the figures: what was left out, days without usage. */
  readonly notes: readonly string[];
  /** `YYYY-MM-DD`, UTC. */
  readonly writtenOn: string;
  /** Whether the month was over by then. */
  readonly isOver: boolean;
  /** Of the program. */
  readonly version: string;
}
