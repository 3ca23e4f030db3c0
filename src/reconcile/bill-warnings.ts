import { type AwsBill, notFinalText } from '../aws/aws-bill.ts';
import { twinNotes } from '../aws/twin-ids.ts';
import { countShown, grouped } from '../domain/counts.ts';
import { compare, decimal } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { roundedShown } from '../domain/money.ts';
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
    const message = `${notFinalText(payerId, month)}: it has ${countShown(rows, 'Kiro row')} (${roundedShown(cost)}) without an invoice id, so it may still change`;
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
    const message = `AWS's bill charges ${roundedShown(cost)} for an operation that kiro-bill does not know, ${operation} (${countShown(rows, 'row')}): it counts for the seat`;
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

/** A fee is at most one month; its daily shares are rounded. */
const MOST_OF_MONTH = decimal('1.01');
const FEW_SEATS = 3;

/** Where AWS charges at least half of the seats for more than a month, rows of its bill are there twice. */
function overchargedNotes({ seats }: PlacedBill): string[] {
  const charged = seats.filter(({ aws }) => aws.fees.size > 0);
  const over = charged.filter(({ aws }) =>
    [...aws.fees.values()].some(({ quantity }) => compare(quantity, MOST_OF_MONTH) > 0),
  );
  if (over.length < FEW_SEATS || 2 * over.length < charged.length) return [];
  return [
    `AWS's bill charges ${grouped(over.length)} of ${countShown(charged.length, 'seat')} for more than one month: do two of its files have the same rows? Keep one delivery, and no copies or files joined from others`,
  ];
}

/** What a bill cannot show, what it seems to have twice, and users that seem to have two ids, one in the bill and one in our data. */
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
  notes.push(...overchargedNotes(placed));
  const billed = placed.seats.map(({ userId }) => userId);
  notes.push(...twinNotes(billed, new Set([...users.keys(), ...ourIds])));
  return notes;
}
