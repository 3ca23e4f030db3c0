import { NO_IDENTITIES } from '../../domain/identities.ts';
import type { Place } from '../../domain/problem.ts';
import type { ReadingProgress, ReductionPlan, Work } from '../plan.ts';
import type { Reading } from '../reading.ts';
import { kernelModule } from '../rows/kernel-module.ts';
import type { RowPlace } from '../sums/row-place.ts';
import { type Job, SharedTurn, unitPlaces } from './job.ts';
import { UnitOutcomes } from './unit-outcomes.ts';
import { UnitReader } from './unit-reader.ts';
import type { Report, Workers } from './workers.ts';

/**
 * Reads units on this thread and others, see `readInParallel`. The others are left to the caller to
 * dismiss.
 */
export async function readUnits(
  { plan, files, units }: Pick<Job, 'plan' | 'files' | 'units'>,
  progress: ReadingProgress,
  workers: Workers,
  beforeReading: Work | undefined,
): Promise<Reading | undefined> {
  const turn = new SharedTurn();
  const readSoFar = new ReadSoFar(progress);
  const outcomes = new UnitOutcomes(units);
  const report: Report = (message) => {
    if ('bytes' in message) readSoFar.add(message.bytes, message.rows);
    else if ('outcome' in message && !outcomes.add(message.outcome)) turn.stop();
  };
  const kernel = kernelModule();
  const job: Job = { plan: planToShare(plan), kernel, files, units, turn: turn.memory };
  workers.start(job, report);
  const reader = new UnitReader({ ...job, plan }, report);
  await beforeReading?.();
  await reader.run();
  const others = await workers.readings();
  if (turn.isStopped || !outcomes.areComplete) {
    readSoFar.takeBack();
    return undefined;
  }
  const placeOf = ({ unit, line }: RowPlace): Place => ({
    file: files[units[unit]?.source ?? 0] as string,
    line: outcomes.lineOf(unit, line),
  });
  return { state: reader.state, others, units: unitPlaces(job), placeOf };
}

/**
 * The plan in a form that can be sent to other threads, without functions. Which user an id means is
 * decided when this thread receives what they have read.
 */
function planToShare({ reported: _, identities, ...plan }: ReductionPlan): ReductionPlan {
  const { profileAliases } = identities;
  return { ...plan, identities: { ...NO_IDENTITIES, profileAliases } };
}

/** Reports what all threads have read, and takes it back if it is to be read again. */
class ReadSoFar {
  readonly #progress: ReadingProgress;
  #bytes = 0;
  #rows = 0;

  constructor(progress: ReadingProgress) {
    this.#progress = progress;
  }

  add(bytes: number, rows: number): void {
    this.#bytes += bytes;
    this.#rows += rows;
    this.#progress.onBytes?.(bytes);
    this.#progress.onRows?.(rows);
  }

  takeBack(): void {
    this.add(-this.#bytes, -this.#rows);
  }
}
