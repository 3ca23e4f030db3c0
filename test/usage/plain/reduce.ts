import { NO_IDENTITIES, userIdFor } from '../../../src/domain/identities.ts';
import type { Place } from '../../../src/domain/problem.ts';
import { type ByteSource, readBytes } from '../../../src/input/byte-source.ts';
import type { ProblemLog } from '../../../src/input/problem-log.ts';
import {
  ActivityReports,
  type CountedActivity,
} from '../../../src/usage/activity/activity-reports.ts';
import { readExactly } from '../../../src/usage/exact-reading.ts';
import { listenerOf } from '../../../src/usage/listener.ts';
import type {
  BadUsageRow,
  ReadingProgress,
  ReductionPlan,
  UsageReduction,
} from '../../../src/usage/plan.ts';
import { type RowSums, reportMatch } from '../../../src/usage/reading-state.ts';
import { sortSources } from '../../../src/usage/sort-sources.ts';
import { UsageAccumulator } from './accumulator.ts';

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
  const reports = new ActivityReports(reportMatch(plan));
  const requestIds = new PlainRequestIds();
  const identities = plan.identities ?? NO_IDENTITIES;
  const sums: RowSums = {
    plan,
    listener: listenerOf(log, onBadRow),
    progress,
    reports,
    rows: 0,
    duplicates: 0,
    badRows: 0,
    add: ({ profileId, userId, at }, credits, place, requestId) => {
      if (requestIds.isRepeated(requestId)) {
        accumulator.meetDay(profileId, at);
        return 'duplicate';
      }
      accumulator.add(profileId, userIdFor(identities, userId), at, credits, place);
      return 'counted';
    },
    addStretch: (...stretch) => accumulator.addStretch(...stretch),
  };
  const { usage, summaries } = await sortSources(sources);
  for (const source of usage) {
    try {
      await readExactly(source.file, readBytes(source, progress.onBytes), sums);
    } catch (error) {
      log.addFailure(error);
    }
  }
  const counted = [...reports.counted()];
  for (const { profileId, userId, at, credits, place } of counted) {
    accumulator.add(profileId, userId, at, credits, place);
  }
  const files = sources.map(({ file }) => file);
  const { rows, duplicates, badRows } = sums;
  return {
    stretches: accumulator.stretches(),
    coverage: {
      ...(summaries.length > 0 ? {} : { byProfile: accumulator.days() }),
      summaryMonths: accumulator.summaryMonths,
      twice: [],
    },
    months: accumulator.months(),
    profiles: firstPlaces([...accumulator.profiles(), ...counted.map(namedBy)], files),
    rows,
    duplicates,
    badRows,
    reports: { overage: counted, notes: reports.notes() },
  };
}

function namedBy({ profileId, place }: CountedActivity): [string, Place] {
  return [profileId, place];
}

/** By profile the first place of those that name it, in the order of reading. */
function firstPlaces(
  named: readonly (readonly [string, Place])[],
  files: readonly string[],
): Map<string, Place> {
  const inOrder = named.toSorted(
    ([, a], [, b]) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
  );
  const first = new Map<string, Place>();
  for (const [profileId, place] of inOrder) {
    if (!first.has(profileId)) first.set(profileId, place);
  }
  return first;
}

class PlainRequestIds {
  readonly #known = new Set<string>();

  isRepeated(requestId: string): boolean {
    const isKnown = requestId !== '' && this.#known.has(requestId);
    this.#known.add(requestId);
    return isKnown;
  }
}
