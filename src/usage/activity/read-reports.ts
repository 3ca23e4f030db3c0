import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import { type CsvEntry, csvEntries, isBadRow } from '../../input/csv.ts';
import type { ProblemLog } from '../../input/problem-log.ts';
import { type Header, readHeader, rowProblem, TableRow } from '../../input/table.ts';
import type { BadUsageRow, ReadingProgress } from '../plan.ts';
import type { ActivityReports } from './activity-reports.ts';
import { ACTIVITY_COLUMNS } from './activity-row.ts';

/** What reading reports came to, beside the rows that `ActivityReports` has taken. */
export interface ReportReading {
  readonly rows: number;
  readonly badRows: number;
}

/**
 * Reads activity reports, one after another, into `reports`. Problems go to `log`, but bad
 * rows go to `onBadRow` instead where it is given, as with request usage.
 */
export async function readReports(
  sources: readonly ByteSource[],
  reports: ActivityReports,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
): Promise<ReportReading> {
  const reader = new ReportReader(reports, log, onBadRow, progress);
  for (const source of sources) {
    try {
      await reader.readFile(source);
    } catch (error) {
      log.addFailure(error);
    }
  }
  return reader;
}

class ReportReader implements ReportReading {
  rows = 0;
  badRows = 0;
  readonly #reports: ActivityReports;
  readonly #log: ProblemLog;
  readonly #onBadRow: ((row: BadUsageRow) => void) | undefined;
  readonly #progress: ReadingProgress;

  constructor(
    reports: ActivityReports,
    log: ProblemLog,
    onBadRow: ((row: BadUsageRow) => void) | undefined,
    progress: ReadingProgress,
  ) {
    this.#reports = reports;
    this.#log = log;
    this.#onBadRow = onBadRow;
    this.#progress = progress;
  }

  async readFile(source: ByteSource): Promise<void> {
    const { file } = source;
    let header: Header | undefined;
    const bytes = readBytes(source, this.#progress.onBytes);
    for await (const entries of csvEntries(bytes, this.#onBadRow !== undefined)) {
      let rows = entries;
      if (header === undefined) {
        header = readHeader(file, entries[0] as CsvEntry, ACTIVITY_COLUMNS, this.#log);
        if (header === undefined) return;
        rows = entries.slice(1);
      }
      for (const row of rows) this.#readRow(file, row, header);
      this.rows += rows.length;
      this.#progress.onRows?.(rows.length);
    }
  }

  #readRow(file: string, entry: CsvEntry, header: Header): void {
    const place = { file, line: entry.line };
    if (isBadRow(entry)) {
      const problems = [rowProblem(file, entry, header.names)];
      this.#bad({ place, problems, bytes: entry.defect.bytes });
      return;
    }
    const problems = this.#reports.addTableRow((log) => new TableRow(file, entry, header, log));
    if (problems.length > 0) {
      this.#bad({ place, problems, bytes: entry.bytes ?? Buffer.alloc(0) });
    }
  }

  #bad(row: BadUsageRow): void {
    this.badRows += 1;
    if (this.#onBadRow !== undefined) this.#onBadRow(row);
    else for (const problem of row.problems) this.#log.add(problem);
  }
}
