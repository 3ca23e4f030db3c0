/**
 * A data directory from all evidence: the same evidence gives the same rows, in whatever order it
 * was read.
 */

import { billingPeriod } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import { profileTitle } from '../domain/ids.ts';
import { compareInstants, instantFromText, instantText } from '../domain/instant.ts';
import { compareBytes } from '../domain/text-order.ts';
import { overageSwitch } from '../input/fields.ts';
import type { BillEvidence, BilledProfile } from './bill-evidence.ts';
import {
  isArn,
  type Listing,
  type ListStatus,
  newestFirst,
  type People,
  type PlacedList,
  type ProfilePlace,
  placeKey,
  placeOfArn,
  placeOfRow,
  type SeatEvidence,
} from './evidence.ts';
import { KnownUsers } from './known-users.ts';
import { capText, type OverageStep, overageHistory } from './overage-history.ts';
import type { ReportEvidence, ReportedProfile } from './report-evidence.ts';
import { type SeatHistory, seatHistory } from './seat-history.ts';
import { aliasesOf, emptyTables, type TextRow, type TextTables } from './table-rows.ts';
import type { RankOf } from './tier-order.ts';

/** Everything known before an import infers anything. */
export interface Evidence {
  readonly reports: ReportEvidence;
  readonly bills: BillEvidence;
  readonly lists: readonly PlacedList[];
  /** In the order of their sorted paths. */
  readonly people: readonly People[];
  /** By user, the cost center of the newest tag that is not blank. */
  readonly tags: ReadonlyMap<string, { readonly costCenter: string; readonly source: string }>;
  /** The rows that a person has written or changed. */
  readonly own: TextTables;
  /** Places of profiles whose rows an earlier import has written. */
  readonly importedProfiles: ReadonlySet<string>;
  readonly rankOf: RankOf;
}

export interface Inference {
  readonly rows: TextTables;
  readonly users: KnownUsers;
  /** The place of a profile by any of its ids; `undefined` for an unknown id. */
  readonly placeOf: (profileId: string) => string | undefined;
  /** Contradictions between the files and other things to check, as sentences. */
  readonly doubts: readonly string[];
  /** Names in lists that match no known user, in profiles that reports or bills cover. */
  readonly unknownNames: number;
  /** Why users of lists are left out, a reason for each. */
  readonly leftOutOfLists: readonly string[];
  readonly leftOut: readonly string[];
}

/** Infers every table of a data directory from the evidence. */
export function inferDirectory(evidence: Evidence): Inference {
  return new Inferrer(evidence).infer();
}

/** Everything known about one profile. */
interface ProfileEvidence {
  readonly place: ProfilePlace;
  readonly reported?: ReportedProfile;
  readonly billed?: BilledProfile;
  readonly lists: readonly PlacedList[];
  readonly own?: TextRow;
}

class Inferrer {
  readonly #evidence: Evidence;
  readonly #users: KnownUsers;
  readonly #profiles = new Map<string, ProfileEvidence>();
  readonly #profileIds = new Map<string, string>();
  readonly #aliases = new Map<string, string>();
  /** A person's rows of seats and overage. */
  readonly #ownRows: readonly TextRow[];
  /** Profiles named only in rows of a person, when no person's row of `profiles.csv` defines profiles. */
  readonly #inferred: readonly { readonly id: string; readonly place: ProfilePlace }[];
  readonly #rows = emptyTables();
  readonly #doubts: string[] = [];
  readonly #leftOut: string[] = [];
  readonly #leftOutOfLists: string[] = [];
  #unknownNames = 0;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    const { own } = evidence;
    this.#users = new KnownUsers(own.users);
    this.#ownRows = [
      own.subscriptions,
      own.tierChanges,
      own.activations,
      own.overageChanges,
    ].flat();
    const ids = new Set(this.#ownRows.map((row) => (row.profile_id ?? '').trim()));
    this.#inferred = (own.profiles.length > 0 ? [] : [...ids]).flatMap((id) => {
      const place = placeOfArn(id);
      return place === undefined ? [] : [{ id, place }];
    });
  }

  infer(): Inference {
    this.#findProfiles();
    this.#findUsers();
    const listings = this.#listings();
    this.#settlePeople();
    for (const profile of this.#profiles.values()) {
      this.#addProfile(profile);
      this.#addSeats(profile, listings.get(placeKey(profile.place)) ?? new Map());
    }
    this.#addUsers();
    this.#addGroups();
    return {
      rows: this.#rows,
      users: this.#users,
      placeOf: (id) => this.#aliases.get(id),
      doubts: this.#doubts,
      unknownNames: this.#unknownNames,
      leftOutOfLists: this.#leftOutOfLists,
      leftOut: this.#leftOut,
    };
  }

  #findProfiles(): void {
    const { reports, bills, lists, own } = this.#evidence;
    const places = [
      ...reports.profiles.map(({ place }) => place),
      ...bills.profiles.map(({ place }) => place),
      ...lists.map(({ place }) => place),
      ...own.profiles.flatMap(placeOfRow),
      ...this.#inferred.map(({ place }) => place),
    ];
    const keys = [...new Map(places.map((place) => [placeKey(place), place]))];
    for (const [key, place] of keys.sort(([a], [b]) => compareBytes(a, b))) {
      const isHere = (one: { readonly place: ProfilePlace }): boolean =>
        placeKey(one.place) === key;
      const reported = reports.profiles.find(isHere);
      const billed = bills.profiles.find(isHere);
      const row = own.profiles.find((one) => placeOfRow(one).some((at) => placeKey(at) === key));
      const profile: ProfileEvidence = {
        place,
        lists: lists.filter(isHere).sort((a, b) => compareInstants(a.at, b.at)),
        ...(reported === undefined ? {} : { reported }),
        ...(billed === undefined ? {} : { billed }),
        ...(row === undefined ? {} : { own: row }),
      };
      this.#profiles.set(key, profile);
      this.#nameProfile(key, profile);
    }
  }

  /** The newest id, by its first day, is the profile's id, unless a person has given it one. */
  #nameProfile(key: string, profile: ProfileEvidence): void {
    const ids = idsOf(profile);
    const inferred = this.#inferred.filter(({ place }) => placeKey(place) === key);
    const newest = ids[0] ?? inferred[0]?.id ?? key;
    for (const { id } of inferred) this.#aliases.set(id, key);
    const profileId = profile.own?.profile_id?.trim() || newest;
    this.#profileIds.set(key, profileId);
    const ownAliases = aliasesOf(profile.own ?? {});
    for (const id of [key, ...ids, ...ownAliases, profileId]) this.#aliases.set(id, key);
  }

  #findUsers(): void {
    const { reports, bills, own, people, tags } = this.#evidence;
    for (const row of [...own.subscriptions, ...own.tierChanges]) {
      if ((row.principal_type ?? '').trim().toLowerCase() === 'user') {
        this.#users.addOwn(row.principal_id ?? '');
      }
    }
    for (const row of [...own.activations, ...own.groupMembers])
      this.#users.addOwn(row.user_id ?? '');
    for (const user of reports.users) this.#users.addReported(user);
    for (const { seats } of bills.profiles) {
      for (const [userId, charges] of [...seats].sort(([a], [b]) => compareBytes(a, b))) {
        this.#users.addBilled(userId, `resource id in the CUR of ${charges[0]?.month}`);
      }
    }
    for (const [userId, { costCenter, source }] of tags)
      this.#users.addTag(userId, costCenter, source);
    for (const { persons } of people) this.#users.addPeople(persons);
  }

  /**
   * What lists say, by profile and user. Unknown names become users only where nothing else covers
   * the profile.
   */
  #listings(): Map<string, Map<string, Listing[]>> {
    const found = new Map<string, Map<string, Listing[]>>();
    for (const [key, { lists, reported, billed }] of this.#profiles) {
      const ofProfile = new Map<string, Listing[]>();
      const isCovered = reported !== undefined || billed !== undefined;
      for (const { at, users } of lists) {
        for (const user of users) {
          const known = this.#users.listed(user);
          const reason = LEFT_OUT_OF_LISTS[user.status];
          if (known === undefined && reason !== undefined) this.#leftOutOfLists.push(reason);
          else if (known === undefined && isCovered) this.#unknownNames += 1;
          else {
            const userId = known ?? this.#users.addListed(user);
            ofProfile.set(userId, [...(ofProfile.get(userId) ?? []), { ...user, at }]);
          }
        }
      }
      found.set(key, ofProfile);
    }
    return found;
  }

  #settlePeople(): void {
    const persons = this.#evidence.people.flatMap((one) => one.persons);
    this.#users.settle(persons);
    const others = persons.filter((person) => !this.#users.isJoined(person)).length;
    if (others > 0)
      this.#leftOut.push(`people who are no user here: ${others} of ${persons.length}`);
  }

  /** The display name of a profile. */
  #titleOf(profileId: string): string {
    const own = this.#evidence.own.profiles.find((row) => row.profile_id?.trim() === profileId);
    return profileTitle({ profileId, name: own?.name ?? '' });
  }

  #addProfile({ place, reported, billed, own }: ProfileEvidence): void {
    const key = placeKey(place);
    const profileId = this.#profileIds.get(key) ?? key;
    const history = overageHistory(
      reported?.overage ?? [],
      billed?.overageMonths ?? [],
      billed?.since,
    );
    for (const text of history.conflicts) this.#doubts.push(`${this.#titleOf(profileId)}: ${text}`);
    const { first } = history;
    const ids = idsOf(this.#profiles.get(key) as ProfileEvidence);
    const aliases = [...ids.filter((id) => id !== profileId), ...this.#pseudoId(key, profileId)];
    this.#rows.profiles.push({
      profile_id: profileId,
      account_id: place.accountId,
      region: place.region,
      overage: first?.on ? 'enabled' : 'disabled',
      overage_cap: first?.on && first.capCredits !== 'none' ? capText(first.capCredits) : '',
      aliases: [...new Set(aliases)].sort(compareBytes).join(' '),
      inferred_from: profileSource(reported, billed),
    });
    for (const change of [...this.#firstChange(key, own, first), ...history.changes]) {
      this.#rows.overageChanges.push({
        profile_id: profileId,
        changed_at: instantText(change.at),
        overage: change.on ? 'enabled' : 'disabled',
        overage_cap: capText(change.capCredits),
        inferred_from: change.source,
      });
    }
  }

  /**
   * A profile that only a person has written may have a different overage setting than the first
   * one seen: then that is a change.
   */
  #firstChange(
    key: string,
    own: TextRow | undefined,
    first: OverageStep | undefined,
  ): OverageStep[] {
    if (own === undefined || first === undefined || this.#evidence.importedProfiles.has(key))
      return [];
    return saysTheSame(own, first.on, capText(first.capCredits)) ? [] : [first];
  }

  /** A profile's id was its key while only bills named it: a person's rows may still use that key. */
  #pseudoId(key: string, profileId: string): string[] {
    const inferred = this.#inferred
      .filter(({ place }) => placeKey(place) === key)
      .map(({ id }) => id);
    const isNamed = this.#ownRows.some((row) => row.profile_id?.trim() === key);
    return [...(isNamed ? [key] : []), ...inferred].filter((id) => id !== profileId);
  }

  #addSeats(profile: ProfileEvidence, listings: ReadonlyMap<string, Listing[]>): void {
    const { place, reported, billed, lists } = profile;
    const profileId = this.#profileIds.get(placeKey(place)) ?? '';
    const sightings = byUser(reported?.seats, this.#users);
    const charges = byUser(billed?.seats, this.#users);
    const userIds = new Set([...sightings.keys(), ...charges.keys(), ...listings.keys()]);
    const listDays = [...new Set(lists.map(({ at }) => at))];
    let withoutTier = 0;
    for (const userId of [...userIds].sort(compareBytes)) {
      const evidence: SeatEvidence = {
        place,
        userId,
        sightings: (sightings.get(userId) ?? []).sort((a, b) => compareInstants(a.at, b.at)),
        charges: (charges.get(userId) ?? []).sort((a, b) => compareBytes(a.month, b.month)),
        listings: listings.get(userId) ?? [],
        listDays,
        finalMonths: billed?.finalMonths ?? [],
        rankOf: this.#evidence.rankOf,
      };
      const history = seatHistory(evidence);
      const isActive = evidence.sightings.length + evidence.charges.length > 0;
      if (history.subscriptions.length === 0 && isActive) withoutTier += 1;
      this.#addSeat(profileId, userId, history);
    }
    this.#doubtOwnSeats(profile, charges, sightings);
    if (withoutTier > 0)
      this.#leftOut.push(
        `seats of ${this.#titleOf(profileId)} without a plan in any row: ${withoutTier}`,
      );
  }

  /** Reports seats that a person has written but that final bills of their time do not charge. */
  #doubtOwnSeats(
    { place, billed }: ProfileEvidence,
    charges: ReadonlyMap<string, unknown>,
    sightings: ReadonlyMap<string, unknown>,
  ): void {
    const key = placeKey(place);
    for (const row of billed === undefined ? [] : this.#evidence.own.subscriptions) {
      const isOfUser = row.principal_type?.trim().toLowerCase() === 'user';
      if (!isOfUser || this.#aliases.get(row.profile_id?.trim() ?? '') !== key) continue;
      const userId = this.#users.canonical(row.principal_id ?? '');
      const from = instantFromText(row.subscribed_at?.trim() ?? '');
      const to = instantFromText(row.unsubscribed_at?.trim() ?? '');
      const months = (billed?.finalMonths ?? []).filter((month) => {
        const { start, end } = billingPeriod(month);
        return from !== undefined && from < end && (to === undefined || to > start);
      });
      if (months.length === 0 || charges.has(userId)) continue;
      const span = months.length === 1 ? months[0] : `${months[0]} to ${months.at(-1)}`;
      const used = sightings.has(userId) ? ', though the reports show use' : '';
      this.#doubts.push(
        `${this.#users.shown(userId)} in ${this.#titleOf(row.profile_id?.trim() ?? '')}: the data have a seat here, but the CUR of ${span} has no fee for it${used}`,
      );
    }
  }

  #addSeat(
    profileId: string,
    userId: string,
    { subscriptions, activation, doubts }: SeatHistory,
  ): void {
    const principal = { profile_id: profileId, principal_type: 'user', principal_id: userId };
    for (const { start, end, steps, source } of subscriptions) {
      const [first, ...changes] = steps;
      if (first === undefined) continue;
      this.#rows.subscriptions.push({
        ...principal,
        tier: first.tier,
        subscribed_at: instantText(start),
        unsubscribed_at: end === undefined ? '' : instantText(end),
        inferred_from: source,
      });
      for (const [index, change] of changes.entries()) {
        this.#rows.tierChanges.push({
          ...principal,
          changed_at: instantText(change.at),
          from_tier: steps[index]?.tier ?? '',
          tier: change.tier,
          inferred_from: change.source,
        });
      }
    }
    if (activation !== undefined) {
      this.#rows.activations.push({
        profile_id: profileId,
        user_id: userId,
        activated_at: instantText(activation.at),
        inferred_from: activation.source,
      });
    }
    const shown = this.#users.shown(userId);
    for (const text of doubts)
      this.#doubts.push(`${shown} in ${this.#titleOf(profileId)}: ${text}`);
  }

  #addUsers(): void {
    for (const { userId, name, email, costCenter, aliases, source } of this.#users.inferred()) {
      this.#rows.users.push({
        user_id: userId,
        name,
        email,
        cost_center: costCenter,
        aliases: aliases.join(' '),
        inferred_from: source,
      });
    }
  }

  /** Adds groups, with those of their members who are users or whom the group subscribes. */
  #addGroups(): void {
    const { people, own } = this.#evidence;
    const groups = new Map(
      people.flatMap((one) => one.groups).map((group) => [group.groupId, group]),
    );
    const subscribed = new Set(
      own.subscriptions
        .filter((row) => row.principal_type?.trim().toLowerCase() === 'group')
        .map((row) => row.principal_id?.trim()),
    );
    const members = new Map<string, TextRow>();
    let others = 0;
    for (const { groupId, userId, source } of people.flatMap((one) => one.memberships)) {
      const canonical = this.#users.canonical(userId);
      if (!this.#users.has(canonical) && !subscribed.has(groupId)) {
        others += 1;
        continue;
      }
      if (!groups.has(groupId)) groups.set(groupId, { groupId, name: '', source });
      members.set(`${groupId}\n${canonical}`, {
        group_id: groupId,
        user_id: canonical,
        inferred_from: source,
      });
    }
    for (const { groupId, name, source } of groups.values()) {
      this.#rows.groups.push({ group_id: groupId, name, inferred_from: source });
    }
    this.#rows.groupMembers.push(...members.values());
    if (others > 0) this.#leftOut.push(`memberships of people who are no user here: ${others}`);
  }
}

/** Why a list's user that no other file knows is left out. */
const LEFT_OUT_OF_LISTS: Readonly<Partial<Record<ListStatus, string>>> = {
  canceled: 'canceled users whom nothing earlier knows',
  other: 'unavailable users',
};

/** The ids of a profile, the one with the latest first day first: from reports, else from lists. */
function idsOf({ reported, lists }: ProfileEvidence): string[] {
  const since = new Map(reported?.ids ?? []);
  // By day, so that the first list that names an id counts.
  for (const { profile, at } of lists) {
    if (isArn(profile) && !since.has(profile)) since.set(profile, at);
  }
  return newestFirst(since);
}

function byUser<Item>(
  seats: ReadonlyMap<string, readonly Item[]> | undefined,
  users: KnownUsers,
): Map<string, Item[]> {
  const grouped = groupBy([...(seats ?? [])], ([userId]) => users.canonical(userId));
  return new Map(
    [...grouped].map(([userId, of]) => [userId, of.flatMap(([, items]) => [...items])]),
  );
}

function profileSource(
  reported: ReportedProfile | undefined,
  billed: BilledProfile | undefined,
): string {
  if (reported !== undefined) return `ProfileId of ${reported.firstSource}`;
  return billed?.source ?? 'the profile of a list of subscriptions';
}

/** Whether a person's row of a profile has the overage setting that was seen first. */
function saysTheSame(own: TextRow, on: boolean, cap: string): boolean {
  const overage = overageSwitch((own.overage ?? '').trim());
  const isOn = 'value' in overage && overage.value;
  const ownCap = (own.overage_cap ?? '').trim().toLowerCase();
  return isOn === on && (!on || (ownCap || 'none') === (cap || 'none'));
}
