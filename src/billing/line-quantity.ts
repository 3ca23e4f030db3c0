import type { ChargeLine } from '../domain/charge-line.ts';
import { type Decimal, decimalText } from '../domain/decimal.ts';
import { fraction, roundHalfAwayFromZero } from '../domain/fraction.ts';

/** The quantity of a charge line as it is written, and what the text says. */
interface LineQuantity {
  readonly text: string;
  readonly value: Decimal;
}

/**
 * Overage credits, exact; a whole month as `1`, a share of one with `places` decimals, half away
 * from zero; negative for a refund.
 */
export function lineQuantity({ quantity }: ChargeLine, places: number): LineQuantity {
  if (quantity.unit === 'credits') {
    return { text: decimalText(quantity.credits), value: quantity.credits };
  }
  const { sign, days, daysInMonth } = quantity;
  if (days === daysInMonth) return { text: String(sign), value: { units: BigInt(sign), scale: 0 } };
  const units = roundHalfAwayFromZero(fraction(sign * days, daysInMonth), places);
  const value = { units, scale: places };
  return { text: decimalText(value, places), value };
}
