import type { Decimal } from './decimal.ts';
import type { Cents } from './money.ts';
import type { RuleId } from './rule-id.ts';
import type { Tier } from './tier.ts';

export type LineType = 'subscription' | 'refund' | 'overage';

/** One line of the invoice. Its amount is rounded here, once; everything above adds (M2). */
export interface ChargeLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly lineType: LineType;
  /** The tier charged or refunded; for overage the highest tier held. */
  readonly tier: Tier;
  readonly quantity: LineQuantity;
  /** The full monthly price, positive also on a refund, or the overage rate per credit. */
  readonly unitPrice: Decimal;
  readonly amount: Cents;
  readonly rule: RuleId;
}

/** How much of the unit a line charges; negative on a refund. */
export type LineQuantity = MonthShare | CreditCount;

/** A share of the monthly price: `sign` x `days` / `daysInMonth`. */
export interface MonthShare {
  readonly unit: 'month';
  readonly sign: 1 | -1;
  readonly days: number;
  readonly daysInMonth: number;
}

interface CreditCount {
  readonly unit: 'credits';
  readonly credits: Decimal;
}
