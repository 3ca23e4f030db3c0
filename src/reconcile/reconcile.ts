import type { Decimal } from '../domain/decimal.ts';
import type { ReconciledSeat } from '../domain/reconciliation.ts';
import { seatKeyOf } from '../domain/seat-key.ts';
import { type ChargebackInput, netCharges } from './chargeback.ts';
import { type Comparison, compareBills } from './comparison.ts';
import type { SeatFilter } from './placed-bill.ts';
import { type OurRecords, reasonFinder } from './reasons.ts';

/** AWS's bill of a month beside our invoice of it, and our records. */
export type BillBesideInvoice = ChargebackInput & OurRecords;

/** The seats of both sides, and the steps from our total to AWS's. */
export interface Reconciliation extends Pick<Comparison, 'bridge'> {
  readonly seats: readonly ReconciledSeat[];
}

/**
 * The seats that pass, or all, compared with AWS's bill: each with the verdict, the likely reason,
 * for which all seats are looked at, and what it is charged back. `tolerance`: the largest
 * difference at which two amounts match.
 */
export function reconciled(
  both: BillBesideInvoice,
  tolerance: Decimal,
  passes?: SeatFilter,
): Reconciliation {
  const input = { ...both, tolerance };
  const whole = compareBills(input);
  const { seats, bridge } = passes === undefined ? whole : compareBills(input, passes);
  const reasonOf = reasonFinder(whole, both, tolerance);
  const charged = netCharges(both);
  return {
    bridge,
    seats: seats.map((seat) => ({
      ...seat,
      reason: reasonOf(seat),
      awsNetCharge: charged.get(seatKeyOf(seat)) ?? 0n,
    })),
  };
}
