import type { Decimal } from '../../domain/decimal.ts';
import { type Instant, NANOS_PER_SECOND } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { ProblemLog } from '../../input/problem-log.ts';
import { type WordSpaces, wordSpaces } from '../activity/activity-rows.ts';
import { CollectedRows, type PackedRows } from '../activity/report-rows.ts';
import type { BadUsageRow, ReadingProgress, ReductionPlan } from '../plan.ts';
import type { KernelModule } from '../rows/kernel-module.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import { RowKernel } from '../rows/row-kernel.ts';
import type { SummarySums } from '../summary/summary-reader.ts';
import { SummaryKeys } from '../summary/summary-rows.ts';
import { KIND_BITS, type PackedSums, type SeatAt, SeatSums } from '../sums/seat-sums.ts';

/** Receives the problems of the input, in the order in which it is read. */
export interface ReadingListener {
  readonly log: Pick<ProblemLog, 'add'>;
  /** Receives bad rows instead of the log, with all of their bytes. */
  readonly onBadRow?: ((row: BadUsageRow) => void) | undefined;
}

/** Ignores problems: for files that are also read for their sums, where problems are reported. */
export const SILENT: ReadingListener = { log: { add: () => {} } };

/** What one reader has read so far, and where rows go that are read from their text. */
export interface RowSums extends SummarySums {
  readonly listener: ReadingListener;
  readonly progress: ReadingProgress;
  /** Receives the rows of activity reports. */
  readonly reports: RowReader;
  rows: number;
  duplicates: number;
  badRows: number;
  /** The physical lines that they occupy. */
  badLines: number;
  /** Adds a usage row; a repeated request id that is not blank makes it a duplicate. */
  add(seat: SeatAt, credits: Decimal, place: Place, requestId: string): void;
}

/** What is known about the rows of a unit: a file, or a part of one. */
export interface UnitFacts {
  readonly unit: number;
  /** The bytes of the unit, decompressed. */
  readonly bytes: number;
  readonly rows: number;
  readonly duplicates: number;
  /** The seconds since 1970 of the first and the last row of requests or summaries; infinite if there is none. */
  readonly first: number;
  readonly last: number;
}

/**
 * What one thread has read, in a form that can be sent to another: only good rows, as a thread refuses
 * all others, and every one, as duplicates are left out by a single thread. Users are bare ids, as
 * `planToShare` sends no users: which user an id means is decided where this is absorbed.
 */
export interface PackedReading {
  readonly sums: PackedSums;
  readonly rows: number;
  readonly facts: readonly UnitFacts[];
  /** Missing if there were no activity reports. */
  readonly reports?: PackedRows;
}

/** What one thread has read so far, of all its files. */
export class ReadingState implements RowSums {
  readonly plan: ReductionPlan;
  readonly listener: ReadingListener;
  readonly progress: ReadingProgress;
  readonly kernel: RowKernel;
  readonly sums: SeatSums;
  #reports: CollectedRows | undefined;
  #reportWords: WordSpaces | undefined;
  #summaryKeys: SummaryKeys | undefined;
  readonly facts: UnitFacts[] = [];
  #begun = { unit: 0, rows: 0, duplicates: 0, first: Infinity, last: -Infinity };
  rows = 0;
  duplicates = 0;
  badRows = 0;
  badLines = 0;

  constructor(
    plan: ReductionPlan,
    listener: ReadingListener,
    progress: ReadingProgress,
    kernel?: KernelModule,
  ) {
    this.plan = plan;
    this.listener = listener;
    this.progress = progress;
    this.kernel = new RowKernel(kernel);
    this.sums = new SeatSums(this.kernel, plan);
  }

  /** Begins a unit: a file, or a part of one. */
  beginUnit(unit: number): void {
    const { rows, duplicates } = this;
    this.#begun = { unit, rows, duplicates, first: Infinity, last: -Infinity };
    this.kernel.startSpan();
    this.sums.unit = unit;
    if (this.#reports !== undefined) this.#reports.unit = unit;
  }

  /** Records the facts of a unit that has been read, with its number of bytes. */
  endUnit(bytes: number): void {
    const { unit, rows, duplicates, first, last } = this.#begun;
    const { span } = this.kernel;
    this.facts.push({
      unit,
      bytes,
      rows: this.rows - rows,
      duplicates: this.duplicates - duplicates,
      first: Math.min(first, span.first),
      last: Math.max(last, span.last),
    });
  }

  /** Counts rows that the kernel has read. */
  readonly onRows = (count: number): void => {
    this.rows += count;
    this.progress.onRows?.(count);
  };

  get reports(): CollectedRows {
    if (this.#reports === undefined) {
      this.#reports = new CollectedRows(this.plan);
      this.#reports.unit = this.sums.unit;
    }
    return this.#reports;
  }

  /** The rows of activity reports; missing if there were none. */
  get collected(): CollectedRows | undefined {
    return this.#reports;
  }

  get reportWords(): WordSpaces {
    this.#reportWords ??= wordSpaces(this.kernel, this.reports.columns);
    return this.#reportWords;
  }

  get summaryKeys(): SummaryKeys {
    this.#summaryKeys ??= new SummaryKeys(this.kernel, this.sums, this.plan);
    return this.#summaryKeys;
  }

  add(seat: SeatAt, credits: Decimal, { line }: Place, requestId: string): void {
    if (this.sums.isRepeated(requestId)) {
      this.duplicates += 1;
      this.sums.noteDuplicate(seat);
      return;
    }
    this.noteInstant(seat.at);
    this.sums.addUsage(seat, credits, 1, line, KIND_BITS.requests);
  }

  addStretch(usage: StretchUsage, { line }: Place): void {
    const { profileId, userId, from, to, credits, requests } = usage;
    this.noteInstant(from);
    const seat = { profileId, userId, at: from, until: to };
    this.sums.addUsage(seat, credits, requests, line, KIND_BITS.summaries);
  }

  /** Records usage at an instant that the kernel does not sum. */
  noteInstant(at: Instant): void {
    const second = Number(at / NANOS_PER_SECOND);
    this.#begun.first = Math.min(this.#begun.first, second);
    this.#begun.last = Math.max(this.#begun.last, second);
  }

  /** Everything read, once there is no more to read, for another thread. */
  pack(): PackedReading {
    const { rows, facts } = this;
    const read = { sums: this.sums.pack(), rows, facts };
    const reports = this.#reports?.pack();
    return reports === undefined ? read : { ...read, reports };
  }

  /** Adds what another thread has read. */
  absorb({ sums, rows, facts, reports }: PackedReading): void {
    this.sums.absorb(sums);
    if (reports !== undefined) this.reports.absorb(reports);
    this.rows += rows;
    this.facts.push(...facts);
  }
}
