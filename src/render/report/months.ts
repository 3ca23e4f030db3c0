import { firstNamed } from '../../domain/counts.ts';
import type { Cents } from '../../domain/money.ts';
import { moneyShown } from '../amounts.ts';
import { stackedColumns } from './charts/columns.ts';
import { legendItem } from './charts/drawing.ts';
import { amountCell, MONTHS, monthName } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { MonthTotals, PageInput } from './page-input.ts';

/** The months side by side, with the budget, and the expected end of a running month. */
export function monthsSection(input: PageInput): Markup | undefined {
  const { months, report } = input;
  if (months.length < 2 && input.expected === undefined && input.budget === undefined)
    return undefined;
  const isRising = months.some((one) => yetToCome(one, input) > 0n);
  return html`${expectedText(input)}
<p class="legend">${legendItem('accent', 'Subscriptions')} ${legendItem('overage', 'Overage')}${isRising ? html` ${legendItem('accent-soft', 'Forecast to the end of the month')}` : ''}</p>
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
<p class="note">Amounts in ${report.invoice.edition.currency}.${unusedText(input)}</p>`;
}

const MOST_MONTHS = 3;

/** Their charges look lower than they were. */
function unusedText({ unusedMonths: months }: PageInput): string {
  if (months.length === 0) return '';
  const named = months.map((month) => monthName({ month }));
  const whose = months.length === 1 ? 'its' : 'their';
  return ` The data hold no usage of ${firstNamed(named, MOST_MONTHS)}: ${whose} overage is missing here.`;
}

function chart(input: PageInput, width: number, height: number): Markup {
  const { months, budget, report } = input;
  const { currency } = report.invoice.edition;
  const room = width / months.length;
  const columns = months.map((one) => ({
    label: shortName(one.month, room),
    parts: [one.subscriptionCharge, one.overageCharge, yetToCome(one, input)].map(
      (cents) => Number(cents) / 100,
    ),
    ...figureOver(one.totalCharge, currency, room),
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
    { width, height, inks: ['accent', 'overage', 'accent-soft'], ...limit },
    `Charges by month: ${texts.join(', ')}.`,
  );
}

/** What the forecast adds to the running month. */
function yetToCome({ month, totalCharge }: MonthTotals, { expected, report }: PageInput): Cents {
  if (expected === undefined || month !== report.invoice.period.month) return 0n;
  return expected.middle > totalCharge ? expected.middle - totalCharge : 0n;
}

const CHARACTER_WIDTH = 7.5;

/** The exact figure over a column; `undefined` if it would overlap its neighbor's. */
function figureOver(total: Cents, currency: string, room: number): { shown?: string } {
  const shown = moneyShown(total, currency);
  return shown.length * CHARACTER_WIDTH > room ? {} : { shown };
}

/** `Mar 2026`, `Mar`, or `3` if there is hardly any room. */
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
