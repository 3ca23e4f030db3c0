import { type AwsSeat, awsAccountKey, joinedSums, type RowSum } from '../aws/aws-bill.ts';
import { add, compare, type Decimal, sum, ZERO } from '../domain/decimal.ts';
import { groupBy, valueAt } from '../domain/grouping.ts';
import { type MonthInvoice, type SeatInvoice, totalOf } from '../domain/invoice.ts';
import { absoluteCents, type Cents, centsOf, decimalOfCents, sumCents } from '../domain/money.ts';
import type { BillStep, BothSides, SeatComparison, Verdict } from '../domain/reconciliation.ts';
import type { Profile, User } from '../domain/records.ts';
import { seatKey } from '../domain/seat-key.ts';
import { byKeys, compareBytes, compareKeys } from '../domain/text-order.ts';
import {
  billOfSeats,
  type PlacedBill,
  type PlacedSeat,
  placeName,
  type SeatFilter,
} from './placed-bill.ts';

/** One seat that either side charges, with both sides. */
export interface ComparedSeat extends SeatComparison {
  /** Missing if our data have neither a seat nor usage of the user here. */
  readonly ours?: SeatInvoice | undefined;
  /** Missing if AWS's bill has no row of the seat. */
  readonly aws?: AwsSeat | undefined;
}

export interface Comparison {
  /** All seats that either side charges, by account, profile and user. */
  readonly seats: readonly ComparedSeat[];
  /** The steps from our total to AWS's; the amounts add up. */
  readonly bridge: readonly BillStep[];
  /** Users that AWS charges in an account or Region unknown to us: `999988887777 USE1`, by user. */
  readonly unknownPlaces: ReadonlyMap<string, string>;
}

/** The data to compare, and the tolerance. */
interface ReconciliationInput {
  readonly invoice: MonthInvoice;
  readonly bill: PlacedBill;
  readonly users: ReadonlyMap<string, User>;
  /** The largest difference at which two amounts still match. */
  readonly tolerance: Decimal;
}

/**
 * Compares our invoice with AWS's bill, seat by seat, with the bridge between their totals; only
 * the seats that pass, on both sides, where a filter is given.
 */
export function compareBills(all: ReconciliationInput, passes?: SeatFilter): Comparison {
  const input = passes === undefined ? all : seatsThat(all, passes);
  const pairs = seatPairs(input);
  const seats = pairs
    .map((pair) => comparedSeat(pair, input))
    .filter(isCharged)
    .sort(byKey);
  return { seats, bridge: bridgeOf(input, seats), unknownPlaces: unknownPlaces(input.bill) };
}

function seatsThat(input: ReconciliationInput, passes: SeatFilter): ReconciliationInput {
  const seats = input.invoice.seats.filter(({ profile, userId }) =>
    passes(profile.profileId, userId),
  );
  const bill = billOfSeats(input.bill, passes);
  return { ...input, invoice: { ...input.invoice, seats }, bill };
}

/** The two sides of one seat. */
interface SeatPair {
  readonly profile: Profile;
  readonly userId: string;
  ours?: SeatInvoice;
  aws?: AwsSeat;
}

function seatPairs({ invoice, bill }: ReconciliationInput): SeatPair[] {
  const pairs = new Map<string, SeatPair>();
  const pairAt = (profile: Profile, userId: string): SeatPair =>
    valueAt(pairs, seatKey(profile.profileId, userId), () => ({ profile, userId }));
  for (const seat of invoice.seats) pairAt(seat.profile, seat.userId).ours = seat;
  for (const { profile, userId, aws } of bill.seats) {
    if (profile !== undefined) pairAt(profile, userId).aws = aws;
  }
  return [...pairs.values()];
}

function unknownPlaces({ seats }: PlacedBill): Map<string, string> {
  const unknown = seats.filter(({ profile }) => profile === undefined);
  return new Map(unknown.map((seat) => [seat.userId, placeName(seat)]));
}

/** Rows of AWS's bill that belong to none of our profiles, by account and code. */
function unknownSteps({ seats }: PlacedBill): BillStep[] {
  const unknown = seats.filter(({ profile }) => profile === undefined);
  return [...groupBy(unknown, awsAccountKey).values()]
    .sort(([a], [b]) => compareKeys([a.accountId, a.code], [b.accountId, b.code]))
    .map((ofPlace) => {
      const rows = ofPlace.reduce((count, { aws }) => count + aws.rows, 0);
      const amount = centsOf(sum(ofPlace.map(({ aws }) => costOf(aws))));
      return { item: 'unknown', detail: unknownText(ofPlace[0]), rows, amount };
    });
}

/** `999988887777 USE1`, and what is unknown about it. */
function unknownText(seat: PlacedSeat): string {
  const { region, unknown = 'code' } = seat;
  const what = {
    account: 'no profile of ours is in this account',
    region: `no profile of ours is in this account and Region (${region})`,
    code: 'the Region is unknown: neither the code nor a product column names one that is known',
  }[unknown];
  return `${placeName(seat)}: ${what}`;
}

function costOf({ subscription, overage }: AwsSeat): Decimal {
  return add(subscription, overage);
}

/** Charges of the bill that are not a seat's, by kind, including rows that name a user. */
function adjustmentsOf({ shared, seats }: PlacedBill): ReadonlyMap<string, RowSum> {
  return joinedSums(
    shared.map((charge) => [charge.kind, charge] as const),
    ...seats.map(({ aws }) => aws.adjustments),
  );
}

function comparedSeat(pair: SeatPair, input: ReconciliationInput): ComparedSeat {
  const { profile, userId, ours, aws } = pair;
  const ourSubscription = ours?.subscriptionCharge ?? 0n;
  const ourOverage = ours?.overageCharge ?? 0n;
  const awsSubscription = centsOf(aws?.subscription ?? ZERO);
  const awsOverage = centsOf(aws?.overage ?? ZERO);
  const amounts = { ourSubscription, awsSubscription, ourOverage, awsOverage };
  return {
    profile,
    userId,
    userName: ours?.userName || input.users.get(userId)?.name || '',
    ours,
    aws,
    ...amounts,
    difference: awsSubscription - ourSubscription + (awsOverage - ourOverage),
    verdict: verdictOf(amounts, input.tolerance),
  };
}

function verdictOf(
  { ourSubscription, awsSubscription, ourOverage, awsOverage }: Omit<BothSides, 'difference'>,
  tolerance: Decimal,
): Verdict {
  const isMatch =
    isWithin(awsSubscription - ourSubscription, tolerance) &&
    isWithin(awsOverage - ourOverage, tolerance);
  if (isMatch) return 'match';
  if (!charges(ourSubscription, ourOverage)) return "only in AWS's bill";
  return charges(awsSubscription, awsOverage) ? 'amount differs' : 'only in our invoice';
}

/** Whether a difference is at most the tolerance. */
export function isWithin(difference: Cents, tolerance: Decimal): boolean {
  return compare(decimalOfCents(absoluteCents(difference)), tolerance) <= 0;
}

function charges(subscription: Cents, overage: Cents): boolean {
  return subscription !== 0n || overage !== 0n;
}

function isCharged(seat: ComparedSeat): boolean {
  return (
    charges(seat.ourSubscription, seat.ourOverage) || charges(seat.awsSubscription, seat.awsOverage)
  );
}

function byKey(a: ComparedSeat, b: ComparedSeat): number {
  return (
    compareBytes(a.profile.accountId, b.profile.accountId) ||
    compareBytes(a.profile.profileId, b.profile.profileId) ||
    compareBytes(a.userId, b.userId)
  );
}

/**
 * The steps from our total to that of AWS, which is the exact sum of all rows, rounded once.
 * `rounding`: that sum, less the same figures rounded group by group. `unexplained`: what no step
 * before explains: 0.00, or a bug in kiro-bill itself.
 */
function bridgeOf(
  { invoice, bill }: ReconciliationInput,
  seats: readonly ComparedSeat[],
): BillStep[] {
  const adjustments = adjustmentsOf(bill);
  const ofNoSeat = [
    ...unknownSteps(bill),
    ...byKeys(adjustments).map(([detail, { rows, cost }]): BillStep => {
      return { item: 'adjustment', detail, rows, amount: centsOf(cost) };
    }),
  ];
  const exact = sum([
    ...bill.seats.map(({ aws }) => costOf(aws)),
    ...[...adjustments.values()].map(({ cost }) => cost),
  ]);
  const figures = sumCents(seats.flatMap((seat) => [seat.awsSubscription, seat.awsOverage]));
  const charged = invoice.seats.filter(({ totalCharge }) => totalCharge !== 0n);
  const steps: BillStep[] = [
    {
      item: 'our_total',
      rows: charged.length,
      amount: totalOf(invoice),
    },
    {
      item: 'differences',
      rows: differingSeats(seats).length,
      amount: sumCents(seats.map(({ difference }) => difference)),
    },
    ...ofNoSeat,
    { item: 'rounding', amount: centsOf(exact) - figures - amountOf(ofNoSeat) },
  ];
  const total = centsOf(bill.total);
  return [
    ...steps,
    { item: 'aws_total', rows: bill.rows, amount: total },
    { item: 'unexplained', amount: total - amountOf(steps) },
  ];
}

function amountOf(steps: readonly BillStep[]): Cents {
  return sumCents(steps.map(({ amount }) => amount));
}

/** The seats that do not match. */
export function differingSeats<Seat extends SeatComparison>(seats: readonly Seat[]): Seat[] {
  return seats.filter(({ verdict }) => verdict !== 'match');
}

/** The seats sorted by the size of the difference, the largest first. */
export function greatestFirst<Seat extends SeatComparison>(seats: readonly Seat[]): Seat[] {
  const sizeOf = ({ difference }: Seat): Cents => absoluteCents(difference);
  return seats.toSorted((a, b) => Number(sizeOf(b) - sizeOf(a)));
}

/** Whether there is something to check: a difference, or rows of users or places unknown to us. */
export function hasFindings({
  seats,
  bridge,
}: { readonly seats: readonly SeatComparison[] } & Pick<Comparison, 'bridge'>): boolean {
  const isFinding = ({ item, amount }: BillStep): boolean =>
    item === 'unknown' || (item === 'unexplained' && amount !== 0n);
  return bridge.some(isFinding) || differingSeats(seats).length > 0;
}
