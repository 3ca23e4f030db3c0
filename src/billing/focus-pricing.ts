import type { ChargeLine, MonthShare } from '../domain/charge-line.ts';
import { type Decimal, decimalText, multiply } from '../domain/decimal.ts';
import { fraction, roundHalfAwayFromZero } from '../domain/fraction.ts';
import type { RateEdition } from '../domain/rate-card.ts';
import type { Partition } from '../domain/region.ts';

/** The quantity that the prices of a line multiply, and the results. */
export interface FocusPricing {
  /** The partition's price, without overrides: per user and month, or per credit. */
  readonly listUnitPrice: Decimal;
  /** Unit price x quantity as written, exact: no cents (M4). */
  readonly listCost: Decimal;
  readonly contractedCost: Decimal;
  readonly quantityText: string;
}

/** The pricing of one line. Cannot fail: a tier without a price was never billed. */
export function focusPricing(
  line: ChargeLine,
  edition: RateEdition,
  partition: Partition,
): FocusPricing {
  const listUnitPrice = listPrice(line, edition, partition);
  const { quantity, text } = pricingQuantity(line);
  return {
    listUnitPrice,
    listCost: multiply(listUnitPrice, quantity),
    contractedCost: multiply(line.unitPrice, quantity),
    quantityText: text,
  };
}

function listPrice(line: ChargeLine, edition: RateEdition, partition: Partition): Decimal {
  const terms = edition.partitions.get(partition)?.find(({ tier }) => tier === line.tier);
  if (terms === undefined) throw new Error(`no list price of ${line.tier} in ${partition}`);
  return line.lineType === 'overage' ? terms.overageRate : terms.price;
}

/** Credits exact, a whole month as `1` or `-1`, a share of one with twelve decimals. */
function pricingQuantity({ quantity }: ChargeLine): { quantity: Decimal; text: string } {
  if (quantity.unit === 'credits') {
    return { quantity: quantity.credits, text: decimalText(quantity.credits) };
  }
  if (quantity.days === quantity.daysInMonth) {
    return { quantity: { units: BigInt(quantity.sign), scale: 0 }, text: String(quantity.sign) };
  }
  const share = roundedShare(quantity);
  return { quantity: share, text: decimalText(share, share.scale) };
}

const SHARE_PLACES = 12;

/** The share of a month, half away from zero. */
function roundedShare({ sign, days, daysInMonth }: MonthShare): Decimal {
  const share = fraction(sign * days, daysInMonth);
  return { units: roundHalfAwayFromZero(share, SHARE_PLACES), scale: SHARE_PLACES };
}
