import { BadInput } from '../../domain/problem.ts';
import { FileReader } from '../files/file-reader.ts';
import type { PartRead } from '../files/usage-file.ts';
import { type ReadingListener, ReadingState } from '../kinds/reading-state.ts';
import { yieldToEventLoop } from '../rows/event-loop.ts';
import { OutOfMemory } from '../rows/row-kernel.ts';
import { type Job, SharedTurn, type ThreadMessage } from './job.ts';
import type { Unit } from './units.ts';

/** Progress is reported each time this many bytes have been read. */
const PROGRESS_BYTES = 4 * 1024 * 1024;
/** With more sums than this per thread, a reading that should use little memory uses a single thread. */
const MOST_SHARED_SUMS = 100_000;

/** Thrown to stop a reading that needs a single thread. */
class Unsuited extends Error {}

/** What is wrong is reported by the single-threaded reading that follows, in its place. */
const REFUSING: ReadingListener = { log: { add: refuse } };

function refuse(): never {
  throw new Unsuited();
}

function isRefusal(error: unknown): boolean {
  return error instanceof Unsuited || error instanceof BadInput || error instanceof OutOfMemory;
}

/** Reads units on one thread, those that no other thread has taken. */
export class UnitReader {
  /** What has been read. */
  readonly state: ReadingState;
  readonly #job: Job;
  readonly #turn: SharedTurn;
  readonly #report: (message: ThreadMessage) => void;
  readonly #reader: FileReader;
  #bytes = 0;
  #rows = 0;

  constructor(job: Job, report: (message: ThreadMessage) => void) {
    this.#job = job;
    this.#turn = new SharedTurn(job.turn);
    this.#report = report;
    this.state = new ReadingState(
      job.plan,
      REFUSING,
      {
        onBytes: (count) => this.#progress(count, 0),
        onRows: (count) => this.#progress(0, count),
      },
      job.kernel,
    );
    this.#reader = new FileReader(this.state);
  }

  /** Reads until no units are left, or the reading is stopped: by another thread, or as something is wrong. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const index = this.#turn.takeUnit();
        const unit = this.#job.units[index];
        if (unit === undefined || this.#turn.isStopped) return;
        await this.#read(index, unit);
        if (this.#job.plan.onlyInOrder && this.state.kernel.cellCount > MOST_SHARED_SUMS) refuse();
        await yieldToEventLoop();
      }
    } catch (error) {
      this.#turn.stop();
      if (!isRefusal(error)) throw error;
    }
  }

  async #read(index: number, unit: Unit): Promise<void> {
    this.state.beginUnit(index);
    const part = await this.#readUnit(unit);
    this.#reportProgress();
    this.#report({ outcome: { unit: index, part } });
  }

  async #readUnit({ source, part }: Unit): Promise<PartRead | undefined> {
    if (part === undefined) {
      await this.#reader.readSource({ file: this.#job.files[source] as string });
      return undefined;
    }
    const read = (await this.#reader.readPart(part.file, part.from, part.to)) ?? refuse();
    this.#progress(read.bytes, 0);
    return read;
  }

  #progress(bytes: number, rows: number): void {
    this.#bytes += bytes;
    this.#rows += rows;
    if (this.#bytes < PROGRESS_BYTES) return;
    this.#reportProgress();
    if (this.#turn.isStopped) refuse();
  }

  #reportProgress(): void {
    this.#report({ bytes: this.#bytes, rows: this.#rows });
    this.#bytes = 0;
    this.#rows = 0;
  }
}
