import { billingPeriod, periodsLater, spanText } from '../domain/billing-period.ts';
import { firstNamed } from '../domain/counts.ts';
import { add, compare, type Decimal, sum, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { profileTitle } from '../domain/ids.ts';
import type { BillingRecords } from '../domain/records.ts';
import { type Warning, warningText } from '../domain/warning.ts';
import { countShown, creditsShown, grouped } from './amounts.ts';
import { namer } from './labels.ts';
import { shortened } from './width.ts';

/** What people call the users and profiles that warnings are about; a short id where there is no name. */
export interface WarningNames {
  readonly user: (userId: string) => string;
  readonly profile: (profileId: string) => string;
}

/** Where nothing is known but the ids. */
export const IDS_ONLY: WarningNames = { user: (id) => id, profile: (id) => id };

/** The names in the data directory; of two that are the same, each with its id. */
export function namesIn({
  users,
  profiles,
}: Pick<BillingRecords, 'users' | 'profiles'>): WarningNames {
  return {
    user: namer(users, ({ name }) => shortened(name.trim(), SHOWN_NAME)),
    profile: namer(profiles, (profile) => shortened(profileTitle(profile), SHOWN_NAME)),
  };
}

/** Columns of a name that a warning repeats. */
const SHOWN_NAME = 200;

/**
 * The warnings for people: one line for each kind, profile and reason, over all months. Where
 * credits add up, it has their sum and the three users with the most; names come first.
 */
export function warningLines(warnings: readonly Warning[], names: WarningNames): string[] {
  return [...groupBy(warnings, groupKey).values()].flatMap((group) => {
    const [{ rule, credits }] = group;
    const lines = credits === undefined ? messageLines(group, names) : [creditsLine(group, names)];
    return lines.map((line) => (rule === undefined ? line : `${line} (${rule})`));
  });
}

type Group = readonly [Warning, ...Warning[]];

function groupKey({ code, profileId = '', credits, reason = '' }: Warning): string {
  return JSON.stringify([code, profileId, credits === undefined ? '' : reason]);
}

const NAMED_USERS = 3;

/** `Acme, 2026-01: 340.20 credits of 5 seats ... (overage is off): Ann 200.00, Bob 100.10, Cy 20.00, 2 more`. */
function creditsLine(group: Group, names: WarningNames): string {
  const [first] = group;
  const { users, total, most } = summedCredits(group);
  const reason = first.reason === undefined ? '' : ` (${first.reason})`;
  const what = (seats: string): string =>
    `${creditsShown(total)} credits${seats} ${CREDITS_ARE[first.code] ?? 'are to be looked at'}${reason}`;
  const named = most.map(({ userId, hint }) => {
    const name = names.user(userId);
    return hint === undefined ? name : `${name} (${hint})`;
  });
  if (users === 1) return `${placeText(group, names, named[0])}: ${what('')}`;
  const shown = most.map(({ credits }, index) => `${named[index]} ${creditsShown(credits)}`);
  const more = users > NAMED_USERS ? [`${grouped(users - NAMED_USERS)} more`] : [];
  const seats = ` of ${countShown(users, 'seat')}`;
  return `${placeText(group, names)}: ${what(seats)}: ${[...shown, ...more].join(', ')}`;
}

const CREDITS_ARE: Readonly<Partial<Record<Warning['code'], string>>> = {
  'unbilled-credits': 'beyond the allowance are unbilled',
  'usage-without-seat': 'used with no held tier are not charged',
};

interface UserCredits {
  readonly userId: string;
  readonly credits: Decimal;
  readonly hint: string | undefined;
}

/** The credits of all users in all months, and the users with the most. */
function summedCredits(group: Group): { users: number; total: Decimal; most: UserCredits[] } {
  let users = 0;
  let total = ZERO;
  let most: UserCredits[] = [];
  for (const user of creditsByUser(group)) {
    users += 1;
    total = add(total, user.credits);
    const least = most[NAMED_USERS - 1];
    if (least !== undefined && compare(user.credits, least.credits) <= 0) continue;
    most = [...most, user].sort((a, b) => compare(b.credits, a.credits)).slice(0, NAMED_USERS);
  }
  return { users, total, most };
}

/** The credits of each user in all months. */
function* creditsByUser(group: Group): Generator<UserCredits> {
  const [{ month }] = group;
  if (group.every((warning) => warning.month === month)) {
    // Of one month each user has one warning: millions need not be grouped.
    for (const { userId = '', credits = ZERO, hint } of group) yield { userId, credits, hint };
    return;
  }
  for (const [userId, ofUser] of groupBy(group, ({ userId: id = '' }) => id)) {
    const credits = sum(ofUser.map((warning) => warning.credits ?? ZERO));
    yield { userId, credits, hint: ofUser[0].hint };
  }
}

const SHOWN_MESSAGES = 3;

/**
 * Warnings by their text, one line each; equal ones of several months share a line. Of many seats of
 * a profile, or groups, the first ones.
 */
function messageLines(group: Group, names: WarningNames): string[] {
  const alike = groupBy(group, (one) => JSON.stringify([one.userId ?? '', warningText(one)]));
  const lines = [...alike.values()].map((same) => {
    const [{ userId }] = same;
    const message = warningText(same[0]);
    const user = userId === undefined ? undefined : names.user(userId);
    const place = placeText(same, names, user);
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = lines.length - SHOWN_MESSAGES;
  if (more <= 1 || !group.some(isOfMany)) return lines;
  const shown = lines.slice(0, SHOWN_MESSAGES);
  return [...shown.slice(0, -1), `${shown.at(-1)}; and ${grouped(more)} more of this kind`];
}

function isOfMany({ code, profileId, userId }: Warning): boolean {
  return code === 'group-without-members' || profileId !== undefined || userId !== undefined;
}

/** `Ann, Acme, 2026-01`: whom and when the warnings are about, names first. */
function placeText(group: Group, names: WarningNames, user?: string): string {
  const [{ profileId }] = group;
  const profile = profileId === undefined ? undefined : names.profile(profileId);
  const months = new Set<string>();
  for (const { month } of group) if (month !== undefined) months.add(month);
  return [user, profile, monthsText([...months].sort())]
    .filter((one) => one !== undefined)
    .join(', ');
}

function monthsText(months: readonly string[]): string | undefined {
  const [first] = months;
  if (months.length < 2) return first;
  if (months.length === 2) return months.join(' and ');
  const runs = runsOf(months);
  return runs.length === 1
    ? `${months.length} months from ${first} to ${months.at(-1)}`
    : `${months.length} months (${firstNamed(runs.map(spanText), SHOWN_RUNS)})`;
}

const SHOWN_RUNS = 3;

/** Ascending months, in runs without a month between. */
function runsOf(months: readonly string[]): string[][] {
  const runs: string[][] = [];
  let next: string | undefined;
  for (const month of months) {
    if (month === next) runs.at(-1)?.push(month);
    else runs.push([month]);
    next = periodsLater(billingPeriod(month), 1).month;
  }
  return runs;
}
