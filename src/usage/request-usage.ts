import type { Problem } from '../domain/problem.ts';
import type { CsvRow } from '../input/csv.ts';
import { credits, id, instantField, userId } from '../input/fields.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { type Header, type TableColumns, TableRow } from '../input/table.ts';
import type { UsageAccumulator } from './accumulator.ts';
import type { ReductionPlan } from './plan.ts';

/** Request usage: one row per request. */
export const REQUEST_USAGE_COLUMNS: TableColumns = {
  required: ['timestamp', 'profile_id', 'user_id', 'credits'],
  optional: ['request_id'],
};

/** What one row came to. */
export type RowOutcome = 'counted' | 'duplicate' | readonly Problem[];

/** Reads rows of request usage, of one or more files, into sums. */
export class RequestUsageReader {
  readonly #plan: ReductionPlan;
  readonly #sums: UsageAccumulator;
  readonly #requestIds = new Set<string>();

  constructor(plan: ReductionPlan, sums: UsageAccumulator) {
    this.#plan = plan;
    this.#sums = sums;
  }

  read(file: string, csvRow: CsvRow, header: Header): RowOutcome {
    const log = new ProblemLog();
    const row = new TableRow(file, csvRow, header, log);
    const at = row.required('timestamp', instantField);
    const profileId = row.required('profile_id', id);
    const user = row.required('user_id', userId);
    const used = row.required('credits', credits);
    if (profileId !== undefined && !(this.#plan.profileIds?.has(profileId) ?? true)) {
      row.problem('profile_id', 'there is no such profile in profiles.csv', profileId);
    }
    if (at === undefined || profileId === undefined || user === undefined || used === undefined) {
      return log.kept;
    }
    if (!row.isGood) return log.kept;
    if (this.#plan.dedupe && this.#isDuplicate(row.text('request_id'))) return 'duplicate';
    this.#sums.add(profileId, user, at, used, row.place);
    return 'counted';
  }

  /** A blank id tells nothing, so it is no duplicate. */
  #isDuplicate(requestId: string): boolean {
    if (requestId === '' || !this.#requestIds.has(requestId)) {
      this.#requestIds.add(requestId);
      return false;
    }
    return true;
  }
}
