import { grouped } from './counts.ts';
import { type Decimal, decimalText } from './decimal.ts';
import { type Fraction, fractionOf, roundHalfAwayFromZero } from './fraction.ts';

/** A rounded amount in hundredths of the currency's unit. Only lines are rounded; everything else is a sum (M2). */
export type Cents = bigint & { readonly unit?: 'cents' };

/** The amount of one charge line, rounded once, half away from zero. Rule M2. */
export function roundToCents(amount: Fraction): Cents {
  return roundHalfAwayFromZero(amount, 2);
}

/** An exact amount, rounded once, half away from zero (M2). */
export function centsOf(amount: Decimal): Cents {
  return roundToCents(fractionOf(amount));
}

/** The sum of rounded amounts; zero if there are none (M2). */
export function sumCents(amounts: Iterable<Cents>): Cents {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** Exactly two decimals, a leading minus when negative: `-20.00`. */
export function centsText(cents: Cents): string {
  return decimalText(decimalOfCents(cents));
}

/** An exact figure as people read it, rounded to two decimals, half away from zero: `1,250.75`. */
export function roundedShown(figure: Decimal): string {
  return grouped(centsText(centsOf(figure)));
}

/** The amount in units of the currency, to be compared with an exact figure. */
export function decimalOfCents(cents: Cents): Decimal {
  return { units: cents, scale: 2 };
}

/** The amount without its sign. */
export function absoluteCents(cents: Cents): Cents {
  return cents < 0n ? -cents : cents;
}
