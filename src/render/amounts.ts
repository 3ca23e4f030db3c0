import { grouped } from '../domain/counts.ts';
import { type Decimal, decimalText } from '../domain/decimal.ts';
import { type Cents, centsText } from '../domain/money.ts';
import { visible } from './terminal.ts';

export { countShown, decimalShown as creditsShown, grouped } from '../domain/counts.ts';

/** Only signs that name one currency to everyone; all others show their ISO code. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['USD', '$'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['JPY', '¥'],
]);

/** Money as people read it: `$1,234.50`, `-$20.00`, `CHF 20.00`. */
export function moneyShown(amount: Cents, currency: string): string {
  return withCurrency(grouped(centsText(amount)), currency);
}

/** A price or a rate, exact: `$20.00`, `$0.048`. */
export function priceShown(price: Decimal, currency: string): string {
  return withCurrency(grouped(decimalText(price)), currency);
}

function withCurrency(digits: string, currency: string): string {
  const sign = SIGNS.get(currency) ?? `${visible(currency)} `;
  return digits.startsWith('-') ? `-${sign}${digits.slice(1)}` : `${sign}${digits}`;
}

/**
 * Whole credits, for tables: `1,250`, cut and not rounded, so that 1,000 is reached; `<1` where
 * there are some, but no whole one.
 */
export function wholeCreditsShown(credits: Decimal): string {
  const [whole = ''] = decimalText(credits, 0).split('.');
  return whole === '0' && credits.units > 0n ? '<1' : grouped(whole);
}
