import { type Fraction, fraction } from '../domain/fraction.ts';
import type { Cents } from '../domain/money.ts';

/**
 * Exact amounts as cents that add up to `total`: each is rounded down, and the missing cents go to
 * the largest remainders, at equal ones to the amount that comes first. The total must be the sum
 * of the amounts to within a cent.
 */
export function largestRemainder(amounts: readonly Fraction[], total: Cents): Cents[] {
  const parts = amounts.map(downToCents);
  const cents = parts.map((part) => part.cents);
  let lacking = cents.reduce((left, part) => left - part, total);
  const order = [...parts.keys()].sort((a, b) =>
    compareRemainders(parts[b] as Part, parts[a] as Part),
  );
  for (const index of order) {
    if (lacking <= 0n) break;
    cents[index] = (cents[index] as Cents) + 1n;
    lacking -= 1n;
  }
  if (lacking !== 0n) throw new Error(`amounts do not add up to ${total}: ${lacking} left`);
  return cents;
}

interface Part {
  readonly cents: Cents;
  readonly remainder: Fraction;
}

/** Rounded towards minus infinity, with the remaining fraction of a cent. */
function downToCents({ numerator, denominator }: Fraction): Part {
  const [cents, rest] = [(numerator * 100n) / denominator, (numerator * 100n) % denominator];
  if (rest >= 0n) return { cents, remainder: fraction(rest, denominator) };
  return { cents: cents - 1n, remainder: fraction(rest + denominator, denominator) };
}

function compareRemainders({ remainder: a }: Part, { remainder: b }: Part): number {
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  return left < right ? -1 : left > right ? 1 : 0;
}
