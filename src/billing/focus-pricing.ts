import type { ChargeLine, MonthShare } from '../domain/charge-line.ts';
import { type Decimal, decimalText } from '../domain/decimal.ts';
import {
  type Fraction,
  fraction,
  fractionOf,
  multiplyFractions,
  roundHalfAwayFromZero,
} from '../domain/fraction.ts';
import { type Cents, roundToCents } from '../domain/money.ts';
import type { RateEdition } from '../domain/rate-card.ts';
import type { Partition } from '../domain/region.ts';

/** What a line costs by the public price list, and the quantity that its prices multiply. */
export interface FocusPricing {
  /** The partition's price, without overrides: per user and month, or per credit. */
  readonly listUnitPrice: Decimal;
  /** Rounded once, from the exact quantity, as the line itself. Rules M2, M4. */
  readonly listCost: Cents;
  readonly quantityText: string;
}

/** The pricing of one line. Cannot fail: a tier without a price was never billed. */
export function focusPricing(
  line: ChargeLine,
  edition: RateEdition,
  partition: Partition,
): FocusPricing {
  const listUnitPrice = listPrice(line, edition, partition);
  return {
    listUnitPrice,
    listCost: costAt(listUnitPrice, exactQuantity(line)),
    quantityText: quantityText(line, [line.unitPrice, listUnitPrice]),
  };
}

function listPrice(line: ChargeLine, edition: RateEdition, partition: Partition): Decimal {
  const terms = edition.partitions.get(partition)?.find(({ tier }) => tier === line.tier);
  if (terms === undefined) throw new Error(`no list price of ${line.tier} in ${partition}`);
  return line.lineType === 'overage' ? terms.overageRate : terms.price;
}

function exactQuantity({ quantity }: ChargeLine): Fraction {
  return quantity.unit === 'credits' ? fractionOf(quantity.credits) : shareOf(quantity);
}

function shareOf({ sign, days, daysInMonth }: MonthShare): Fraction {
  return fraction(sign * days, daysInMonth);
}

function costAt(price: Decimal, quantity: Fraction): Cents {
  return roundToCents(multiplyFractions(fractionOf(price), quantity));
}

/** Credits exact, a whole month as `1` or `-1`, a share of one with at least twelve decimals. */
function quantityText({ quantity }: ChargeLine, prices: readonly Decimal[]): string {
  if (quantity.unit === 'credits') return decimalText(quantity.credits);
  if (quantity.days === quantity.daysInMonth) return String(quantity.sign);
  const share = shareOf(quantity);
  const rounded = roundedShare(share, prices);
  return decimalText(rounded, rounded.scale);
}

const SHARE_PLACES = 12;

/**
 * The share rounded half away from zero to twelve decimals. Where a price times that
 * rounds to another cent than a price times the share itself, which takes an exact half
 * cent or a price of millions, it is rounded away from zero, and to more decimals.
 */
function roundedShare(share: Fraction, prices: readonly Decimal[]): Decimal {
  const isFaithful = (rounded: Decimal): boolean =>
    prices.every((price) => costAt(price, fractionOf(rounded)) === costAt(price, share));
  const nearest = { units: roundHalfAwayFromZero(share, SHARE_PLACES), scale: SHARE_PLACES };
  let rounded = nearest;
  for (let scale = SHARE_PLACES; !isFaithful(rounded); scale += 1) {
    rounded = { units: roundAwayFromZero(share, scale), scale };
  }
  return rounded;
}

function roundAwayFromZero({ numerator, denominator }: Fraction, places: number): bigint {
  const scaled = numerator * 10n ** BigInt(places);
  const step = scaled < 0n ? 1n - denominator : denominator - 1n;
  return (scaled + step) / denominator;
}
