import type { Cents } from '../../domain/money.ts';
import { countShown, moneyShown } from '../amounts.ts';
import { stepLabel } from '../reconcile.ts';
import { type RowView, rowViewsOf } from '../row-view.ts';
import { signedMoney } from './answer.ts';
import { amount, count, monthName, numberCell, signed } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { AwsComparison, PageInput } from './page-input.ts';

const MOST_SEATS = 10;

/** What AWS's own bill says, if it was given: the steps to its total, and the seats that differ most. */
export function awsSection({ aws, report }: PageInput, names: Names): Markup {
  if (aws === undefined) return html``;
  const { period } = report.invoice;
  const steps = aws.bridge.rows.map(rowViewsOf(aws.bridge));
  return html`<section id="aws">
<h2 id="aws-title">What AWS says</h2>
<p>${verdict(aws, steps, monthName(period))}</p>
<div class="pair">
<div>${bridgeTable(steps, aws)}</div>
<div>${seatTable(aws, names)}</div>
</div>
</section>
`;
}

function amountOf(steps: readonly RowView[], item: string): Cents {
  return amountIn(steps.find(({ cellOf }) => cellOf('item') === item) as RowView);
}

function amountIn({ cellOf }: RowView): Cents {
  return cellOf('amount') as Cents;
}

/** `AWS bills $2,240.06 for March 2026, $62.52 more than this page. 8 of 43 seats differ (+$48.06); ...`. */
function verdict(
  { differing, compared }: AwsComparison,
  steps: readonly RowView[],
  month: string,
): Markup {
  const { currency } = differing;
  const total = amountOf(steps, 'aws_total');
  const difference = total - amountOf(steps, 'our_total');
  const seats = differing.rows.length;
  const rest = difference - amountOf(steps, 'differences');
  return html`<strong>AWS bills ${moneyShown(total, currency)}</strong> for ${month}, ${againstPage(difference, currency)}. ${seatsText(seats, compared)}${seats === 0 ? '' : ` (${signedMoney(amountOf(steps, 'differences'), currency)})`}${rest === 0n ? '.' : `; what belongs to no seat, such as tax and discounts, is ${signedMoney(rest, currency)}.`}`;
}

function againstPage(difference: Cents, currency: string): string {
  if (difference === 0n) return 'as much as this page';
  const size = moneyShown(difference < 0n ? -difference : difference, currency);
  return `${size} ${difference > 0n ? 'more' : 'less'} than this page`;
}

function seatsText(differing: number, compared: number): string {
  if (differing === 0) {
    return compared === 1 ? '1 seat matches' : `All ${count(compared)} seats match`;
  }
  return `${count(differing)} of ${countShown(compared, 'seat')} ${differing === 1 ? 'differs' : 'differ'}`;
}

function bridgeTable(steps: readonly RowView[], { bridge }: AwsComparison): Markup {
  const isTotal = ({ cellOf }: RowView): boolean => cellOf('item') === 'aws_total';
  const shown = steps.filter((step) => !isTotal(step) && (amountIn(step) !== 0n || isEnd(step)));
  return html`<table class="bridge">
<caption>From this page to AWS’s bill, in ${bridge.currency}</caption>
<thead><tr><th scope="col">Step</th><th scope="col" class="n">Amount</th></tr></thead>
<tbody>
${shown.map((step) => stepRow(step, bridge.month))}</tbody>
<tfoot>${steps.filter(isTotal).map((step) => stepRow(step, bridge.month))}</tfoot>
</table>`;
}

/** Whether a step is one of the two totals. */
function isEnd({ cellOf }: RowView): boolean {
  return cellOf('item') === 'our_total' || cellOf('item') === 'aws_total';
}

function stepRow(step: RowView, month: string): Markup {
  const { cellOf } = step;
  const rows = (cellOf('rows') as number | undefined) ?? 0;
  const label = stepLabel(cellOf('item') as string, cellOf('detail') as string, rows, month);
  const shown = amount(amountIn(step));
  return html`<tr${isEnd(step) ? html` class="end"` : ''}><th scope="row">${label}</th>${numberCell(isEnd(step) ? shown : signed(shown))}</tr>
`;
}

function seatTable({ differing }: AwsComparison, names: Names): Markup {
  const rows = differing.rows.map(rowViewsOf(differing));
  if (rows.length === 0) return html``;
  const rest = rows.length - MOST_SEATS;
  return html`<table class="movers">
<caption>${rest > 0 ? `The ${MOST_SEATS} greatest of ${count(rows.length)} differences` : 'Each seat that differs'}: AWS’s charge against ours</caption>
<thead><tr><th scope="col">User</th><th scope="col">Likely reason</th><th scope="col" class="n">Difference</th></tr></thead>
<tbody>
${rows.slice(0, MOST_SEATS).map((row) => seatRow(row, names))}</tbody>
</table>
${rest > 0 ? html`<p class="note"><code>kiro-bill reconcile</code> lists the other ${count(rest)}.</p>` : ''}`;
}

function seatRow({ cellOf }: RowView, names: Names): Markup {
  const name = (cellOf('user_name') as string).trim() || (cellOf('user_id') as string);
  const reason = (cellOf('reason') as string) || (cellOf('verdict') as string);
  return html`<tr><th scope="row">${name}<small>${names.profile(cellOf('profile_id') as string)}</small></th><td>${reason}</td>${numberCell(signed(amount(cellOf('difference') as Cents)))}</tr>
`;
}
