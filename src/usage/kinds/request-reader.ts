import { profileIdFor } from '../../domain/identities.ts';
import { credits, id, instantField, userId } from '../../input/fields.ts';
import type { TableRow } from '../../input/table.ts';
import { type UnknownIds, unknownProfiles } from '../../input/unknown-ids.ts';
import { identitiesOf } from '../plan-ids.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import type { RowSums } from './reading-state.ts';

/** Reads rows of request usage, one row per request. */
export class RequestUsageReader implements RowReader {
  readonly #sums: RowSums;
  readonly #unknown: UnknownIds;

  constructor(sums: RowSums) {
    this.#sums = sums;
    this.#unknown = unknownProfiles(() => sums.plan.reportProfiles ?? []);
  }

  read(row: TableRow): void {
    const { plan } = this.#sums;
    const at = row.required('timestamp', instantField);
    const named = row.required('profile_id', id);
    const profileId = named && profileIdFor(identitiesOf(plan), named);
    const user = row.required('user_id', userId);
    const used = row.required('credits', credits);
    if (profileId !== undefined && !(plan.profileIds?.has(profileId) ?? true)) {
      this.#unknown.refuse(row, 'profile_id', profileId);
    }
    if (!row.isGood || at === undefined || !profileId || !user || used === undefined) return;
    const requestId = plan.dedupe ? row.text('request_id') : '';
    this.#sums.add({ profileId, userId: user, at }, used, row.place, requestId);
  }
}
