import { greatest } from 'd3-array';
import type { Bridge, BridgeStep, ChangeCause, SeatChange } from '../../domain/bridge.ts';
import { firstNamed } from '../../domain/counts.ts';
import { isPositive } from '../../domain/decimal.ts';
import type { InvoiceTotals } from '../../domain/invoice.ts';
import { absoluteCents, type Cents, decimalOfCents } from '../../domain/money.ts';
import { dayText, type EpochDay } from '../../domain/usage-days.ts';
import { countShown, grouped, moneyShown } from '../amounts.ts';
import { awsTotal, seatsText } from './aws.ts';
import { CAUSES } from './causes.ts';
import { credits, dayName, monthName, percentChange, signedMoney } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { nameOf } from './names.ts';
import type { PageInput } from './page-input.ts';

/** The answer in five seconds: the total, what changed and why, and a few figures beside it. */
export function answerSection(input: PageInput): Markup {
  const { report, bridge, savings, aws, budget } = input;
  const { totals, invoice } = report;
  const { currency } = invoice.edition;
  const money = (cents: Cents): string => moneyShown(cents, currency);
  return html`<section id="answer">
<h2 class="unseen">The total</h2>
<p class="total">${money(totals.totalCharge)}</p>
<p class="why">${bridge === undefined ? noComparison(input) : html`${changeSentence(bridge, input)}${unknownOverage(input)}`}</p>
<dl class="facts">
${fact('Subscriptions', money(totals.subscriptionCharge), countShown(totals.seats, 'seat'))}
${fact('Overage', money(totals.overageCharge), overageText(totals))}
${fact('Credits used', credits(totals.creditsUsed), shareUsed(input))}
${fact('Unbilled credits', credits(totals.unbilledCredits), unbilledText(totals))}
${savings === undefined ? '' : fact('Could be saved', `${money(savings.monthly)} a month`, savings.count === 0 ? 'each seat fits its use' : html`<a href="#savings">${countShown(savings.count, 'seat')}</a>`)}
${aws === undefined ? '' : fact('AWS’s bill', money(awsTotal(aws)), html`<a href="#aws">${seatsText(aws)}</a>`)}
${budget === undefined ? '' : fact('Budget', money(budget), budgetText(budget - totals.totalCharge, input))}
</dl>
<p class="note" id="coverage">${coverageText(input)}</p>
</section>
`;
}

function fact(name: string, value: Content, detail: Content): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="detail">${detail}</dd></div>`;
}

function overageText({ overageCredits }: InvoiceTotals): Content {
  if (!isPositive(overageCredits)) return 'none';
  return html`${credits(overageCredits)} credits`;
}

function unbilledText({ unbilledCredits }: InvoiceTotals): string {
  return isPositive(unbilledCredits) ? 'beyond the allowance, not charged' : 'none';
}

/** `passed by $177.54`; of a running month what is left so far. */
function budgetText(left: Cents, { report, isOver }: PageInput): string {
  const size = moneyShown(absoluteCents(left), report.invoice.edition.currency);
  const soFar = isOver ? '' : ' so far';
  if (left === 0n) return `used up${soFar}`;
  return left < 0n ? `passed by ${size}${soFar}` : `${size} left${soFar}`;
}

/** The days with usage in the data, which show how far to trust the figures. */
function coverageText({ report, filters }: PageInput): string {
  const { coverage, period } = report.invoice;
  const whose = filters.length === 0 ? '' : ', of these and all other seats';
  if (coverage === undefined) {
    return 'On which days usage lies is not known: some of it came as a usage summary.';
  }
  const { firstDay, lastDay, weekdaysWithoutUsage } = coverage;
  if (firstDay === undefined || lastDay === undefined) {
    return `The data hold no usage of ${monthName(period)}.`;
  }
  const days = `${dayName(dayText(firstDay))} to ${dayName(dayText(lastDay))}`;
  return `The data hold usage from ${days}${whose}, ${lackText(weekdaysWithoutUsage)}.`;
}

/** At most this many days are named. */
const MOST_DAYS = 5;

function lackText(days: readonly EpochDay[]): string {
  if (days.length === 0) return 'some on every day from Monday to Friday';
  const named = firstNamed(
    days.map((day) => dayName(dayText(day))),
    MOST_DAYS,
  );
  return `but none on ${countShown(days.length, 'day')} from Monday to Friday: ${named}`;
}

/** `38 of 41 seats used`. */
function shareUsed({ report }: PageInput): string {
  const { seats } = report.totals;
  return report.hasUsage
    ? `${grouped(seats - report.idle.length)} of ${countShown(seats, 'seat')} used`
    : 'no usage in the data';
}

function noComparison({ report }: PageInput): string {
  const { before } = report;
  const month = monthName(before.period);
  if ('whyNot' in before) return `There is no change against ${month} to show: ${before.whyNot}.`;
  return `${month} has no seats and no usage to compare with.`;
}

/** `$274.81 (+14.4%) more than in February 2026, mostly by upgrades ($180.00): Jonas Weber alone, ...`. */
function changeSentence(bridge: Bridge, { report }: PageInput): Markup {
  const { currency } = report.invoice.edition;
  const change = bridge.total - bridge.totalBefore;
  const month = monthName(bridge.before);
  if (bridge.steps.length === 0) return html`Unchanged from ${month}, seat by seat.`;
  if (change === 0n) return html`As much as in ${month}: what rose and what fell cancel out.`;
  const percent = percentChange(decimalOfCents(bridge.total), decimalOfCents(bridge.totalBefore));
  const size = moneyShown(absoluteCents(change), currency);
  const main = mainStep(bridge.steps, change);
  const mover = greatestMover(bridge, main);
  return html`<strong>${size}${percent === undefined ? '' : ` (${percent})`} ${change > 0n ? 'more' : 'less'}</strong> than in ${month}, mostly by ${CAUSES[main.cause].sentence} (<span class="figure">${signedMoney(main.amount, currency)}</span>)${mover === undefined ? '' : html`; <bdi>${nameOf(mover.seat)}</bdi> alone: <span class="figure">${signedMoney(causedBy(mover, main.cause), currency)}</span>`}.`;
}

/** Overage is not said to rise from nothing if nothing is known about the month before. */
function unknownOverage({ report }: PageInput): string {
  const { before, hasUsage } = report;
  if ('whyNot' in before || before.hasUsage || !hasUsage) return '';
  return ` The data hold no usage of ${monthName(before.period)}: its overage is missing from this comparison.`;
}

/** The step that accounts for most of the change, in its direction. */
function mainStep(steps: readonly BridgeStep[], change: Cents): BridgeStep {
  const along = change > 0n ? 1n : -1n;
  return greatest(steps, ({ amount }) => along * amount) as BridgeStep;
}

/** The seat that alone accounts for at least a quarter of the main cause, if there is one. */
function greatestMover({ changes }: Bridge, main: BridgeStep): SeatChange | undefined {
  const along = main.amount > 0n ? 1n : -1n;
  const ownOf = (one: SeatChange): Cents => along * causedBy(one, main.cause);
  const mover = greatest(changes, ownOf);
  return mover !== undefined && 4n * ownOf(mover) >= along * main.amount ? mover : undefined;
}

function causedBy({ causes }: SeatChange, wanted: ChangeCause): Cents {
  return causes.find(({ cause }) => cause === wanted)?.amount ?? 0n;
}
