import type { ChargeLine } from '../domain/charge-line.ts';
import { add, type Decimal, decimalText, ZERO } from '../domain/decimal.ts';
import { fraction, roundHalfAwayFromZero } from '../domain/fraction.ts';
import { groupBy } from '../domain/grouping.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { Cell, Column, ColumnKind, Row, Sheet } from '../domain/sheet.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { View } from '../domain/view.ts';

/** A column of a view, with how a row's cell is found. */
interface ColumnOf<Item> extends Column {
  readonly cell: (item: Item, invoice: MonthInvoice) => Cell;
}

function column<Item>(
  name: string,
  kind: ColumnKind,
  cell: (item: Item, invoice: MonthInvoice) => Cell,
): ColumnOf<Item> {
  const adds =
    kind === 'count' || kind === 'money' || (kind === 'credits' && name !== 'credits_included');
  return { name, kind, cell, adds };
}

/** Sums over whole seats; the seats of a roll-up are never split. */
interface SeatSums {
  readonly seats: number;
  readonly subscriptionCharge: Cents;
  readonly creditsUsed: Decimal;
  readonly overageCredits: Decimal;
  readonly unbilledCredits: Decimal;
  readonly overageCharge: Cents;
  readonly totalCharge: Cents;
}

interface RollUp extends SeatSums {
  readonly key: string;
  readonly first: SeatInvoice;
}

interface SeatLine {
  readonly seat: SeatInvoice;
  readonly line: ChargeLine;
}

function month<Item>(): ColumnOf<Item> {
  return column('month', 'text', (_, { period }) => period.month);
}

function currency<Item>(): ColumnOf<Item> {
  return column('currency', 'text', (_, { edition }) => edition.currency);
}

const USER_COLUMNS: readonly ColumnOf<SeatInvoice>[] = [
  month(),
  column('profile_id', 'text', ({ profile }) => profile.profileId),
  column('account_id', 'text', ({ profile }) => profile.accountId),
  column('region', 'text', ({ profile }) => profile.region),
  column('user_id', 'text', ({ userId }) => userId),
  column('user_name', 'text', ({ userName }) => userName),
  column('tier', 'text', ({ terms }) => terms?.tier ?? ''),
  column('subscription_charge', 'money', (seat) => seat.subscriptionCharge),
  column('credits_used', 'credits', (seat) => seat.creditsUsed),
  column('credits_included', 'credits', (seat) => seat.allowanceCredits),
  column('overage_credits', 'credits', (seat) => seat.overageCredits),
  column('unbilled_credits', 'credits', (seat) => seat.unbilledCredits),
  column('overage_charge', 'money', (seat) => seat.overageCharge),
  column('total_charge', 'money', (seat) => seat.totalCharge),
  currency(),
];

const SUM_COLUMNS: readonly ColumnOf<RollUp>[] = [
  column('seats', 'count', ({ seats }) => seats),
  column('subscription_charge', 'money', (sums) => sums.subscriptionCharge),
  column('credits_used', 'credits', (sums) => sums.creditsUsed),
  column('overage_credits', 'credits', (sums) => sums.overageCredits),
  column('unbilled_credits', 'credits', (sums) => sums.unbilledCredits),
  column('overage_charge', 'money', (sums) => sums.overageCharge),
  column('total_charge', 'money', (sums) => sums.totalCharge),
  currency(),
];

const PROFILE_COLUMNS: readonly ColumnOf<RollUp>[] = [
  month(),
  column('profile_id', 'text', ({ key }) => key),
  column('account_id', 'text', ({ first }) => first.profile.accountId),
  column('region', 'text', ({ first }) => first.profile.region),
  column('profile_name', 'text', ({ first }) => first.profile.name),
  ...SUM_COLUMNS,
];

const LINE_COLUMNS: readonly ColumnOf<SeatLine>[] = [
  month(),
  column('profile_id', 'text', ({ seat }) => seat.profile.profileId),
  column('user_id', 'text', ({ seat }) => seat.userId),
  column('date', 'date', ({ line }) => line.date),
  column('line_type', 'text', ({ line }) => line.lineType),
  column('tier', 'text', ({ line }) => line.tier),
  column('quantity', 'quantity', ({ line }) => quantityText(line)),
  column('unit_price', 'price', ({ line }) => line.unitPrice),
  column('amount', 'money', ({ line }) => line.amount),
  currency(),
  column('rule', 'text', ({ line }) => line.rule),
];

type RollUpView = Exclude<View, 'user' | 'line'>;

/** What each roll-up goes by: its column and a seat's key. */
const ROLL_UPS: Readonly<Record<RollUpView, [name: string, keyOf: (seat: SeatInvoice) => string]>> =
  {
    profile: ['profile_id', ({ profile }) => profile.profileId],
    account: ['account_id', ({ profile }) => profile.accountId],
    region: ['region', ({ profile }) => profile.region],
    tier: ['tier', ({ terms }) => terms?.tier ?? ''],
    cost_center: ['cost_center', ({ costCenter }) => costCenter],
    group: ['group_id', ({ groupId }) => groupId],
  };

/** The column names of a view, in their order. */
export function viewColumns(view: View): readonly Column[] {
  return columnsOf(view);
}

function columnsOf(view: View): readonly Column[] {
  if (view === 'user') return USER_COLUMNS;
  if (view === 'line') return LINE_COLUMNS;
  return rollUpColumns(view);
}

function rollUpColumns(view: RollUpView): readonly ColumnOf<RollUp>[] {
  if (view === 'profile') return PROFILE_COLUMNS;
  return [month(), column(ROLL_UPS[view][0], 'text', ({ key }) => key), ...SUM_COLUMNS];
}

/**
 * One invoice, seen by `view`: a grouping of the same lines, rows sorted by the bytes of
 * their keys. Amounts are added here, never computed a second time. Rule M2.
 */
export function invoiceSheet(invoice: MonthInvoice, view: View): Sheet {
  const seats = invoice.seats.filter(isBilledOrUsed);
  if (view === 'user') return sheetOf(invoice, USER_COLUMNS, seats);
  if (view === 'line') {
    const lines = seats.flatMap((seat) => seat.lines.map((line) => ({ seat, line })));
    return sheetOf(invoice, LINE_COLUMNS, lines);
  }
  return sheetOf(invoice, rollUpColumns(view), rollUps(seats, ROLL_UPS[view][1]));
}

function rollUps(seats: readonly SeatInvoice[], keyOf: (seat: SeatInvoice) => string): RollUp[] {
  return [...groupBy(seats, keyOf)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([key, ofKey]) => ({ key, first: ofKey[0], ...seatSums(ofKey) }));
}

function seatSums(seats: readonly SeatInvoice[]): SeatSums {
  let sums: SeatSums = {
    seats: 0,
    subscriptionCharge: 0n,
    creditsUsed: ZERO,
    overageCredits: ZERO,
    unbilledCredits: ZERO,
    overageCharge: 0n,
    totalCharge: 0n,
  };
  for (const seat of seats) {
    sums = {
      seats: sums.seats + (seat.terms === undefined ? 0 : 1),
      subscriptionCharge: sums.subscriptionCharge + seat.subscriptionCharge,
      creditsUsed: add(sums.creditsUsed, seat.creditsUsed),
      overageCredits: add(sums.overageCredits, seat.overageCredits),
      unbilledCredits: add(sums.unbilledCredits, seat.unbilledCredits),
      overageCharge: sums.overageCharge + seat.overageCharge,
      totalCharge: sums.totalCharge + seat.totalCharge,
    };
  }
  return sums;
}

function sheetOf<Item>(
  invoice: MonthInvoice,
  columns: readonly ColumnOf<Item>[],
  items: readonly Item[],
): Sheet {
  const rows = items.map((item) => columns.map(({ cell }) => cell(item, invoice)));
  return {
    month: invoice.period.month,
    currency: invoice.edition.currency,
    columns,
    rows,
    totals: totalsOf(columns, rows),
  };
}

/** The sum of each column that adds up, over the given rows; exact. Rule M2. */
export function totalsOf(columns: readonly Column[], rows: readonly Row[]): Row {
  return columns.map((c, index) =>
    columnTotal(
      c,
      rows.map((row) => row[index]),
    ),
  );
}

function columnTotal({ kind, adds }: Column, cells: readonly Cell[]): Cell {
  if (!adds) return undefined;
  if (kind === 'money') return (cells as Cents[]).reduce((total, cents) => total + cents, 0n);
  if (kind === 'count') return (cells as number[]).reduce((total, count) => total + count, 0);
  return (cells as Decimal[]).reduce(add, ZERO);
}

/** `1`, the prorated fraction with six decimals, minus what is refunded, or the overage credits. */
function quantityText({ quantity }: ChargeLine): string {
  if (quantity.unit === 'credits') return decimalText(quantity.credits);
  const { sign, days, daysInMonth } = quantity;
  if (days === daysInMonth) return String(sign);
  const millionths = roundHalfAwayFromZero(fraction(sign * days, daysInMonth), 6);
  return decimalText({ units: millionths, scale: 6 }, 6);
}
