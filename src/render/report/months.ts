import { moneyShown } from '../amounts.ts';
import { stackedColumns } from './charts/columns.ts';
import { legendItem } from './charts/drawing.ts';
import { amountCell, MONTHS } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The months side by side, with the budget, and where a running month will end. */
export function monthsSection(input: PageInput): Markup {
  const { months, report } = input;
  if (months.length < 2 && input.expected === undefined && input.budget === undefined)
    return html``;
  return html`<section id="months">
<h2 id="months-title">Month by month</h2>
${expectedText(input)}
<p class="legend">${legendItem('accent', 'Subscriptions')} ${legendItem('overage', 'Overage')}</p>
<div class="wide">${chart(input, 1000, 240)}</div>
<div class="narrow">${chart(input, 380, 220)}</div>
<details>
<summary>The figures of each month</summary>
<table class="short">
<thead><tr><th scope="col">Month</th><th scope="col" class="n">Subscriptions</th><th scope="col" class="n">Overage</th><th scope="col" class="n">Total</th></tr></thead>
<tbody>
${months.map((one) => html`<tr><th scope="row">${one.month}</th>${amountCell(one.subscriptionCharge)}${amountCell(one.overageCharge)}${amountCell(one.totalCharge)}</tr>\n`)}</tbody>
</table>
</details>
<p class="note">Amounts in ${report.invoice.edition.currency}.</p>
</section>
`;
}

function chart({ months, budget, report }: PageInput, width: number, height: number): Markup {
  const { currency } = report.invoice.edition;
  const isRoomy = width / months.length > 70;
  const columns = months.map((one) => ({
    label: shortName(one.month, width / months.length),
    parts: [Number(one.subscriptionCharge) / 100, Number(one.overageCharge) / 100],
    ...(isRoomy ? { shown: moneyShown(one.totalCharge, currency).replace(/\.\d\d$/, '') } : {}),
  }));
  const texts = months.map(
    ({ month, totalCharge }) => `${month} ${moneyShown(totalCharge, currency)}`,
  );
  const limit =
    budget === undefined
      ? {}
      : { limit: { value: Number(budget) / 100, name: `Budget ${moneyShown(budget, currency)}` } };
  return stackedColumns(
    columns,
    { width, height, inks: ['accent', 'overage'], ...limit },
    `Charges by month: ${texts.join(', ')}.`,
  );
}

/** `Mar 2026`, `Mar`, or `3` where there is hardly any room. */
function shortName(month: string, room: number): string {
  const [year, number] = month.split('-');
  const name = (MONTHS[Number(number) - 1] as string).slice(0, 3);
  if (room > 62) return `${name} ${year}`;
  return room > 28 ? name : String(Number(number));
}

function expectedText({ expected, budget, report }: PageInput): Markup {
  const { currency } = report.invoice.edition;
  const money = (cents: bigint): string => moneyShown(cents, currency);
  if (expected === undefined) return html``;
  const against =
    budget === undefined
      ? ''
      : ` The budget is ${money(budget)}: ${expected.middle > budget ? 'it will probably be passed' : 'it will probably hold'}.`;
  return html`<p>Seen from ${expected.asOf}, this month will end near <strong>${money(expected.middle)}</strong>, between ${money(expected.low)} and ${money(expected.high)}.${against}</p>`;
}
