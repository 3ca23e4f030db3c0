import type { BillingPeriod } from '../domain/billing-period.ts';
import { type Decimal, subtract } from '../domain/decimal.ts';
import { valueAt } from '../domain/grouping.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import {
  type Cell,
  type Column,
  type ColumnKind,
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  columnTotal,
  type Row,
  type Sheet,
  textsOf,
  totalsOf,
} from '../domain/sheet.ts';
import { compareKeys } from '../domain/text-order.ts';
import type { Measure, TrendGrouping } from '../domain/view.ts';
import { rollUpKeyColumns } from './views.ts';

/** What a seat has of each measure in a month. */
const MEASURES: Readonly<
  Record<Measure, readonly [kind: ColumnKind, cellOf: (seat: SeatInvoice) => Cell]>
> = {
  total_charge: ['money', (seat) => seat.totalCharge],
  subscription_charge: ['money', (seat) => seat.subscriptionCharge],
  overage_charge: ['money', (seat) => seat.overageCharge],
  credits_used: ['credits', (seat) => seat.creditsUsed],
  overage_credits: ['credits', (seat) => seat.overageCredits],
  seats: ['count', ({ terms }) => (terms === undefined ? 0 : 1)],
};

const USER_NAMES: readonly ColumnOf<SeatInvoice>[] = [
  column('user_id', 'id', ({ userId }) => userId),
  column('user_name', 'name', ({ userName }) => userName),
];
const PROFILE_NAME = column<SeatInvoice>('profile_name', 'name', ({ profile }) => profile.name);

/** The columns that say what a row is about. */
function nameColumns(grouping: TrendGrouping): readonly ColumnOf<SeatInvoice>[] {
  if (grouping === 'user') return [...rollUpKeyColumns('profile'), ...USER_NAMES];
  const keys = rollUpKeyColumns(grouping);
  return grouping === 'profile' ? [...keys, PROFILE_NAME] : keys;
}

/** The columns of a trend over these months, in their order. */
export function trendColumns(
  periods: readonly Pick<BillingPeriod, 'month'>[],
  grouping: TrendGrouping,
  measure: Measure,
): readonly Column[] {
  const [kind] = MEASURES[measure];
  return [
    ...nameColumns(grouping),
    ...periods.map(({ month }): Column => ({ name: month, kind, adds: true })),
    { name: 'total', kind, adds: measure !== 'seats' },
    { name: 'change', kind, adds: periods.length > 1 },
    CURRENCY_COLUMN,
  ];
}

function isMoney(measure: Measure): boolean {
  return MEASURES[measure][0] === 'money';
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
  const currency = isMoney(measure) ? (invoices[0]?.edition.currency ?? '') : '';
  const rows = trendRows(invoices, grouping, measure).map((row) => [...row, currency]);
  const [first, last] = [periods[0]?.month, periods.at(-1)?.month];
  const month = first === last ? (first ?? '') : `${first}..${last}`;
  return { month, currency, columns, rows, totals: totalsOf(columns, rows) };
}

/** What the seats of a key have of the measure, month by month. */
interface TrendGroup {
  readonly names: readonly string[];
  readonly months: readonly Cell[][];
}

/** The rows without their currency. */
function trendRows(
  invoices: readonly MonthInvoice[],
  grouping: TrendGrouping,
  measure: Measure,
): Row[] {
  const columns = nameColumns(grouping);
  const [kind, cellOf] = MEASURES[measure];
  const groups = new Map<string, TrendGroup>();
  for (const [index, { seats }] of invoices.entries()) {
    for (const seat of seats) {
      if (!isBilledOrUsed(seat)) continue;
      const names = textsOf(columns, seat);
      const make = (): TrendGroup => ({ names, months: invoices.map(() => []) });
      valueAt(groups, names.join('\0'), make).months[index]?.push(cellOf(seat));
    }
  }
  return [...groups.values()]
    .sort((a, b) => compareKeys(a.names, b.names))
    .map(({ names, months }) => {
      const cells = months.map((ofMonth) => columnTotal(kind, ofMonth));
      return [...names, ...cells, ...summary(cells, measure)];
    });
}

/** The total and the change of a row. */
function summary(months: readonly Cell[], measure: Measure): [total: Cell, change: Cell] {
  const [kind] = MEASURES[measure];
  const total = measure === 'seats' ? undefined : columnTotal(kind, months);
  if (months.length < 2) return [total, undefined];
  return [total, difference(kind, months.at(-1), months.at(-2))];
}

function difference(kind: ColumnKind, a: Cell, b: Cell): Cell {
  if (kind === 'money') return (a as Cents) - (b as Cents);
  if (kind === 'count') return (a as number) - (b as number);
  return subtract(a as Decimal, b as Decimal);
}
