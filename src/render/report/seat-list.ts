import { numberCell } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { NamedSeat, Names } from './names.ts';

/** Some seats, each with a reason or an advice and an amount. */
export interface SeatList {
  readonly caption?: string;
  /** Of the text and of the amount. */
  readonly headings: readonly [text: string, amount: string];
  readonly seats: readonly ListedSeat[];
  /** Says where the seats are that are not listed, if there are any. */
  readonly rest?: Content;
}

interface ListedSeat {
  readonly seat: NamedSeat;
  readonly text: Content;
  readonly amount: string;
}

/** A short list of seats as a table; nothing without seats. */
export function seatList({ caption, headings, seats, rest }: SeatList, names: Names): Markup {
  if (seats.length === 0) return html``;
  const [text, amount] = headings;
  return html`<table class="short">
${caption && html`<caption>${caption}</caption>`}
<thead><tr><th scope="col">User</th><th scope="col">${text}</th><th scope="col" class="n">${amount}</th></tr></thead>
<tbody>
${seats.map((one) => html`<tr><th scope="row">${names.seat(one.seat)}</th><td>${one.text}</td>${numberCell(one.amount)}</tr>\n`)}</tbody>
</table>
${rest && html`<p class="note">${rest}</p>`}`;
}
