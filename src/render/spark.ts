/** From the lowest to the highest. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOTHING = '·';

/**
 * Amounts on one scale as a row of small bars, `▂▅█·▇`, the highest of them at full height;
 * a dot for none and for less than none.
 */
export function sparkBar(amounts: readonly bigint[]): string {
  const highest = [...amounts].sort((a, b) => Number(b - a))[0] ?? 0n;
  return amounts
    .map((amount) => {
      if (amount <= 0n) return NOTHING;
      const level = (amount * BigInt(BARS.length) - 1n) / highest;
      return BARS[Number(level)] ?? '█';
    })
    .join('');
}
