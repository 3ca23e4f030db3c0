import { absoluteCents, type Cents } from '../../domain/money.ts';
import type { BillStep } from '../../domain/reconciliation.ts';
import { countShown, grouped, moneyShown } from '../amounts.ts';
import { stepLabel } from '../reconcile.ts';
import { type BridgeRow, type BridgeRows, bridgeTable } from './bridge-table.ts';
import { amount, monthName, signed, signedMoney } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { AwsComparison, PageInput } from './page-input.ts';
import { type SeatList, seatList } from './seat-list.ts';

const MOST_SEATS = 10;

/** What AWS's own bill says, if it was given: the steps to its total, and the seats that differ most. */
export function awsSection({ aws, report }: PageInput, names: Names): Markup | undefined {
  if (aws === undefined) return undefined;
  const { period, edition } = report.invoice;
  return html`<p>${verdict(aws, monthName(period), edition.currency)}</p>
<div class="pair">
<div>${bridgeTable(stepsToBill(aws, period.month, edition.currency))}</div>
<div>${seatList(differences(aws), names)}</div>
</div>`;
}

/** What AWS bills in all. */
export function awsTotal(aws: AwsComparison): Cents {
  return stepOf(aws, 'aws_total').amount;
}

function stepOf({ bridge }: AwsComparison, item: BillStep['item']): BillStep {
  return bridge.find((step) => step.item === item) as BillStep;
}

/** `AWS bills $2,240.06 for March 2026, $62.52 more than this page. 8 of 43 seats differ (+$48.06); ...`. */
function verdict(aws: AwsComparison, month: string, currency: string): Markup {
  const [total, ours, ofSeats] = (['aws_total', 'our_total', 'differences'] as const).map(
    (item) => stepOf(aws, item).amount,
  ) as [Cents, Cents, Cents];
  const difference = total - ours;
  const seats = aws.differing.length;
  const rest = difference - ofSeats;
  return html`<strong>AWS bills ${moneyShown(total, currency)}</strong> for ${month}, ${againstPage(difference, currency)}. ${seatsText(aws)}${seats === 0 ? '' : ` (${signedMoney(ofSeats, currency)})`}${rest === 0n ? '.' : `; what belongs to no seat, such as tax and discounts, is ${signedMoney(rest, currency)}.`}`;
}

function againstPage(difference: Cents, currency: string): string {
  if (difference === 0n) return 'as much as this page';
  const size = moneyShown(absoluteCents(difference), currency);
  return `${size} ${difference > 0n ? 'more' : 'less'} than this page`;
}

/** How many of the seats differ from AWS's bill. */
export function seatsText({ differing: { length: differing }, compared }: AwsComparison): string {
  if (differing === 0) {
    return compared === 1 ? '1 seat matches' : `All ${grouped(compared)} seats match`;
  }
  return `${grouped(differing)} of ${countShown(compared, 'seat')} ${differing === 1 ? 'differs' : 'differ'}`;
}

/** From this page's total to that of AWS's bill, without steps of nothing. */
function stepsToBill(aws: AwsComparison, month: string, currency: string): BridgeRows {
  const rowOf = (step: BillStep): BridgeRow => ({
    label: stepLabel(step, month),
    amount: step.amount,
  });
  const [from, to] = [stepOf(aws, 'our_total'), stepOf(aws, 'aws_total')];
  const between = aws.bridge.filter((step) => step !== from && step !== to && step.amount !== 0n);
  return {
    caption: `From this page to AWS’s bill, in ${currency}`,
    heading: 'Step',
    from: rowOf(from),
    steps: between.map(rowOf),
    to: rowOf(to),
  };
}

function differences({ differing }: AwsComparison): SeatList {
  const rest = differing.length - MOST_SEATS;
  const caption =
    rest > 0
      ? `The ${MOST_SEATS} greatest of ${grouped(differing.length)} differences`
      : 'Each seat that differs';
  return {
    caption: `${caption}: AWS’s charge against ours`,
    headings: ['Likely reason', 'Difference'],
    seats: differing.slice(0, MOST_SEATS).map((seat) => ({
      seat,
      text: seat.reason || seat.verdict,
      amount: signed(amount(seat.difference)),
    })),
    ...(rest > 0 && {
      rest: html`<code>kiro-bill reconcile</code> lists the other ${grouped(rest)}.`,
    }),
  };
}
