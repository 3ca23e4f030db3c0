/** What `optimize` must advise: what a month would have cost on each tier, asked tier by tier. */
import { capAt, isOverageOn } from './charges.ts';
import { type DataDirectory, type Facts, factsOf } from './facts.ts';
import { earliest, latest, sourcesOf, tierSteps } from './held-tier.ts';
import { amountOf, moneyField, type SeatMonth, seatMonths, textField } from './invoice-csv.ts';
import { BUILT_IN_RATE_CARD, editionFor, type RateCard, termsFor } from './rate-card.ts';
import {
  exactText,
  isAbove,
  isZero,
  larger,
  minus,
  plus,
  type Rational,
  rational,
  rounded,
  smaller,
  sumOf,
  times,
  ZERO,
} from './rational.ts';
import { dateText, dayOf, type Month, monthAfter, monthNamed, type Nanoseconds } from './time.ts';

/** Columns whose values the reference gives: all but the sentence in `detail`. */
export const OPTIMIZE_COLUMNS = [
  ...['profile_id', 'user_id', 'user_name', 'tier', 'months', 'credits_used', 'current_cost'],
  ...['recommended_tier', 'recommended_cost', 'saving', 'advice'],
  ...['idle_since', 'idle_cost', 'monthly_saving'],
].join(',');

/** What a tier would have cost in a month, and the credits that it would have blocked. */
interface Bill {
  readonly cost: Rational;
  readonly blocked: Rational;
}

interface Option {
  readonly name: string;
  readonly rank: number;
  readonly cost: Rational;
  readonly newest: Rational;
  readonly covers: boolean;
}

const DAY = 86_400_000_000_000n;

/** A whole month on a tier, with overage as it is at the month's end. */
function billOn(facts: Facts, seat: SeatMonth, card: RateCard, tier: string): Bill | undefined {
  const { profile, month, creditsUsed } = seat;
  const terms = termsFor(card, month, profile).find(({ name }) => name === tier);
  if (terms === undefined) return undefined;
  const beyond = larger(minus(creditsUsed, terms.credits), ZERO);
  const last = month.end - 1n;
  const cap = capAt(facts, profile, last);
  const allowed = cap === null ? beyond : smaller(beyond, cap);
  const overage = isOverageOn(facts, profile, last) ? allowed : ZERO;
  const charge = rounded(times(overage, terms.overageRate), 2);
  return { cost: plus(rounded(terms.price, 2), charge), blocked: minus(beyond, overage) };
}

function optionsOf(facts: Facts, counted: readonly SeatMonth[], card: RateCard): Option[] {
  const newest = counted.at(-1) as SeatMonth;
  const tiers = termsFor(card, newest.month, newest.profile).sort((a, b) => a.rank - b.rank);
  return tiers.map(({ name, rank }) => {
    const asked = counted.map((seat) => billOn(facts, seat, card, name));
    const bills = asked.map((bill, index) => {
      const seat = counted[index] as SeatMonth;
      return bill ?? (billOn(facts, seat, card, seat.tier) as Bill);
    });
    const isOnCard = asked.every((bill) => bill !== undefined);
    return {
      name,
      rank,
      cost: sumOf(bills.map(({ cost }) => cost)),
      newest: bills.at(-1)?.cost ?? ZERO,
      covers: isOnCard && bills.every(({ blocked }) => isZero(blocked)),
    };
  });
}

/** The cheapest tier that covers all months; where none does, the highest. */
function bestOf(options: readonly Option[], held: Option): Option {
  const covering = options.filter(({ covers }) => covers);
  if (covering.length === 0) return options.at(-1) as Option;
  const open = covering.filter(
    ({ rank, newest }) => rank >= held.rank || !isAbove(newest, held.newest),
  );
  const isCheapest = (one: Option) => open.every(({ cost }) => !isAbove(one.cost, cost));
  const cheapest = open.filter(isCheapest);
  return cheapest.find(({ name }) => name === held.name) ?? cheapest[0] ?? held;
}

function adviceFor(held: Option, best: Option): string {
  if (best.rank === held.rank) return 'keep';
  return best.rank > held.rank ? 'upgrade' : 'downgrade';
}

/** The tier at the first instant of the month after, as far as the month itself knows it. */
function upcomingTier(facts: Facts, seat: SeatMonth, card: RateCard): string | undefined {
  const next = monthAfter(seat.month);
  const id = { profileId: seat.profile.profileId, userId: seat.userId };
  const [first] = tierSteps(facts, id, termsFor(card, next, seat.profile), next);
  return first?.at === next.start ? first.terms.name : undefined;
}

function midnightOf(at: Nanoseconds): Nanoseconds {
  return at - (at % DAY);
}

/** The day after the last use; else the later of the seat's start and the first day of usage. */
function idleSince(facts: Facts, { profile: { profileId }, userId }: SeatMonth): Nanoseconds {
  const isOfSeat = (one: { readonly profileId: string; readonly userId: string }) =>
    one.profileId === profileId && one.userId === userId;
  const used = facts.usage.filter((row) => isOfSeat(row) && !isZero(row.credits));
  const days = used.map(({ at }) => midnightOf(at)).sort((a, b) => (a < b ? -1 : 1));
  const last = days.at(-1);
  if (last !== undefined) return last + DAY;
  const firstOf = (instants: readonly Nanoseconds[]) => instants.reduce(earliest);
  const sources = sourcesOf(facts, { profileId, userId }).filter(({ start, end }) => start < end);
  const starts = [firstOf(sources.map(({ start }) => start))];
  if (facts.activations !== null) {
    starts.push(firstOf(facts.activations.filter(isOfSeat).map(({ at }) => at)));
  }
  const all = [...starts, firstOf(facts.usage.map(({ at }) => at))].map(midnightOf);
  return all.reduce(latest);
}

/** Each month in which anybody used something, in order. */
export function monthsWithUsage(directory: DataDirectory): Month[] {
  const names = factsOf(directory).usage.map(({ at }) =>
    new Date(Number(at / 1_000_000n)).toISOString().slice(0, 7),
  );
  return [...new Set(names)].sort().map(monthNamed);
}

function isSeat(a: SeatMonth, b: SeatMonth): boolean {
  return a.profile.profileId === b.profile.profileId && a.userId === b.userId;
}

/** The rows of `optimize` for months one after another, all of which, and all with usage, are over. */
export function optimizeRows(
  directory: DataDirectory,
  months: readonly Month[],
  card: RateCard = BUILT_IN_RATE_CARD,
): string[] {
  const facts = factsOf(directory);
  const held = (month: Month) =>
    seatMonths(directory, month, card).filter(({ tier }) => tier !== '');
  const ofMonths = months.map(held);
  const newest = months.at(-1) as Month;
  const { currency } = editionFor(card, newest);
  const paid = monthsWithUsage(directory)
    .filter((month) => editionFor(card, month).currency === currency)
    .flatMap(held);
  const rows = (ofMonths.at(-1) ?? []).map((seat) => {
    const counted = ofMonths.flatMap((seats) => seats.filter((one) => isSeat(one, seat)));
    const options = optionsOf(facts, counted, card);
    const named = (name: string | undefined) => options.find((option) => option.name === name);
    const current = named(seat.tier) as Option;
    const next = upcomingTier(facts, seat, card);
    const compared = next === undefined ? current : (named(next) ?? current);
    const creditsUsed = sumOf(counted.map((one) => one.creditsUsed));
    const best = next === undefined ? current : bestOf(options, compared);
    const recommended = isZero(creditsUsed) ? undefined : best;
    const cost = recommended?.cost ?? ZERO;
    const saving = next === undefined ? ZERO : minus(compared.cost, cost);
    const since = isZero(seat.creditsUsed) ? idleSince(facts, seat) : undefined;
    const idle = paid.filter(
      (one) => since !== undefined && isSeat(one, seat) && one.month.start >= since,
    );
    return [
      ...[seat.profile.profileId, seat.userId, seat.userName, seat.tier].map(textField),
      String(counted.length),
      exactText(creditsUsed),
      moneyField(current.cost),
      textField(recommended?.name ?? ''),
      moneyField(cost),
      moneyField(saving),
      recommended === undefined ? 'idle' : adviceFor(compared, recommended),
      since === undefined ? '' : dateOf(since),
      moneyField(amountOf(idle, false)),
      moneyField(rounded(times(saving, rational(1n, BigInt(months.length))), 2)),
    ].join(',');
  });
  const isIdle = (row: string) => row.split(',').includes('idle');
  return [...rows.filter(isIdle), ...rows.filter((row) => !isIdle(row))];
}

function dateOf(at: Nanoseconds): string {
  const month = monthNamed(new Date(Number(at / 1_000_000n)).toISOString().slice(0, 7));
  return dateText(month, dayOf(at, month));
}
