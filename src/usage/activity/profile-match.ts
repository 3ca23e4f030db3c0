import { accountRegionKey, profileArn } from '../../domain/ids.ts';
import type { KnownProfile, ReductionPlan } from '../plan.ts';

/** Finds the profile for a profile id in a report; `undefined` if it is unknown. */
export type ProfileMatch = (reportedProfileId: string) => string | undefined;

/** Matches the profile ids of reports for a plan. */
export function reportMatch(plan: ReductionPlan): ProfileMatch {
  const { reportProfiles, profileIds, identities } = plan;
  if (reportProfiles === undefined) return (reported) => reported;
  return profileMatch(reportProfiles, profileIds === undefined, identities?.profileAliases);
}

/**
 * Matches the profile ids of reports with ours and their aliases: by the whole ARN, by the ARN's
 * last part, or by the ARN's account and Region. `areInferred`: profiles are inferred from the data, so
 * that an id without a match is a profile of its own.
 */
export function profileMatch(
  profiles: Iterable<Omit<KnownProfile, 'name'>>,
  areInferred: boolean,
  aliases: ReadonlyMap<string, string> = new Map(),
): ProfileMatch {
  const known = [...profiles];
  const ids = new Map([
    ...aliases,
    ...known.map(({ profileId }) => [profileId, profileId] as const),
  ]);
  const places = new Map(known.map((profile) => [accountRegionKey(profile), profile.profileId]));
  const found = new Map<string, string | undefined>();
  return (reported) => {
    if (found.has(reported)) return found.get(reported);
    const match = matchOf(reported, ids, places) ?? (areInferred ? reported : undefined);
    found.set(reported, match);
    return match;
  };
}

function matchOf(
  reported: string,
  ids: ReadonlyMap<string, string>,
  places: ReadonlyMap<string, string>,
): string | undefined {
  const whole = ids.get(reported);
  if (whole !== undefined) return whole;
  const arn = profileArn(reported);
  return arn && (ids.get(arn.id) ?? places.get(accountRegionKey(arn)));
}
