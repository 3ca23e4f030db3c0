import { scaleLinear } from 'd3-scale';
import type { Bridge, SeatChange } from '../../domain/bridge.ts';
import type { Cents } from '../../domain/money.ts';
import { countShown } from '../amounts.ts';
import { CAUSES, signedMoney } from './answer.ts';
import { barPart } from './charts/drawing.ts';
import { amount, count, monthName, numberCell, signed } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { type Names, nameOf } from './names.ts';
import type { PageInput } from './page-input.ts';

const MOST_MOVERS = 10;

/** Why the total changed: the bridge from month to month, and the seats that changed it most. */
export function changeSection(input: PageInput, names: Names): Markup {
  const { bridge } = input;
  if (bridge === undefined || bridge.steps.length === 0) return html``;
  return html`<section id="change">
<h2 id="change-title">Why it changed</h2>
<div class="pair">
<div>${bridgeTable(bridge, input)}</div>
<div>${moversTable(bridge, input, names)}</div>
</div>
</section>
`;
}

/** From total to total: each cause adds its amount, and the last row is their sum. */
function bridgeTable(bridge: Bridge, { report }: PageInput): Markup {
  const spans = spansOf(bridge);
  const before = monthName(bridge.before);
  const now = monthName(report.invoice.period);
  const rows = bridge.steps.map(
    ({ cause, amount: cents, seats }, index) =>
      html`<tr><th scope="row">${CAUSES[cause].step}<small>${countShown(seats, 'seat')}</small></th>${numberCell(signed(amount(cents)))}<td class="drawn">${bar(spans[index + 1] as Span)}</td></tr>
`,
  );
  return html`<table class="bridge">
<caption>From ${before} to ${now}, in ${report.invoice.edition.currency}; the bars show the way, not whole totals</caption>
<thead><tr><th scope="col">Cause</th><th scope="col" class="n">Amount</th><td class="drawn"></td></tr></thead>
<tbody>
<tr class="end"><th scope="row">${before}</th>${numberCell(amount(bridge.totalBefore))}<td class="drawn">${bar(spans[0] as Span)}</td></tr>
${rows}</tbody>
<tfoot><tr><th scope="row">${now}</th>${numberCell(amount(bridge.total))}<td class="drawn">${bar(spans.at(-1) as Span)}</td></tr></tfoot>
</table>`;
}

/** Where a bar begins and ends, in hundredths of the highest total along the bridge. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly ink: 'accent' | 'up' | 'down';
}

/** The bars of all rows; only their lengths are floating point. */
function spansOf({ totalBefore, steps, total }: Bridge): Span[] {
  let reached = totalBefore;
  const levels: [from: Cents, to: Cents][] = [[0n, totalBefore]];
  for (const { amount: cents } of steps) {
    levels.push([reached, reached + cents]);
    reached += cents;
  }
  levels.push([0n, total]);
  const on = scaleLinear(shownRange(levels.slice(1, -1).flat().map(Number)), [0, 100]).clamp(true);
  return levels.map(([from, to], index) => ({
    from: on(Number(from)),
    to: on(Number(to)),
    ink: index === 0 || index === levels.length - 1 ? 'accent' : to >= from ? 'up' : 'down',
  }));
}

/**
 * From zero if the changes are large; else from slightly below the lowest total along the bridge,
 * so that they are visible.
 */
function shownRange(levels: readonly number[]): [number, number] {
  const [lowest, highest] = [Math.min(...levels), Math.max(...levels)];
  return [Math.max(0, lowest - (highest - lowest)), Math.max(highest, 1)];
}

function bar({ from, to, ink }: Span): Markup {
  const part = barPart(Math.min(from, to), Math.max(0.8, Math.abs(to - from)), ink);
  return html`<svg class="bar" aria-hidden="true">${part}</svg>`;
}

function moversTable({ changes }: Bridge, input: PageInput, names: Names): Markup {
  const shown = changes.filter(({ change }) => change !== 0n).slice(0, MOST_MOVERS);
  if (shown.length === 0) return html``;
  const rest = changes.length - shown.length;
  return html`<table class="movers">
<caption>${changes.length > shown.length ? `The ${count(shown.length)} greatest of ${count(changes.length)} changes` : 'Each seat that changed'}</caption>
<thead><tr><th scope="col">User</th><th scope="col">Why</th><th scope="col" class="n">Change</th></tr></thead>
<tbody>
${shown.map((one) => moverRow(one, input, names))}</tbody>
</table>
${rest > 0 ? html`<p class="note">${count(rest)} smaller changes are in the bridge.</p>` : ''}`;
}

function moverRow(one: SeatChange, { report }: PageInput, names: Names): Markup {
  const { currency } = report.invoice.edition;
  return html`<tr><th scope="row">${nameOf(one.seat)}<small>${names.profile(one.seat.profile.profileId)}</small></th><td>${why(one, currency)}</td>${numberCell(signed(amount(one.change)))}</tr>
`;
}

/** `Pro to Power +$180.00, overage +$12.50`. */
function why({ causes, tierBefore, tier }: SeatChange, currency: string): Content {
  return causes.map(({ cause, amount: cents }, index) => {
    const isTier = cause === 'upgrade' || cause === 'downgrade';
    const what = isTier ? `${tierBefore} to ${tier}` : SEAT_CAUSES[cause](tier ?? tierBefore ?? '');
    if (causes.length === 1) return what;
    return html`${index === 0 ? '' : ', '}${what} <span class="figure">${signedMoney(cents, currency)}</span>`;
  });
}

const SEAT_CAUSES = {
  'new-seat': (tier: string) => `new: ${tier}`,
  ended: (tier: string) => `ended: ${tier}`,
  'first-month': () => 'full after a first month',
  overage: () => 'overage',
  prices: () => 'other prices',
} as const;
