import type { BillingPeriod } from '../domain/billing-period.ts';
import type { ChargeLine, MonthShare } from '../domain/charge-line.ts';
import type { Decimal } from '../domain/decimal.ts';
import {
  fraction,
  fractionOf,
  multiplyFractions,
  roundHalfAwayFromZero,
} from '../domain/fraction.ts';
import { utcDate } from '../domain/instant.ts';
import type { TierStep } from '../domain/invoice.ts';
import { roundToCents } from '../domain/money.ts';
import type { RateEdition, TierTerms } from '../domain/rate-card.ts';
import type { RuleId } from '../domain/rule-id.ts';

type SubscriptionLine = ChargeLine & { readonly quantity: MonthShare };

/** A step of the held tier with the prices of its tier. */
interface PricedStep {
  readonly step: TierStep;
  readonly terms: TierTerms;
}

/**
 * The subscription lines of a seat in one period, as charged: the first step by S1 or S2,
 * each further step by S3. The steps only rise, so a downgrade or a cancellation makes
 * no line at all. Rule S4.
 */
export function subscriptionLines(
  steps: readonly PricedStep[],
  period: BillingPeriod,
  policies: FirstMonthPolicies,
): readonly SubscriptionLine[] {
  const [first, ...upgrades] = steps;
  if (first === undefined) return [];
  const start = firstCharge(first, period, policies);
  const upgradeDays = daysOfUpgrade(start, period, policies);
  const lines = [start];
  let charged = start;
  for (const { step, terms } of upgrades) {
    const [refund, charge] = upgradeLines(charged, terms, utcDate(step.at), upgradeDays, period);
    lines.push(refund, charge);
    charged = charge;
  }
  return lines;
}

/** How a card charges the month in which a seat starts. */
type FirstMonthPolicies = Pick<RateEdition, 'firstMonth' | 'firstMonthUpgrade'>;

function firstCharge(
  { step, terms }: PricedStep,
  period: BillingPeriod,
  policies: FirstMonthPolicies,
): SubscriptionLine {
  if (step.at === period.start) return renewalCharge(terms, period);
  return newSeatCharge(terms, utcDate(step.at), period, policies);
}

/** A seat that holds a tier at the first instant pays it in full, dated the first day. Rule S1. */
export function renewalCharge(terms: TierTerms, period: BillingPeriod): SubscriptionLine {
  return subscriptionCharge(terms, period.firstDate, period.days, period, 'S1');
}

/**
 * A seat that starts inside the period, at `date`: the share of the days from that date
 * to the month's end, both included, or the whole price by the card's policy `full`. Rule S2.
 */
function newSeatCharge(
  terms: TierTerms,
  date: string,
  period: BillingPeriod,
  { firstMonth }: FirstMonthPolicies,
): SubscriptionLine {
  const daysLeft = period.days - Number(date.slice(-2)) + 1;
  const days = firstMonth === 'full' ? period.days : daysLeft;
  return subscriptionCharge(terms, date, days, period, 'S2');
}

/** A share of a month in days, rounded to the nearest: the quantity of a bill for a first month (S2). */
export function daysOfShare(share: Decimal, daysInMonth: number): number {
  const { numerator, denominator } = fractionOf(share);
  return Number(roundHalfAwayFromZero(fraction(numerator * BigInt(daysInMonth), denominator), 0));
}

/**
 * What an upgrade on `date` is charged: first it refunds, to the cent, what the step before
 * charged, as a separate line, then the higher tier is charged for `days`, whatever
 * the date. Rule S3.
 */
function upgradeLines(
  charged: SubscriptionLine,
  terms: TierTerms,
  date: string,
  days: number,
  period: BillingPeriod,
): [refund: SubscriptionLine, charge: SubscriptionLine] {
  const refund: SubscriptionLine = {
    ...charged,
    date,
    lineType: 'refund',
    quantity: { ...charged.quantity, sign: -1 },
    amount: -charged.amount,
    rule: 'S3',
  };
  return [refund, subscriptionCharge(terms, date, days, period, 'S3')];
}

/**
 * The days of the month for which an upgrade is charged: all, or only those of a new seat's
 * start if the card's policy for upgrades in its first month is `prorated`; a renewal has all (S3).
 */
function daysOfUpgrade(
  start: SubscriptionLine,
  period: BillingPeriod,
  { firstMonthUpgrade }: FirstMonthPolicies,
): number {
  return firstMonthUpgrade === 'prorated' ? start.quantity.days : period.days;
}

function subscriptionCharge(
  { tier, price }: TierTerms,
  date: string,
  days: number,
  period: BillingPeriod,
  rule: RuleId,
): SubscriptionLine {
  const share = fraction(days, period.days);
  return {
    date,
    lineType: 'subscription',
    tier,
    quantity: { unit: 'month', sign: 1, days, daysInMonth: period.days },
    unitPrice: price,
    amount: roundToCents(multiplyFractions(fractionOf(price), share)),
    rule,
  };
}
