import { type Decimal, subtract } from '../../domain/decimal.ts';
import type { Cents } from '../../domain/money.ts';
import type { Report, ReportTotals } from '../../domain/report.ts';
import { countShown, creditsShown, cutDecimals, moneyShown } from '../amounts.ts';
import { count, credits, monthName, percentChange, signed } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The totals of the month and their change against the month before. */
export function summarySection({ report }: PageInput): Markup {
  const { totals, before, invoice } = report;
  const old = 'totals' in before ? before.totals : undefined;
  const { currency } = invoice.edition;
  return html`<section id="summary">
<h2 id="summary-title" class="unseen">Totals</h2>
<dl class="totals">
${moneyTotal('Total', 'totalCharge', totals, old, currency)}
${moneyTotal('Subscriptions', 'subscriptionCharge', totals, old, currency)}
${moneyTotal('Overage', 'overageCharge', totals, old, currency)}
${seatsTotal(totals, old)}
${creditsTotal('Credits used', 'creditsUsed', totals, old)}
${creditsTotal('Unbilled credits', 'unbilledCredits', totals, old)}
</dl>
${comparison(report)}
</section>
`;
}

function total(label: string, value: Content, change: Content): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="change">${change}</dd></div>`;
}

function moneyTotal(
  label: string,
  name: 'totalCharge' | 'subscriptionCharge' | 'overageCharge',
  now: ReportTotals,
  old: ReportTotals | undefined,
  currency: string,
): Markup {
  const shown = (cents: Cents): string => moneyShown(cents, currency);
  const change =
    old && changeText(centsOf(now[name]), centsOf(old[name]), ({ units }) => shown(units));
  return total(label, shown(now[name]), change);
}

function centsOf(units: Cents): Decimal {
  return { units, scale: 2 };
}

function seatsTotal({ seats }: ReportTotals, old: ReportTotals | undefined): Markup {
  const ofCount = (value: number): Decimal => ({ units: BigInt(value), scale: 0 });
  const shown = ({ units }: Decimal): string => count(Number(units));
  return total('Seats', count(seats), old && changeText(ofCount(seats), ofCount(old.seats), shown));
}

function creditsTotal(
  label: string,
  name: 'creditsUsed' | 'unbilledCredits',
  now: ReportTotals,
  old: ReportTotals | undefined,
): Markup {
  const shown = (value: Decimal): string => cutDecimals(creditsShown(value), 2);
  return total(label, credits(now[name]), old && changeText(now[name], old[name], shown));
}

/** `+$274.81 (+14.4%)`. */
function changeText(now: Decimal, before: Decimal, shown: (value: Decimal) => string): string {
  const difference = subtract(now, before);
  if (difference.units === 0n) return 'unchanged';
  const percent = percentChange(now, before);
  return `${signed(shown(difference))}${percent === undefined ? '' : ` (${percent})`}`;
}

/** What the changes are measured against, or why there are none. */
function comparison({ before, hasUsage }: Report): Markup {
  const month = monthName(before.period);
  if ('whyNot' in before) {
    return html`<p class="note">There is no change against ${month} to show: ${before.whyNot}.</p>`;
  }
  const { seats, creditsUsed } = before.totals;
  if (seats === 0 && creditsUsed.units === 0n) {
    return html`<p class="note">Changes are against ${month}, which has no seats and no usage.</p>`;
  }
  const unused = hasUsage && !before.hasUsage ? ' The data hold no usage of that month.' : '';
  return html`<p class="note">Changes are against ${month}, when ${countShown(seats, 'seat')} were held.${unused}</p>`;
}
