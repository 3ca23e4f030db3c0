import type { MonthInvoice } from '../../domain/invoice.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import type { Cell, Column, ColumnKind, Sheet } from '../../domain/sheet.ts';
import { dayText } from '../../domain/usage-days.ts';
import { totalsOf } from '../views.ts';
import { type DetailContext, detailOf } from './detail.ts';
import type { IdleTime } from './idle.ts';
import type { SeatAdvice } from './optimize.ts';

interface SheetContext extends DetailContext {
  /** For the seats not used in the last month, by `seatKey`. */
  readonly idleTimes: ReadonlyMap<string, IdleTime>;
}

interface AdviceColumn extends Column {
  readonly cell: (advice: SeatAdvice, context: SheetContext) => Cell;
}

function column(name: string, kind: ColumnKind, cell: AdviceColumn['cell']): AdviceColumn {
  return { name, kind, cell, adds: kind === 'money' || kind === 'credits' };
}

/** The columns of `optimize`, in order. */
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
  column('idle_since', 'date', (advice, context) => {
    const idle = idleTimeOf(advice, context);
    return idle === undefined ? '' : dayText(idle.since);
  }),
  column('idle_cost', 'money', (advice, context) => idleTimeOf(advice, context)?.cost ?? 0n),
  column('monthly_saving', 'money', ({ monthlySaving }) => monthlySaving),
];

function idleTimeOf({ seat }: SeatAdvice, { idleTimes }: SheetContext): IdleTime | undefined {
  return idleTimes.get(seatKeyOf(seat));
}

/** The advice as rows, with totals of credits, costs and savings. */
export function optimizeSheet(
  advices: readonly SeatAdvice[],
  { period, edition }: MonthInvoice,
  { groups, idleTimes }: Pick<SheetContext, 'groups' | 'idleTimes'>,
): Sheet {
  const context = { period, groups, idleTimes };
  const rows = advices.map((advice) => OPTIMIZE_COLUMNS.map(({ cell }) => cell(advice, context)));
  return {
    month: period.month,
    currency: edition.currency,
    columns: OPTIMIZE_COLUMNS,
    rows,
    totals: totalsOf(OPTIMIZE_COLUMNS, rows),
  };
}
