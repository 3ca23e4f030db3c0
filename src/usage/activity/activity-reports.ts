import type { Place } from '../../domain/problem.ts';
import { type ActivityRow, saysTheSame } from './activity-row.ts';
import { compareDeliveries } from './delivery.ts';
import type { ProfileMatch } from './profile-match.ts';
import { type DifferingDelivery, reportNotes } from './report-notes.ts';

/** Takes the rows of activity reports in. */
export interface ReportRows {
  addFreeRow(): void;
  /** Takes a row; false where its profile is none of ours. */
  add(row: ActivityRow): boolean;
}

/** A row that counts, with all that the report tells of it. */
export interface CountedActivity extends ActivityRow {
  readonly profileId: string;
}

/** What reports tell of overage: of one row, or of several that only differ in their credits. */
export type OverageTold = Pick<
  CountedActivity,
  'profileId' | 'date' | 'at' | 'place' | 'overageCredits' | 'overageOn' | 'capCredits'
>;

/** One row and all its deliveries. */
interface Deliveries {
  counted: CountedActivity;
  /** The newest delivery that says otherwise than the one that counts. */
  differing?: Place;
}

/**
 * Takes the rows of all activity reports of a run, in any order, and finds those that
 * count: one per date, user, client and profile, the one from the newest file. It keeps
 * all that these tell as objects; a `ReportTable` keeps what billing needs, and is for
 * reports of any number.
 */
export class ActivityReports implements ReportRows {
  readonly #match: ProfileMatch;
  /** By date, client and profile, then by user. */
  readonly #days = new Map<string, Map<string, Deliveries>>();
  #freeRows = 0;

  constructor(match: ProfileMatch) {
    this.#match = match;
  }

  addFreeRow(): void {
    this.#freeRows += 1;
  }

  add(row: ActivityRow): boolean {
    const profileId = this.#match(row.reportedProfileId);
    if (profileId === undefined) return false;
    const key = `${row.date} ${row.client.toUpperCase()} ${profileId}`;
    const users = this.#days.get(key) ?? new Map<string, Deliveries>();
    this.#days.set(key, users);
    const known = users.get(row.userId);
    const fresh = { ...row, profileId };
    if (known === undefined) users.set(row.userId, { counted: fresh });
    else addDelivery(known, fresh);
    return true;
  }

  /** The rows that count, with all that they tell; in no particular order. */
  *counted(): Generator<CountedActivity> {
    for (const { counted } of this.#deliveries()) yield counted;
  }

  *#deliveries(): Generator<Deliveries> {
    for (const users of this.#days.values()) yield* users.values();
  }

  notes(): string[] {
    const differing: DifferingDelivery[] = [];
    for (const { counted, differing: passedOver } of this.#deliveries()) {
      if (passedOver !== undefined) differing.push({ counted: counted.place, passedOver });
    }
    return reportNotes(this.#freeRows, differing);
  }
}

function addDelivery(known: Deliveries, row: CountedActivity): void {
  const { counted, differing } = known;
  const isSame = saysTheSame(counted, row);
  if (isNewer(row.place, counted.place)) {
    known.counted = row;
    // All others are older than the one that has counted until now.
    if (!isSame) known.differing = counted.place;
  } else if (!isSame && (differing === undefined || isNewer(row.place, differing))) {
    known.differing = row.place;
  }
}

function isNewer(a: Place, b: Place): boolean {
  return (compareDeliveries(a.file, b.file) || a.line - b.line) > 0;
}
