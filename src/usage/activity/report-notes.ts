import { countShown, firstOf } from '../../domain/counts.ts';
import { compare, type Decimal, decimalText } from '../../domain/decimal.ts';
import type { Place } from '../../domain/problem.ts';
import type { RankedCreditsAt } from '../../domain/rate-card.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { shownTier } from '../../domain/tier.ts';

/** A row that was delivered again with other figures. */
export interface DifferingDelivery {
  /** The row that counts. */
  readonly counted: Place;
  /** The newest row with other figures. */
  readonly uncounted: Place;
}

/** The facts that rows of one day, client and profile share; the place is that of the first row. */
export interface ReportedFacts {
  readonly profileId: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The `tierKey`; missing if blank. */
  readonly tier?: string;
  readonly limitCredits?: Decimal;
  readonly place: Place;
}

/** How many differing deliveries are listed individually. */
const LISTED_DELIVERIES = 10;
/** The most notes on limits. */
const MOST_NOTES = 5;

/** What the reader of an invoice may want to know about how report rows were chosen (R2). */
export function reportNotes(freeRows: number, differing: readonly DifferingDelivery[]): string[] {
  const notes: string[] = [];
  if (freeRows > 0) {
    notes.push(
      `${countShown(freeRows, 'report row')} of the Free tier skipped: nobody is charged for them`,
    );
  }
  if (differing.length === 0) return notes;
  const rows = countShown(differing.length, 'report row');
  notes.push(`${rows} delivered again with other figures: the newest file counts`);
  const places = differing
    .toSorted(byCounted)
    .map(
      ({ counted, uncounted }) => `${placeText(counted)} counts, ${placeText(uncounted)} does not`,
    );
  return [
    ...notes,
    ...firstOf(places, LISTED_DELIVERIES, (more) => `… and ${more} more such rows`),
  ];
}

/** Where `Usage_Limit` differs from the rate card's credits for the tier, in the wanted months. */
export function limitNotes(facts: readonly ReportedFacts[], termsAt: RankedCreditsAt): string[] {
  const notes = new Map<string, ReportedFacts>();
  for (const fact of facts) {
    const { profileId, tier, limitCredits, date } = fact;
    if (tier === undefined || limitCredits === undefined) continue;
    const month = date.slice(0, 7);
    const terms = termsAt(profileId, month, tier);
    if (terms === undefined || compare(terms.credits, limitCredits) === 0) continue;
    const note = `the reports have a Usage_Limit of ${decimalText(limitCredits, 0)} for ${shownTier(tier)} in ${month}, the rate card has ${decimalText(terms.credits, 0)} credits`;
    const known = notes.get(note);
    if (known === undefined || comparePlaces(fact.place, known.place) < 0) notes.set(note, fact);
  }
  const texts = [...notes]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([note, { place }]) => `${note} (first in ${placeText(place)})`);
  return firstOf(texts, MOST_NOTES, (more) => `… and ${countShown(more, 'more limit')}`);
}

function byCounted({ counted: a }: DifferingDelivery, { counted: b }: DifferingDelivery): number {
  return comparePlaces(a, b);
}

function comparePlaces(a: Place, b: Place): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
