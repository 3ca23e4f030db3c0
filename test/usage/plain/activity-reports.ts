import { compare, type Decimal, decimalText } from '../../../src/domain/decimal.ts';
import { groupBy } from '../../../src/domain/grouping.ts';
import { compareBytes } from '../../../src/domain/text-order.ts';
import { tierKey } from '../../../src/domain/tier.ts';
import type { TableRow } from '../../../src/input/table.ts';
import { deliveryRanks } from '../../../src/usage/activity/delivery.ts';
import type { ProfileMatch } from '../../../src/usage/activity/profile-match.ts';
import { NO_PROFILE } from '../../../src/usage/activity/report-columns.ts';
import { type DifferingDelivery, reportNotes } from '../../../src/usage/activity/report-notes.ts';
import { FREE } from '../../../src/usage/activity/words.ts';
import type { RowReader } from '../../../src/usage/rows/row-consumer.ts';
import { type ActivityRow, activityRow } from './activity-row.ts';

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
export class ActivityReports implements RowReader {
  readonly #match: ProfileMatch;
  readonly #userIdOf: (bareId: string) => string;
  /** By date, client and profile, then by user. */
  readonly #days = new Map<string, Map<string, CountedActivity[]>>();
  #freeRows = 0;

  /** `userIdOf`: the user id that a bare id means. */
  constructor(match: ProfileMatch, userIdOf: (bareId: string) => string) {
    this.#match = match;
    this.#userIdOf = userIdOf;
  }

  #rowOf(tableRow: TableRow): ReturnType<typeof activityRow> {
    const row = activityRow(tableRow);
    if (row === undefined || row === FREE) return row;
    return { ...row, userId: this.#userIdOf(row.userId) };
  }

  read(tableRow: TableRow): void {
    const row = this.#rowOf(tableRow);
    if (row === undefined) return;
    if (row === FREE) this.#freeRows += 1;
    else {
      const profileId = this.#match(row.reportedProfileId);
      if (profileId !== undefined) this.#add(row, profileId);
      else tableRow.problem('profileid', NO_PROFILE, row.reportedProfileId);
    }
  }

  #add(row: ActivityRow, profileId: string): void {
    const key = `${row.date} ${row.client.toUpperCase()} ${profileId}`;
    const users = this.#days.get(key) ?? new Map<string, CountedActivity[]>();
    this.#days.set(key, users);
    const rows = users.get(row.userId) ?? [];
    users.set(row.userId, rows);
    rows.push({ ...row, profileId });
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
        differing.push({ counted: newest[0].place, uncounted: other[0].place });
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

/** Whether two rows of one key have the same figures: counted once, where they are of one delivery (R2). */
function hasEqualFigures(a: ActivityRow, b: ActivityRow): boolean {
  return isEqual(a.creditsUsed, b.creditsUsed) && isEqual(a.overageCredits, b.overageCredits);
}

/** Whether two rows of one key say the same; a `Usage_Limit` says nothing of what was used. */
function saysTheSame(a: ActivityRow, b: ActivityRow): boolean {
  return (
    hasEqualFigures(a, b) &&
    a.overageOn === b.overageOn &&
    capText(a) === capText(b) &&
    tierKey(a.tier) === tierKey(b.tier)
  );
}

function isEqual(a: Decimal, b: Decimal): boolean {
  return compare(a, b) === 0;
}

function capText({ capCredits }: ActivityRow): string {
  if (capCredits === undefined || capCredits === 'none') return capCredits ?? '';
  return decimalText(capCredits, 0);
}
