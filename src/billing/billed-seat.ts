import type { ChargeLine } from '../domain/charge-line.ts';
import { type Decimal, ZERO } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type {
  OverageStretch,
  SeatInvoice,
  Selection,
  Source,
  TierStep,
} from '../domain/invoice.ts';
import { type Cents, sumCents } from '../domain/money.ts';
import type { TierTerms } from '../domain/rate-card.ts';
import type { Profile, StretchUsage, User } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';
import { activeSelections, heldTierSteps, livesWithin } from './held-tier.ts';
import { creditBill, overageLines, overageStretches } from './overage.ts';
import type { ProfileMonth } from './profile-month.ts';
import { groupOf, type Seat } from './seats.ts';
import { subscriptionLines } from './subscription-charges.ts';

/**
 * The invoice of a seat that is active in the month: its sums, to which every larger sum adds (M2).
 * There may be a hundred thousand, so what they come from is found again when it is asked for.
 */
export class BilledSeat implements SeatInvoice {
  readonly terms: TierTerms | undefined;
  readonly usageRows: number;
  readonly creditsUsed: Decimal;
  readonly overageCredits: Decimal;
  readonly unbilledCredits: Decimal;
  readonly subscriptionCharge: Cents;
  readonly overageCharge: Cents;
  readonly #seat: Seat;
  readonly #month: ProfileMonth;

  constructor(month: ProfileMonth, seat: Seat) {
    this.#month = month;
    this.#seat = seat;
    const { steps } = this;
    const highest = steps.at(-1);
    this.terms = highest && termsOf(month, highest.tier);
    const lines = this.#subscriptionLines(steps);
    this.subscriptionCharge = sumCents(lines.map(({ amount }) => amount));
    const credits = creditBill(this.#usage, this.terms, month);
    this.usageRows = credits.usageRows;
    this.creditsUsed = credits.creditsUsed;
    this.overageCredits = credits.overageCredits;
    this.unbilledCredits = credits.unbilledCredits;
    this.overageCharge = credits.overageCharge;
  }

  get profile(): Profile {
    return this.#month.profile;
  }

  get userId(): string {
    return this.#seat.userId;
  }

  get #user(): User | undefined {
    return this.#month.users.get(this.userId);
  }

  get userName(): string {
    return this.#user?.name ?? '';
  }

  get costCenter(): string {
    return this.#user?.costCenter ?? '';
  }

  get sources(): readonly Source[] {
    return this.#seat.sources.filter((source) => livesWithin(source, this.#month.period));
  }

  get activatedAt(): Instant | 'never' | undefined {
    return this.#seat.activatedAt;
  }

  get pending(): boolean {
    return this.terms === undefined;
  }

  get selections(): readonly Selection[] {
    return activeSelections(this.#seat, this.#month.period);
  }

  get steps(): readonly TierStep[] {
    return heldTierSteps(this.selections, (tier) => termsOf(this.#month, tier).rank);
  }

  get groupId(): string {
    const highest = this.steps.at(-1);
    return highest === undefined ? '' : groupOf(highest.source);
  }

  get allowanceCredits(): Decimal {
    return this.terms?.credits ?? ZERO;
  }

  get #usage(): readonly StretchUsage[] {
    const { usage, period, profile } = this.#month;
    return usage.ofSeat(period.month, profile.profileId, this.userId);
  }

  get stretches(): readonly OverageStretch[] {
    return overageStretches(this.#usage, this.terms, this.#month.history);
  }

  get capCredits(): Decimal | undefined {
    return this.#month.capCredits;
  }

  get lines(): readonly ChargeLine[] {
    const subscription = this.#subscriptionLines(this.steps);
    const overage = overageLines(this.overageCredits, this.terms, this.#month.period);
    return overage.length === 0 ? subscription : [...subscription, ...overage];
  }

  #subscriptionLines(steps: readonly TierStep[]): readonly ChargeLine[] {
    const { period, edition } = this.#month;
    const priced = steps.map((step) => ({ step, terms: termsOf(this.#month, step.tier) }));
    return subscriptionLines(priced, period, edition);
  }

  get totalCharge(): Cents {
    return this.subscriptionCharge + this.overageCharge;
  }
}

function termsOf({ terms, profile }: ProfileMonth, tier: Tier): TierTerms {
  const found = terms?.get(tier);
  if (found === undefined) throw new Error(`no price for ${tier} in ${profile.profileId}`);
  return found;
}
