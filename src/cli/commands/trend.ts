import { arranged, isCut, numberOf } from '../../billing/arrange.ts';
import { billMonths } from '../../billing/invoice.ts';
import { refuseMonthsBefore } from '../../billing/rates.ts';
import { trendColumns, trendSheet } from '../../billing/trend.ts';
import { type BillingPeriod, periodsBetween, periodsLater } from '../../domain/billing-period.ts';
import { unitsAt } from '../../domain/decimal.ts';
import type { Column, Row, Sheet } from '../../domain/sheet.ts';
import type { Measure, TrendGrouping } from '../../domain/view.ts';
import { type ArrangementOptions, arrangementAsked, ownTable } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import { type FinishedInputs, type InputOptions, readInputs, withMonths } from '../inputs.ts';
import { periodAsked, periodsAsked, refuseCurrencyChange } from '../months.ts';
import { monthNotes } from '../notes.ts';
import type { Chunks, Look } from '../output.ts';

interface TrendOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month?: string;
  readonly by?: TrendGrouping;
  readonly of?: Measure;
}

/** One measure of the invoice month by month, side by side. */
export async function run(context: Context, options: TrendOptions): Promise<CommandResult> {
  const { by = 'profile', of: measure = 'total_charge' } = options;
  const { inputs, periods } = await readMonths(options, context);
  const columns = trendColumns(periods, by, measure);
  const topBy = measure === 'seats' ? periods.at(-1)?.month : 'total';
  const arrangement = arrangementAsked(options, columns, topBy);
  const filters = filtersOf(options, inputs.billing);
  const billed = await context.stopwatch.time('billing', () => billMonths(inputs.billing, periods));
  refuseCurrencyChange(
    billed,
    'months of different currencies are not compared: ask for months of one currency (--month)',
  );
  const invoices = billed.map((invoice) => filteredInvoice(invoice, filters));
  const sheet = arranged(trendSheet(invoices, by, measure), arrangement);
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  const isPartial = isFiltering(filters) || isCut(arrangement);
  const isOrderAsked = arrangement.sortBy !== undefined;
  return {
    document: {
      sheets: [sheet],
      isPartial,
      drawn: {
        ...ownTable(arrangement, (look) =>
          table(sheet, periods, { measure, isPartial, isOrderAsked }, look),
        ),
        json: async () => {
          const { trendJson } = await import('../../render/json.ts');
          const months = periods.map(({ month }) => month);
          const coverage = invoices.map((invoice) => invoice.coverage);
          return [trendJson({ sheet, months, measure, warnings, coverage })];
        },
      },
    },
    warnings,
    inputs,
    notes: [
      ...(isPartial ? ['the totals are of the rows shown, not of the whole invoices'] : []),
      ...monthNotes(billed, inputs, invoices),
    ],
    closing: `Trend of ${measure} in ${sheet.month}.`,
  };
}

/** The rows, the highest last month first, each with a bar per month. */
async function table(
  sheet: Sheet,
  periods: readonly BillingPeriod[],
  { measure, isPartial, isOrderAsked }: TableChoice,
  look: Look,
): Promise<Chunks> {
  const { rowsTable } = await import('../../render/rows-table.ts');
  const { sparkBar } = await import('../../render/spark.ts');
  const last = periods.at(-1)?.month ?? '';
  const shown = isOrderAsked
    ? sheet
    : arranged(sheet, { sortBy: { column: last, reversed: false } });
  const months = new Set(periods.map(({ month }) => month));
  const picture = {
    heading: 'Trend',
    of: (row: Row) => sparkBar(monthAmounts(shown.columns, row, months)),
  };
  return rowsTable([shown], {
    ...look,
    isPartial,
    isOwnView: true,
    title: `Kiro trend of ${measure.replaceAll('_', ' ')}`,
    signed: 'change',
    ...(periods.length > 1 && { picture }),
  });
}

interface TableChoice {
  readonly measure: Measure;
  readonly isPartial: boolean;
  readonly isOrderAsked: boolean;
}

/** The months' cells as amounts of one scale. */
function monthAmounts(columns: readonly Column[], row: Row, months: ReadonlySet<string>): bigint[] {
  const amounts = columns.flatMap(({ name, kind }, index) =>
    months.has(name) ? numberOf(kind, row[index]) : [],
  );
  const scale = Math.max(...amounts.map((amount) => amount.scale));
  return amounts.map((amount) => unitsAt(amount, scale));
}

/** How many months are shown by default. */
const MONTHS_SHOWN = 6;

/** Reads the requested months; without `--month` the last six, but none before the card's first edition. */
async function readMonths(
  options: TrendOptions,
  context: Context,
): Promise<{ inputs: FinishedInputs; periods: readonly BillingPeriod[] }> {
  const now = context.host.now();
  if (options.month !== undefined) {
    const periods = periodsAsked(options.month, now);
    const inputs = await readInputs(options, periodsToRead(periods, options), context);
    return { inputs, periods };
  }
  const last = periodAsked('last', now);
  const recent = periodsBetween(periodsLater(last, 1 - MONTHS_SHOWN), last);
  const inputs = await readInputs(options, undefined, context, (plan) =>
    withMonths(plan, periodsToRead(recent, options)),
  );
  const { card } = inputs.billing;
  refuseMonthsBefore(card, [last]);
  const first = card.editions[0]?.from ?? last.month;
  return { inputs, periods: recent.filter(({ month }) => month >= first) };
}
