import type { CsvRow } from '../../input/csv.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { type Header, TableRow } from '../../input/table.ts';
import type { RowOutcome, RowReader } from '../rows/row-consumer.ts';
import type { ReportRows } from './report-columns.ts';

/** Reads rows of activity reports, one row per user, client and day. */
export class ActivityReader implements RowReader {
  readonly #reports: ReportRows;

  constructor(reports: ReportRows) {
    this.#reports = reports;
  }

  read(file: string, csvRow: CsvRow, header: Header): RowOutcome {
    const log = new ProblemLog();
    this.#reports.add(new TableRow(file, csvRow, header, log));
    return log.total > 0 ? log.kept : 'counted';
  }
}
