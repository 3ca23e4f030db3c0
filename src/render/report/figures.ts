import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type Decimal, decimalText, unitsAt } from '../../domain/decimal.ts';
import { fraction, roundHalfAwayFromZero } from '../../domain/fraction.ts';
import { type Cents, centsText } from '../../domain/money.ts';
import { creditsShown, grouped, moneyShown, wholeCreditsShown } from '../amounts.ts';
import { type Content, html, type Markup } from './markup.ts';

const NONE = '–';

/** Whole credits; if there is a fraction, the exact figure is in the title. */
export function credits(value: Decimal): Markup {
  const exact = decimalText(value);
  const shown = wholeCreditsShown(value);
  if (/\.0+$/.test(exact)) return html`${shown}`;
  return html`<data value="${exact}" title="${exact}">${shown}</data>`;
}

/** Two decimals and commas; the currency is in the heading. */
export function amount(cents: Cents): string {
  return grouped(centsText(cents));
}

/** A change of money, with its sign. */
export function signedMoney(cents: Cents, currency: string): string {
  return signed(moneyShown(cents, currency));
}

/** A cell aligned as a number; on a phone it may show its name. */
export function numberCell(content: Content, name?: string): Markup {
  return html`<td class="n"${nameOf(name)}>${content}</td>`;
}

function nameOf(name: string | undefined): Markup | undefined {
  return name === undefined ? undefined : html` data-name="${name}"`;
}

/** Credits that need attention if there are any. */
export function alarmCell(value: Decimal, name?: string): Markup {
  if (value.units === 0n) return numberCell(NONE, name);
  return html`<td class="n alarm"${nameOf(name)}>${credits(value)}</td>`;
}

/** An amount of money; a dash for none. */
export function amountCell(cents: Cents, name?: string): Markup {
  return cents === 0n ? numberCell(NONE, name) : numberCell(amount(cents), name);
}

/** A whole allowance, usually a round number. */
export function allowanceCell(value: Decimal, name?: string): Markup {
  return numberCell(value.units === 0n ? NONE : creditsShown(value, 0), name);
}

/** Credits; a dash for none. */
export function creditsCell(value: Decimal, name?: string): Markup {
  return numberCell(value.units === 0n ? NONE : credits(value), name);
}

/** `+274.81`, `−12.00`, or a dash if nothing changed or the earlier figure is unknown. */
export function changeCell(now: Cents, before: Cents | undefined): Markup {
  if (before === undefined || now === before) return numberCell(NONE);
  return numberCell(signed(amount(now - before)));
}

/** A difference with its sign, including a plus. */
export function signed(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;
}

/**
 * The growth of a figure in percent with one decimal, rounded half away from zero: `+14.4%`.
 * `undefined` if it was zero before.
 */
export function percentChange(now: Decimal, before: Decimal): string | undefined {
  const scale = Math.max(now.scale, before.scale);
  const [a, b] = [unitsAt(now, scale), unitsAt(before, scale)];
  if (b <= 0n) return undefined;
  const tenths = roundHalfAwayFromZero(fraction(100n * (a - b), b), 1);
  if (tenths === 0n && a !== b) return 'under 0.1%';
  return `${signed(grouped(decimalText({ units: tenths, scale: 1 }, 1)))}%`;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `March 2026`. */
export function monthName({ month }: Pick<BillingPeriod, 'month'>): string {
  const [year, number] = month.split('-');
  return `${MONTHS[Number(number) - 1]} ${year}`;
}

/** `12 March` of `2026-03-12`. */
export function dayName(date: string): string {
  const [, month, day] = date.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]}`;
}

/** Only for lengths in a drawing; never for a displayed figure. */
export function lengthOf(value: Decimal): number {
  return Number(decimalText(value));
}
