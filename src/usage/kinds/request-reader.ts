import { profileIdFor } from '../../domain/identities.ts';
import { credits, id, instantField, userId } from '../../input/fields.ts';
import { foreignProfiles } from '../plan-ids.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import type { RowSums } from './reading-state.ts';

/** Reads rows of request usage, one row per request. */
export function requestReader(sums: RowSums): RowReader {
  const { plan } = sums;
  const refuseForeign = foreignProfiles(plan);
  return {
    read(row) {
      const at = row.required('timestamp', instantField);
      const named = row.required('profile_id', id);
      const profileId = named && profileIdFor(plan.identities, named);
      const user = row.required('user_id', userId);
      const used = row.required('credits', credits);
      refuseForeign(row, profileId);
      if (!row.isGood || at === undefined || !profileId || !user || used === undefined) return;
      const requestId = plan.dedupe ? row.text('request_id') : '';
      sums.add({ profileId, userId: user, at }, used, row.place, requestId);
    },
  };
}
