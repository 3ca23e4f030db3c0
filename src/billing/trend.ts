import type { BillingPeriod } from '../domain/billing-period.ts';
import { type Decimal, subtract } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import {
  type Cell,
  type Column,
  type ColumnKind,
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  columnsOfPart,
  columnTotal,
  groupsByTexts,
  NO_MONTH,
  type Row,
  type Sheet,
  totalsOf,
} from '../domain/sheet.ts';
import type { Measure, TrendGrouping } from '../domain/view.ts';
import { FIGURE_COLUMNS, sheetColumns } from './sheet-columns.ts';
import { rollUpKeyColumns } from './views.ts';

/** Whether a seat holds a tier, to be counted. */
const HELD = column<SeatInvoice>('seats', 'count', ({ terms }) => (terms === undefined ? 0 : 1));

/** What a seat has of a measure in a month. */
function measureColumn(measure: Measure): ColumnOf<SeatInvoice> {
  return FIGURE_COLUMNS.find(({ name }) => name === measure) ?? HELD;
}

/** The columns that say what a row is about. */
function nameColumns(grouping: TrendGrouping): readonly ColumnOf<SeatInvoice>[] {
  if (grouping === 'user') return sheetColumns('profile_id', 'user_id', 'user_name');
  if (grouping === 'profile') return sheetColumns('profile_id', 'profile_name');
  return rollUpKeyColumns(grouping);
}

/** The columns of a trend over these months, in their order. */
export function trendColumns(
  periods: readonly Pick<BillingPeriod, 'month'>[],
  grouping: TrendGrouping,
  measure: Measure,
): readonly Column[] {
  const { kind } = measureColumn(measure);
  return [
    ...nameColumns(grouping),
    ...periods.map(({ month }): Column => ({ name: month, kind, adds: true })),
    { name: 'total', kind, adds: measure !== 'seats' },
    { name: 'change', kind, adds: periods.length > 1 },
    CURRENCY_COLUMN,
  ];
}

/**
 * A measure of the invoices month by month: a row per key, sorted by the bytes of the keys, a
 * column per month, their total (except of seats), and the change from the month before the last
 * one (except for a single month). The invoices are in one currency (M2).
 */
export function trendSheet(
  invoices: readonly MonthInvoice[],
  grouping: TrendGrouping,
  measure: Measure,
): Sheet {
  const periods = invoices.map(({ period }) => period);
  const columns = trendColumns(periods, grouping, measure);
  const isMoney = measureColumn(measure).kind === 'money';
  const currency = isMoney ? (invoices[0]?.edition.currency ?? '') : '';
  const rows = trendRows(invoices, grouping, measure).map((row) => [...row, currency]);
  const [first, last] = [periods[0]?.month, periods.at(-1)?.month];
  const month = first === last ? (first ?? '') : `${first}..${last}`;
  return { month, currency, columns, rows, totals: totalsOf(columns, rows) };
}

/** A seat in one of the months, by the number of the month. */
interface SeatInMonth {
  readonly seat: SeatInvoice;
  readonly index: number;
}

function* seatsOf(invoices: readonly MonthInvoice[]): Generator<SeatInMonth> {
  for (const [index, { seats }] of invoices.entries()) {
    for (const seat of seats) if (isBilledOrUsed(seat)) yield { seat, index };
  }
}

/** The rows without their currency. */
function trendRows(
  invoices: readonly MonthInvoice[],
  grouping: TrendGrouping,
  measure: Measure,
): Row[] {
  const columns = columnsOfPart(nameColumns(grouping), ({ seat }: SeatInMonth) => seat);
  const { kind, cell } = measureColumn(measure);
  return groupsByTexts(columns, seatsOf(invoices)).map(({ keys, items }) => {
    const byMonth = groupBy(items, ({ index }) => index);
    const cells = invoices.map((_, month) => {
      const measured = (byMonth.get(month) ?? []).map(({ seat }) => cell(seat, NO_MONTH));
      return columnTotal(kind, measured);
    });
    return [...keys, ...cells, ...summary(cells, measure)];
  });
}

/** The total and the change of a row. */
function summary(months: readonly Cell[], measure: Measure): [total: Cell, change: Cell] {
  const { kind } = measureColumn(measure);
  const total = measure === 'seats' ? undefined : columnTotal(kind, months);
  if (months.length < 2) return [total, undefined];
  return [total, difference(kind, months.at(-1), months.at(-2))];
}

function difference(kind: ColumnKind, a: Cell, b: Cell): Cell {
  if (kind === 'money') return (a as Cents) - (b as Cents);
  if (kind === 'count') return (a as number) - (b as number);
  return subtract(a as Decimal, b as Decimal);
}
