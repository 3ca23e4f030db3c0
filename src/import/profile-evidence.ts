import { groupBy } from '../domain/grouping.ts';
import { accountRegionKey, profileTitle } from '../domain/ids.ts';
import { byKeys, compareBytes } from '../domain/text-order.ts';
import type { BillEvidence, BilledProfile } from './bill-evidence.ts';
import {
  type AccountRegion,
  accountRegionOfArn,
  definedProfiles,
  inTime,
  isArn,
  newestFirst,
  type PlacedList,
} from './evidence.ts';
import type { ReportEvidence, ReportedProfile } from './report-evidence.ts';
import { field, type TextRow, type TextTables } from './table-rows.ts';

/** What may show a profile. */
export interface ProfileSources {
  readonly reports: ReportEvidence;
  readonly bills: BillEvidence;
  readonly lists: readonly PlacedList[];
  /** The rows that a person has written or changed. */
  readonly own: TextTables;
}

/** Everything known about one profile. */
export interface ProfileEvidence {
  readonly key: string;
  readonly accountRegion: AccountRegion;
  /** The id by which the directory names it. */
  readonly profileId: string;
  /** Its other ids in files and in rows of a person, in the order of their bytes. */
  readonly aliases: readonly string[];
  /** All ids by which rows may name it. */
  readonly ids: readonly string[];
  readonly title: string;
  readonly reported: ReportedProfile | undefined;
  readonly billed: BilledProfile | undefined;
  /** In chronological order. */
  readonly lists: readonly PlacedList[];
  /** A person's row of it. */
  readonly own: TextRow | undefined;
}

/** All profiles that files or a person's rows show, by their keys. */
export function profilesOf({ reports, bills, lists, own }: ProfileSources): ProfileEvidence[] {
  const defined = definedProfiles(own.profiles);
  const namedIds = namedProfileIds(own);
  // Where a person defines no profile, the ARNs in their rows do.
  const named = (own.profiles.length > 0 ? [] : [...namedIds]).flatMap((id) => {
    const accountRegion = accountRegionOfArn(id);
    return accountRegion === undefined ? [] : [{ accountRegion, id }];
  });
  const accountRegions = [
    ...reports.profiles,
    ...bills.profiles,
    ...lists,
    ...defined,
    ...named,
  ].map(({ accountRegion }) => accountRegion);
  return byKeys(groupBy(accountRegions, accountRegionKey)).map(([key, [accountRegion]]) => {
    const isHere = (one: { readonly accountRegion: AccountRegion }): boolean =>
      accountRegionKey(one.accountRegion) === key;
    const reported = reports.profiles.find(isHere);
    const listsHere = inTime(lists.filter(isHere));
    const { row, ids: definedIds = [] } = defined.find(isHere) ?? {};
    const fileIds = idsInFiles(reported, listsHere);
    const ownIds = named.filter(isHere).map(({ id }) => id);
    const profileId = field(row ?? {}, 'profile_id') || (fileIds[0] ?? ownIds[0] ?? key);
    const others = [...fileIds, ...ownIds, ...(namedIds.has(key) ? [key] : [])];
    return {
      key,
      accountRegion,
      profileId,
      aliases: [...new Set(others)].filter((id) => id !== profileId).sort(compareBytes),
      ids: [...ownIds, key, ...fileIds, ...definedIds, profileId],
      title: profileTitle({ profileId, name: row?.name ?? '' }),
      reported,
      billed: bills.profiles.find(isHere),
      lists: listsHere,
      own: row,
    };
  });
}

/** The profiles that a person's rows of seats and overage name, by the ids there. */
export function namedProfileIds(own: TextTables): Set<string> {
  const rows = [own.subscriptions, own.tierChanges, own.activations, own.overageChanges].flat();
  return new Set(rows.map((row) => field(row, 'profile_id')));
}

/** The ids of a profile, the one with the latest first day first: from reports, else from lists. */
function idsInFiles(
  reported: ReportedProfile | undefined,
  lists: readonly PlacedList[],
): readonly string[] {
  const since = new Map(reported?.ids);
  // By day, so that the first list that names an id counts.
  for (const { profile, at } of lists) {
    if (isArn(profile) && !since.has(profile)) since.set(profile, at);
  }
  return newestFirst(since);
}
