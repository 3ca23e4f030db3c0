import type { BillingPeriod } from './billing-period.ts';
import type { SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';
import type { Tier } from './tier.ts';

/** Why a seat is charged otherwise than in the month before, in the order in which they are shown. */
export const CHANGE_CAUSES = [
  'new-seat',
  'ended',
  'upgrade',
  'downgrade',
  'first-month',
  'overage',
  'prices',
] as const;

/**
 * `first-month`: one of the months is a seat's first, charged in part. `prices`: the same tier
 * costs otherwise.
 */
export type ChangeCause = (typeof CHANGE_CAUSES)[number];

/** How much of a change has one cause. */
export interface CausedChange {
  readonly cause: ChangeCause;
  readonly amount: Cents;
}

/** A seat whose total charge differs, with all its causes: their amounts add up to the change. */
export interface SeatChange {
  /** Of the later month, where the seat has a row in it, else of the month before. */
  readonly seat: SeatInvoice;
  readonly tierBefore?: Tier;
  readonly tier?: Tier;
  readonly change: Cents;
  readonly causes: readonly CausedChange[];
}

/** One step of a bridge: all seats' changes of one cause. */
export interface BridgeStep extends CausedChange {
  /** How many seats it concerns. */
  readonly seats: number;
}

/** The way from the total of one month to that of the next: it adds up to the cent. */
export interface Bridge {
  readonly before: BillingPeriod;
  readonly totalBefore: Cents;
  /** One per cause that occurs, in the order of `CHANGE_CAUSES`. */
  readonly steps: readonly BridgeStep[];
  readonly total: Cents;
  /** All seats that change, from the greatest change, up or down. */
  readonly changes: readonly SeatChange[];
}
