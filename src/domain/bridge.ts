import type { BillingPeriod } from './billing-period.ts';
import type { SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';
import type { Tier } from './tier.ts';

/** Why a seat's charge differs from the month before, in display order. */
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
 * `first-month`: one of the months is a seat's first, which is prorated. `prices`: the same tier
 * has another price.
 */
export type ChangeCause = (typeof CHANGE_CAUSES)[number];

/** How much of a change has one cause. */
export interface CausedChange {
  readonly cause: ChangeCause;
  readonly amount: Cents;
}

/** A seat whose total charge differs, with all its causes: their amounts add up to the change. */
export interface SeatChange {
  /** Of the later month if the seat has a row in it, otherwise of the month before. */
  readonly seat: SeatInvoice;
  readonly tierBefore?: Tier | undefined;
  readonly tier?: Tier | undefined;
  readonly change: Cents;
  readonly causes: readonly CausedChange[];
}

/** One step of a bridge: all seats' changes of one cause. */
export interface BridgeStep extends CausedChange {
  /** How many seats it concerns. */
  readonly seats: number;
}

/** The steps from the total of one month to that of the next: they add up to the cent. */
export interface Bridge {
  readonly before: BillingPeriod;
  readonly totalBefore: Cents;
  /** One per cause that occurs, in the order of `CHANGE_CAUSES`. */
  readonly steps: readonly BridgeStep[];
  readonly total: Cents;
  /** All seats that change, from the greatest change, up or down. */
  readonly changes: readonly SeatChange[];
}
