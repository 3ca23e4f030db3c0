import type { Place } from '../../domain/problem.ts';
import { compareBytes } from '../../domain/text-order.ts';

/** A row that was delivered again with other figures. */
export interface DifferingDelivery {
  /** Where the row stands that counts. */
  readonly counted: Place;
  /** The newest of those that say otherwise. */
  readonly passedOver: Place;
}

/** How many differing deliveries are told one by one. */
const TOLD_DELIVERIES = 10;

/** What a reader of the invoice may want to know of how report rows were chosen. */
export function reportNotes(freeRows: number, differing: readonly DifferingDelivery[]): string[] {
  const notes: string[] = [];
  if (freeRows > 0) {
    notes.push(
      `${counted(freeRows, 'report row')} of the Free tier passed over: nobody is charged for them`,
    );
  }
  if (differing.length === 0) return notes;
  const rows = counted(differing.length, 'report row');
  notes.push(`${rows} delivered again with other figures: the newest file counts`);
  const told = differing.toSorted(byCounted).slice(0, TOLD_DELIVERIES);
  for (const { counted: place, passedOver } of told) {
    notes.push(`${placeText(place)} counts, ${placeText(passedOver)} does not`);
  }
  const more = differing.length - told.length;
  if (more > 0) notes.push(`… and ${more} more such rows`);
  return notes;
}

function byCounted({ counted: a }: DifferingDelivery, { counted: b }: DifferingDelivery): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
