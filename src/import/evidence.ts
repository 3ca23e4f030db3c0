import { basename } from 'node:path';
import type { Decimal } from '../domain/decimal.ts';
import { accountRegionKey, profileArn } from '../domain/ids.ts';
import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';
import { type Region, regionFromText } from '../domain/region.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { Tier } from '../domain/tier.ts';
import { aliasesOf, field, type TextRow } from './table-rows.ts';
import type { RankOf } from './tier-order.ts';

/** What identifies a profile in all files: an account in a Region. */
export interface AccountRegion {
  readonly accountId: string;
  readonly region: Region;
}

/** The profiles that rows of `profiles.csv` define, with all their ids; an invalid row defines none. */
export function definedProfiles(rows: readonly TextRow[]) {
  return rows.flatMap((row) => {
    const region = regionFromText(field(row, 'region'));
    const ids = [field(row, 'profile_id'), ...aliasesOf(row)];
    const accountId = field(row, 'account_id');
    return region === undefined ? [] : [{ accountRegion: { accountId, region }, ids, row }];
  });
}

/** The keys of these profiles, by account and Region. */
export function definedKeys(rows: readonly TextRow[]): Set<string> {
  return new Set(definedProfiles(rows).map(({ accountRegion }) => accountRegionKey(accountRegion)));
}

/** The ids of a profile by their first days, the newest first. */
export function newestFirst(since: ReadonlyMap<string, Instant>): string[] {
  return [...since]
    .sort(([idA, a], [idB, b]) => compareInstants(b, a) || compareBytes(idB, idA))
    .map(([id]) => id);
}

/** Whether a list's profile is given by its ARN. */
export function isArn(profile: string | undefined): profile is string {
  return profile?.startsWith('arn:') === true;
}

/** The account and Region in a profile id that is an ARN. */
export function accountRegionOfArn(id: string): AccountRegion | undefined {
  const arn = profileArn(id);
  if (arn === undefined) return undefined;
  const region = regionFromText(arn.region);
  return region === undefined ? undefined : { accountId: arn.accountId, region };
}

/** A line by the name of its file, which says enough: its folder would only add length. */
export function nameOfPlace({ file, line }: Place): string {
  return `${basename(file)}:${line}`;
}

/** A row of an activity report, as evidence of a seat. */
export interface Sighting {
  readonly kind: 'sighting';
  /** The start of its day. */
  readonly at: Instant;
  /** `undefined` if the row has no tier. */
  readonly tier: Tier | undefined;
  readonly isNewUser: boolean;
  readonly source: string;
}

/** What AWS charged a seat in a month: the highest tier with a cost, or no tier. */
export interface ChargedMonth {
  readonly kind: 'charge';
  /** The start of the month. */
  readonly at: Instant;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Missing if no tier's fee was charged. */
  readonly tier?: Tier;
  /** The lowest tier that was charged and refunded in the month, as for an upgrade (S3). */
  readonly refundedTier?: Tier;
  /** The share of the month in its first fee. */
  readonly share: Decimal;
  /** Whether the payer's bill of the month is final. */
  readonly isFinal: boolean;
}

/** A list of subscriptions, of one day. */
export interface DatedList {
  readonly path: string;
  /** Its profile, as given. */
  readonly profile?: string;
  /** The start of its day. */
  readonly at: Instant;
  readonly users: readonly ListedUser[];
  /** Why rows were left out, a reason for each. */
  readonly leftOut: readonly string[];
}

/** A list whose profile is known. */
export interface PlacedList extends DatedList {
  readonly accountRegion: AccountRegion;
}

/** A line of a list of subscriptions: who has which plan on that day. */
export interface ListedUser {
  /** What identifies the user: an id, a user name or an e-mail address, the best one first. */
  readonly names: readonly [string, ...string[]];
  readonly email: string;
  readonly status: ListStatus;
  readonly tier: Tier;
  readonly activatedAt: Instant | undefined;
  readonly source: string;
}

/** A user's line in a list of subscriptions, if it says something. */
export interface Listing extends Omit<ListedUser, 'names' | 'email'> {
  readonly kind: 'listing';
  /** The start of the list's day. */
  readonly at: Instant;
}

/** `other`: the list names the user but says nothing about the seat. */
export type ListStatus = 'active' | 'pending' | 'canceled' | 'other';

/** What one file shows of a seat, at an instant. */
export type Sign = ChargedMonth | Sighting | Listing;

/** A sign with the user's id as the file has it. */
export type SignOfId<One extends Sign> = readonly [userId: string, sign: One];

/** In chronological order; what is of one instant keeps its order. */
export function inTime<Item extends { readonly at: Instant }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => compareInstants(a.at, b.at));
}

/** Everything that the files say about one user in one profile. */
export interface SeatEvidence {
  /** Of one instant, charges come first and lists last. */
  readonly signs: readonly Sign[];
  /** The days of all lists of the profile. */
  readonly listDays: readonly Instant[];
  /** Months in which a final bill covers the profile's account. */
  readonly finalMonths: readonly string[];
  readonly rankOf: RankOf;
}

/** The overage switch and cap of a profile, as a day's report shows them, or from an instant on. */
export interface OverageStep {
  readonly at: Instant;
  readonly on: boolean;
  /** Missing if the file does not say: then it stays unchanged; `none` for no cap. */
  readonly capCredits?: Decimal | 'none';
  readonly source: string;
}

/** A person in a directory of people; unknown values are blank. */
export interface Person {
  readonly id: string;
  /** Whether the id certainly comes from the Identity Store, as in its own JSON. */
  readonly isIdentityStore: boolean;
  /** The user name in the Identity Store. */
  readonly userName: string;
  readonly email: string;
  readonly name: string;
  readonly costCenter: string;
  readonly source: string;
}

export interface PeopleGroup {
  readonly groupId: string;
  readonly name: string;
  readonly source: string;
}

export interface PeopleMembership {
  readonly groupId: string;
  readonly userId: string;
  readonly source: string;
}

/** The content of one or more files of people. */
export interface People {
  readonly persons: readonly Person[];
  readonly groups: readonly PeopleGroup[];
  readonly memberships: readonly PeopleMembership[];
  readonly pages: readonly PeoplePage[];
}

/** A page of a list of the Identity Store; a list that is long comes in several. */
export interface PeoplePage {
  /** Whose list it is: `Users`, `Groups`, or the memberships of a group. */
  readonly list: string;
  readonly source: string;
  /** Whether another page follows. */
  readonly goesOn: boolean;
}

export const NO_PEOPLE: People = { persons: [], groups: [], memberships: [], pages: [] };
