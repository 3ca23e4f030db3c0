import { type BillingPeriod, periodsLater, periodsUpTo } from '../../domain/billing-period.ts';
import {
  add,
  compare,
  type Decimal,
  isPositive,
  subtract,
  sum,
  ZERO,
} from '../../domain/decimal.ts';
import type { ForecastFigures, SeatForecast } from '../../domain/forecast.ts';
import { type Instant, midnightOf, NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import { partsOf, type SeatUsage, type StretchUsage } from '../../domain/records.ts';
import { workingDaysOf } from '../../domain/usage-days.ts';
import { activeSelections, heldTierSteps } from '../held-tier.ts';
import { type Billing, billingOf, billMonth } from '../invoice.ts';
import { type CreditRules, capOfMonth, creditBill, inTime } from '../overage.ts';
import { type DailyCredits, daysUntil, type Projection, projected } from './pace.ts';
import { recordsUpTo, usageDaysUpTo } from './records-up-to.ts';
import { SeatOutlook } from './seat-outlook.ts';

/** The number of earlier months in a seat's history. */
const HISTORY_MONTHS = 3;

/** The earlier months that a forecast of `period` uses, the latest first. */
export function historyOf(period: BillingPeriod): BillingPeriod[] {
  return periodsUpTo(periodsLater(period, -1), HISTORY_MONTHS).reverse();
}

/** What a forecast is made from. */
interface ForecastFacts {
  /** All that is known by now, with the inputs' warnings for the bill to date. */
  readonly billing: Billing;
  /** Its usage, for the month and its history. */
  readonly usage: {
    /** The instants at which parts of it begin: it is in parts of a UTC day, and one ends with `asOf`. */
    readonly starts: readonly Instant[];
    /** All of it before an instant at which parts begin or end. */
    readonly upTo: (end: Instant) => SeatUsage;
  };
  readonly period: BillingPeriod;
  /** The last instant to include; not before the period. */
  readonly asOf: Instant;
}

export interface MonthForecast {
  /** The bill of the usage so far. */
  readonly toDate: MonthInvoice;
  /** Seats that hold a tier or have usage rows, in the order of the invoice. */
  readonly seats: readonly SeatForecast[];
}

/** Forecasts every seat: its credits by `projected`, its charges by the engine's bill for them. */
export function forecastMonth(facts: ForecastFacts): MonthForecast {
  const { period, asOf } = facts;
  const starts = facts.usage.starts.filter((at) => at <= asOf);
  const known = billingUpTo(facts, starts);
  const toDate = billMonth(known, period);
  const usedDays = new Set(starts.map(midnightOf));
  const now = calendarOf(period, asOf, usedDays, known);
  const history = historyOf(period).map((one) => calendarOf(one, one.end, usedDays, known));
  const shown = toDate.seats.filter(isBilledOrUsed);
  const billAtEnd = billerAtEnd(known, toDate, asOf);
  const seats = shown.map((seat): SeatForecast => {
    const usage = usageOf(known, seat, period);
    const { projection, reachedOn } = outlookOf(seat, usage, known, now, history);
    const billWith = billAtEnd(seat, usage);
    const middle = billWith(projection.forecast);
    return new SeatOutlook({
      seat,
      creditsLow: projection.low,
      creditsForecast: projection.forecast,
      creditsHigh: projection.high,
      allowanceReachedOn: reachedOn,
      creditsUnbilled: middle.unbilledCredits,
      chargeLow: billWith(projection.low).totalCharge,
      chargeForecast: middle.totalCharge,
      chargeHigh: billWith(projection.high).totalCharge,
    });
  });
  return { toDate, seats };
}

/** The sums of forecasts; exact (M2). */
export function forecastTotals(seats: readonly SeatForecast[]): ForecastFigures {
  // One after another: millions of amounts at once would take more memory than all seats.
  function* each<Amount>(amountOf: (seat: SeatForecast) => Amount): Generator<Amount> {
    for (const seat of seats) yield amountOf(seat);
  }
  return {
    creditsToDate: sum(each(({ creditsToDate }) => creditsToDate)),
    creditsLow: sum(each(({ creditsLow }) => creditsLow)),
    creditsForecast: sum(each(({ creditsForecast }) => creditsForecast)),
    creditsHigh: sum(each(({ creditsHigh }) => creditsHigh)),
    chargeLow: sumCents(each(({ chargeLow }) => chargeLow)),
    chargeForecast: sumCents(each(({ chargeForecast }) => chargeForecast)),
    chargeHigh: sumCents(each(({ chargeHigh }) => chargeHigh)),
  };
}

/** The billing as of `asOf`; `starts`: where parts of usage up to there begin. */
function billingUpTo(
  { billing: { completeness, ...billing }, usage, asOf }: ForecastFacts,
  starts: readonly Instant[],
): Billing {
  const records = recordsUpTo(billing.records, asOf);
  const isAllUsage = starts.length === usage.starts.length;
  const used = isAllUsage ? billing.usage : usage.upTo(asOf + 1n);
  const { inputWarnings } = billing;
  const known = { ...billingOf(records, billing.card, used), inputWarnings };
  if (completeness === undefined) return known;
  const usageDays = usageDaysUpTo(completeness.usageDays, starts, asOf);
  return { ...known, completeness: { ...completeness, usageDays } };
}

/** The working days of one month, past and remaining, as midnights. */
interface Calendar {
  readonly period: BillingPeriod;
  /** The profiles with usage in the month. */
  readonly profileIds: ReadonlySet<string>;
  readonly gone: readonly Instant[];
  readonly left: readonly Instant[];
}

/** If at least this many seats have usage in a month, a weekday without any usage is a holiday. */
const TELLING_SEATS = 10;

/** The day of `asOf` itself counts as past at its last instant, or if anybody has usage on it. */
function calendarOf(
  period: BillingPeriod,
  asOf: Instant,
  used: ReadonlySet<Instant>,
  { usage }: Billing,
): Calendar {
  const midnight = midnightOf(asOf);
  const nextMidnight = midnight + NANOS_PER_DAY;
  const isGone = used.has(midnight) || asOf + 1n === nextMidnight;
  const goneUntil = isGone ? nextMidnight : midnight;
  const profileIds = new Set(usage.profileIds(period.month));
  const users = [...profileIds].map((profileId) => usage.userCount(period.month, profileId));
  const isTelling = users.reduce((all, count) => all + count, 0) >= TELLING_SEATS;
  const isWorked = (day: Instant): boolean => !isTelling || used.has(day);
  const days = workingDaysOf(period);
  return {
    period,
    profileIds,
    gone: days.filter((day) => day < goneUntil && isWorked(day)),
    left: days.filter((day) => day >= goneUntil),
  };
}

interface Outlook {
  readonly projection: Projection;
  readonly reachedOn: string | undefined;
}

function outlookOf(
  seat: SeatInvoice,
  stretches: readonly StretchUsage[],
  billing: Billing,
  now: Calendar,
  history: readonly Calendar[],
): Outlook {
  const usage = partsInTime(stretches);
  const projection = projected({
    creditsToDate: seat.creditsUsed,
    gone: dailyCredits(seat.steps[0]?.at, usage, now.gone),
    daysLeft: now.left.length,
    history: history
      .map((earlier) => earlierCredits(seat, billing, earlier))
      .filter(({ length }) => length > 0),
  });
  return { projection, reachedOn: reachedOn(seat, usage, projection, now.left) };
}

function usageOf(
  { usage }: Billing,
  { profile, userId }: SeatInvoice,
  { month }: BillingPeriod,
): readonly StretchUsage[] {
  return usage.ofSeat(month, profile.profileId, userId);
}

function partsInTime(stretches: readonly StretchUsage[]): readonly StretchUsage[] {
  return inTime(stretches.flatMap((stretch) => [...partsOf(stretch)]));
}

/**
 * The credits of each working day since the seat's start, which is its first instant or its first
 * usage. Usage on other days counts for the working day before, or for the first one if there is
 * none before. Both usage and working days are in time order.
 */
function dailyCredits(
  start: Instant | undefined,
  usage: readonly StretchUsage[],
  workingDays: readonly Instant[],
): DailyCredits {
  const starts = [start, usage[0]?.from].filter((at) => at !== undefined).map(midnightOf);
  const days = workingDays.filter((day) => starts.some((from) => from <= day));
  const daily = days.map(() => ZERO);
  if (daily.length === 0) return daily;
  let index = 0;
  for (const { from, credits } of usage) {
    while (index + 1 < days.length && (days[index + 1] as Instant) <= from) index += 1;
    daily[index] = add(daily[index] as Decimal, credits);
  }
  return daily;
}

/**
 * The days of an earlier month; empty if the seat did not exist then. A month without any usage of
 * the profile is one that the data do not cover.
 */
function earlierCredits(
  seat: SeatInvoice,
  billing: Billing,
  { period, profileIds, gone }: Calendar,
): DailyCredits {
  const { profileId } = seat.profile;
  if (!profileIds.has(profileId)) return [];
  const records = billing.seats.get(profileId)?.get(seat.userId);
  const selections = records === undefined ? [] : activeSelections(records, period);
  const [step] = heldTierSteps(selections, () => 0);
  return dailyCredits(step?.at, partsInTime(usageOf(billing, seat, period)), gone);
}

/** When the allowance was used up, or will be by the middle forecast. */
function reachedOn(
  { allowanceCredits, creditsUsed, terms }: SeatInvoice,
  usage: readonly StretchUsage[],
  { forecast, perDay }: Projection,
  left: readonly Instant[],
): string | undefined {
  if (terms === undefined || compare(forecast, allowanceCredits) < 0) return undefined;
  if (compare(creditsUsed, allowanceCredits) >= 0) return dayOfPassing(allowanceCredits, usage);
  const days = daysUntil(allowanceCredits, creditsUsed, perDay);
  // The middle forecast is rounded, so it may reach the allowance slightly early.
  return utcDate(left[Math.min(days, left.length) - 1] as Instant);
}

/** The day on which usage reaches the allowance; `undefined` if it never does, or without any usage. */
function dayOfPassing(
  allowanceCredits: Decimal,
  usage: readonly StretchUsage[],
): string | undefined {
  let used = ZERO;
  for (const { from, credits } of usage) {
    used = add(used, credits);
    if (isPositive(used) && compare(used, allowanceCredits) >= 0) return utcDate(from);
  }
  return undefined;
}

/** What of a seat's bill depends on its credits at the end of the month. */
type BillAtEnd = Pick<SeatInvoice, 'unbilledCredits' | 'totalCharge'>;

/**
 * The engine's bill of a seat whose month ends with the given credits: those still missing are
 * used after `asOf`, with overage as it is then. `known`: what is known at `asOf`; `usage`: of the seat.
 */
function billerAtEnd(
  known: Billing,
  { period }: MonthInvoice,
  asOf: Instant,
): (seat: SeatInvoice, usage: readonly StretchUsage[]) => (creditsAtEnd: Decimal) => BillAtEnd {
  const { month, end } = period;
  const rules = new Map(
    [...known.overage].map(([profileId, history]): [string, CreditRules] => [
      profileId,
      { period, history, capCredits: capOfMonth(history, period) },
    ]),
  );
  return (seat, usage) => {
    const { profile, userId, creditsUsed, terms, subscriptionCharge } = seat;
    const { profileId } = profile;
    return (creditsAtEnd) => {
      const credits = subtract(creditsAtEnd, creditsUsed);
      if (!isPositive(credits)) return seat;
      const rest = { profileId, userId, month, from: asOf + 1n, to: end, credits, requests: 0 };
      const bill = creditBill([...usage, rest], terms, rules.get(profileId) as CreditRules);
      const { unbilledCredits, overageCharge } = bill;
      return { unbilledCredits, totalCharge: subscriptionCharge + overageCharge };
    };
  };
}
