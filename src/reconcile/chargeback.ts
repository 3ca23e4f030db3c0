import type { SharedCharge } from '../aws/aws-bill.ts';
import { BILL_COLUMNS, type BillColumn } from '../aws/kiro-line.ts';
import { addAt, type Decimal, isPositive, sum, ZERO } from '../domain/decimal.ts';
import {
  addFractions,
  type Fraction,
  fraction,
  fractionOf,
  multiplyFractions,
} from '../domain/fraction.ts';
import { groupBy, valueAt } from '../domain/grouping.ts';
import {
  isBilledOrUsed,
  type MonthInvoice,
  type SeatInvoice,
  sheetMonth,
} from '../domain/invoice.ts';
import { type Cents, centsOf, sumCents } from '../domain/money.ts';
import type { User } from '../domain/records.ts';
import { seatKey, seatKeyOf } from '../domain/seat-key.ts';
import {
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  groupsByTexts,
  MONTH_COLUMN,
  type Sheet,
  sheetOf,
} from '../domain/sheet.ts';
import type { ChargebackView } from '../domain/view.ts';
import { largestRemainder } from './largest-remainder.ts';
import type { PlacedBill, PlacedSeat } from './placed-bill.ts';

/** A seat of AWS's bill to charge back. */
export interface ChargedSeat {
  readonly placed: PlacedSeat;
  /** Its row in our invoice; missing if our data do not have the seat. */
  readonly ours?: SeatInvoice | undefined;
  readonly user?: User | undefined;
}

/** What one KEY is charged. */
export interface ChargebackRow {
  /** The seats with a row on AWS's bill; empty for charges that could not be spread over any seat. */
  readonly seats: readonly ChargedSeat[];
  /** The texts of the key's columns, by which it is found and sorted. */
  readonly key: readonly string[];
  readonly charges: Readonly<Record<BillColumn, Cents>>;
  /** The sum of all charges. */
  readonly netCharge: Cents;
}

/** The data of a chargeback. */
export interface ChargebackInput {
  readonly bill: PlacedBill;
  /** The accounts of each payer. */
  readonly accountsOfPayer: ReadonlyMap<string, ReadonlySet<string>>;
  readonly invoice: MonthInvoice;
  readonly users: ReadonlyMap<string, User>;
}

const PROFILE_ID = column<ChargedSeat>(
  'profile_id',
  'id',
  ({ placed }) => placed.profile?.profileId ?? '',
);

/** What the rows of each view go by; blank texts where our data have none. */
const KEYS: Readonly<Record<ChargebackView, readonly ColumnOf<ChargedSeat>[]>> = {
  cost_center: [column('cost_center', 'text', ({ user }) => user?.costCenter ?? '')],
  group: [column('group_id', 'id', ({ ours }) => ours?.groupId ?? '')],
  tier: [column('tier', 'text', ({ ours }) => ours?.terms?.tier ?? '')],
  profile: [PROFILE_ID],
  account: [column('account_id', 'id', ({ placed }) => placed.accountId)],
  region: [column('region', 'text', ({ placed }) => placed.profile?.region ?? placed.region)],
  user: [PROFILE_ID, column('user_id', 'id', ({ placed }) => placed.userId)],
};

/**
 * AWS's bill of a month, charged back to the keys of a view. All rows add up to the bill to the
 * cent, and each column to within a cent of the exact sum of its rows. Charges that name no user
 * are spread over seats in proportion to their direct charges.
 */
export function chargeback(input: ChargebackInput, view: ChargebackView): ChargebackRow[] {
  const seats = chargedSeats(input);
  const { pools, unspread } = poolsOf(input, seats);
  const groups = groupsByTexts(KEYS[view], seats).map(({ keys: key, items }) => ({
    key,
    seats: items,
  }));
  const isBlank = ({ key }: Pick<ChargebackRow, 'key'>): boolean =>
    key.every((text) => text === '');
  // By its bytes, the blank key comes first.
  const isAdded = unspread.size > 0 && !groups.some(isBlank);
  const rows = isAdded ? [{ key: KEYS[view].map(() => ''), seats: [] }, ...groups] : groups;
  const sharesOfSeat = sharesBySeat(pools);
  const exact = rows.map((row) =>
    exactCharges(row.seats, sharesOfSeat, isBlank(row) ? unspread : new Map()),
  );
  const columns = columnsInCents(input.bill, exact);
  return rows.map((row, index) => {
    const charges = ofColumns((column) => columns[column][index] as Cents);
    return { ...row, charges, netCharge: sumCents(Object.values(charges)) };
  });
}

/** Each seat's total charge by its key: its row in the chargeback by user. */
export function netCharges(input: ChargebackInput): Map<string, Cents> {
  const rows = chargeback(input, 'user');
  return new Map(
    rows.map(({ key: [profileId = '', userId = ''], netCharge }) => [
      seatKey(profileId, userId),
      netCharge,
    ]),
  );
}

function chargedSeats({ bill, invoice, users }: ChargebackInput): ChargedSeat[] {
  const billed = new Map(
    invoice.seats.filter(isBilledOrUsed).map((seat) => [seatKeyOf(seat), seat]),
  );
  return bill.seats.map((placed): ChargedSeat => {
    const { profile, userId } = placed;
    const ours = profile && billed.get(seatKey(profile.profileId, userId));
    const user = users.get(userId);
    return { placed, ours, user };
  });
}

/** Charges that are spread over the same seats. */
interface Pool {
  readonly seats: readonly ChargedSeat[];
  readonly directCharge: Decimal;
  readonly charges: Map<BillColumn, Decimal>;
}

/** Spreads charges that name no user: over the seats of their account, else of their payer, else over all. */
function poolsOf(
  { bill, accountsOfPayer }: ChargebackInput,
  seats: readonly ChargedSeat[],
): { pools: Pool[]; unspread: Map<BillColumn, Decimal> } {
  const charged = seats.filter((seat) => isPositive(directCharge(seat)));
  const byAccount = groupBy(charged, ({ placed }) => placed.accountId);
  const pools = new Map<string, Pool>();
  const unspread = new Map<BillColumn, Decimal>();
  const poolOf = ({ payerId, accountId }: SharedCharge): Pool | undefined => {
    const ofAccount = accountId === '' ? undefined : byAccount.get(accountId);
    const ofPayer = (): ChargedSeat[] => {
      const accountIds = accountsOfPayer.get(payerId) ?? new Set();
      return [...accountIds].flatMap((id) => byAccount.get(id) ?? []);
    };
    const chosen = ofAccount !== undefined ? accountId : `payer ${payerId}`;
    const known = pools.get(chosen);
    if (known !== undefined) return known;
    const over = ofAccount ?? ofPayer();
    const poolSeats = over.length > 0 ? over : charged;
    if (poolSeats.length === 0) return undefined;
    const whole = sum(poolSeats.map(directCharge));
    const pool = { seats: poolSeats, directCharge: whole, charges: new Map() };
    pools.set(chosen, pool);
    return pool;
  };
  for (const shared of bill.shared) {
    addAt(poolOf(shared)?.charges ?? unspread, shared.column, shared.cost);
  }
  return { pools: [...pools.values()], unspread };
}

function directCharge({ placed }: ChargedSeat): Decimal {
  return placed.aws.columns.get('direct_charge') ?? ZERO;
}

/** By seat, the pools of which it bears a share. */
function sharesBySeat(pools: readonly Pool[]): Map<ChargedSeat, Pool[]> {
  const shares = new Map<ChargedSeat, Pool[]>();
  for (const pool of pools) {
    for (const seat of pool.seats) valueAt(shares, seat, () => []).push(pool);
  }
  return shares;
}

/** What the seats of a key are charged, exactly. */
function exactCharges(
  seats: readonly ChargedSeat[],
  poolsOfSeat: ReadonlyMap<ChargedSeat, readonly Pool[]>,
  more: ReadonlyMap<BillColumn, Decimal>,
): Record<BillColumn, Fraction> {
  const own = new Map(more);
  const shares = new Map<Pool, Decimal>();
  for (const seat of seats) {
    for (const [column, cost] of seat.placed.aws.columns) addAt(own, column, cost);
    for (const pool of poolsOfSeat.get(seat) ?? []) addAt(shares, pool, directCharge(seat));
  }
  return ofColumns((column) => {
    let charged = fractionOf(own.get(column) ?? ZERO);
    for (const [pool, share] of shares) {
      const cost = pool.charges.get(column);
      if (cost === undefined) continue;
      charged = addFractions(charged, portion(cost, share, pool.directCharge));
    }
    return charged;
  });
}

/** A value for each column of the bill. */
function ofColumns<Value>(
  of: (column: BillColumn, index: number) => Value,
): Record<BillColumn, Value> {
  const values = BILL_COLUMNS.map((column, index) => [column, of(column, index)]);
  return Object.fromEntries(values) as Record<BillColumn, Value>;
}

/** `cost` x `share` / `whole`, exactly. */
function portion(cost: Decimal, share: Decimal, whole: Decimal): Fraction {
  const { numerator, denominator } = fractionOf(whole);
  const part = multiplyFractions(fractionOf(cost), fractionOf(share));
  return multiplyFractions(part, fraction(denominator, numerator));
}

/** The total in cents, then the columns within it, then the rows within each column. */
function columnsInCents(
  { total, seats, shared }: PlacedBill,
  rows: readonly Record<BillColumn, Fraction>[],
): Record<BillColumn, Cents[]> {
  const sums = new Map<BillColumn, Decimal>();
  for (const { aws } of seats) for (const [column, cost] of aws.columns) addAt(sums, column, cost);
  for (const { column, cost } of shared) addAt(sums, column, cost);
  const totals = largestRemainder(
    BILL_COLUMNS.map((column) => fractionOf(sums.get(column) ?? ZERO)),
    centsOf(total),
  );
  return ofColumns((column, index) =>
    largestRemainder(
      rows.map((row) => row[column]),
      totals[index] as Cents,
    ),
  );
}

/** The name beside the key, in views that have one. */
const NAME_COLUMNS: Partial<Record<ChargebackView, ColumnOf<ChargebackRow>>> = {
  profile: column('profile_name', 'name', ({ seats }) => seats[0]?.placed.profile?.name ?? ''),
  user: column('user_name', 'name', ({ seats }) => seats[0]?.user?.name ?? ''),
};

/** The columns of the chargeback in a view, in order. */
export function chargebackColumns(view: ChargebackView): readonly ColumnOf<ChargebackRow>[] {
  const keys = KEYS[view].map(({ name, kind }, index) =>
    column<ChargebackRow>(name, kind, ({ key }) => key[index]),
  );
  const amounts = BILL_COLUMNS.map((name) =>
    column<ChargebackRow>(name, 'money', ({ charges }) => charges[name]),
  );
  return [
    MONTH_COLUMN,
    ...keys,
    ...[NAME_COLUMNS[view] ?? []].flat(),
    column('seats', 'count', ({ seats }) => seats.length),
    ...amounts,
    column('net_charge', 'money', ({ netCharge }) => netCharge),
    CURRENCY_COLUMN,
  ];
}

/** The rows of a chargeback, sorted by key. */
export function chargebackSheet(
  rows: readonly ChargebackRow[],
  view: ChargebackView,
  invoice: MonthInvoice,
): Sheet {
  return sheetOf(sheetMonth(invoice), chargebackColumns(view), rows);
}
