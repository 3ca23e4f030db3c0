import { type AwsBill, notFinalText } from '../aws/aws-bill.ts';
import { twinNotes } from '../aws/twin-ids.ts';
import { countShown } from '../domain/counts.ts';
import { groupBy } from '../domain/grouping.ts';
import { roundedText } from '../domain/money.ts';
import type { User } from '../domain/records.ts';
import type { Warning } from '../domain/warning.ts';
import { type PlacedBill, type PlacedSeat, placeName } from './placed-bill.ts';

/** What to check in a month of AWS's bill: where seats are, what is charged, and whether it is final. */
export function billWarnings(bill: AwsBill, placed: PlacedBill, month: string): Warning[] {
  return [
    ...notFinalWarnings(bill, month),
    ...placed.seats.flatMap((seat) => [
      ...movedWarning(seat, month),
      ...operationWarnings(seat, month),
    ]),
    ...unknownRegions(placed, month),
  ];
}

function notFinalWarnings({ openInvoices }: AwsBill, month: string): Warning[] {
  return [...openInvoices.values()].map(({ payerId, rows, cost }) => {
    const message = `${notFinalText(payerId, month)}: it has ${countShown(rows, 'Kiro row')} (${roundedText(cost)}) without an invoice id, so it may still change`;
    return { code: 'bill-not-final', month, message };
  });
}

function movedWarning(seat: PlacedSeat, month: string): Warning[] {
  const { movedFrom } = seat;
  if (movedFrom === undefined) return [];
  const message = `AWS's bill has the seat in ${movedFrom}, where none of our profiles is: it counts for the user's one seat in that account`;
  return [{ code: 'bill-region', month, ...seatNamed(seat), message }];
}

function operationWarnings(seat: PlacedSeat, month: string): Warning[] {
  return [...seat.aws.otherOperations].map(([operation, { rows, cost }]) => {
    const message = `AWS's bill charges ${roundedText(cost)} for an operation that kiro-bill does not know, ${operation} (${countShown(rows, 'row')}): it counts for the seat`;
    return { code: 'bill-operation', month, ...seatNamed(seat), message };
  });
}

function seatNamed({ profile, userId }: PlacedSeat): Pick<Warning, 'profileId' | 'userId'> {
  return { ...(profile && { profileId: profile.profileId }), userId };
}

function unknownRegions({ seats }: PlacedBill, month: string): Warning[] {
  const unknown = seats.filter(({ unknown: why }) => why === 'code');
  return [...groupBy(unknown, placeName)].map(([place, ofPlace]) => ({
    code: 'bill-region-unknown',
    month,
    message: `AWS's bill has ${countShown(ofPlace.length, 'seat')} in ${place}, a Region that kiro-bill does not know`,
  }));
}

/** What a bill cannot show, and users that seem to have two ids, one in the bill and one in our data. */
export function billNotes(
  bill: AwsBill,
  placed: PlacedBill,
  users: ReadonlyMap<string, User>,
  ourIds: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  if (bill.isFinalityUnknown) {
    notes.push(
      "AWS's bill has no column of invoice ids, so it cannot be known whether it is final",
    );
  }
  const billed = placed.seats.map(({ userId }) => userId);
  notes.push(...twinNotes(billed, new Set([...users.keys(), ...ourIds])));
  return notes;
}
