import type { AwsAccount, AwsBill, AwsSeat } from '../aws/aws-bill.ts';
import { type BillingPeriod, billingPeriod } from '../domain/billing-period.ts';
import { compare, type Decimal, decimalText, isPositive } from '../domain/decimal.ts';
import { fraction, fractionOf, roundHalfAwayFromZero } from '../domain/fraction.ts';
import { type Instant, NANOS_PER_DAY, utcDate } from '../domain/instant.ts';
import type { Region } from '../domain/region.ts';
import { compareBytes } from '../domain/text-order.ts';
import { knownTiers, type Tier } from '../domain/tier.ts';
import type { Findings, FoundLife, FoundProfile, FoundSeat, FoundUser } from './findings.ts';
import { rankOf } from './tier-order.ts';

/** AWS's bills by month, `YYYY-MM`. */
export type AwsBills = ReadonlyMap<string, AwsBill>;

/** What AWS's bills show: who was charged which tier in which month, and where overage was charged. */
export function findingsOfCur(bills: AwsBills): Findings {
  const months = [...bills.keys()].sort();
  const places = placesOf(bills, months);
  const seats = places.flatMap((place) => seatsOf(place, months));
  return {
    profiles: places.map(profileOf),
    users: usersOf(seats),
    seats,
    ...allSeatsOf(months),
    unknown: unknownOfCur(bills, months),
  };
}

function allSeatsOf(months: readonly string[]): Pick<Findings, 'allSeatsOf'> {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return {};
  const name = `the CUR of ${spanText(months)}`;
  return { allSeatsOf: { name, from: billingPeriod(first).start, to: billingPeriod(last).end } };
}

function spanText(months: readonly string[]): string {
  return months.length === 1 ? (months[0] ?? '') : `${months[0]} to ${months.at(-1)}`;
}

/** One account in one Region, with its bill of each month. */
interface BilledPlace {
  readonly accountId: string;
  readonly region: Region;
  readonly months: Map<string, AwsAccount>;
}

function placesOf(bills: AwsBills, months: readonly string[]): BilledPlace[] {
  const places = new Map<string, BilledPlace>();
  for (const month of months) {
    for (const account of bills.get(month)?.accounts.values() ?? []) {
      const { accountId, region } = account;
      if (region === '' || accountId === '') continue;
      const key = `${accountId}/${region}`;
      const place = places.get(key) ?? { accountId, region, months: new Map() };
      places.set(key, place);
      place.months.set(month, account);
    }
  }
  return [...places].sort(([a], [b]) => compareBytes(a, b)).map(([, place]) => place);
}

function profileOf({ accountId, region, months }: BilledPlace): FoundProfile {
  const [[first, { code }]] = [...months] as [[string, AwsAccount]];
  return {
    accountId,
    region,
    profileId: `${accountId}/${region}`,
    since: billingPeriod(first).start,
    overage: [...months].filter(([, account]) => hasOverage(account)).map(overageOf),
    inferredFrom: `account and usage type (${code}) of the CUR of ${first}`,
  };
}

function hasOverage({ seats }: AwsAccount): boolean {
  return [...seats.values()].some(({ overage }) => isPositive(overage));
}

/** Overage that was charged was on; that none was charged tells nothing. */
function overageOf([month]: readonly [string, AwsAccount]) {
  const { start, end } = billingPeriod(month);
  return {
    from: start,
    to: end,
    on: true,
    inferredFrom: `Credits charged in the CUR of ${month}`,
  };
}

function usersOf(seats: readonly FoundSeat[]): FoundUser[] {
  const users = new Map<string, FoundUser>();
  for (const { userId, lives } of seats) {
    if (users.has(userId) || lives[0] === undefined) continue;
    const month = utcDate(lives[0].start).slice(0, 7);
    users.set(userId, { userId, email: '', inferredFrom: `resource id in the CUR of ${month}` });
  }
  return [...users.values()];
}

function seatsOf({ accountId, region, months: ofPlace }: BilledPlace, months: readonly string[]) {
  const userIds = new Set([...ofPlace.values()].flatMap(({ seats }) => [...seats.keys()]));
  return [...userIds].sort(compareBytes).flatMap((userId): FoundSeat[] => {
    const lives = livesOf(months, (month) => feeOf(ofPlace.get(month)?.seats.get(userId)));
    return lives.length === 0 ? [] : [{ accountId, region, userId, lives }];
  });
}

/** The highest tier that a seat is charged for in a month. */
interface MonthFee {
  readonly tier: Tier;
  /** The share of the month. */
  readonly share: Decimal;
}

const TIERS = knownTiers();

function feeOf(seat: AwsSeat | undefined): MonthFee | undefined {
  const fees = [...(seat?.fees ?? [])].flatMap(([key, { quantity, cost }]) => {
    const tier = TIERS.get(key);
    return tier === undefined || !isPositive(cost) ? [] : [{ tier, share: quantity }];
  });
  return fees.sort((a, b) => rankOf(b.tier) - rankOf(a.tier))[0];
}

/** Months with a fee one behind the other are one life; a month of the CUR without one ends it. */
function livesOf(
  months: readonly string[],
  feeOfMonth: (month: string) => MonthFee | undefined,
): FoundLife[] {
  const lives: FoundLife[] = [];
  let open: { period: BillingPeriod; fee: MonthFee }[] = [];
  for (const month of months) {
    const period = billingPeriod(month);
    const fee = feeOfMonth(month);
    if (fee !== undefined) open.push({ period, fee });
    else if (open.length > 0) {
      lives.push(lifeOf(open, period));
      open = [];
    }
  }
  if (open.length > 0) lives.push(lifeOf(open, undefined));
  return lives;
}

function lifeOf(
  months: readonly { period: BillingPeriod; fee: MonthFee }[],
  gone: BillingPeriod | undefined,
): FoundLife {
  const [first] = months;
  if (first === undefined) throw new Error('a life without a month');
  const start = startOf(first.period, first.fee.share);
  const tiers = months.map(({ period, fee }, index) => ({
    since: index === 0 ? start : period.start,
    from: index === 0 ? start : period.start,
    to: period.end,
    tier: fee.tier,
    inferredFrom: `fee of ${fee.tier} in the CUR of ${period.month}`,
  }));
  const { share } = first.fee;
  const part = decimalText(share, 0);
  const whole = `fee of ${first.fee.tier} in the CUR of ${first.period.month}`;
  const began = start === first.period.start ? whole : `${whole}: ${part} of the month`;
  const ended = gone === undefined ? '' : `; no fee in that of ${gone.month}`;
  return {
    start,
    ...(gone === undefined ? {} : { end: gone.start }),
    tiers,
    inferredFrom: `${began}${ended}`,
  };
}

const WHOLE: Decimal = { units: 1n, scale: 0 };

/** A share below 1 gives the start day: the days from it to the month's end, both included. Rule S2. */
function startOf({ start, days }: BillingPeriod, share: Decimal): Instant {
  if (compare(share, WHOLE) >= 0) return start;
  const { numerator, denominator } = fractionOf(share);
  const charged = Number(roundHalfAwayFromZero(fraction(numerator * BigInt(days), denominator), 0));
  const daysBefore = Math.min(days - 1, Math.max(0, days - charged));
  return start + BigInt(daysBefore) * NANOS_PER_DAY;
}

function unknownOfCur(bills: AwsBills, months: readonly string[]): string[] {
  const [first] = months;
  return [
    `The CUR is of ${spanText(months)}: what was before and after is not in it.`,
    `When seats began: a seat that is charged for the whole of ${first} starts on the first of it, and is perhaps older.`,
    'When tiers changed: a new tier starts on the first of the month in which AWS charges it.',
    'When within a month seats ended: they are paid to its end, so they end on the first of the month without a fee.',
    'Pending seats, that is, who is subscribed and not charged.',
    'Overage switches and caps: overage counts as on from the first month in which AWS charges any; caps are not in a CUR.',
    'Names, e-mails, groups and cost centers: every seat is written as a subscription of the user.',
    ...unknownCodes(bills),
  ];
}

function unknownCodes(bills: AwsBills): string[] {
  const codes = new Set<string>();
  for (const bill of bills.values()) {
    for (const { code, region } of bill.accounts.values()) {
      if (region === '') codes.add(code || '(blank)');
    }
  }
  if (codes.size === 0) return [];
  return [
    `Region codes that kiro-bill does not know, whose seats were left out: ${[...codes].sort().join(', ')}.`,
  ];
}
