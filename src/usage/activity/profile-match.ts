import { accountRegionKey, profileArn } from '../../domain/ids.ts';
import type { ReductionPlan } from '../plan.ts';

/** Finds the profile for a profile id in a report; `undefined` if it is unknown. */
export type ProfileMatch = (reportedProfileId: string) => string | undefined;

/**
 * Matches the profile ids of reports with ours and their aliases: by the whole ARN, by the ARN's
 * last part, or by the ARN's account and Region. If profiles are inferred from the data, an id
 * without a match is a profile of its own.
 */
export function reportMatch(plan: ReductionPlan): ProfileMatch {
  const { reportProfiles: known, profileIds, identities } = plan;
  if (known === undefined) return (reported) => reported;
  const ids = new Map([
    ...identities.profileAliases,
    ...known.map(({ profileId }) => [profileId, profileId] as const),
  ]);
  const places = new Map(known.map((profile) => [accountRegionKey(profile), profile.profileId]));
  const unknown = (reported: string) => (profileIds === undefined ? reported : undefined);
  return (reported) => {
    const arn = profileArn(reported);
    const ofArn = arn && (ids.get(arn.id) ?? places.get(accountRegionKey(arn)));
    return ids.get(reported) ?? ofArn ?? unknown(reported);
  };
}
