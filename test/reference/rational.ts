/**
 * Exact numbers for the naive reference: a numerator over a positive denominator, always in lowest
 * terms. Slow on purpose; nothing here is shared with the program that it judges.
 */

export interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

function absolute(n: bigint): bigint {
  return n < 0n ? -n : n;
}

export function rational(over: bigint, under = 1n): Rational {
  if (under === 0n) throw new Error('a rational over zero');
  const sign = under < 0n ? -1n : 1n;
  const common = greatestCommonDivisor(absolute(over), absolute(under));
  return { over: (sign * over) / common, under: (sign * under) / common };
}

export const ZERO = rational(0n);
export const ONE = rational(1n);

export function plus(a: Rational, b: Rational): Rational {
  return rational(a.over * b.under + b.over * a.under, a.under * b.under);
}

export function negated(a: Rational): Rational {
  return rational(-a.over, a.under);
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, negated(b));
}

export function times(a: Rational, b: Rational): Rational {
  return rational(a.over * b.over, a.under * b.under);
}

export function isAbove(a: Rational, b: Rational): boolean {
  return minus(a, b).over > 0n;
}

export function isZero(a: Rational): boolean {
  return a.over === 0n;
}

export function larger(a: Rational, b: Rational): Rational {
  return isAbove(a, b) ? a : b;
}

export function smaller(a: Rational, b: Rational): Rational {
  return isAbove(a, b) ? b : a;
}

export function sumOf(amounts: readonly Rational[]): Rational {
  return amounts.reduce(plus, ZERO);
}

/** To so many decimals, half away from zero. Rule M2 for two of them. */
export function rounded(a: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals);
  const half = rational(1n, 2n);
  const size = times(rational(absolute(a.over), a.under), rational(scale));
  const shifted = plus(size, half);
  const whole = shifted.over / shifted.under;
  return rational(a.over < 0n ? -whole : whole, scale);
}

/** The text of a number that has no more than so many decimals, all of them written out. */
export function fixedText(a: Rational, decimals: number): string {
  const scaled = times(a, rational(10n ** BigInt(decimals)));
  if (scaled.under !== 1n) throw new Error(`not a decimal of ${decimals} places`);
  const digits = absolute(scaled.over)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = scaled.over < 0n ? '-' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/** The exact text: at least two decimals, and no trailing zero beyond them. */
export function exactText(a: Rational): string {
  let decimals = 2;
  while (times(a, rational(10n ** BigInt(decimals))).under !== 1n) {
    decimals += 1;
    if (decimals > 1_000) throw new Error('a number without a finite decimal text');
  }
  return fixedText(a, decimals);
}

/** `7`, `7.0`, `.5`, `7.`, `007`, `1e-05`, `1.2E+02`, as the exact number. */
export function parseDecimal(text: string): Rational {
  const [mantissa = '', exponent = '0'] = text.trim().toLowerCase().split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const tenths = Number(exponent) - decimals.length;
  const digits = rational(BigInt(`${whole}${decimals}`));
  const power = rational(10n ** BigInt(Math.abs(tenths)));
  return times(digits, tenths < 0 ? rational(1n, power.over) : power);
}
