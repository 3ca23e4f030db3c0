import { sum } from 'd3-array';
import { scaleBand } from 'd3-scale';
import { stack } from 'd3-shape';
import { html, type Markup } from '../markup.ts';
import { drawing, type Ink, label, rectangle } from './drawing.ts';
import { type Limit, type Size, scaleTo } from './scale.ts';

/** A column of stacked parts, from the bottom. */
interface StackedColumn {
  readonly label: string;
  /** Used only to draw heights. */
  readonly parts: readonly number[];
  /** The figure over the column. */
  readonly shown?: string;
}

interface ColumnLook extends Size {
  readonly inks: readonly Ink[];
  readonly limit?: Limit;
}

const TEXT_HEIGHT = 12;

/** Columns side by side over a scale. */
export function stackedColumns(
  columns: readonly StackedColumn[],
  look: ColumnLook,
  alternative: string,
): Markup {
  const { width, height, inks } = look;
  const heights = columns.map(({ parts }) => sum(parts));
  const { y, left, grid, limit } = scaleTo(heights, look.limit, look);
  const line = look.limit && y(look.limit.value);
  const x = scaleBand(
    columns.map((_, index) => index),
    [left, width],
  ).padding(0.28);
  const layers = stack<StackedColumn, number>()
    .keys(inks.map((_, index) => index))
    .value(({ parts }, index) => parts[index] ?? 0)([...columns]);
  const bars = layers.flatMap((layer, part) =>
    layer.map(([from, to], index) => {
      const ink = inks[part] as Ink;
      const box = { x: x(index) ?? 0, y: y(to), width: x.bandwidth(), height: y(from) - y(to) };
      return to > from ? rectangle(box, ink) : html``;
    }),
  );
  const texts = columns.map(({ label: name, shown = '' }, index) => {
    const middle = (x(index) ?? 0) + x.bandwidth() / 2;
    const over = y(heights[index] ?? 0) - 6;
    // The line of the limit must not strike a figure through.
    const isStruck = line !== undefined && over - TEXT_HEIGHT < line && line < over + 4;
    const at = isStruck ? line - 5 : over;
    return html`${label(name, middle, height - 6, 'middle', 'muted-words')}${shown && label(shown, middle, at, 'middle')}`;
  });
  return drawing(width, height, alternative, [...grid, ...bars, ...limit, ...texts]);
}
