import type { BillingPeriod } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import { compareInstants } from '../domain/instant.ts';
import type { MonthInvoice, SeatInvoice, Selection, Source } from '../domain/invoice.ts';
import { sumCents } from '../domain/money.ts';
import { BadInput, byFileAndLine, type Problem } from '../domain/problem.ts';
import type { RateCard, RateEdition, TierTerms } from '../domain/rate-card.ts';
import type { BillingRecords, Profile, StretchUsage, User } from '../domain/records.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { Tier } from '../domain/tier.ts';
import type { Warning } from '../domain/warning.ts';
import { type CompletenessFacts, completenessWarnings, monthCoverage } from './completeness.ts';
import { activeSelections, heldTierSteps, livesWithin, selectionsWithin } from './held-tier.ts';
import {
  type CreditRules,
  capOfMonth,
  type OverageHistory,
  overageLines,
  seatCredits,
} from './overage.ts';
import {
  editionInForce,
  missingPartition,
  type ProfileTerms,
  termsFor,
  unusedOverrides,
} from './rates.ts';
import { groupOf, type Seat, type Seats, seatsOf } from './seats.ts';
import { subscriptionLines } from './subscription-charges.ts';
import { warningsOf } from './warnings.ts';

/** Usage by month, then profile id, then user id. */
export type UsageIndex = ReadonlyMap<
  string,
  ReadonlyMap<string, ReadonlyMap<string, readonly StretchUsage[]>>
>;

/** Everything needed to bill a month, prepared once for any number of months. */
export interface Billing {
  readonly records: BillingRecords;
  readonly card: RateCard;
  readonly seats: Seats;
  /** By profile id. */
  readonly overage: ReadonlyMap<string, OverageHistory>;
  readonly usage: UsageIndex;
  /** Warnings found while reading the inputs, for a reader of a month's invoice. */
  readonly inputWarnings: readonly Warning[];
  /** How to check that usage is complete; missing if not requested. */
  readonly completeness?: CompletenessFacts;
}

/** Prepares what months are billed from, once; the usage may be of any months. */
export function billingOf(
  records: BillingRecords,
  card: RateCard,
  usage: Iterable<StretchUsage>,
): Billing {
  return {
    records,
    card,
    seats: seatsOf(records),
    overage: overageHistories(records),
    usage: usageIndex(usage),
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

/** The usage as `UsageIndex`; that of a seat in its original order. */
export function usageIndex(usage: Iterable<StretchUsage>): UsageIndex {
  const index = new Map<string, Map<string, Map<string, StretchUsage[]>>>();
  for (const stretch of usage) {
    const ofProfile = within(within(index, stretch.month), stretch.profileId);
    const ofSeat = ofProfile.get(stretch.userId);
    if (ofSeat === undefined) ofProfile.set(stretch.userId, [stretch]);
    else ofSeat.push(stretch);
  }
  return index;
}

/** The map stored under a key; a new one if there is none yet. */
function within<Inner>(outer: Map<string, Map<string, Inner>>, key: string): Map<string, Inner> {
  const known = outer.get(key) ?? new Map<string, Inner>();
  outer.set(key, known);
  return known;
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
  for (const month of months) yield* profileSeats(month, billing.records);
}

function monthInvoice(
  billing: Billing,
  period: BillingPeriod,
  months: readonly ProfileMonth[],
): MonthInvoice {
  const seats = months.flatMap((month) => [...profileSeats(month, billing.records)]);
  const ofInputs = billing.inputWarnings.filter(
    ({ month = period.month }) => month === period.month,
  );
  const edition = editionInForce(billing.card, period);
  const unused = unusedOverrides(edition, billing.records.profiles.values());
  const warnings = [
    ...ofInputs,
    ...unused.map((warning) => ({ ...warning, month: period.month })),
    ...warningsOf(seats, period, billing.card, billing.records.users),
  ];
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
  const found = completenessWarnings({ period, seats, invoiced }, completeness);
  return { warnings: [...found, ...warnings], ...(coverage && { coverage }) };
}

/** Why months could not be billed: tiers and partitions without a price (M3, M4). */
export function pricingProblems(billing: Billing, periods: readonly BillingPeriod[]): Problem[] {
  return unpriced(periods.flatMap((period) => profileMonths(billing, period)));
}

/**
 * The invoices of several months; the problems of all of them are one `BadInput`, in which a
 * tier is reported for each month without it, and a profile's partition for the first.
 */
export function billMonths(billing: Billing, periods: readonly BillingPeriod[]): MonthInvoice[] {
  const byPeriod = periods.map((period) => ({ period, months: profileMonths(billing, period) }));
  refuseUnpriced(byPeriod.flatMap(({ months }) => months));
  return byPeriod.map(({ period, months }) => monthInvoice(billing, period, months));
}

function refuseUnpriced(months: readonly ProfileMonth[]): void {
  const problems = unpriced(months);
  if (problems.length > 0) throw new BadInput(problems);
}

/** What has no price in the months, in the order of the files; a profile's partition is reported once. */
function unpriced(months: readonly ProfileMonth[]): Problem[] {
  const partitionless = new Set<string>();
  const problems: Problem[] = [];
  for (const month of months) {
    const { profileId } = month.profile;
    if (month.terms === undefined && partitionless.has(profileId)) continue;
    const found = unpricedSelections(month);
    if (month.terms === undefined && found.length > 0) partitionless.add(profileId);
    problems.push(...found);
  }
  return byFileAndLine(problems);
}

/** The rules by which the seats of a profile are billed in one month. */
interface SeatRules extends CreditRules {
  readonly edition: RateEdition;
  readonly profile: Profile;
  readonly terms: ProfileTerms | undefined;
}

/** What one profile is billed from in one month. */
interface ProfileMonth extends SeatRules {
  readonly seats: ReadonlyMap<string, Seat>;
  readonly usage: ReadonlyMap<string, readonly StretchUsage[]>;
}

/** The profiles that have seats or usage, in the order of their ids. */
function profileMonths(billing: Billing, period: BillingPeriod): ProfileMonth[] {
  const edition = editionInForce(billing.card, period);
  const usageOfMonth = billing.usage.get(period.month);
  const profileIds = new Set([...billing.seats.keys(), ...(usageOfMonth?.keys() ?? [])]);
  return [...profileIds].sort(compareBytes).map((profileId) => {
    const history = billing.overage.get(profileId);
    if (history === undefined) throw new Error(`usage in unknown profile ${profileId}`);
    const { profile } = history;
    return {
      period,
      edition,
      profile,
      terms: termsFor(edition, profile),
      history,
      capCredits: capOfMonth(history, period),
      seats: billing.seats.get(profileId) ?? new Map(),
      usage: usageOfMonth?.get(profileId) ?? new Map(),
    };
  });
}

/** Tiers without a price that any source selects in the month, also on pending seats (M3, M4). */
function unpricedSelections(month: ProfileMonth): Problem[] {
  const { seats, period, terms, edition, profile } = month;
  const problems = new Map<string, Problem>();
  for (const seat of seats.values()) {
    for (const source of seat.sources) {
      if (terms !== undefined && selectsOnly(source, terms)) continue;
      for (const selection of selectionsWithin(source, period.start, period.end)) {
        if (terms === undefined) return [missingPartition(edition, profile, period)];
        if (terms.has(selection.tier)) continue;
        const key = `${selection.place.file}:${selection.place.line}`;
        problems.set(key, missingTier(selection, month, terms));
      }
    }
  }
  return [...problems.values()];
}

/** Whether all tiers that a source ever selects have a price. */
function selectsOnly({ subscription }: Source, terms: ProfileTerms): boolean {
  const { tier, tierChanges } = subscription;
  return terms.has(tier) && tierChanges.every((change) => terms.has(change.tier));
}

function missingTier(selection: Selection, month: ProfileMonth, terms: ProfileTerms): Problem {
  const { edition, period } = month;
  return {
    ...selection.place,
    column: 'tier',
    what: `tier ${selection.tier} is not on the rate card in ${period.month}: its edition ${edition.from} has ${[...terms.keys()].join(', ')}`,
    value: selection.tier,
  };
}

/** All seats of a profile, and the users that only have usage, by user id. */
function* profileSeats(month: ProfileMonth, records: BillingRecords): Generator<SeatInvoice> {
  for (const { seat, usage } of usedSeats(month)) {
    const invoiced = seatInvoice(month, seat, usage, records.users.get(seat.userId));
    if (invoiced.steps.length > 0 || invoiced.usageRows > 0 || invoiced.pending) yield invoiced;
  }
}

/** A seat, and what was used of it in a month. */
interface UsedSeat {
  readonly seat: Seat;
  readonly usage: readonly StretchUsage[];
}

/** The seats with a source that is active in the month, or with usage, by user id. */
function usedSeats({ profile, period, seats, usage: ofUsers }: ProfileMonth): UsedSeat[] {
  const isLive = ({ sources }: Seat): boolean =>
    sources.some((source) => livesWithin(source, period));
  const used: UsedSeat[] = [];
  let users = 0;
  for (const seat of seats.values()) {
    if (!isLive(seat)) continue;
    const usage = ofUsers.get(seat.userId) ?? [];
    if (usage.length > 0) users += 1;
    used.push({ seat, usage });
  }
  for (const [userId, usage] of users === ofUsers.size ? [] : ofUsers) {
    const seat = seats.get(userId) ?? { profile, userId, sources: [] };
    if (!isLive(seat)) used.push({ seat, usage });
  }
  return used.sort((a, b) => compareBytes(a.seat.userId, b.seat.userId));
}

/** A seat's lines of one month and their sums; every larger sum adds these (M2). */
function seatInvoice(
  rules: SeatRules,
  seat: Seat,
  usage: readonly StretchUsage[],
  user?: User,
): SeatInvoice {
  const { period, profile, history } = rules;
  const selections = activeSelections(seat, period);
  const steps = heldTierSteps(selections, (tier) => termsOf(rules, tier).rank);
  const pricedSteps = steps.map((step) => ({ step, terms: termsOf(rules, step.tier) }));
  const highest = pricedSteps.at(-1);
  const credits = seatCredits(usage, highest?.terms, history, rules.capCredits);
  const subscription = subscriptionLines(pricedSteps, period, rules.edition);
  const overage = highest ? overageLines(credits.overageCredits, highest.terms, period) : [];
  const isAlive = (source: Source): boolean => livesWithin(source, period);
  const sources = seat.sources.every(isAlive) ? seat.sources : seat.sources.filter(isAlive);
  const subscriptionCharge = sumCents(subscription.map(({ amount }) => amount));
  const overageCharge = sumCents(overage.map(({ amount }) => amount));
  // One literal without spreads: an object of another shape takes three times the time and twice the memory.
  return {
    profile,
    userId: seat.userId,
    userName: user?.name ?? '',
    costCenter: user?.costCenter ?? '',
    sources,
    activatedAt: seat.activatedAt,
    pending: sources.length > 0 && steps.length === 0,
    selections,
    steps,
    terms: highest?.terms,
    groupId: highest === undefined ? '' : groupOf(highest.step.source),
    usageRows: credits.usageRows,
    creditsUsed: credits.creditsUsed,
    allowanceCredits: credits.allowanceCredits,
    stretches: credits.stretches,
    capCredits: credits.capCredits,
    overageCredits: credits.overageCredits,
    unbilledCredits: credits.unbilledCredits,
    lines: overage.length === 0 ? subscription : [...subscription, ...overage],
    subscriptionCharge,
    overageCharge,
    totalCharge: subscriptionCharge + overageCharge,
  };
}

function termsOf({ terms, profile }: SeatRules, tier: Tier): TierTerms {
  const found = terms?.get(tier);
  if (found === undefined) throw new Error(`no price for ${tier} in ${profile.profileId}`);
  return found;
}
