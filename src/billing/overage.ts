import type { BillingPeriod } from '../domain/billing-period.ts';
import type { ChargeLine } from '../domain/charge-line.ts';
import {
  add,
  type Decimal,
  isPositive,
  max,
  min,
  multiply,
  subtract,
  sum,
  ZERO,
} from '../domain/decimal.ts';
import { fractionOf } from '../domain/fraction.ts';
import type { Instant } from '../domain/instant.ts';
import type { OverageStretch, SeatCredits } from '../domain/invoice.ts';
import { roundToCents } from '../domain/money.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import type { OverageChange, Profile, StretchUsage } from '../domain/records.ts';

/** The overage switch and cap of one profile through time. Rules O2, O3. */
export interface OverageHistory {
  readonly profile: Profile;
  /** In the order of time. */
  readonly changes: readonly OverageChange[];
}

/**
 * Whether overage is on at an instant: the state of the profile before its first change,
 * else that of the latest change at or before the instant. Off by default. Rule O2.
 */
export function overageOnAt({ profile, changes }: OverageHistory, at: Instant): boolean {
  return changes.findLast(({ changedAt }) => changedAt <= at)?.on ?? profile.overageOn;
}

/**
 * The cap in force at an instant, in credits per seat and month; `undefined` where there is
 * none. A change without a cap leaves it as it was. Rule O3.
 */
export function capAt({ profile, changes }: OverageHistory, at: Instant): Decimal | undefined {
  const latest = changes.findLast(
    ({ changedAt, capCredits }) => changedAt <= at && capCredits !== undefined,
  )?.capCredits;
  return latest === 'none' ? undefined : (latest ?? profile.capCredits);
}

/**
 * The cap on a seat's overage credits of a month: of the caps in force at some instant of it
 * at which overage is on, the largest; `undefined` where there is none at one of them, or
 * overage is never on. So a cap that is lowered takes nothing back. Rule O3.
 */
export function capOfMonth(
  history: OverageHistory,
  { start, end }: BillingPeriod,
): Decimal | undefined {
  const changes = history.changes.filter(({ changedAt }) => changedAt > start && changedAt < end);
  const caps = [start, ...changes.map(({ changedAt }) => changedAt)]
    .filter((at) => overageOnAt(history, at))
    .map((at) => capAt(history, at));
  return caps.reduce(
    (a, b) => (a === undefined || b === undefined ? undefined : max(a, b)),
    caps[0],
  );
}

/**
 * Splits a seat's credits of a month. The allowance is that of the highest tier held in
 * it, `terms`, for the whole month, whatever lies before the seat's start. Rule O1.
 * Without a held tier there is no allowance and no overage: all is unbilled. Rule O6.
 */
export function seatCredits(
  usage: readonly StretchUsage[],
  terms: TierTerms | undefined,
  history: OverageHistory,
  period: BillingPeriod,
): SeatCredits {
  const creditsUsed = sum(usage.map(({ credits }) => credits));
  const allowanceCredits = terms?.credits ?? ZERO;
  const stretches = overageStretches(usage, terms, history);
  const capCredits = capOfMonth(history, period);
  const overageCredits = cappedOverage(stretches, capCredits);
  return {
    usageRows: usage.reduce((rows, { requests }) => rows + requests, 0),
    creditsUsed,
    allowanceCredits,
    stretches,
    ...(capCredits === undefined ? {} : { capCredits }),
    overageCredits,
    unbilledCredits: unbilledCredits(creditsUsed, allowanceCredits, overageCredits),
  };
}

/**
 * What each stretch adds beyond the allowance while overage is on:
 * max(0, U(to) - A) - max(0, U(from) - A). Rule O2. Without a held tier nothing is
 * overage. Rule O6.
 */
function overageStretches(
  usage: readonly StretchUsage[],
  terms: TierTerms | undefined,
  history: OverageHistory,
): OverageStretch[] {
  const inTime = [...usage].sort((a, b) => (a.from < b.from ? -1 : 1));
  let usedBefore = ZERO;
  return inTime.map(({ from, to, credits }) => {
    const usedAfter = add(usedBefore, credits);
    const on = overageOnAt(history, from);
    const overageCredits = on && terms ? usedBeyond(terms.credits, usedBefore, usedAfter) : ZERO;
    const stretch = { from, to, on, usedBefore, usedAfter, overageCredits };
    usedBefore = usedAfter;
    return stretch;
  });
}

/** What use from one figure to another adds beyond the allowance. */
function usedBeyond(allowanceCredits: Decimal, usedBefore: Decimal, usedAfter: Decimal): Decimal {
  const beyond = (used: Decimal): Decimal => max(ZERO, subtract(used, allowanceCredits));
  return subtract(beyond(usedAfter), beyond(usedBefore));
}

/** The overage credits of all stretches, at most the cap. Rule O3. */
function cappedOverage(
  stretches: readonly OverageStretch[],
  capCredits: Decimal | undefined,
): Decimal {
  const overage = sum(stretches.map((stretch) => stretch.overageCredits));
  return capCredits === undefined ? overage : min(overage, capCredits);
}

/** Credits that were used, but neither included nor charged: the vendor would have blocked them. Rule O5. */
function unbilledCredits(used: Decimal, allowanceCredits: Decimal, overage: Decimal): Decimal {
  return subtract(subtract(used, min(used, allowanceCredits)), overage);
}

/**
 * The overage line: overage credits x the overage rate, dated the last day, whenever there
 * are overage credits, also when the amount rounds to 0.00. Rule O4.
 */
export function overageLines(
  overageCredits: Decimal,
  terms: TierTerms,
  period: BillingPeriod,
): ChargeLine[] {
  if (!isPositive(overageCredits)) return [];
  const { tier, overageRate } = terms;
  return [
    {
      date: period.lastDate,
      lineType: 'overage',
      tier,
      quantity: { unit: 'credits', credits: overageCredits },
      unitPrice: overageRate,
      amount: roundToCents(fractionOf(multiply(overageCredits, overageRate))),
      rule: 'O4',
    },
  ];
}
