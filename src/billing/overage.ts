import type { BillingPeriod } from '../domain/billing-period.ts';
import type { ChargeLine } from '../domain/charge-line.ts';
import {
  add,
  compare,
  type Decimal,
  isPositive,
  max,
  min,
  multiply,
  subtract,
  sum,
  ZERO,
} from '../domain/decimal.ts';
import { compareInstants, type Instant } from '../domain/instant.ts';
import type { OverageStretch, SeatCredits, SeatInvoice } from '../domain/invoice.ts';
import { centsOf, sumCents } from '../domain/money.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import type { OverageChange, Profile, StretchUsage } from '../domain/records.ts';

/** The overage switch and cap of a profile before their first change, and what changed then (O2, O3). */
export interface OverageHistory {
  readonly profile: Pick<Profile, 'overageOn' | 'capCredits'>;
  /** In time order. */
  readonly changes: readonly Omit<OverageChange, 'profileId'>[];
}

/** The overage switch and cap at an instant; without a cap there is none. */
export interface OverageState {
  readonly on: boolean;
  readonly capCredits: Decimal | undefined;
}

/** The state at an instant. */
export function overageAt(history: OverageHistory, at: Instant): OverageState {
  return { on: overageOnAt(history, at), capCredits: capAt(history, at) };
}

/** The states that hold at some instant of `[from, to)`, in time order. */
export function overageWithin(history: OverageHistory, from: Instant, to: Instant): OverageState[] {
  const within = history.changes.filter(({ changedAt }) => changedAt > from && changedAt < to);
  return [from, ...within.map(({ changedAt }) => changedAt)].map((at) => overageAt(history, at));
}

/**
 * Whether overage is on at an instant: the state of the profile before its first change,
 * else that of the latest change at or before the instant. Off by default (O2).
 */
function overageOnAt({ profile, changes }: OverageHistory, at: Instant): boolean {
  return changes.findLast(({ changedAt }) => changedAt <= at)?.on ?? profile.overageOn;
}

/**
 * The cap in force at an instant, in credits per seat and month; `undefined` where there is
 * none. A change without a cap leaves it as it was (O3).
 */
function capAt({ profile, changes }: OverageHistory, at: Instant): Decimal | undefined {
  const latest = changes.findLast(
    ({ changedAt, capCredits }) => changedAt <= at && capCredits !== undefined,
  )?.capCredits;
  return latest === 'none' ? undefined : (latest ?? profile.capCredits);
}

/**
 * The cap on a seat's overage credits of a month: of the caps in force at some instant of it
 * at which overage is on, the largest; `undefined` if there is none at one of them, or
 * overage is never on. So lowering a cap does not remove overage already counted. Rule O3.
 */
export function capOfMonth(
  history: OverageHistory,
  { start, end }: BillingPeriod,
): Decimal | undefined {
  const caps = overageWithin(history, start, end)
    .filter(({ on }) => on)
    .map(({ capCredits }) => capCredits);
  return caps.reduce(
    (a, b) => (a === undefined || b === undefined ? undefined : max(a, b)),
    caps[0],
  );
}

/**
 * Splits a seat's credits of a month. The allowance is that of the highest tier held in
 * it, `terms`, for the whole month, even if the seat starts later.
 * Without a held tier there is no allowance and no overage: all is unbilled. Rules O1, O6.
 */
export function seatCredits(
  usage: readonly StretchUsage[],
  terms: TierTerms | undefined,
  { history, capCredits }: Pick<CreditRules, 'history' | 'capCredits'>,
): SeatCredits {
  const stretches = overageStretches(usage, terms, history);
  const creditsUsed = stretches.at(-1)?.usedAfter ?? ZERO;
  const allowanceCredits = terms?.credits ?? ZERO;
  const overageCredits = cappedOverage(stretches, capCredits);
  return {
    usageRows: usage.reduce((rows, { requests }) => rows + requests, 0),
    creditsUsed,
    allowanceCredits,
    stretches,
    capCredits,
    overageCredits,
    unbilledCredits: unbilledCredits(creditsUsed, allowanceCredits, overageCredits),
  };
}

/**
 * What each stretch adds beyond the allowance while overage is on:
 * max(0, U(to) - A) - max(0, U(from) - A). Without a held tier nothing is overage (O6).
 * Rule O2.
 */
export function overageStretches(
  usage: readonly StretchUsage[],
  terms: TierTerms | undefined,
  history: OverageHistory,
): OverageStretch[] {
  let usedBefore = ZERO;
  return inTime(usage).map(({ from, to, credits }) => {
    const usedAfter = add(usedBefore, credits);
    const on = overageOnAt(history, from);
    const overageCredits = on && terms ? usedBeyond(terms.credits, usedBefore, usedAfter) : ZERO;
    const stretch = { from, to, on, usedBefore, usedAfter, overageCredits };
    usedBefore = usedAfter;
    return stretch;
  });
}

/** What usage from one total to another adds beyond the allowance. */
function usedBeyond(allowanceCredits: Decimal, usedBefore: Decimal, usedAfter: Decimal): Decimal {
  const beyond = (used: Decimal): Decimal =>
    compare(used, allowanceCredits) > 0 ? subtract(used, allowanceCredits) : ZERO;
  return subtract(beyond(usedAfter), beyond(usedBefore));
}

/** The stretches sorted by start. */
export function inTime(stretches: readonly StretchUsage[]): readonly StretchUsage[] {
  if (stretches.length < 2) return stretches;
  return [...stretches].sort((a, b) => compareInstants(a.from, b.from));
}

/** The overage credits of all stretches, whatever the cap. */
function uncappedOverage(stretches: readonly OverageStretch[]): Decimal {
  return sum(stretches.map((stretch) => stretch.overageCredits));
}

/** Whether the cap leaves out some of a seat's overage credits (O3). */
export function isCapped({ stretches, overageCredits }: SeatCredits): boolean {
  return compare(overageCredits, uncappedOverage(stretches)) < 0;
}

/** The overage credits of all stretches, at most the cap (O3). */
function cappedOverage(
  stretches: readonly OverageStretch[],
  capCredits: Decimal | undefined,
): Decimal {
  const overage = uncappedOverage(stretches);
  return capCredits === undefined ? overage : min(overage, capCredits);
}

/** Credits that were used, but neither included nor charged: the vendor would have blocked them. Rule O5. */
function unbilledCredits(used: Decimal, allowanceCredits: Decimal, overage: Decimal): Decimal {
  return subtract(subtract(used, min(used, allowanceCredits)), overage);
}

/** A seat's credits of a month as `seatCredits` splits them, and what they cost. */
export type CreditBill = Pick<
  SeatInvoice,
  'usageRows' | 'creditsUsed' | 'overageCredits' | 'unbilledCredits' | 'overageCharge'
>;

/** What usage costs a seat with these terms (O1 to O6). */
export function creditBill(
  usage: readonly StretchUsage[],
  terms: TierTerms | undefined,
  rules: CreditRules,
): CreditBill {
  const credits = seatCredits(usage, terms, rules);
  const { usageRows, creditsUsed, overageCredits, unbilledCredits } = credits;
  const lines = overageLines(overageCredits, terms, rules.period);
  const overageCharge = sumCents(lines.map(({ amount }) => amount));
  return { usageRows, creditsUsed, overageCredits, unbilledCredits, overageCharge };
}

/** How the credits of a profile's seats are billed in a month. */
export interface CreditRules {
  readonly period: BillingPeriod;
  readonly history: OverageHistory;
  /** That of `capOfMonth`. */
  readonly capCredits: Decimal | undefined;
}

/**
 * The overage line: overage credits x the overage rate, dated the last day, whenever there
 * are overage credits, also when the amount rounds to 0.00. Rule O4.
 */
export function overageLines(
  overageCredits: Decimal,
  terms: TierTerms | undefined,
  period: BillingPeriod,
): ChargeLine[] {
  if (terms === undefined || !isPositive(overageCredits)) return [];
  const { tier, overageRate } = terms;
  return [
    {
      date: period.lastDate,
      lineType: 'overage',
      tier,
      quantity: { unit: 'credits', credits: overageCredits },
      unitPrice: overageRate,
      amount: centsOf(multiply(overageCredits, overageRate)),
      rule: 'O4',
    },
  ];
}
