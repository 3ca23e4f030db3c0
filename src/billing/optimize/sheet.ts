import type { SeatAdvice } from '../../domain/advice.ts';
import { type MonthInvoice, sheetMonth } from '../../domain/invoice.ts';
import {
  type ColumnOf,
  column,
  columnsOfPart,
  type RowSource,
  rowSource,
  type SheetMonth,
} from '../../domain/sheet.ts';
import { dayText } from '../../domain/usage-days.ts';
import { sheetColumns } from '../sheet-columns.ts';
import { type DetailContext, detailOf } from './detail.ts';

type SheetContext = DetailContext & SheetMonth;

/** The columns of `optimize`, in order. */
export const OPTIMIZE_COLUMNS: readonly ColumnOf<SeatAdvice, SheetContext>[] = [
  ...columnsOfPart(
    sheetColumns('profile_id', 'user_id', 'user_name'),
    ({ seat }: SeatAdvice) => seat,
  ),
  column('tier', 'text', ({ current }) => current.tier),
  column('months', 'count', ({ months }) => months.length, false),
  column('credits_used', 'credits', ({ creditsUsed }) => creditsUsed),
  column('current_cost', 'money', ({ current }) => current.cost),
  column('recommended_tier', 'text', ({ recommended }) => recommended?.tier ?? ''),
  column('recommended_cost', 'money', ({ recommended }) => recommended?.cost ?? 0n),
  column('saving', 'money', ({ saving }) => saving),
  column('advice', 'text', ({ advice }) => advice),
  column<SeatAdvice, SheetContext>('detail', 'text', detailOf),
  column('idle_since', 'date', ({ idle }) => (idle === undefined ? '' : dayText(idle.since))),
  column('idle_cost', 'money', ({ idle }) => idle?.cost ?? 0n),
  column('monthly_saving', 'money', ({ monthlySaving }) => monthlySaving),
];

/** The advice as rows, with totals of credits, costs and savings. */
export function optimizeSheet(
  advices: readonly SeatAdvice[],
  invoice: MonthInvoice,
  groups: SheetContext['groups'],
): RowSource {
  const context = { ...sheetMonth(invoice), period: invoice.period, groups };
  return rowSource(context, OPTIMIZE_COLUMNS, advices);
}
