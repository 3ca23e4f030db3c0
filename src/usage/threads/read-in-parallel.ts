import { NO_IDENTITIES } from '../../domain/identities.ts';
import { BadInput, type Place } from '../../domain/problem.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { FileReader } from '../files/file-reader.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { ReadingState, SILENT } from '../kinds/reading-state.ts';
import type { ReadingProgress, ReductionPlan, Work } from '../plan.ts';
import type { Reading } from '../reading.ts';
import { kernelModule } from '../rows/kernel-module.ts';
import type { RowPlace } from '../sums/row-place.ts';
import { type Job, SharedTurn, unitPlaces } from './job.ts';
import { UnitOutcomes } from './unit-outcomes.ts';
import { UnitReader } from './unit-reader.ts';
import { unitsOf } from './units.ts';
import type { Report, Workers } from './workers.ts';

/**
 * Reads sources on this thread and others; the result does not depend on how many. Returns
 * `undefined` if the input needs a single thread: where anything is wrong with it, too. This thread
 * does the work `beforeReading` once the others have started. Fails if a thread, or that work, fails.
 * `partBytes`: the size of the parts into which files are split.
 */
export async function readInParallel(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  progress: ReadingProgress,
  workers: Workers,
  beforeReading: Work | undefined,
  partBytes?: number,
): Promise<Reading | undefined> {
  const turn = new SharedTurn();
  const read = { bytes: 0, rows: 0 };
  const onRead = (bytes: number, rows: number): void => {
    read.bytes += bytes;
    read.rows += rows;
    progress.onBytes?.(bytes);
    progress.onRows?.(rows);
  };
  try {
    const units = await unitsOf(sources, usageFileReader(plan), partBytes);
    const outcomes = new UnitOutcomes(units);
    const report: Report = (message) => {
      if ('bytes' in message) onRead(message.bytes, message.rows);
      else if ('outcome' in message && !outcomes.add(message.outcome)) turn.stop();
    };
    const files = sources.map(({ file }) => file);
    const kernel = kernelModule();
    const job: Job = { plan: planToShare(plan), kernel, files, units, turn: turn.memory };
    workers.start(job, report);
    const reader = new UnitReader({ ...job, plan }, report);
    await beforeReading?.();
    await reader.run();
    const others = await workers.readings();
    if (turn.isStopped || !outcomes.areComplete) {
      onRead(-read.bytes, -read.rows);
      return undefined;
    }
    const placeOf = ({ unit, line }: RowPlace): Place => ({
      file: files[units[unit]?.source ?? 0] as string,
      line: outcomes.lineOf(unit, line),
    });
    return { state: reader.state, others, units: unitPlaces(job), placeOf };
  } finally {
    await workers.dismiss();
  }
}

/**
 * The plan in a form that can be sent to other threads, without functions. Which user an id means is
 * decided when this thread receives what they have read.
 */
function planToShare({ reported: _, identities, ...plan }: ReductionPlan): ReductionPlan {
  const { profileAliases } = identities;
  return { ...plan, identities: { ...NO_IDENTITIES, profileAliases } };
}

/** Reads headers without reporting problems: they are reported when the file is read. */
function usageFileReader(plan: ReductionPlan): (file: string) => Promise<UsageFile | undefined> {
  const reader = new FileReader(new ReadingState(plan, SILENT, {}));
  return async (file) => {
    try {
      return await reader.usageFileOf(file);
    } catch (error) {
      if (error instanceof BadInput) return undefined;
      throw error;
    }
  };
}
