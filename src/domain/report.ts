import type { BillingPeriod } from './billing-period.ts';
import type { Decimal } from './decimal.ts';
import type { InvoiceTotals, MonthInvoice, SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';
import type { Tier } from './tier.ts';

/** What is charged under one key: a profile, a group or a cost center. */
export interface ReportRow extends InvoiceTotals {
  readonly key: string;
  /** What it was charged in the month before; missing if that month is not known. */
  readonly totalBefore?: Cents;
}

/** The month before. */
export interface MonthBefore {
  readonly period: BillingPeriod;
  readonly totals: InvoiceTotals;
  /** Its total charges by seat key. */
  readonly bySeat: ReadonlyMap<string, Cents>;
  /** Whether the data contain any usage row of the month, of whatever seats. */
  readonly hasUsage: boolean;
}

/** Why there is no comparison with the month before. */
export interface NoMonthBefore {
  readonly period: BillingPeriod;
  readonly whyNot: string;
}

/** The sums of all seats on a tier, and how much of their credits was included. */
export interface TierCredits extends InvoiceTotals {
  /** Blank for users without a seat. */
  readonly tier: Tier;
  /** The sum of the seats' own allowances; no seat can use another's (O1). */
  readonly creditsIncluded: Decimal;
  readonly withinAllowance: Decimal;
}

export interface DayCredits {
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly credits: Decimal;
}

/** One month's invoice, arranged for a page: every figure is from the invoice, or a sum of such figures. */
export interface Report {
  readonly invoice: MonthInvoice;
  readonly totals: InvoiceTotals;
  /** Whether the data contain any usage row of these seats in the month. */
  readonly hasUsage: boolean;
  readonly before: MonthBefore | NoMonthBefore;
  readonly byProfile: readonly ReportRow[];
  readonly byGroup: readonly ReportRow[];
  readonly byCostCenter: readonly ReportRow[];
  readonly tiers: readonly TierCredits[];
  /** Every day of the month; missing if the usage has no days. */
  readonly days?: readonly DayCredits[] | undefined;
  /** Seats and users that have a row in the invoice, from the highest charge. */
  readonly seats: readonly SeatInvoice[];
  /** Seats that hold a tier and used no credits, from the highest charge. */
  readonly idle: readonly SeatInvoice[];
  /** Subscribed, but not active in the month: not charged (H3). */
  readonly pending: readonly SeatInvoice[];
}
