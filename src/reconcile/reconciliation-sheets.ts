import type { AmazonQCharge } from '../aws/read-cur.ts';
import { type MonthInvoice, sheetMonth } from '../domain/invoice.ts';
import { centsOf } from '../domain/money.ts';
import type { AmazonQRow, BillStep, ReconciledSeat } from '../domain/reconciliation.ts';
import type { User } from '../domain/records.ts';
import { type ColumnOf, column, MONTH_COLUMN, type Sheet, sheetOf } from '../domain/sheet.ts';
import { compareBytes } from '../domain/text-order.ts';

/** The columns of the reconciliation. */
export const SEAT_COLUMNS: readonly ColumnOf<ReconciledSeat>[] = [
  MONTH_COLUMN,
  column('account_id', 'id', ({ profile }) => profile.accountId),
  column('profile_id', 'id', ({ profile }) => profile.profileId),
  column('user_id', 'id', ({ userId }) => userId),
  column('user_name', 'name', ({ userName }) => userName),
  column('our_subscription', 'money', ({ ourSubscription }) => ourSubscription),
  column('aws_subscription', 'money', ({ awsSubscription }) => awsSubscription),
  column('our_overage', 'money', ({ ourOverage }) => ourOverage),
  column('aws_overage', 'money', ({ awsOverage }) => awsOverage),
  column('difference', 'money', ({ difference }) => difference),
  column('verdict', 'text', ({ verdict }) => verdict),
  column('reason', 'text', ({ reason }) => reason),
  column('aws_net_charge', 'money', ({ awsNetCharge }) => awsNetCharge),
];

/** A row per seat, in their order. */
export function seatSheet(seats: readonly ReconciledSeat[], invoice: MonthInvoice): Sheet {
  return sheetOf(sheetMonth(invoice), SEAT_COLUMNS, seats);
}

const BRIDGE_COLUMNS: readonly ColumnOf<BillStep>[] = [
  column('item', 'text', ({ item }) => item),
  column('detail', 'text', ({ detail }) => detail ?? ''),
  column('rows', 'count', ({ rows }) => rows, false),
  column('amount', 'money', ({ amount }) => amount, false),
];

/** The steps from our total to AWS's. */
export function bridgeSheet(steps: readonly BillStep[], invoice: MonthInvoice): Sheet {
  return sheetOf(sheetMonth(invoice), BRIDGE_COLUMNS, steps);
}

const AMAZON_Q_COLUMNS: readonly ColumnOf<AmazonQRow>[] = [
  column('account_id', 'id', ({ accountId }) => accountId),
  column('user_id', 'id', ({ userId }) => userId),
  column('user_name', 'name', ({ userName }) => userName),
  column('rows', 'count', ({ rows }) => rows, false),
  column('amount', 'money', ({ amount }) => amount),
];

/** What Amazon Q also charges the users of AWS's bill, by account and user. */
export function amazonQRows(
  charges: readonly AmazonQCharge[],
  users: ReadonlyMap<string, User>,
): AmazonQRow[] {
  const keyOf = ({ accountId, userId }: AmazonQRow): string => `${accountId} ${userId}`;
  return charges
    .map(({ accountId, userId, rows, cost }) => {
      const userName = users.get(userId)?.name ?? '';
      return { accountId, userId, userName, rows, amount: centsOf(cost) };
    })
    .sort((a, b) => compareBytes(keyOf(a), keyOf(b)));
}

export function amazonQSheet(rows: readonly AmazonQRow[], invoice: MonthInvoice): Sheet {
  return sheetOf(sheetMonth(invoice), AMAZON_Q_COLUMNS, rows);
}
