import { BadInput, type Place } from '../../domain/problem.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { ReadingProgress, ReductionPlan, Work } from '../plan.ts';
import type { Reading } from '../reading.ts';
import { type ReadingListener, ReadingState } from '../reading-state.ts';
import { FileScanner } from '../scan/file-scanner.ts';
import type { UsageFile } from '../usage-file.ts';
import type { Crew, Tell } from './crew.ts';
import { type Job, SharedTurn, unitPlaces } from './job.ts';
import { UnitOutcomes } from './unit-outcomes.ts';
import { UnitReader } from './unit-reader.ts';
import { unitsOf } from './units.ts';

interface Togetherness {
  /** What this thread does once the others have begun. */
  readonly meanwhile?: Work;
  /** Into how small parts files are taken apart. */
  readonly partBytes?: number;
}

/**
 * Reads sources on this thread and with a crew of others; what comes out does not depend on how many.
 * Gives nothing, and has told nothing to `listener`, where the input is such that only one
 * thread alone can read it. Fails where a thread, or the other work, fails.
 */
export async function readTogether(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  listener: ReadingListener,
  progress: ReadingProgress,
  crew: Crew,
  { meanwhile, partBytes }: Togetherness = {},
): Promise<Reading | undefined> {
  const turn = new SharedTurn();
  let outcomes = new UnitOutcomes([]);
  const tell: Tell = (message) => {
    if ('bytes' in message) {
      progress.onBytes?.(message.bytes);
      progress.onRows?.(message.rows);
    } else if ('outcome' in message && !outcomes.add(message.outcome)) {
      turn.stop();
    }
  };
  try {
    const shared = planToShare(plan);
    if (shared === undefined) {
      await meanwhile?.();
      return undefined;
    }
    const units = await unitsOf(sources, headerReader(plan), partBytes);
    outcomes = new UnitOutcomes(units);
    const files = sources.map(({ file }) => file);
    const { keepsBytes } = listener;
    const job: Job = { plan: shared, keepsBytes, files, units, turn: turn.memory };
    crew.start(job, tell);
    const reader = new UnitReader(job, tell);
    await meanwhile?.();
    await reader.run();
    const parts = [reader.pack(), ...(await crew.readings())];
    if (turn.isStopped || !outcomes.areComplete) return undefined;
    outcomes.tell(listener);
    const placeOf = (unit: number, line: number): Place => ({
      file: files[units[unit]?.source ?? 0] as string,
      line: outcomes.lineOf(unit, line),
    });
    return { parts, units: unitPlaces(job), placeOf };
  } finally {
    await crew.dismiss();
  }
}

/** The plan as other threads can get it; nothing where it has what only this one can hold, or calls for one order of all rows. */
function planToShare(plan: ReductionPlan): ReductionPlan | undefined {
  const { profileIds, reportProfiles, months, cuts, cutsForAll, byDay, dedupe } = plan;
  const sets = [profileIds, months].filter((set) => set !== undefined);
  const areSets = sets.every((set) => Object.getPrototypeOf(set) === Set.prototype);
  if (dedupe || !areSets || Object.getPrototypeOf(cuts) !== Map.prototype) return undefined;
  return {
    ...(profileIds === undefined ? {} : { profileIds }),
    ...(reportProfiles === undefined ? {} : { reportProfiles }),
    ...(months === undefined ? {} : { months }),
    ...(cutsForAll === undefined ? {} : { cutsForAll }),
    ...(byDay === undefined ? {} : { byDay }),
    cuts,
    dedupe,
  };
}

/** Reads headers, without a word about problems: whoever reads the file finds them again. */
function headerReader(plan: ReductionPlan): (file: string) => Promise<UsageFile | undefined> {
  const silent = { onBadRow: () => {}, onProblem: () => {}, keepsBytes: false };
  const scanner = new FileScanner(new ReadingState(plan, silent, {}, [], false));
  return async (file) => {
    try {
      return await scanner.readHeader(file);
    } catch (error) {
      if (error instanceof BadInput) return undefined;
      throw error;
    }
  };
}
