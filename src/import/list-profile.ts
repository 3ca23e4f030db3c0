import { valueAt } from '../domain/grouping.ts';
import { accountRegionKey } from '../domain/ids.ts';
import { WrongUsage } from '../domain/problem.ts';
import { shellWord } from '../domain/shell-word.ts';
import type { BillEvidence } from './bill-evidence.ts';
import {
  type AccountRegion,
  accountRegionOfArn,
  type DatedList,
  definedProfiles,
  type PlacedList,
} from './evidence.ts';
import type { ReportEvidence } from './report-evidence.ts';
import { field, type TextRow } from './table-rows.ts';

/**
 * The lists with their profiles: the one that is given, else the only one there is. A list whose
 * profile is not known is `WrongUsage`. `own`: a person's rows of profiles.
 */
export function placedLists(
  lists: readonly DatedList[],
  reports: ReportEvidence,
  bills: BillEvidence,
  own: readonly TextRow[],
): PlacedList[] {
  const profiles = new ListProfiles(reports, bills, own);
  // A list's ARN may make a profile to which others belong.
  for (const { profile } of lists) if (profile !== undefined) profiles.named(profile);
  return lists.map((list) => {
    const { profile } = list;
    const accountRegion = profile === undefined ? profiles.only() : profiles.named(profile);
    if (accountRegion === undefined) throw unplaced(list, profiles.titles());
    return { ...list, accountRegion };
  });
}

function unplaced({ path, profile }: DatedList, titles: readonly string[]): WrongUsage {
  if (profile !== undefined) {
    const known = titles.length === 0 ? '' : ` (there is ${titles.join(', ')})`;
    return new WrongUsage(
      `--profile ${profile}: no profile of the data has this id, and it is not a profile ARN${known}`,
    );
  }
  const how =
    titles.length === 0
      ? "give the profile's ARN with --profile"
      : `give ${titles.map((title) => `--profile ${shellWord(title)}`).join(' or ')}`;
  return new WrongUsage(`${path}: it does not say whose list it is: ${how}`);
}

/** The profiles that a list of subscriptions may belong to. */
export class ListProfiles {
  readonly #accountRegions = new Map<string, AccountRegion>();
  /** Profile names, where there is one. */
  readonly #titles = new Map<string, string>();
  /** By any id, by the last part of an ARN, and by name. */
  readonly #named = new Map<string, Set<string>>();

  constructor(reports: ReportEvidence, bills: BillEvidence, own: readonly TextRow[]) {
    for (const { accountRegion, ids } of reports.profiles)
      this.#add(accountRegion, [...ids.keys()]);
    for (const { accountRegion } of bills.profiles) this.#add(accountRegion, []);
    for (const { accountRegion, ids, row } of definedProfiles(own)) {
      const name = field(row, 'name');
      this.#add(accountRegion, [...ids, name]);
      if (name !== '') this.#titles.set(accountRegionKey(accountRegion), name);
    }
  }

  /**
   * The account and Region of a profile by its id, its name or the last part of its ARN; an unknown
   * ARN adds a profile.
   */
  named(text: string): AccountRegion | undefined {
    const name = text.trim();
    const [only, ...others] = this.#named.get(name) ?? [];
    if (only !== undefined && others.length === 0) return this.#accountRegions.get(only);
    const accountRegion = accountRegionOfArn(name);
    if (accountRegion !== undefined) this.#add(accountRegion, [name]);
    return accountRegion;
  }

  /** The only profile; `undefined` if there are none or several. */
  only(): AccountRegion | undefined {
    const [accountRegion, ...others] = this.#accountRegions.values();
    return others.length === 0 ? accountRegion : undefined;
  }

  /** What `--profile` accepts for each: its name, else its account and Region. */
  titles(): string[] {
    return [...this.#accountRegions.keys()].map((key) => this.#titles.get(key) ?? key);
  }

  #add(accountRegion: AccountRegion, names: readonly string[]): void {
    const key = accountRegionKey(accountRegion);
    this.#accountRegions.set(key, accountRegion);
    for (const name of [key, ...names, ...names.map((id) => id.split('/').at(-1) ?? '')]) {
      if (name !== '') valueAt(this.#named, name, () => new Set()).add(key);
    }
  }
}
