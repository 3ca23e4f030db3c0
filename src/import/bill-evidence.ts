import {
  type AwsAccount,
  type AwsBill,
  type AwsSeat,
  joinedSeats,
  notFinalText,
} from '../aws/aws-bill.ts';
import { billingPeriod } from '../domain/billing-period.ts';
import { countShown } from '../domain/counts.ts';
import { type Decimal, isPositive, subtract, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { accountRegionKey } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { byKeys, compareBytes } from '../domain/text-order.ts';
import type { Tier } from '../domain/tier.ts';
import type { Warning } from '../domain/warning.ts';
import type { AccountRegion, ChargedMonth, SignOfId } from './evidence.ts';
import type { CardTiers } from './tier-order.ts';

/** AWS's bills by month, `YYYY-MM`. */
export type AwsBills = ReadonlyMap<string, AwsBill>;

/** What AWS's bills show about one profile. */
export interface BilledProfile {
  readonly accountRegion: AccountRegion;
  /** The first month in which the bills name it. */
  readonly since: Instant;
  readonly source: string;
  /** Month by month. */
  readonly signs: readonly SignOfId<ChargedMonth>[];
  /** Months in which overage was charged. */
  readonly overageMonths: readonly string[];
  /** Months in which a final bill covers the account. */
  readonly finalMonths: readonly string[];
}

export interface BillEvidence {
  readonly months: readonly string[];
  readonly profiles: readonly BilledProfile[];
  /** Unknown Regions and operations, and bills that are not final. */
  readonly warnings: readonly Warning[];
}

/** Where a user has a seat. */
interface UserPlace extends AccountRegion {
  readonly userId: string;
}

/** What files other than bills know; profiles may be there more than once. */
export interface KnownSeats {
  readonly profiles: readonly AccountRegion[];
  readonly seats: readonly UserPlace[];
}

/**
 * What AWS's bills show: who was charged which tier in which month, and where overage was charged.
 * Rows whose Region is unknown, or fits no profile that other files know, belong to the user's only
 * seat in that account; of an unknown Region without exactly one, they are left out.
 */
export function evidenceOfBills(
  bills: AwsBills,
  known: KnownSeats,
  tiers: CardTiers,
): BillEvidence {
  const inOrder = byKeys(bills);
  const accounts = inOrder.flatMap(([month, bill]) =>
    [...bill.accounts.values()].map((account) => ({ month, account })),
  );
  const accountRegionOf = accountRegionFinder(
    accounts.map(({ account }) => account),
    known,
  );
  const warnings: Warning[] = [];
  const billed: MonthSeat[] = [];
  for (const { month, account } of accounts) {
    const unplaced: string[] = [];
    for (const [userId, seat] of account.seats) {
      const accountRegion = accountRegionOf(account, userId);
      if (accountRegion === undefined) unplaced.push(userId);
      else if (accountRegion.region !== account.region) {
        warnings.push(movedSeat(month, account, userId, accountRegion));
      }
      if (accountRegion !== undefined)
        billed.push({ month, userId, seat, accountRegion, code: account.code });
    }
    if (unplaced.length > 0) warnings.push(unknownRegion(month, account, unplaced));
  }
  const profiles = groupBy(billed, ({ accountRegion }) => accountRegionKey(accountRegion));
  return {
    months: inOrder.map(([month]) => month),
    profiles: byKeys(profiles).map(([, seats]) => billedProfile(seats, inOrder, tiers)),
    warnings: [...warnings, ...inOrder.flatMap(([month, bill]) => billWarnings(month, bill))],
  };
}

interface MonthSeat {
  readonly month: string;
  readonly userId: string;
  readonly seat: AwsSeat;
  readonly accountRegion: AccountRegion;
  readonly code: string;
}

/**
 * Finds where a user's rows in an account and Region of the bills belong; `undefined` if it is
 * unknown. Unlike `placedBill` of reconcile, it knows no profiles but those that files show. A
 * Region without a profile is wrong if users billed there have their one seat elsewhere in the
 * account, and are not billed for that.
 */
function accountRegionFinder(
  accounts: readonly AwsAccount[],
  { profiles, seats }: KnownSeats,
): (account: AwsAccount, userId: string) => AccountRegion | undefined {
  const rows = accounts.flatMap(({ accountId, region, seats: ofAccount }): UserPlace[] =>
    (region === '' ? [] : [...ofAccount.keys()]).map((userId) => ({ userId, accountId, region })),
  );
  const billed = groupBy(rows, ({ userId }) => userId);
  const known = groupBy(seats, ({ userId }) => userId);
  const seatOf = (userId: string, accountId: string): AccountRegion | undefined =>
    onlyAccountRegion(accountId, known.get(userId) ?? []);
  const keyOf = (userId: string, there: AccountRegion): string =>
    `${userId} ${accountRegionKey(there)}`;
  const billedKeys = new Set(rows.map((row) => keyOf(row.userId, row)));
  const isWrong = (ofRegion: readonly UserPlace[]): boolean => {
    const ofUsers = ofRegion.flatMap(({ userId, accountId }) => {
      const seat = seatOf(userId, accountId);
      return seat === undefined ? [] : keyOf(userId, seat);
    });
    return ofUsers.length > 0 && !ofUsers.some((key) => billedKeys.has(key));
  };
  const withProfile = new Set(profiles.map(accountRegionKey));
  const unknown = rows.filter((row) => !withProfile.has(accountRegionKey(row)));
  const regions = [...groupBy(unknown, accountRegionKey)];
  const wrong = new Set(regions.filter(([, ofRegion]) => isWrong(ofRegion)).map(([key]) => key));
  return ({ accountId, region }, userId) => {
    const there = { accountId, region };
    if (accountId === '') return undefined;
    if (region === '') {
      return onlyAccountRegion(accountId, [
        ...(known.get(userId) ?? []),
        ...(billed.get(userId) ?? []),
      ]);
    }
    if (!wrong.has(accountRegionKey(there))) return there;
    return seatOf(userId, accountId) ?? onlyAccountRegion(accountId, profiles) ?? there;
  };
}

/** The account and Region, if all of these in the account are the same. */
function onlyAccountRegion(
  accountId: string,
  accountRegions: readonly AccountRegion[],
): AccountRegion | undefined {
  const ofAccount = accountRegions.filter((accountRegion) => accountRegion.accountId === accountId);
  const [only, ...others] = new Map(
    ofAccount.map((accountRegion) => [accountRegionKey(accountRegion), accountRegion]),
  ).values();
  return others.length === 0 && only !== undefined ? { accountId, region: only.region } : undefined;
}

function movedSeat(
  month: string,
  { code, region }: AwsAccount,
  userId: string,
  accountRegion: AccountRegion,
): Warning {
  const where =
    region === ''
      ? `has a Region code that kiro-bill does not know, ${code || '(blank)'}`
      : `has the seat in ${region}, where no other file shows a profile`;
  const message = `AWS's bill ${where}: its rows count for the user's one seat in that account, in ${accountRegion.region}`;
  return { code: 'bill-region', month, userId, message };
}

function unknownRegion(
  month: string,
  { accountId, code }: AwsAccount,
  userIds: readonly string[],
): Warning {
  const where = `account ${accountId || '(blank)'}, Region code ${code || '(blank)'}`;
  const seats = countShown(userIds.length, 'seat');
  const message = `AWS's bill has ${seats} in ${where}, a Region that kiro-bill does not know: left out`;
  return { code: 'bill-region-unknown', month, message };
}

/** Bills that are not final, and operations that are not known. */
function billWarnings(month: string, { openInvoices, accounts }: AwsBill): Warning[] {
  const open = [...openInvoices.values()].map(({ payerId }): Warning => {
    const message = `${notFinalText(payerId, month)}: it ends no seat, and dates no start`;
    return { code: 'bill-not-final', month, message };
  });
  const operations = new Set<string>();
  for (const { seats } of accounts.values()) {
    for (const seat of seats.values()) {
      for (const operation of seat.otherOperations.keys()) operations.add(operation);
    }
  }
  const unknown = [...operations].sort(compareBytes).map((operation): Warning => {
    const message = `AWS's bill charges seats for an operation that kiro-bill does not know, ${operation}: it counts for the seat`;
    return { code: 'bill-operation', month, message };
  });
  return [...open, ...unknown];
}

/** A profile, by its seats in the order of months; a seat in two places of a bill is one. */
function billedProfile(
  billed: readonly [MonthSeat, ...MonthSeat[]],
  bills: readonly (readonly [month: string, bill: AwsBill])[],
  tiers: CardTiers,
): BilledProfile {
  const [{ accountRegion, month: first, code }] = billed;
  const finalMonths = finalMonthsOf(accountRegion.accountId, bills);
  const ofMonths = [...groupBy(billed, ({ month, userId }) => `${month} ${userId}`).values()];
  const joined = ofMonths.map(([one, ...others]) => ({
    ...one,
    seat: others.reduce((sum, { seat }) => joinedSeats(sum, seat), one.seat),
  }));
  const signs = joined.flatMap(({ month, userId, seat }): SignOfId<ChargedMonth>[] => {
    const charge = chargedMonth(month, seat, finalMonths.includes(month), tiers);
    return charge === undefined ? [] : [[userId, charge]];
  });
  const withOverage = joined.filter(
    ({ seat }) => isPositive(seat.overage) && isPositive(seat.chargedCredits),
  );
  return {
    accountRegion,
    since: billingPeriod(first).start,
    source: `account and usage type (${code}) of the CUR of ${first}`,
    signs,
    overageMonths: [...new Set(withOverage.map(({ month }) => month))],
    finalMonths,
  };
}

/** The months with a bill of a payer that has the account in any month, where all of these are final. */
function finalMonthsOf(
  accountId: string,
  bills: readonly (readonly [month: string, bill: AwsBill])[],
): string[] {
  const paying = bills.flatMap(([, { accountsOfPayer }]) =>
    [...accountsOfPayer].flatMap(([payerId, ids]) => (ids.has(accountId) ? [payerId] : [])),
  );
  const final = bills.filter(([, { accountsOfPayer, openInvoices }]) => {
    const present = paying.filter((payerId) => accountsOfPayer.has(payerId));
    return present.length > 0 && !present.some((payerId) => openInvoices.has(payerId));
  });
  return final.map(([month]) => month);
}

/** What a seat is charged in a month: the highest tier with a cost, or something without a tier. */
function chargedMonth(
  month: string,
  seat: AwsSeat,
  isFinal: boolean,
  tiers: CardTiers,
): ChargedMonth | undefined {
  const { start } = billingPeriod(month);
  const charged = { kind: 'charge', at: start, month, isFinal, share: ZERO } as const;
  const fees = [...seat.fees].filter(([, { cost }]) => isPositive(cost)).map(([key]) => key);
  const highest = byRank(fees, seat, tiers).at(-1);
  if (highest !== undefined) return { ...charged, ...highest, ...refundedFee(seat, tiers) };
  return isPositive(seat.overage) || isPositive(seat.subscription) ? charged : undefined;
}

/** The lowest refunded tier, with the share of the month that its fee covered (S3). */
function refundedFee(seat: AwsSeat, tiers: CardTiers): Partial<ChargedMonth> {
  const [lowest] = byRank([...seat.refunds.keys()], seat, tiers).filter(({ share }) =>
    isPositive(share),
  );
  return lowest === undefined ? {} : { refundedTier: lowest.tier, share: lowest.share };
}

/**
 * The known tiers, from the lowest, each with the share of the month that was charged for it before
 * refunds: a seat of which AWS took a part of the fee back has no later start.
 */
function byRank(
  tierKeys: readonly string[],
  { fees, refunds }: AwsSeat,
  { known, rankOf }: CardTiers,
): { readonly tier: Tier; readonly share: Decimal }[] {
  const quantityIn = (sums: AwsSeat['fees'], key: string): Decimal =>
    sums.get(key)?.quantity ?? ZERO;
  const ofTiers = tierKeys.flatMap((key) => {
    const tier = known.get(key);
    const share = subtract(quantityIn(fees, key), quantityIn(refunds, key));
    return tier === undefined ? [] : [{ tier, share }];
  });
  return ofTiers.sort((a, b) => rankOf(a.tier) - rankOf(b.tier));
}
