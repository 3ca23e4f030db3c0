import { type Arrangement, arranged, isCut } from '../../billing/arrange.ts';
import { billMonth } from '../../billing/invoice.ts';
import { type Decimal, decimalText } from '../../domain/decimal.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { Warning } from '../../domain/warning.ts';
import type { Comparison } from '../../reconcile/reconcile.ts';
import {
  amazonQSheet,
  bridgeSheet,
  differencesOf,
  greatestFirst,
  hasFindings,
  SEAT_COLUMNS,
} from '../../reconcile/reconciliation-sheets.ts';
import { countShown, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import {
  type BillBeside,
  billFiles,
  billSummary,
  readBill,
  refuseWithoutUsers,
} from '../aws-bill.ts';
import { comparedWithBill, shownBillWarnings } from '../bill-comparison.ts';
import type { Chunks, CommandResult, Document, Look } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import type { Format } from '../formats.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import { inputNotes, monthNotes, readSummary } from '../notes.ts';

interface ReconcileOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly cur?: string;
  readonly tolerance: Decimal;
  readonly onlyDifferences?: boolean;
}

/** Compares our invoice of one month with AWS's bill, seat by seat. */
export async function run(context: Context, options: ReconcileOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const period = periodAsked(options.month, host.now());
  const arrangement = arrangementAsked(options, SEAT_COLUMNS, 'difference');
  const read = await readInputs(options, periodsToRead([period], options), context);
  const files = await billFiles(options, read);
  const { inputs } = files;
  const { billing } = inputs;
  const invoice = await stopwatch.time('billing', () => billMonth(billing, period));
  const beside = await stopwatch.time('CUR', () => readBill(files, invoice, context));
  refuseWithoutUsers(beside, files.path);
  const filters = filtersOf(options, billing, beside.bill.userIds());
  const isPartial = isFiltering(filters);
  const asked = { invoice, billing, filters, tolerance: options.tolerance };
  const { comparison, seats } = await stopwatch.time('comparing', () =>
    comparedWithBill(beside, asked),
  );
  const warnings = [
    ...filteredInvoice(invoice, filters).warnings,
    ...shownBillWarnings(beside, asked),
  ];
  const rendering = {
    seats,
    comparison,
    invoice,
    beside,
    warnings,
    arrangement,
    isPartial,
    options,
  };
  return {
    document: reconciliationDocument(rendering, context.format),
    warnings,
    records: billing.records,
    notes: [
      ...inputNotes(inputs, options),
      ...partialNotes(isPartial, isCut(arrangement)),
      ...monthNotes([invoice], inputs),
      ...beside.notes,
    ],
    closing: `${readSummary(inputs)}. ${billSummary(beside, files)}. ${closingText(comparison, invoice)}`,
    hasFindings: hasFindings(comparison),
    finish: inputs.finish,
  };
}

interface Rendering {
  readonly seats: Sheet;
  readonly comparison: Comparison;
  readonly invoice: MonthInvoice;
  readonly beside: BillBeside;
  readonly warnings: readonly Warning[];
  readonly arrangement: Arrangement;
  /** Whether some seats are filtered out. */
  readonly isPartial: boolean;
  readonly options: ReconcileOptions;
}

/** The rows, and in all formats but CSV the bridge from our total to AWS's. */
function reconciliationDocument(rendering: Rendering, format: Format): Document {
  const { comparison, invoice, warnings, arrangement, options } = rendering;
  const shown = rowsShown(rendering, format);
  const bridge = bridgeSheet(comparison, invoice);
  const amazonQ = amazonQShown(rendering);
  const isPartial = rendering.isPartial || isCut(arrangement) || options.onlyDifferences === true;
  return {
    sheets: [shown],
    sheetWarnings: [warnings],
    sheetCoverage: [invoice.coverage],
    isPartial,
    drawn: {
      json: async () => {
        const { reconcileJson } = await import('../../render/reconcile-json.ts');
        const tolerance = decimalText(options.tolerance);
        const { coverage } = invoice;
        return [reconcileJson({ seats: shown, bridge, amazonQ, tolerance, warnings, coverage })];
      },
      markdown: async () => {
        const { markdownText } = await import('../../render/markdown.ts');
        const beside = amazonQ.rows.length === 0 ? [] : ['\n', markdownText([amazonQ])];
        return [markdownText([shown], { isPartial }), '\n', markdownText([bridge]), ...beside];
      },
      ...(arrangement.columns === undefined && {
        table: (look: Look) => table(shown, { bridge, amazonQ }, rendering, look),
      }),
    },
  };
}

/** What Amazon Q charges the users shown. */
function amazonQShown({ beside, comparison, invoice, isPartial }: Rendering): Sheet {
  const shown = new Set(comparison.seats.map(({ userId }) => userId));
  const charges = beside.amazonQ.filter(({ userId }) => !isPartial || shown.has(userId));
  return amazonQSheet(charges, beside.chargeback.users, invoice);
}

/** The rows in order; in a table only those that differ, the largest difference first. */
function rowsShown({ seats, arrangement, options }: Rendering, format: Format): Sheet {
  const isTable = format === 'table';
  const wanted = isTable || options.onlyDifferences ? differencesOf(seats) : seats;
  if (options.sort !== undefined) return arranged(wanted, arrangement);
  const { sortBy: _, ...unsorted } = arrangement;
  const isByDifference = isTable || options.top !== undefined;
  return arranged(isByDifference ? greatestFirst(wanted) : wanted, unsorted);
}

async function table(
  differing: Sheet,
  beside: { readonly bridge: Sheet; readonly amazonQ: Sheet },
  { comparison, isPartial, options }: Rendering,
  look: Look,
): Promise<Chunks> {
  const { reconcileTable } = await import('../../render/reconcile.ts');
  const { seats } = comparison;
  const matching = seats.filter(({ verdict }) => verdict === 'match').length;
  const text = reconcileTable({
    differing,
    counts: { matching, differing: seats.length - matching },
    ...beside,
    isPartial,
    profileNames: new Map(seats.map(({ profile }) => [profile.profileId, profile.name])),
    tolerance: decimalText(options.tolerance, 0),
    ...look,
  });
  return [text];
}

/** What the totals and the bridge cover, if that is not everything. */
function partialNotes(isFiltered: boolean, isRowsCut: boolean): string[] {
  if (isRowsCut) {
    const seats = isFiltered
      ? "the seats that the filters leave, without AWS's charges of no seat"
      : 'all seats';
    return [`the totals are of the rows shown; the bridge is of ${seats}`];
  }
  if (!isFiltered) return [];
  return [
    "the totals and the bridge are of the seats shown; AWS's charges of no seat are not in them",
  ];
}

function matchText(seats: number): string {
  return seats === 1 ? 'The one seat matches' : `All ${countShown(seats, 'seat')} match`;
}

function closingText({ seats, bridge }: Comparison, { edition }: MonthInvoice): string {
  const differing = seats.filter(({ verdict }) => verdict !== 'match').length;
  const found =
    differing === 0
      ? matchText(seats.length)
      : `${differing} of ${countShown(seats.length, 'seat')} ${differing === 1 ? 'differs' : 'differ'}, by ${moneyShown(bridge.differences, edition.currency)} in all`;
  const unknown =
    bridge.unknown.length === 0
      ? ''
      : ` Look at: ${bridge.unknown.length} unknown ${bridge.unknown.length === 1 ? 'account or Region' : 'accounts or Regions'}.`;
  return `${found}.${unknown}`;
}
