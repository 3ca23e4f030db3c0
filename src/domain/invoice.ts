import type { BillingPeriod } from './billing-period.ts';
import type { ChargeLine } from './charge-line.ts';
import { type Decimal, isPositive } from './decimal.ts';
import type { Instant } from './instant.ts';
import { type Cents, sumCents } from './money.ts';
import type { Place } from './problem.ts';
import type { RateEdition, TierTerms } from './rate-card.ts';
import type { Membership, Profile, Subscription } from './records.ts';
import type { SheetMonth } from './sheet.ts';
import type { Tier } from './tier.ts';
import type { MonthCoverage } from './usage-days.ts';
import type { Warning } from './warning.ts';

/** One way in which a seat gets a tier, active in `[from, until)` (H1). */
export interface Source {
  readonly subscription: Subscription;
  /** The stay in the group, for a group subscription. */
  readonly membership?: Membership;
  readonly from: Instant;
  /** Missing if the source has not ended. */
  readonly until?: Instant | undefined;
}

/** A source selects `tier` from `at` on, by the row at `place` (H2). */
export interface Selection {
  readonly at: Instant;
  readonly tier: Tier;
  readonly source: Source;
  readonly place: Place;
}

/** A selection by which the held tier rises to `tier` at `at` (H4). */
export type TierStep = Omit<Selection, 'place'>;

/** Credits of a seat in one stretch of the month in which overage was on or off throughout (O2). */
export interface OverageStretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly on: boolean;
  /** U(from) and U(to): what the seat had used in the month before these instants. */
  readonly usedBefore: Decimal;
  readonly usedAfter: Decimal;
  /** What this stretch adds to the overage credits, before the cap. */
  readonly overageCredits: Decimal;
}

/** What a seat used in a month, and how much of it is included, overage, or unbilled. */
export interface SeatCredits {
  readonly usageRows: number;
  readonly creditsUsed: Decimal;
  /** Of the highest tier held; 0 without a seat (O1). */
  readonly allowanceCredits: Decimal;
  readonly stretches: readonly OverageStretch[];
  /** The largest cap in force while overage was on; missing if there was none at some time (O3). */
  readonly capCredits?: Decimal | undefined;
  readonly overageCredits: Decimal;
  readonly unbilledCredits: Decimal;
}

/** What one seat, or one user without a seat, is charged in one profile and month, and why. */
export interface SeatInvoice extends SeatCredits {
  readonly profile: Profile;
  readonly userId: string;
  readonly userName: string;
  readonly costCenter: string;
  /** All sources active in the month, including those before the activation. */
  readonly sources: readonly Source[];
  /** The seat's first activation, if there is an activations file (H3). */
  readonly activatedAt?: Instant | 'never' | undefined;
  /** Subscribed in the month, but not active in it: not charged (H3). */
  readonly pending: boolean;
  /** What the sources select in the month while the seat counts, source by source (H2, H3). */
  readonly selections: readonly Selection[];
  readonly steps: readonly TierStep[];
  /** The terms of the highest tier held; missing without a seat. */
  readonly terms?: TierTerms | undefined;
  /** The group whose source first gave the billed tier; blank for a direct source and without a seat. */
  readonly groupId: string;
  /** As charged: by date, a refund before the charge that replaces it. */
  readonly lines: readonly ChargeLine[];
  readonly subscriptionCharge: Cents;
  readonly overageCharge: Cents;
  readonly totalCharge: Cents;
}

/** Whether a seat has a row in the invoice: it holds a tier or has usage rows in the month. */
export function isBilledOrUsed(seat: SeatInvoice): boolean {
  return seat.terms !== undefined || seat.usageRows > 0;
}

/** Whether a seat is held and paid without any usage in the month. */
export function isIdle({ terms, creditsUsed }: SeatInvoice): boolean {
  return terms !== undefined && !isPositive(creditsUsed);
}

/** One month's invoice over all profiles. */
export interface MonthInvoice {
  readonly period: BillingPeriod;
  readonly edition: RateEdition;
  /**
   * Seats that hold a tier or have usage rows, and pending seats; by profile, then user,
   * in the order of their bytes.
   */
  readonly seats: readonly SeatInvoice[];
  readonly warnings: readonly Warning[];
  /** The days on which the data contain usage; missing if not known. */
  readonly coverage?: MonthCoverage;
}

/** What a month is charged: the sum of its seats (M2). */
export function totalOf({ seats }: Pick<MonthInvoice, 'seats'>): Cents {
  return sumCents(seats.map(({ totalCharge }) => totalCharge));
}

/** Sums over whole seats of one month; `seats` counts those that hold a tier (M2). */
export interface InvoiceTotals {
  readonly seats: number;
  readonly subscriptionCharge: Cents;
  readonly creditsUsed: Decimal;
  readonly overageCredits: Decimal;
  readonly unbilledCredits: Decimal;
  readonly overageCharge: Cents;
  readonly totalCharge: Cents;
}

/** What a sheet of the invoice is of. */
export function sheetMonth({
  period,
  edition,
}: Pick<MonthInvoice, 'period' | 'edition'>): SheetMonth {
  return { month: period.month, currency: edition.currency };
}

/** What the records say about the month after, above all the tier held at its first instant. */
export interface NextMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** Missing if no tier is held at the first instant. */
  readonly step?: TierStep | undefined;
  /** The terms of that tier; also missing if the rate card cannot price the month. */
  readonly terms?: TierTerms | undefined;
  /** That of the next month's edition. */
  readonly currency?: string | undefined;
  /** Where no tier is held at the first instant, the step with which a new seat starts later. */
  readonly later?: TierStep | undefined;
  /** Whether there is a subscription, but no activation up to the month's end (H3). */
  readonly pending: boolean;
}
