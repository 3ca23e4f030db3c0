import type { ByteSource } from '../input/byte-source.ts';
import { fileSource, filesBelow, isCsv, isFolder } from '../input/folder.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { ActivityReports } from '../usage/activity/activity-reports.ts';
import type { ProfileMatch } from '../usage/activity/profile-match.ts';
import { readReports } from '../usage/activity/read-reports.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { sortSources } from '../usage/sort-sources.ts';

/** What stands below a folder, or the one file that a path names. */
export interface BucketFiles {
  readonly path: string;
  /** CSV files, of which some are reports. */
  readonly sources: readonly ByteSource[];
  /** How many files are no CSV. */
  readonly others: number;
}

/** The activity reports of a bucket, read. */
export interface ActivityReading {
  readonly reports: ActivityReports;
  readonly files: number;
  /** Files of the buckets that are no reports. */
  readonly skipped: number;
}

/** The files below a folder, or the one file that `path` names; a folder that cannot be read is `BadInput`. */
export async function bucketFiles(path: string): Promise<BucketFiles> {
  if (!(await isFolder(path))) return { path, sources: [await fileSource(path)], others: 0 };
  const files = await filesBelow(path);
  const sources = await Promise.all(files.filter(isCsv).map(fileSource));
  return { path, sources, others: files.length - sources.length };
}

/**
 * Reads all activity reports of some buckets. A bucket of `wanted` without any, and rows that
 * are wrong, go to `log`; other files in them are skipped.
 */
export async function readActivity(
  buckets: readonly BucketFiles[],
  wanted: ReadonlySet<string>,
  match: ProfileMatch,
  log: ProblemLog,
  progress: ReadingProgress = {},
): Promise<ActivityReading> {
  const reports = new ActivityReports(match);
  const sources: ByteSource[] = [];
  let skipped = 0;
  for (const { path, sources: files, others } of buckets) {
    const sorted = await sortSources(files);
    const found = [...sorted.reports, ...sorted.unreadable];
    if (found.length === 0 && wanted.has(path)) {
      const what =
        'there is no activity report: name a report, the folder user_report, or the bucket above it';
      const problems = sorted.bills.length > 0 ? sorted.bills : [{ file: path, what }];
      for (const problem of problems) log.add(problem);
    }
    sources.push(...found);
    skipped += others + files.length - found.length;
  }
  await readReports(sources, reports, log, progress);
  return { reports, files: sources.length, skipped };
}
