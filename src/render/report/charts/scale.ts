import { max } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { grouped } from '../../amounts.ts';
import type { Markup } from '../markup.ts';
import { label, line } from './drawing.ts';

/** A horizontal line, with its name. */
export interface Limit {
  readonly value: number;
  readonly name: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The scale of a drawing: its labels are on the left, whole and not abbreviated. */
interface Scale {
  readonly y: ScaleLinear<number, number>;
  /** Where the labels end. */
  readonly left: number;
  readonly grid: readonly Markup[];
  /** Drawn over everything else. */
  readonly limit: readonly Markup[];
}

const CHARACTER_WIDTH = 7;
const TOP = 22;
const BOTTOM = 24;

/** A scale from zero to the highest value or the limit. */
export function scaleTo(
  values: readonly number[],
  limit: Limit | undefined,
  { width, height }: Size,
): Scale {
  const highest = max([...values, limit?.value ?? 0]);
  const y = scaleLinear([0, highest || 1], [height - BOTTOM, TOP]).nice(4);
  const ticks = y.ticks(4).map((tick) => [y(tick), tickText(tick)] as const);
  const left = Math.max(...ticks.map(([, text]) => text.length)) * CHARACTER_WIDTH + 10;
  const across = (at: number, look: string): Markup => line(left, at, width, at, look);
  return {
    y,
    left,
    grid: ticks.flatMap(([at, text]) => [
      across(at, 'grid'),
      label(text, left - 8, at + 4, 'end', 'muted-words'),
    ]),
    limit:
      limit === undefined
        ? []
        : [
            across(y(limit.value), 'limit'),
            label(limit.name, left + 6, y(limit.value) - 5, 'start', 'limit-words'),
          ],
  };
}

/** A number on the scale, whole or with its decimals. */
function tickText(tick: number): string {
  return grouped(Number(tick.toFixed(6)));
}
