import type { Decimal } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { Place, Problem } from '../domain/problem.ts';
import type { StretchUsage } from '../domain/records.ts';
import type { ReportRows } from './activity/activity-reports.ts';
import { type ProfileMatch, profileMatch } from './activity/profile-match.ts';
import { ReportTable } from './activity/report-table.ts';
import { UnitOrder, type UnitPlace } from './activity/unit-order.ts';
import { RequestKernel } from './kernel/request-kernel.ts';
import type { BadUsageRow, ReadingProgress, ReductionPlan } from './plan.ts';
import type { PackedReading } from './reading.ts';
import { RequestIds } from './request-ids.ts';
import { SeatSums } from './sums/seat-sums.ts';

/** Hears what is wrong with the input, in the order in which it is read. */
export interface ReadingListener {
  onBadRow(row: BadUsageRow): void;
  /** A problem of a file as a whole, or of its header. */
  onProblem(problem: Problem): void;
  /** Whether bad rows are wanted as they stood, whatever their length. */
  readonly keepsBytes: boolean;
}

/** What one reader has read so far, and where its rows go when they are read from their text. */
export interface RowSums {
  readonly plan: ReductionPlan;
  readonly listener: ReadingListener;
  readonly progress: ReadingProgress;
  readonly requestIds: KnownRequestIds;
  /** Where the rows of activity reports go. */
  readonly reports: ReportRows;
  rows: number;
  duplicates: number;
  badRows: number;
  /** Adds a usage row. */
  add(profileId: string, userId: string, at: Instant, credits: Decimal, place: Place): void;
  /** Adds usage rows of a seat that have been summed up, to the stretch in which `from` lies. */
  addStretch(usage: StretchUsage, place: Place): void;
}

export interface KnownRequestIds {
  /** Takes a `request_id` in; gives whether it was met before. A blank one tells nothing, so it never was. */
  meet(requestId: string): boolean;
}

/** What one thread has read so far, of all its files. */
export class ReadingState implements RowSums {
  readonly plan: ReductionPlan;
  readonly listener: ReadingListener;
  readonly progress: ReadingProgress;
  readonly sums: SeatSums;
  readonly requestIds = new RequestIds();
  readonly #units: readonly UnitPlace[];
  #reports: ReportTable | undefined;
  #unit = 0;
  /** Takes plain rows in ahead of all else; missing where it is not worth its start, or cannot be had. */
  readonly kernel: RequestKernel | undefined;
  rows = 0;
  duplicates = 0;
  badRows = 0;

  /**
   * `units`: where the rows come from that are to be read. `isLong`: whether there may be
   * enough of them for a kernel to be worth while.
   */
  constructor(
    plan: ReductionPlan,
    listener: ReadingListener,
    progress: ReadingProgress,
    units: readonly UnitPlace[],
    isLong: boolean,
  ) {
    this.kernel = isLong ? RequestKernel.create(plan) : undefined;
    this.plan = plan;
    this.listener = listener;
    this.progress = progress;
    this.sums = new SeatSums(plan);
    this.#units = units;
  }

  /** The unit that is read from now on: a file, or a part of one. */
  beginUnit(unit: number): void {
    this.#unit = unit;
    this.sums.profiles.unit = unit;
    if (this.#reports !== undefined) this.#reports.unit = unit;
  }

  get reports(): ReportTable {
    if (this.#reports === undefined) {
      this.#reports = new ReportTable(
        new UnitOrder(this.#units),
        reportMatch(this.plan),
        this.plan.identities,
      );
      this.#reports.unit = this.#unit;
    }
    return this.#reports;
  }

  add(profileId: string, userId: string, at: Instant, credits: Decimal, place: Place): void {
    this.sums.addUsage({ profileId, userId, at }, credits, 1, place.line);
  }

  addStretch(usage: StretchUsage, place: Place): void {
    const { profileId, userId, from, credits, requests } = usage;
    this.sums.addUsage({ profileId, userId, at: from }, credits, requests, place.line);
  }

  /** What has been read, when there is no more to read. */
  pack(): PackedReading {
    const { firstNamed, unwantedMonths, windows } = this.sums.profiles;
    const seats = [this.sums.pack()];
    if (this.kernel !== undefined) {
      seats.push(this.kernel.pack(windows));
      this.kernel.release();
    }
    const { rows, duplicates, badRows } = this;
    const read = { seats, firstNamed, unwantedMonths, rows, duplicates, badRows };
    return this.#reports === undefined ? read : { ...read, reports: this.#reports.pack() };
  }
}

/** Which profiles the reports of a plan mean. */
export function reportMatch(plan: ReductionPlan): ProfileMatch {
  const { reportProfiles, profileIds, identities } = plan;
  if (reportProfiles === undefined) return (reported) => reported;
  return profileMatch(reportProfiles, profileIds === undefined, identities?.profileAliases);
}
