import type { AwsAccount, AwsBill, AwsSeat } from '../aws/aws-bill.ts';
import { regionOfCode } from '../aws/billing-codes.ts';
import { add, compare, type Decimal, ZERO } from '../domain/decimal.ts';
import { fractionOf } from '../domain/fraction.ts';
import type { MonthInvoice, SeatInvoice } from '../domain/invoice.ts';
import { type Cents, roundToCents, sumCents } from '../domain/money.ts';
import type { Profile, User } from '../domain/records.ts';
import { seatKey } from '../domain/seat-key.ts';
import { compareBytes } from '../domain/text-order.ts';

export type Verdict = 'match' | 'amount differs' | "only in AWS's bill" | 'only in our invoice';

/** One seat that either side charges, with what each side charges it. */
export interface ComparedSeat {
  readonly profile: Profile;
  readonly userId: string;
  readonly userName: string;
  /** Missing where our data have neither a seat nor usage of the user here. */
  readonly ours?: SeatInvoice;
  /** Missing where AWS's bill has no row of the seat. */
  readonly aws?: AwsSeat;
  readonly ourSubscription: Cents;
  readonly awsSubscription: Cents;
  readonly ourOverage: Cents;
  readonly awsOverage: Cents;
  /** AWS's minus ours. */
  readonly difference: Cents;
  readonly verdict: Verdict;
}

/** Rows of AWS's bill that belong to no profile of ours. */
export interface UnknownAccount {
  readonly accountId: string;
  readonly code: string;
  readonly why: 'account' | 'region' | 'code';
  readonly rows: number;
  readonly amount: Cents;
}

/** Rows of AWS's bill that belong to no seat, of one kind. */
export interface Adjustment {
  readonly kind: string;
  readonly rows: number;
  readonly amount: Cents;
}

/** The way from our total to AWS's; the amounts add up. */
export interface Bridge {
  readonly ourTotal: Cents;
  /** How many seats of ours are charged. */
  readonly ourSeats: number;
  /** The sum of the compared seats' differences. */
  readonly differences: Cents;
  readonly unknown: readonly UnknownAccount[];
  readonly adjustments: readonly Adjustment[];
  /** What AWS's exact sums are beyond their figures rounded group by group. */
  readonly rounding: Cents;
  /** The exact sum of all rows, rounded once. */
  readonly awsTotal: Cents;
  readonly awsRows: number;
  /** What no line above explains: 0.00, or a fault of kiro-bill's own. */
  readonly unexplained: Cents;
}

export interface Comparison {
  /** All seats that either side charges, by account, profile and user. */
  readonly seats: readonly ComparedSeat[];
  readonly bridge: Bridge;
  /** Users whom AWS charges in an account or Region that is unknown to us: `999988887777 USE1`, by user. */
  readonly unknownPlaces: ReadonlyMap<string, string>;
}

/** What is compared, and how exactly. */
export interface ReconciliationInput {
  readonly invoice: MonthInvoice;
  readonly bill: AwsBill;
  readonly profiles: readonly Profile[];
  readonly users: ReadonlyMap<string, User>;
  /** How far apart two amounts may be and still match. */
  readonly tolerance: Decimal;
}

/** Our invoice against AWS's bill, seat by seat, and the bridge between their totals. */
export function compareBills(input: ReconciliationInput): Comparison {
  const matched = matchedSeats(input);
  const compared = matched.pairs.map((pair) => comparedSeat(pair, input));
  const seats = compared.filter(isCharged).sort(byKey);
  const { unknownPlaces } = matched;
  return { seats, bridge: bridgeOf(input, seats, matched), unknownPlaces };
}

/** The same of those seats alone that pass, by profile (blank for one unknown to us) and user, on both sides. */
export function compareSeats(
  input: ReconciliationInput,
  passes: (profileId: string, userId: string) => boolean,
): Comparison {
  const seats = input.invoice.seats.filter(({ profile, userId }) =>
    passes(profile.profileId, userId),
  );
  const bill = input.bill.only((account, userId) => {
    const profile = profileOf(account, input.profiles);
    return passes(typeof profile === 'string' ? '' : profile.profileId, userId);
  });
  return compareBills({ ...input, invoice: { ...input.invoice, seats }, bill });
}

/** The two sides of one seat. */
interface SeatPair {
  readonly profile: Profile;
  readonly userId: string;
  ours?: SeatInvoice;
  aws?: AwsSeat;
}

interface UnknownRows {
  readonly unknown: Omit<UnknownAccount, 'amount'>;
  readonly cost: Decimal;
}

interface MatchedSeats {
  readonly pairs: readonly SeatPair[];
  readonly unknown: readonly UnknownRows[];
  readonly unknownPlaces: ReadonlyMap<string, string>;
}

function matchedSeats({ invoice, bill, profiles }: ReconciliationInput): MatchedSeats {
  const pairs = new Map<string, SeatPair>();
  const pairAt = (profile: Profile, userId: string): SeatPair => {
    const key = seatKey(profile.profileId, userId);
    const pair = pairs.get(key) ?? { profile, userId };
    pairs.set(key, pair);
    return pair;
  };
  for (const seat of invoice.seats) pairAt(seat.profile, seat.userId).ours = seat;
  const unknown: UnknownRows[] = [];
  const unknownPlaces = new Map<string, string>();
  for (const account of bill.accounts.values()) {
    const profile = profileOf(account, profiles);
    if (typeof profile === 'string') {
      unknown.push(unknownRows(account, profile));
      const place = `${account.accountId} ${account.code}`;
      for (const userId of account.seats.keys()) unknownPlaces.set(userId, place);
    } else for (const [userId, aws] of account.seats) pairAt(profile, userId).aws = aws;
  }
  return { pairs: [...pairs.values()], unknown, unknownPlaces };
}

/** The profile of an account and Region code, or what of the two is unknown to us. */
function profileOf(
  { accountId, code }: AwsAccount,
  profiles: readonly Profile[],
): Profile | UnknownAccount['why'] {
  const region = regionOfCode(code);
  if (region === undefined) return 'code';
  const ofAccount = profiles.filter((profile) => profile.accountId === accountId);
  if (ofAccount.length === 0) return 'account';
  return ofAccount.find((profile) => profile.region === region) ?? 'region';
}

function unknownRows({ accountId, code, seats }: AwsAccount, why: UnknownAccount['why']) {
  let rows = 0;
  let cost = ZERO;
  for (const seat of seats.values()) {
    rows += seat.rows;
    cost = add(cost, costOf(seat));
  }
  return { unknown: { accountId, code, why, rows }, cost };
}

function costOf({ subscription, overage }: AwsSeat): Decimal {
  return add(subscription, overage);
}

/** An exact sum, rounded to cents. Rule M2. */
function rounded(cost: Decimal): Cents {
  return roundToCents(fractionOf(cost));
}

function comparedSeat(pair: SeatPair, input: ReconciliationInput): ComparedSeat {
  const { profile, userId, ours, aws } = pair;
  const ourSubscription = ours?.subscriptionCharge ?? 0n;
  const ourOverage = ours?.overageCharge ?? 0n;
  const awsSubscription = rounded(aws?.subscription ?? ZERO);
  const awsOverage = rounded(aws?.overage ?? ZERO);
  const amounts = { ourSubscription, awsSubscription, ourOverage, awsOverage };
  return {
    profile,
    userId,
    userName: ours?.userName || input.users.get(userId)?.name || '',
    ...(ours === undefined ? {} : { ours }),
    ...(aws === undefined ? {} : { aws }),
    ...amounts,
    difference: awsSubscription - ourSubscription + (awsOverage - ourOverage),
    verdict: verdictOf(amounts, input.tolerance),
  };
}

type Amounts = Pick<
  ComparedSeat,
  'ourSubscription' | 'awsSubscription' | 'ourOverage' | 'awsOverage'
>;

function verdictOf(amounts: Amounts, tolerance: Decimal): Verdict {
  const { ourSubscription, awsSubscription, ourOverage, awsOverage } = amounts;
  const isMatch =
    isWithin(awsSubscription - ourSubscription, tolerance) &&
    isWithin(awsOverage - ourOverage, tolerance);
  if (isMatch) return 'match';
  if (!charges(ourSubscription, ourOverage)) return "only in AWS's bill";
  return charges(awsSubscription, awsOverage) ? 'amount differs' : 'only in our invoice';
}

/** Whether a difference is at most the tolerance. */
export function isWithin(difference: Cents, tolerance: Decimal): boolean {
  const distance = difference < 0n ? -difference : difference;
  return compare({ units: distance, scale: 2 }, tolerance) <= 0;
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

function bridgeOf(
  { invoice, bill }: ReconciliationInput,
  seats: readonly ComparedSeat[],
  { pairs, unknown: unknownRowsFound }: MatchedSeats,
): Bridge {
  const unknown = unknownRowsFound
    .map(({ unknown: found, cost }) => ({ ...found, amount: rounded(cost) }))
    .sort((a, b) => compareBytes(a.accountId, b.accountId) || compareBytes(a.code, b.code));
  const adjustments = [...bill.adjustments]
    .map(([kind, { rows, cost }]) => ({ kind, rows, amount: rounded(cost) }))
    .sort((a, b) => compareBytes(a.kind, b.kind));
  const exact = [
    ...pairs.map(({ aws }) => (aws === undefined ? ZERO : costOf(aws))),
    ...unknownRowsFound.map(({ cost }) => cost),
    ...[...bill.adjustments.values()].map(({ cost }) => cost),
  ].reduce(add, ZERO);
  const figures = sumCents([
    ...seats.flatMap(({ awsSubscription, awsOverage }) => [awsSubscription, awsOverage]),
    ...[...unknown, ...adjustments].map(({ amount }) => amount),
  ]);
  const ourTotal = sumCents(invoice.seats.map(({ totalCharge }) => totalCharge));
  const differences = sumCents(seats.map(({ difference }) => difference));
  const rounding = rounded(exact) - figures;
  const others = sumCents([...unknown, ...adjustments].map(({ amount }) => amount));
  const awsTotal = rounded(bill.total);
  return {
    ourTotal,
    ourSeats: invoice.seats.filter(({ totalCharge }) => totalCharge !== 0n).length,
    differences,
    unknown,
    adjustments,
    rounding,
    awsTotal,
    awsRows: bill.rows,
    unexplained: awsTotal - (ourTotal + differences + others + rounding),
  };
}
