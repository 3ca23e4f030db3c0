import { countShown, moneyShown } from '../amounts.ts';
import { amountCell, count } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { type Names, nameOf } from './names.ts';
import type { PageInput, SeatSaving } from './page-input.ts';

/** What could be saved each month, and where. */
export function savingsSection({ report, savings }: PageInput, names: Names): Markup {
  if (savings === undefined || savings.count === 0) return html``;
  const { currency } = report.invoice.edition;
  const rest = savings.count - savings.seats.length;
  return html`<section id="savings">
<h2 id="savings-title">Where to save</h2>
<p><strong>${moneyShown(savings.monthly, currency)} a month</strong>, from ${countShown(savings.count, 'seat')} on a tier that costs more than their use, or not used at all. <code>kiro-bill optimize</code> shows how each is worked out; its total also counts what upgrades of blocked seats would cost.</p>
<table class="short">
<thead><tr><th scope="col">User</th><th scope="col">What to do</th><th scope="col" class="n">A month</th></tr></thead>
<tbody>
${savings.seats.map((one) => savingRow(one, names))}</tbody>
</table>
${rest > 0 ? html`<p class="note">And ${count(rest)} smaller ones.</p>` : ''}
</section>
`;
}

function savingRow({ seat, advice, monthly }: SeatSaving, names: Names): Markup {
  return html`<tr><th scope="row">${nameOf(seat)}<small>${names.profile(seat.profile.profileId)}</small></th><td>${advice}</td>${amountCell(monthly)}</tr>
`;
}
