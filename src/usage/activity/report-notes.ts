import { billingPeriod } from '../../domain/billing-period.ts';
import { countShown, firstNamed, firstOf, grouped } from '../../domain/counts.ts';
import { compare, type Decimal, decimalText } from '../../domain/decimal.ts';
import { groupBy } from '../../domain/grouping.ts';
import { utcDate } from '../../domain/instant.ts';
import { comparePlaces, type Place } from '../../domain/problem.ts';
import type { RankedCreditsAt } from '../../domain/rate-card.ts';
import type { ReportedOverage } from '../../domain/records.ts';
import { byKeys, compareBytes } from '../../domain/text-order.ts';
import { shownTier } from '../../domain/tier.ts';
import { workingDaysOf } from '../../domain/usage-days.ts';

/** A row that was delivered again with other figures. */
export interface DifferingDelivery {
  /** The row that counts. */
  readonly counted: Place;
  /** The newest row with other figures. */
  readonly uncounted: Place;
}

/** What rows of one day, client and profile say in common; the place is that of the first row. */
export interface ReportedFacts extends ReportedOverage {
  readonly client: string;
  /** The `tierKey`; missing if blank. */
  readonly tier?: string;
  readonly limitCredits?: Decimal;
}

/** How many differing deliveries are listed individually. */
const LISTED_DELIVERIES = 10;
/** The most notes of one kind. */
const MOST_NOTES = 5;
/** The most days named in a note. */
const MOST_DAYS = 5;

/** What the reader of an invoice may want to know about how report rows were chosen (R2). */
export function reportNotes(freeRows: number, differing: readonly DifferingDelivery[]): string[] {
  const notes: string[] = [];
  if (freeRows > 0) {
    notes.push(
      `${countShown(freeRows, 'report row')} of the Free tier skipped: they are not charged`,
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
    ...firstOf(places, LISTED_DELIVERIES, (more) => `… and ${grouped(more)} more such rows`),
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
  const texts = byKeys(notes).map(([note, { place }]) => `${note} (first in ${placeText(place)})`);
  return atMost(texts, 'limit');
}

/**
 * Names the days from Monday to Friday without a report of a client that has reports of most of them,
 * in the wanted months: completeness does not see them where another client has usage.
 */
export function missingDayNotes(
  facts: readonly ReportedFacts[],
  isWanted: (month: string) => boolean,
  profileTitle: (profileId: string) => string,
): string[] {
  const dates = facts.map(({ date }) => date).sort(compareBytes);
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const ofClients = groupBy(
    facts.filter(({ date }) => isWanted(date.slice(0, 7))),
    ({ date, client, profileId }) => `${date.slice(0, 7)} ${client} ${profileId}`,
  );
  const notes = byKeys(ofClients).flatMap(([, ofClient]) => {
    const [{ date, client, profileId }] = ofClient;
    const known = new Set(ofClient.map((fact) => fact.date));
    const days = workingDaysOf(billingPeriod(date.slice(0, 7))).map(utcDate);
    const covered = days.filter((day) => day >= first && day <= last);
    const missing = covered.filter((day) => !known.has(day));
    if (missing.length === 0 || 2 * missing.length >= covered.length) return [];
    const name = client === '' ? 'report without a client' : `${client} report`;
    return [`no ${name} of ${profileTitle(profileId)} on ${firstNamed(missing, MOST_DAYS)}`];
  });
  return atMost(notes, 'client');
}

function atMost(notes: readonly string[], other: string): string[] {
  return firstOf(notes, MOST_NOTES, (more) => `… and ${countShown(more, `more ${other}`)}`);
}

function byCounted({ counted: a }: DifferingDelivery, { counted: b }: DifferingDelivery): number {
  return comparePlaces(a, b);
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
