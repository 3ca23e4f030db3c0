import type { AmazonQCharge } from '../aws/read-cur.ts';
import { fractionOf } from '../domain/fraction.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { type Cents, roundToCents } from '../domain/money.ts';
import type { User } from '../domain/records.ts';
import { seatKeyOf } from '../domain/seat-key.ts';
import type { Cell, Column, ColumnKind, Row, Sheet } from '../domain/sheet.ts';
import { compareBytes } from '../domain/text-order.ts';
import { placeName } from './placed-bill.ts';
import { type ReasonContext, reasonOf } from './reasons.ts';
import type { Bridge, ComparedSeat, Comparison, UnknownAccount } from './reconcile.ts';

function column(name: string, kind: ColumnKind): Column {
  return { name, kind, adds: kind === 'money' };
}

/** The columns of the reconciliation. */
export const SEAT_COLUMNS: readonly Column[] = [
  column('month', 'text'),
  column('account_id', 'text'),
  column('profile_id', 'text'),
  column('user_id', 'text'),
  column('user_name', 'text'),
  column('our_subscription', 'money'),
  column('aws_subscription', 'money'),
  column('our_overage', 'money'),
  column('aws_overage', 'money'),
  column('difference', 'money'),
  column('verdict', 'text'),
  column('reason', 'text'),
  column('aws_net_charge', 'money'),
];

/** The total chargeback of a seat, by its key. */
export type NetCharges = ReadonlyMap<string, Cents>;

/** A row per compared seat, sorted by key; the context has all seats, to derive reasons from. */
export function seatSheet(
  { seats }: Comparison,
  context: ReasonContext,
  netCharges: NetCharges,
): Sheet {
  const { invoice } = context;
  const rows = seats.map((seat) =>
    seatRow(seat, reasonOf(seat, context), netCharges.get(seatKeyOf(seat)) ?? 0n, invoice),
  );
  return sheetOf(invoice, SEAT_COLUMNS, rows);
}

function seatRow(
  seat: ComparedSeat,
  reason: string,
  netCharge: Cents,
  { period }: MonthInvoice,
): Row {
  return [
    period.month,
    seat.profile.accountId,
    seat.profile.profileId,
    seat.userId,
    seat.userName,
    seat.ourSubscription,
    seat.awsSubscription,
    seat.ourOverage,
    seat.awsOverage,
    seat.difference,
    seat.verdict,
    reason,
    netCharge,
  ];
}

/** The rows that do not match, with totals of their own. */
export function differencesOf(sheet: Sheet): Sheet {
  const verdict = sheet.columns.findIndex(({ name }) => name === 'verdict');
  const rows = sheet.rows.filter((row) => row[verdict] !== 'match');
  return { ...sheet, rows, totals: totalsOf(sheet.columns, rows) };
}

/** The rows sorted by the size of the difference, the largest first. */
export function greatestFirst(sheet: Sheet): Sheet {
  const at = sheet.columns.findIndex(({ name }) => name === 'difference');
  const sizeOf = (row: Row): bigint => {
    const difference = row[at] as bigint;
    return difference < 0n ? -difference : difference;
  };
  const rows = [...sheet.rows].sort((a, b) => Number(sizeOf(b) - sizeOf(a)));
  return { ...sheet, rows };
}

const BRIDGE_COLUMNS: readonly Column[] = [
  column('item', 'text'),
  column('detail', 'text'),
  column('rows', 'count'),
  { name: 'amount', kind: 'money', adds: false },
];

/**
 * The steps from our total to AWS's, one row each. `item` is `our_total`, `differences`,
 * `unknown`, `adjustment`, `rounding`, `aws_total` or `unexplained`; `rows` counts seats in the
 * first two and rows of AWS's bill in the others.
 */
export function bridgeSheet({ bridge, seats }: Comparison, invoice: MonthInvoice): Sheet {
  const differing = seats.filter(({ verdict }) => verdict !== 'match').length;
  const rows: Row[] = [
    ['our_total', '', bridge.ourSeats, bridge.ourTotal],
    ['differences', '', differing, bridge.differences],
    ...bridge.unknown.map((unknown) => [
      'unknown',
      unknownText(unknown),
      unknown.rows,
      unknown.amount,
    ]),
    ...bridge.adjustments.map(({ kind, rows: count, amount }) => [
      'adjustment',
      kind,
      count,
      amount,
    ]),
    ['rounding', '', undefined, bridge.rounding],
    ['aws_total', '', bridge.awsRows, bridge.awsTotal],
    ['unexplained', '', undefined, bridge.unexplained],
  ];
  return sheetOf(invoice, BRIDGE_COLUMNS, rows);
}

const AMAZON_Q_COLUMNS: readonly Column[] = [
  column('account_id', 'text'),
  column('user_id', 'text'),
  column('user_name', 'text'),
  column('rows', 'count'),
  column('amount', 'money'),
];

/** What Amazon Q also charges the users of AWS's bill, by account and user. */
export function amazonQSheet(
  charges: readonly AmazonQCharge[],
  users: ReadonlyMap<string, User>,
  invoice: MonthInvoice,
): Sheet {
  const rows = charges
    .map(({ accountId, userId, rows: count, cost }): Row => {
      const name = users.get(userId)?.name ?? '';
      return [accountId, userId, name, count, roundToCents(fractionOf(cost))];
    })
    .sort((a, b) => compareBytes(`${a[0]} ${a[1]}`, `${b[0]} ${b[1]}`));
  return sheetOf(invoice, AMAZON_Q_COLUMNS, rows);
}

/** `999988887777 USE1`, and what is unknown about it. */
function unknownText(unknown: UnknownAccount): string {
  const { region, why } = unknown;
  const what = {
    account: 'no profile of ours is in this account',
    region: `no profile of ours is in this account and Region (${region})`,
    code: 'the Region is unknown: neither the code nor a product column names one that is known',
  }[why];
  return `${placeName(unknown)}: ${what}`;
}

/** Whether there is something to check: a difference, or rows of users or places unknown to us. */
export function hasFindings({ seats, bridge }: Comparison): boolean {
  return isUnknown(bridge) || seats.some(({ verdict }) => verdict !== 'match');
}

function isUnknown({ unknown, unexplained }: Bridge): boolean {
  return unknown.length > 0 || unexplained !== 0n;
}

function sheetOf(
  { period, edition }: MonthInvoice,
  columns: readonly Column[],
  rows: readonly Row[],
): Sheet {
  const totals = totalsOf(columns, rows);
  return { month: period.month, currency: edition.currency, columns, rows, totals };
}

function totalsOf(columns: readonly Column[], rows: readonly Row[]): Row {
  return columns.map(({ adds }, index): Cell => {
    if (!adds) return undefined;
    return rows.reduce((total, row) => total + (row[index] as bigint), 0n);
  });
}
