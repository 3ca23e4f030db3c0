import { basename } from 'node:path';
import type { Decimal } from '../../domain/decimal.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Place, Problem } from '../../domain/problem.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import type { TableRow } from '../../input/table.ts';
import { type ActivityRow, activityRow, FREE, saysTheSame } from './activity-row.ts';
import type { ProfileMatch } from './profile-match.ts';

/** Usage that a report row comes to. */
export interface CountedRow {
  readonly profileId: string;
  readonly userId: string;
  /** Midnight UTC of the report's date. */
  readonly at: Instant;
  readonly credits: Decimal;
  readonly place: Place;
}

/** A row that counts, with all that the report tells of it. */
export interface CountedActivity extends ActivityRow {
  readonly profileId: string;
}

/** One row that was delivered twice, and not alike. */
export interface DifferingDuplicate {
  /** Where the row stands that counts. */
  readonly counted: Place;
  readonly passedOver: Place;
}

/** How many differing duplicates are told one by one. */
const TOLD_DUPLICATES = 10;

/**
 * Takes the rows of all activity reports of a run, in any order, and finds those that
 * count: one per date, user, client and profile, the one from the newest file. Memory
 * grows with these, not with the files. Whoever feeds it may read rows as it likes.
 */
export class ActivityReports {
  readonly #match: ProfileMatch;
  /** By date, client and profile, then by user. */
  readonly #days = new Map<string, Map<string, CountedActivity>>();
  readonly #stamps = new Map<string, string>();
  readonly #duplicates: DifferingDuplicate[] = [];
  #differing = 0;
  #freeRows = 0;

  constructor(match: ProfileMatch) {
    this.#match = match;
  }

  /** Takes a row of a report file as it stands; gives what is wrong with it. */
  addTableRow(rowOf: (log: ProblemLog) => TableRow): readonly Problem[] {
    const log = new ProblemLog();
    const row = rowOf(log);
    const activity = activityRow(row);
    if (activity === FREE) this.addFreeRow();
    else if (activity !== undefined && !this.add(activity)) {
      row.problem('profileid', NO_PROFILE, activity.reportedProfileId);
    }
    return log.kept;
  }

  addFreeRow(): void {
    this.#freeRows += 1;
  }

  /** Takes a row; false where its profile is none of ours. */
  add(row: ActivityRow): boolean {
    const profileId = this.#match(row.reportedProfileId);
    if (profileId === undefined) return false;
    const key = `${row.date} ${row.client.toUpperCase()} ${profileId}`;
    const users = this.#days.get(key) ?? new Map<string, CountedActivity>();
    this.#days.set(key, users);
    const known = users.get(row.userId);
    const fresh = { ...row, profileId };
    if (known === undefined || this.#isNewer(row, known)) users.set(row.userId, fresh);
    if (known !== undefined && !saysTheSame(known, row)) this.#tellDuplicate(known, row);
    return true;
  }

  #tellDuplicate(known: ActivityRow, row: ActivityRow): void {
    this.#differing += 1;
    if (this.#duplicates.length >= TOLD_DUPLICATES) return;
    const [counted, passedOver] = this.#isNewer(row, known)
      ? [row.place, known.place]
      : [known.place, row.place];
    this.#duplicates.push({ counted, passedOver });
  }

  /** By the time stamp in the file's name, then by path, then by line. */
  #isNewer({ place: a }: ActivityRow, { place: b }: ActivityRow): boolean {
    if (a.file === b.file) return a.line > b.line;
    const stamps = compareBytes(this.#stampOf(a.file), this.#stampOf(b.file));
    return (stamps || compareBytes(a.file, b.file)) > 0;
  }

  #stampOf(file: string): string {
    const known = this.#stamps.get(file);
    if (known !== undefined) return known;
    const stamp = stampOfName(file);
    this.#stamps.set(file, stamp);
    return stamp;
  }

  /** The rows that count, with all that they tell; in no particular order. */
  *counted(): Generator<CountedActivity> {
    for (const users of this.#days.values()) yield* users.values();
  }

  /** How many rows of the Free tier were passed over. */
  get freeRows(): number {
    return this.#freeRows;
  }

  /** What a reader of the invoice may want to know of how rows were chosen. */
  notes(): string[] {
    const notes: string[] = [];
    if (this.#freeRows > 0) {
      notes.push(
        `${counted(this.#freeRows, 'report row')} of the Free tier passed over: nobody is charged for them`,
      );
    }
    if (this.#differing === 0) return notes;
    const rows = counted(this.#differing, 'report row');
    notes.push(`${rows} delivered again with other figures: the newest file counts`);
    for (const { counted: place, passedOver } of this.#duplicates) {
      notes.push(`${placeText(place)} counts, ${placeText(passedOver)} does not`);
    }
    const more = this.#differing - this.#duplicates.length;
    if (more > 0) notes.push(`… and ${more} more such rows`);
    return notes;
  }
}

const NO_PROFILE =
  "there is no such profile in profiles.csv, by its ARN, the ARN's last part, or its account and Region";

/** The time of delivery in a report's name, `YYYYMMDDHHMM`; blank where the name has none. */
function stampOfName(file: string): string {
  return /_user_report_(\d{12})/i.exec(basename(file))?.[1] ?? '';
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
