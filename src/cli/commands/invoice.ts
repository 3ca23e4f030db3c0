import { arranged, dearestFirst, isCut } from '../../billing/arrange.ts';
import type { FocusVersion } from '../../billing/focus.ts';
import {
  type Directory,
  invoiceSheet,
  keyColumnNames,
  type ViewChoice,
  viewColumns,
} from '../../billing/views.ts';
import { warningSheet } from '../../billing/warnings.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import { type Row, type RowSource, totalOfMonths } from '../../domain/sheet.ts';
import type { Grouping } from '../../domain/view.ts';
import type { WorkbookSheet } from '../../render/workbook.ts';
import {
  type ArrangementOptions,
  arrangementAsked,
  columnsNeeded,
  ownTable,
} from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { billedMonths, type FilterOptions, isFiltering, periodsToRead } from '../filters.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { closingLine, monthNotes } from '../notes.ts';
import type { Chunks, Look } from '../output.ts';

interface InvoiceOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly by?: Grouping;
  readonly focusVersion?: FocusVersion;
}

/** Bills the requested months, in the requested view. */
export async function run(context: Context, options: InvoiceOptions): Promise<CommandResult> {
  const { host, format } = context;
  const periods = periodsAsked(options.month, host.now());
  if (format === 'focus') refuseArranging(options);
  else refuseVersionAlone(options);
  const dearest = options.by === 'line' ? 'amount' : 'total_charge';
  const view = options.by ?? 'user';
  const columns = viewColumns(view);
  const arrangement = arrangementAsked(options, columns, dearest);
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const months = await billedMonths(options, inputs.billing, periods, context);
  const { filters, billed, shown: invoices } = months;
  const isPartial = isFiltering(filters) || isCut(arrangement);
  const choice = {
    directory: inputs.billing.records,
    columns: columnsNeeded(arrangement, columns),
  };
  const sheets =
    format === 'focus'
      ? await focusRows(invoices, options.focusVersion)
      : invoices.map((invoice) => arranged(invoiceSheet(invoice, view, choice), arrangement));
  return {
    document: {
      sheets,
      months: invoices,
      isPartial,
      workbook: () =>
        isCut(arrangement) || arrangement.columns !== undefined
          ? [{ name: sheetName(view), sheets }]
          : workbookSheets(invoices, options.by, view, sheets),
      drawn: ownTable(arrangement, (look) =>
        table({ invoices, sheets, choice, options, isPartial }, look),
      ),
    },
    inputs,
    notes: [
      ...(isPartial ? ['the totals are of the rows shown, not of the whole invoice'] : []),
      ...monthNotes(billed, inputs, invoices),
    ],
    closing: closingLine(invoices),
  };
}

/** The sheet of each of these views, in order; any other view comes before them. */
const VIEW_SHEETS = { profile: 'Summary', user: 'Seats', line: 'Lines' } as const;

function sheetName(view: Grouping): string {
  return VIEW_SHEETS[view as keyof typeof VIEW_SHEETS] ?? `By ${[view].flat().join(', ')}`;
}

/** The sheets of a workbook, that of the view in `--by` first, and the warnings. */
function workbookSheets(
  invoices: readonly MonthInvoice[],
  by: Grouping | undefined,
  view: Grouping,
  sheetsOfView: readonly RowSource[],
): WorkbookSheet[] {
  const views = (Object.keys(VIEW_SHEETS) as Grouping[]).filter((other) => other !== by);
  const ordered = by === undefined ? views : [by, ...views];
  return [
    ...ordered.map((one) => ({
      name: sheetName(one),
      sheets: one === view ? sheetsOfView : invoices.map((invoice) => invoiceSheet(invoice, one)),
    })),
    { name: 'Warnings', sheets: [warningSheet(invoices)] },
  ];
}

async function focusRows(
  invoices: readonly MonthInvoice[],
  version: FocusVersion = '1.2',
): Promise<RowSource[]> {
  const { focusRows: rowsOf } = await import('../../billing/focus.ts');
  const { codeOfRegion } = await import('../../aws/billing-codes.ts');
  return invoices.map((invoice) => rowsOf(invoice, { version, codeOf: codeOfRegion }));
}

/** Refuses a FOCUS version without the FOCUS format. */
function refuseVersionAlone({ focusVersion }: InvoiceOptions): void {
  if (focusVersion === undefined) return;
  throw new WrongUsage(
    `--focus-version ${focusVersion} is of --format focus: add it, with 1.2 or 1.4`,
  );
}

/** FOCUS defines its rows and their order, so options that arrange them are refused; filters are not. */
function refuseArranging(options: InvoiceOptions): void {
  for (const name of ['by', 'where', 'columns', 'sort', 'top'] as const) {
    if (options[name] === undefined) continue;
    throw new WrongUsage(
      `--${name} ${String(options[name])}: --format focus has one row per charge line, all of them, in their order; leave out --${name}, or take another format`,
    );
  }
}

interface Rendering {
  readonly invoices: readonly MonthInvoice[];
  readonly sheets: readonly RowSource[];
  readonly choice: ViewChoice & { readonly directory: Directory };
  readonly options: InvoiceOptions;
  readonly isPartial: boolean;
}

async function table(
  { invoices, sheets, choice, options, isPartial }: Rendering,
  look: Look,
): Promise<Chunks> {
  const { invoiceTable } = await import('../../render/table.ts');
  const { by = 'user', where, sort, top } = options;
  const isOrderAsked = sort !== undefined || top !== undefined;
  const isGrouped = !isOrderAsked && where === undefined && (by === 'user' || by === 'line');
  const subtotals = isGrouped
    ? invoices.map((invoice) => dearestFirst(invoiceSheet(invoice, 'profile')))
    : [];
  const allMonths = totalOfMonths(sheets, top === undefined ? keyColumnNames(by) : []);
  const ofProfiles = totalOfMonths(subtotals, keyColumnNames('profile'));
  return invoiceTable({
    months: invoices.map((invoice, index) => {
      const sheet = sheets[index] as RowSource;
      if (!isGrouped) return { invoice, sheet: isOrderAsked ? sheet : dearestFirst(sheet) };
      const rowsOf = dearestRows(invoice, by, choice);
      return { invoice, sheet, rowsOf, subtotals: subtotals[index] };
    }),
    allMonths: allMonths && {
      sheet: dearestFirst(allMonths),
      subtotals: ofProfiles && dearestFirst(ofProfiles),
    },
    ...look,
    partial: isPartial,
    groups: choice.directory.groups,
  });
}

/** The rows of a profile, by what their seats are charged from the highest, made while they are read. */
function dearestRows(
  invoice: MonthInvoice,
  view: Grouping,
  choice: ViewChoice,
): (profileId: string) => Iterable<Row> {
  const ofProfiles = groupBy(invoice.seats, ({ profile }) => profile.profileId);
  return (profileId) => {
    const seats = ofProfiles.get(profileId) ?? [];
    const dearest = [...seats].sort((a, b) => Number(b.totalCharge - a.totalCharge));
    return invoiceSheet({ ...invoice, seats: dearest }, view, choice).rows;
  };
}
