import { availableParallelism } from 'node:os';
import { BadInput } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { readUnchanged } from '../input/changed-files.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { MORE_ROOM } from '../input/room.ts';
import { refusedCopies } from './coverage/same-files.ts';
import { sourceFacts } from './coverage/source-facts.ts';
import { factsByKind, usageDays } from './coverage/usage-days.ts';
import { sortSources } from './files/sort-sources.ts';
import type { ReadingListener } from './kinds/reading-state.ts';
import type { BadUsageRow, ReadingProgress, ReductionPlan, UsageReduction, Work } from './plan.ts';
import { type Reading, reductionOf } from './reading.ts';
import { OutOfMemory } from './rows/row-kernel.ts';
import { readOnMainThread } from './threads/read-on-main-thread.ts';
import { usefulThreads } from './threads/units.ts';
import type { Workers } from './threads/workers.ts';

/** Each thread has memory of its own: eight would use half as much again, and save little more time. */
const MOST_THREADS = 4;

/** How to carry out a reduction; the result does not depend on it. */
export interface ReductionOptions {
  /** How many threads may read, 1 or more; missing for as many as the machine has. */
  readonly threads?: number | undefined;
  /** Threads that are already running, from `readyThreads` for the same sources. */
  readonly workers?: Workers | undefined;
  /** What this thread has to do first; other threads start before that. */
  readonly beforeReading?: Work | undefined;
}

/** What decides how many threads read. */
type ThreadChoice = Pick<ReductionOptions, 'threads'> & Partial<Pick<ReductionPlan, 'dedupe'>>;

/**
 * Starts the worthwhile number of threads for these sources, so that they are running by the time
 * that everything else needed for reading is known. `undefined` if this thread is to read alone, as
 * it always does with `dedupe`: of two rows with one request id the first counts.
 */
export async function readyThreads(
  sources: readonly ByteSource[],
  { threads: most = Math.min(MOST_THREADS, availableParallelism()), dedupe }: ThreadChoice,
): Promise<Workers | undefined> {
  const threads = dedupe === true ? 1 : usefulThreads(sources, most);
  if (threads === 1) return undefined;
  // Small inputs do not need this code, and do not wait for it.
  const { startWorkers } = await import('./threads/workers.ts');
  return startWorkers(threads - 1);
}

/**
 * Reads usage files of all kinds into exact sums per seat and stretch. Problems go to `log`, but
 * bad rows go to `onBadRow` instead if it is given. Memory grows with seats and stretches, not
 * with rows, except with `dedupe`; with activity reports, it grows with their keys.
 */
export async function reduceUsage(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
  options: ReductionOptions = {},
): Promise<UsageReduction> {
  const sorted = await sortSources(sources);
  const { usage, unrecognizedFiles } = sorted;
  return readUnchanged(usage, log, async () => {
    const { reading, reduction } = await refusingTooMuch(usage, async () => {
      const read = await readUsage(usage, plan, { log, onBadRow }, progress, options);
      return { reading: read, reduction: reductionOf(read, plan) };
    });
    const facts = sourceFacts(reading, usage);
    const copies = await refusedCopies(factsByKind(facts, sorted).requests, plan);
    for (const problem of copies) log.add(problem);
    return {
      ...reduction,
      coverage: await usageDays(reading.state.sums, facts, sorted, plan),
      unrecognizedFiles: unrecognizedFiles.map(({ file }) => file),
    };
  });
}

/** `BadInput` if memory does not suffice for all seats. */
async function refusingTooMuch<Result>(
  [first]: readonly ByteSource[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OutOfMemory) || first === undefined) throw error;
    const what = `the usage has too many seats to bill at once on one machine: ${MORE_ROOM}`;
    throw new BadInput([{ file: first.file, what }]);
  }
}

async function readUsage(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  listener: ReadingListener,
  progress: ReadingProgress,
  { beforeReading, threads, workers: ready }: ReductionOptions,
): Promise<Reading> {
  const { dedupe } = plan;
  const workers = ready ?? (await readyThreads(sources, { threads, dedupe }));
  if (workers === undefined) {
    await beforeReading?.();
    return readOnMainThread(sources, plan, listener, progress);
  }
  const { readInParallel } = await import('./threads/read-in-parallel.ts');
  const inParallel = await readInParallel(sources, plan, progress, workers, beforeReading);
  return inParallel ?? readOnMainThread(sources, plan, listener, progress);
}
