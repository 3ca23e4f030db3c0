import { compare, type Decimal, isPositive, unitsAt } from '../domain/decimal.ts';
import type { TableCell } from './block-table.ts';
import type { Paint, Palette } from './palette.ts';

/** How far a seat is into its allowance. */
type UsageLevel = 'low' | 'high' | 'over';

/** From this share of the allowance on, in percent, a seat is highlighted. */
const HIGH_PERCENT = 80n;

interface Usage {
  /** `62`: whole percent of the allowance, cut and not rounded, so that 100 is the whole. */
  readonly percent: bigint;
  readonly level: UsageLevel;
  /** Nothing was used at all. */
  readonly isNone: boolean;
  /** `62%`, `<1%`, `>100%` where 100 % is exceeded by less than one. */
  readonly text: string;
}

/** Credits used as a share of the allowance; `undefined` without an allowance (O1). */
export function usageOf(used: Decimal, allowance: Decimal): Usage | undefined {
  if (allowance.units <= 0n) return undefined;
  const scale = Math.max(used.scale, allowance.scale);
  const percent = (100n * unitsAt(used, scale)) / unitsAt(allowance, scale);
  const over = compare(used, allowance) > 0;
  const level = over ? 'over' : percent >= HIGH_PERCENT ? 'high' : 'low';
  return { percent, level, isNone: used.units === 0n, text: percentText(percent, used, over) };
}

function percentText(percent: bigint, used: Decimal, over: boolean): string {
  if (percent === 0n && used.units > 0n) return '<1%';
  if (percent === 100n && over) return '>100%';
  return percent > 999n ? '>999%' : `${percent}%`;
}

const PERCENT_WIDTH = 5;

/**
 * `████░░░░   62%`: `cells` columns of bar, a space, and the percent in five. Beyond the
 * allowance the bar ends in `»`, which is visible without color too.
 */
export function usageBar(usage: Usage, cells: number): string {
  return `${bar(usage, cells)} ${usage.text.padStart(PERCENT_WIDTH)}`;
}

function bar({ percent, level, isNone }: Usage, cells: number): string {
  if (level === 'over') return `${'█'.repeat(cells - 1)}»`;
  const full = Number((percent * BigInt(cells)) / 100n);
  const started = full === 0 && !isNone ? 1 : full;
  return '█'.repeat(started) + '░'.repeat(cells - started);
}

/** Marks a usage bar with unbilled credits, so that they are seen without color too. */
export const UNBILLED_FLAG = '!';

/** Near the allowance and beyond it; the rest is neutral. */
const LEVEL_PAINTS: Readonly<Partial<Record<UsageLevel, (palette: Palette) => Paint>>> = {
  high: ({ near }) => near,
  over: ({ overage }) => overage,
};

/** Credits as a bar of `cells` columns against the allowance, flagged where some are unbilled (O1, O5). */
export function usageCell(
  used: Decimal,
  allowance: Decimal,
  unbilled: Decimal,
  { cells, palette }: { readonly cells: number; readonly palette: Palette },
): TableCell {
  const isUnbilled = isPositive(unbilled);
  const flag = isUnbilled ? ` ${UNBILLED_FLAG}` : '';
  const usage = usageOf(used, allowance);
  if (usage === undefined) return { text: `–${flag}`, paint: palette.alarm };
  const neutral = usage.isNone ? palette.idle : LEVEL_PAINTS[usage.level]?.(palette);
  return {
    text: `${usageBar(usage, cells)}${flag}`,
    paint: isUnbilled ? palette.alarm : neutral,
  };
}
