import { type Billing, billMonths } from '../billing/invoice.ts';
import type { BillingPeriod } from '../domain/billing-period.ts';
import { bareUserId, profileArn } from '../domain/ids.ts';
import type { MonthInvoice, SeatInvoice } from '../domain/invoice.ts';
import { type BillingRecords, subscribedGroups } from '../domain/records.ts';
import { seatKey, seatKeyOf } from '../domain/seat-key.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { Warning } from '../domain/warning.ts';
import type { SeatFilter } from '../reconcile/placed-bill.ts';
import type { Context } from './context.ts';
import { type AllNamed, type Named, namedIds } from './named-ids.ts';

/** The filters as given. */
export interface FilterOptions {
  readonly profile?: readonly string[];
  readonly user?: readonly string[];
  readonly group?: readonly string[];
  readonly costCenter?: readonly string[];
}

/** The filters with their flags. */
export const FILTERS: readonly (readonly [option: keyof FilterOptions, flag: string])[] = [
  ['profile', '--profile'],
  ['user', '--user'],
  ['group', '--group'],
  ['costCenter', '--cost-center'],
];

/** The filters as ids; a missing one lets everything through. */
export interface Filters {
  readonly profileIds?: ReadonlySet<string>;
  readonly userIds?: ReadonlySet<string>;
  readonly groupIds?: ReadonlySet<string>;
}

/**
 * The months whose usage has to be read to find whom the filters name: all of them with
 * `--user`, as a user may appear only in the usage of another month.
 */
export function periodsToRead(
  periods: readonly BillingPeriod[],
  { user }: FilterOptions,
): readonly BillingPeriod[] | undefined {
  return user === undefined ? periods : undefined;
}

/**
 * Finds what the filters name in the data; what the data do not have is `WrongUsage`, except
 * for the users of `others`, who are in other inputs.
 */
export function filtersOf(
  options: FilterOptions,
  billing: Billing,
  others: Iterable<string> = [],
): Filters {
  const { profile, user, group } = options;
  const { records } = billing;
  const userIds = usersAsked(options, billing, others);
  return {
    ...(profile && { profileIds: namedIds('--profile', profile, () => profileNames(records)) }),
    ...(user || options.costCenter ? { userIds } : {}),
    ...(group && { groupIds: namedIds('--group', group, () => groupNames(records)) }),
  };
}

/** The users that `--user` names, limited to the cost centers asked for. */
function usersAsked(
  { user, costCenter }: FilterOptions,
  billing: Billing,
  others: Iterable<string>,
): ReadonlySet<string> {
  const users = user && namedIds('--user', user.map(bareUserId), userNames(billing, others));
  if (costCenter === undefined) return users ?? new Set();
  const all = [...billing.records.users.values()];
  const known = [...new Set(all.map((one) => one.costCenter))].filter((name) => name.trim() !== '');
  const centers = namedIds('--cost-center', costCenter, () =>
    known.map((name) => ({ id: name, otherIds: [], names: [] })),
  );
  const ofCenters = all.filter((one) => centers.has(one.costCenter)).map(({ userId }) => userId);
  return new Set(ofCenters.filter((userId) => users?.has(userId) ?? true));
}

function profileNames({ profiles }: BillingRecords): Named[] {
  return [...profiles.values()].map(({ profileId, name, aliases = [] }) => ({
    id: profileId,
    otherIds: aliases,
    names: [name, ...[profileId, ...aliases].flatMap((id) => profileArn(id)?.id ?? [])],
  }));
}

function groupNames(records: BillingRecords): Named[] {
  const { groups, memberships } = records;
  const ids = new Set([
    ...groups.keys(),
    ...memberships.map(({ groupId }) => groupId),
    ...subscribedGroups(records),
  ]);
  return [...ids].map((id) => ({ id, otherIds: [], names: [groups.get(id)?.name ?? ''] }));
}

function userNames(billing: Billing, others: Iterable<string>): AllNamed {
  const { users } = billing.records;
  return function* named(inOrder) {
    for (const id of knownUserIds(billing, others, inOrder !== undefined)) {
      const user = users.get(id);
      yield { id, otherIds: user?.aliases ?? [], names: user ? [user.name, user.email] : [] };
    }
  };
}

/** The ids of all users, some more than once; those of usage come in any order, or sorted. */
function* knownUserIds(
  { records, seats, usage }: Billing,
  others: Iterable<string>,
  areSorted: boolean,
): Generator<string> {
  yield* records.users.keys();
  for (const ofProfile of seats.values()) yield* ofProfile.keys();
  if (areSorted) {
    const used = new Set(Array.from(usage, ({ userId }) => userId));
    yield* [...used].sort(compareBytes);
  } else for (const { userId } of usage) yield userId;
  yield* others;
}

/** Whether any filter was asked for. */
export function isFiltering({ profileIds, userIds, groupIds }: Filters): boolean {
  return profileIds !== undefined || userIds !== undefined || groupIds !== undefined;
}

/** The invoice of the seats that pass, with the warnings that are about them. */
export function filteredInvoice(invoice: MonthInvoice, filters: Filters): MonthInvoice {
  if (!isFiltering(filters)) return invoice;
  const seats = invoice.seats.filter((seat) => passes(seat, filters));
  return { ...invoice, seats, warnings: warningsAbout(seats, invoice.warnings) };
}

/** Months billed: whole, and as the filters leave them. */
interface BilledMonths {
  readonly filters: Filters;
  readonly billed: readonly MonthInvoice[];
  readonly shown: readonly MonthInvoice[];
}

/** Bills months, with what the options filter by. Errors as of `filtersOf`, then of `billMonths`. */
export async function billedMonths(
  options: FilterOptions,
  billing: Billing,
  periods: readonly BillingPeriod[],
  { stopwatch }: Context,
): Promise<BilledMonths> {
  const filters = filtersOf(options, billing);
  const billed = await stopwatch.time('billing', () => billMonths(billing, periods));
  return { filters, billed, shown: billed.map((invoice) => filteredInvoice(invoice, filters)) };
}

/** The warnings about these seats, about the profiles that they are in, and about the inputs as a whole. */
export function warningsAbout(
  seats: readonly SeatInvoice[],
  warnings: readonly Warning[],
): Warning[] {
  const profileIds = new Set(seats.map(({ profile }) => profile.profileId));
  const seatKeys = new Set(seats.map(seatKeyOf));
  return warnings.filter(({ profileId, userId }) => {
    if (profileId === undefined) return true;
    return userId === undefined
      ? profileIds.has(profileId)
      : seatKeys.has(seatKey(profileId, userId));
  });
}

/**
 * Whether a seat known only by its ids passes; the invoice says who is in which group. `undefined`
 * where no filter was asked for.
 */
export function seatFilter(invoice: MonthInvoice, filters: Filters): SeatFilter | undefined {
  if (!isFiltering(filters)) return undefined;
  if (filters.groupIds === undefined) {
    return (profileId, userId) => passIds(profileId, userId, filters);
  }
  const keys = new Set(filteredInvoice(invoice, filters).seats.map(seatKeyOf));
  return (profileId, userId) => keys.has(seatKey(profileId, userId));
}

/** Whether a seat of an invoice passes. */
export function passes(
  { profile, userId, groupId, terms }: SeatInvoice,
  filters: Filters,
): boolean {
  const { groupIds } = filters;
  return (
    passIds(profile.profileId, userId, filters) &&
    (groupIds === undefined || (terms !== undefined && groupIds.has(groupId)))
  );
}

/** Whether the profile and the user pass, whatever the group. */
export function passIds(
  profileId: string,
  userId: string,
  { profileIds, userIds }: Filters,
): boolean {
  return (profileIds?.has(profileId) ?? true) && (userIds?.has(userId) ?? true);
}
