import { type Arrangement, arranged, type SortKey } from '../../billing/arrange.ts';
import { billMonths } from '../../billing/invoice.ts';
import { invoiceSheet, viewColumns } from '../../billing/views.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { View } from '../../domain/view.ts';
import { nearest } from '../../input/nearest.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import { type Format, formatAsked, INVOICE_FORMATS } from '../formats.ts';
import { EXIT, type ExitStatus, hasColor, widthOf } from '../host.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { closingLine, noteEmptyMonths, noteInputs } from '../notes.ts';
import { writeOutput } from '../output.ts';

interface InvoiceOptions extends InputOptions, FilterOptions {
  readonly month: string;
  readonly by: View;
  readonly format?: Format;
  readonly sort?: string;
  readonly top?: number;
  readonly strict?: boolean;
}

/** Bills the months asked for and writes them by the view asked for. */
export async function run(context: Context, options: InvoiceOptions): Promise<ExitStatus> {
  const { host, messages, stopwatch } = context;
  const periods = periodsAsked(options.month, host.now());
  const format = formatAsked(options, INVOICE_FORMATS);
  const arrangement = arrangementOf(options);
  const inputs = await readInputs(options, periods, context);
  const filters = filtersOf(options, inputs.billing);
  const billed = await stopwatch.time('billing', () => billMonths(inputs.billing, periods));
  const invoices = billed.map((invoice) => filteredInvoice(invoice, filters));
  const isPartial = isFiltering(filters) || options.top !== undefined;
  const sheets = invoices.map((invoice) =>
    arranged(invoiceSheet(invoice, options.by), arrangement),
  );
  await stopwatch.time('output', async () => {
    const text = await rendered(format, { invoices, sheets, options, isPartial }, context);
    await writeOutput(text, options.output, host);
    await inputs.finish();
  });
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  messages.warnings(warnings);
  noteInputs(inputs, options, messages);
  if (isPartial) messages.note('the totals are of the rows shown, not of the whole invoice');
  noteEmptyMonths(invoices, inputs, messages);
  messages.close(closingLine(inputs, invoices, warnings));
  return options.strict && warnings.length > 0 ? EXIT.findings : EXIT.done;
}

/** How `--sort` and `--top` ask the rows to be; a column that the view lacks is `WrongUsage`. */
function arrangementOf({ by, sort, top }: InvoiceOptions): Arrangement {
  const dearest = by === 'line' ? 'amount' : 'total_charge';
  const key = sort ?? (top === undefined ? undefined : dearest);
  return {
    ...(key === undefined ? {} : { sortBy: sortKey(key, by) }),
    ...(top === undefined ? {} : { top }),
  };
}

function sortKey(asked: string, by: View): SortKey {
  const reversed = asked.startsWith('-');
  const column = (reversed ? asked.slice(1) : asked).toLowerCase();
  const names = viewColumns(by).map(({ name }) => name);
  if (names.includes(column)) return { column, reversed };
  const near = nearest(column, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new WrongUsage(
    `--sort ${asked}: there is no such column by ${by}${hint} (${names.join(', ')})`,
  );
}

interface Rendering {
  readonly invoices: readonly MonthInvoice[];
  readonly sheets: readonly Sheet[];
  readonly options: InvoiceOptions;
  readonly isPartial: boolean;
}

async function rendered(
  format: Format,
  rendering: Rendering,
  context: Context,
): Promise<Iterable<string>> {
  const { sheets, invoices, options } = rendering;
  const isFile = options.output !== undefined && options.output !== '-';
  switch (format) {
    case 'csv': {
      const { csvText } = await import('../../render/csv.ts');
      return csvText(sheets);
    }
    case 'json': {
      const { invoiceJson } = await import('../../render/json.ts');
      return [
        invoiceJson(
          sheets,
          invoices.map(({ warnings }) => warnings),
        ),
      ];
    }
    case 'markdown': {
      const { markdownText } = await import('../../render/markdown.ts');
      return [markdownText(sheets)];
    }
    case 'table':
      return [await table(rendering, isFile, context)];
  }
}

async function table(
  { invoices, sheets, options, isPartial }: Rendering,
  isFile: boolean,
  { host, color }: Context,
): Promise<string> {
  const { invoiceTable } = await import('../../render/table.ts');
  const inKeyOrder = options.sort === undefined && options.top === undefined;
  const isGrouped = inKeyOrder && (options.by === 'user' || options.by === 'line');
  return invoiceTable({
    months: invoices.map((invoice, index) => ({
      invoice,
      sheet: sheets[index] as Sheet,
      ...(isGrouped ? { subtotals: invoiceSheet(invoice, 'profile') } : {}),
    })),
    width: widthOf(host),
    color: !isFile && hasColor(host, host.stdout, color),
    partial: isPartial,
  });
}
