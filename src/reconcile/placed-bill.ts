import {
  type AwsAccount,
  type AwsBill,
  type AwsSeat,
  joinedSeats,
  rowsOf,
  type SharedCharge,
} from '../aws/aws-bill.ts';
import type { Seats } from '../billing/seats.ts';
import { type Decimal, sum } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Profile } from '../domain/records.ts';
import type { Region } from '../domain/region.ts';
import { seatKey } from '../domain/seat-key.ts';

/** One seat of AWS's bill, with its place in our data. */
export interface PlacedSeat {
  readonly accountId: string;
  readonly code: string;
  readonly region: Region;
  readonly userId: string;
  readonly aws: AwsSeat;
  /** Missing if we have no profile there. */
  readonly profile?: Profile;
  /** What is unknown, if there is no profile. */
  readonly unknown?: 'account' | 'region' | 'code';
  /** The place in the bill of rows of the seat whose Region matches none of our profiles. */
  readonly movedFrom?: string;
}

/** A month of AWS's bill, or the rows of some seats, with the places of its seats. */
export interface PlacedBill {
  readonly seats: readonly PlacedSeat[];
  readonly shared: readonly SharedCharge[];
  /** The sum of all rows, exact. */
  readonly total: Decimal;
  readonly rows: number;
}

/** The data used to place seats. */
interface PlacingData {
  readonly invoice: MonthInvoice;
  readonly profiles: readonly Profile[];
  /** All our seats, of any time. */
  readonly known: Seats;
}

/**
 * Finds the place of each seat of AWS's bill: the profile of its account and Region. If we have
 * none there, the charge goes to the user's only seat in that account, if there is exactly one.
 * An import, which has no profiles yet, places seats by `accountRegionFinder` of `bill-evidence.ts`.
 */
export function placedBill(bill: AwsBill, data: PlacingData): PlacedBill {
  const profilesOfAccount = groupBy(data.profiles, ({ accountId }) => accountId);
  const billed = new Set(
    data.invoice.seats.map(({ profile, userId }) => seatKey(profile.profileId, userId)),
  );
  const seats = new Map<string, PlacedSeat>();
  for (const account of bill.accounts.values()) {
    const ofAccount = profilesOfAccount.get(account.accountId) ?? [];
    for (const [userId, aws] of account.seats) {
      const only = onlySeat(ofAccount, userId, data.known, billed);
      const seat = placedSeat(account, userId, aws, ofAccount, only);
      const key = JSON.stringify([seat.profile?.profileId ?? placeName(account), userId]);
      const before = seats.get(key);
      seats.set(key, before === undefined ? seat : joined(before, seat));
    }
  }
  const { total, rows } = bill;
  return { seats: [...seats.values()], shared: [...bill.shared.values()], total, rows };
}

/** The name of a place of the bill in messages: `999988887777 USE1`. */
export function placeName({
  accountId,
  code,
  region,
}: Pick<AwsAccount, 'accountId' | 'code' | 'region'>): string {
  return `${accountId || '(no account)'} ${code || region || '(no Region)'}`;
}

/** `only`: the only profile of the account in which the user has a seat. */
function placedSeat(
  account: AwsAccount,
  userId: string,
  aws: AwsSeat,
  ofAccount: readonly Profile[],
  only: Profile | undefined,
): PlacedSeat {
  const { accountId, code, region } = account;
  const seat = { accountId, code, region, userId, aws };
  const there = ofAccount.find((profile) => region !== '' && profile.region === region);
  if (there !== undefined) return { ...seat, profile: there };
  if (only !== undefined) return { ...seat, profile: only, movedFrom: placeName(account) };
  if (region === '') return { ...seat, unknown: 'code' };
  return { ...seat, unknown: ofAccount.length === 0 ? 'account' : 'region' };
}

/** The only profile in which the user has a seat: in the invoice's month, else at any time. */
function onlySeat(
  profiles: readonly Profile[],
  userId: string,
  known: Seats,
  billed: ReadonlySet<string>,
): Profile | undefined {
  const ofMonth = profiles.filter(({ profileId }) => billed.has(seatKey(profileId, userId)));
  const ofAnyTime = profiles.filter(({ profileId }) => known.get(profileId)?.has(userId));
  const [only, ...others] = ofMonth.length > 0 ? ofMonth : ofAnyTime;
  return others.length === 0 ? only : undefined;
}

function joined(a: PlacedSeat, b: PlacedSeat): PlacedSeat {
  const movedFrom = [a.movedFrom, b.movedFrom].filter((name) => name !== undefined).join(' and ');
  return { ...a, aws: joinedSeats(a.aws, b.aws), ...(movedFrom === '' ? {} : { movedFrom }) };
}

/** Whether a seat counts, by its profile (blank if unknown to us) and user. */
export type SeatFilter = (profileId: string, userId: string) => boolean;

/** The rows of a bill that name one of these seats, of any line item type. */
export function billOfSeats({ seats }: PlacedBill, passes: SeatFilter): PlacedBill {
  const wanted = seats.filter(({ profile, userId }) => passes(profile?.profileId ?? '', userId));
  return {
    seats: wanted,
    shared: [],
    total: sum(wanted.map(({ aws }) => netCost(aws))),
    rows: wanted.reduce((count, { aws }) => count + rowsOf(aws), 0),
  };
}

/** The sum of all rows that name the seat. */
function netCost({ columns }: AwsSeat): Decimal {
  return sum(columns.values());
}
