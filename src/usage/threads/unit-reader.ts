import { BadInput } from '../../domain/problem.ts';
import { FileReader, type PartRead } from '../files/file-reader.ts';
import { ReadingState } from '../kinds/reading-state.ts';
import { yieldToEventLoop } from '../rows/event-loop.ts';
import { OutOfMemory } from '../rows/row-kernel.ts';
import { type Finding, type Job, SharedTurn, type ThreadMessage } from './job.ts';
import type { Unit } from './units.ts';

/** Progress is reported each time this many bytes have been read. */
const PROGRESS_BYTES = 4 * 1024 * 1024;
/** The most findings that one thread may hold until all is read, by weight: a bad row is 1, plus 1 per KiB. */
const MOST_FINDINGS = 10_000;
const FINDING_BYTES = 1024;
/** With more sums than this per thread, a reading that should use little memory uses a single thread. */
const MOST_SHARED_SUMS = 100_000;

/** Thrown to stop a reading that needs a single thread. */
class Unsuited extends Error {}

/** Reads units on one thread, those that no other thread has taken. */
export class UnitReader {
  /** What has been read. */
  readonly state: ReadingState;
  readonly #job: Job;
  readonly #turn: SharedTurn;
  readonly #report: (message: ThreadMessage) => void;
  readonly #reader: FileReader;
  #findings: Finding[] = [];
  #weight = 0;
  #bytes = 0;
  #rows = 0;

  constructor(job: Job, report: (message: ThreadMessage) => void, capacity?: number) {
    this.#job = job;
    this.#turn = new SharedTurn(job.turn);
    this.#report = report;
    this.state = new ReadingState(
      job.plan,
      {
        onBadRow: (row) => this.#find({ row }, 1 + row.bytes.length / FINDING_BYTES),
        onProblem: (problem) => this.#find({ problem }, 1),
        keepsBytes: job.keepsBytes,
      },
      {
        onBytes: (count) => this.#progress(count, 0),
        onRows: (count) => this.#progress(0, count),
      },
      job.kernel,
    );
    this.#reader = new FileReader(this.state, { capacity });
  }

  /** Reads until no units are left, or the reading is stopped. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const index = this.#turn.takeUnit();
        const unit = this.#job.units[index];
        if (unit === undefined || this.#turn.isStopped) return;
        await this.#read(index, unit);
        if (this.#job.plan.onlyInOrder && this.state.kernel.cellCount > MOST_SHARED_SUMS)
          throw new Unsuited();
        await yieldToEventLoop();
      }
    } catch (error) {
      this.#turn.stop();
      // If memory runs out here, the single-threaded reading reports it.
      const isUnsuited = error instanceof Unsuited || error instanceof OutOfMemory;
      if (!isUnsuited) throw error;
    }
  }

  async #read(index: number, unit: Unit): Promise<void> {
    this.state.beginUnit(index);
    this.#findings = [];
    const part = await this.#readUnit(unit);
    this.#reportProgress();
    const outcome = { unit: index, findings: this.#findings };
    this.#report({ outcome: part === undefined ? outcome : { ...outcome, part } });
  }

  async #readUnit({ source, part }: Unit): Promise<PartRead | undefined> {
    try {
      if (part === undefined) {
        await this.#reader.readSource({ file: this.#job.files[source] as string });
        return undefined;
      }
      const read = await this.#reader.readPart(part.file, part.from, part.to);
      if (read === undefined) throw new Unsuited();
      this.#progress(read.bytes, 0);
      return read;
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      // What is wrong with a part of a file is reported by the single-threaded reading that follows.
      if (part !== undefined) throw new Unsuited();
      for (const problem of error.problems) this.#find({ problem }, 1);
      return undefined;
    }
  }

  #find(finding: Finding, weight: number): void {
    this.#findings.push(finding);
    this.#weight += weight;
    if (this.#weight > MOST_FINDINGS) throw new Unsuited();
  }

  #progress(bytes: number, rows: number): void {
    this.#bytes += bytes;
    this.#rows += rows;
    if (this.#bytes < PROGRESS_BYTES) return;
    this.#reportProgress();
    if (this.#turn.isStopped) throw new Unsuited();
  }

  #reportProgress(): void {
    this.#report({ bytes: this.#bytes, rows: this.#rows });
    this.#bytes = 0;
    this.#rows = 0;
  }
}
