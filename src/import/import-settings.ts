import { utcDate } from '../domain/instant.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { SettingValues, SubscriptionList } from '../input/settings.ts';
import { isArn, newestFirst, type PlacedList } from './evidence.ts';
import type { ProfileEvidence } from './profile-evidence.ts';
import { field } from './table-rows.ts';

/** The settings of a directory; each path is as they write it. */
export type ImportSettings = Readonly<Partial<SettingValues>>;

/** What can be imported. */
export type ImportKind = 'activity' | 'cur' | 'subscriptions' | 'users';

const PATHS_OF = { activity: 'usage', cur: 'cur', users: 'people' } as const;

/** What an import is given: paths as the settings write them, and options. */
export interface ImportRequest {
  readonly kind: ImportKind;
  readonly paths: readonly string[];
  readonly costCenterTag?: string;
  /** The day of the lists, `YYYY-MM-DD`. */
  readonly asOf?: string;
  /** Whose lists they are. */
  readonly profile?: string;
  readonly reportedCredits?: 'beside' | 'inside';
}

/** The settings once something is imported: paths sorted, each once. */
export function withImported(settings: ImportSettings, imported: ImportRequest): ImportSettings {
  const { kind, paths, costCenterTag, reportedCredits } = imported;
  const decided = {
    ...settings,
    ...(costCenterTag === undefined ? {} : { cost_center_tag: costCenterTag }),
    ...(reportedCredits === undefined ? {} : { reported_credits: reportedCredits }),
  };
  if (kind === 'subscriptions') {
    const lists = settings.subscription_lists ?? [];
    return { ...decided, subscription_lists: withLists(lists, imported) };
  }
  const key = PATHS_OF[kind];
  const all = new Set([...(settings[key] ?? []), ...paths]);
  return { ...decided, [key]: [...all].sort(compareBytes) };
}

/** A list that is given again is still the same profile's, unless another is given. */
function withLists(
  known: readonly SubscriptionList[],
  { paths, profile, asOf }: ImportRequest,
): SubscriptionList[] {
  const given = [...new Set(paths)].map((path) => {
    const whose = profile ?? known.find((one) => one.path === path)?.profile;
    return {
      path,
      ...(whose === undefined ? {} : { profile: whose }),
      ...(asOf === undefined ? {} : { as_of: asOf }),
    };
  });
  const others = known.filter(({ path }) => !paths.includes(path));
  return [...others, ...given].sort((a, b) => compareBytes(a.path, b.path));
}

/**
 * The settings with the day and the profile of each list: the ARN that was given, if no report has
 * it, else the id that a person has given the profile, else the newest of the reports. It is never
 * an ARN that only another list has, which would date that ARN from this list's day, too.
 */
export function withListProfiles(
  settings: ImportSettings,
  placed: readonly PlacedList[],
  profiles: readonly ProfileEvidence[],
): ImportSettings {
  const lists = settings.subscription_lists?.map(({ path }, index) => {
    const list = placed[index] as PlacedList;
    const ofList = profiles.find((one) => one.lists.includes(list)) as ProfileEvidence;
    const { key, own = {}, reported } = ofList;
    const reportedIds = reported?.ids ?? new Map();
    const known = field(own, 'profile_id') || newestFirst(reportedIds)[0] || key;
    const { profile: given, at } = list;
    const profile = isArn(given) && !reportedIds.has(given) ? given : known;
    return { path, profile, as_of: utcDate(at) };
  });
  return lists === undefined ? settings : { ...settings, subscription_lists: lists };
}

/** The text of the settings file: what imports add first, then all else as it was. */
export function settingsText({
  usage,
  cur,
  people,
  subscription_lists,
  cost_center_tag,
  ...others
}: ImportSettings): string {
  const paths = Object.entries({ usage, cur, people, subscription_lists });
  const filled = Object.fromEntries(paths.filter(([, list]) => (list ?? []).length > 0));
  return `${JSON.stringify({ ...filled, cost_center_tag, ...others }, undefined, 2)}\n`;
}
