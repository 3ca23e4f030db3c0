import type { SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';

export type Verdict = 'match' | 'amount differs' | "only in AWS's bill" | 'only in our invoice';

/** What both sides charge. */
export interface BothSides {
  readonly ourSubscription: Cents;
  readonly awsSubscription: Cents;
  readonly ourOverage: Cents;
  readonly awsOverage: Cents;
  /** AWS's minus ours. */
  readonly difference: Cents;
}

/** One seat that either side charges. */
export interface SeatComparison
  extends BothSides,
    Pick<SeatInvoice, 'profile' | 'userId' | 'userName'> {
  readonly verdict: Verdict;
}

/** One seat as the reconciliation shows it. */
export interface ReconciledSeat extends SeatComparison {
  /** The likely reason of a difference; blank if the figures show none. */
  readonly reason: string;
  /** What the seat is charged in the chargeback. */
  readonly awsNetCharge: Cents;
}

/** A step from our total to AWS's. */
export interface BillStep {
  readonly item:
    | 'our_total'
    | 'differences'
    | 'unknown'
    | 'adjustment'
    | 'rounding'
    | 'aws_total'
    | 'unexplained';
  /** Which unknown place, or which kind of adjustment. */
  readonly detail?: string;
  /** The number of seats in the first two, of rows of AWS's bill in the others. */
  readonly rows?: number;
  readonly amount: Cents;
}

/** What Amazon Q also charges a user of AWS's bill in an account. */
export interface AmazonQRow {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  /** The number of rows of AWS's bill. */
  readonly rows: number;
  readonly amount: Cents;
}
