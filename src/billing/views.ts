import type { ChargeLine } from '../domain/charge-line.ts';
import { add, ZERO } from '../domain/decimal.ts';
import { instantText } from '../domain/instant.ts';
import {
  type InvoiceTotals,
  isBilledOrUsed,
  type MonthInvoice,
  type SeatInvoice,
  sheetMonth,
} from '../domain/invoice.ts';
import { sumCents } from '../domain/money.ts';
import type { BillingRecords } from '../domain/records.ts';
import {
  type Column,
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  columnsOfPart,
  groupsByTexts,
  MONTH_COLUMN,
  type RowSource,
  rowSource,
  type SheetMonth,
} from '../domain/sheet.ts';
import type { Grouping, RollUpView } from '../domain/view.ts';
import { lineQuantity } from './line-quantity.ts';
import { FIGURE_COLUMNS, type SheetColumn, sheetColumns } from './sheet-columns.ts';

/** What the records, but not the invoice, say about users and groups. */
export type Directory = Pick<BillingRecords, 'users' | 'groups'>;

const NO_DIRECTORY: Directory = { users: new Map(), groups: new Map() };

/** The data from which the cells of a view are taken. */
type ViewContext = Directory & SheetMonth;

/** The sums of one key; the seats of a roll-up are never split. */
interface RollUp extends InvoiceTotals {
  readonly keys: readonly string[];
  readonly first: SeatInvoice;
}

interface SeatLine {
  readonly seat: SeatInvoice;
  readonly line: ChargeLine;
}

const ALLOWANCE = column<SeatInvoice>(
  'credits_included',
  'credits',
  ({ allowanceCredits }) => allowanceCredits,
  false,
);

const USER_COLUMNS: readonly ColumnOf<SeatInvoice>[] = [
  MONTH_COLUMN,
  ...sheetColumns('profile_id', 'account_id', 'region', 'user_id', 'user_name', 'tier'),
  ...FIGURE_COLUMNS.flatMap((figure): ColumnOf<SeatInvoice>[] =>
    figure.name === 'credits_used' ? [figure, ALLOWANCE] : [figure],
  ),
  CURRENCY_COLUMN,
];

/** The optional columns of `--by user`. */
const OPTIONAL_USER_COLUMNS: readonly ColumnOf<SeatInvoice, ViewContext>[] = [
  column<SeatInvoice, ViewContext>(
    'user_email',
    'text',
    ({ userId }, { users }) => users.get(userId)?.email ?? '',
  ),
  ...sheetColumns('cost_center', 'group_id'),
  column<SeatInvoice, ViewContext>(
    'group_name',
    'name',
    ({ groupId }, { groups }) => groups.get(groupId)?.name ?? '',
  ),
  ...sheetColumns('profile_name'),
  column<SeatInvoice>('activated_at', 'text', ({ activatedAt }) =>
    typeof activatedAt === 'bigint' ? instantText(activatedAt) : '',
  ),
].map((one) => ({ ...one, isOptional: true }));

const LINE_COLUMNS: readonly ColumnOf<SeatLine>[] = [
  MONTH_COLUMN,
  ...columnsOfPart(sheetColumns('profile_id', 'user_id'), ({ seat }: SeatLine) => seat),
  column('date', 'date', ({ line }) => line.date),
  column('line_type', 'text', ({ line }) => line.lineType),
  column('tier', 'text', ({ line }) => line.tier),
  column('quantity', 'quantity', ({ line }) => lineQuantity(line, 6).text),
  column('unit_price', 'price', ({ line }) => line.unitPrice),
  column('amount', 'money', ({ line }) => line.amount),
  CURRENCY_COLUMN,
  column('rule', 'text', ({ line }) => line.rule),
];

/** What each roll-up goes by. */
const ROLL_UP_KEYS: Readonly<Record<RollUpView, SheetColumn>> = {
  profile: 'profile_id',
  account: 'account_id',
  region: 'region',
  tier: 'tier',
  cost_center: 'cost_center',
  group: 'group_id',
};

/** The columns of a view in their order, including those that are only shown on request. */
export function viewColumns(view: Grouping): readonly Column[] {
  if (view === 'user') return [...USER_COLUMNS, ...OPTIONAL_USER_COLUMNS];
  return view === 'line' ? LINE_COLUMNS : rollUpColumns(view);
}

type RollUpKeys = RollUpView | readonly [RollUpView, RollUpView];

function rollUpColumns(view: RollUpKeys): readonly ColumnOf<RollUp>[] {
  const names =
    view === 'profile'
      ? sheetColumns('profile_id', 'account_id', 'region', 'profile_name')
      : rollUpKeyColumns(view);
  return [
    MONTH_COLUMN,
    ...columnsOfPart(names, ({ first }: RollUp) => first),
    column('seats', 'count', ({ seats }) => seats),
    ...FIGURE_COLUMNS,
    CURRENCY_COLUMN,
  ];
}

/** The key columns of a roll-up. */
export function rollUpKeyColumns(view: RollUpKeys): readonly ColumnOf<SeatInvoice>[] {
  return sheetColumns(...[view].flat().map((name) => ROLL_UP_KEYS[name]));
}

/** The names of the columns that distinguish the rows of a view; none for charge lines. */
export function keyColumnNames(view: Grouping): readonly string[] {
  if (view === 'line') return [];
  return view === 'user'
    ? ['profile_id', 'user_id']
    : rollUpKeyColumns(view).map(({ name }) => name);
}

/** How the rows of a view are made. */
export interface ViewChoice {
  /** What names of users and groups are taken from, for columns that show them. */
  readonly directory?: Directory;
  /** Some of the view's columns, in its order; if missing, all that are not optional. */
  readonly columns?: readonly Column[];
}

/**
 * One invoice, seen by `view`: a grouping of the same lines, rows sorted by the bytes of
 * their keys. Amounts are added here, never computed a second time (M2).
 */
export function invoiceSheet(
  invoice: MonthInvoice,
  view: Grouping,
  choice: ViewChoice = {},
): RowSource {
  const seats = {
    *[Symbol.iterator]() {
      for (const seat of invoice.seats) if (isBilledOrUsed(seat)) yield seat;
    },
  };
  const context = { ...sheetMonth(invoice), ...(choice.directory ?? NO_DIRECTORY) };
  if (view === 'user') return rowSource(context, userColumns(choice), seats);
  if (view === 'line') {
    const lines = {
      *[Symbol.iterator]() {
        for (const seat of seats) for (const line of seat.lines) yield { seat, line };
      },
    };
    return rowSource(context, LINE_COLUMNS, lines);
  }
  return rowSource(context, rollUpColumns(view), rollUps(invoice, view));
}

function userColumns({ columns }: ViewChoice): readonly ColumnOf<SeatInvoice, ViewContext>[] {
  if (columns === undefined) return USER_COLUMNS;
  const names = new Set(columns.map(({ name }) => name));
  return [...USER_COLUMNS, ...OPTIONAL_USER_COLUMNS].filter(({ name }) => names.has(name));
}

/** The sums of an invoice by the keys of a roll-up, sorted by the bytes of their keys (M2). */
export function rollUps({ seats }: Pick<MonthInvoice, 'seats'>, view: RollUpKeys): RollUp[] {
  const groups = groupsByTexts(rollUpKeyColumns(view), seats.filter(isBilledOrUsed));
  return groups.map(({ keys, items }) => ({ keys, first: items[0], ...invoiceTotals(items) }));
}

/** The sums over seats, each of which is asked for its credits once; exact (M2). */
export function invoiceTotals(seats: readonly SeatInvoice[]): InvoiceTotals {
  let held = 0;
  let [creditsUsed, overageCredits, unbilledCredits] = [ZERO, ZERO, ZERO];
  for (const seat of seats) {
    if (seat.terms !== undefined) held += 1;
    creditsUsed = add(creditsUsed, seat.creditsUsed);
    overageCredits = add(overageCredits, seat.overageCredits);
    unbilledCredits = add(unbilledCredits, seat.unbilledCredits);
  }
  return {
    seats: held,
    subscriptionCharge: sumCents(seats.map(({ subscriptionCharge }) => subscriptionCharge)),
    creditsUsed,
    overageCredits,
    unbilledCredits,
    overageCharge: sumCents(seats.map(({ overageCharge }) => overageCharge)),
    totalCharge: sumCents(seats.map(({ totalCharge }) => totalCharge)),
  };
}
