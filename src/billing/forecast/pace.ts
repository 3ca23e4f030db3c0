import {
  add,
  type Decimal,
  isPositive,
  max,
  subtract,
  sum,
  unitsAt,
  ZERO,
} from '../../domain/decimal.ts';
import {
  addFractions,
  type Fraction,
  fraction,
  fractionOf,
  multiplyFractions,
  roundHalfAwayFromZero,
} from '../../domain/fraction.ts';

/** A seat's credits on each past working day of one month on which the seat existed. */
export type DailyCredits = readonly Decimal[];

/** What is known about a seat's usage when its month is forecast. */
interface PaceFacts {
  readonly creditsToDate: Decimal;
  /** Of this month; they add up to the credits to date, except where no working day has passed. */
  readonly gone: DailyCredits;
  /** Working days that remain. */
  readonly daysLeft: number;
  /** Of each earlier month in which the seat existed; none of them is empty. */
  readonly history: readonly DailyCredits[];
}

/** A seat's credits at the end of the month, and what it uses per working day. */
export interface Projection {
  readonly low: Decimal;
  readonly forecast: Decimal;
  readonly high: Decimal;
  readonly perDay: Fraction;
}

/** The seat's own history weighs as much as this many working days of this month. */
const HISTORY_WEIGHT_DAYS = 5n;

/** With fewer working days than this, their deviation cannot be estimated. */
const TELLING_DAYS = 3;

/**
 * Factor of the mean deviation: about four of five months would end within the band if days were
 * independent.
 */
const BAND: Fraction = fraction(8, 5);

/**
 * The seat's credits at month end: those to date, plus the seat's pace on each remaining working
 * day. The pace is its usage per working day of this month, with the pace of its earlier months
 * counted as five more days. Low and high lie 1.6 x d x sqrt(L + L x L / n) below and above: d is
 * the mean deviation of its days from their month's mean, L the number of days left, n the number
 * of days from which the pace is computed. Rounded to two decimals, half away from zero, and never
 * below the usage so far.
 */
export function projected(facts: PaceFacts): Projection {
  const { creditsToDate, daysLeft } = facts;
  const perDay = paceOf(facts);
  const rest = multiplyFractions(perDay, fraction(daysLeft, 1));
  const forecast = rest.numerator === 0n ? creditsToDate : creditsAtEnd(creditsToDate, rest);
  const margin = marginOf(facts, perDay);
  return {
    low: max(creditsToDate, subtract(forecast, margin)),
    forecast,
    high: add(forecast, margin),
    perDay,
  };
}

function creditsAtEnd(creditsToDate: Decimal, rest: Fraction): Decimal {
  const total = addFractions(fractionOf(creditsToDate), rest);
  return max(creditsToDate, { units: roundHalfAwayFromZero(total, 2), scale: 2 });
}

/** (credits to date + weight x history's credits per day) / (days gone + weight). */
function paceOf({ creditsToDate, gone, history }: PaceFacts): Fraction {
  const earlier = history.flat();
  const weight = earlier.length === 0 ? 0n : HISTORY_WEIGHT_DAYS;
  const past = over(sum(earlier), BigInt(Math.max(1, earlier.length)));
  // Usage before the first working day counts as one day's usage.
  const isEarly = gone.length === 0 && isPositive(creditsToDate);
  const days = BigInt(gone.length) + weight + (isEarly ? 1n : 0n);
  if (days === 0n) return fractionOf(ZERO);
  const total = addFractions(
    fractionOf(creditsToDate),
    multiplyFractions(past, fraction(weight, 1)),
  );
  return multiplyFractions(total, fraction(1, days));
}

/** 1.6 x d x sqrt(L + L x L / n), truncated to two decimals. */
function marginOf(facts: PaceFacts, perDay: Fraction): Decimal {
  const { gone, daysLeft, history } = facts;
  const left = BigInt(daysLeft);
  const weight = history.length === 0 ? 0n : HISTORY_WEIGHT_DAYS;
  const days = BigInt(Math.max(1, gone.length)) + weight;
  const margin = multiplyFractions(BAND, deviation(facts, perDay));
  const square = multiplyFractions(multiplyFractions(margin, margin), {
    numerator: left * (days + left),
    denominator: days,
  });
  return { units: squareRoot((square.numerator * 10_000n) / square.denominator), scale: 2 };
}

/**
 * The mean absolute deviation of the days from the mean of their month; the pace itself if there
 * are too few days.
 */
function deviation({ gone, history }: PaceFacts, perDay: Fraction): Fraction {
  const months = [gone, ...history].filter(({ length }) => length > 0);
  const days = months.flat().length;
  if (days < TELLING_DAYS) return perDay;
  const differences = months.map(differencesOf).reduce(addFractions);
  return multiplyFractions(differences, fraction(1, days));
}

function differencesOf(daily: DailyCredits): Fraction {
  const count = BigInt(daily.length);
  const total = sum(daily);
  const scale = Math.max(total.scale, ...daily.map((credits) => credits.scale));
  const totalUnits = unitsAt(total, scale);
  // Each difference is multiplied by `count`, so that nothing is divided before the end.
  let differences = 0n;
  for (const credits of daily) {
    const difference = unitsAt(credits, scale) * count - totalUnits;
    differences += difference < 0n ? -difference : difference;
  }
  return over({ units: differences, scale }, count);
}

function over(credits: Decimal, count: bigint): Fraction {
  return multiplyFractions(fractionOf(credits), fraction(1, count));
}

/** The largest whole number whose square is at most `square`: Newton's method, from above. */
function squareRoot(square: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  while (root * root > square) root = (root + square / root) / 2n;
  return root;
}

/** The working day from now, counted from 1, on which the credits reach `target`. The pace is above zero. */
export function daysUntil(target: Decimal, creditsToDate: Decimal, perDay: Fraction): number {
  const missing = fractionOf(subtract(target, creditsToDate));
  const dividend = missing.numerator * perDay.denominator;
  const divisor = missing.denominator * perDay.numerator;
  return Number((dividend + divisor - 1n) / divisor);
}
