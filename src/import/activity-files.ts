import { type CurSource, containerOf, curFiles } from '../aws/cur-files.ts';
import { BadInput } from '../domain/problem.ts';
import { billInsteadOf } from '../input/bill-header.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { eachOnce, fileSource, filesBelow, isFolder, isUsageFile } from '../input/folder.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { headerOf, sortSources } from '../usage/files/sort-sources.ts';

/**
 * The activity reports below each folder, or the one file that a path names, and how many other
 * files are there; what two paths reach is there once. A folder that cannot be read is `BadInput`; a
 * path of `wanted` without any report is a problem, which goes to `log`.
 */
export async function activityFiles(
  paths: readonly string[],
  wanted: ReadonlySet<string>,
  log: ProblemLog,
): Promise<{ readonly sources: readonly ByteSource[]; readonly skipped: number }> {
  const sources: ByteSource[] = [];
  let skipped = 0;
  const seen = new Set<string>();
  for (const path of paths) {
    const isBucket = await isFolder(path);
    const all = isBucket ? await filesBelow(path) : [path];
    const usage = isBucket ? all.filter(isUsageFile) : all;
    const files = await eachOnce(await Promise.all(usage.map(fileSource)), seen);
    const { reports, unreadable } = await sortSources(files);
    const found = [...reports, ...unreadable];
    if (found.length === 0 && wanted.has(path)) {
      log.add({ file: path, what: (await billBelow(path)) ?? NO_REPORTS });
    }
    sources.push(...found);
    skipped += all.length - usage.length + files.length - found.length;
  }
  return { sources, skipped };
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
