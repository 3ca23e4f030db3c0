import type { Dice } from './dice.ts';

/** How a field is written. */
export type Style = 'plain' | 'quoted' | 'spaced' | 'mixed';

/** A value as a CSV field; quoted at least where it must be. */
export function styled(dice: Dice, value: string, style: Style): string {
  const chosen = style === 'mixed' ? dice.pick(['plain', 'quoted', 'spaced'] as const) : style;
  const mustQuote = /[",\r\n]/.test(value);
  if (chosen === 'plain' && !mustQuote) return value;
  const blank = (): string => (chosen === 'spaced' ? dice.pick(['', ' ', '\t ']) : '');
  if (chosen === 'spaced' && !mustQuote && dice.oneIn(2)) return blank() + value + blank();
  return `"${blank()}${value.replaceAll('"', '""')}${blank()}"`;
}
