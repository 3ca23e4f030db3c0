import type { ChargeLine } from '../domain/charge-line.ts';
import { type Decimal, multiply } from '../domain/decimal.ts';
import type { RateEdition } from '../domain/rate-card.ts';
import type { Partition } from '../domain/region.ts';
import { lineQuantity } from './line-quantity.ts';

/** The quantity that the prices of a line multiply, and the results. */
export interface FocusPricing {
  /** The partition's price, without overrides: per user and month, or per credit. */
  readonly listUnitPrice: Decimal;
  /** Unit price x quantity as written, exact: no cents (M4). */
  readonly listCost: Decimal;
  readonly contractedCost: Decimal;
  readonly quantityText: string;
}

const SHARE_PLACES = 12;

/** The pricing of one line. Cannot fail: a tier without a price was never billed. */
export function focusPricing(
  line: ChargeLine,
  edition: RateEdition,
  partition: Partition,
): FocusPricing {
  const listUnitPrice = listPrice(line, edition, partition);
  const { value: quantity, text } = lineQuantity(line, SHARE_PLACES);
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
