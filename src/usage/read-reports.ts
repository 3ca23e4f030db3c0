import { NO_IDENTITIES } from '../domain/identities.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { readUnchanged } from '../input/changed-files.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { type CountedActivity, countedActivity } from './activity/counted-activity.ts';
import { reportNotes } from './activity/report-notes.ts';
import type { ReadingProgress } from './plan.ts';
import { reportTable } from './reading.ts';
import { readOnMainThread } from './threads/read-on-main-thread.ts';

/** The rows of reports that count, and notes on how they were chosen. */
interface ReportsRead {
  readonly rows: readonly CountedActivity[];
  readonly notes: readonly string[];
}

/**
 * Reads activity reports with everything in their rows, including e-mail address and tier as
 * spelled, to create a data directory from them; problems go to `log`. A profile is named as in
 * the reports.
 */
export async function readReports(
  sources: readonly ByteSource[],
  log: ProblemLog,
  progress: ReadingProgress,
): Promise<ReportsRead> {
  const plan = {
    identities: NO_IDENTITIES,
    cuts: { ofProfile: new Map(), ofAll: [] },
    wantsPeople: true,
    dedupe: false,
  };
  const reading = await readUnchanged(sources, log, () =>
    readOnMainThread(sources, plan, { log }, progress),
  );
  const table = reportTable(reading);
  if (table === undefined) return { rows: [], notes: [] };
  const notes = reportNotes(table.freeRows, table.redeliveries);
  return { rows: countedActivity(table), notes };
}
