import type { BillingPeriod } from '../../domain/billing-period.ts';
import { decimalText, isPositive, subtract } from '../../domain/decimal.ts';
import { type Instant, utcDate } from '../../domain/instant.ts';
import type { Source } from '../../domain/invoice.ts';
import type { Group } from '../../domain/records.ts';
import type { Tier } from '../../domain/tier.ts';
import type { Advice, SeatAdvice, TierOption } from './optimize.ts';

/** What the sentences need beside the advice. */
export interface DetailContext {
  readonly period: BillingPeriod;
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * The advice in words: what it rests on and what it unblocks, when a change bites, what
 * already stands in the data, and for a group seat which group.
 */
export function detailOf(advice: SeatAdvice, context: DetailContext): string {
  const sentences = [
    groundOf(advice),
    unblocked(advice),
    BITES[advice.advice](advice.current.tier),
    alreadyInData(advice, context),
    nextInData(advice),
    throughGroup(advice, context),
    missingMonths(advice),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function groundOf(advice: SeatAdvice): string {
  const { recommended, current, creditsUsed } = advice;
  const when = monthsText(advice.months);
  if (recommended === undefined) return `No credits used in ${when}.`;
  const used = `the ${decimalText(creditsUsed)} credits used in ${when}`;
  if (!recommended.isPossible) {
    const blocked = decimalText(recommended.blockedCredits);
    return `No tier covers ${used}: even ${recommended.tier} blocks ${blocked}.`;
  }
  const overage = overageText(recommended);
  if (recommended === current) return `${current.tier} is right for ${used}${overage}.`;
  return `${recommended.tier} covers ${used}${overage}.`;
}

function overageText({ overageCredits }: TierOption): string {
  return isPositive(overageCredits) ? `, ${decimalText(overageCredits)} of them as overage` : '';
}

/** `2026-03`, or `3 months to 2026-03`: those in which the seat held a tier. */
function monthsText(months: readonly string[]): string {
  const last = months.slice(-1).join();
  return months.length === 1 ? last : `${months.length} months to ${last}`;
}

function unblocked({ current, recommended = current }: SeatAdvice): string {
  const credits = subtract(current.blockedCredits, recommended.blockedCredits);
  if (!isPositive(credits)) return '';
  return `It unblocks ${decimalText(credits)} credits that ${current.tier} blocks.`;
}

/** When a change takes effect. Rules S3, S4, H4. */
const BITES: Readonly<Record<Advice, (current: Tier) => string>> = {
  idle: () => 'Unsubscribing takes effect from next month.',
  downgrade: () => 'A downgrade takes effect from next month.',
  upgrade: (tier) => `An upgrade takes effect at once, with the charge for ${tier} refunded.`,
  keep: () => '',
};

interface Event {
  readonly at: Instant;
  readonly text: string;
}

/** A start, a change or an end inside the month: the costs are those of a full month all the same. */
function alreadyInData({ seat }: SeatAdvice, { period }: DetailContext): string {
  const start = startInside(seat.steps[0]?.at, period);
  const events = [...start, ...seat.sources.flatMap((source) => eventsOf(source, period))]
    .sort((a, b) => Number(a.at - b.at))
    .map(({ at, text }) => `${text} on ${utcDate(at)}`);
  return events.length === 0 ? '' : `Already in the data: ${[...new Set(events)].join(', ')}.`;
}

function startInside(at: Instant | undefined, { start }: BillingPeriod): Event[] {
  return at !== undefined && at > start ? [{ at, text: 'the seat started' }] : [];
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

/** What the month after holds, where that is not what this month ended with. */
function nextInData({ next, current }: SeatAdvice): string {
  if (next.step === undefined) return `From ${next.month} there is no seat.`;
  if (next.step.tier === current.tier) return '';
  return `From ${next.month} the seat holds ${next.step.tier}.`;
}

const GROUP_WAYS: Readonly<Record<Advice, string>> = {
  idle: ': take the user out of it',
  downgrade: ': take the user out of it, or downgrade it for all its members',
  upgrade: ': subscribe the user directly as well, or upgrade it for all its members',
  keep: '',
};

/** The ways to a change are left out where the records already end the source in this month. */
function throughGroup({ seat, advice }: SeatAdvice, { groups, period }: DetailContext): string {
  const { groupId } = seat;
  if (groupId === '') return '';
  const name = groups.get(groupId)?.name ?? '';
  const shown = name === '' ? groupId : `${groupId} (${name})`;
  const until = seat.steps.at(-1)?.source.until;
  const isEnding = until !== undefined && until <= period.end;
  return `The seat comes through group ${shown}${isEnding ? '' : GROUP_WAYS[advice]}.`;
}

/** Months whose rate card lacks a tier that is compared. */
function missingMonths({ current, recommended = current }: SeatAdvice): string {
  return [...new Set([current, recommended])]
    .filter(({ missingIn }) => missingIn.length > 0)
    .map(({ tier, missingIn }) => {
      const months = missingIn.join(', ');
      return `The rate card of ${months} lacks ${tier}: there the tier then held counts.`;
    })
    .join(' ');
}
