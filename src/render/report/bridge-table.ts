import { scaleLinear } from 'd3-scale';
import type { Cents } from '../../domain/money.ts';
import { barPart } from './charts/drawing.ts';
import { amount, numberCell, signed } from './figures.ts';
import { html, type Markup } from './markup.ts';

export interface BridgeRow {
  readonly label: string;
  /** The small text under the label. */
  readonly detail?: string;
  readonly amount: Cents;
}

/** The way from one total to another: the steps between them add up to the difference. */
export interface BridgeRows {
  readonly caption: string;
  readonly heading: string;
  readonly from: BridgeRow;
  readonly steps: readonly BridgeRow[];
  readonly to: BridgeRow;
}

/** A bridge as a table, with a bar beside each amount. */
export function bridgeTable(bridge: BridgeRows): Markup {
  const { caption, heading, from, steps, to } = bridge;
  const [first, ...others] = spansOf(bridge);
  return html`<table class="bridge">
<caption>${caption}; the bars show the way, not whole totals</caption>
<thead><tr><th scope="col">${heading}</th><th scope="col" class="n">Amount</th><td class="drawn"></td></tr></thead>
<tbody>
<tr class="end">${cells(from, amount(from.amount), first)}</tr>
${steps.map((step, index) => html`<tr>${cells(step, signed(amount(step.amount)), others[index])}</tr>\n`)}</tbody>
<tfoot><tr>${cells(to, amount(to.amount), others.at(-1))}</tr></tfoot>
</table>`;
}

function cells({ label, detail }: BridgeRow, figure: string, span: Span | undefined): Markup {
  const small = detail === undefined ? '' : html`<small>${detail}</small>`;
  return html`<th scope="row">${label}${small}</th>${numberCell(figure)}<td class="drawn">${span && bar(span)}</td>`;
}

/** Where a bar begins and ends, in hundredths of the highest total along the bridge. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly ink: 'accent' | 'up' | 'down';
}

/** The bars of all rows; only their lengths are floating point. */
function spansOf({ from, steps, to }: BridgeRows): Span[] {
  let reached = from.amount;
  const between = steps.map((step): [from: Cents, to: Cents] => {
    const before = reached;
    reached += step.amount;
    return [before, reached];
  });
  const levels = [from.amount, ...between.map(([, end]) => end)].map(Number);
  const on = scaleLinear(shownRange(levels), [0, 100]).clamp(true);
  const total = ({ amount: cents }: BridgeRow): Span => {
    return { from: 0, to: on(Number(cents)), ink: 'accent' };
  };
  return [
    total(from),
    ...between.map(([start, end]): Span => {
      return { from: on(Number(start)), to: on(Number(end)), ink: end >= start ? 'up' : 'down' };
    }),
    total(to),
  ];
}

/**
 * From zero if the changes are large; else from slightly below the lowest total along the bridge,
 * so that they are visible.
 */
function shownRange(levels: readonly number[]): [number, number] {
  const [lowest, highest] = [Math.min(...levels), Math.max(...levels)];
  const margin = highest - lowest;
  return [margin === 0 ? 0 : Math.max(0, lowest - margin), Math.max(highest, 1)];
}

function bar({ from, to, ink }: Span): Markup {
  const part = barPart(Math.min(from, to), Math.max(0.8, Math.abs(to - from)), ink);
  return html`<svg class="bar" aria-hidden="true">${part}</svg>`;
}
