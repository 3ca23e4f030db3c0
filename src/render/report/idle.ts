import { earlierOf, utcDate } from '../../domain/instant.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import type { Report } from '../../domain/report.ts';
import { countShown, grouped, moneyShown } from '../amounts.ts';
import { amountCell } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { type Names, NO_SEAT, nameOf, userName } from './names.ts';
import type { PageInput } from './page-input.ts';

const MOST_LISTED = 50;

/** Seats that are paid but not used, and seats that are waiting for activation. */
export function idleSection({ report }: PageInput, names: Names): Markup {
  const { idle, pending } = report;
  return html`<p>${idleText(report)}</p>
${idle.length === 0 ? '' : idleTable(idle, names)}
${pending.length === 0 ? '' : pendingPart(pending, names)}`;
}

function idleText({ idle, totals, invoice }: Report): string {
  if (totals.seats === 0) return 'No seat was held.';
  if (idle.length === 0) return 'Every seat was used.';
  const charge = moneyShown(
    sumCents(idle.map((seat) => seat.totalCharge)),
    invoice.edition.currency,
  );
  return `${countShown(idle.length, 'paid seat')} ${idle.length === 1 ? 'was' : 'were'} not used: ${charge}.`;
}

function idleTable(idle: readonly SeatInvoice[], names: Names): Markup {
  const more = idle.length - MOST_LISTED;
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="idle-title">
<table class="stack">
<thead><tr><th scope="col">User</th><th scope="col" class="n">Total</th><th scope="col">Tier</th><th scope="col">Subscribed since</th><th scope="col">Profile</th><th scope="col">Group</th></tr></thead>
<tbody>
${idle.slice(0, MOST_LISTED).map((seat) => idleRow(seat, names))}</tbody>
</table>
</div>
${more > 0 ? html`<p class="note">And ${grouped(more)} more: choose “Idle” in the table of all seats.</p>` : ''}`;
}

function idleRow(seat: SeatInvoice, names: Names): Markup {
  return html`<tr><th scope="row">${userName(seat)}</th>${amountCell(seat.totalCharge)}<td>${seat.terms?.tier ?? NO_SEAT}</td><td data-name="since">${since(seat)}</td><td>${names.profile(seat.profile.profileId)}</td><td>${names.group(seat.groupId)}</td></tr>
`;
}

function since({ sources }: SeatInvoice): string {
  return utcDate(sources.map(({ from }) => from).reduce(earlierOf));
}

function pendingPart(pending: readonly SeatInvoice[], names: Names): Markup {
  const listed = pending.slice(0, MOST_LISTED).map((seat) => {
    return html`<li>${nameOf(seat)}, ${names.profile(seat.profile.profileId)}</li>`;
  });
  const more = pending.length - MOST_LISTED;
  return html`<h3>Subscribed, but not yet activated</h3>
<p>${countShown(pending.length, 'seat')}: not charged, and not on the invoice unless there is usage.</p>
<ul class="names">${listed}${more > 0 ? html`<li>and ${grouped(more)} more</li>` : ''}</ul>`;
}
