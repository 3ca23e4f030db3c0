import { basename } from 'node:path';
import { isPositive } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { accountRegionKey } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type KnownTiers, tierKey } from '../domain/tier.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import type { CountedActivity } from '../usage/activity/counted-activity.ts';
import {
  type AccountRegion,
  accountRegionOfArn,
  nameOfPlace,
  type OverageStep,
  type Sighting,
  type SignOfId,
} from './evidence.ts';

/** What activity reports show, by profile. */
export interface ReportedProfile {
  readonly accountRegion: AccountRegion;
  /** Each id that reports use for it, with its first day. */
  readonly ids: ReadonlyMap<string, Instant>;
  /** In chronological order. */
  readonly signs: readonly SignOfId<Sighting>[];
  /** In chronological order. */
  readonly overage: readonly OverageStep[];
  readonly firstSource: string;
}

export interface ReportedUser {
  readonly userId: string;
  /** Blank if no row has one; of several, the one of the latest day. */
  readonly email: string;
  readonly source: string;
}

export interface ReportEvidence {
  readonly profiles: readonly ReportedProfile[];
  readonly users: readonly ReportedUser[];
  /** The first and the last day; missing without rows. */
  readonly span?: { readonly first: string; readonly last: string };
}

/** A row with the account and Region of its profile; `place` is its line. */
type Located = CountedActivity & { readonly at: Instant; readonly profile: AccountRegion };

/**
 * What activity reports show. Rows with a profile that is not an ARN, or an unknown tier, are
 * problems; a row without a tier shows only that the seat was used.
 */
export function evidenceOfReports(
  rows: Iterable<CountedActivity>,
  tiers: KnownTiers,
  log: ProblemLog,
): ReportEvidence {
  const located = [...rows].sort(byDateThenPlace).flatMap((row) => locate(row, tiers, log));
  const [first] = located;
  const last = located.at(-1);
  const profiles = [...groupBy(located, ({ profile }) => accountRegionKey(profile)).values()];
  return {
    profiles: profiles.map((ofProfile) => reportedProfile(ofProfile, tiers)),
    users: [...groupBy(located, ({ userId }) => userId).values()].map(reportedUser),
    ...(first === undefined || last === undefined
      ? {}
      : { span: { first: first.date, last: last.date } }),
  };
}

function byDateThenPlace(a: CountedActivity, b: CountedActivity): number {
  return (
    compareBytes(a.date, b.date) ||
    compareBytes(basename(a.place.file), basename(b.place.file)) ||
    a.place.line - b.place.line ||
    compareBytes(a.userId, b.userId)
  );
}

function locate(row: CountedActivity, tiers: KnownTiers, log: ProblemLog): Located[] {
  const profile = accountRegionOfArn(row.profileId);
  if (profile === undefined) {
    const what = 'not a profile ARN, which is needed for its account and Region';
    log.add({ ...row.place, column: 'profileid', what, value: row.profileId });
  }
  const hasTier = row.tier === '' || tiers.has(tierKey(row.tier));
  if (!hasTier) {
    const what = `not a tier (${[...tiers.values()].join(', ')})`;
    log.add({ ...row.place, column: 'subscription_tier', what, value: row.tier });
  }
  return profile === undefined || !hasTier ? [] : [{ ...row, profile }];
}

function reportedProfile(
  rows: readonly [Located, ...Located[]],
  tiers: KnownTiers,
): ReportedProfile {
  const [first] = rows;
  const ids = new Map<string, Instant>();
  for (const { profileId, at } of rows) {
    if (!ids.has(profileId)) ids.set(profileId, at);
  }
  return {
    accountRegion: first.profile,
    ids,
    signs: rows.map((row) => [row.userId, sightingOf(row, tiers)]),
    overage: rows.flatMap(overageOf),
    firstSource: nameOfPlace(first.place),
  };
}

function sightingOf({ at, tier, isNewUser, place }: Located, tiers: KnownTiers): Sighting {
  const known = tiers.get(tierKey(tier));
  return { kind: 'sighting', at, isNewUser, source: nameOfPlace(place), tier: known };
}

/** Also on if a row has overage credits while its flag is off: then it was switched during the day. */
function overageOf({ at, overageOn, capCredits, overageCredits, place }: Located): OverageStep[] {
  const cap = capCredits === undefined ? {} : { capCredits };
  const source = nameOfPlace(place);
  if (isPositive(overageCredits) && overageOn !== true) {
    return [{ at, on: true, source: `Overage_Credits_Used of ${source}` }];
  }
  if (overageOn === undefined) return [];
  return [{ at, on: overageOn, ...cap, source: `Overage_Enabled of ${source}` }];
}

function reportedUser(rows: readonly [Located, ...Located[]]): ReportedUser {
  const [first] = rows;
  const latest = rows.findLast(({ email }) => email.trim() !== '');
  const column = latest === undefined ? 'UserId' : 'User_Email';
  return {
    userId: first.userId,
    email: latest?.email.trim() ?? '',
    source: `${column} of ${nameOfPlace((latest ?? first).place)}`,
  };
}
