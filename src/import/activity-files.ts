import { type CurSource, containerOf, curFiles } from '../aws/cur-files.ts';
import { BadInput } from '../domain/problem.ts';
import { billInsteadOf } from '../input/bill-header.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { eachOnce, fileSource, filesBelow, isCsv, isFolder } from '../input/folder.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { headerOf, sortSources } from '../usage/files/sort-sources.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { type ReportsRead, readReports } from '../usage/read-reports.ts';

/** The files below a folder, or the one file that a path names. */
interface BucketFiles {
  readonly path: string;
  /** CSV files, some of which are reports. */
  readonly sources: readonly ByteSource[];
  /** How many files are not CSV. */
  readonly others: number;
}

/** The activity reports of a bucket, read. */
interface ActivityReading extends ReportsRead {
  readonly files: number;
  /** Files in the buckets that are not reports. */
  readonly skipped: number;
}

/**
 * The files below each folder, or the one file that a path names; a file that two paths reach is
 * there once. A folder that cannot be read is `BadInput`.
 */
export async function bucketFiles(...paths: readonly string[]): Promise<BucketFiles[]> {
  const buckets: BucketFiles[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const all = (await isFolder(path)) ? await filesBelow(path) : undefined;
    const sources = await Promise.all((all?.filter(isCsv) ?? [path]).map(fileSource));
    const others = all?.filter((file) => !isCsv(file)).length ?? 0;
    buckets.push({ path, sources: await eachOnce(sources, seen), others });
  }
  return buckets;
}

/**
 * Reads all activity reports of the given buckets. Wrong rows, and a bucket of `wanted` without
 * any report, go to `log`; other files in the buckets are skipped.
 */
export async function readActivity(
  buckets: readonly BucketFiles[],
  wanted: ReadonlySet<string>,
  log: ProblemLog,
  progress: ReadingProgress = {},
): Promise<ActivityReading> {
  const sources: ByteSource[] = [];
  let skipped = 0;
  for (const { path, sources: files, others } of buckets) {
    const sorted = await sortSources(files);
    const found = [...sorted.reports, ...sorted.unreadable];
    if (found.length === 0 && wanted.has(path)) {
      log.add({ file: path, what: (await billBelow(path)) ?? NO_REPORTS });
    }
    sources.push(...found);
    skipped += others + files.length - found.length;
  }
  const read = await readReports(sources, log, progress);
  return { ...read, files: sources.length, skipped };
}

const NO_REPORTS =
  'there is no activity report: name a report, the folder user_report, or the bucket above it';

/** What to do with a path that holds AWS's bill instead; `undefined` where it does not. */
async function billBelow(path: string): Promise<string | undefined> {
  try {
    for (const source of await curFiles(path)) {
      const { names } = await headerOf(await unpacked(source));
      const what = names && billInsteadOf('usage', names);
      if (what !== undefined) return what;
    }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
  }
  return undefined;
}

/** The file itself; of an archive, its first file. */
async function unpacked(source: CurSource): Promise<ByteSource> {
  if (containerOf(source) !== 'zip') return source;
  const { zippedFiles } = await import('../aws/zipped-files.ts');
  const first = await zippedFiles(source, () => {}).next();
  return first.done === true ? source : first.value;
}
