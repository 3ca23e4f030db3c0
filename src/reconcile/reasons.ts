/**
 * Why AWS's charge for a seat may differ from ours: given only where the figures or our records
 * show it, in words that help the reader to act. A reason explains, it never changes an amount.
 */

import type { AwsSeat } from '../aws/aws-bill.ts';
import { livesAround, selectionsWithin } from '../billing/held-tier.ts';
import { isCapped } from '../billing/overage.ts';
import type { Seats } from '../billing/seats.ts';
import { daysOfShare } from '../billing/subscription-charges.ts';
import { decimalShown, grouped } from '../domain/counts.ts';
import { compare, type Decimal, isPositive, negate, subtract, sum } from '../domain/decimal.ts';
import { fraction, fractionOf, roundHalfAwayFromZero } from '../domain/fraction.ts';
import { groupBy } from '../domain/grouping.ts';
import { profileTitle } from '../domain/ids.ts';
import { latestOf, utcDate } from '../domain/instant.ts';
import type { MonthInvoice, SeatInvoice, Source } from '../domain/invoice.ts';
import { type Cents, centsOf, centsText, roundedShown } from '../domain/money.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import type { Verdict } from '../domain/reconciliation.ts';
import { tierKey } from '../domain/tier.ts';
import { type ComparedSeat, type Comparison, isWithin } from './comparison.ts';

/** What our records say of the seats of a month. */
export interface OurRecords {
  readonly invoice: MonthInvoice;
  /** All our seats, of any time. */
  readonly known: Seats;
  /** The accounts of payers whose bill is not final. */
  readonly openAccounts: ReadonlySet<string>;
}

/** The data from which reasons are derived, besides the seat itself. */
interface ReasonContext extends OurRecords {
  /** The seats that only one side charges, by user. */
  readonly oneSided: ReadonlyMap<string, readonly ComparedSeat[]>;
  /** The places unknown to us in which AWS charges users, by user. */
  readonly unknownPlaces: ReadonlyMap<string, string>;
  readonly tolerance: Decimal;
}

/** Finds the likely reason of a seat's difference, for which all compared seats are looked at. */
export function reasonFinder(
  { seats, unknownPlaces }: Comparison,
  { invoice, known, openAccounts }: OurRecords,
  tolerance: Decimal,
): (seat: ComparedSeat) => string {
  const oneSided = groupBy(
    seats.filter(({ verdict }) => ONE_SIDED.has(verdict)),
    ({ userId }) => userId,
  );
  const context = { oneSided, unknownPlaces, invoice, known, openAccounts, tolerance };
  return (seat) => reasonOf(seat, context);
}

/** The verdicts on seats that only one side charges. */
const ONE_SIDED: ReadonlySet<Verdict> = new Set(["only in AWS's bill", 'only in our invoice']);

/** A seat that our invoice charges: it has the terms of a tier. */
interface Charged extends ComparedSeat {
  readonly ours: SeatInvoice & { readonly terms: TierTerms };
}

/** A seat that both sides charge. */
interface TwiceCharged extends Charged {
  readonly aws: AwsSeat;
}

/** The likely reasons for a seat's difference, joined by `; `; blank if the figures show none. */
function reasonOf(seat: ComparedSeat, context: ReasonContext): string {
  switch (seat.verdict) {
    case 'match':
      return '';
    case "only in AWS's bill": {
      const ours = otherProfile(seat, 'only in our invoice', context);
      return ours === undefined
        ? onlyAws(seat, context)
        : `${ELSEWHERE}: our invoice charges it in ${ours}`;
    }
    case 'only in our invoice': {
      const theirs = otherProfile(seat, "only in AWS's bill", context);
      return theirs === undefined
        ? onlyOurs(seat as Charged, context)
        : `${ELSEWHERE}: AWS charges it in ${theirs}`;
    }
    case 'amount differs': {
      const both = seat as TwiceCharged;
      return [subscriptionReason(both, context), overageReason(both, context)]
        .filter((reason) => reason !== undefined)
        .join('; ');
    }
  }
}

const ELSEWHERE = 'seat in another profile';

/** The title of a profile in which the user's seat has the opposite verdict. */
function otherProfile(
  { userId }: ComparedSeat,
  opposite: Verdict,
  { oneSided }: ReasonContext,
): string | undefined {
  const other = oneSided.get(userId)?.find(({ verdict }) => verdict === opposite);
  return other && profileTitle(other.profile);
}

function onlyAws(seat: ComparedSeat, context: ReasonContext): string {
  const { invoice } = context;
  const charged = chargedTiers(seat, invoice);
  if (seat.ours?.pending) {
    return `never activated by our records, so pending and not charged; AWS charges ${charged}`;
  }
  const { ended, begins } = livesAround(sourcesOf(seat, context), invoice.period);
  if (ended !== undefined) {
    return `missed cancellation: by our records the seat ended on ${utcDate(ended)}; AWS still charges ${charged}`;
  }
  if (begins !== undefined) {
    return `by our records the seat starts only on ${utcDate(begins)}; AWS charges ${charged}`;
  }
  return `our records have no subscription of this user here; AWS charges ${charged}`;
}

/** All sources of a seat in our records. */
function sourcesOf({ profile, userId }: ComparedSeat, { known }: ReasonContext): readonly Source[] {
  return known.get(profile.profileId)?.get(userId)?.sources ?? [];
}

function onlyOurs(seat: Charged, context: ReasonContext): string {
  const { userId, ours, aws } = seat;
  const place = context.unknownPlaces.get(userId);
  if (place !== undefined) {
    return `seat in another profile: AWS charges it in ${place}, where none of our profiles is`;
  }
  if (isOpen(seat, context)) return `${NOT_FINAL}: AWS charges nothing yet`;
  const sources = sourcesOf(seat, context);
  const { end } = context.invoice.period;
  const ends = sources.flatMap(({ until }) => until ?? []).filter((until) => until < end);
  const ended = ends.length === sources.length ? latestOf(ends) : undefined;
  if (ended !== undefined) {
    return `cancelled within the month, on ${utcDate(ended)} by our records, so paid to its end; AWS charges nothing`;
  }
  const refunded = refundedText(aws);
  if (refunded !== undefined) return refunded;
  const has =
    aws === undefined
      ? 'AWS has no row of this seat'
      : 'AWS has rows of this seat, but charges nothing';
  if (isPositive(ours.creditsUsed)) {
    return `${has}, though our usage shows it in use (${roundedShown(ours.creditsUsed)} credits)`;
  }
  if (aws !== undefined) return has;
  return `${has}, and it was not used: perhaps canceled, or never activated`;
}

const NOT_FINAL = "AWS's bill is not final";

/** Whether the bill of the seat's payer may still grow. */
function isOpen({ profile }: ComparedSeat, { openAccounts }: ReasonContext): boolean {
  return openAccounts.has(profile.accountId);
}

/** If AWS charges less than we do, the rest may come with the final bill. */
function notFinal(
  seat: ComparedSeat,
  awsAmount: Cents,
  ourAmount: Cents,
  context: ReasonContext,
): string | undefined {
  if (awsAmount >= ourAmount || !isOpen(seat, context)) return undefined;
  return `${NOT_FINAL}: AWS charges ${grouped(centsText(awsAmount))} of ${grouped(centsText(ourAmount))} so far`;
}

/** The tiers that AWS charges, by their names on our card. */
function chargedTiers({ aws }: ComparedSeat, invoice: MonthInvoice): string {
  const tiers = positiveFees(aws).map(({ key }) => tierName(key, invoice));
  return tiers.length === 0 ? 'credits' : tiers.join(' and ');
}

interface Fee {
  readonly key: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
}

/** What AWS charges for each tier after refunds, if more than zero. */
function positiveFees(aws: AwsSeat | undefined): Fee[] {
  return [...(aws?.fees ?? [])]
    .map(([key, { quantity, cost }]) => ({ key, quantity, cost }))
    .filter(({ cost }) => isPositive(cost));
}

function tierName(key: string, { edition }: MonthInvoice): string {
  const terms = [...edition.partitions.values()].flat();
  return terms.find(({ tier }) => tierKey(tier) === key)?.tier ?? key;
}

function subscriptionReason(seat: TwiceCharged, context: ReasonContext): string | undefined {
  const { ours, aws, awsSubscription, ourSubscription } = seat;
  if (isWithin(awsSubscription - ourSubscription, context.tolerance)) return undefined;
  const open = notFinal(seat, awsSubscription, ourSubscription, context);
  if (open !== undefined) return open;
  const [fee, ...others] = positiveFees(aws);
  const { terms } = ours;
  if (fee === undefined) {
    return refundedText(aws) ?? 'we charge a subscription, and AWS charges none';
  }
  if (others.length > 0) return severalTiers(seat, context);
  if (fee.key !== tierKey(terms.tier)) return otherTier(seat, fee.key, context);
  return refundReason(seat, fee) ?? shareReason(seat, fee) ?? priceReason(fee, terms.price);
}

/** AWS charged what we charge, and refunded part of it. */
function refundReason({ aws, ourSubscription }: TwiceCharged, fee: Fee): string | undefined {
  const refund = aws.refunds.get(fee.key);
  if (refund === undefined) return undefined;
  const charged = subtract(fee.cost, refund.cost);
  return centsOf(charged) === ourSubscription ? refundedText(aws) : undefined;
}

/** What AWS refunded, of all fees and overage. */
function refundedText(aws: AwsSeat | undefined): string | undefined {
  const refunds = [...(aws?.refunds.values() ?? [])];
  if (refunds.length === 0) return undefined;
  const back = negate(sum(refunds.map(({ cost }) => cost)));
  return `refund: AWS took ${roundedShown(back)} of its charges back`;
}

function severalTiers(seat: ComparedSeat, { invoice }: ReasonContext): string {
  const charged = chargedTiers(seat, invoice);
  return `two tiers in one month: AWS charges ${charged}, without taking the lower one back`;
}

/** AWS charges another tier: maybe the one before or after a change. */
function otherTier(seat: TwiceCharged, key: string, context: ReasonContext): string {
  const { ours } = seat;
  const { invoice } = context;
  const { start, end } = invoice.period;
  const [awsTier, ourTier] = [tierName(key, invoice), ours.terms.tier];
  const isMore = seat.awsSubscription > seat.ourSubscription;
  const selections = sourcesOf(seat, context)
    .flatMap((source) => selectionsWithin(source, source.from, end))
    .filter(({ tier }) => tierKey(tier) === key);
  const wasCharged = ours.lines.some(({ tier }) => tierKey(tier) === key);
  if (wasCharged || selections.some(({ at }) => at < start)) {
    return `missed ${isMore ? 'downgrade' : 'upgrade'}: AWS still charges ${awsTier}, our invoice ${ourTier}`;
  }
  const [coming] = selections;
  if (coming !== undefined && !isMore) {
    return `downgrade of ${utcDate(coming.at)} too early: AWS charges ${awsTier} in its month already, our invoice ${ourTier}`;
  }
  return `another tier: AWS charges ${awsTier}, our invoice ${ourTier}`;
}

/** The shares of the month differ: the sides prorate the first month differently. */
function shareReason({ ours }: TwiceCharged, { quantity }: Fee): string | undefined {
  const [first] = ours.lines;
  if (first?.quantity.unit !== 'month') return undefined;
  if (!isPositive(quantity)) return undefined;
  const { days, daysInMonth } = first.quantity;
  const isUpgraded = ours.lines.some(({ lineType }) => lineType === 'refund');
  const ourDays = isUpgraded ? daysInMonth : days;
  const awsDays = daysOfShare(quantity, daysInMonth);
  if (awsDays === ourDays) return undefined;
  if (awsDays > daysInMonth) {
    return `charged more than once: AWS charges ${decimalShown(quantity, 0)} months`;
  }
  const [awsShare, ourShare] = [shareText(awsDays, daysInMonth), shareText(ourDays, daysInMonth)];
  return `first-month proration: AWS charges ${awsShare}, our invoice ${ourShare} (from ${first.date})`;
}

function shareText(days: number, daysInMonth: number): string {
  return days === daysInMonth ? 'the whole month' : `${days} of ${daysInMonth} days`;
}

/** The same tier and share at another price. */
function priceReason({ quantity, cost }: Fee, price: Decimal): string | undefined {
  const awsPrice = unitPrice(cost, quantity);
  if (awsPrice === undefined || compare(awsPrice, price) === 0) return undefined;
  return `price: AWS charges ${decimalShown(awsPrice)} a month, our rate card has ${decimalShown(price)}`;
}

/** Cost divided by quantity, to four decimals. */
function unitPrice(cost: Decimal, quantity: Decimal): Decimal | undefined {
  if (!isPositive(quantity)) return undefined;
  const [a, b] = [fractionOf(cost), fractionOf(quantity)];
  const exact = fraction(a.numerator * b.denominator, a.denominator * b.numerator);
  return { units: roundHalfAwayFromZero(exact, 4), scale: 4 };
}

function overageReason(seat: TwiceCharged, context: ReasonContext): string | undefined {
  const { ours, aws, awsOverage, ourOverage } = seat;
  if (isWithin(awsOverage - ourOverage, context.tolerance)) return undefined;
  const open = notFinal(seat, awsOverage, ourOverage, context);
  if (open !== undefined) return open;
  const operations = operationReason(seat, context);
  if (operations !== undefined) return operations;
  const isMore = awsOverage > ourOverage;
  return (
    (isMore ? (switchReason(ours, aws) ?? capReason(ours, aws)) : awsCapReason(ours, aws)) ??
    usageReason(ours, aws) ??
    rateReason(ours, aws) ??
    'the allowance: AWS takes other credits for overage than we do'
  );
}

/** AWS charges the difference for operations that are neither fees nor credits. */
function operationReason(
  { aws, awsOverage, ourOverage }: ComparedSeat,
  { tolerance }: ReasonContext,
): string | undefined {
  const others = [...(aws?.otherOperations ?? [])];
  const amount = centsOf(sum(others.map(([, { cost }]) => cost)));
  if (others.length === 0 || !isWithin(awsOverage - amount - ourOverage, tolerance)) {
    return undefined;
  }
  const names = others.map(([operation]) => operation).join(' and ');
  return `AWS charges ${grouped(centsText(amount))} for ${names}, which kiro-bill does not know`;
}

/** Overage was off on our side while credits beyond the allowance were used (O2). */
function switchReason(ours: SeatInvoice, aws: AwsSeat): string | undefined {
  if (!isPositive(ours.unbilledCredits) || isCapped(ours)) return undefined;
  const off = ours.stretches.filter(({ on }) => !on);
  if (off.length === 0) return undefined;
  const since = off.length === ours.stretches.length ? '' : ' for a time';
  return `overage off on our side${since}: ${roundedShown(ours.unbilledCredits)} credits are unbilled here, AWS charges ${roundedShown(aws.chargedCredits)} in all`;
}

/** Our cap limits the overage (O3). */
function capReason(ours: SeatInvoice, aws: AwsSeat): string | undefined {
  if (ours.capCredits === undefined || !isCapped(ours)) return undefined;
  return `cap: our data cap overage at ${roundedShown(ours.capCredits)} credits, AWS charges ${roundedShown(aws.chargedCredits)}`;
}

/** AWS metered the same credits and charged fewer of them. */
function awsCapReason(ours: SeatInvoice, aws: AwsSeat): string | undefined {
  if (usageReason(ours, aws) !== undefined) return undefined;
  if (compare(aws.chargedCredits, ours.overageCredits) >= 0) return undefined;
  const charged = roundedShown(aws.chargedCredits);
  return `cap: AWS charges ${charged} of our ${roundedShown(ours.overageCredits)} overage credits, as if overage was capped or off`;
}

/** Of a bill without the credits that cost nothing, those charged are all that can be compared. */
function usageReason(ours: SeatInvoice, aws: AwsSeat): string | undefined {
  const metered = sum([aws.includedCredits, aws.chargedCredits]);
  if (isNear(metered, ours.creditsUsed) || !isPositive(metered)) return undefined;
  if (!isPositive(aws.includedCredits)) {
    if (isNear(aws.chargedCredits, ours.overageCredits)) return undefined;
    return `usage: AWS charges ${roundedShown(aws.chargedCredits)} overage credits, our usage has ${roundedShown(ours.overageCredits)}`;
  }
  return `usage: AWS metered ${roundedShown(metered)} credits, our usage has ${roundedShown(ours.creditsUsed)}`;
}

function rateReason({ overageCredits, terms }: TwiceCharged['ours'], aws: AwsSeat) {
  if (!isNear(aws.chargedCredits, overageCredits)) return undefined;
  const rate = unitPrice(aws.overage, aws.chargedCredits);
  if (rate === undefined || compare(rate, terms.overageRate) === 0) return undefined;
  return `price: AWS charges ${decimalShown(rate)} per overage credit, our rate card has ${decimalShown(terms.overageRate)}`;
}

/** Credits are metered to 0.01. */
const NEAR: Decimal = { units: 1n, scale: 2 };

function isNear(a: Decimal, b: Decimal): boolean {
  const difference = subtract(a, b);
  const distance = difference.units < 0n ? subtract(b, a) : difference;
  return compare(distance, NEAR) <= 0;
}
