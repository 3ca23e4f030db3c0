import type { Cents } from '../../domain/money.ts';
import { countShown, moneyShown } from '../amounts.ts';
import { stepLabel } from '../reconcile.ts';
import { type RowView, rowViewsOf } from '../row-view.ts';
import { signedMoney } from './answer.ts';
import { type BridgeRow, type BridgeRows, bridgeTable } from './bridge-table.ts';
import { amount, count, monthName, signed } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { AwsComparison, PageInput } from './page-input.ts';
import { type ListedSeat, type SeatList, seatList } from './seat-list.ts';

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
<div>${bridgeTable(stepsToBill(steps, aws))}</div>
<div>${seatList(differences(aws), names)}</div>
</div>
</section>
`;
}

function stepOf(steps: readonly RowView[], item: string): RowView {
  return steps.find(({ cellOf }) => cellOf('item') === item) as RowView;
}

function amountOf(steps: readonly RowView[], item: string): Cents {
  return amountIn(stepOf(steps, item));
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

/** From this page's total to that of AWS's bill, without steps of nothing. */
function stepsToBill(steps: readonly RowView[], { bridge }: AwsComparison): BridgeRows {
  const rowOf = (step: RowView): BridgeRow => ({
    label: labelOf(step, bridge.month),
    amount: amountIn(step),
  });
  return {
    caption: `From this page to AWS’s bill, in ${bridge.currency}`,
    heading: 'Step',
    from: rowOf(stepOf(steps, 'our_total')),
    steps: steps.filter((step) => !isTotal(step) && amountIn(step) !== 0n).map(rowOf),
    to: rowOf(stepOf(steps, 'aws_total')),
  };
}

function isTotal({ cellOf }: RowView): boolean {
  return cellOf('item') === 'our_total' || cellOf('item') === 'aws_total';
}

function labelOf({ cellOf }: RowView, month: string): string {
  const rows = (cellOf('rows') as number | undefined) ?? 0;
  return stepLabel(cellOf('item') as string, cellOf('detail') as string, rows, month);
}

function differences({ differing }: AwsComparison): SeatList {
  const rows = differing.rows.map(rowViewsOf(differing));
  const rest = rows.length - MOST_SEATS;
  const caption =
    rest > 0
      ? `The ${MOST_SEATS} greatest of ${count(rows.length)} differences`
      : 'Each seat that differs';
  return {
    caption: `${caption}: AWS’s charge against ours`,
    headings: ['Likely reason', 'Difference'],
    seats: rows.slice(0, MOST_SEATS).map(listed),
    ...(rest > 0 && {
      rest: html`<code>kiro-bill reconcile</code> lists the other ${count(rest)}.`,
    }),
  };
}

function listed({ cellOf }: RowView): ListedSeat {
  const text = (name: string): string => cellOf(name) as string;
  return {
    seat: {
      profile: { profileId: text('profile_id') },
      userId: text('user_id'),
      userName: text('user_name'),
    },
    text: text('reason') || text('verdict'),
    amount: signed(amount(cellOf('difference') as Cents)),
  };
}
