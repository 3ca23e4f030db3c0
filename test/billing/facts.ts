/** Records of the engine, built by hand in a line each, and invoices as short texts. */
import { type Billing, billingOf, billMonth } from '../../src/billing/invoice.ts';
import { firstActivations, type Seats, seatsOf } from '../../src/billing/seats.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import type { ChargeLine, LineQuantity } from '../../src/domain/charge-line.ts';
import { type Decimal, decimal, decimalText } from '../../src/domain/decimal.ts';
import { instant, instantText } from '../../src/domain/instant.ts';
import type { MonthInvoice, SeatInvoice, TierStep } from '../../src/domain/invoice.ts';
import { centsText } from '../../src/domain/money.ts';
import { BadInput, type Place, type Problem } from '../../src/domain/problem.ts';
import {
  BUILT_IN_RATE_CARD,
  type FirstMonthPolicy,
  type RateCard,
  type RateEdition,
  type TierOverride,
  type TierTerms,
} from '../../src/domain/rate-card.ts';
import type {
  Activation,
  BillingRecords,
  Membership,
  OverageChange,
  Profile,
  StretchUsage,
  Subscription,
  User,
} from '../../src/domain/records.ts';
import type { Tier } from '../../src/domain/tier.ts';
import { seatUsage } from '../support/seat-usage.ts';

/** The last nanosecond of January 2026, and the first instant of February. */
export const LAST_OF_JANUARY = '2026-01-31T23:59:59.999999999Z';
export const FEBRUARY = '2026-02-01T00:00:00Z';

export function placeAt(line: number, file = 'subscriptions.csv'): Place {
  return { file, line };
}

/** A commercial profile with overage off and no cap, unless `facts` say otherwise. */
export function profile(profileId = 'P1', facts: Partial<Profile> = {}): Profile {
  return {
    profileId,
    accountId: '111122223333',
    region: 'us-east-1',
    name: '',
    overageOn: false,
    place: placeAt(2, 'profiles.csv'),
    ...facts,
  };
}

export function user(userId: string, facts: Partial<User> = {}): User {
  return { userId, name: '', email: '', costCenter: '', ...facts };
}

interface SubscriptionFacts {
  readonly profileId?: string;
  readonly from?: string;
  readonly until?: string | undefined;
  /** Tiers by the instant of the change. */
  readonly changes?: Readonly<Record<string, Tier>>;
  /** The line of its row; the changes stand in the lines after it. */
  readonly line?: number;
}

/** A subscription in P1 since November 2025. `who` is a user's id, or a group's after `group:`. */
export function subscription(who: string, tier: Tier, facts: SubscriptionFacts = {}): Subscription {
  const { profileId = 'P1', from = '2025-11-03T14:00:00Z', until, changes = {}, line = 2 } = facts;
  const isGroup = who.startsWith('group:');
  return {
    profileId,
    principalType: isGroup ? 'group' : 'user',
    principalId: isGroup ? who.slice('group:'.length) : who,
    tier,
    subscribedAt: instant(from),
    ...(until === undefined ? {} : { unsubscribedAt: instant(until) }),
    tierChanges: Object.entries(changes).map(([at, changedTier], index) => ({
      changedAt: instant(at),
      tier: changedTier,
      place: placeAt(line + 1 + index, 'tier_changes.csv'),
    })),
    place: placeAt(line),
  };
}

/** A stay in a group: since ever and still, unless said otherwise. */
export function member(
  groupId: string,
  userId: string,
  joined?: string,
  left?: string,
): Membership {
  return {
    groupId,
    userId,
    ...(joined === undefined ? {} : { joinedAt: instant(joined) }),
    ...(left === undefined ? {} : { leftAt: instant(left) }),
  };
}

export function activation(userId: string, at: string, profileId = 'P1'): Activation {
  return { profileId, userId, activatedAt: instant(at) };
}

/** An overage change of P1; without `cap` the cap stays as it was. */
export function overageChange(at: string, on: boolean, cap?: string): OverageChange {
  const change = { profileId: 'P1', changedAt: instant(at), on };
  if (cap === undefined) return change;
  return { ...change, capCredits: cap === 'none' ? cap : decimal(cap) };
}

interface UsageFacts {
  readonly userId?: string;
  readonly profileId?: string;
  readonly month?: string;
  /** The stretch; all of the month where missing. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly rows?: number;
}

/** What alice used in P1 in January 2026, unless said otherwise, by one row. */
export function usage(credits: string, facts: UsageFacts = {}): StretchUsage {
  const { userId = 'alice', profileId = 'P1', month = '2026-01', from, to, rows = 1 } = facts;
  const period = billingPeriod(month);
  return {
    profileId,
    userId,
    month,
    from: from === undefined ? period.start : instant(from),
    to: to === undefined ? period.end : instant(to),
    credits: decimal(credits),
    requests: rows,
  };
}

/** `TIER RANK PRICE CREDITS RATE`, as in `Pro 1 20 1000 0.04`. */
export function terms(text: string): TierTerms {
  const [tier = '', rank = '', price = '', credits = '', overageRate = ''] = text.split(' ');
  return {
    tier,
    rank: Number(rank),
    price: decimal(price),
    credits: decimal(credits),
    overageRate: decimal(overageRate),
  };
}

interface EditionFacts {
  readonly from?: string;
  readonly currency?: string;
  readonly firstMonth?: FirstMonthPolicy;
  readonly firstMonthUpgrade?: FirstMonthPolicy;
  readonly partition?: string;
  readonly overrides?: Readonly<Record<string, Readonly<Record<Tier, TierOverride>>>>;
}

/** An edition of one partition (`aws`) with the given tiers, by `terms`. */
export function edition(tiers: readonly string[], facts: EditionFacts = {}): RateEdition {
  const { from = '2025-10', currency = 'USD', partition = 'aws' } = facts;
  const { firstMonth = 'prorated', firstMonthUpgrade = 'full' } = facts;
  const overrides = Object.entries(facts.overrides ?? {});
  return {
    from,
    currency,
    firstMonth,
    firstMonthUpgrade,
    partitions: new Map([[partition, tiers.map(terms)]]),
    overrides: new Map(
      overrides.map(([owner, byTier]) => [owner, new Map(Object.entries(byTier))]),
    ),
  };
}

export function card(...editions: RateEdition[]): RateCard {
  return { editions, approximatePartitions: new Set() };
}

/** Everything that a test wants to be billed; without profiles, the one profile P1. */
export interface Facts {
  readonly profiles?: readonly Profile[];
  readonly users?: readonly User[];
  readonly memberships?: readonly Membership[];
  readonly subscriptions?: readonly Subscription[];
  readonly activations?: readonly Activation[] | undefined;
  readonly overageChanges?: readonly OverageChange[];
  readonly usage?: readonly StretchUsage[];
  readonly card?: RateCard;
}

export function recordsOf(facts: Facts): BillingRecords {
  const { profiles = [profile()], users = [] } = facts;
  return {
    profiles: new Map(profiles.map((one) => [one.profileId, one])),
    users: new Map(users.map((one) => [one.userId, one])),
    groups: new Map(),
    memberships: facts.memberships ?? [],
    subscriptions: facts.subscriptions ?? [],
    ...(facts.activations === undefined ? {} : { activations: facts.activations }),
    overageChanges: facts.overageChanges ?? [],
  };
}

export function billing(facts: Facts): Billing {
  return billingOf(
    recordsOf(facts),
    facts.card ?? BUILT_IN_RATE_CARD,
    seatUsage(facts.usage ?? []),
  );
}

export function billed(facts: Facts, month = '2026-01'): MonthInvoice {
  return billMonth(billing(facts), billingPeriod(month));
}

/** The only seat that the facts make in the month. */
export function seatBilled(facts: Facts, month = '2026-01'): SeatInvoice {
  const { seats } = billed(facts, month);
  const [seat] = seats;
  if (seat === undefined || seats.length > 1) throw new Error(`${seats.length} seats, not one`);
  return seat;
}

/** The seats of records, with their first activations. */
export function seatsIn(records: BillingRecords): Seats {
  return seatsOf(records, firstActivations(records));
}

/** Alice's sources in P1, as `FROM..UNTIL`. */
export function sourceTexts(facts: Facts): string[] {
  const seat = seatsIn(recordsOf(facts)).get('P1')?.get('alice');
  return (seat?.sources ?? []).map(
    ({ from, until }) => `${instantText(from)}..${until === undefined ? '' : instantText(until)}`,
  );
}

/** `INSTANT TIER`, step by step. */
export function stepTexts(steps: readonly TierStep[]): string[] {
  return steps.map(({ at, tier }) => `${instantText(at)} ${tier}`);
}

/** `DATE TYPE TIER QUANTITY x PRICE = AMOUNT RULE`, line by line; the quantity as `16/30` or credits. */
export function lineTexts(lines: readonly ChargeLine[]): string[] {
  return lines.map(
    (line) =>
      `${line.date} ${line.lineType} ${line.tier} ${quantityShown(line.quantity)} x ${decimalText(line.unitPrice)} = ${centsText(line.amount)} ${line.rule}`,
  );
}

function quantityShown(quantity: LineQuantity): string {
  if (quantity.unit === 'credits') return decimalText(quantity.credits);
  return `${quantity.sign * quantity.days}/${quantity.daysInMonth}`;
}

/** `used U included I overage O unbilled X`, exact. */
export function creditsShown(seat: SeatInvoice): string {
  const text = (value: Decimal): string => decimalText(value, 0);
  return `used ${text(seat.creditsUsed)} included ${text(seat.allowanceCredits)} overage ${text(seat.overageCredits)} unbilled ${text(seat.unbilledCredits)}`;
}

/** The problems that keep the months from being billed. */
export function problemsOf(bill: () => unknown): readonly Problem[] {
  try {
    bill();
  } catch (error) {
    if (error instanceof BadInput) return error.problems;
    throw error;
  }
  return [];
}
