import type { BillingPeriod } from '../domain/billing-period.ts';
import { decimalShown } from '../domain/counts.ts';
import { compare, type Decimal, isPositive } from '../domain/decimal.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../domain/invoice.ts';
import type { RateCard } from '../domain/rate-card.ts';
import type { Profile, User } from '../domain/records.ts';
import { partitionOf, VENDOR_REGIONS } from '../domain/region.ts';
import { type ColumnOf, column, NO_MONTH, type Sheet, sheetOf } from '../domain/sheet.ts';
import { type Warning, warningText } from '../domain/warning.ts';
import { likelyUsers } from './likely-user.ts';
import { isCapped } from './overage.ts';

/**
 * What a reader of these seats' invoice should check: first profiles, then
 * seats, each in the order of the seats.
 */
export function warningsOf(
  seats: readonly SeatInvoice[],
  period: BillingPeriod,
  card: RateCard,
  users: ReadonlyMap<string, User>,
): Warning[] {
  const likely = likelyUsers(seats, users);
  /** The profiles in the invoice, and whether any of their seats has a price. */
  const profiles = new Map<Profile, boolean>();
  const unbilled: Warning[] = [];
  for (const seat of seats) {
    const { profile, terms } = seat;
    if (isBilledOrUsed(seat)) {
      profiles.set(profile, profiles.get(profile) === true || terms !== undefined);
    }
    if (isPositive(seat.unbilledCredits)) unbilled.push(unbilledWarning(seat, period, likely));
  }
  return [...profiles]
    .flatMap(([profile, isPriced]) => profileWarnings(profile, isPriced, period, card))
    .concat(unbilled);
}

function profileWarnings(
  profile: Profile,
  isPriced: boolean,
  { month }: BillingPeriod,
  card: RateCard,
): Warning[] {
  return [...(isPriced ? approximatePrices(profile, card) : []), ...unlistedRegion(profile)].map(
    (warning) => ({ ...warning, month }),
  );
}

/** Warns of prices that the vendor gives only approximately (M4). */
function approximatePrices({ profileId, region }: Profile, card: RateCard): Warning[] {
  if (!card.approximatePartitions.has(partitionOf(region))) return [];
  const message =
    'GovCloud prices are approximate (the vendor only says "approximately 20% higher")';
  const remedy = 'set them with a rate card of your own (--rates)';
  return [{ code: 'approximate-prices', rule: 'M4', profileId, message, remedy }];
}

/** Warns of a Region that is not on the vendor's list; a blank one is unknown. */
export function unlistedRegion({ profileId, region }: Profile): Warning[] {
  if (region === '' || VENDOR_REGIONS.has(region)) return [];
  const message = `Region ${region} is not on the vendor's list of profile Regions (${[...VENDOR_REGIONS].join(', ')})`;
  return [{ code: 'unlisted-region', profileId, message }];
}

function unbilledWarning(
  seat: SeatInvoice,
  { month }: BillingPeriod,
  likely: (userId: string) => string | undefined,
): Warning {
  if (seat.terms === undefined) return new UsageWithoutSeat(seat, month, likely);
  const place = { month, profileId: seat.profile.profileId, userId: seat.userId };
  const credits = unbilledText(seat);
  const allowance = decimalShown(seat.allowanceCredits, 0);
  const reason = unbilledReason(seat);
  const message = `${credits} beyond the allowance of ${allowance} are unbilled (${reason})`;
  const summed = { credits: seat.unbilledCredits, reason };
  return { code: 'unbilled-credits', rule: 'O5', ...place, message, ...summed };
}

/** There may be millions, so it holds little, and says the rest when it is asked (O6). */
class UsageWithoutSeat implements Warning {
  readonly month: string;
  readonly #seat: SeatInvoice;
  readonly #likely: (userId: string) => string | undefined;

  constructor(seat: SeatInvoice, month: string, likely: (userId: string) => string | undefined) {
    this.#seat = seat;
    this.month = month;
    this.#likely = likely;
  }

  get hint(): string | undefined {
    const meant = this.#seat.pending ? undefined : this.#likely(this.userId);
    return meant && `is it ${meant}?`;
  }

  get code(): 'usage-without-seat' {
    return 'usage-without-seat';
  }

  get rule(): 'O6' {
    return 'O6';
  }

  get profileId(): string {
    return this.#seat.profile.profileId;
  }

  get userId(): string {
    return this.#seat.userId;
  }

  get credits(): Decimal {
    return this.#seat.unbilledCredits;
  }

  get reason(): string {
    return this.#seat.pending ? 'the seat was not active in the month' : 'no seat';
  }

  get message(): string {
    const { hint } = this;
    const ending = hint === undefined ? '' : `; ${hint}`;
    return `${unbilledText(this.#seat)} used with no held tier (${this.reason}): not charged${ending}`;
  }
}

/** `Ann, 12.50 credits`. */
function unbilledText({ userName, unbilledCredits }: SeatInvoice): string {
  const who = userName === '' ? '' : `${userName}, `;
  return `${who}${decimalShown(unbilledCredits)} credits`;
}

function unbilledReason(seat: SeatInvoice): string {
  const { stretches, capCredits, allowanceCredits } = seat;
  const reasons: string[] = [];
  const isBeyond = stretches.filter(({ usedAfter }) => compare(usedAfter, allowanceCredits) > 0);
  if (stretches.every(({ on }) => !on)) reasons.push('overage is off');
  else if (isBeyond.some(({ on }) => !on)) reasons.push('overage was off for a time');
  if (capCredits !== undefined && isCapped(seat)) {
    reasons.push(`the overage cap is ${decimalShown(capCredits, 0)}`);
  }
  return reasons.join('; ');
}

const WARNING_COLUMNS: readonly ColumnOf<Warning>[] = [
  column('month', 'text', ({ month }) => month),
  column('code', 'text', ({ code }) => code),
  column('rule', 'text', ({ rule }) => rule),
  column('profile_id', 'text', ({ profileId }) => profileId),
  column('user_id', 'text', ({ userId }) => userId),
  column('message', 'text', warningText),
];

/** The warnings of all months as rows; those about all inputs appear once. */
export function warningSheet(invoices: readonly MonthInvoice[]): Sheet {
  const warnings = new Set(invoices.flatMap((invoice) => invoice.warnings));
  return sheetOf(NO_MONTH, WARNING_COLUMNS, [...warnings]);
}
