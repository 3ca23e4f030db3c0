import type { SeatAdvice, TierOption } from '../../domain/advice.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { decimalShown } from '../../domain/counts.ts';
import { isPositive, subtract } from '../../domain/decimal.ts';
import { type Instant, utcDate } from '../../domain/instant.ts';
import type { SeatInvoice, Selection, Source, TierStep } from '../../domain/invoice.ts';
import type { Group } from '../../domain/records.ts';
import { selectionsWithin } from '../held-tier.ts';
import { groupOf } from '../seats.ts';

/** What the sentences need besides the advice. */
export interface DetailContext {
  readonly period: BillingPeriod;
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * The advice in words: its basis, what it unblocks, when a change takes effect, what the data
 * already contain, and for a group seat which group.
 */
export function detailOf(advice: SeatAdvice, context: DetailContext): string {
  const sentences = [
    groundOf(advice),
    unblocked(advice),
    effectOf(advice),
    alreadyInData(advice, context),
    nextInData(advice),
    throughGroup(advice, context),
    otherSources(advice, context),
    missingMonths(advice),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function groundOf(advice: SeatAdvice): string {
  const { recommended, creditsUsed, options } = advice;
  const when = monthsText(advice.months);
  if (recommended === undefined) return `No credits used in ${when}.`;
  const used = `the ${decimalShown(creditsUsed)} credits used in ${when}`;
  if (!recommended.isPossible) {
    const blocked = decimalShown(recommended.blockedCredits);
    if (recommended !== options.at(-1)) return `${recommended.tier} blocks ${blocked} of ${used}.`;
    return `No tier covers ${used}: even ${recommended.tier} blocks ${blocked}.`;
  }
  const overage = overageText(recommended);
  if (recommended === held(advice)) return `${recommended.tier} is right for ${used}${overage}.`;
  return `${recommended.tier} covers ${used}${overage}.`;
}

function overageText({ overageCredits }: TierOption): string {
  return isPositive(overageCredits) ? `, ${decimalShown(overageCredits)} of them as overage` : '';
}

/** `2026-03`, or `3 months to 2026-03`: the months in which the seat held a tier. */
function monthsText(months: readonly string[]): string {
  const last = months.slice(-1).join();
  return months.length === 1 ? last : `${months.length} months to ${last}`;
}

/** The tier with which the advice is compared. */
function held({ upcoming, current }: SeatAdvice): TierOption {
  return upcoming ?? current;
}

function unblocked(advice: SeatAdvice): string {
  const { tier, blockedCredits } = held(advice);
  const { recommended } = advice;
  if (recommended === undefined) return '';
  const credits = subtract(blockedCredits, recommended.blockedCredits);
  return isPositive(credits)
    ? `It unblocks ${decimalShown(credits)} credits that ${tier} blocks.`
    : '';
}

/** When a change takes effect (S3, S4, H4). */
function effectOf({ advice, upcoming, current, recommended = current }: SeatAdvice): string {
  switch (advice) {
    case 'idle':
      return upcoming === undefined ? '' : 'Unsubscribing takes effect from next month.';
    case 'downgrade':
      return 'A downgrade takes effect from next month.';
    case 'upgrade':
      return recommended.rank > current.rank
        ? `An upgrade takes effect at once, with the charge for ${current.tier} refunded.`
        : 'The change takes effect from next month.';
    case 'keep':
      return '';
  }
}

interface Event {
  readonly at: Instant;
  readonly text: string;
}

/** A start, a change or an end inside the month; the costs are nevertheless those of a full month. */
function alreadyInData({ seat }: SeatAdvice, { period }: DetailContext): string {
  const [first] = seat.steps as readonly [TierStep];
  const further = seat.sources.filter((source) => source !== first.source);
  const events = [
    ...startInside(first.at, period),
    ...further.flatMap((source) => startOf(source, period)),
    ...seat.sources.flatMap((source) => eventsOf(source, period)),
  ]
    .sort((a, b) => Number(a.at - b.at))
    .map(({ at, text }) => `${text} on ${utcDate(at)}`);
  return events.length === 0 ? '' : `Already in the data: ${[...new Set(events)].join(', ')}.`;
}

function startInside(at: Instant, { start }: BillingPeriod): Event[] {
  return at > start ? [{ at, text: 'the seat started' }] : [];
}

/** For sources other than the seat's first one. */
function startOf({ subscription, from }: Source, { start }: BillingPeriod): Event[] {
  if (from <= start) return [];
  const { principalType, principalId, subscribedAt } = subscription;
  if (principalType === 'user') return [{ at: from, text: 'a subscription' }];
  const isJoined = from !== subscribedAt;
  const text = `${isJoined ? 'joining' : 'a subscription of'} group ${principalId}`;
  return [{ at: from, text }];
}

function eventsOf({ subscription, until }: Source, { start, end }: BillingPeriod): Event[] {
  const { principalType, principalId, tierChanges, unsubscribedAt } = subscription;
  const isInside = (at: Instant): boolean => at > start && at < end;
  const of = principalType === 'group' ? ` of group ${principalId}` : '';
  const changes = tierChanges
    .filter(({ changedAt }) => isInside(changedAt))
    .map(({ changedAt, tier }) => ({ at: changedAt, text: `a change${of} to ${tier}` }));
  if (until === undefined || !isInside(until)) return changes;
  const ended = until === unsubscribedAt ? `an unsubscribe${of}` : `leaving group ${principalId}`;
  return [...changes, { at: until, text: ended }];
}

/** The tier of the next month, if it differs from that at the end of this month. */
function nextInData({ next, current }: SeatAdvice): string {
  if (next.step === undefined) return `From ${next.month} there is no seat.`;
  if (next.step.tier === current.tier) return '';
  return `From ${next.month} the seat holds ${next.step.tier}.`;
}

/** How to change a group seat: a seat without another source must be subscribed another way. */
function groupWay(advice: SeatAdvice, isOnlySource: boolean): string {
  switch (advice.advice) {
    case 'idle':
      return ': take the user out of it';
    case 'downgrade': {
      const { tier } = advice.recommended as TierOption;
      const instead = ` and subscribe the user to ${tier} directly`;
      return `: take the user out of it${isOnlySource ? instead : ''}, or downgrade it for all its members`;
    }
    case 'upgrade':
      return ': subscribe the user directly as well, or upgrade it for all its members';
    case 'keep':
      return '';
  }
}

/** How to make the change; omitted if the records already end the source in this month. */
function throughGroup(advice: SeatAdvice, context: DetailContext): string {
  const { seat } = advice;
  const { groupId } = seat;
  if (groupId === '') return '';
  const { until } = billedSource(seat);
  const isEnding = until !== undefined && until <= context.period.end;
  const isOnlySource = othersGoingOn(advice, context).length === 0;
  const way = isEnding ? '' : groupWay(advice, isOnlySource);
  return `The seat comes through ${groupShown(groupId, context)}${way}.`;
}

/** The source that gave the tier that is billed. */
function billedSource({ steps }: SeatInvoice): Source {
  return (steps.at(-1) as TierStep).source;
}

function groupShown(groupId: string, { groups }: DetailContext): string {
  const name = groups.get(groupId)?.name ?? '';
  return name === '' ? `group ${groupId}` : `group ${groupId} (${name})`;
}

/** What holds a tier besides the source that should end. */
function otherSources(advice: SeatAdvice, context: DetailContext): string {
  if (advice.advice !== 'idle' && advice.advice !== 'downgrade') return '';
  const others = othersGoingOn(advice, context).map(({ tier, source }) => {
    const groupId = groupOf(source);
    return groupId === '' ? `${tier} directly` : `${tier} through ${groupShown(groupId, context)}`;
  });
  if (others.length === 0) return '';
  return `The user also has ${listed(others)}, which ${others.length === 1 ? 'goes' : 'go'} on.`;
}

/** The tiers selected by the sources at the first instant of the next month, except the billed one (H2). */
function othersGoingOn({ seat }: SeatAdvice, { period: { end } }: DetailContext): Selection[] {
  const billed = billedSource(seat);
  return seat.sources
    .filter((source) => source !== billed)
    .flatMap((source) => selectionsWithin(source, end, end + 1n));
}

function listed(texts: readonly string[]): string {
  const last = texts.slice(-1).join();
  return texts.length === 1 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`;
}

/** Months whose rate card does not have a compared tier. */
function missingMonths(advice: SeatAdvice): string {
  const compared = held(advice);
  return [...new Set([compared, advice.recommended ?? compared])]
    .filter(({ missingIn }) => missingIn.length > 0)
    .map(({ tier, missingIn }) => {
      const months = missingIn.join(', ');
      return `The rate card of ${months} has no ${tier}: the tier held then counts instead.`;
    })
    .join(' ');
}
