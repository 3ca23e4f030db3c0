import type { InvoiceTotals } from '../../domain/invoice.ts';
import type { ReportRow } from '../../domain/report.ts';
import { grouped } from '../amounts.ts';
import { cellBar, legendItem } from './charts/drawing.ts';
import { amountCell, changeCell, numberCell } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { type Names, NO_COST_CENTER } from './names.ts';
import type { PageInput } from './page-input.ts';

/** One way to divide the charges. */
interface Division {
  readonly id: string;
  readonly heading: string;
  readonly rows: readonly ReportRow[];
  readonly label: (key: string) => string;
  /** The small text under the label. */
  readonly detail?: (key: string) => string;
}

/** The charges by profile, group and cost center, a bar beside each. */
export function chargesSection(input: PageInput, names: Names): Markup {
  return html`<p class="legend">${legendItem('accent', 'Subscriptions')} ${legendItem('overage', 'Overage')}</p>
${divisionsOf(input, names)
  .filter(isDivided)
  .map((division) => divisionPart(division, input))}`;
}

function divisionsOf({ report, profiles }: PageInput, names: Names): Division[] {
  return [
    {
      id: 'by-profile',
      heading: 'Profile',
      rows: report.byProfile,
      label: names.profile,
      detail: (id) => {
        const { accountId = '', region = '' } = profiles.get(id) ?? {};
        return [accountId, region].filter((text) => text !== '').join(' · ');
      },
    },
    { id: 'by-group', heading: 'Group', rows: report.byGroup, label: names.group },
    {
      id: 'by-cost-center',
      heading: 'Cost center',
      rows: report.byCostCenter,
      label: (key) => (key.trim() === '' ? NO_COST_CENTER : key.trim()),
    },
  ];
}

/** Whether there is any key: a total under `No group` alone says nothing. */
function isDivided({ rows }: Division): boolean {
  return rows.some(({ key }) => key.trim() !== '');
}

/** A table with more rows than this is collapsed. */
const MOST_OPEN = 12;

function divisionPart(division: Division, input: PageInput): Markup {
  const { id, heading, rows } = division;
  const rest = rows.slice(MOST_OPEN);
  return html`<div class="division" id="${id}">
<h3 id="${id}-title">By ${heading.toLowerCase()}</h3>
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-title">
${table(division, rows.slice(0, MOST_OPEN), input, rest.length === 0)}
</div>
${rest.length === 0 ? '' : folded(division, rest, input)}
</div>
`;
}

function folded(division: Division, rest: readonly ReportRow[], input: PageInput): Markup {
  return html`<details>
<summary>${grouped(rest.length)} more, and the total</summary>
${table(division, rest, input, true)}
</details>`;
}

function table(
  division: Division,
  rows: readonly ReportRow[],
  { report }: PageInput,
  hasTotal: boolean,
): Markup {
  const { before, totals } = report;
  const isComparable = 'totals' in before;
  const longest = Math.max(1, ...division.rows.map(({ totalCharge }) => Number(totalCharge)));
  const change = isComparable ? html`<th scope="col" class="n">Change</th>` : '';
  const last = isComparable ? changeCell(totals.totalCharge, before.totals.totalCharge) : '';
  const foot = hasTotal
    ? html`<tfoot><tr><th scope="row">Total</th>${amountCell(totals.totalCharge)}${last}<td class="drawn"></td>${figureCells(totals)}</tr></tfoot>`
    : '';
  return html`<table class="stack">
<thead><tr><th scope="col">${division.heading}</th><th scope="col" class="n">Total</th>${change}<td class="drawn"></td><th scope="col" class="n">Seats</th><th scope="col" class="n">Subscription</th><th scope="col" class="n">Overage</th></tr></thead>
<tbody>
${rows.map((row) => tableRow(division, row, isComparable, longest))}</tbody>
${foot}
</table>`;
}

function tableRow(
  { label, detail }: Division,
  row: ReportRow,
  isComparable: boolean,
  longest: number,
): Markup {
  const small = detail?.(row.key) ?? '';
  const change = isComparable ? changeCell(row.totalCharge, row.totalBefore) : '';
  const bar = cellBar([
    ['accent', Number(row.subscriptionCharge) / longest],
    ['overage', Number(row.overageCharge) / longest],
  ]);
  return html`<tr><th scope="row"><span class="key-name">${label(row.key)}</span>${small === '' ? '' : html`<small>${small}</small>`}</th>${amountCell(row.totalCharge)}${change}<td class="drawn">${bar}</td>${figureCells(row)}</tr>
`;
}

function figureCells(totals: InvoiceTotals): Markup[] {
  return [
    numberCell(grouped(totals.seats), 'Seats'),
    amountCell(totals.subscriptionCharge, 'Subscription'),
    amountCell(totals.overageCharge, 'Overage'),
  ];
}
