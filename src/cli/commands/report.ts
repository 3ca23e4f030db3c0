import { extname } from 'node:path';
import { type Billing, billMonth } from '../../billing/invoice.ts';
import { type InvoiceBefore, reportOf, type SeatDay } from '../../billing/report.ts';
import { type BillingPeriod, periodsLater } from '../../domain/billing-period.ts';
import { NANOS_PER_SECOND, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { countShown } from '../../render/amounts.ts';
import { problemLine } from '../../render/problems.ts';
import type { PageInput } from '../../render/report/page-input.ts';
import type { UsageReduction } from '../../usage/plan.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import {
  type InputOptions,
  type Inputs,
  type PlanChange,
  readInputs,
  withDays,
  withMonths,
} from '../inputs.ts';
import { periodAsked } from '../months.ts';
import {
  closingLine,
  emptyMonthNotes,
  filteredMonthNotes,
  groupNamesOf,
  inputNotes,
  unusedMonthNotes,
} from '../notes.ts';

interface ReportOptions extends InputOptions, FilterOptions {
  readonly month: string;
}

/** Writes the invoice of a month, with its change against the month before, as one HTML page. */
export async function run(context: Context, options: ReportOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const period = periodAsked(options.month, host.now());
  refuseStandardOutput(options.output);
  const before = periodsLater(period, -1);
  const wanted = periodsToRead([before, period], options);
  const inputs = await readInputs(options, [period], context, withDaysOf(period, wanted));
  const { billing } = inputs;
  const filters = filtersOf(options, billing);
  const shown = (invoice: MonthInvoice): MonthInvoice => filteredInvoice(invoice, filters);
  const [billed, billedBefore] = await stopwatch.time('billing', async () => [
    billMonth(billing, period),
    invoiceBefore(billing, before, shown),
  ]);
  const invoice = shown(billed);
  const report = reportOf(invoice, billedBefore, seatDaysOf(inputs.usage, period));
  return {
    document: {
      drawn: {
        html: async () => {
          const { reportPage } = await import('../../render/report/page.ts');
          return reportPage({ report, ...surroundings(inputs, options, period, context) });
        },
      },
    },
    warnings: invoice.warnings,
    notes: [
      ...inputNotes(inputs, options),
      ...(isFiltering(filters)
        ? ['the totals are of the seats shown, not of the whole invoice']
        : []),
      ...emptyMonthNotes([billed], inputs),
      ...filteredMonthNotes([billed], [invoice]),
      ...unusedMonthNotes([billed], inputs),
    ],
    closing: closingLine(inputs, [invoice], invoice.warnings),
    finish: inputs.finish,
  };
}

/** A page shows the days of a month, and its change against the month before. */
function withDaysOf(
  period: BillingPeriod,
  wanted: readonly BillingPeriod[] | undefined,
): PlanChange {
  return (plan) => withDays(withMonths(plan, wanted), [period]);
}

/** What seats used on each day of the month; nothing where usage summaries leave the days open. */
function seatDaysOf(
  { stretches, coverage }: UsageReduction,
  { month }: BillingPeriod,
): SeatDay[] | undefined {
  if (coverage.byProfile === undefined) return undefined;
  return stretches
    .filter((usage) => usage.month === month)
    .map(({ profileId, userId, from, credits }) => {
      return { profileId, userId, date: utcDate(from), credits };
    });
}

/** A report is nothing for standard output. */
function refuseStandardOutput(output: string | undefined): void {
  if (output !== undefined && extname(output) !== '') return;
  throw new WrongUsage(
    'report needs -o FILE.html, the page to write: name a file that ends in .html',
  );
}

/** The month before, or why it cannot be billed: that is no reason not to report the month. */
function invoiceBefore(
  billing: Billing,
  period: BillingPeriod,
  shown: (invoice: MonthInvoice) => MonthInvoice,
): InvoiceBefore {
  try {
    return { invoice: shown(billMonth(billing, period)) };
  } catch (error) {
    if (error instanceof BadInput) return { period, whyNot: problemsText(error) };
    if (error instanceof WrongUsage) return { period, whyNot: error.message };
    throw error;
  }
}

function problemsText({ problems: [first], total }: BadInput): string {
  const more = total > 1 ? `, and ${total - 1} more` : '';
  return `it cannot be billed. ${first === undefined ? '' : problemLine(first)}${more}`;
}

const FILTER_NAMES = [
  ['profile', 'profile'],
  ['user', 'user'],
  ['group', 'group'],
  ['costCenter', 'cost center'],
] as const;

/** What the page says beside the figures. */
function surroundings(
  { billing, usage }: Inputs,
  options: ReportOptions,
  period: BillingPeriod,
  { host }: Context,
): Omit<PageInput, 'report'> {
  const now = BigInt(Math.floor(host.now().getTime() / 1000)) * NANOS_PER_SECOND;
  return {
    profiles: billing.records.profiles,
    groupNames: groupNamesOf(billing.records),
    filters: FILTER_NAMES.flatMap(([option, name]) =>
      (options[option] ?? []).map((value) => `${name} ${value}`),
    ),
    notes: [
      ...leftOut(usage.badRows, 'as bad input'),
      ...leftOut(usage.duplicates, 'for a request_id met before'),
    ],
    writtenOn: utcDate(now),
    isOver: now >= period.end,
    version: host.version,
  };
}

function leftOut(rows: number, why: string): string[] {
  if (rows === 0) return [];
  return [`${countShown(rows, 'usage row')} left out ${why}.`];
}
