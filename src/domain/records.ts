import type { Decimal } from './decimal.ts';
import type { Instant } from './instant.ts';
import type { Place } from './problem.ts';
import type { Region } from './region.ts';
import type { Tier } from './tier.ts';

/** One AWS account in one Region; charges never cross profiles. */
export interface Profile {
  readonly profileId: string;
  /** Twelve digits; blank if only the id is known and it is not an ARN. */
  readonly accountId: string;
  readonly region: Region;
  readonly name: string;
  /** The overage switch before the first overage change. */
  readonly overageOn: boolean;
  /** The overage cap in credits per seat and month before the first change; no cap if missing. */
  readonly capCredits?: Decimal;
  /** More ids by which the inputs name it. */
  readonly aliases?: readonly string[];
  /** Its row or, without a profiles file, the row that first named it. */
  readonly place: Place;
  /** Whether it is inferred from the data, without a profiles file. */
  readonly isInferred?: boolean;
}

export interface User {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly costCenter: string;
  /** More ids by which the inputs name the user. */
  readonly aliases?: readonly string[];
}

export interface Group {
  readonly groupId: string;
  readonly name: string;
}

/** One stay of a user in a group, `[joinedAt, leftAt)`; a missing bound is open. */
export interface Membership {
  readonly groupId: string;
  readonly userId: string;
  readonly joinedAt?: Instant | undefined;
  readonly leftAt?: Instant | undefined;
}

export type PrincipalType = 'user' | 'group';

/** One subscription of a user or a group in a profile, `[subscribedAt, unsubscribedAt)`. */
export interface Subscription {
  readonly profileId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
  readonly tier: Tier;
  readonly subscribedAt: Instant;
  readonly unsubscribedAt?: Instant | undefined;
  /** In time order, all while the subscription is active. */
  readonly tierChanges: readonly TierChange[];
  readonly place: Place;
}

export interface TierChange {
  readonly changedAt: Instant;
  readonly tier: Tier;
  readonly place: Place;
}

export interface Activation {
  readonly profileId: string;
  readonly userId: string;
  readonly activatedAt: Instant;
}

export interface OverageChange {
  readonly profileId: string;
  readonly changedAt: Instant;
  readonly on: boolean;
  /** The new cap, `none` if it is removed; missing if it is unchanged. */
  readonly capCredits?: Decimal | 'none';
}

/** What activity reports say about overage on a day: one row, or several that differ only in their credits. */
export interface ReportedOverage {
  readonly profileId: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  /** Midnight UTC of the date. */
  readonly at: Instant;
  readonly overageCredits: Decimal;
  /** Missing if the report does not contain it. */
  readonly overageOn?: boolean;
  /** Only while overage is on, as the report has a default otherwise; `none` if it is blank then. */
  readonly capCredits?: Decimal | 'none';
  readonly place: Place;
}

/** By month, and in it by `seatKey`, the tiers that activity reports show, by `tierKey`. */
export type ReportedTiers = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Everything the engine knows except usage and prices. */
export interface BillingRecords {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly memberships: readonly Membership[];
  readonly subscriptions: readonly Subscription[];
  /** Missing without an activations file: every seat is then active from its start (H3). */
  readonly activations?: readonly Activation[];
  readonly overageChanges: readonly OverageChange[];
}

/** The ids of the groups that are subscribed, in the order of their first subscriptions. */
export function subscribedGroups({
  subscriptions,
}: Pick<BillingRecords, 'subscriptions'>): Set<string> {
  const ofGroups = subscriptions.filter(({ principalType }) => principalType === 'group');
  return new Set(ofGroups.map(({ principalId }) => principalId));
}

/**
 * The exact sum of a seat's usage rows in one stretch `[from, to)` of a month. Stretches
 * end wherever the profile has an overage change, so the switch is constant inside one.
 */
export interface StretchUsage {
  readonly profileId: string;
  readonly userId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly credits: Decimal;
  /** Usage rows, including those of 0 credits. */
  readonly requests: number;
  /** If time was cut for all profiles alike: its sums between those cuts, made anew each time. */
  readonly parts?: Iterable<StretchUsage> | undefined;
}

/** The parts of a stretch that time was cut into; the stretch itself if it was not. */
export function partsOf(stretch: StretchUsage): Iterable<StretchUsage> {
  return stretch.parts ?? [stretch];
}

/** Where no usage is wanted. */
export const NO_USAGE: SeatUsage = {
  profileIds: () => [],
  users: () => [],
  userCount: () => 0,
  userId: () => '',
  ofSeat: () => [],
  [Symbol.iterator]: () => [][Symbol.iterator](),
};

/** Usage by seat, in no particular order; each stretch is made when it is asked for, as there may be millions. */
export interface SeatUsage extends Iterable<StretchUsage> {
  /** The profiles with usage in a month (`YYYY-MM`). */
  profileIds(month: string): Iterable<string>;
  /** The users with usage of a profile in a month, each by a number, by the bytes of their ids. */
  users(month: string, profileId: string): Iterable<number>;
  userCount(month: string, profileId: string): number;
  /** The id of a user by its number. */
  userId(user: number): string;
  /** The stretches of a seat in a month, in time order; the user by id or by number. */
  ofSeat(month: string, profileId: string, user: string | number): readonly StretchUsage[];
}
