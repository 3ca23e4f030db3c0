import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import type { ProblemLog } from '../../input/problem-log.ts';
import { UsageAccumulator } from '../accumulator.ts';
import { readExactly } from '../exact-reading.ts';
import { listenerOf } from '../listener.ts';
import type { BadUsageRow, ReadingProgress, ReductionPlan, UsageReduction } from '../plan.ts';
import type { KnownRequestIds, RowSums } from '../reading-state.ts';

/**
 * The plain twin of `reduceUsage`, which says what it must give: files are read one after
 * another, row by row, all from text.
 */
export async function reduceUsagePlainly(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
): Promise<UsageReduction> {
  const accumulator = new UsageAccumulator(plan);
  const sums: RowSums = {
    plan,
    listener: listenerOf(log, onBadRow),
    progress,
    requestIds: new PlainRequestIds(),
    rows: 0,
    duplicates: 0,
    badRows: 0,
    add: (...row) => accumulator.add(...row),
    addStretch: (...stretch) => accumulator.addStretch(...stretch),
  };
  for (const source of sources) {
    try {
      await readExactly(source.file, readBytes(source, progress.onBytes), sums);
    } catch (error) {
      log.addFailure(error);
    }
  }
  const { rows, duplicates, badRows } = sums;
  return {
    stretches: accumulator.stretches(),
    ...(plan.byDay === true ? { days: accumulator.days() } : {}),
    months: accumulator.months(),
    profiles: accumulator.profiles(),
    rows,
    duplicates,
    badRows,
  };
}

class PlainRequestIds implements KnownRequestIds {
  readonly #known = new Set<string>();

  meet(requestId: string): boolean {
    const isKnown = requestId !== '' && this.#known.has(requestId);
    this.#known.add(requestId);
    return isKnown;
  }
}
