import { extname } from 'node:path';
import { historyOf } from '../../billing/forecast/forecast.ts';
import { type Billing, billMonth, billMonths } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import { refuseMonthsBefore } from '../../billing/rates.ts';
import { type BillingPeriod, periodsLater, periodsUpTo } from '../../domain/billing-period.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { instantOf, midnightOf, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Warning } from '../../domain/warning.ts';
import { differingSeats, greatestFirst, hasFindings } from '../../reconcile/comparison.ts';
import { countShown, grouped } from '../../render/amounts.ts';
import type { PageInput } from '../../render/report/page-input.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  FILTERS,
  type FilterOptions,
  type Filters,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import type { Host } from '../host.ts';
import { type InputOptions, type Inputs, readInputs } from '../inputs.ts';
import { billIfNamed, billSummary, comparedBill, type MonthBill } from '../month-bill.ts';
import { periodsAsked, refuseCurrencyChange } from '../months.ts';
import { filterName } from '../named-ids.ts';
import { closingLine, monthNotes } from '../notes.ts';
import { DEFAULT_TOLERANCE } from '../options.ts';
import type { Chunks } from '../output.ts';
import { type PageFigures, pageFigures } from './report-figures.ts';

interface ReportOptions extends InputOptions, FilterOptions {
  readonly month: string;
  readonly budget?: Decimal;
}

/** How many months are side by side if one month is requested. */
const MONTHS_SHOWN = 12;

/** Writes the invoice of a month, with what changed and why, as one HTML page. */
export async function run(context: Context, options: ReportOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const asked = periodsAsked(options.month, host.now());
  const period = asked.at(-1) as BillingPeriod;
  refuseStandardOutput(options.output);
  const shownPeriods = asked.length > 1 ? asked : periodsUpTo(period, MONTHS_SHOWN);
  // The last instant of the last day that is over: data of later days are incomplete.
  const lastOver = midnightOf(instantOf(host.now())) - 1n;
  const isRunning = lastOver < period.end - 1n;
  const days = isRunning ? [period, ...historyOf(period)] : [period];
  const months = periodsToRead([...shownPeriods, periodsLater(period, -1), ...days], options);
  const usage = { months, days, withBill: true };
  const inputs = await readInputs(options, [period], context, usage);
  const { billing } = inputs;
  refuseMonthsBefore(billing.card, asked);
  const billed = await stopwatch.time('billing', () => billMonth(billing, period));
  const bill = await billIfNamed(options, inputs, billed, context);
  const filters = filtersOf(options, billing, bill?.aws.userIds());
  const aws = bill && billFindings(bill, filters);
  const before = await stopwatch.time('billing', () =>
    warningsBefore(billed, asked.slice(0, -1), billing, filters),
  );
  const invoice = filteredInvoice(billed, filters);
  const { budget } = options;
  const figures = await stopwatch.time('billing', () =>
    pageFigures({ invoice, inputs, filters, periods: shownPeriods, lastOver, budget }),
  );
  const warnings = [...invoice.warnings, ...(aws?.warnings ?? [])];
  return {
    document: {
      drawn: {
        html: () =>
          pageOf({ ...figures, aws: aws?.comparison, warnings }, invoice, inputs, options, host),
      },
    },
    warnings: [...before, ...warnings],
    inputs,
    notes: [
      ...(isFiltering(filters)
        ? ['the totals are of the seats shown, not of the whole invoice']
        : []),
      ...monthNotes([billed], inputs, [invoice]),
      ...(bill?.notes ?? []),
    ],
    closing: [closingLine([invoice]), aws?.closing].filter(Boolean).join(' '),
    hasFindings: aws?.hasFindings === true,
  };
}

/** The warnings of the range's months before the last. Of another currency they are `WrongUsage`, without a price `BadInput`. */
function warningsBefore(
  last: MonthInvoice,
  periods: readonly BillingPeriod[],
  billing: Billing,
  filters: Filters,
): Warning[] {
  const before = billMonths(billing, periods);
  refuseCurrencyChange([...before, last]);
  return before.flatMap((invoice) => filteredInvoice(invoice, filters).warnings);
}

/** The page, with the explanation of each seat and what was left out. */
async function pageOf(
  found: PageFigures & Pick<PageInput, 'aws' | 'warnings'>,
  { period, edition }: MonthInvoice,
  { billing, usage }: Inputs,
  options: ReportOptions,
  host: Host,
): Promise<Chunks> {
  const { reportPage } = await import('../../render/report/page.ts');
  const { explainText } = await import('../../render/explain/text.ts');
  const { profiles, groups } = billing.records;
  const now = instantOf(host.now());
  return reportPage({
    ...found,
    explained: (seat) =>
      explainText(
        { period, edition, seat, groups, next: nextMonth(billing, seat, period) },
        { width: STORY_WIDTH, color: false },
      ),
    profiles,
    groups,
    filters: filterTexts(options),
    notes: [
      ...leftOut(usage.badRows, 'as bad input'),
      ...leftOut(usage.duplicates, 'for a repeated request_id'),
    ],
    writtenOn: utcDate(now),
    isOver: now >= period.end,
    version: host.version,
  });
}

/** Effectively no wrapping: the page wraps the text itself. */
const STORY_WIDTH = 10_000;

function refuseStandardOutput(output: string | undefined): void {
  if (output !== undefined && extname(output) !== '') return;
  throw new WrongUsage(
    'report needs -o FILE.html, the page to write: name a file that ends in .html',
  );
}

/** How the bill compares with the seats shown, in the form of `reconcile`; only what was read if it lacks the month. */
function billFindings(bill: MonthBill, filters: Filters) {
  const read = `${billSummary(bill)}.`;
  if (bill.aws.rows === 0) {
    return { comparison: undefined, warnings: [], closing: read, hasFindings: false };
  }
  const found = comparedBill(bill, filters, DEFAULT_TOLERANCE);
  const { seats, bridge, warnings } = found;
  const differing = greatestFirst(differingSeats(seats));
  const compared = seats.length;
  return {
    comparison: { differing, compared, bridge },
    warnings,
    closing: `${read} ${grouped(differing.length)} of ${countShown(compared, 'seat')} differ from it.`,
    hasFindings: hasFindings(found),
  };
}

/** `user Ana Souza` for each filter. */
function filterTexts(options: FilterOptions): string[] {
  return FILTERS.flatMap(([option, flag]) =>
    (options[option] ?? []).map((value) => `${filterName(flag)} ${value}`),
  );
}

function leftOut(rows: number, why: string): string[] {
  if (rows === 0) return [];
  return [`${countShown(rows, 'usage row')} left out ${why}.`];
}
