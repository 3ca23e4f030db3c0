import type { Decimal } from './decimal.ts';
import type { NextMonth, SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';
import type { Tier } from './tier.ts';
import type { EpochDay } from './usage-days.ts';

/** What to do with a seat, in the order in which rows are shown: idle seats first. */
export const ADVICES = ['idle', 'downgrade', 'upgrade', 'keep'] as const;

export type Advice = (typeof ADVICES)[number];

/** A tier as an option for a seat: the sum of its bills in all counted months. */
export interface TierOption {
  readonly tier: Tier;
  readonly rank: number;
  readonly cost: Cents;
  /** The share of `cost` that belongs to the newest counted month. */
  readonly newestCost: Cents;
  /** Credits used beyond the allowance and charged. */
  readonly overageCredits: Decimal;
  /** Credits that the vendor would have blocked. */
  readonly blockedCredits: Decimal;
  /** Covers the usage of each counted month, and is on each month's rate card. */
  readonly isPossible: boolean;
  /** Counted months (`YYYY-MM`) whose rate card does not have the tier; for those the tier held then counts. */
  readonly missingIn: readonly string[];
}

/** One seat, the cost of each tier, and the advice that follows. */
export interface SeatAdvice {
  /** The seat as billed in the last month. */
  readonly seat: SeatInvoice;
  /** The counted months, `YYYY-MM`: those in which the seat held a tier. */
  readonly months: readonly string[];
  readonly creditsUsed: Decimal;
  /** Each tier of the last month's rate card, from the lowest. */
  readonly options: readonly TierOption[];
  /** The present tier: the highest held in the last month, possible or not. */
  readonly current: TierOption;
  /**
   * The tier that the seat will hold next month, with which the saving is compared: the present
   * one if the last month's rate card does not have it; missing if there will be no seat.
   */
  readonly upcoming?: TierOption | undefined;
  /** Missing if the advice is to unsubscribe. */
  readonly recommended?: TierOption | undefined;
  readonly advice: Advice;
  /** Over all counted months; 0 if there will be no seat. */
  readonly saving: Cents;
  /** The saving divided by the number of all months looked at, for every seat, rounded once. */
  readonly monthlySaving: Cents;
  /** What the records already contain for the next month. */
  readonly next: NextMonth;
  /** Of a seat without usage in the last month; missing if all usage was not looked at. */
  readonly idle?: IdleTime | undefined;
}

/** Since when a seat has been idle, and what that has cost so far. */
export interface IdleTime {
  readonly since: EpochDay;
  /** Its subscription charges in the complete months with usage that lie entirely after that. */
  readonly cost: Cents;
}
