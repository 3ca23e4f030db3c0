import { scaleLinear } from 'd3-scale';
import { area, line as path } from 'd3-shape';
import { html, type Markup } from '../markup.ts';
import { drawing, label } from './drawing.ts';
import { type Limit, type Size, scaleTo } from './scale.ts';

interface LineLook extends Size {
  /** The labels below the points, by the position of the point. */
  readonly labels: readonly (readonly [place: number, text: string])[];
  readonly limit?: Limit;
  /** How many points fit the whole width. */
  readonly points: number;
}

/** A line that rises from left to right, with the area below it, under a limit. */
export function risingLine(values: readonly number[], look: LineLook, alternative: string): Markup {
  const { width, height, labels, points } = look;
  const { y, left, grid, limit } = scaleTo(values, look.limit, look);
  const x = scaleLinear([0, Math.max(1, points - 1)], [left, width - 4]);
  const shape = values.map((value, index): [number, number] => [x(index), y(value)]);
  const marks = [
    ...grid,
    html`<path class="area" d="${area().y0(y(0))(shape) ?? ''}"/>`,
    html`<path class="line" d="${path()(shape) ?? ''}"/>`,
    ...labels.map(([place, text]) =>
      label(text, x(place), height - 6, anchorAt(place, points), 'muted-words'),
    ),
    ...limit,
  ];
  return drawing(width, height, alternative, marks);
}

/** Chosen so that no label is cut off at an edge. */
function anchorAt(place: number, points: number): 'start' | 'middle' | 'end' {
  if (place === 0) return 'start';
  return place === points - 1 ? 'end' : 'middle';
}
