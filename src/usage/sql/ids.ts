import { profileArn } from '../../domain/ids.ts';
import type { Profile } from '../../domain/records.ts';
import type { Dialect, Step } from './dialect.ts';
import { valuesStep } from './query.ts';

const HEX = '[0-9a-fA-F]';
const USER_ID = `(?:${HEX}{10}-)?${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`;
const DECORATED_ID = `^(?:d-[0-9a-z]{10}[.]|arn:[0-9a-z-]+:identitystore:::user/)(${USER_ID})\\z`;

/** A user id of the Identity Store in its bare form; any other id unchanged. */
export function bareUserId(dialect: Dialect, id: string): string {
  return dialect.replaced(id, DECORATED_ID, '$1');
}

const ARN = '^arn:[0-9a-z-]+:codewhisperer:([0-9a-z-]+:[0-9]{12}):profile/(.+)\\z';

/**
 * The names that reports may use for each profile besides its whole id: the last part of an ARN,
 * or the Region and account in it. Empty without profiles.
 */
export function profileNameSteps(dialect: Dialect, profiles: readonly Profile[]): Step[] {
  if (profiles.length === 0) return [];
  const arns = new Set(profiles.flatMap(({ profileId }) => profileArn(profileId)?.id ?? []));
  const rows = profiles.flatMap(({ profileId, accountId, region }) => [
    ...(profileArn(profileId) !== undefined || arns.has(profileId)
      ? []
      : [[`id:${profileId}`, profileId]]),
    ...(accountId === '' ? [] : [[`at:${region}:${accountId}`, profileId]]),
  ]);
  const comment = "Profiles by the last part of a report's ARN, or by its Region and account.";
  const literals = rows.map((row) => row.map((text) => dialect.text(text)));
  return [valuesStep('profile_names', ['name', 'profile_id'], literals, comment)];
}

/** The profile for a report's profile id, and the joins that find it. */
export function matchedProfile(
  dialect: Dialect,
  reported: string,
  profiles: readonly Profile[],
): { readonly profileId: string; readonly joins: readonly string[] } {
  if (profiles.length === 0) return { profileId: reported, joins: [] };
  const join = (alias: string, name: string): string =>
    `LEFT JOIN profile_names AS ${alias} ON ${alias}.name = ${dialect.replaced(reported, ARN, name)}`;
  return {
    profileId: `coalesce(by_id.profile_id, by_place.profile_id, ${reported})`,
    joins: [join('by_id', 'id:$2'), join('by_place', 'at:$1')],
  };
}
