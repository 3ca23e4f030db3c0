import { namesNoUser } from '../../aws/aws-bill.ts';
import { noResourceIds } from '../../aws/cur-columns.ts';
import { arranged, isCut } from '../../billing/arrange.ts';
import { firstNamed } from '../../domain/counts.ts';
import { type MonthInvoice, totalOf } from '../../domain/invoice.ts';
import { absoluteCents, type Cents, sumCents } from '../../domain/money.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { ChargebackView } from '../../domain/view.ts';
import {
  type ChargebackRow,
  type ChargedSeat,
  chargeback,
  chargebackColumns,
  chargebackSheet,
} from '../../reconcile/chargeback.ts';
import { countShown, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked, ownRows } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  FILTERS,
  type FilterOptions,
  type Filters,
  filtersOf,
  isFiltering,
  seatFilter,
} from '../filters.ts';
import type { InputOptions } from '../inputs.ts';
import { billSummary, readBothBills } from '../month-bill.ts';
import { periodAsked } from '../months.ts';
import { monthNotes } from '../notes.ts';

interface ChargebackOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly by?: ChargebackView;
}

/** Charges AWS's bill of a month back, to the cent. */
export async function run(context: Context, options: ChargebackOptions): Promise<CommandResult> {
  const period = periodAsked(options.month, context.host.now());
  const view = options.by ?? 'cost_center';
  refuseSplitting(options, view);
  const arrangement = arrangementAsked(options, chargebackColumns(view), 'net_charge');
  const { inputs, invoice, bill } = await readBothBills(period, options, context);
  const filters = filtersOf(options, inputs.billing, bill.aws.userIds());
  const all = await context.stopwatch.time('spreading', () => chargeback(bill.beside, view));
  const rows = all.filter(rowFilter(filters, view, invoice));
  const sheet = arranged(chargebackSheet(rows, view, invoice), arrangement);
  const warnings = [...invoice.warnings, ...bill.warnings];
  const isPartial = isFiltering(filters) || isCut(arrangement);
  return {
    document: {
      sheets: [sheet],
      months: [{ ...invoice, warnings }],
      isPartial,
      drawn: ownRows(arrangement, sheet, 'net_charge', {
        isPartial,
        title: 'Kiro chargeback',
        goesLast: 'direct_charge',
      }),
    },
    inputs,
    notes: [
      ...monthNotes([invoice], inputs),
      ...(isPartial ? ['the totals are of the rows shown'] : []),
      ...bill.notes,
    ],
    alarms: namesNoUser([bill.aws]) ? [noResourceIds(bill.files.path).what] : [],
    closing: `${billSummary(bill)}. ${closingText(all, invoice)}`,
    ...lackingSeats(all),
    hasFindings: rows.some((row) => isEmptyKey(row, view) || row.seats.some(isUnknown)),
  };
}

/** The filters that keep or drop whole keys of a view. */
const WHOLE_KEY_FILTERS: Readonly<Record<ChargebackView, readonly (keyof FilterOptions)[]>> = {
  cost_center: ['costCenter'],
  group: ['group'],
  tier: [],
  profile: ['profile'],
  account: [],
  region: [],
  user: ['profile', 'user', 'group', 'costCenter'],
};

/** Refuses a filter that could keep one seat of a row and drop another. */
function refuseSplitting(options: ChargebackOptions, view: ChargebackView): void {
  for (const [filter, flag] of FILTERS) {
    if (options[filter] === undefined || WHOLE_KEY_FILTERS[view].includes(filter)) continue;
    throw new WrongUsage(
      `${flag} could split a row of --by ${view}: use it with --by user, which takes all filters`,
    );
  }
}

function rowFilter(
  filters: Filters,
  view: ChargebackView,
  invoice: MonthInvoice,
): (row: ChargebackRow) => boolean {
  const passes = seatFilter(invoice, filters);
  if (passes === undefined) return () => true;
  if (view === 'group') return ({ key: [group = ''] }) => filters.groupIds?.has(group) ?? true;
  return ({ seats }) =>
    seats.some(({ placed }) => passes(placed.profile?.profileId ?? '', placed.userId));
}

function isEmptyKey({ key }: ChargebackRow, view: ChargebackView): boolean {
  return view !== 'group' && view !== 'tier' && key.some((text) => text === '');
}

/** Whether our data do not have a seat of the bill, or its account. */
function isUnknown({ ours }: ChargedSeat): boolean {
  return ours === undefined;
}

function closingText(rows: readonly ChargebackRow[], invoice: MonthInvoice): string {
  const net = sumCents(rows.map(({ netCharge }) => netCharge));
  const ours = totalOf(invoice);
  const { currency } = invoice.edition;
  return `Charged back ${moneyShown(net, currency)}; our invoice is ${moneyShown(ours, currency)}, ${comparison(net - ours, currency)}.`;
}

function lackingSeats(rows: readonly ChargebackRow[]): Pick<CommandResult, 'lookAt'> {
  const lacking = rows.flatMap((row) => row.seats.filter(isUnknown));
  if (lacking.length === 0) return {};
  const verb = lacking.length === 1 ? 'is' : 'are';
  const names = lacking.map(({ user, placed }) => user?.name || placed.userId);
  return {
    lookAt: `${countShown(lacking.length, 'seat')} of the bill that ${verb} not in our data (${firstNamed(names, 3)})`,
  };
}

function comparison(difference: Cents, currency: string): string {
  if (difference === 0n) return 'the same';
  const distance = moneyShown(absoluteCents(difference), currency);
  return difference > 0n ? `${distance} less than AWS's bill` : `${distance} more than AWS's bill`;
}
