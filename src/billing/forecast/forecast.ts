import { type BillingPeriod, periodsLater } from '../../domain/billing-period.ts';
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
import type { RateCard } from '../../domain/rate-card.ts';
import type { BillingRecords, StretchUsage } from '../../domain/records.ts';
import { activeSelections, heldTierSteps } from '../held-tier.ts';
import {
  type Billing,
  billingOf,
  billMonth,
  type SeatRules,
  seatInvoice,
  seatRules,
  type UsageIndex,
  usageIndex,
} from '../invoice.ts';
import { type DailyCredits, daysUntil, type Projection, projected } from './pace.ts';
import { recordsUpTo } from './records-up-to.ts';
import { inTime, usedToDate } from './used-to-date.ts';
import { workingDaysOf } from './working-days.ts';

/** The number of earlier months in a seat's history. */
const HISTORY_MONTHS = 3;

/** The earlier months that a forecast of `period` uses, the latest first. */
export function historyOf(period: BillingPeriod): BillingPeriod[] {
  return Array.from({ length: HISTORY_MONTHS }, (_, index) => periodsLater(period, -1 - index));
}

/** What a forecast is made from. */
export interface ForecastFacts {
  readonly records: BillingRecords;
  readonly card: RateCard;
  /**
   * Sums per seat and piece of a UTC day, for the month and its history. No piece begins before
   * `asOf` and ends after it.
   */
  readonly usage: Iterable<StretchUsage>;
  readonly period: BillingPeriod;
  /** The last instant to include; not before the period. */
  readonly asOf: Instant;
  /** What is known about the inputs and the completeness of usage, for the bill to date. */
  readonly known?: Pick<Billing, 'inputWarnings' | 'completeness'>;
}

export interface MonthForecast {
  /** The bill of the usage so far. */
  readonly toDate: MonthInvoice;
  /** Seats that hold a tier or have usage rows, in the order of the invoice. */
  readonly seats: readonly SeatForecast[];
}

/** Forecasts every seat: its credits by `projected`, its charges by the engine's bill for them. */
export function forecastMonth(facts: ForecastFacts): MonthForecast {
  const { card, period, asOf } = facts;
  const records = recordsUpTo(facts.records, asOf);
  const byDay = billingOf(records, card, usedUpTo(facts.usage, asOf));
  const used = usedToDate(byDay, period);
  const known = { ...byDay, usage: usageIndex(used), ...facts.known };
  const toDate = billMonth(known, period);
  const now = calendarOf(period, asOf, byDay.usage);
  const history = historyOf(period).map((earlier) => calendarOf(earlier, earlier.end, byDay.usage));
  const shown = toDate.seats.filter(isBilledOrUsed);
  const billAtEnd = billerAtEnd(known, toDate, asOf);
  const seats = shown.map((seat): SeatForecast => {
    const { projection, reachedOn } = outlookOf(seat, byDay, now, history);
    const middle = billAtEnd(seat, projection.forecast);
    return {
      seat,
      creditsToDate: seat.creditsUsed,
      creditsLow: projection.low,
      creditsForecast: projection.forecast,
      creditsHigh: projection.high,
      allowanceReachedOn: reachedOn,
      creditsUnbilled: middle.unbilledCredits,
      chargeLow: billAtEnd(seat, projection.low).totalCharge,
      chargeForecast: middle.totalCharge,
      chargeHigh: billAtEnd(seat, projection.high).totalCharge,
    };
  });
  return { toDate, seats };
}

/** The sums of forecasts; exact (M2). */
export function forecastTotals(seats: readonly SeatForecast[]): ForecastFigures {
  return {
    creditsToDate: sum(seats.map(({ creditsToDate }) => creditsToDate)),
    creditsLow: sum(seats.map(({ creditsLow }) => creditsLow)),
    creditsForecast: sum(seats.map(({ creditsForecast }) => creditsForecast)),
    creditsHigh: sum(seats.map(({ creditsHigh }) => creditsHigh)),
    chargeLow: sumCents(seats.map(({ chargeLow }) => chargeLow)),
    chargeForecast: sumCents(seats.map(({ chargeForecast }) => chargeForecast)),
    chargeHigh: sumCents(seats.map(({ chargeHigh }) => chargeHigh)),
  };
}

function* usedUpTo(usage: Iterable<StretchUsage>, asOf: Instant): Generator<StretchUsage> {
  for (const part of usage) if (part.from <= asOf) yield part;
}

/** The working days of one month, past and remaining, as midnights. */
interface Calendar {
  readonly period: BillingPeriod;
  readonly gone: readonly Instant[];
  readonly left: readonly Instant[];
}

/** If at least this many seats have usage in a month, a weekday without any usage is a holiday. */
const TELLING_SEATS = 10;

/** The day of `asOf` itself counts as past at its last instant, or if anybody has usage on it. */
function calendarOf(period: BillingPeriod, asOf: Instant, usage: UsageIndex): Calendar {
  const starts = new Set<Instant>();
  let seats = 0;
  for (const ofProfile of usage.get(period.month)?.values() ?? []) {
    seats += ofProfile.size;
    for (const ofSeat of ofProfile.values()) for (const { from } of ofSeat) starts.add(from);
  }
  const used = new Set([...starts].map(midnightOf));
  const midnight = midnightOf(asOf);
  const nextMidnight = midnight + NANOS_PER_DAY;
  const isGone = used.has(midnight) || asOf + 1n === nextMidnight;
  const goneUntil = isGone ? nextMidnight : midnight;
  const isWorked = (day: Instant): boolean => seats < TELLING_SEATS || used.has(day);
  const days = workingDaysOf(period);
  return {
    period,
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
  billing: Billing,
  now: Calendar,
  history: readonly Calendar[],
): Outlook {
  const usage = usageOf(billing, seat, now.period);
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
): StretchUsage[] {
  return inTime(usage.get(month)?.get(profile.profileId)?.get(userId) ?? []);
}

/**
 * The credits of each working day since the seat's start, which is its first instant or its first
 * usage. Usage on other days counts for the working day before, or for the first one if there is
 * none before.
 */
function dailyCredits(
  start: Instant | undefined,
  usage: readonly StretchUsage[],
  workingDays: readonly Instant[],
): DailyCredits {
  const starts = [start, usage[0]?.from].filter((at) => at !== undefined).map(midnightOf);
  const days = workingDays.filter((day) => starts.some((from) => from <= day));
  const daily = days.map(() => ZERO);
  for (const { from, credits } of usage) {
    const index = Math.max(
      0,
      days.findLastIndex((day) => day <= from),
    );
    if (index < daily.length) daily[index] = add(daily[index] as Decimal, credits);
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
  { period, gone }: Calendar,
): DailyCredits {
  const { profileId } = seat.profile;
  if (!billing.usage.get(period.month)?.has(profileId)) return [];
  const records = billing.seats.get(profileId)?.get(seat.userId);
  const selections = records === undefined ? [] : activeSelections(records, period);
  const [step] = heldTierSteps(selections, () => 0);
  return dailyCredits(step?.at, usageOf(billing, seat, period), gone);
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

/**
 * The engine's bill of a seat whose month ends with the given credits: those still missing are
 * used after `asOf`, with overage as it is then. `known`: what is known at `asOf`.
 */
function billerAtEnd(
  known: Billing,
  { edition, period }: MonthInvoice,
  asOf: Instant,
): (seat: SeatInvoice, creditsAtEnd: Decimal) => SeatInvoice {
  const { month, end } = period;
  const rules = new Map(
    [...known.overage].map(([profileId, history]) => [
      profileId,
      seatRules(history, edition, period),
    ]),
  );
  return (invoiced, creditsAtEnd) => {
    const { profile, userId, creditsUsed } = invoiced;
    const { profileId } = profile;
    const credits = subtract(creditsAtEnd, creditsUsed);
    if (!isPositive(credits)) return invoiced;
    const rest = { profileId, userId, month, from: asOf + 1n, to: end, credits, requests: 0 };
    const usage = known.usage.get(month)?.get(profileId)?.get(userId) ?? [];
    const seat = known.seats.get(profileId)?.get(userId) ?? { profile, userId, sources: [] };
    return seatInvoice(rules.get(profileId) as SeatRules, seat, [...usage, rest]);
  };
}
