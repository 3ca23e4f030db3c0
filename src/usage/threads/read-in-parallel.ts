import type { ByteSource } from '../../input/byte-source.ts';
import type { ReadingProgress, ReductionPlan, Work } from '../plan.ts';
import type { Reading } from '../reading.ts';
import { usageFileReader } from './file-parts.ts';
import { readUnits } from './read-units.ts';
import { unitsOf } from './units.ts';
import type { Workers } from './workers.ts';

/**
 * Reads sources on this thread and others; the result does not depend on how many. Returns
 * `undefined` if the input needs a single thread: where anything is wrong with it, too. This thread
 * does the work `beforeReading` once the others have started. Fails if a thread, or that work, fails.
 */
export async function readInParallel(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  progress: ReadingProgress,
  workers: Workers,
  beforeReading: Work | undefined,
): Promise<Reading | undefined> {
  try {
    const files = sources.map(({ file }) => file);
    const units = await unitsOf(sources, usageFileReader(plan));
    return await readUnits({ plan, files, units }, progress, workers, beforeReading);
  } finally {
    workers.dismiss();
  }
}
