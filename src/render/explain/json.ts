import type { ChargeLine } from '../../domain/charge-line.ts';
import { decimalText } from '../../domain/decimal.ts';
import { type Instant, instantText } from '../../domain/instant.ts';
import type {
  NextMonth,
  OverageStretch,
  SeatInvoice,
  Source,
  TierStep,
} from '../../domain/invoice.ts';
import { centsText } from '../../domain/money.ts';
import { coverageValue, type JsonValue, jsonText } from '../json.ts';
import type { Story } from './section.ts';

/**
 * The stories for programs: an array with one object per seat and month. Names are those
 * of the CSV columns; decimals are strings, instants `2026-01-15T09:30:00Z`; missing values
 * are left out. `coverage` is that of the month.
 */
export function explainJson(stories: readonly Story[]): string {
  return jsonText(stories.map(storyObject));
}

function storyObject(story: Story): JsonValue {
  const { seat, period, edition } = story;
  const { profile } = seat;
  return {
    month: period.month,
    profile_id: profile.profileId,
    profile_name: profile.name,
    account_id: profile.accountId,
    region: profile.region,
    user_id: seat.userId,
    user_name: seat.userName,
    cost_center: seat.costCenter,
    group_id: seat.groupId,
    currency: edition.currency,
    rates_from: edition.from,
    status: statusOf(seat),
    sources: seat.sources.map((source) => sourceObject(source, story)),
    activated_at: activation(seat.activatedAt),
    tier_steps: seat.steps.map(stepObject),
    tier: seat.terms?.tier ?? '',
    credits: creditsObject(seat),
    lines: seat.lines.map(lineObject),
    subscription_charge: centsText(seat.subscriptionCharge),
    overage_charge: centsText(seat.overageCharge),
    total_charge: centsText(seat.totalCharge),
    next_month: nextObject(story.next),
    coverage: coverageValue(story.coverage),
  };
}

function statusOf({ terms, pending }: SeatInvoice): string {
  if (terms !== undefined) return 'billed';
  return pending ? 'pending' : 'no_seat';
}

function activation(at: SeatInvoice['activatedAt']): string | undefined {
  return at === undefined || at === 'never' ? at : instantText(at);
}

function instant(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : instantText(at);
}

function principal({ subscription }: Source) {
  const { principalType, principalId } = subscription;
  return { principal_type: principalType, principal_id: principalId };
}

function sourceObject(source: Source, { groups }: Story): JsonValue {
  const { subscription, membership, from, until } = source;
  const { principalType, principalId } = subscription;
  return {
    ...principal(source),
    group_name: principalType === 'group' ? groups.get(principalId)?.name : undefined,
    tier: subscription.tier,
    subscribed_at: instantText(subscription.subscribedAt),
    unsubscribed_at: instant(subscription.unsubscribedAt),
    joined_at: instant(membership?.joinedAt),
    left_at: instant(membership?.leftAt),
    from: instantText(from),
    until: instant(until),
    tier_changes: subscription.tierChanges.map(({ changedAt, tier }) => ({
      changed_at: instantText(changedAt),
      tier,
    })),
  };
}

function stepObject({ at, tier, source }: TierStep): JsonValue {
  return { at: instantText(at), tier, ...principal(source) };
}

function creditsObject(seat: SeatInvoice): JsonValue {
  return {
    usage_rows: seat.usageRows,
    credits_used: decimalText(seat.creditsUsed),
    credits_included: decimalText(seat.allowanceCredits),
    stretches: seat.stretches.map(stretchObject),
    overage_cap: seat.capCredits === undefined ? undefined : decimalText(seat.capCredits),
    overage_credits: decimalText(seat.overageCredits),
    unbilled_credits: decimalText(seat.unbilledCredits),
  };
}

function stretchObject(stretch: OverageStretch): JsonValue {
  return {
    from: instantText(stretch.from),
    to: instantText(stretch.to),
    overage: stretch.on ? 'enabled' : 'disabled',
    used_before: decimalText(stretch.usedBefore),
    used_after: decimalText(stretch.usedAfter),
    overage_credits: decimalText(stretch.overageCredits),
  };
}

/** The quantity is written exactly: as days of the month, negative on a refund, or as credits. */
function lineObject(line: ChargeLine): JsonValue {
  const { quantity } = line;
  const exact =
    quantity.unit === 'credits'
      ? { credits: decimalText(quantity.credits) }
      : { days: quantity.sign * quantity.days, days_in_month: quantity.daysInMonth };
  return {
    date: line.date,
    line_type: line.lineType,
    tier: line.tier,
    ...exact,
    unit_price: decimalText(line.unitPrice),
    amount: centsText(line.amount),
    rule: line.rule,
  };
}

function nextObject({ month, step, terms }: NextMonth): JsonValue {
  return {
    month: month,
    tier: step?.tier ?? '',
    price: terms === undefined ? undefined : decimalText(terms.price),
    credits_included: terms === undefined ? undefined : decimalText(terms.credits),
  };
}
