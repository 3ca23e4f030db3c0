import { daysOfShare } from '../billing/subscription-charges.ts';
import { billingPeriod, periodAt } from '../domain/billing-period.ts';
import { countShown } from '../domain/counts.ts';
import { compare, type Decimal, decimalText } from '../domain/decimal.ts';
import { type Instant, NANOS_PER_DAY, utcDate } from '../domain/instant.ts';
import type { Tier } from '../domain/tier.ts';
import {
  type ChargedMonth,
  inTime,
  type Listing,
  type PlacedList,
  type SeatEvidence,
  type Sighting,
  type Sign,
} from './evidence.ts';
import { type InferredStep, type TierSign, tierSteps } from './tier-history.ts';

interface Dated {
  readonly at: Instant;
  readonly source: string;
}

/** What is inferred about a seat. */
export interface SeatHistory {
  readonly subscriptions: readonly InferredSubscription[];
  /** The first activity; missing if the seat was only ever pending. */
  readonly activation?: Dated;
  /** What a person should check, as sentences. */
  readonly doubts: readonly string[];
}

interface InferredSubscription {
  readonly start: Instant;
  readonly end?: Instant;
  /** At least one; the first applies from the start. */
  readonly steps: readonly InferredStep[];
  readonly source: string;
}

/** Consecutive signs without an end between them. */
interface Life {
  readonly signs: [Sign, ...Sign[]];
  readonly after: Instant | undefined;
  end: Dated | undefined;
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
function usedButUncharged({ signs, finalMonths }: SeatEvidence): string[] {
  const used = monthsOf(signs, 'sighting');
  const charged = monthsOf(signs, 'charge');
  const months = finalMonths.filter((month) => used.has(month) && !charged.has(month));
  if (months.length === 0) return [];
  return [`AWS charges nothing for ${months.join(', ')}, and the reports show use there`];
}

/** What to check of a list with users who are active before their activation: its day may be wrong. */
export function activatedLater({ at, users }: Pick<PlacedList, 'at' | 'users'>): string[] {
  const later = users.filter((user) => user.status === 'active' && isActivatedLater(user, at));
  const [first] = later;
  if (first?.activatedAt === undefined) return [];
  const example = `${first.names[0]} on ${utcDate(first.activatedAt)} in ${first.source}`;
  return [
    `the list of ${utcDate(at)}: ${countShown(later.length, 'user')} activated later, such as ${example}: is that its day (--as-of)?`,
  ];
}

/** Whether an activation is after the day of its list; a day more, as the day is of UTC. */
function isActivatedLater({ activatedAt }: Pick<Listing, 'activatedAt'>, at: Instant): boolean {
  return activatedAt !== undefined && activatedAt > at + NANOS_PER_DAY;
}

function monthsOf(signs: readonly Sign[], kind: Sign['kind']): Set<string> {
  return new Set(signs.filter((sign) => sign.kind === kind).map(({ at }) => periodAt(at).month));
}

/** Whether a sign shows a seat that was used or charged, not just subscribed. */
function isActivity(sign: Sign): boolean {
  return sign.kind !== 'listing' || sign.status === 'active';
}

/** Whether a sign shows that the seat exists, active or pending. */
function isOfSeat(sign: Sign): boolean {
  return sign.kind !== 'listing' || sign.status === 'active' || sign.status === 'pending';
}

function listingsOf(signs: readonly Sign[]): Listing[] {
  return signs.filter((sign) => sign.kind === 'listing');
}

/** Something that may end the seat: a final bill without it, or a list that cancels or omits it. */
interface Gone extends Dated {
  readonly isBill: boolean;
}

function activePeriods(seat: SeatEvidence, doubts: string[]): Life[] {
  const signs = seat.signs.filter(isOfSeat);
  const lives: Life[] = [];
  const ends = goneOf(seat).map((gone) => ({ at: gone.at, gone, sign: undefined }));
  const shown = signs.map((sign) => ({ at: beginOf(sign), gone: undefined, sign }));
  // At one instant, what may end a seat comes first; but a list after the fee of its month.
  for (const event of inTime([
    ...ends.filter(({ gone }) => gone.isBill),
    ...shown.filter(({ sign }) => isOfWholeMonth(sign)),
    ...ends.filter(({ gone }) => !gone.isBill),
    ...shown.filter(({ sign }) => !isOfWholeMonth(sign)),
  ])) {
    const last = lives.at(-1);
    const open = last?.end === undefined ? last : undefined;
    const { gone, sign } = event;
    if (gone !== undefined) {
      if (open !== undefined) open.end = endOf(gone, open, signs, doubts);
      continue;
    }
    if (open !== undefined) open.end = restartOf(sign, open);
    const after = last?.end?.at;
    if (last !== undefined && (after === undefined || event.at < after)) last.signs.push(sign);
    else if (!isPaidStill(sign, after)) lives.push({ signs: [sign], after, end: undefined });
  }
  return lives;
}

/** The first instant that a sign speaks for: of a prorated charge its first day. */
function beginOf(sign: Sign): Instant {
  return sign.kind === 'charge' ? chargeStart(sign).at : sign.at;
}

/** Whether a sign is the charge of a new seat for a part of its month. */
function isProrated(sign: Sign): boolean {
  return beginOf(sign) > sign.at;
}

/** Whether a sign is a charge that counts from the first instant of its month. */
function isOfWholeMonth(sign: Sign): boolean {
  return sign.kind === 'charge' && !isProrated(sign);
}

/**
 * The end of the seat before a charge that is prorated, and so is that of a new seat: the first
 * instant of its month. Missing where a file shows the seat earlier in that month.
 */
function restartOf(sign: Sign, { signs }: Life): Dated | undefined {
  if (sign.kind !== 'charge' || !isProrated(sign) || !signs.some(isActivity)) return undefined;
  if (signs.some(({ at }) => at >= sign.at)) return undefined;
  return { at: sign.at, source: `prorated in that of ${sign.month}` };
}

function goneOf({ finalMonths, signs, listDays }: SeatEvidence): Gone[] {
  const bills = finalMonths.map((month): Gone => {
    const source = `no fee in that of ${month}`;
    return { at: billingPeriod(month).start, isBill: true, source };
  });
  const listings = listingsOf(signs);
  const lists = listDays.flatMap((at): Gone[] => {
    const ofDay = listings.filter((listing) => listing.at === at);
    if (ofDay.some(({ status }) => status !== 'canceled')) return [];
    const wasListed = listings.some((one) => one.at < at && isOfSeat(one));
    if (ofDay.length === 0 && !wasListed) return [];
    const source = `${ofDay.length > 0 ? 'canceled in' : 'absent from'} the list of ${utcDate(at)}`;
    return [{ at, isBill: false, source }];
  });
  return [...bills, ...lists];
}

/**
 * An ended seat is paid and usable to the end of the month: usage before then is no new seat (H4),
 * but a charge that is prorated is (S2).
 */
function isPaidStill(sign: Sign, ended: Instant | undefined): boolean {
  if (ended === undefined || sign.kind === 'listing' || isProrated(sign)) return false;
  const { start, end } = periodAt(sign.at);
  return ended > start && ended < end;
}

function endOf(
  { at, isBill, source }: Gone,
  { signs: before }: Life,
  signs: readonly Sign[],
  doubts: string[],
): Dated | undefined {
  const { start, end } = periodAt(at);
  const inMonth = signs.filter((sign) => sign.at >= start && sign.at < end);
  if (isBill) {
    // A pending seat is not charged, so its absence from a bill says nothing.
    return before.some(isActivity) && inMonth.length === 0 ? { at, source } : undefined;
  }
  const isAnew = (day: Instant): boolean =>
    inMonth.some((one) => isProrated(one) && beginOf(one) > at && beginOf(one) <= day);
  const isSeen = (sign: Sign): boolean =>
    beginOf(sign) < at || isOfWholeMonth(sign) || (sign.kind === 'sighting' && !isAnew(sign.at));
  // Seen in the month, the seat is paid for it: a list of its first day ends it after that day (S4).
  if (inMonth.some(isSeen)) return { at: at > start ? at : at + NANOS_PER_DAY, source };
  doubts.push(`${source}: ended on ${utcDate(start)}, and the month before may be its last`);
  return { at: start, source };
}

function subscriptionOf(life: Life, seat: SeatEvidence, doubts: string[]): InferredSubscription[] {
  const { at: start, source } = startOf(life, seat, 'subscription');
  const { end } = life;
  const steps = tierSteps(life.signs.flatMap(tierSigns), start, end?.at, seat.rankOf, doubts);
  if (steps.length === 0) return [];
  if (end === undefined) return [{ start, steps, source }];
  return [{ start, end: end.at, steps, source: `${source}; ${end.source}` }];
}

/**
 * The tiers that a sign shows: for a charge also a refunded one, as another tier followed it. The
 * only tier of a prorated charge is held from its first day.
 */
function tierSigns(sign: Sign): TierSign[] {
  const { kind, tier } = sign;
  const refunded = kind === 'charge' ? sign.refundedTier : undefined;
  const at = refunded === undefined ? beginOf(sign) : sign.at;
  return [refunded, tier]
    .filter((one) => one !== undefined)
    .map((one) => ({ at, kind, tier: one, source: tierSource(sign, one) }));
}

function tierSource(sign: Sign, tier: Tier): string {
  if (sign.kind === 'charge') return `fee of ${tier} in the CUR of ${sign.month}`;
  const first = sign.kind === 'sighting' ? `first seen ${utcDate(sign.at)} ` : '';
  return `${tier} ${first}in ${sign.source}`;
}

/**
 * The start of a life: evidence for a day takes precedence over evidence for only a month. Days
 * are those of an activation in a list, a new user in a report, a proration on a final bill (S2),
 * and a list with the seat pending. A month counts from its first instant; but a list in that month
 * without the seat, or with it pending when activity is asked for, bounds it. Of several lists the
 * earliest start counts, of a day or a month.
 */
function startOf(life: Life, seat: SeatEvidence, asked: 'subscription' | 'activity'): Dated {
  const signs = asked === 'activity' ? life.signs.filter(isActivity) : life.signs;
  const lacking = lackingDays(seat);
  const startOfSign = (sign: Sign): SignStart => signStart(sign, signs, life.after, lacking);
  const [ofLists] = inTime(listingsOf(signs).map(startOfSign));
  const candidates = signs.flatMap((sign) => {
    const one = startOfSign(sign);
    return sign.kind === 'listing' && one.at !== ofLists?.at ? [] : [one];
  });
  const { end } = periodAt(earliestOf(candidates).at);
  const ofMonth = candidates.filter(({ at }) => at < end);
  const days = ofMonth.filter(({ isDay }) => isDay);
  if (days.length === 0) return earliestOf(ofMonth);
  // A sighting proves that the seat existed, whatever another file says about its start.
  return earliestOf([...days, ...ofMonth.flatMap(({ seenAt }) => seenAt ?? [])]);
}

interface SignStart extends Dated {
  /** Whether it is evidence for the day, not just for the month. */
  readonly isDay: boolean;
  /** The day by which the seat existed, if that is not the start. */
  readonly seenAt?: Dated;
}

/** The first of the earliest; there is at least one date. */
function earliestOf(dates: readonly Dated[]): Dated {
  return inTime(dates)[0] as Dated;
}

function signStart(
  sign: Sign,
  signs: readonly Sign[],
  after: Instant | undefined,
  lacking: readonly Instant[],
): SignStart {
  if (sign.kind === 'charge') return chargeStart(sign);
  if (sign.kind === 'sighting') return sightingStart(sign, signs, lacking);
  const { at, status, activatedAt, source } = sign;
  if (status === 'pending') return { at, source: `pending in ${source}`, isDay: true };
  const isLater = isActivatedLater(sign, at);
  if (activatedAt !== undefined && !isLater && (after === undefined || activatedAt > after)) {
    return { at: activatedAt, source: `activation date in ${source}`, isDay: true };
  }
  if (isLackedBefore(at, lacking)) {
    return { at, source: `active in ${source}, not in the list before it`, isDay: false };
  }
  const why = isLater ? 'activated later' : 'without a day';
  const what = `active in ${source}, ${why}, so from the first of the month`;
  return { at: periodAt(at).start, source: what, isDay: false };
}

function sightingStart(
  { at, isNewUser, source }: Sighting,
  signs: readonly Sign[],
  lacking: readonly Instant[],
): SignStart {
  const date = utcDate(at);
  const seen = `first seen ${date} in ${source}`;
  const isFirst = !signs.some((one) => one.kind === 'sighting' && one.at < at);
  if (isNewUser && isFirst) return { at, source: `${seen}: a new user on that day`, isDay: true };
  const seenAt = { at, source: seen };
  if (isLackedBefore(at, lacking)) return { ...seenAt, isDay: false, seenAt };
  const why = `no new user there, so from the first of ${date.slice(0, 7)}`;
  return { at: periodAt(at).start, source: `${seen}: ${why}`, isDay: false, seenAt };
}

function isLackedBefore(at: Instant, lacking: readonly Instant[]): boolean {
  const { start } = periodAt(at);
  return lacking.some((day) => day >= start && day < at);
}

/**
 * Days of lists that do not say that the seat exists. Those that have it active or pending are
 * among them, as what they show of the start comes before what a later day shows.
 */
function lackingDays({ listDays, signs }: SeatEvidence): Instant[] {
  const unknown = listingsOf(signs).filter(({ status }) => status === 'other');
  return listDays.filter((day) => !unknown.some(({ at }) => at === day));
}

const WHOLE: Decimal = { units: 1n, scale: 0 };

function chargeStart({ at, month, tier, share, isFinal }: ChargedMonth): SignStart {
  const what = tier === undefined ? 'credits' : `fee of ${tier}`;
  const source = `${what} in the CUR of ${month}`;
  const isDay = isFinal && tier !== undefined;
  const start = isDay && compare(share, WHOLE) < 0 ? prorationStart(at, share) : at;
  // Shares of days add up to almost a whole.
  if (start === at) return { at, source, isDay };
  return { at: start, source: `${source}: ${decimalText(share, 0)} of the month`, isDay };
}

/** A share below 1 gives the start day: the days from it to the end of the month, both included (S2). */
function prorationStart(start: Instant, share: Decimal): Instant {
  const { days } = periodAt(start);
  const daysBefore = Math.min(days - 1, Math.max(0, days - daysOfShare(share, days)));
  return start + BigInt(daysBefore) * NANOS_PER_DAY;
}
