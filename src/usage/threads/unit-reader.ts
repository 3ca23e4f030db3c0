import { BadInput } from '../../domain/problem.ts';
import type { PackedReading } from '../reading.ts';
import { ReadingState } from '../reading-state.ts';
import { FileScanner, type ScannedPart } from '../scan/file-scanner.ts';
import { giveWay } from '../scan/turns.ts';
import { type Finding, type Job, SharedTurn, type ThreadMessage, unitPlaces } from './job.ts';
import type { Unit } from './units.ts';

/** After so many bytes progress is told. */
const PROGRESS_BYTES = 4 * 1024 * 1024;
/** What the findings of one thread may weigh, which have to wait until all is read: a bad row is 1, and 1 more per KiB. */
const MOST_FINDINGS = 10_000;
const FINDING_BYTES = 1024;

/** Thrown out of a reading that only one thread alone can do well. */
class Unsuited extends Error {}

/** Reads units on one thread, those that no other thread has taken. */
export class UnitReader {
  readonly #state: ReadingState;
  readonly #job: Job;
  readonly #turn: SharedTurn;
  readonly #tell: (message: ThreadMessage) => void;
  readonly #scanner: FileScanner;
  #findings: Finding[] = [];
  #weight = 0;
  #bytes = 0;
  #rows = 0;

  constructor(job: Job, tell: (message: ThreadMessage) => void, bufferBytes?: number) {
    this.#job = job;
    this.#turn = new SharedTurn(job.turn);
    this.#tell = tell;
    this.#state = new ReadingState(
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
      unitPlaces(job),
      true,
    );
    this.#scanner = new FileScanner(this.#state, bufferBytes);
  }

  /** Reads until there are no more units, or somebody stops the reading. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const index = this.#turn.takeUnit();
        const unit = this.#job.units[index];
        if (unit === undefined || this.#turn.isStopped) return;
        await this.#read(index, unit);
        await giveWay();
      }
    } catch (error) {
      this.#turn.stop();
      if (!(error instanceof Unsuited)) throw error;
    }
  }

  async #read(index: number, unit: Unit): Promise<void> {
    this.#state.beginUnit(index);
    this.#findings = [];
    const part = await this.#scan(unit);
    this.#tellProgress();
    const outcome = { unit: index, findings: this.#findings };
    this.#tell({ outcome: part === undefined ? outcome : { ...outcome, part } });
  }

  async #scan({ source, part }: Unit): Promise<ScannedPart | undefined> {
    try {
      if (part === undefined) {
        await this.#scanner.scanSource({ file: this.#job.files[source] as string });
        return undefined;
      }
      const scanned = await this.#scanner.scanPart(part.file, part.from, part.to);
      if (scanned === undefined) throw new Unsuited();
      this.#progress(part.to - part.from, 0);
      return scanned;
    } catch (error) {
      // A file that cannot be read to its end is told where one thread reads it in its order.
      if (!(error instanceof BadInput)) throw error;
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
    this.#tellProgress();
    if (this.#turn.isStopped) throw new Unsuited();
  }

  #tellProgress(): void {
    this.#tell({ bytes: this.#bytes, rows: this.#rows });
    this.#bytes = 0;
    this.#rows = 0;
  }

  /** What was read, when there is no more to read. */
  pack(): PackedReading {
    return this.#state.pack();
  }
}
