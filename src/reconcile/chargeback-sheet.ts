import { BILL_COLUMNS } from '../aws/kiro-line.ts';
import { totalsOf } from '../billing/views.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { seatKey } from '../domain/seat-key.ts';
import type { Column, ColumnKind, Sheet } from '../domain/sheet.ts';
import type { ChargebackView } from '../domain/view.ts';
import { type ChargebackInput, type ChargebackRow, chargeback } from './chargeback.ts';
import type { NetCharges } from './reconciliation-sheets.ts';

function column(name: string, kind: ColumnKind): Column {
  return { name, kind, adds: kind === 'money' || kind === 'count' };
}

/** The key columns of each view. */
const KEY_COLUMNS: Readonly<Record<ChargebackView, readonly string[]>> = {
  cost_center: ['cost_center'],
  group: ['group_id'],
  tier: ['tier'],
  profile: ['profile_id', 'profile_name'],
  account: ['account_id'],
  region: ['region'],
  user: ['profile_id', 'user_id', 'user_name'],
};

/** The columns of the chargeback in a view, in order. */
export function chargebackColumns(view: ChargebackView): readonly Column[] {
  return [
    column('month', 'text'),
    ...KEY_COLUMNS[view].map((name) => column(name, 'text')),
    column('seats', 'count'),
    ...BILL_COLUMNS.map((name) => column(name, 'money')),
    column('net_charge', 'money'),
    column('currency', 'text'),
  ];
}

/** The rows of a chargeback, sorted by key. */
export function chargebackSheet(
  rows: readonly ChargebackRow[],
  view: ChargebackView,
  { period: { month }, edition: { currency } }: MonthInvoice,
): Sheet {
  const columns = chargebackColumns(view);
  const cells = rows.map((row) => [
    month,
    ...row.key,
    ...nameOf(row, view),
    row.seats.length,
    ...BILL_COLUMNS.map((name) => row.charges[name]),
    row.netCharge,
    currency,
  ]);
  return { month, currency, columns, rows: cells, totals: totalsOf(columns, cells) };
}

/** The name shown beside the key, in views that have one. */
function nameOf({ seats: [first] }: ChargebackRow, view: ChargebackView): string[] {
  if (view === 'profile') return [first?.placed.profile?.name ?? ''];
  return view === 'user' ? [first?.user?.name ?? ''] : [];
}

/** Each seat's total charge by its key: its row in the chargeback by user. */
export function netCharges(input: ChargebackInput): NetCharges {
  const rows = chargeback(input, 'user');
  return new Map(
    rows.map(({ key: [profileId = '', userId = ''], netCharge }) => [
      seatKey(profileId, userId),
      netCharge,
    ]),
  );
}
