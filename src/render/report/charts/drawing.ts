import { type Content, html, type Markup } from '../markup.ts';

/** What a mark in a drawing means: one of the page's colors, and where needed a pattern. */
export type Ink = 'accent' | 'accent-soft' | 'overage' | 'alarm' | 'up' | 'down' | 'muted';

/** A drawing that scales to its box. `alternative` describes what it shows. */
export function drawing(
  width: number,
  height: number,
  alternative: string,
  marks: readonly Markup[],
): Markup {
  return html`<svg role="img" aria-label="${alternative}" viewBox="0 0 ${width} ${height}">${marks}</svg>`;
}

/** A rectangle; overage is hatched, so that it differs from a subscription without color. */
export function rectangle(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  ink: Ink,
): Markup {
  const box = html`x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return html`<rect class="${ink}" ${box}/>${hatchOver(ink, box)}`;
}

/** A text; `anchor` says which of its ends is at `x`. */
export function label(
  text: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  look = 'words',
): Markup {
  return html`<text class="${look}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${text}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, look: string): Markup {
  return html`<line class="${look}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

/** The meaning of an ink, under a drawing. */
export function legendItem(ink: Ink, text: string): Markup {
  return html`<span><span class="key ${ink}"></span>${text}</span>`;
}

/** A bar in a table cell: its parts, each as a share of the table's longest bar. */
export function cellBar(parts: readonly (readonly [ink: Ink, share: number])[]): Markup {
  let from = 0;
  const marks = parts.map(([ink, share]) => {
    const mark = barPart(from, Math.max(0, share * 100), ink);
    from += share * 100;
    return mark;
  });
  return html`<svg class="bar" aria-hidden="true">${marks}</svg>`;
}

/** A part of a bar, in percent of its cell: its pattern keeps its shape at every width. */
export function barPart(from: number, length: number, ink: Ink): Markup {
  const box = html`x="${round(from)}%" width="${round(length)}%" height="100%"`;
  return html`<rect class="${ink}" ${box}/>${hatchOver(ink, box)}`;
}

function hatchOver(ink: Ink, box: Markup): Content {
  return ink === 'overage' ? html`<rect class="hatch" ${box}/>` : '';
}

/** Two decimals are finer than a screen. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
