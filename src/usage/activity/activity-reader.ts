import type { CsvRow } from '../../input/csv.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { type Header, TableRow } from '../../input/table.ts';
import type { RowOutcome, RowReader } from '../rows/row-consumer.ts';
import { activityRow, FREE, type ReportRows } from './activity-row.ts';

const NO_PROFILE =
  "there is no such profile in profiles.csv, by its ARN, the ARN's last part, or its account and Region";

/** Reads rows of activity reports, one row per user, client and day. */
export class ActivityReader implements RowReader {
  readonly #reports: ReportRows;

  constructor(reports: ReportRows) {
    this.#reports = reports;
  }

  read(file: string, csvRow: CsvRow, header: Header): RowOutcome {
    const log = new ProblemLog();
    const row = new TableRow(file, csvRow, header, log);
    const activity = activityRow(row);
    if (activity === FREE) this.#reports.addFreeRow();
    else if (activity !== undefined && !this.#reports.add(activity)) {
      row.problem('profileid', NO_PROFILE, activity.reportedProfileId);
    }
    return log.total > 0 ? log.kept : 'counted';
  }
}
