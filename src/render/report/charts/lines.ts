import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { area, line as path } from 'd3-shape';
import { grouped } from '../../amounts.ts';
import { html, type Markup } from '../markup.ts';
import { drawing, label, line } from './drawing.ts';

export interface LineLook {
  readonly width: number;
  readonly height: number;
  /** The labels below the points, by the position of the point. */
  readonly labels: readonly (readonly [place: number, text: string])[];
  readonly limit?: { readonly value: number; readonly name: string };
  /** How many points fit the whole width. */
  readonly points: number;
}

const CHARACTER_WIDTH = 7;

/** A line that rises from left to right, with the area below it, under a limit. */
export function risingLine(
  values: readonly number[],
  { width, height, labels, limit, points }: LineLook,
  alternative: string,
): Markup {
  const [, highest = 0] = extent([...values, limit?.value ?? 0]);
  const y = scaleLinear([0, highest || 1], [height - 24, 22]).nice(4);
  const ticks = y.ticks(4);
  const texts = ticks.map((tick) => grouped(String(tick)));
  const left = Math.max(...texts.map((text) => text.length)) * CHARACTER_WIDTH + 10;
  const x = scaleLinear([0, Math.max(1, points - 1)], [left, width - 4]);
  const shape = values.map((value, index): [number, number] => [x(index), y(value)]);
  const marks = [
    ...ticks.map((tick) => line(left, y(tick), width, y(tick), 'grid')),
    ...ticks.map((tick, index) =>
      label(texts[index] as string, left - 8, y(tick) + 4, 'end', 'muted-words'),
    ),
    html`<path class="area" d="${area().y0(y(0))(shape) ?? ''}"/>`,
    html`<path class="line" d="${path()(shape) ?? ''}"/>`,
    ...labels.map(([place, text]) =>
      label(text, x(place), height - 6, anchorAt(place, points), 'muted-words'),
    ),
    ...(limit === undefined
      ? []
      : [
          line(left, y(limit.value), width, y(limit.value), 'limit'),
          label(limit.name, left + 6, y(limit.value) - 5, 'start', 'limit-words'),
        ]),
  ];
  return drawing(width, height, alternative, marks);
}

/** Chosen so that no label is cut off at an edge. */
function anchorAt(place: number, points: number): 'start' | 'middle' | 'end' {
  if (place === 0) return 'start';
  return place === points - 1 ? 'end' : 'middle';
}
