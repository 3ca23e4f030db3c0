import { BILL_COLUMNS } from '../aws/kiro-line.ts';
import { type MonthInvoice, sheetMonth } from '../domain/invoice.ts';
import {
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  MONTH_COLUMN,
  type Sheet,
  sheetOf,
} from '../domain/sheet.ts';
import type { ChargebackView } from '../domain/view.ts';
import { type ChargebackRow, KEYS } from './chargeback.ts';

/** The name beside the key, in views that have one. */
const NAME_COLUMNS: Partial<Record<ChargebackView, ColumnOf<ChargebackRow>>> = {
  profile: column('profile_name', 'name', ({ seats }) => seats[0]?.placed.profile?.name ?? ''),
  user: column('user_name', 'name', ({ seats }) => seats[0]?.user?.name ?? ''),
};

/** The columns of the chargeback in a view, in order. */
export function chargebackColumns(view: ChargebackView): readonly ColumnOf<ChargebackRow>[] {
  const keys = KEYS[view].map(({ name, kind }, index) =>
    column<ChargebackRow>(name, kind, ({ key }) => key[index]),
  );
  const amounts = BILL_COLUMNS.map((name) =>
    column<ChargebackRow>(name, 'money', ({ charges }) => charges[name]),
  );
  return [
    MONTH_COLUMN,
    ...keys,
    ...[NAME_COLUMNS[view] ?? []].flat(),
    column('seats', 'count', ({ seats }) => seats.length),
    ...amounts,
    column('net_charge', 'money', ({ netCharge }) => netCharge),
    CURRENCY_COLUMN,
  ];
}

/** The rows of a chargeback, sorted by key. */
export function chargebackSheet(
  rows: readonly ChargebackRow[],
  view: ChargebackView,
  invoice: MonthInvoice,
): Sheet {
  return sheetOf(sheetMonth(invoice), chargebackColumns(view), rows);
}
