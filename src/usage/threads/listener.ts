import type { ProblemLog } from '../../input/problem-log.ts';
import type { ReadingListener } from '../kinds/reading-state.ts';
import type { BadUsageRow } from '../plan.ts';

/** Reports problems to `log`, but bad rows to `onBadRow` instead if it is given. */
export function listenerOf(
  log: ProblemLog,
  onBadRow: ((row: BadUsageRow) => void) | undefined,
): ReadingListener {
  return {
    onProblem: (problem) => log.add(problem),
    onBadRow:
      onBadRow ??
      (({ problems }) => {
        for (const problem of problems) log.add(problem);
      }),
    keepsBytes: onBadRow !== undefined,
  };
}
