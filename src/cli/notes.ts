import { loneWorkdays } from '../billing/completeness.ts';
import type { Billing } from '../billing/invoice.ts';
import { contradictedTiers } from '../billing/reported-tiers.ts';
import { periodAt } from '../domain/billing-period.ts';
import { firstNamed } from '../domain/counts.ts';
import { profileArn, profileTitle } from '../domain/ids.ts';
import { isBilledOrUsed, type MonthInvoice, totalOf } from '../domain/invoice.ts';
import { likelyFinder } from '../domain/likely-id.ts';
import { sumCents } from '../domain/money.ts';
import { type BillingRecords, subscribedGroups } from '../domain/records.ts';
import type { RuleId } from '../domain/rule-id.ts';
import { compareBytes } from '../domain/text-order.ts';
import { dayText } from '../domain/usage-days.ts';
import { countShown, moneyShown } from '../render/amounts.ts';
import { type Inputs, monthsOfData } from './inputs.ts';

/** What was assumed or left out while the inputs were read. */
export function inputNotes({ files, options, read, usage, billing }: Inputs): string[] {
  const notes = [...read.notes, ...(usage.reports?.notes ?? [])];
  if (read.profiles.areInferred) {
    notes.push(
      'no profiles.csv: profiles are those that the other files name, with overage off; a profile ARN gives account and Region, else both are unknown and prices commercial',
    );
  }
  if (files.tables.groups === undefined && subscribedGroups(billing.records).size > 0) {
    notes.push('no groups.csv: groups are those that the other files name');
  }
  notes.push(...contradictedArns(billing.records), ...hiddenRows(files));
  notes.push(...missingSeats(billing, files.tables.groupMembers !== undefined));
  notes.push(...doubtfulUsers(billing.records));
  const [unrecognized, ...others] = usage.unrecognizedFiles;
  if (unrecognized !== undefined) {
    const more = others.length === 0 ? '' : ` and ${countShown(others.length, 'other file')}`;
    notes.push(
      `${unrecognized}${more} skipped: next to activity reports, but not usage by the header`,
    );
  }
  if (options.dedupe) {
    notes.push(`${countShown(usage.duplicates, 'usage row')} left out for a repeated request_id`);
  }
  if (options.skipBadUsage !== undefined) {
    // How many there are is a warning.
    const isNone = usage.badRows === 0;
    notes.push(
      isNone ? '0 bad usage rows left out' : `the rows left out are in ${options.skipBadUsage}`,
    );
  }
  return notes;
}

function hiddenRows({ directory: { sheets = [] }, tables, usage }: Inputs['files']): string[] {
  const read = new Set([...Object.values(tables), ...usage]);
  return sheets
    .filter(({ source, hiddenRows: count }) => count > 0 && read.has(source))
    .map(({ source: { file }, hiddenRows: count }) => {
      return `${file}: ${countShown(count, 'hidden row')} ${count === 1 ? 'is' : 'are'} read, too`;
    });
}

/** Most names in a note that may have thousands. */
const MOST_NAMES = 3;

/** Profiles of another account or Region than their ids say, whose prices may be those of the wrong place. */
function contradictedArns({ profiles }: BillingRecords): string[] {
  const contradicted = [...profiles.values()].flatMap((profile) => {
    const { profileId, accountId, region } = profile;
    const arn = profileArn(profileId);
    if (profile.isInferred || arn === undefined) return [];
    if (arn.accountId === accountId && arn.region === region) return [];
    return `${profileTitle(profile)} (${accountId} and ${region}, its id ${arn.accountId} and ${arn.region})`;
  });
  if (contradicted.length === 0) return [];
  const named = firstNamed(contradicted, MOST_NAMES);
  return [
    `profiles.csv has another account or Region than the id of the profile: ${named}: correct one of the two`,
  ];
}

const PENDING =
  'subscribed, but without any activation in the activations file, so all their seats are pending';
const EMPTY = 'subscribed, but without any member, so they give no seat';

const AS_GROUPS = 'subscribed as users, but groups by their ids';
const UNNAMED = 'subscribed, but not in users.csv, so without a name and a cost center';

function named(what: string, names: readonly string[], most: number, rule: RuleId): string[] {
  return names.length === 0 ? [] : [`${what}: ${firstNamed(names, most)} (${rule})`];
}

/** What the tables name that makes no seat, or none that is charged: perhaps by a mistyped id (H1, H3). */
function missingSeats(billing: Billing, hasMembers: boolean): string[] {
  const pending = profilesWithoutActivation(billing.records);
  const unsubscribed = activationsWithoutSubscription(billing);
  const empty = hasMembers ? groupsWithoutMembers(billing.records) : [];
  return [
    ...named(PENDING, pending, pending.length, 'H3'),
    ...named('activated, but never subscribed in the profile', unsubscribed, MOST_NAMES, 'H3'),
    ...named(EMPTY, empty, MOST_NAMES, 'H1'),
  ];
}

/** Users of seats who may be groups, or others than users.csv knows: each mistyped id is a seat of its own (H1). */
function doubtfulUsers({ subscriptions, memberships, groups, users }: BillingRecords): string[] {
  const unknown = new Set<string>();
  const subscribed = new Set<string>();
  for (const { principalType, principalId } of subscriptions) {
    if (principalType === 'group') subscribed.add(principalId);
    else if (!users.has(principalId)) unknown.add(principalId);
  }
  const groupIds = new Set([...groups.keys(), ...memberships.map(({ groupId }) => groupId)]);
  const asGroups = [...unknown].filter((id) => groupIds.has(id)).sort(compareBytes);
  for (const id of asGroups) unknown.delete(id);
  for (const { groupId, userId } of memberships) {
    if (subscribed.has(groupId) && !users.has(userId)) unknown.add(userId);
  }
  return [
    ...named(AS_GROUPS, asGroups, MOST_NAMES, 'H1'),
    ...named(UNNAMED, users.size === 0 ? [] : withLikely(unknown, users), MOST_NAMES, 'H1'),
  ];
}

/** So many ids are compared with all users; of more, those who have one in another case or as a name are found. */
const MOST_COMPARED = 20;

/** The ids, first those that a user may be meant by, with that user. */
function withLikely(ids: ReadonlySet<string>, users: BillingRecords['users']): string[] {
  if (ids.size === 0) return [];
  const find = likelyFinder([...users.values()], ({ userId, name }) => [userId, name], {
    withNear: ids.size <= MOST_COMPARED,
  });
  const [likely, others]: [string[], string[]] = [[], []];
  for (const id of [...ids].sort(compareBytes)) {
    const meant = find(id)?.userId;
    if (meant === undefined) others.push(id);
    else likely.push(`${id} (is it ${meant}?)`);
  }
  return [...likely, ...others];
}

/** `USER in PROFILE` for each activation of a user who never has a subscription there. */
function activationsWithoutSubscription({ activations, seats, records }: Billing): string[] {
  return [...records.profiles.values()].flatMap((profile) => {
    const subscribed = seats.get(profile.profileId);
    const users = [...(activations?.get(profile.profileId)?.keys() ?? [])];
    return users
      .filter((userId) => subscribed?.has(userId) !== true)
      .sort(compareBytes)
      .map((userId) => `${userId} in ${profileTitle(profile)}`);
  });
}

/** Subscribed groups that never have a member. */
function groupsWithoutMembers(records: BillingRecords): string[] {
  const withMembers = new Set(records.memberships.map(({ groupId }) => groupId));
  return [...subscribedGroups(records)].filter((id) => !withMembers.has(id)).sort(compareBytes);
}

/** Profiles that have subscriptions, while the activations file does not name them at all (H3). */
function profilesWithoutActivation({
  activations,
  subscriptions,
  profiles,
}: BillingRecords): string[] {
  if (activations === undefined) return [];
  const activated = new Set(activations.map(({ profileId }) => profileId));
  const subscribed = new Set(subscriptions.map(({ profileId }) => profileId));
  return [...profiles.values()]
    .filter(({ profileId }) => subscribed.has(profileId) && !activated.has(profileId))
    .map(profileTitle)
    .sort();
}

/**
 * What a reader should know of the months billed: which are empty, which `shown` has nothing of, which
 * are not whole, and where activity reports show other tiers.
 */
export function monthNotes(
  billed: readonly MonthInvoice[],
  inputs: Inputs,
  shown: readonly MonthInvoice[] = billed,
): string[] {
  return [
    ...emptyMonthNotes(billed, inputs, shown),
    ...completenessNotes(billed, inputs),
    ...loneDayNotes(billed, inputs),
    ...tierNotes(shown, inputs),
  ];
}

/** The seats of each month of which activity reports show another tier: tables may lag behind (H4). */
export function tierNotes(invoices: readonly MonthInvoice[], { usage }: Inputs): string[] {
  const reported = usage.reports?.tiers;
  if (reported === undefined) return [];
  return invoices.flatMap((invoice) => {
    const seats = contradictedTiers(invoice, reported).map(
      ({ seat: { userId, profile }, held, reported: theirs }) =>
        `${userId} in ${profileTitle(profile)} (${theirs} there, ${held} here)`,
    );
    if (seats.length === 0) return [];
    const named = firstNamed(seats, MOST_NAMES);
    return `${invoice.period.month}: the activity reports show other tiers than the data directory, which counts: ${named} (H4)`;
  });
}

/**
 * The months with nothing in them, with those that the data hold, and the months in which the
 * filters leave nothing, although there is something; `shown` follows `billed`.
 */
export function emptyMonthNotes(
  billed: readonly MonthInvoice[],
  { billing: { records }, usage }: Inputs,
  shown: readonly MonthInvoice[],
): string[] {
  const empty = billed.filter((invoice) => !hasRows(invoice));
  const filtered = shown.filter(
    (invoice, index) => !hasRows(invoice) && hasRows(billed[index] as MonthInvoice),
  );
  const held = (): string => heldMonths(monthsOfData(records, usage), openMonth(records));
  return [
    ...(empty.length === 0 ? [] : [`no seats and no usage in ${monthsText(empty)}; ${held()}`]),
    ...(filtered.length === 0
      ? []
      : [`no seats and no usage of those asked for in ${monthsText(filtered)}`]),
  ];
}

function monthsText(invoices: readonly MonthInvoice[]): string {
  return invoices.map(({ period }) => period.month).join(', ');
}

/** What a note says of running months, and of usage whose days are not known. */
export function completenessNotes(
  invoices: readonly Pick<MonthInvoice, 'period'>[],
  { usage, billing }: Inputs,
): string[] {
  const clock = billing.completeness?.clock;
  const running = invoices.filter(
    ({ period }) => clock !== undefined && period.start <= clock && clock < period.end,
  );
  return [
    ...running.map(({ period }) => `${period.month} is still running: its figures can still rise`),
    ...(usage.coverage.byProfile === undefined
      ? ['usage summaries have no days, so whether usage is whole is not known']
      : []),
  ];
}

/** Single workdays of the months without any usage: each may be a file that is missing, or a day off. */
export function loneDayNotes(
  invoices: readonly MonthInvoice[],
  { billing: { seats, completeness } }: Inputs,
): string[] {
  if (completeness === undefined) return [];
  const days = invoices.flatMap(({ period, seats: counted }) =>
    loneWorkdays({ period, seats, counted }, completeness).map(dayText),
  );
  if (days.length === 0) return [];
  return [
    `no usage on ${countShown(days.length, 'workday')}: ${firstNamed(days, MOST_NAMES)}; give the missing files with --usage, or name days off as days_off in the settings`,
  ];
}

function hasRows({ seats }: MonthInvoice): boolean {
  return seats.some(isBilledOrUsed);
}

/** The first month from which on a subscription has not ended. */
function openMonth({ subscriptions }: BillingRecords): string | undefined {
  return subscriptions
    .filter(({ unsubscribedAt }) => unsubscribedAt === undefined)
    .map(({ subscribedAt }) => periodAt(subscribedAt).month)
    .sort()[0];
}

function heldMonths(months: readonly string[], openFrom: string | undefined): string {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return 'the data hold no month at all';
  if (openFrom !== undefined) {
    const before = months.filter((month) => month < openFrom);
    if (before.length > 12) return `the data hold months from ${first} on`;
    return `the data hold ${[...before, `months from ${openFrom} on`].join(', ')}`;
  }
  if (months.length > 12) return `the data hold months from ${first} to ${last}`;
  return `the data hold ${months.join(', ')}`;
}

/** What was billed. */
export function closingLine(invoices: readonly MonthInvoice[]): string {
  const currencies = new Set(invoices.map(({ edition }) => edition.currency));
  const isOneSum = invoices.length > 1 && currencies.size === 1;
  return `Billed ${isOneSum ? billedMonths(invoices) : invoices.map(billedMonth).join('; ')}.`;
}

function billedMonths(invoices: readonly MonthInvoice[]): string {
  const [first, last] = [invoices[0], invoices.at(-1)] as [MonthInvoice, MonthInvoice];
  const total = sumCents(invoices.map(totalOf));
  return `${countShown(invoices.length, 'month')} from ${first.period.month} to ${last.period.month}: ${moneyShown(total, first.edition.currency)}`;
}

/** `Read 9 files with 4,012 usage rows`, and which settings stood in for options. */
export function readSummary({ files, settingsUsed, usage }: Inputs): string {
  const fileCount = Object.values(files.tables).length + files.usage.length;
  const read = `Read ${countShown(fileCount, 'file')} with ${countShown(usage.rows, 'usage row')}`;
  if (settingsUsed.length === 0) return read;
  return `${read} (${settingsUsed.join(', ')} from ${files.directory.settings.file})`;
}

function billedMonth(invoice: MonthInvoice): string {
  const { period, edition, seats } = invoice;
  const held = seats.filter(({ terms }) => terms !== undefined);
  const profiles = new Set(held.map(({ profile }) => profile.profileId)).size;
  const pending = seats.filter((seat) => seat.pending).length;
  const pendingText = pending === 0 ? '' : ` (${pending} pending, not charged)`;
  return `${countShown(held.length, 'seat')} in ${countShown(profiles, 'profile')} for ${period.month}: ${moneyShown(totalOf(invoice), edition.currency)}${pendingText}`;
}
