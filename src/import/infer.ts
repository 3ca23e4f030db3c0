/**
 * A data directory from all evidence: the same evidence gives the same rows, in whatever order it
 * was read.
 */

import { billingPeriod, spanText } from '../domain/billing-period.ts';
import { grouped } from '../domain/counts.ts';
import { groupBy } from '../domain/grouping.ts';
import { shortProfileId } from '../domain/ids.ts';
import { instantText } from '../domain/instant.ts';
import { byKeys } from '../domain/text-order.ts';
import { overageSwitch } from '../input/fields.ts';
import type { CostCenterTags } from './cost-center-tags.ts';
import type {
  ListedUser,
  Listing,
  ListStatus,
  OverageStep,
  People,
  Sign,
  SignOfId,
} from './evidence.ts';
import { KnownUsers } from './known-users.ts';
import { capText, overageHistory } from './overage-history.ts';
import { type ProfileEvidence, type ProfileSources, profilesOf } from './profile-evidence.ts';
import { activatedLater, type SeatHistory, seatHistory } from './seat-history.ts';
import { emptyTables, field, instantIn, isOfGroup, type TextRow } from './table-rows.ts';
import type { RankOf } from './tier-order.ts';

/** Everything known before an import infers anything. */
export interface Evidence extends ProfileSources {
  /** In the order of their sorted paths. */
  readonly people: readonly People[];
  /** By user. */
  readonly tags: ReturnType<CostCenterTags['byUser']>;
  /** Accounts and Regions of profiles whose rows an earlier import has written. */
  readonly importedProfiles: ReadonlySet<string>;
  readonly rankOf: RankOf;
}

/** Every table of a data directory, inferred from the evidence. */
export class Inference {
  readonly rows = emptyTables();
  readonly users: KnownUsers;
  readonly profiles: readonly ProfileEvidence[];
  /** Contradictions between the files and other things to check, as sentences. */
  readonly doubts: string[] = [];
  /** Names in lists that match no known user, in profiles that reports or bills cover. */
  unknownNames = 0;
  /** Why users of lists are left out, a reason for each. */
  readonly leftOutOfLists: string[] = [];
  readonly leftOut: string[] = [];
  readonly #evidence: Evidence;
  readonly #profileKeys: ReadonlyMap<string, string>;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.profiles = profilesOf(evidence);
    this.#profileKeys = new Map(
      this.profiles.flatMap(({ key, ids }) => ids.map((id) => [id, key])),
    );
    this.users = usersOf(evidence);
    // Before people are settled: lists name users, too.
    const listed = this.profiles.map((profile) => ({
      profile,
      listings: this.#addListedUsers(profile),
    }));
    this.#settlePeople();
    for (const { profile, listings } of listed) {
      this.#addProfile(profile);
      const signs = this.#signs(profile, listings);
      this.#addSeats(profile, signs);
      this.#doubtOwnSeats(profile, signs);
    }
    this.rows.users.push(...this.users.rows());
    this.#addGroups();
  }

  /** The key of a profile, by account and Region, for any of its ids; `undefined` for an unknown id. */
  profileKeyOf(profileId: string): string | undefined {
    return this.#profileKeys.get(profileId);
  }

  /**
   * Adds the users of a profile's lists; returns what the lists say of them. Unknown names become
   * users only where nothing else covers the profile.
   */
  #addListedUsers({ lists, reported, billed }: ProfileEvidence): SignOfId<Listing>[] {
    this.doubts.push(...lists.flatMap(activatedLater));
    const isCovered = reported !== undefined || billed !== undefined;
    const found: SignOfId<Listing>[] = [];
    const listings = lists.flatMap(({ at, users }) =>
      users.map((user): Listing & ListedUser => ({ kind: 'listing', at, ...user })),
    );
    const isOther = ({ status }: Listing): boolean => status === 'other';
    // Unavailable users last: a later list may know them, and then an earlier one does not lack them.
    const inOrder = [...listings.filter((one) => !isOther(one)), ...listings.filter(isOther)];
    for (const listing of inOrder) {
      const known = this.users.listed(listing);
      const reason = known === undefined ? LEFT_OUT_OF_LISTS[listing.status] : undefined;
      if (reason !== undefined) this.leftOutOfLists.push(reason);
      else if (known === undefined && isCovered) this.unknownNames += 1;
      else found.push([known ?? this.users.addListed(listing), listing]);
    }
    return found;
  }

  #settlePeople(): void {
    const persons = this.#evidence.people.flatMap((one) => one.persons);
    const others = this.users.settle(persons);
    if (others === 0) return;
    this.leftOut.push(
      `people who are not users here: ${grouped(others)} of ${grouped(persons.length)}`,
    );
  }

  #addProfile({
    key,
    accountRegion,
    profileId,
    aliases,
    title,
    ...profile
  }: ProfileEvidence): void {
    const { reported, billed, own } = profile;
    const { first, changes, conflicts } = overageHistory(
      reported?.overage ?? [],
      billed?.overageMonths ?? [],
      billed?.since,
    );
    this.doubts.push(...conflicts.map((text) => `${title}: ${text}`));
    const isOn = first?.on === true;
    this.rows.profiles.push({
      profile_id: profileId,
      account_id: accountRegion.accountId,
      region: accountRegion.region,
      ...switchTexts(isOn, isOn && first.capCredits !== 'none' ? capText(first.capCredits) : ''),
      aliases: aliases.join(' '),
      inferred_from: profileSource(profile),
    });
    // A profile that only a person has written may have had another setting before the first one seen.
    const isOwn = own !== undefined && !this.#evidence.importedProfiles.has(key);
    const isChange = isOwn && first !== undefined && !isSetting(own, first);
    for (const { at, on, capCredits, source } of isChange ? [first, ...changes] : changes) {
      this.rows.overageChanges.push({
        profile_id: profileId,
        changed_at: instantText(at),
        ...switchTexts(on, capText(capCredits)),
        inferred_from: source,
      });
    }
  }

  /** What the files show of each user in a profile. */
  #signs(
    { reported, billed }: ProfileEvidence,
    listings: readonly SignOfId<Listing>[],
  ): Map<string, Sign[]> {
    const ofIds = [...(billed?.signs ?? []), ...(reported?.signs ?? []), ...listings];
    const ofUsers = groupBy(ofIds, ([id]) => this.users.canonical(id));
    return new Map(byKeys(ofUsers).map(([userId, all]) => [userId, all.map(([, sign]) => sign)]));
  }

  #addSeats(profile: ProfileEvidence, ofUsers: ReadonlyMap<string, readonly Sign[]>): void {
    const { billed, lists, profileId, title } = profile;
    const shared = {
      listDays: [...new Set(lists.map(({ at }) => at))],
      finalMonths: billed?.finalMonths ?? [],
      rankOf: this.#evidence.rankOf,
    };
    let withoutTier = 0;
    for (const [userId, signs] of ofUsers) {
      const history = seatHistory({ ...shared, signs });
      const isActive = signs.some(({ kind }) => kind !== 'listing');
      if (history.subscriptions.length === 0 && isActive) withoutTier += 1;
      this.#addSeat(profileId, userId, history);
      const shown = this.users.shown(userId);
      this.doubts.push(...history.doubts.map((text) => `${shown} in ${title}: ${text}`));
    }
    if (withoutTier === 0) return;
    this.leftOut.push(`seats of ${title} without a plan in any row: ${grouped(withoutTier)}`);
  }

  #addSeat(profileId: string, userId: string, { subscriptions, activation }: SeatHistory): void {
    const principal = { profile_id: profileId, principal_type: 'user', principal_id: userId };
    for (const { start, end, steps, source } of subscriptions) {
      for (const [index, step] of steps.entries()) {
        const before = steps[index - 1];
        if (before === undefined) {
          this.rows.subscriptions.push({
            ...principal,
            tier: step.tier,
            subscribed_at: instantText(start),
            unsubscribed_at: end === undefined ? '' : instantText(end),
            inferred_from: source,
          });
        } else {
          this.rows.tierChanges.push({
            ...principal,
            changed_at: instantText(step.at),
            from_tier: before.tier,
            tier: step.tier,
            inferred_from: step.source,
          });
        }
      }
    }
    if (activation === undefined) return;
    this.rows.activations.push({
      profile_id: profileId,
      user_id: userId,
      activated_at: instantText(activation.at),
      inferred_from: activation.source,
    });
  }

  /** Reports seats that a person has written but that final bills of their time do not charge. */
  #doubtOwnSeats(
    { key, billed, profileId, title }: ProfileEvidence,
    ofUsers: ReadonlyMap<string, readonly Sign[]>,
  ): void {
    for (const row of this.#evidence.own.subscriptions) {
      const rowId = field(row, 'profile_id');
      if (isOfGroup(row) || this.profileKeyOf(rowId) !== key) continue;
      const userId = this.users.canonical(field(row, 'principal_id'));
      const kinds = new Set(ofUsers.get(userId)?.map(({ kind }) => kind));
      const months = (billed?.finalMonths ?? []).filter((month) => livesIn(row, month));
      if (months.length === 0 || kinds.has('charge')) continue;
      const used = kinds.has('sighting') ? ', though the reports show use' : '';
      const profile = rowId === profileId ? title : shortProfileId(rowId);
      this.doubts.push(
        `${this.users.shown(userId)} in ${profile}: the data have a seat here, but the CUR of ${spanText(months)} has no fee for it${used}`,
      );
    }
  }

  /** Adds groups, with those of their members who are users or whom the group subscribes. */
  #addGroups(): void {
    const { people, own } = this.#evidence;
    const subscribed = new Set(
      own.subscriptions.filter(isOfGroup).map((row) => field(row, 'principal_id')),
    );
    const all = people
      .flatMap((one) => one.memberships)
      .map(({ userId, ...membership }) => ({
        ...membership,
        userId: this.users.canonical(userId),
      }));
    const members = all.filter(
      ({ groupId, userId }) => this.users.has(userId) || subscribed.has(groupId),
    );
    const groups = new Map<string, TextRow>();
    for (const { groupId, name, source } of people.flatMap((one) => one.groups)) {
      groups.set(groupId, { group_id: groupId, name, inferred_from: source });
    }
    const rows = new Map<string, TextRow>();
    for (const { groupId, userId, source } of members) {
      if (!groups.has(groupId)) {
        groups.set(groupId, { group_id: groupId, name: '', inferred_from: source });
      }
      const row = { group_id: groupId, user_id: userId, inferred_from: source };
      rows.set(`${groupId}\n${userId}`, row);
    }
    this.rows.groups.push(...groups.values());
    this.rows.groupMembers.push(...rows.values());
    const others = all.length - members.length;
    if (others === 0) return;
    this.leftOut.push(`memberships of people who are not users here: ${grouped(others)}`);
  }
}

/** Why a list's user that no other file knows is left out. */
const LEFT_OUT_OF_LISTS: Readonly<Partial<Record<ListStatus, string>>> = {
  canceled: 'canceled users whom nothing earlier knows',
  other: 'unavailable users',
};

/** The users that a person's rows, reports and bills name, and the people who are among them. */
function usersOf({ reports, bills, own, people, tags }: Evidence): KnownUsers {
  const users = new KnownUsers(own.users);
  for (const row of [...own.subscriptions, ...own.tierChanges]) {
    if (!isOfGroup(row)) users.addOwn(field(row, 'principal_id'));
  }
  for (const row of [...own.activations, ...own.groupMembers]) users.addOwn(field(row, 'user_id'));
  for (const user of reports.users) users.addReported(user);
  for (const [userId, { month }] of bills.profiles.flatMap(({ signs }) => signs)) {
    users.addBilled(userId, `resource id in the CUR of ${month}`);
  }
  for (const [userId, { costCenter, source }] of tags) users.addTag(userId, costCenter, source);
  for (const { persons } of people) users.addPeople(persons);
  return users;
}

function switchTexts(isOn: boolean, cap: string): TextRow {
  return { overage: isOn ? 'enabled' : 'disabled', overage_cap: cap };
}

function profileSource({ reported, billed }: Pick<ProfileEvidence, 'reported' | 'billed'>): string {
  if (reported !== undefined) return `ProfileId of ${reported.firstSource}`;
  return billed?.source ?? 'the profile of a list of subscriptions';
}

/** Whether a person's row of a profile has this overage setting; a blank cap is none. */
function isSetting(own: TextRow, { on, capCredits }: OverageStep): boolean {
  const overage = overageSwitch(field(own, 'overage'));
  const isOn = 'value' in overage && overage.value;
  const ownCap = field(own, 'overage_cap').toLowerCase();
  return isOn === on && (!on || (ownCap || 'none') === (capText(capCredits) || 'none'));
}

/** Whether a subscription lives in some part of a month. */
function livesIn(row: TextRow, month: string): boolean {
  const { start, end } = billingPeriod(month);
  const from = instantIn(row, 'subscribed_at');
  const to = instantIn(row, 'unsubscribed_at');
  return from !== undefined && from < end && (to === undefined || to > start);
}
