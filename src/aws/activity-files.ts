import type { ByteSource } from '../input/byte-source.ts';
import { fileSource, filesBelow, isCsv, isFolder } from '../input/folder.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { ActivityReports } from '../usage/activity/activity-reports.ts';
import type { ProfileMatch } from '../usage/activity/profile-match.ts';
import { readReports } from '../usage/activity/read-reports.ts';
import { sortSources } from '../usage/sort-sources.ts';

/** The activity reports of a bucket, read. */
export interface ActivityReading {
  readonly reports: ActivityReports;
  readonly files: number;
  /** Files that stand in the bucket and are no reports. */
  readonly passedOver: number;
}

/**
 * Reads all activity reports below a folder, or the one file that `path` names. Where
 * there are none, and where rows are wrong, that goes to `log`.
 */
export async function readActivity(
  path: string,
  match: ProfileMatch,
  log: ProblemLog,
): Promise<ActivityReading> {
  const found = await csvFiles(path);
  const sorted = await sortSources(found.sources);
  const sources = [...sorted.reports, ...sorted.unreadable];
  const reports = new ActivityReports(match);
  if (sources.length === 0) {
    const what =
      'there is no activity report: name a report, the folder user_report, or the bucket above it';
    log.add({ file: path, what });
  }
  await readReports(sources, reports, log);
  const passedOver = found.others + found.sources.length - sources.length;
  return { reports, files: sources.length, passedOver };
}

async function csvFiles(path: string): Promise<{ sources: ByteSource[]; others: number }> {
  if (!(await isFolder(path))) return { sources: [await fileSource(path)], others: 0 };
  const files = await filesBelow(path);
  const sources = await Promise.all(files.filter(isCsv).map(fileSource));
  return { sources, others: files.length - sources.length };
}
