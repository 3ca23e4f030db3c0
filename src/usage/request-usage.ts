import { NO_IDENTITIES, profileIdFor } from '../domain/identities.ts';
import type { CsvRow } from '../input/csv.ts';
import { credits, id, instantField, userId } from '../input/fields.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { type Header, TableRow } from '../input/table.ts';
import type { RowSums } from './reading-state.ts';
import type { RowOutcome, RowReader } from './usage-kind.ts';

/** Reads rows of request usage, one row per request. */
export class RequestUsageReader implements RowReader {
  readonly #sums: RowSums;

  constructor(sums: RowSums) {
    this.#sums = sums;
  }

  read(file: string, csvRow: CsvRow, header: Header): RowOutcome {
    const { plan, requestIds } = this.#sums;
    const log = new ProblemLog();
    const row = new TableRow(file, csvRow, header, log);
    const at = row.required('timestamp', instantField);
    const named = row.required('profile_id', id);
    const profileId = named && profileIdFor(plan.identities ?? NO_IDENTITIES, named);
    const user = row.required('user_id', userId);
    const used = row.required('credits', credits);
    if (profileId !== undefined && !(plan.profileIds?.has(profileId) ?? true)) {
      row.problem('profile_id', 'there is no such profile in profiles.csv', profileId);
    }
    if (at === undefined || profileId === undefined || user === undefined || used === undefined) {
      return log.kept;
    }
    if (!row.isGood) return log.kept;
    if (plan.dedupe && requestIds.meet(row.text('request_id'))) return 'duplicate';
    this.#sums.add(profileId, user, at, used, row.place);
    return 'counted';
  }
}
