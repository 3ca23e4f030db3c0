/** The seats of a month and the CSV of each view, as the page on data formats prescribes it. */
import {
  type ChargeLine,
  overageCredits,
  overageLines,
  subscriptionLines,
  unbilledCredits,
  usageOf,
} from './charges.ts';
import { type DataDirectory, type Facts, factsOf, type Profile, type Seat } from './facts.ts';
import { billedGroup, selectsLackedTier, tierSteps } from './held-tier.ts';
import { BUILT_IN_RATE_CARD, editionFor, type RateCard, termsFor } from './rate-card.ts';
import { exactText, fixedText, plus, type Rational, sumOf, ZERO } from './rational.ts';
import { byBytes } from './spelling.ts';
import { type Month, monthsNamed } from './time.ts';

export const VIEWS = [
  'user',
  'profile',
  'line',
  'account',
  'region',
  'tier',
  'cost_center',
  'group',
] as const;

export type View = (typeof VIEWS)[number];

/** One seat with its lines and credits in one month. */
export interface SeatMonth {
  readonly month: Month;
  readonly currency: string;
  readonly profile: Profile;
  readonly userId: string;
  readonly userName: string;
  readonly costCenter: string;
  readonly groupId: string;
  /** Empty without a seat. */
  readonly tier: string;
  readonly lines: readonly ChargeLine[];
  readonly creditsUsed: Rational;
  readonly creditsIncluded: Rational;
  readonly overageCredits: Rational;
  readonly unbilledCredits: Rational;
}

function seatsMet(facts: Facts): Seat[] {
  const userIds = [
    ...facts.subscriptions.filter(({ type }) => type === 'user').map(({ id }) => id),
    ...facts.memberships.map(({ userId }) => userId),
    ...facts.usage.map(({ userId }) => userId),
  ];
  return facts.profiles.flatMap(({ profileId }) =>
    [...new Set(userIds)].map((userId) => ({ profileId, userId })),
  );
}

/** The seat's part of the invoice, none without a held tier and without usage rows. */
function seatMonth(facts: Facts, card: RateCard, seat: Seat, month: Month): SeatMonth[] {
  const profile = facts.profiles.find(({ profileId }) => profileId === seat.profileId);
  if (profile === undefined) throw new Error(`no profile ${seat.profileId}`);
  const edition = editionFor(card, month);
  const steps = tierSteps(facts, seat, termsFor(card, month, profile), month);
  const billed = steps.at(-1)?.terms ?? null;
  const usage = usageOf(facts, seat, month);
  if (billed === null && usage.length === 0) return [];

  const user = facts.users.find(({ userId }) => userId === seat.userId);
  const creditsUsed = sumOf(usage.map(({ credits }) => credits));
  const allowance = billed?.credits ?? ZERO;
  // Without a seat all is unbilled (O6); otherwise the whole month is re-rated (O1).
  const overage = billed === null ? ZERO : overageCredits(facts, profile, usage, allowance, month);
  const lines = [
    ...subscriptionLines(edition, steps, month),
    ...(billed === null ? [] : overageLines(billed, overage, month)),
  ];
  return [
    {
      month,
      currency: edition.currency,
      profile,
      userId: seat.userId,
      userName: user?.name ?? '',
      costCenter: user?.costCenter ?? '',
      groupId: billedGroup(facts, seat, billed, month),
      tier: billed?.name ?? '',
      lines,
      creditsUsed,
      creditsIncluded: allowance,
      overageCredits: overage,
      unbilledCredits: unbilledCredits(creditsUsed, allowance, overage),
    },
  ];
}

/** All seats of a month that make a row, by profile and user. */
export function seatMonths(
  directory: DataDirectory,
  month: Month,
  card: RateCard = BUILT_IN_RATE_CARD,
): SeatMonth[] {
  return seatMonthsOf(factsOf(directory), month, card);
}

/** The same of facts, of which some may not be known yet. */
export function seatMonthsOf(facts: Facts, month: Month, card: RateCard): SeatMonth[] {
  return seatsMet(facts)
    .flatMap((seat) => seatMonth(facts, card, seat, month))
    .sort(
      (a, b) => byBytes(a.profile.profileId, b.profile.profileId) || byBytes(a.userId, b.userId),
    );
}

/** The months of a range that an edition without a selected tier keeps from being billed. */
export function monthsWithLackedTier(
  directory: DataDirectory,
  range: string,
  card: RateCard = BUILT_IN_RATE_CARD,
): string[] {
  const facts = factsOf(directory);
  const isUnbillable = (month: Month, seat: Seat) =>
    facts.profiles
      .filter(({ profileId }) => profileId === seat.profileId)
      .some((profile) => selectsLackedTier(facts, seat, termsFor(card, month, profile), month));
  return monthsNamed(range)
    .filter((month) => seatsMet(facts).some((seat) => isUnbillable(month, seat)))
    .map(({ name }) => name);
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A text, made harmless for a spreadsheet. */
export function textField(value: string): string {
  return quoted(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}

export function moneyField(amount: Rational): string {
  return fixedText(amount, 2);
}

export function amountOf(seats: readonly SeatMonth[], isOverage: boolean): Rational {
  const lines = seats.flatMap((seat) => seat.lines);
  return sumOf(
    lines
      .filter(({ lineType }) => (lineType === 'overage') === isOverage)
      .map(({ amount }) => amount),
  );
}

function creditsOf(seats: readonly SeatMonth[], pick: (seat: SeatMonth) => Rational): string {
  return exactText(sumOf(seats.map(pick)));
}

/** The money columns that end a row: the overage charge and the total. */
function closingMoney(seats: readonly SeatMonth[]): string[] {
  const subscription = amountOf(seats, false);
  const overage = amountOf(seats, true);
  return [moneyField(overage), moneyField(plus(subscription, overage))];
}

const USER_HEADER =
  'month,profile_id,account_id,region,user_id,user_name,tier,subscription_charge,credits_used,credits_included,overage_credits,unbilled_credits,overage_charge,total_charge,currency';
const PROFILE_KEYS = 'month,profile_id,account_id,region,profile_name';
const ROLL_UP_COLUMNS =
  'seats,subscription_charge,credits_used,overage_credits,unbilled_credits,overage_charge,total_charge,currency';
const LINE_HEADER =
  'month,profile_id,user_id,date,line_type,tier,quantity,unit_price,amount,currency,rule';

function userRow(seat: SeatMonth): string {
  return [
    seat.month.name,
    textField(seat.profile.profileId),
    textField(seat.profile.accountId),
    textField(seat.profile.region),
    textField(seat.userId),
    textField(seat.userName),
    textField(seat.tier),
    moneyField(amountOf([seat], false)),
    exactText(seat.creditsUsed),
    exactText(seat.creditsIncluded),
    exactText(seat.overageCredits),
    exactText(seat.unbilledCredits),
    ...closingMoney([seat]),
    seat.currency,
  ].join(',');
}

function rollUpRow(keys: readonly string[], seats: readonly SeatMonth[]): string {
  return [
    ...keys.map(textField),
    String(seats.filter(({ tier }) => tier !== '').length),
    moneyField(amountOf(seats, false)),
    creditsOf(seats, (seat) => seat.creditsUsed),
    creditsOf(seats, (seat) => seat.overageCredits),
    creditsOf(seats, (seat) => seat.unbilledCredits),
    ...closingMoney(seats),
    seats[0]?.currency ?? '',
  ].join(',');
}

function rollUp(seats: readonly SeatMonth[], keyOf: (seat: SeatMonth) => string): string[] {
  const keys = [...new Set(seats.map(keyOf))].sort(byBytes);
  return keys.map((key) => {
    const under = seats.filter((seat) => keyOf(seat) === key);
    return rollUpRow([under[0]?.month.name ?? '', key], under);
  });
}

function profileRows(seats: readonly SeatMonth[]): string[] {
  const profiles = [...new Set(seats.map((seat) => seat.profile))];
  return profiles.map((profile) => {
    const under = seats.filter((seat) => seat.profile === profile);
    const month = under[0]?.month.name ?? '';
    const keys = [month, profile.profileId, profile.accountId, profile.region, profile.name];
    return rollUpRow(keys, under);
  });
}

/** The lines of a seat by date, and within one date as they were charged. */
function lineRows(seat: SeatMonth): string[] {
  const dates = [...new Set(seat.lines.map(({ date }) => date))].sort(byBytes);
  const lines = dates.flatMap((date) => seat.lines.filter((line) => line.date === date));
  return lines.map((line) =>
    [
      seat.month.name,
      textField(seat.profile.profileId),
      textField(seat.userId),
      line.date,
      line.lineType,
      textField(line.tier),
      line.quantity,
      exactText(line.unitPrice),
      moneyField(line.amount),
      seat.currency,
      line.rule,
    ].join(','),
  );
}

const ROLL_UP_KEYS = {
  account: { column: 'account_id', keyOf: (seat: SeatMonth) => seat.profile.accountId },
  region: { column: 'region', keyOf: (seat: SeatMonth) => seat.profile.region },
  tier: { column: 'tier', keyOf: (seat: SeatMonth) => seat.tier },
  cost_center: { column: 'cost_center', keyOf: (seat: SeatMonth) => seat.costCenter },
  group: { column: 'group_id', keyOf: (seat: SeatMonth) => seat.groupId },
};

function headerOf(view: View): string {
  if (view === 'user') return USER_HEADER;
  if (view === 'line') return LINE_HEADER;
  if (view === 'profile') return `${PROFILE_KEYS},${ROLL_UP_COLUMNS}`;
  return `month,${ROLL_UP_KEYS[view].column},${ROLL_UP_COLUMNS}`;
}

function rowsOf(view: View, seats: readonly SeatMonth[]): string[] {
  if (view === 'user') return seats.map(userRow);
  if (view === 'line') return seats.flatMap(lineRows);
  if (view === 'profile') return profileRows(seats);
  return rollUp(seats, ROLL_UP_KEYS[view].keyOf);
}

/** What `invoice --by VIEW --format csv` must print for a month or a range of months. */
export function invoiceCsv(
  directory: DataDirectory,
  view: View,
  range: string,
  card: RateCard = BUILT_IN_RATE_CARD,
): string {
  const rows = monthsNamed(range).flatMap((month) =>
    rowsOf(view, seatMonths(directory, month, card)),
  );
  return [headerOf(view), ...rows].map((row) => `${row}\n`).join('');
}
