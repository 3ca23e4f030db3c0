import type { BillingPeriod } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import { compareInstants } from '../domain/instant.ts';
import {
  isBilledOrUsed,
  type MonthInvoice,
  type SeatInvoice,
  type Source,
} from '../domain/invoice.ts';
import type { Problem } from '../domain/problem.ts';
import type { RateCard } from '../domain/rate-card.ts';
import type { BillingRecords, SeatUsage } from '../domain/records.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { Warning } from '../domain/warning.ts';
import { BilledSeat } from './billed-seat.ts';
import { type CompletenessFacts, completenessWarnings, monthCoverage } from './completeness.ts';
import { livesWithin } from './held-tier.ts';
import { capOfMonth, type OverageHistory } from './overage.ts';
import type { ProfileMonth } from './profile-month.ts';
import { editionInForce, termsFor, unusedOverrides } from './rates.ts';
import { type Activations, firstActivations, type Seats, seatsOf } from './seats.ts';
import { refuseUnpriced, unpriced } from './unpriced.ts';
import { UsersWithoutSeat, UserWithoutSeat } from './user-without-seat.ts';
import { warningsOf } from './warnings.ts';

/** Everything needed to bill a month, prepared once for any number of months. */
export interface Billing {
  readonly records: BillingRecords;
  readonly card: RateCard;
  readonly seats: Seats;
  /** Missing without an activations file (H3). */
  readonly activations: Activations | undefined;
  /** By profile id. */
  readonly overage: ReadonlyMap<string, OverageHistory>;
  readonly usage: SeatUsage;
  /** Warnings found while reading the inputs, for a reader of a month's invoice. */
  readonly inputWarnings: readonly Warning[];
  /** How to check that usage is complete; missing if not requested. */
  readonly completeness?: CompletenessFacts;
}

/** Prepares what months are billed from, once; the usage may be of any months. */
export function billingOf(records: BillingRecords, card: RateCard, usage: SeatUsage): Billing {
  const activations = firstActivations(records);
  return {
    records,
    card,
    seats: seatsOf(records, activations),
    activations,
    overage: overageHistories(records),
    usage,
    inputWarnings: [],
  };
}

function overageHistories(records: BillingRecords): Map<string, OverageHistory> {
  const changes = groupBy(records.overageChanges, ({ profileId }) => profileId);
  const histories = new Map<string, OverageHistory>();
  for (const profile of records.profiles.values()) {
    const inTime = (changes.get(profile.profileId) ?? []).sort((a, b) =>
      compareInstants(a.changedAt, b.changedAt),
    );
    histories.set(profile.profileId, { profile, changes: inTime });
  }
  return histories;
}

/**
 * The invoice of one month over all profiles. A tier or a partition that the edition in
 * force does not have is `BadInput`, a month before the first edition `WrongUsage`.
 */
export function billMonth(billing: Billing, period: BillingPeriod): MonthInvoice {
  const months = profileMonths(billing, period);
  refuseUnpriced(months);
  return monthInvoice(billing, period, months);
}

/**
 * The seats of a month's invoice one by one, in its order: for sums that keep no seat in memory.
 * Problems as of `billMonth`.
 */
export function* billedSeats(billing: Billing, period: BillingPeriod): Generator<SeatInvoice> {
  const months = profileMonths(billing, period);
  refuseUnpriced(months);
  for (const month of months) yield* profileSeats(month);
}

function monthInvoice(
  billing: Billing,
  period: BillingPeriod,
  months: readonly ProfileMonth[],
): MonthInvoice {
  const seats: SeatInvoice[] = [];
  for (const month of months) for (const seat of profileSeats(month)) seats.push(seat);
  const ofInputs = billing.inputWarnings.filter(
    ({ month = period.month }) => month === period.month,
  );
  const edition = editionInForce(billing.card, period);
  const unused = unusedOverrides(edition, billing.records.profiles.values());
  const warnings = ofInputs.concat(
    unused.map((warning) => ({ ...warning, month: period.month })),
    warningsOf(seats, period, billing.card, billing.records.users),
  );
  return { period, edition, seats, ...withCompleteness(billing, period, seats, warnings) };
}

/** The warnings, preceded by those on completeness, and the coverage, if requested. */
function withCompleteness(
  { completeness, seats }: Billing,
  period: BillingPeriod,
  invoiced: readonly SeatInvoice[],
  warnings: readonly Warning[],
): Pick<MonthInvoice, 'warnings' | 'coverage'> {
  if (completeness === undefined) return { warnings };
  const coverage = monthCoverage({ period }, completeness);
  const found = completenessWarnings({ period, seats, counted: invoiced }, completeness);
  return { warnings: found.concat(warnings), ...(coverage && { coverage }) };
}

/** Why months could not be billed: tiers and partitions without a price (M3, M4). */
export function pricingProblems(billing: Billing, periods: readonly BillingPeriod[]): Problem[] {
  return unpriced(periods.flatMap((period) => profileMonths(billing, period)));
}

/**
 * The invoices of several months; the problems of all of them are one `BadInput`, in which a
 * tier is reported for each month without it, and a profile's partition for the first. `why`: what
 * months that were not asked for are billed for, said with each problem.
 */
export function billMonths(
  billing: Billing,
  periods: readonly BillingPeriod[],
  why?: string,
): MonthInvoice[] {
  const byPeriod = periods.map((period) => ({ period, months: profileMonths(billing, period) }));
  refuseUnpriced(
    byPeriod.flatMap(({ months }) => months),
    why,
  );
  return byPeriod.map(({ period, months }) => monthInvoice(billing, period, months));
}

/** The profiles that have seats or usage, in the order of their ids. */
function profileMonths(billing: Billing, period: BillingPeriod): ProfileMonth[] {
  const edition = editionInForce(billing.card, period);
  const profileIds = new Set([...billing.seats.keys(), ...billing.usage.profileIds(period.month)]);
  return [...profileIds].sort(compareBytes).map((profileId) => {
    const history = billing.overage.get(profileId);
    const profile = billing.records.profiles.get(profileId);
    if (history === undefined || profile === undefined) {
      throw new Error(`usage in unknown profile ${profileId}`);
    }
    return {
      period,
      edition,
      profile,
      terms: termsFor(edition, profile),
      history,
      capCredits: capOfMonth(history, period),
      seats: billing.seats.get(profileId) ?? new Map(),
      activations: billing.activations?.get(profileId),
      users: billing.records.users,
      usage: billing.usage,
    };
  });
}

/** The seats of a profile that are active in the month, and the users that only have usage, by user id. */
function* profileSeats(month: ProfileMonth): Generator<SeatInvoice> {
  const seats = liveSeats(month);
  const beside = new UsersWithoutSeat(month);
  let next = 0;
  for (const user of usersBeside(seats, month)) {
    const userId = month.usage.userId(user);
    let seat = seats[next];
    while (seat !== undefined && compareBytes(seat.userId, userId) < 0) {
      yield seat;
      next += 1;
      seat = seats[next];
    }
    if (seat?.userId === userId) continue;
    const found = new UserWithoutSeat(user, beside);
    if (isBilledOrUsed(found)) yield found;
  }
  yield* seats.slice(next);
}

/** The seats with a source that is active in the month, by user id. */
function liveSeats(month: ProfileMonth): SeatInvoice[] {
  const lives = (source: Source): boolean => livesWithin(source, month.period);
  return [...month.seats.values()]
    .filter(({ sources }) => sources.some(lives))
    .map((seat) => new BilledSeat(month, seat))
    .sort((a, b) => compareBytes(a.userId, b.userId));
}

/** The users with usage, unless these seats are all that have any. */
function usersBeside(
  seats: readonly SeatInvoice[],
  { period, profile, usage }: ProfileMonth,
): Iterable<number> {
  const place = [period.month, profile.profileId] as const;
  const used = seats.filter(({ usageRows }) => usageRows > 0).length;
  return used === usage.userCount(...place) ? [] : usage.users(...place);
}
