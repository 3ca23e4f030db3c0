import { arranged, isCut, numberOf } from '../../billing/arrange.ts';
import { refuseMonthsBefore } from '../../billing/rates.ts';
import { trendColumns, trendSheet } from '../../billing/trend.ts';
import { type BillingPeriod, periodsUpTo } from '../../domain/billing-period.ts';
import { unitsAt } from '../../domain/decimal.ts';
import type { Cents } from '../../domain/money.ts';
import { pricedFrom } from '../../domain/rate-card.ts';
import type { Column, Row, Sheet } from '../../domain/sheet.ts';
import type { Measure, TrendGrouping } from '../../domain/view.ts';
import { moneyShown } from '../../render/amounts.ts';
import type { RowsLook } from '../../render/rows-table.ts';
import { sparkBar } from '../../render/spark.ts';
import { type ArrangementOptions, arrangementAsked, ownRows } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { billedMonths, type FilterOptions, isFiltering, periodsToRead } from '../filters.ts';
import { type InputOptions, type Inputs, readInputs } from '../inputs.ts';
import { periodAsked, periodsAsked, refuseCurrencyChange } from '../months.ts';
import { monthNotes } from '../notes.ts';

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
  const last = periods.at(-1)?.month ?? '';
  const words = measure.replaceAll('_', ' ');
  const topBy = measure === 'seats' ? last : 'total';
  const arrangement = arrangementAsked(options, columns, topBy);
  const months = await billedMonths(options, inputs.billing, periods, context);
  const { filters, billed, shown: invoices } = months;
  refuseCurrencyChange(billed);
  const sheet = arranged(trendSheet(invoices, by, measure), arrangement);
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  const isPartial = isFiltering(filters) || isCut(arrangement);
  return {
    document: {
      sheets: [sheet],
      isPartial,
      drawn: {
        ...ownRows(arrangement, sheet, last, {
          isPartial,
          title: `Kiro trend of ${words}`,
          signed: 'change',
          goesLast: last,
          ...(periods.length > 1
            ? { picture: sparkOf(sheet.columns, periods) }
            : { repeats: 'total' }),
        }),
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
    closing: `Trend of ${words} in ${sheet.month}${totalText(sheet)}.`,
  };
}

/** What the months come to, if it is money. */
function totalText({ columns, totals, currency }: Sheet): string {
  const at = columns.findIndex(({ name, kind }) => name === 'total' && kind === 'money');
  return at === -1 ? '' : `: ${moneyShown(totals[at] as Cents, currency)}`;
}

function sparkOf(
  columns: readonly Column[],
  periods: readonly BillingPeriod[],
): NonNullable<RowsLook['picture']> {
  const months = new Set(periods.map(({ month }) => month));
  return { heading: 'Trend', of: (row) => sparkBar(monthAmounts(columns, row, months)) };
}

/** The months' cells as amounts of one scale. */
function monthAmounts(columns: readonly Column[], row: Row, months: ReadonlySet<string>): bigint[] {
  const amounts = columns.flatMap(({ name, kind }, index) =>
    months.has(name) ? numberOf(kind, row[index]) : [],
  );
  const scale = Math.max(...amounts.map((amount) => amount.scale));
  return amounts.map((amount) => unitsAt(amount, scale));
}

const MONTHS_SHOWN = 6;

/** Reads the requested months; without `--month` the last six, but none before the card's first edition. */
async function readMonths(
  options: TrendOptions,
  context: Context,
): Promise<{ inputs: Inputs; periods: readonly BillingPeriod[] }> {
  const now = context.host.now();
  if (options.month !== undefined) {
    const periods = periodsAsked(options.month, now);
    const inputs = await readInputs(options, periodsToRead(periods, options), context);
    return { inputs, periods };
  }
  const last = periodAsked('last', now);
  const recent = periodsUpTo(last, MONTHS_SHOWN);
  const inputs = await readInputs(options, undefined, context, {
    months: periodsToRead(recent, options),
  });
  const { card } = inputs.billing;
  refuseMonthsBefore(card, [last]);
  return { inputs, periods: recent.filter(({ month }) => month >= pricedFrom(card)) };
}
