import { type Decimal, powerOfTen } from './decimal.ts';

/** An exact fraction, `denominator` above zero. A charge stays a fraction until its line is rounded. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The fraction of two whole numbers, the denominator above zero; not reduced. */
export function fraction(numerator: bigint | number, denominator: bigint | number): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** A decimal as a fraction, exactly. */
export function fractionOf(value: Decimal): Fraction {
  return { numerator: value.units, denominator: powerOfTen(value.scale) };
}

/** The exact sum, not reduced. */
export function addFractions(a: Fraction, b: Fraction): Fraction {
  if (a.denominator === b.denominator) {
    return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  }
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** The exact product, not reduced. */
export function multiplyFractions(a: Fraction, b: Fraction): Fraction {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  };
}

/**
 * The value in units of 10^-`places`, rounded half away from zero: 10.666… with
 * two places is 1067n, and -10.666… is -1067n (M2).
 */
export function roundHalfAwayFromZero(value: Fraction, places: number): bigint {
  const scaled = value.numerator * powerOfTen(places);
  const magnitude = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * magnitude + value.denominator) / (2n * value.denominator);
  return scaled < 0n ? -rounded : rounded;
}
