import { groupBy } from '../../domain/grouping.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { type ActivityRow, hasEqualFigures, saysTheSame } from './activity-row.ts';
import { deliveryRanks } from './delivery.ts';
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

/** The rows of one delivery of a key, in the order of path and line. */
type DeliveredRows = readonly [CountedActivity, ...CountedActivity[]];

/**
 * Takes the rows of all activity reports of a run, in any order, and finds those that count,
 * those of the newest delivery of each date, user, client and profile. It keeps all that these
 * say as objects; a `ReportTable` keeps what billing needs, and is for reports of any number
 * (R2).
 */
export class ActivityReports implements ReportRows {
  readonly #match: ProfileMatch;
  /** By date, client and profile, then by user. */
  readonly #days = new Map<string, Map<string, CountedActivity[]>>();
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
    const users = this.#days.get(key) ?? new Map<string, CountedActivity[]>();
    this.#days.set(key, users);
    const rows = users.get(row.userId) ?? [];
    users.set(row.userId, rows);
    rows.push({ ...row, profileId });
    return true;
  }

  /**
   * The rows that count, with all that they say, in no particular order: every row of the
   * delivery that counts, also where two say different things (caps, tiers, switches) of one
   * day, and where they have equal figures, whose credits count once: see `countedOnce`.
   */
  *counted(): Generator<CountedActivity> {
    for (const [newest] of this.#deliveries()) yield* newest;
  }

  /** Of each key the rows of the delivery that counts, without those whose figures an earlier one of them has (R2). */
  *countedOnce(): Generator<DeliveredRows> {
    for (const [newest] of this.#deliveries()) {
      const [first, ...others] = newest;
      const once: [CountedActivity, ...CountedActivity[]] = [first];
      for (const row of others) {
        if (!once.some((known) => hasEqualFigures(known, row))) once.push(row);
      }
      yield once;
    }
  }

  /** Of each key its deliveries, the newest first. */
  *#deliveries(): Generator<readonly [DeliveredRows, ...DeliveredRows[]]> {
    const all = [...this.#days.values()].flatMap((users) => [...users.values()]);
    const ranks = deliveryRanks(new Set(all.flat().map(({ place }) => place.file)));
    const rankOf = ({ place }: CountedActivity): number => ranks.get(place.file) as number;
    for (const rows of all) {
      const sorted = rows.toSorted((a, b) => rankOf(b) - rankOf(a) || byPlace(a, b));
      yield [...groupBy(sorted, rankOf).values()] as unknown as [DeliveredRows, ...DeliveredRows[]];
    }
  }

  notes(): string[] {
    const differing: DifferingDelivery[] = [];
    for (const [newest, ...older] of this.#deliveries()) {
      const other = older.find((delivery) => !saySame(newest, delivery));
      if (other !== undefined)
        differing.push({ counted: newest[0].place, passedOver: other[0].place });
    }
    return reportNotes(this.#freeRows, differing);
  }
}

function byPlace({ place: a }: CountedActivity, { place: b }: CountedActivity): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}

/** Whether two deliveries of a key say the same, however often and in whatever order. */
function saySame(a: DeliveredRows, b: DeliveredRows): boolean {
  const holds = (rows: DeliveredRows, wanted: CountedActivity): boolean =>
    rows.some((row) => saysTheSame(row, wanted));
  return a.every((row) => holds(b, row)) && b.every((row) => holds(a, row));
}
