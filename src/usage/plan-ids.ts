import { profileIdFor, userIdFor } from '../domain/identities.ts';
import { id, userId } from '../input/fields.ts';
import type { TableRow } from '../input/table.ts';
import { unknownProfiles } from '../input/unknown-ids.ts';
import type { ReductionPlan } from './plan.ts';

/** The profile for a text of request usage or a summary; `undefined` if it is not one of ours. */
export function profileIdOf(text: string, plan: ReductionPlan): string | undefined {
  const parsed = id(text);
  if ('wrong' in parsed || parsed.value === '') return undefined;
  const profileId = profileIdFor(plan.identities, parsed.value);
  return plan.profileIds?.has(profileId) === false ? undefined : profileId;
}

/** The user for a text; `undefined` if the text is not a user id. */
export function userIdOf(text: string, plan: ReductionPlan): string | undefined {
  const parsed = userId(text);
  if ('wrong' in parsed || parsed.value === '') return undefined;
  return userIdFor(plan.identities, parsed.value);
}

/** Reports that the profile of a row of request usage or a summary is not one of ours. */
export function foreignProfiles(
  plan: ReductionPlan,
): (row: TableRow, profileId: string | undefined) => void {
  const unknown = unknownProfiles(() => plan.reportProfiles ?? []);
  return (row, profileId) => {
    if (profileId === undefined || plan.profileIds?.has(profileId) !== false) return;
    unknown(row, 'profile_id', profileId);
  };
}
