import { arranged } from '../../billing/arrange.ts';
import { billMonths } from '../../billing/invoice.ts';
import { invoiceSheet, viewColumns } from '../../billing/views.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { View } from '../../domain/view.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import { formatAsked, INVOICE_FORMATS, type InvoiceFormat } from '../formats.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import {
  closingLine,
  groupNamesOf,
  noteEmptyMonths,
  noteFilteredMonths,
  noteInputs,
  noteUnusedMonths,
} from '../notes.ts';
import { isForTerminal, tableLook, writeOutput } from '../output.ts';
import { sheetsText } from '../sheets-text.ts';

interface InvoiceOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly by?: View;
  readonly format?: InvoiceFormat;
  readonly strict?: boolean;
}

/** Bills the months asked for and writes them by the view asked for. */
export async function run(context: Context, options: InvoiceOptions): Promise<ExitStatus> {
  const { host, messages, stopwatch } = context;
  const periods = periodsAsked(options.month, host.now());
  const format = formatAsked(options, INVOICE_FORMATS);
  if (format === 'focus') refuseArranging(options);
  const dearest = options.by === 'line' ? 'amount' : 'total_charge';
  const arrangement = arrangementAsked(options, viewColumns(viewOf(options)), dearest);
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const filters = filtersOf(options, inputs.billing);
  const billed = await stopwatch.time('billing', () => billMonths(inputs.billing, periods));
  const invoices = billed.map((invoice) => filteredInvoice(invoice, filters));
  const isPartial = isFiltering(filters) || options.top !== undefined;
  const sheets =
    format === 'focus'
      ? await focusSheets(invoices)
      : invoices.map((invoice) => arranged(invoiceSheet(invoice, viewOf(options)), arrangement));
  await stopwatch.time('output', async () => {
    const groupNames = groupNamesOf(inputs.billing.records);
    const rendering = { invoices, sheets, options, isPartial, groupNames };
    const text = await sheetsText(format, {
      sheets,
      warnings: invoices.map((invoice) => invoice.warnings),
      isPartial,
      isForTerminal: isForTerminal(options.output, host),
      table: () => table(rendering, context),
    });
    await writeOutput(text, options.output, host);
    await inputs.finish();
  });
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  messages.warnings(warnings);
  noteInputs(inputs, options, messages);
  if (isPartial) messages.note('the totals are of the rows shown, not of the whole invoice');
  noteEmptyMonths(billed, inputs, messages);
  noteFilteredMonths(billed, invoices, messages);
  noteUnusedMonths(billed, inputs, messages);
  messages.close(closingLine(inputs, invoices, warnings));
  return options.strict && warnings.length > 0 ? EXIT.findings : EXIT.done;
}

function viewOf({ by = 'user' }: InvoiceOptions): View {
  return by;
}

async function focusSheets(invoices: readonly MonthInvoice[]): Promise<Sheet[]> {
  const { focusSheet } = await import('../../billing/focus.ts');
  return invoices.map(focusSheet);
}

/** What a row is, which and in what order is for FOCUS to say; filters are not refused. */
function refuseArranging(options: InvoiceOptions): void {
  for (const name of ['by', 'sort', 'top'] as const) {
    if (options[name] === undefined) continue;
    throw new WrongUsage(
      `--${name} ${options[name]}: --format focus has one row per charge line, all of them, in their order; leave out --${name}, or take another format`,
    );
  }
}

interface Rendering {
  readonly groupNames: ReadonlyMap<string, string>;
  readonly invoices: readonly MonthInvoice[];
  readonly sheets: readonly Sheet[];
  readonly options: InvoiceOptions;
  readonly isPartial: boolean;
}

async function table(
  { invoices, sheets, options, isPartial, groupNames }: Rendering,
  context: Context,
): Promise<string> {
  const { invoiceTable } = await import('../../render/table.ts');
  const inKeyOrder = options.sort === undefined && options.top === undefined;
  const isGrouped = inKeyOrder && ['user', 'line'].includes(viewOf(options));
  return invoiceTable({
    months: invoices.map((invoice, index) => ({
      invoice,
      sheet: sheets[index] as Sheet,
      ...(isGrouped ? { subtotals: invoiceSheet(invoice, 'profile') } : {}),
    })),
    ...tableLook(options.output, context),
    partial: isPartial,
    groupNames,
  });
}
