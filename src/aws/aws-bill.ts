import { add, type Decimal, ZERO } from '../domain/decimal.ts';
import { tierKey } from '../domain/tier.ts';
import { regionOfCode } from './billing-codes.ts';
import type { KiroLine } from './kiro-line.ts';

/** Exact sums over rows of one kind. */
export interface RowSum {
  rows: number;
  quantity: Decimal;
  cost: Decimal;
}

/** What AWS charges one seat in one month, exact, not yet rounded. */
export interface AwsSeat {
  rows: number;
  subscription: Decimal;
  overage: Decimal;
  /** Fees by the tier's key (`proplus`); the quantity is the share of the month. */
  readonly fees: Map<string, RowSum>;
  /** What of the fees and the overage was taken back, by the tier's key or `credits`. */
  readonly refunds: Map<string, RowSum>;
  /** Credits within the plan, which cost nothing. */
  includedCredits: Decimal;
  /** Credits that cost something. */
  chargedCredits: Decimal;
}

/** The seats of one account under one Region code, as AWS's bill names them. */
export interface AwsAccount {
  readonly accountId: string;
  readonly code: string;
  /** By bare user id. */
  readonly seats: Map<string, AwsSeat>;
}

/** All of Kiro in one month of AWS's bill. */
export class AwsBill {
  rows = 0;
  /** The sum of all rows as they came, whatever becomes of them. */
  total: Decimal = ZERO;
  readonly accounts = new Map<string, AwsAccount>();
  /** What belongs to no seat, by its kind. */
  readonly adjustments = new Map<string, RowSum>();
  /** Per currency that rows tell the file that told it first. */
  readonly currencies = new Map<string, string>();
  /** Rows that should name a seat, with a resource id and without one. */
  identifiedRows = 0;
  unidentifiedRows = 0;

  add(line: KiroLine, file: string): void {
    this.rows += 1;
    this.total = add(this.total, line.cost);
    if (line.currency !== '' && !this.currencies.has(line.currency)) {
      this.currencies.set(line.currency, file);
    }
    const kind = chargeKind(line);
    if (kind === undefined || line.userId === '') {
      addTo(this.adjustments, adjustmentKind(line, kind), line);
      if (isSeatLine(line)) this.unidentifiedRows += 1;
      return;
    }
    this.identifiedRows += 1;
    const seat = this.#seatOf(line);
    seat.rows += 1;
    if (isRefund(line)) addTo(seat.refunds, tierKey(line.item), line);
    if (kind === 'subscription') addFee(seat, line);
    else addCredits(seat, line);
  }

  /** All users whom the bill names. */
  *userIds(): Generator<string> {
    for (const { seats } of this.accounts.values()) yield* seats.keys();
  }

  /** The bill of those seats alone that pass, with what they add up to; adjustments are of no seat. */
  only(passes: (account: AwsAccount, userId: string) => boolean): AwsBill {
    const bill = new AwsBill();
    for (const [key, account] of this.accounts) {
      const seats = new Map([...account.seats].filter(([userId]) => passes(account, userId)));
      if (seats.size > 0) bill.accounts.set(key, { ...account, seats });
      for (const seat of seats.values()) {
        bill.rows += seat.rows;
        bill.total = add(bill.total, add(seat.subscription, seat.overage));
      }
    }
    return bill;
  }

  #seatOf({ accountId, code, userId }: KiroLine): AwsSeat {
    const key = `${accountId} ${regionOfCode(code) ?? code}`;
    const account = this.accounts.get(key) ?? { accountId, code, seats: new Map() };
    this.accounts.set(key, account);
    const seat = account.seats.get(userId) ?? newSeat();
    account.seats.set(userId, seat);
    return seat;
  }
}

function newSeat(): AwsSeat {
  return {
    rows: 0,
    subscription: ZERO,
    overage: ZERO,
    fees: new Map(),
    refunds: new Map(),
    includedCredits: ZERO,
    chargedCredits: ZERO,
  };
}

function addFee(seat: AwsSeat, line: KiroLine): void {
  seat.subscription = add(seat.subscription, line.cost);
  addTo(seat.fees, tierKey(line.item), line);
}

function addCredits(seat: AwsSeat, { quantity, cost }: KiroLine): void {
  seat.overage = add(seat.overage, cost);
  if (cost.units === 0n) seat.includedCredits = add(seat.includedCredits, quantity);
  else seat.chargedCredits = add(seat.chargedCredits, quantity);
}

function addTo(sums: Map<string, RowSum>, key: string, { quantity, cost }: KiroLine): void {
  const sum = sums.get(key) ?? { rows: 0, quantity: ZERO, cost: ZERO };
  sum.rows += 1;
  sum.quantity = add(sum.quantity, quantity);
  sum.cost = add(sum.cost, cost);
  sums.set(key, sum);
}

/** The line types that charge seats; all others adjust the bill as a whole. */
const SEAT_LINE_TYPES = new Set(['flatratesubscription', 'usage']);

function isSeatLine({ lineType }: KiroLine): boolean {
  return SEAT_LINE_TYPES.has(lineType.toLowerCase());
}

function isRefund({ lineType }: KiroLine): boolean {
  return lineType.toLowerCase() === 'refund';
}

type ChargeKind = 'subscription' | 'overage';

/**
 * What a row charges a seat for; nothing for a row that charges none. A refund belongs to
 * a seat where it names one, which `add` sees to.
 */
function chargeKind(line: KiroLine): ChargeKind | undefined {
  if (!isSeatLine(line) && !isRefund(line)) return undefined;
  const operation = line.operation.toLowerCase();
  if (operation === 'monthly-subscription') return 'subscription';
  if (operation === 'credits') return 'overage';
  if (!isRefund(line)) return undefined;
  // A refund that does not tell its operation tells by the usage type what it takes back.
  return tierKey(line.item) === CREDITS_ITEM ? 'overage' : 'subscription';
}

/** The item of usage types that are overage, as the key of a tier. */
const CREDITS_ITEM = 'credits';

/** How the bridge calls a row that belongs to no seat: its line type, and why where that is odd. */
function adjustmentKind(line: KiroLine, kind: ChargeKind | undefined): string {
  if (!isSeatLine(line)) return line.lineType || 'no line type';
  if (kind === undefined) return `${line.lineType} of operation ${line.operation || '(blank)'}`;
  return `${line.lineType} without a resource id`;
}
