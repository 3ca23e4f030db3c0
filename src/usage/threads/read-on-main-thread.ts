import { BadInput, type Place } from '../../domain/problem.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { FileReader } from '../files/file-reader.ts';
import { type ReadingListener, ReadingState } from '../kinds/reading-state.ts';
import type { ReadingProgress, ReductionPlan } from '../plan.ts';
import type { Reading } from '../reading.ts';
import type { RowPlace } from '../sums/row-place.ts';

/** Reads sources one after another, on this thread. */
export async function readOnMainThread(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  listener: ReadingListener,
  progress: ReadingProgress,
): Promise<Reading> {
  const units = sources.map(({ file }, source) => ({ file, from: 0, source }));
  const state = new ReadingState(plan, listener, progress);
  const reader = new FileReader(state);
  for (const [unit, source] of sources.entries()) {
    state.beginUnit(unit);
    try {
      await reader.readSource(source);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      for (const problem of error.problems) listener.log.add(problem);
    }
  }
  const placeOf = ({ unit, line }: RowPlace): Place => ({
    file: (sources[unit] as ByteSource).file,
    line,
  });
  return { state, others: [], units, placeOf };
}
