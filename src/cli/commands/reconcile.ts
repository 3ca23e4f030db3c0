import type { AmazonQCharge } from '../../aws/read-cur.ts';
import { arrangedItems, isCut } from '../../billing/arrange.ts';
import { type Decimal, decimalText } from '../../domain/decimal.ts';
import { type MonthInvoice, sheetMonth } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import type { BillStep, ReconciledSeat } from '../../domain/reconciliation.ts';
import { differingSeats, greatestFirst, hasFindings } from '../../reconcile/comparison.ts';
import {
  amazonQRows,
  amazonQSheet,
  bridgeSheet,
  SEAT_COLUMNS,
  seatSheet,
} from '../../reconcile/reconciliation-sheets.ts';
import { countShown, grouped, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked, ownTable } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import type { Format } from '../formats.ts';
import type { InputOptions } from '../inputs.ts';
import { billSummary, comparedBill, readBothBills, refuseWithoutUsers } from '../month-bill.ts';
import { periodAsked } from '../months.ts';
import { monthNotes } from '../notes.ts';

interface ReconcileOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly tolerance: Decimal;
  readonly onlyDifferences?: boolean;
}

/** Compares our invoice of one month with AWS's bill, seat by seat. */
export async function run(context: Context, options: ReconcileOptions): Promise<CommandResult> {
  const period = periodAsked(options.month, context.host.now());
  const arrangement = arrangementAsked(options, SEAT_COLUMNS);
  const { inputs, invoice, bill } = await readBothBills(period, options, context);
  const { billing } = inputs;
  refuseWithoutUsers(bill);
  const filters = filtersOf(options, billing, bill.aws.userIds());
  const isFiltered = isFiltering(filters);
  const compared = await context.stopwatch.time('comparing', () =>
    comparedBill(bill, filters, options.tolerance),
  );
  const { seats, bridge } = compared;
  const warnings = [...filteredInvoice(invoice, filters).warnings, ...compared.warnings];
  const ordered = seatsInOrder(seats, options, context.format);
  const { sheet, left } = arrangedItems(seatSheet(ordered, invoice), ordered, arrangement);
  const charges = isFiltered ? chargesOf(seats, bill.amazonQ) : bill.amazonQ;
  const amazonQ = amazonQRows(charges, billing.records.users);
  return {
    document: {
      sheets: [sheet],
      months: [{ ...invoice, warnings }],
      isPartial: isFiltered || isCut(arrangement) || options.onlyDifferences === true,
      facts: { tolerance: decimalText(options.tolerance) },
      beside: {
        bridge: bridgeSheet(bridge, invoice),
        amazon_q: amazonQSheet(amazonQ, invoice),
      },
      drawn: ownTable(arrangement, async (look) => {
        const { reconcileTable } = await import('../../render/reconcile.ts');
        const text = reconcileTable({
          month: sheetMonth(invoice),
          seats: left,
          compared: seats,
          differing: differingSeats(seats).length,
          isPartial: isFiltered,
          bridge,
          amazonQ,
          tolerance: decimalText(options.tolerance, 0),
          ...look,
        });
        return [text];
      }),
    },
    inputs,
    notes: [
      ...partialNotes(isFiltered, isCut(arrangement)),
      ...monthNotes([invoice], inputs),
      ...bill.notes,
    ],
    closing: `${billSummary(bill)}. ${closingText(seats, invoice)}`,
    ...unknownPlaces(bridge),
    hasFindings: hasFindings(compared),
  };
}

/** What Amazon Q charges the users compared. */
function chargesOf(
  seats: readonly ReconciledSeat[],
  amazonQ: readonly AmazonQCharge[],
): AmazonQCharge[] {
  const users = new Set(seats.map(({ userId }) => userId));
  return amazonQ.filter(({ userId }) => users.has(userId));
}

/** In a table only the seats that differ, the largest difference first. */
function seatsInOrder(
  seats: readonly ReconciledSeat[],
  { onlyDifferences, sort, top }: ReconcileOptions,
  format: Format,
): readonly ReconciledSeat[] {
  const isTable = format === 'table';
  const wanted = isTable || onlyDifferences ? differingSeats(seats) : seats;
  const isByDifference = sort === undefined && (isTable || top !== undefined);
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

function unknownPlaces(bridge: readonly BillStep[]): Pick<CommandResult, 'lookAt'> {
  const places = bridge.filter(({ item }) => item === 'unknown').length;
  if (places === 0) return {};
  return {
    lookAt: `${places} unknown ${places === 1 ? 'account or Region' : 'accounts or Regions'}`,
  };
}

function closingText(seats: readonly ReconciledSeat[], { edition }: MonthInvoice): string {
  const differing = differingSeats(seats).length;
  const difference = sumCents(seats.map((seat) => seat.difference));
  const all = countShown(seats.length, 'seat');
  if (differing === 0) return seats.length === 1 ? 'The one seat matches.' : `All ${all} match.`;
  const verb = differing === 1 ? 'differs' : 'differ';
  return `${grouped(differing)} of ${all} ${verb}, by ${moneyShown(difference, edition.currency)} in all.`;
}
