import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Cell, Column, ColumnKind, Sheet } from '../../domain/sheet.ts';
import { totalsOf } from '../views.ts';
import { type DetailContext, detailOf } from './detail.ts';
import type { SeatAdvice } from './optimize.ts';

interface AdviceColumn extends Column {
  readonly cell: (advice: SeatAdvice, context: DetailContext) => Cell;
}

function column(name: string, kind: ColumnKind, cell: AdviceColumn['cell']): AdviceColumn {
  return { name, kind, cell, adds: kind === 'money' || kind === 'credits' };
}

/** The columns of `optimize`, in their order. */
export const OPTIMIZE_COLUMNS: readonly AdviceColumn[] = [
  column('profile_id', 'text', ({ seat }) => seat.profile.profileId),
  column('user_id', 'text', ({ seat }) => seat.userId),
  column('user_name', 'text', ({ seat }) => seat.userName),
  column('tier', 'text', ({ current }) => current.tier),
  column('months', 'count', ({ months }) => months.length),
  column('credits_used', 'credits', ({ creditsUsed }) => creditsUsed),
  column('current_cost', 'money', ({ current }) => current.cost),
  column('recommended_tier', 'text', ({ recommended }) => recommended?.tier ?? ''),
  column('recommended_cost', 'money', ({ recommended }) => recommended?.cost ?? 0n),
  column('saving', 'money', ({ saving }) => saving),
  column('advice', 'text', ({ advice }) => advice),
  column('detail', 'text', detailOf),
];

/** The advices as rows, with the sums of credits, costs and savings. */
export function optimizeSheet(
  advices: readonly SeatAdvice[],
  { period, edition }: MonthInvoice,
  groups: DetailContext['groups'],
): Sheet {
  const context = { period, groups };
  const rows = advices.map((advice) => OPTIMIZE_COLUMNS.map(({ cell }) => cell(advice, context)));
  return {
    month: period.month,
    currency: edition.currency,
    columns: OPTIMIZE_COLUMNS,
    rows,
    totals: totalsOf(OPTIMIZE_COLUMNS, rows),
  };
}
