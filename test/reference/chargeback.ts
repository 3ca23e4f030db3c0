/**
 * AWS's bill spread over keys, as the formats page says it, row by row and in plain rationals.
 * Slow on purpose; nothing here is shared with the program that it judges.
 */
import { isAbove, negated, plus, type Rational, rational, times, ZERO } from './rational.ts';

/** A row of Kiro's as the bill has it. */
export interface BillRow {
  readonly payer: string;
  /** Blank for a row of no account. */
  readonly account: string;
  readonly type: string;
  /** Blank for a row that names nobody. */
  readonly user: string;
  /** In units of 10^-10. */
  readonly cost: bigint;
}

export const REFERENCE_COLUMNS = ['direct_charge', 'refund', 'discount', 'credit', 'tax', 'other'];

/** Per key `seats`, the columns in cents, and their sum; by the bytes of the keys. */
export type ReferenceRow = readonly [key: string, seats: number, ...cents: bigint[]];

function columnOf({ type, user }: BillRow): string {
  if (type === 'FlatRateSubscription' || type === 'Usage') return user ? 'direct_charge' : 'other';
  if (type === 'Refund') return 'refund';
  if (/^(Edp|Spp|Bundled|PrivateRate)Discount$/.test(type)) return 'discount';
  if (type === 'Credit') return 'credit';
  return type === 'Tax' ? 'tax' : 'other';
}

const UNIT = 10n ** 10n;

/** What each key is charged; `keyOf` says it of a seat by its account and user. */
export function referenceChargeback(
  rows: readonly BillRow[],
  keyOf: (account: string, user: string) => string,
): ReferenceRow[] {
  const direct = new Map<string, Rational>();
  const seats = new Set<string>();
  for (const row of rows) {
    if (row.user === '') continue;
    const seat = `${row.account} ${row.user}`;
    seats.add(seat);
    const more = columnOf(row) === 'direct_charge' ? rational(row.cost, UNIT) : ZERO;
    direct.set(seat, plus(direct.get(seat) ?? ZERO, more));
  }
  const bearing = [...direct].filter(([, charge]) => isAbove(charge, ZERO));
  const cells = new Map<string, Map<string, Rational>>();
  const keys = new Map<string, number>();
  const keyOfSeat = (seat: string): string => {
    const [account = '', user = ''] = seat.split(' ');
    return keyOf(account, user);
  };
  for (const seat of seats) keys.set(keyOfSeat(seat), (keys.get(keyOfSeat(seat)) ?? 0) + 1);
  const addTo = (key: string, column: string, amount: Rational): void => {
    const ofKey = cells.get(key) ?? new Map<string, Rational>();
    cells.set(key, ofKey.set(column, plus(ofKey.get(column) ?? ZERO, amount)));
    if (!keys.has(key)) keys.set(key, 0);
  };
  for (const row of rows) {
    const cost = rational(row.cost, UNIT);
    if (row.user !== '') {
      addTo(keyOf(row.account, row.user), columnOf(row), cost);
      continue;
    }
    const ofAccounts = (accounts: ReadonlySet<string>) =>
      bearing.filter(([seat]) => accounts.has(seat.split(' ')[0] ?? ''));
    const own = row.account === '' ? [] : ofAccounts(new Set([row.account]));
    const ofPayer = rows.filter(({ payer }) => payer === row.payer).map(({ account }) => account);
    const payers = ofAccounts(new Set(ofPayer));
    const over = [own, payers, bearing].find((some) => some.length > 0) ?? [];
    if (over.length === 0) addTo('', columnOf(row), cost);
    const sum = over.map(([, charge]) => charge).reduce(plus, ZERO);
    for (const [seat, charge] of over) {
      const share = times(charge, rational(sum.under, sum.over));
      addTo(keyOfSeat(seat), columnOf(row), times(cost, share));
    }
  }
  const sorted = [...keys.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const exact = (key: string, column: string) => cells.get(key)?.get(column) ?? ZERO;
  const total = rows.map(({ cost }) => rational(cost, UNIT)).reduce(plus, ZERO);
  const columnSums = REFERENCE_COLUMNS.map((column) =>
    sorted.map((key) => exact(key, column)).reduce(plus, ZERO),
  );
  const columnCents = shared(columnSums, rounded(total));
  const table = REFERENCE_COLUMNS.map((column, index) =>
    shared(
      sorted.map((key) => exact(key, column)),
      columnCents[index] ?? 0n,
    ),
  );
  return sorted.map((key, index) => {
    const cents = table.map((column) => column[index] ?? 0n);
    return [key, keys.get(key) ?? 0, ...cents, cents.reduce((a, b) => a + b, 0n)];
  });
}

/** Half away from zero, in cents. */
function rounded(amount: Rational): bigint {
  if (amount.over < 0n) return -rounded(negated(amount));
  return (200n * amount.over + amount.under) / (2n * amount.under);
}

/** Each rounded down, and cent by cent to the largest remainder that has none yet. */
function shared(amounts: readonly Rational[], total: bigint): bigint[] {
  const cents = amounts.map(({ over, under }) => {
    let down = (over * 100n) / under;
    while (down * under > over * 100n) down -= 1n;
    return down;
  });
  const left = amounts.map((amount, index) =>
    plus(times(amount, rational(100n)), rational(-(cents[index] ?? 0n))),
  );
  const given = new Set<number>();
  while (cents.reduce((a, b) => a + b, 0n) < total) {
    let best = -1;
    for (const [index, remainder] of left.entries()) {
      if (given.has(index)) continue;
      if (best < 0 || isAbove(remainder, left[best] ?? ZERO)) best = index;
    }
    given.add(best);
    cents[best] = (cents[best] ?? 0n) + 1n;
  }
  return cents;
}
