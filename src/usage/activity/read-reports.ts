import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import { changedFiles, fileStates } from '../../input/changed-files.ts';
import { type CsvEntry, csvEntries, isBadRow } from '../../input/csv.ts';
import type { ProblemLog } from '../../input/problem-log.ts';
import { type Header, readHeader, rowProblem } from '../../input/table.ts';
import type { ReadingProgress } from '../plan.ts';
import { ActivityReader } from './activity-reader.ts';
import type { ActivityReports } from './activity-reports.ts';
import { ACTIVITY_COLUMNS } from './activity-row.ts';

/**
 * Reads activity reports, one after another, with all that their rows tell; problems go to
 * `log`. A data directory is made of nearly every field, e-mail and spelled tier among them,
 * and made once: the plain reader does. For usage alone `reduceUsage` is faster by far.
 */
export async function readReports(
  sources: readonly ByteSource[],
  reports: ActivityReports,
  log: ProblemLog,
  progress: ReadingProgress = {},
): Promise<void> {
  const reader = new ActivityReader(reports);
  const states = fileStates(sources);
  for (const source of sources) {
    try {
      await readFile(source, reader, log, progress);
    } catch (error) {
      log.addFailure(error);
    }
  }
  for (const problem of changedFiles(states)) log.add(problem);
}

async function readFile(
  source: ByteSource,
  reader: ActivityReader,
  log: ProblemLog,
  progress: ReadingProgress,
): Promise<void> {
  const { file } = source;
  let header: Header | undefined;
  for await (const entries of csvEntries(readBytes(source, progress.onBytes))) {
    let rows = entries;
    if (header === undefined) {
      header = readHeader(file, entries[0] as CsvEntry, ACTIVITY_COLUMNS, log);
      if (header === undefined) return;
      rows = entries.slice(1);
    }
    for (const row of rows) readRow(file, row, header, reader, log);
    progress.onRows?.(rows.length);
  }
}

function readRow(
  file: string,
  row: CsvEntry,
  header: Header,
  reader: ActivityReader,
  log: ProblemLog,
): void {
  if (isBadRow(row)) {
    log.add(rowProblem(file, row, header.names));
    return;
  }
  const outcome = reader.read(file, row, header);
  if (Array.isArray(outcome)) for (const problem of outcome) log.add(problem);
}
