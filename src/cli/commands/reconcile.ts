import { AwsBill } from '../../aws/aws-bill.ts';
import { noResourceIds } from '../../aws/cur-columns.ts';
import { curFiles } from '../../aws/cur-files.ts';
import { type CurReading, readCur } from '../../aws/read-cur.ts';
import { type Arrangement, arranged, isCut } from '../../billing/arrange.ts';
import { billMonth } from '../../billing/invoice.ts';
import { type Decimal, decimalText } from '../../domain/decimal.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { BadInput } from '../../domain/problem.ts';
import type { BillingRecords } from '../../domain/records.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { Warning } from '../../domain/warning.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { reasonContext } from '../../reconcile/reasons.ts';
import { type Comparison, compareBills, compareSeats } from '../../reconcile/reconcile.ts';
import {
  bridgeSheet,
  differencesOf,
  greatestFirst,
  hasFindings,
  SEAT_COLUMNS,
  seatSheet,
} from '../../reconcile/reconciliation-sheets.ts';
import { countShown, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { Chunks, CommandResult, Document, Look } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  type Filters,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
  seatFilter,
} from '../filters.ts';
import type { Format } from '../formats.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import { emptyMonthNotes, inputNotes, readSummary, unusedMonthNotes } from '../notes.ts';
import { refuseInputAsOutput } from '../output.ts';
import { UsageProgress } from '../progress.ts';

interface ReconcileOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly cur: string;
  readonly tolerance: Decimal;
  readonly onlyDifferences?: boolean;
}

/** Compares our invoice of one month with AWS's bill, seat by seat. */
export async function run(context: Context, options: ReconcileOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const period = periodAsked(options.month, host.now());
  const arrangement = arrangementAsked(options, SEAT_COLUMNS, 'difference');
  const sources = await curFiles(options.cur);
  await refuseBillAsOutput(sources, options);
  const inputs = await readInputs(options, periodsToRead([period], options), context);
  const { billing } = inputs;
  const invoice = await stopwatch.time('billing', () => billMonth(billing, period));
  const bill = await stopwatch.time('CUR', () => readBill(sources, invoice, options.cur, context));
  const filters = filtersOf(options, billing, bill.userIds());
  const isPartial = isFiltering(filters);
  const { comparison, seats } = await stopwatch.time('comparing', () =>
    compared(invoice, bill, billing.records, filters, options),
  );
  const warnings = filteredInvoice(invoice, filters).warnings;
  const rendering = { seats, comparison, invoice, warnings, arrangement, isPartial, options };
  return {
    document: reconciliationDocument(rendering, context.format),
    warnings,
    notes: [
      ...inputNotes(inputs, options),
      ...partialNotes(isPartial, isCut(arrangement)),
      ...emptyMonthNotes([invoice], inputs),
      ...unusedMonthNotes([invoice], inputs),
      ...(bill.rows === 0 ? [`AWS's bill has no Kiro row in ${period.month}`] : []),
    ],
    closing: `${readSummary(inputs)}. ${closingText(comparison, invoice, sources)}`,
    hasFindings: hasFindings(comparison),
    finish: inputs.finish,
  };
}

async function refuseBillAsOutput(
  sources: readonly ByteSource[],
  { output, skipBadUsage }: ReconcileOptions,
): Promise<void> {
  const files = sources.map(({ file }) => file);
  await refuseInputAsOutput('--output', output, files);
  await refuseInputAsOutput('--skip-bad-usage', skipBadUsage, files);
}

/** The seats that pass the filters, compared; reasons look at all seats. */
function compared(
  invoice: MonthInvoice,
  bill: AwsBill,
  records: BillingRecords,
  filters: Filters,
  { tolerance }: ReconcileOptions,
): { comparison: Comparison; seats: Sheet } {
  const profiles = [...records.profiles.values()];
  const input = { invoice, bill, profiles, users: records.users, tolerance };
  const whole = compareBills(input);
  const comparison = isFiltering(filters)
    ? compareSeats(input, seatFilter(invoice, filters))
    : whole;
  return { comparison, seats: seatSheet(comparison, reasonContext(whole, records, input)) };
}

/** The month of AWS's bill; one that cannot be compared is `BadInput` that says what to do. */
async function readBill(
  sources: readonly ByteSource[],
  invoice: MonthInvoice,
  path: string,
  { host, stopwatch, progress: isProgress }: Context,
): Promise<AwsBill> {
  const log = new ProblemLog();
  const bill = new AwsBill();
  const progress = new UsageProgress(sources, host, isProgress, "AWS's bill");
  const { month } = invoice.period;
  try {
    const reading = await readCur(
      sources,
      month,
      log,
      (line, file) => bill.add(line, file),
      progress,
    );
    stopwatch.alsoRead.push(progress.told);
    if (log.total === 0) refuseOtherBill(bill, reading, invoice, path, log);
  } finally {
    progress.stop();
  }
  if (log.total > 0) throw new BadInput(log.kept, log.total);
  return bill;
}

function refuseOtherBill(
  bill: AwsBill,
  { months }: CurReading,
  { period, edition }: MonthInvoice,
  path: string,
  log: ProblemLog,
): void {
  const { month } = period;
  if (bill.rows === 0 && !months.has(month))
    log.add({ file: path, what: otherMonth(month, months) });
  if (bill.unidentifiedRows > 0 && bill.identifiedRows === 0) log.add(noResourceIds(path));
  for (const [currency, file] of bill.currencies) {
    if (currency === edition.currency) continue;
    const what = `AWS's bill is in ${currency}, and the rate card prices ${month} in ${edition.currency}: reconcile with a rate card in ${currency} (--rates)`;
    log.add({ file, what });
  }
}

function otherMonth(month: string, months: ReadonlySet<string>): string {
  const held = [...months].sort();
  if (held.length === 0) return `the CUR has no rows at all: is it the right file?`;
  return `the CUR has no rows of ${month}, only of ${held.join(', ')}: ask for --month ${held.at(-1)}, or name the CUR of ${month}`;
}

interface Rendering {
  readonly seats: Sheet;
  readonly comparison: Comparison;
  readonly invoice: MonthInvoice;
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
  const isPartial = rendering.isPartial || isCut(arrangement) || options.onlyDifferences === true;
  return {
    sheets: [shown],
    sheetWarnings: [warnings],
    isPartial,
    drawn: {
      json: async () => {
        const { reconcileJson } = await import('../../render/reconcile-json.ts');
        const tolerance = decimalText(options.tolerance);
        return [reconcileJson({ seats: shown, bridge, tolerance, warnings })];
      },
      markdown: async () => {
        const { markdownText } = await import('../../render/markdown.ts');
        return [markdownText([shown], { isPartial }), '\n', markdownText([bridge])];
      },
      ...(arrangement.columns === undefined && {
        table: (look: Look) => table(shown, bridge, rendering, look),
      }),
    },
  };
}

/** The rows in their order: of a table those that differ alone, the greatest difference first. */
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
  bridge: Sheet,
  { comparison, isPartial, options }: Rendering,
  look: Look,
): Promise<Chunks> {
  const { reconcileTable } = await import('../../render/reconcile.ts');
  const { seats } = comparison;
  const matching = seats.filter(({ verdict }) => verdict === 'match').length;
  const text = reconcileTable({
    differing,
    counts: { matching, differing: seats.length - matching },
    bridge,
    isPartial,
    profileNames: new Map(seats.map(({ profile }) => [profile.profileId, profile.name])),
    tolerance: decimalText(options.tolerance, 0),
    ...look,
  });
  return [text];
}

/** What the totals and the bridge are of, where that is not all. */
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

function closingText(
  { seats, bridge }: Comparison,
  { edition }: MonthInvoice,
  sources: readonly ByteSource[],
): string {
  const differing = seats.filter(({ verdict }) => verdict !== 'match').length;
  const found =
    differing === 0
      ? `All ${seats.length} seats match`
      : `${differing} of ${countShown(seats.length, 'seat')} ${differing === 1 ? 'differs' : 'differ'}, by ${moneyShown(bridge.differences, edition.currency)} in all`;
  const unknown =
    bridge.unknown.length === 0
      ? ''
      : ` Look at: ${bridge.unknown.length} unknown ${bridge.unknown.length === 1 ? 'account or Region' : 'accounts or Regions'}.`;
  return `AWS's bill: ${countShown(bridge.awsRows, 'Kiro row')} from ${countShown(sources.length, 'file')}. ${found}.${unknown}`;
}
