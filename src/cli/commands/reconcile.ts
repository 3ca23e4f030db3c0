import { type Arrangement, arranged, isCut, itemsLeft } from '../../billing/arrange.ts';
import { type Decimal, decimalText } from '../../domain/decimal.ts';
import { type MonthInvoice, sheetMonth } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import type { AmazonQRow, ReconciledSeat } from '../../domain/reconciliation.ts';
import type { User } from '../../domain/records.ts';
import type { Warning } from '../../domain/warning.ts';
import {
  type Comparison,
  differingSeats,
  greatestFirst,
  hasFindings,
} from '../../reconcile/reconcile.ts';
import {
  amazonQRows,
  amazonQSheet,
  bridgeSheet,
  SEAT_COLUMNS,
  seatSheet,
} from '../../reconcile/reconciliation-sheets.ts';
import { countShown, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked, ownTable } from '../arrangement.ts';
import { comparedWithBill, shownBillWarnings } from '../bill-comparison.ts';
import type { CommandResult, Document } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import type { Format } from '../formats.ts';
import type { InputOptions } from '../inputs.ts';
import { billSummary, type MonthBill, readBothBills, refuseWithoutUsers } from '../month-bill.ts';
import { monthNotes } from '../notes.ts';

interface ReconcileOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly cur?: string;
  readonly tolerance: Decimal;
  readonly onlyDifferences?: boolean;
}

/** Compares our invoice of one month with AWS's bill, seat by seat. */
export async function run(context: Context, options: ReconcileOptions): Promise<CommandResult> {
  const arrangement = arrangementAsked(options, SEAT_COLUMNS);
  const { inputs, invoice, bill } = await readBothBills(options, context);
  const { billing } = inputs;
  refuseWithoutUsers(bill);
  const filters = filtersOf(options, billing, bill.aws.userIds());
  const isPartial = isFiltering(filters);
  const asked = { invoice, billing, filters, tolerance: options.tolerance };
  const { comparison, seats } = await context.stopwatch.time('comparing', () =>
    comparedWithBill(bill, asked),
  );
  const warnings = [
    ...filteredInvoice(invoice, filters).warnings,
    ...shownBillWarnings(bill, asked),
  ];
  const { users } = billing.records;
  const found = {
    seats,
    users,
    comparison,
    invoice,
    bill,
    warnings,
    arrangement,
    isPartial,
    options,
  };
  return {
    document: reconciliationDocument(found, context.format),
    inputs,
    notes: [
      ...partialNotes(isPartial, isCut(arrangement)),
      ...monthNotes([invoice], inputs),
      ...bill.notes,
    ],
    closing: `${billSummary(bill)}. ${closingText(comparison, invoice)}`,
    hasFindings: hasFindings(comparison),
  };
}

interface Found {
  readonly seats: readonly ReconciledSeat[];
  readonly users: ReadonlyMap<string, User>;
  readonly comparison: Comparison;
  readonly invoice: MonthInvoice;
  readonly bill: MonthBill;
  readonly warnings: readonly Warning[];
  readonly arrangement: Arrangement;
  /** Whether some seats are filtered out. */
  readonly isPartial: boolean;
  readonly options: ReconcileOptions;
}

/** The rows, and in all formats but CSV the bridge from our total to AWS's. */
function reconciliationDocument(found: Found, format: Format): Document {
  const { comparison, invoice, warnings, arrangement, options, isPartial } = found;
  const seats = seatsInOrder(found, format);
  const whole = seatSheet(seats, invoice);
  const sheet = arranged(whole, arrangement);
  const { bridge } = comparison;
  const amazonQ = amazonQShown(found);
  return {
    sheets: [sheet],
    months: [{ ...invoice, warnings }],
    isPartial: isPartial || isCut(arrangement) || options.onlyDifferences === true,
    facts: { tolerance: decimalText(options.tolerance) },
    beside: {
      bridge: bridgeSheet(bridge, invoice),
      amazon_q: amazonQSheet(amazonQ, invoice),
    },
    drawn: ownTable(arrangement, async (look) => {
      const { reconcileTable } = await import('../../render/reconcile.ts');
      const text = reconcileTable({
        month: sheetMonth(invoice),
        seats: itemsLeft(whole, seats, sheet),
        compared: comparison.seats,
        differing: differingSeats(comparison.seats).length,
        isPartial,
        bridge,
        amazonQ,
        tolerance: decimalText(options.tolerance, 0),
        ...look,
      });
      return [text];
    }),
  };
}

/** What Amazon Q charges the users shown. */
function amazonQShown({ bill, users, comparison, isPartial }: Found): AmazonQRow[] {
  const shown = new Set(comparison.seats.map(({ userId }) => userId));
  const charges = bill.amazonQ.filter(({ userId }) => !isPartial || shown.has(userId));
  return amazonQRows(charges, users);
}

/** In a table only the seats that differ, the largest difference first. */
function seatsInOrder({ seats, options }: Found, format: Format): readonly ReconciledSeat[] {
  const isTable = format === 'table';
  const wanted = isTable || options.onlyDifferences ? differingSeats(seats) : seats;
  const isByDifference = options.sort === undefined && (isTable || options.top !== undefined);
  return isByDifference ? greatestFirst(wanted) : wanted;
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
  const differing = differingSeats(seats).length;
  const difference = sumCents(seats.map((seat) => seat.difference));
  const places = bridge.filter(({ item }) => item === 'unknown').length;
  const found =
    differing === 0
      ? matchText(seats.length)
      : `${differing} of ${countShown(seats.length, 'seat')} ${differing === 1 ? 'differs' : 'differ'}, by ${moneyShown(difference, edition.currency)} in all`;
  const unknown =
    places === 0
      ? ''
      : ` Look at: ${places} unknown ${places === 1 ? 'account or Region' : 'accounts or Regions'}.`;
  return `${found}.${unknown}`;
}
