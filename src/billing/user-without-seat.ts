import type { Decimal } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { OverageStretch, SeatCredits, SeatInvoice } from '../domain/invoice.ts';
import type { Profile } from '../domain/records.ts';
import { seatCredits } from './overage.ts';
import type { ProfileMonth } from './profile-month.ts';

const NONE: readonly never[] = [];

/** What was used of a month by the user asked for last: what is asked of a user comes together. */
interface LastUser {
  readonly user: number;
  readonly userId: string;
  readonly credits: SeatCredits;
}

/** Looks up the users of a profile without a seat, by their numbers in the usage. */
export class UsersWithoutSeat {
  readonly month: ProfileMonth;
  #last: LastUser | undefined;

  constructor(month: ProfileMonth) {
    this.month = month;
  }

  userId(user: number): string {
    const last = this.#last;
    return last?.user === user ? last.userId : this.month.usage.userId(user);
  }

  of(user: number): LastUser {
    if (this.#last?.user === user) return this.#last;
    const { usage, period, profile } = this.month;
    const stretches = usage.ofSeat(period.month, profile.profileId, user);
    const userId = usage.userId(user);
    const credits = seatCredits(stretches, undefined, this.month);
    this.#last = { user, userId, credits };
    return this.#last;
  }
}

/**
 * The invoice of a user with usage, but no seat that is active in the month: nothing is charged.
 * There may be millions, so it holds little, and finds its credits when they are asked for.
 */
export class UserWithoutSeat implements SeatInvoice {
  readonly usageRows: number;
  readonly #user: number;
  readonly #users: UsersWithoutSeat;

  /** `user`: by the number in the usage. */
  constructor(user: number, users: UsersWithoutSeat) {
    this.#user = user;
    this.#users = users;
    this.usageRows = this.#credits.usageRows;
  }

  get userId(): string {
    return this.#users.userId(this.#user);
  }

  get #month(): ProfileMonth {
    return this.#users.month;
  }

  get #credits(): SeatCredits {
    return this.#users.of(this.#user).credits;
  }

  get activatedAt(): Instant | 'never' | undefined {
    const { activations, seats } = this.#month;
    return activations?.get(this.userId) ?? seats.get(this.userId)?.activatedAt;
  }

  get profile(): Profile {
    return this.#month.profile;
  }

  get userName(): string {
    return this.#month.users.get(this.userId)?.name ?? '';
  }

  get costCenter(): string {
    return this.#month.users.get(this.userId)?.costCenter ?? '';
  }

  get creditsUsed(): Decimal {
    return this.#credits.creditsUsed;
  }

  get allowanceCredits(): Decimal {
    return this.#credits.allowanceCredits;
  }

  get stretches(): readonly OverageStretch[] {
    return this.#credits.stretches;
  }

  get capCredits(): Decimal | undefined {
    return this.#month.capCredits;
  }

  get overageCredits(): Decimal {
    return this.#credits.overageCredits;
  }

  get unbilledCredits(): Decimal {
    return this.#credits.unbilledCredits;
  }

  get groupId(): string {
    return '';
  }

  get pending(): boolean {
    return false;
  }

  get terms(): undefined {
    return undefined;
  }

  get sources(): readonly never[] {
    return NONE;
  }

  get selections(): readonly never[] {
    return NONE;
  }

  get steps(): readonly never[] {
    return NONE;
  }

  get lines(): readonly never[] {
    return NONE;
  }

  get subscriptionCharge(): bigint {
    return 0n;
  }

  get overageCharge(): bigint {
    return 0n;
  }

  get totalCharge(): bigint {
    return 0n;
  }
}
