/** Charge lines of one seat in one month, from the formulas of the rules S1 to S4 and O1 to O6. */
import type { Facts, OverageChange, Profile, Seat, Usage } from './facts.ts';
import type { TierStep } from './held-tier.ts';
import type { RateEdition, TierTerms } from './rate-card.ts';
import {
  exactText,
  fixedText,
  isAbove,
  isZero,
  larger,
  minus,
  negated,
  ONE,
  type Rational,
  rational,
  rounded,
  smaller,
  sumOf,
  times,
  ZERO,
} from './rational.ts';
import { dateText, dayOf, isIn, type Month, type Nanoseconds } from './time.ts';

export interface ChargeLine {
  readonly date: string;
  readonly lineType: 'subscription' | 'refund' | 'overage';
  readonly tier: string;
  readonly quantity: string;
  readonly unitPrice: Rational;
  /** Rounded to two decimals, once. Rule M2. */
  readonly amount: Rational;
  readonly rule: 'S1' | 'S2' | 'S3' | 'O4';
}

function fractionText(fraction: Rational): string {
  return fraction.over === fraction.under ? '1' : fixedText(rounded(fraction, 6), 6);
}

function subscriptionLine(
  date: string,
  terms: TierTerms,
  fraction: Rational,
  rule: ChargeLine['rule'],
): ChargeLine {
  return {
    date,
    lineType: 'subscription',
    tier: terms.name,
    quantity: fractionText(fraction),
    unitPrice: terms.price,
    amount: rounded(times(terms.price, fraction), 2),
    rule,
  };
}

function refundOf(charged: ChargeLine, date: string): ChargeLine {
  return {
    ...charged,
    date,
    lineType: 'refund',
    quantity: `-${charged.quantity}`,
    amount: negated(charged.amount),
    rule: 'S3',
  };
}

/** The charge for the first step of a month. Rules S1 and S2. */
function firstLine(edition: RateEdition, step: TierStep, month: Month): ChargeLine {
  const day = dayOf(step.at, month);
  const date = dateText(month, day);
  if (step.at === month.start) return subscriptionLine(date, step.terms, ONE, 'S1');
  const remaining = rational(BigInt(month.days - day + 1), BigInt(month.days));
  const fraction = edition.first_month === 'full' ? ONE : remaining;
  return subscriptionLine(date, step.terms, fraction, 'S2');
}

/** The share of the month that an upgrade pays; with `prorated` that of a new seat's start. Rule S3. */
function upgradeShare(edition: RateEdition, [first]: readonly TierStep[], month: Month): Rational {
  const isNew = first !== undefined && first.at > month.start;
  if (edition.first_month_upgrade !== 'prorated' || !isNew) return ONE;
  if (edition.first_month === 'full') return ONE;
  return rational(BigInt(month.days - dayOf(first.at, month) + 1), BigInt(month.days));
}

/** Renewal or start, then refund and full price at each upgrade. Rules S1, S2, S3 (and S4: no more). */
export function subscriptionLines(
  edition: RateEdition,
  steps: readonly TierStep[],
  month: Month,
): ChargeLine[] {
  const charges = steps.map((step, index) =>
    index === 0
      ? firstLine(edition, step, month)
      : subscriptionLine(
          dateText(month, dayOf(step.at, month)),
          step.terms,
          upgradeShare(edition, steps, month),
          'S3',
        ),
  );
  return charges.flatMap((charge, index) => {
    const previous = charges[index - 1];
    return previous === undefined ? [charge] : [refundOf(previous, charge.date), charge];
  });
}

export function usageOf(facts: Facts, seat: Seat, month: Month): Usage[] {
  return facts.usage.filter(
    (row) => row.profileId === seat.profileId && row.userId === seat.userId && isIn(row.at, month),
  );
}

function changesOf(facts: Facts, profile: Profile): OverageChange[] {
  return facts.overageChanges
    .filter(({ profileId }) => profileId === profile.profileId)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

export function isOverageOn(facts: Facts, profile: Profile, at: Nanoseconds): boolean {
  const past = changesOf(facts, profile).filter((change) => change.at <= at);
  return past.at(-1)?.isOverageOn ?? profile.isOverageOn;
}

/** The cap in force at an instant; `null` is no cap. Rule O3. */
export function capAt(facts: Facts, profile: Profile, instant: Nanoseconds): Rational | null {
  let capCredits = profile.capCredits;
  for (const change of changesOf(facts, profile)) {
    if (change.at <= instant && change.capCredits !== 'as it was') capCredits = change.capCredits;
  }
  return capCredits;
}

/** U(x): the credits of these rows before x. Rule O2. */
function creditsBefore(usage: readonly Usage[], x: Nanoseconds): Rational {
  return sumOf(usage.filter((row) => row.at < x).map((row) => row.credits));
}

/** Overage credits of a seat with such an allowance, by the sum over stretches. Rules O2 and O3. */
export function overageCredits(
  facts: Facts,
  profile: Profile,
  usage: readonly Usage[],
  allowance: Rational,
  month: Month,
): Rational {
  const switches = changesOf(facts, profile).map((change) => change.at);
  const cuts = [month.start, ...switches.filter((at) => isIn(at, month)), month.end];
  const beyond = (x: Nanoseconds) => larger(minus(creditsBefore(usage, x), allowance), ZERO);
  const ofStretches = cuts.slice(1).map((b, index) => {
    const a = cuts[index] ?? month.start;
    return isOverageOn(facts, profile, a) ? minus(beyond(b), beyond(a)) : ZERO;
  });
  const caps = cuts
    .slice(0, -1)
    .filter((at) => isOverageOn(facts, profile, at))
    .map((at) => capAt(facts, profile, at));
  const uncapped = sumOf(ofStretches);
  if (caps.length === 0 || caps.includes(null)) return uncapped;
  const largest = caps.flatMap((cap) => cap ?? []).reduce(larger);
  return smaller(uncapped, largest);
}

/** Rule O4. */
export function overageLines(terms: TierTerms, credits: Rational, month: Month): ChargeLine[] {
  if (isZero(credits)) return [];
  return [
    {
      date: dateText(month, month.days),
      lineType: 'overage',
      tier: terms.name,
      quantity: exactText(credits),
      unitPrice: terms.overageRate,
      amount: rounded(times(credits, terms.overageRate), 2),
      rule: 'O4',
    },
  ];
}

/** What was neither within the allowance nor overage. Rule O5. */
export function unbilledCredits(used: Rational, allowance: Rational, overage: Rational): Rational {
  const unbilled = minus(minus(used, smaller(used, allowance)), overage);
  if (isAbove(ZERO, unbilled)) throw new Error('more overage than usage');
  return unbilled;
}
