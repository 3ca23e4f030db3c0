import { extname } from 'node:path';
import { type Billing, billMonth } from '../../billing/invoice.ts';
import { type InvoiceBefore, reportOf } from '../../billing/report.ts';
import { type BillingPeriod, periodsLater } from '../../domain/billing-period.ts';
import { NANOS_PER_SECOND, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { countShown } from '../../render/amounts.ts';
import { problemLine } from '../../render/problems.ts';
import type { PageInput } from '../../render/report/page-input.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import {
  type InputOptions,
  type Inputs,
  type PlanChange,
  readInputs,
  withMonths,
} from '../inputs.ts';
import { periodAsked } from '../months.ts';
import {
  closingLine,
  groupNamesOf,
  noteEmptyMonths,
  noteFilteredMonths,
  noteInputs,
  noteUnusedMonths,
} from '../notes.ts';
import { writeOutput } from '../output.ts';

interface ReportOptions extends InputOptions, FilterOptions {
  readonly month: string;
  readonly strict?: boolean;
}

/** Writes the invoice of a month, with its change against the month before, as one HTML page. */
export async function run(context: Context, options: ReportOptions): Promise<ExitStatus> {
  const { host, messages, stopwatch } = context;
  const period = periodAsked(options.month, host.now());
  const output = outputAsked(options);
  const before = periodsLater(period, -1);
  const wanted = periodsToRead([before, period], options);
  const inputs = await readInputs(options, [period], context, withDaysOf(wanted));
  const { billing } = inputs;
  const filters = filtersOf(options, billing);
  const shown = (invoice: MonthInvoice): MonthInvoice => filteredInvoice(invoice, filters);
  const [billed, billedBefore] = await stopwatch.time('billing', async () => [
    billMonth(billing, period),
    invoiceBefore(billing, before, shown),
  ]);
  const invoice = shown(billed);
  const report = reportOf(invoice, billedBefore, inputs.usage.days);
  await stopwatch.time('output', async () => {
    const { reportPage } = await import('../../render/report/page.ts');
    const page = reportPage({ report, ...surroundings(inputs, options, period, context) });
    await writeOutput(page, output, host);
    await inputs.finish();
  });
  messages.warnings(invoice.warnings);
  noteInputs(inputs, options, messages);
  if (isFiltering(filters)) {
    messages.note('the totals are of the seats shown, not of the whole invoice');
  }
  noteEmptyMonths([billed], inputs, messages);
  noteFilteredMonths([billed], [invoice], messages);
  noteUnusedMonths([billed], inputs, messages);
  messages.close(`${closingLine(inputs, [invoice], invoice.warnings)} Wrote ${output}.`);
  return options.strict && invoice.warnings.length > 0 ? EXIT.findings : EXIT.done;
}

/** A page shows the days of a month, and its change against the month before. */
function withDaysOf(periods: readonly BillingPeriod[] | undefined): PlanChange {
  return (plan) => ({ ...withMonths(plan, periods), byDay: true });
}

/** Where the page goes. A report is nothing for standard output, and nothing but HTML. */
function outputAsked({ output }: ReportOptions): string {
  if (output === undefined) {
    throw new WrongUsage('report needs -o FILE.html, the page to write');
  }
  if (extname(output).toLowerCase() !== '.html') {
    throw new WrongUsage(
      `--output ${output}: the report is an HTML page; name a file that ends in .html`,
    );
  }
  return output;
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
    filters: (['profile', 'user', 'group'] as const).flatMap((name) =>
      (options[name] ?? []).map((value) => `${name} ${value}`),
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
