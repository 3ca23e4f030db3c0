import { daysOfShare } from '../billing/subscription-charges.ts';
import { type BillingPeriod, billingPeriod, periodAt } from '../domain/billing-period.ts';
import { compare, type Decimal, decimalText } from '../domain/decimal.ts';
import { compareInstants, type Instant, NANOS_PER_DAY, utcDate } from '../domain/instant.ts';
import type { Tier } from '../domain/tier.ts';
import type { ChargedMonth, Listing, SeatEvidence, Sighting } from './evidence.ts';
import { type TierStep, tierSteps } from './tier-history.ts';

/** What is inferred about a seat. */
export interface SeatHistory {
  readonly subscriptions: readonly InferredSubscription[];
  /** The first activity; missing if the seat was only ever pending. */
  readonly activation?: { readonly at: Instant; readonly source: string };
  /** What a person should check, as sentences. */
  readonly doubts: readonly string[];
}

export interface InferredSubscription {
  readonly start: Instant;
  readonly end?: Instant;
  /** At least one; the first applies from the start. */
  readonly steps: readonly TierStep[];
  readonly source: string;
}

/** The seat's evidence, in chronological order; `startOf` derives the start of activity from it. */
type Sign =
  | { readonly kind: 'sighting'; readonly at: Instant; readonly sighting: Sighting }
  | { readonly kind: 'charge'; readonly at: Instant; readonly charge: ChargedMonth }
  | { readonly kind: 'listing'; readonly at: Instant; readonly listing: Listing };

/** Consecutive signs without an end between them. */
interface Life {
  readonly signs: [Sign, ...Sign[]];
  readonly after: Instant | undefined;
  end?: { readonly at: Instant; readonly source: string };
}

/**
 * What the evidence of one seat says about its subscriptions: starts, tier changes, ends and the
 * first activity. The same evidence gives the same history, in whatever order it was read.
 */
export function seatHistory(seat: SeatEvidence): SeatHistory {
  const doubts = usedButUncharged(seat);
  const lives = activePeriods(seat, doubts);
  const subscriptions = lives.flatMap((life) => subscriptionOf(life, seat, doubts));
  const active = lives.find(({ signs }) => signs.some(isActivity));
  if (active === undefined || subscriptions.length === 0) return { subscriptions, doubts };
  const { at, source } = startOf(active, seat, 'activity');
  return { subscriptions, activation: { at, source }, doubts };
}

/** Months with usage in reports that a final bill does not charge. */
function usedButUncharged({ sightings, charges, finalMonths }: SeatEvidence): string[] {
  const used = new Set(sightings.map(({ at }) => periodAt(at).month));
  const charged = new Set(charges.map(({ month }) => month));
  const months = finalMonths.filter((month) => used.has(month) && !charged.has(month));
  if (months.length === 0) return [];
  return [`AWS charges nothing for ${months.join(', ')}, and the reports show use there`];
}

/** Whether a sign shows a seat that was used or charged, not just subscribed. */
function isActivity(sign: Sign): boolean {
  return sign.kind !== 'listing' || sign.listing.status === 'active';
}

function signsOf({ sightings, charges, listings }: SeatEvidence): Sign[] {
  const signs: Sign[] = [
    ...charges.map(
      (charge): Sign => ({ kind: 'charge', at: billingPeriod(charge.month).start, charge }),
    ),
    ...sightings.map((sighting): Sign => ({ kind: 'sighting', at: sighting.at, sighting })),
    ...listings
      .filter(({ status }) => status === 'active' || status === 'pending')
      .map((listing): Sign => ({ kind: 'listing', at: listing.at, listing })),
  ];
  return signs.sort((a, b) => compareInstants(a.at, b.at));
}

/** Something that may end the seat: a final bill without it, or a list that cancels or omits it. */
type Gone =
  | { readonly kind: 'bill'; readonly at: Instant; readonly period: BillingPeriod }
  | { readonly kind: 'list'; readonly at: Instant; readonly isCanceled: boolean };

function activePeriods(seat: SeatEvidence, doubts: string[]): Life[] {
  const signs = signsOf(seat);
  const lives: Life[] = [];
  let open: Life | undefined;
  let ended: Instant | undefined;
  for (const event of inTime(signs, goneOf(seat))) {
    if (!('gone' in event)) {
      const { sign } = event;
      if (open !== undefined) open.signs.push(sign);
      else if (!isPaidStill(sign, ended)) {
        open = { signs: [sign], after: ended };
        lives.push(open);
      }
      continue;
    }
    if (open === undefined) continue;
    const end = endOf(event.gone, open, signs, doubts);
    if (end === undefined) continue;
    open.end = end;
    ended = end.at;
    open = undefined;
  }
  return lives;
}

/** Signs and ends in chronological order; a bill without the seat sorts before all signs of its month. */
function inTime(
  signs: readonly Sign[],
  gone: readonly Gone[],
): ({ sign: Sign } | { gone: Gone })[] {
  const events = [
    ...gone.map((one) => ({ at: one.at, order: 0, event: { gone: one } })),
    ...signs.map((sign) => ({ at: sign.at, order: 1, event: { sign } })),
  ];
  events.sort((a, b) => compareInstants(a.at, b.at) || a.order - b.order);
  return events.map(({ event }) => event);
}

function goneOf({ finalMonths, charges, listings, listDays }: SeatEvidence): Gone[] {
  const charged = new Set(charges.map(({ month }) => month));
  const bills = finalMonths
    .filter((month) => !charged.has(month))
    .map((month): Gone => {
      const period = billingPeriod(month);
      return { kind: 'bill', at: period.start, period };
    });
  const lists = listDays.flatMap((at): Gone[] => {
    const ofDay = listings.filter((listing) => listing.at === at);
    if (ofDay.some(({ status }) => status !== 'canceled')) return [];
    const isCanceled = ofDay.length > 0;
    const wasListed = listings.some(
      (one) => one.at < at && (one.status === 'active' || one.status === 'pending'),
    );
    return isCanceled || wasListed ? [{ kind: 'list', at, isCanceled }] : [];
  });
  return [...bills, ...lists];
}

/** An ended seat is paid and usable to the end of the month: usage before then is no new seat (H4). */
function isPaidStill(sign: Sign, ended: Instant | undefined): boolean {
  if (ended === undefined || sign.kind === 'listing') return false;
  return periodAt(ended).month === periodAt(sign.at).month;
}

function endOf(
  gone: Gone,
  { signs: before }: Life,
  signs: readonly Sign[],
  doubts: string[],
): Life['end'] {
  const period = periodAt(gone.at);
  const inMonth = signs.filter(({ at }) => at >= period.start && at < period.end);
  if (gone.kind === 'bill') {
    // A pending seat is not charged, so its absence from a bill says nothing.
    if (!before.some(isActivity)) return undefined;
    if (inMonth.length > 0) return undefined;
    return { at: period.start, source: `no fee in that of ${period.month}` };
  }
  const what = gone.isCanceled ? 'canceled in' : 'absent from';
  const source = `${what} the list of ${utcDate(gone.at)}`;
  const isSeenInMonth = inMonth.some((sign) => sign.at < gone.at || sign.kind !== 'listing');
  if (isSeenInMonth) return { at: gone.at, source };
  doubts.push(`${source}: ended on ${utcDate(period.start)}, and the month before may be its last`);
  return { at: period.start, source };
}

function subscriptionOf(life: Life, seat: SeatEvidence, doubts: string[]): InferredSubscription[] {
  const { at: start, source } = startOf(life, seat, 'subscription');
  if (life.end !== undefined && life.end.at <= start) return [];
  const steps = tierSteps(
    life.signs.flatMap((sign) => {
      return tiersOf(sign).map((tier) => ({
        at: sign.at,
        kind: sign.kind,
        tier,
        source: sourceOf(sign, tier),
      }));
    }),
    start,
    life.end?.at,
    seat.rankOf,
    (text) => doubts.push(text),
  );
  if (steps.length === 0) return [];
  const why = life.end === undefined ? source : `${source}; ${life.end.source}`;
  return [{ start, ...(life.end === undefined ? {} : { end: life.end.at }), steps, source: why }];
}

/** The tiers that a sign shows: for a charge also a refunded one, as another tier followed it. */
function tiersOf(sign: Sign): Tier[] {
  if (sign.kind === 'listing') return [sign.listing.tier];
  const tiers =
    sign.kind === 'charge' ? [sign.charge.refundedTier, sign.charge.tier] : [sign.sighting.tier];
  return tiers.filter((tier) => tier !== undefined);
}

function sourceOf(sign: Sign, tier: Tier): string {
  if (sign.kind === 'charge') return `fee of ${tier} in the CUR of ${sign.charge.month}`;
  if (sign.kind === 'listing') return `${tier} in ${sign.listing.source}`;
  return `${tier} first seen ${utcDate(sign.at)} in ${sign.sighting.source}`;
}

/** An instant and its source. */
interface Dated {
  readonly at: Instant;
  readonly source: string;
}

/**
 * The start of a life: evidence for a day takes precedence over evidence for only a month. Days
 * are those of an activation in a list, a new user in a report, a proration on a final bill (S2),
 * and a list with the seat pending. A month counts from its first instant; but a list in that
 * month without the seat, or with it pending when activity is asked for, bounds it.
 */
function startOf(life: Life, seat: SeatEvidence, asked: 'subscription' | 'activity'): Dated {
  const signs = asked === 'activity' ? life.signs.filter(isActivity) : life.signs;
  const lacking = lackingDays(life, seat, asked);
  const candidates = signs.map((sign) => signStart(sign, signs, life.after, lacking));
  const [first] = [...candidates].sort((a, b) => compareInstants(earliest(a), earliest(b)));
  if (first === undefined) throw new Error('a life without a sign');
  const { end } = periodAt(earliest(first));
  const ofMonth = candidates.filter((one) => earliest(one) < end);
  const days = ofMonth.flatMap(({ day }) => (day === undefined ? [] : [day]));
  if (days.length === 0) return earliestOf(ofMonth.map(({ otherwise }) => otherwise));
  // A sighting proves that the seat existed, whatever another file says about its start.
  const seen = ofMonth.flatMap(({ seenAt }) => (seenAt === undefined ? [] : [seenAt]));
  return earliestOf([...days, ...seen]);
}

/** What one sign says about the start: a day, or else the month, and the day by which the seat existed. */
interface SignStart {
  readonly day?: Dated;
  readonly otherwise: Dated;
  readonly seenAt?: Dated;
}

function earliest({ day, otherwise }: SignStart): Instant {
  return day?.at ?? otherwise.at;
}

function earliestOf(dates: readonly Dated[]): Dated {
  const [first, ...rest] = dates as [Dated, ...Dated[]];
  return rest.reduce((a, b) => (b.at < a.at ? b : a), first);
}

function signStart(
  sign: Sign,
  signs: readonly Sign[],
  after: Instant | undefined,
  lacking: readonly Instant[],
): SignStart {
  if (sign.kind === 'charge') return chargeStart(sign.charge);
  if (sign.kind === 'sighting') return sightingStart(sign.sighting, signs, lacking);
  const { at, status, activatedAt, source } = sign.listing;
  if (status === 'pending') {
    const day = { at, source: `pending in ${source}` };
    return { day, otherwise: day };
  }
  if (activatedAt !== undefined && activatedAt <= at + NANOS_PER_DAY) {
    const day = { at: activatedAt, source: `activation date in ${source}` };
    if (after === undefined || activatedAt > after) return { day, otherwise: day };
  }
  const isBounded = isLackedBefore(at, lacking);
  const from = isBounded ? at : periodAt(at).start;
  const why = isBounded
    ? 'not in the list before it'
    : 'without a day, so from the first of the month';
  return { otherwise: { at: from, source: `active in ${source}, ${why}` } };
}

function sightingStart(
  { at, isNewUser, source }: Sighting,
  signs: readonly Sign[],
  lacking: readonly Instant[],
): SignStart {
  const date = utcDate(at);
  const seen = `first seen ${date} in ${source}`;
  const isFirst = !signs.some((one) => one.kind === 'sighting' && one.at < at);
  if (isNewUser && isFirst) {
    const day = { at, source: `${seen}: a new user on that day` };
    return { day, otherwise: day, seenAt: day };
  }
  const seenAt = { at, source: seen };
  if (isLackedBefore(at, lacking)) return { otherwise: seenAt, seenAt };
  const why = `no new user there, so from the first of ${date.slice(0, 7)}`;
  return { otherwise: { at: periodAt(at).start, source: `${seen}: ${why}` }, seenAt };
}

function isLackedBefore(at: Instant, lacking: readonly Instant[]): boolean {
  const { start } = periodAt(at);
  return lacking.some((day) => day >= start && day < at);
}

/** Days of lists on which the seat did not exist, or was not active if activity is asked for. */
function lackingDays(
  life: Life,
  { listDays, listings }: SeatEvidence,
  asked: 'subscription' | 'activity',
): Instant[] {
  return listDays.filter((day) => {
    if (life.after !== undefined && day < life.after) return false;
    const statuses = listings.filter(({ at }) => at === day).map(({ status }) => status);
    if (statuses.includes('active') || statuses.includes('other')) return false;
    return asked === 'activity' || !statuses.includes('pending');
  });
}

const WHOLE: Decimal = { units: 1n, scale: 0 };

function chargeStart({ month, tier, share, isFinal }: ChargedMonth): SignStart {
  const period = billingPeriod(month);
  const what = tier === undefined ? 'credits' : `fee of ${tier}`;
  const whole = `${what} in the CUR of ${month}`;
  const otherwise = { at: period.start, source: whole };
  if (!isFinal || tier === undefined) return { otherwise };
  if (compare(share, WHOLE) >= 0) return { day: otherwise, otherwise };
  const at = prorationStart(period, share);
  const day = { at, source: `${whole}: ${decimalText(share, 0)} of the month` };
  return { day, otherwise: day };
}

/** A share below 1 gives the start day: the days from it to the end of the month, both included (S2). */
function prorationStart({ start, days }: BillingPeriod, share: Decimal): Instant {
  const daysBefore = Math.min(days - 1, Math.max(0, days - daysOfShare(share, days)));
  return start + BigInt(daysBefore) * NANOS_PER_DAY;
}
