import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { grouped } from '../../amounts.ts';
import { html, type Markup } from '../markup.ts';
import { drawing, type Ink, label, line, rectangle } from './drawing.ts';

/** A column of stacked parts, from the bottom. */
export interface StackedColumn {
  readonly label: string;
  /** Used only to draw heights. */
  readonly parts: readonly number[];
  /** The figure over the column. */
  readonly shown?: string;
}

export interface ColumnLook {
  readonly width: number;
  readonly height: number;
  readonly inks: readonly Ink[];
  /** Every how many columns there is a label. */
  readonly labelEvery?: number;
  /** A horizontal line, with its name. */
  readonly limit?: { readonly value: number; readonly name: string };
}

const CHARACTER_WIDTH = 7;
const TOP = 22;
const BOTTOM = 24;

/** Columns side by side over a scale whose labels are not abbreviated. */
export function stackedColumns(
  columns: readonly StackedColumn[],
  look: ColumnLook,
  alternative: string,
): Markup {
  const { width, height, inks, labelEvery = 1, limit } = look;
  const highest = Math.max(
    limit?.value ?? 0,
    ...columns.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)),
  );
  const y = scaleLinear([0, highest || 1], [height - BOTTOM, TOP]).nice(4);
  const ticks = y.ticks(4);
  const left = Math.max(...ticks.map((tick) => tickText(tick).length)) * CHARACTER_WIDTH + 10;
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
  const marks = [
    ...ticks.map((tick) => line(left, y(tick), width, y(tick), 'grid')),
    ...ticks.map((tick) => label(tickText(tick), left - 8, y(tick) + 4, 'end', 'muted-words')),
    ...bars,
    ...(limit === undefined
      ? []
      : [
          line(left, y(limit.value), width, y(limit.value), 'limit'),
          label(limit.name, left + 6, y(limit.value) - 5, 'start', 'limit-words'),
        ]),
    ...columns.map((column, index) => {
      const middle = (x(index) ?? 0) + x.bandwidth() / 2;
      const top = y(column.parts.reduce((sum, part) => sum + part, 0));
      const name =
        index % labelEvery === 0
          ? label(column.label, middle, height - 6, 'middle', 'muted-words')
          : '';
      return html`${name}${column.shown === undefined ? '' : label(column.shown, middle, top - 6, 'middle')}`;
    }),
  ];
  return drawing(width, height, alternative, marks);
}

/** A number on the scale, whole or with its decimals. */
function tickText(tick: number): string {
  return grouped(String(Number(tick.toFixed(6))));
}
