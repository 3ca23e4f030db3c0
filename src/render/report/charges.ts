import type { ReportRow, ReportTotals } from '../../domain/report.ts';
import { moneyShown } from '../amounts.ts';
import { type Bar, barChart, legendItem } from './chart.ts';
import { amountCell, changeCell, count, numberCell } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { type Names, NO_COST_CENTER } from './names.ts';
import type { PageInput } from './page-input.ts';

/** One way to divide the charges up. */
interface Division {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly rows: readonly ReportRow[];
  readonly label: (key: string) => string;
  /** What stands in small under the label. */
  readonly detail?: (key: string) => string;
}

/** The charges by profile, group and cost center: a drawing and a table of each. */
export function chargesSection(input: PageInput, names: Names): Markup {
  return html`<section id="charges">
<h2 id="charges-title">Charges</h2>
<p class="legend">${legendItem('accent', 'Subscription')} ${legendItem('overage', 'Overage')}</p>
${divisionsOf(input, names).map((division) => divisionPart(division, input))}
</section>
`;
}

function divisionsOf({ report, profiles }: PageInput, names: Names): Division[] {
  return [
    {
      id: 'by-profile',
      title: 'By profile',
      heading: 'Profile',
      rows: report.byProfile,
      label: names.profile,
      detail: (id) => {
        const { accountId = '', region = '' } = profiles.get(id) ?? {};
        return [accountId, region].filter((part) => part !== '').join(' · ');
      },
    },
    {
      id: 'by-group',
      title: 'By group',
      heading: 'Group',
      rows: report.byGroup,
      label: names.group,
    },
    {
      id: 'by-cost-center',
      title: 'By cost center',
      heading: 'Cost center',
      rows: report.byCostCenter,
      label: (key) => (key.trim() === '' ? NO_COST_CENTER : key),
    },
  ];
}

const MOST_BARS = 12;

function divisionPart(division: Division, input: PageInput): Markup {
  const { id, title, rows } = division;
  return html`<div class="pair" id="${id}">
<div>
<h3 id="${id}-title">${title}</h3>
${rows.length > MOST_BARS ? html`<p class="note">The ${MOST_BARS} highest of ${count(rows.length)}.</p>` : ''}
${chart(division, input)}
</div>
${table(division, input)}
</div>
`;
}

function chart({ title, rows, label }: Division, { report }: PageInput): Markup {
  const { currency } = report.invoice.edition;
  const bars = rows.slice(0, MOST_BARS).map((row): Bar => {
    const parts = [Number(row.subscriptionCharge), Number(row.overageCharge)];
    return { label: label(row.key), parts, shown: moneyShown(row.totalCharge, currency) };
  });
  const told = bars.map((bar) => `${bar.label} ${bar.shown}`).join(', ');
  return barChart(bars, ['accent', 'overage'], `Charges ${title.toLowerCase()}: ${told}.`);
}

function table(division: Division, { report }: PageInput): Markup {
  const { id, heading, rows } = division;
  const { before, totals } = report;
  const isComparable = 'totals' in before;
  const change = isComparable ? html`<th scope="col" class="n">Change</th>` : '';
  const last = isComparable ? changeCell(totals.totalCharge, before.totals.totalCharge) : '';
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-title">
<table>
<thead><tr><th scope="col">${heading}</th><th scope="col" class="n">Seats</th><th scope="col" class="n">Subscription</th><th scope="col" class="n">Overage</th><th scope="col" class="n">Total</th>${change}</tr></thead>
<tbody>
${rows.map((row) => tableRow(division, row, isComparable))}</tbody>
<tfoot><tr><th scope="row">Total</th>${figureCells(totals)}${last}</tr></tfoot>
</table>
</div>`;
}

function tableRow({ label, detail }: Division, row: ReportRow, isComparable: boolean): Markup {
  const small = detail?.(row.key) ?? '';
  const change = isComparable ? changeCell(row.totalCharge, row.totalBefore) : '';
  return html`<tr><th scope="row">${label(row.key)}${small === '' ? '' : html`<small>${small}</small>`}</th>${figureCells(row)}${change}</tr>
`;
}

function figureCells(totals: ReportTotals): Markup[] {
  return [
    numberCell(count(totals.seats)),
    amountCell(totals.subscriptionCharge),
    amountCell(totals.overageCharge),
    amountCell(totals.totalCharge),
  ];
}
