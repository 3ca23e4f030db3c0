/** What `forecast` must say, by the formula of the guide's page on numbers, day by day. */
import { overageCredits, overageLines, usageOf } from './charges.ts';
import { type DataDirectory, type Facts, factsOf, type Usage } from './facts.ts';
import { interestingInstants, isActive, selectedTier, sourcesOf, tierSteps } from './held-tier.ts';
import { amountOf, moneyField, type SeatMonth, seatMonthsOf, textField } from './invoice-csv.ts';
import { BUILT_IN_RATE_CARD, type RateCard, termsFor } from './rate-card.ts';
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
  sumOf,
  times,
  ZERO,
} from './rational.ts';
import { dateText, dayOf, isIn, type Month, monthNamed, type Nanoseconds } from './time.ts';

export const FORECAST_HEADER =
  'month,profile_id,user_id,user_name,tier,credits_to_date,credits_low,credits_forecast,credits_high,credits_included,allowance_reached_on,charge_low,charge_forecast,charge_high';

const DAY = 86_400_000_000_000n;
const EARLIER_MONTHS = 3;
/** What the earlier months weigh, in days of this month. */
const EARLIER_DAYS = 5;
const HOLIDAY_SEATS = 10;

/** What is known at an instant: what starts later is not there, what ends later goes on. */
export function knownAt(facts: Facts, asOf: Nanoseconds): Facts {
  const has = <One extends { readonly at: Nanoseconds }>(all: readonly One[]) =>
    all.filter(({ at }) => at <= asOf);
  const lasting = <One extends { readonly start: Nanoseconds; readonly end: Nanoseconds }>(
    all: readonly One[],
  ) =>
    all
      .filter(({ start }) => start <= asOf)
      .map((one) => (one.end <= asOf ? one : { ...one, end: STILL }));
  return {
    ...facts,
    memberships: lasting(facts.memberships),
    subscriptions: lasting(facts.subscriptions),
    tierChanges: has(facts.tierChanges),
    activations: facts.activations && has(facts.activations),
    overageChanges: has(facts.overageChanges),
    usage: has(facts.usage),
  };
}

const STILL = monthNamed('2299-12').end;

function midnightOf(at: Nanoseconds): Nanoseconds {
  return at - (at % DAY);
}

/** The midnights from Monday to Friday. */
function weekdays(month: Month): Nanoseconds[] {
  const days = Array.from({ length: month.days }, (_, index) => month.start + BigInt(index) * DAY);
  // 1970-01-01 was a Thursday.
  return days.filter((day) => (day / DAY + 3n) % 7n < 5n);
}

function monthsBefore(month: Month): Month[] {
  const [year = 0, number = 0] = month.name.split('-').map(Number);
  return Array.from({ length: EARLIER_MONTHS }, (_, index) => {
    const months = year * 12 + number - 2 - index;
    const name = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
    return monthNamed(name);
  });
}

/** The working days of a month before an instant; with many seats only days on which somebody used something. */
function workedDays(facts: Facts, month: Month, until: Nanoseconds): Nanoseconds[] {
  const usage = facts.usage.filter(({ at }) => isIn(at, month));
  const seats = new Set(usage.map(({ profileId, userId }) => JSON.stringify([profileId, userId])));
  const isWorked = (day: Nanoseconds) => usage.some(({ at }) => midnightOf(at) === day);
  return weekdays(month).filter(
    (day) => day < until && (seats.size < HOLIDAY_SEATS || isWorked(day)),
  );
}

/** A seat's credits on each of these days since it is there; those of other days count for the day before. */
function creditsByDay(
  usage: readonly Usage[],
  start: Nanoseconds | undefined,
  days: readonly Nanoseconds[],
): Rational[] {
  const starts = [...usage.map(({ at }) => at), ...(start === undefined ? [] : [start])];
  const ofSeat = days.filter((day) => starts.some((at) => midnightOf(at) <= day));
  return ofSeat.map((day, index) => {
    const next = ofSeat[index + 1];
    const counts = (at: Nanoseconds) =>
      (index === 0 || at >= day) && (next === undefined || at < next);
    return sumOf(usage.filter(({ at }) => counts(at)).map(({ credits }) => credits));
  });
}

/** The first instant of a month at which a seat holds any tier. */
function firstHeld(facts: Facts, seat: SeatMonth, month: Month): Nanoseconds | undefined {
  const id = { profileId: seat.profile.profileId, userId: seat.userId };
  return interestingInstants(facts, month).find(
    (at) =>
      isActive(facts, id, at) &&
      sourcesOf(facts, id).some((source) => selectedTier(facts, source, at) !== null),
  );
}

function earlierDays(facts: Facts, seat: SeatMonth): Rational[][] {
  const { profileId } = seat.profile;
  const isCovered = (month: Month) =>
    facts.usage.some((row) => row.profileId === profileId && isIn(row.at, month));
  return monthsBefore(seat.month)
    .filter(isCovered)
    .map((month) => {
      const usage = usageOf(facts, { profileId, userId: seat.userId }, month);
      const days = workedDays(facts, month, month.end);
      return creditsByDay(usage, firstHeld(facts, seat, month), days);
    })
    .filter(({ length }) => length > 0);
}

function divided(a: Rational, by: number): Rational {
  return times(a, rational(1n, BigInt(by)));
}

function distance(a: Rational, b: Rational): Rational {
  return larger(minus(a, b), minus(b, a));
}

/** The root, cut to two decimals. */
function rootOf({ over, under }: Rational): Rational {
  const square = (over * 10_000n) / under;
  let root = 0n;
  for (let bit = 1n << BigInt(square.toString(2).length); bit > 0n; bit >>= 1n) {
    if ((root + bit) ** 2n <= square) root += bit;
  }
  return rational(root, 100n);
}

/** How much days differ from the mean of their month, on average. */
function deviation(months: readonly (readonly Rational[])[], pace: Rational): Rational {
  const days = months.flat().length;
  if (days < 3) return pace;
  const differences = months.flatMap((daily) => {
    const mean = divided(sumOf(daily), Math.max(1, daily.length));
    return daily.map((credits) => distance(credits, mean));
  });
  return divided(sumOf(differences), days);
}

function forecastRow(facts: Facts, seat: SeatMonth, card: RateCard, asOf: Nanoseconds): string {
  const { month, profile, userId, creditsUsed } = seat;
  const id = { profileId: profile.profileId, userId };
  const usage = usageOf(facts, id, month);
  const today = midnightOf(asOf);
  const isTodayOver = asOf + 1n === today + DAY;
  const isTodayUsed = facts.usage.some(({ at }) => midnightOf(at) === today);
  const until = isTodayOver || isTodayUsed ? today + DAY : today;
  const left = weekdays(month).filter((day) => day >= until);
  const gone = creditsByDay(usage, firstHeld(facts, seat, month), workedDays(facts, month, until));
  const earlier = earlierDays(facts, seat);

  const past = earlier.flat();
  const weight = past.length === 0 ? 0 : EARLIER_DAYS;
  const early = gone.length === 0 && !isZero(creditsUsed) ? 1 : 0;
  const days = gone.length + weight + early;
  const weighed = divided(times(sumOf(past), rational(BigInt(weight))), Math.max(1, past.length));
  const pace = divided(plus(creditsUsed, weighed), Math.max(1, days));
  const rest = times(pace, rational(BigInt(left.length)));
  const atEnd = rounded(plus(creditsUsed, rest), 2);
  const forecast = isZero(rest) ? creditsUsed : larger(creditsUsed, atEnd);

  const paceDays = Math.max(1, gone.length) + weight;
  const spread = times(rational(8n, 5n), deviation([gone, ...earlier], pace));
  const ahead = BigInt(left.length);
  const square = rational(ahead * (BigInt(paceDays) + ahead), BigInt(paceDays));
  const margin = rootOf(times(times(spread, spread), square));
  const low = larger(creditsUsed, minus(forecast, margin));

  const terms = tierSteps(facts, id, termsFor(card, month, profile), month).at(-1)?.terms;
  const subscription = amountOf([seat], false);
  const chargeWith = (credits: Rational): string => {
    if (terms === undefined) return moneyField(ZERO);
    const more = minus(credits, creditsUsed);
    const added = isZero(more) ? [] : [{ ...id, at: asOf + 1n, credits: more }];
    const all = [...usage, ...added];
    const overage = overageCredits(facts, profile, all, terms.credits, month);
    const charges = overageLines(terms, overage, month).map(({ amount }) => amount);
    return moneyField(plus(subscription, sumOf(charges)));
  };

  const reachedOn = (): string => {
    if (terms === undefined || isAbove(terms.credits, forecast)) return '';
    const inTime = usage.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
    if (!isAbove(terms.credits, creditsUsed)) {
      const passing = inTime.find(({ at }) => {
        const soFar = sumOf(inTime.filter((row) => row.at <= at).map(({ credits }) => credits));
        return !isZero(soFar) && !isAbove(terms.credits, soFar);
      });
      return passing === undefined ? '' : dateText(month, dayOf(passing.at, month));
    }
    const enough = left.findIndex((_, index) => {
      const then = plus(creditsUsed, times(pace, rational(BigInt(index + 1))));
      return !isAbove(terms.credits, then);
    });
    return dateText(month, dayOf(left.at(enough) as Nanoseconds, month));
  };

  return [
    month.name,
    ...[profile.profileId, userId, seat.userName, seat.tier].map(textField),
    ...[creditsUsed, low, forecast, plus(forecast, margin), seat.creditsIncluded].map(exactText),
    reachedOn(),
    ...[low, forecast, plus(forecast, margin)].map(chargeWith),
  ].join(',');
}

/** The rows of `forecast --month M --as-of`. */
export function forecastRows(
  directory: DataDirectory,
  month: Month,
  asOf: Nanoseconds,
  card: RateCard = BUILT_IN_RATE_CARD,
): string[] {
  const facts = knownAt(factsOf(directory), asOf);
  return seatMonthsOf(facts, month, card).map((seat) => forecastRow(facts, seat, card, asOf));
}
