import { BadInput, type Place } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import type { ReadingProgress, ReductionPlan } from './plan.ts';
import type { Reading } from './reading.ts';
import { type ReadingListener, ReadingState } from './reading-state.ts';
import { FileScanner } from './scan/file-scanner.ts';

/** From this size on a kernel is worth its start. */
const LONG_BYTES = 512 * 1024;

/**
 * Reads sources one after another, on this thread. `bufferBytes`: how much of a source is in
 * memory at a time, where it is not to be the usual.
 */
export async function readAlone(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  listener: ReadingListener,
  progress: ReadingProgress,
  bufferBytes?: number,
): Promise<Reading> {
  const units = sources.map(({ file }) => ({ file, from: 0 }));
  const state = new ReadingState(plan, listener, progress, units, sources.some(mayBeLong));
  const scanner = new FileScanner(state, bufferBytes);
  for (const [unit, source] of sources.entries()) {
    state.beginUnit(unit);
    try {
      await scanner.scanSource(source);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      for (const problem of error.problems) listener.onProblem(problem);
    }
  }
  const placeOf = (unit: number, line: number): Place => ({
    file: (sources[unit] as ByteSource).file,
    line,
  });
  return { parts: [state.pack()], units, placeOf };
}

/** Whether there may be more bytes to read than a kernel takes to start. */
function mayBeLong({ sizeBytes }: ByteSource): boolean {
  return sizeBytes === undefined || sizeBytes > LONG_BYTES;
}
