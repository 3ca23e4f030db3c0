import { add, addAt, type Decimal, ZERO } from '../domain/decimal.ts';
import { valueAt } from '../domain/grouping.ts';
import type { Region } from '../domain/region.ts';
import { tierKey } from '../domain/tier.ts';
import { type BillColumn, isKnownOperation, isSeatLineType, type KiroLine } from './kiro-line.ts';

/** Exact sums of the rows of one kind. */
export interface RowSum {
  rows: number;
  quantity: Decimal;
  cost: Decimal;
}

/** What AWS charges one seat in one month, exact, not yet rounded. */
export interface AwsSeat {
  /** Rows that charge or refund the seat. */
  rows: number;
  subscription: Decimal;
  overage: Decimal;
  /** Fees by tier key (`proplus`); the quantity is the share of the month. */
  readonly fees: Map<string, RowSum>;
  /** Refunded fees and overage, by tier key or `credits`. */
  readonly refunds: Map<string, RowSum>;
  /** Credits within the plan, at no cost. */
  includedCredits: Decimal;
  /** Credits that were charged. */
  chargedCredits: Decimal;
  /** Discounts, credits and the like that name the user, by kind. */
  readonly adjustments: Map<string, RowSum>;
  /** All rows that name the user, by chargeback column. */
  readonly columns: Map<BillColumn, Decimal>;
  /** Operations that are neither a fee nor credits, with their cost. */
  readonly otherOperations: Map<string, RowSum>;
}

/** The seats of one account in one Region, as AWS's bill names them. */
export interface AwsAccount {
  readonly accountId: string;
  /** The Region's billing code, as in the first row. */
  readonly code: string;
  /** Blank if neither a known code nor the product's columns name it. */
  readonly region: Region;
  /** By bare user id. */
  readonly seats: Map<string, AwsSeat>;
}

/** What the seats of one account and Region share in the bill: its code stands for an unknown Region. */
export function awsAccountKey({
  accountId,
  code,
  region,
}: Pick<AwsAccount, 'accountId' | 'code' | 'region'>): string {
  return `${accountId} ${region || code}`;
}

/** Rows of one kind that name no user. */
export interface SharedCharge extends RowSum {
  /** Blank if the bill does not say. */
  readonly payerId: string;
  /** Blank if the rows belong to no account. */
  readonly accountId: string;
  readonly column: BillColumn;
  /** The name in the bridge: the line type and, if unusual, why the rows belong to no seat. */
  readonly kind: string;
}

/** Rows with a cost, of one payer's bill, that are not invoiced yet. */
interface OpenInvoice {
  readonly payerId: string;
  rows: number;
  cost: Decimal;
}

/** All Kiro rows of one month of AWS's bill. */
export class AwsBill {
  rows = 0;
  /** The sum of all rows as read, however they are classified. */
  total: Decimal = ZERO;
  /** By account and Region, or by the code if the Region is unknown. */
  readonly accounts = new Map<string, AwsAccount>();
  /** Charges that name no user, by payer, account and kind. */
  readonly shared = new Map<string, SharedCharge>();
  /** The accounts of each payer that has any row. */
  readonly accountsOfPayer = new Map<string, Set<string>>();
  /** Each currency found in rows, with the first file that has it. */
  readonly currencies = new Map<string, string>();
  /** By payer; only payers whose bill is not final. */
  readonly openInvoices = new Map<string, OpenInvoice>();
  /** Whether rows with a cost have no column that says if they are invoiced. */
  isFinalityUnknown = false;
  /** How many rows charge or refund a user, of whatever operation: such a bill has resource ids. */
  identifiedRows = 0;
  /** How many rows are a fee or credits, which should name a user, and name none. */
  unidentifiedRows = 0;

  /** Adds a row; one that costs nothing and is neither a fee nor credits is dropped. */
  add(line: KiroLine, file: string): void {
    if (line.cost.units === 0n && !isKnownOperation(line.operation)) return;
    this.rows += 1;
    this.total = add(this.total, line.cost);
    this.#noteAccount(line);
    this.#noteInvoice(line);
    if (line.currency !== '' && !this.currencies.has(line.currency)) {
      this.currencies.set(line.currency, file);
    }
    if (line.userId === '') {
      this.#addShared(line);
      return;
    }
    if (line.charge !== undefined) this.identifiedRows += 1;
    addToSeat(this.#seatOf(line), line);
  }

  /** All users that the bill names. */
  *userIds(): Generator<string> {
    for (const { seats } of this.accounts.values()) yield* seats.keys();
  }

  #noteAccount({ payerId, accountId }: KiroLine): void {
    valueAt(this.accountsOfPayer, payerId, () => new Set()).add(accountId);
  }

  #noteInvoice({ payerId, cost, isInvoiced }: KiroLine): void {
    if (cost.units === 0n || isInvoiced === true) return;
    if (isInvoiced === undefined) {
      this.isFinalityUnknown = true;
      return;
    }
    const open = valueAt(this.openInvoices, payerId, () => ({ payerId, rows: 0, cost: ZERO }));
    open.rows += 1;
    open.cost = add(open.cost, cost);
  }

  #addShared(line: KiroLine): void {
    const { payerId, accountId, column } = line;
    const kind = sharedKind(line);
    if (isSeatLine(line)) this.unidentifiedRows += 1;
    const key = JSON.stringify([payerId, accountId, column, kind]);
    const sum = valueAt(this.shared, key, () => {
      return { payerId, accountId, column, kind, ...emptySum() };
    });
    addRow(sum, line);
  }

  #seatOf(line: KiroLine): AwsSeat {
    const { accountId, code, region, userId } = line;
    const account = valueAt(this.accounts, awsAccountKey(line), () => {
      return { accountId, code, region, seats: new Map() };
    });
    return valueAt(account.seats, userId, newSeat);
  }
}

/** Whether bills have fees or credits, and none of them names a user. */
export function namesNoUser(bills: readonly AwsBill[]): boolean {
  return (
    bills.some(({ unidentifiedRows }) => unidentifiedRows > 0) &&
    bills.every(({ identifiedRows }) => identifiedRows === 0)
  );
}

/** How messages begin on a payer's bill that may still change. */
export function notFinalText(payerId: string, month: string): string {
  return `AWS's bill of ${month}${payerId === '' ? '' : ` of payer ${payerId}`} is not final`;
}

/** The accounts whose payer's bill is not final. */
export function openAccounts({ openInvoices, accountsOfPayer }: AwsBill): Set<string> {
  return new Set(
    [...openInvoices.keys()].flatMap((payerId) => [...(accountsOfPayer.get(payerId) ?? [])]),
  );
}

/** How many rows of the bill name the user in this place. */
export function rowsOf({ rows, adjustments }: AwsSeat): number {
  let all = rows;
  for (const sum of adjustments.values()) all += sum.rows;
  return all;
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
    adjustments: new Map(),
    columns: new Map(),
    otherOperations: new Map(),
  };
}

function addToSeat(seat: AwsSeat, line: KiroLine): void {
  addAt(seat.columns, line.column, line.cost);
  if (line.charge === undefined) {
    addTo(seat.adjustments, line.lineType || 'no line type', line);
    return;
  }
  seat.rows += 1;
  if (isRefund(line)) addTo(seat.refunds, tierKey(line.item), line);
  else if (!isKnownOperation(line.operation)) {
    addTo(seat.otherOperations, line.operation || '(blank)', line);
  }
  if (line.charge === 'subscription') addFee(seat, line);
  else addOverage(seat, line);
}

function addFee(seat: AwsSeat, line: KiroLine): void {
  seat.subscription = add(seat.subscription, line.cost);
  addTo(seat.fees, tierKey(line.item), line);
}

/** The quantity of an unknown operation is no credits. */
function addOverage(seat: AwsSeat, line: KiroLine): void {
  const { quantity, cost } = line;
  seat.overage = add(seat.overage, cost);
  if (!isRefund(line) && !isKnownOperation(line.operation)) return;
  if (cost.units === 0n) seat.includedCredits = add(seat.includedCredits, quantity);
  else seat.chargedCredits = add(seat.chargedCredits, quantity);
}

function isRefund({ column }: KiroLine): boolean {
  return column === 'refund';
}

/** Merges one seat found in two places of the bill. */
export function joinedSeats(a: AwsSeat, b: AwsSeat): AwsSeat {
  const columns = new Map(a.columns);
  for (const [column, cost] of b.columns) addAt(columns, column, cost);
  return {
    rows: a.rows + b.rows,
    subscription: add(a.subscription, b.subscription),
    overage: add(a.overage, b.overage),
    fees: joinedSums(a.fees, b.fees),
    refunds: joinedSums(a.refunds, b.refunds),
    includedCredits: add(a.includedCredits, b.includedCredits),
    chargedCredits: add(a.chargedCredits, b.chargedCredits),
    adjustments: joinedSums(a.adjustments, b.adjustments),
    columns,
    otherOperations: joinedSums(a.otherOperations, b.otherOperations),
  };
}

/** Merges sums by key. */
export function joinedSums(...all: readonly Iterable<readonly [string, RowSum]>[]) {
  const sums = new Map<string, RowSum>();
  for (const ofOne of all) {
    for (const [key, sum] of ofOne) addTo(sums, key, sum, sum.rows);
  }
  return sums;
}

function emptySum(): RowSum {
  return { rows: 0, quantity: ZERO, cost: ZERO };
}

type Amounts = Pick<RowSum, 'quantity' | 'cost'>;

function addTo(sums: Map<string, RowSum>, key: string, amounts: Amounts, rows = 1): void {
  addRow(valueAt(sums, key, emptySum), amounts, rows);
}

function addRow(sum: RowSum, { quantity, cost }: Amounts, rows = 1): void {
  sum.rows += rows;
  sum.quantity = add(sum.quantity, quantity);
  sum.cost = add(sum.cost, cost);
}

/** Whether a row is of a kind that should name a user: a fee or credits. */
function isSeatLine({ lineType, operation }: KiroLine): boolean {
  return isSeatLineType(lineType) && isKnownOperation(operation);
}

/** The bridge's name for a row without a user: its line type and, if unusual, why. */
function sharedKind(line: KiroLine): string {
  const { lineType, operation } = line;
  if (!isSeatLineType(lineType)) return lineType || 'no line type';
  return isKnownOperation(operation)
    ? `${lineType} without a resource id`
    : `${lineType} of operation ${operation || '(blank)'}`;
}
