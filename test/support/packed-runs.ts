/** Numbers in Parquet's packed encoding, as a page stores its levels and positions. */

/** A run: a number so many times, or groups of eight numbers. */
export type Run =
  | { readonly count: number; readonly value: number }
  | { readonly packed: number[] };

export function bytesOfRuns(runs: readonly Run[], width: number): Uint8Array {
  return Uint8Array.from(
    runs.flatMap((run) => {
      if ('count' in run) return [...header(run.count * 2), ...numberBytes(run.value, width)];
      const groups = Math.ceil(run.packed.length / 8);
      const bits = run.packed.map((value) => value.toString(2).padStart(width, '0'));
      const all = [...bits]
        .reverse()
        .join('')
        .padStart(groups * 8 * width, '0');
      const bytes = all.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
      return [...header(groups * 2 + 1), ...bytes.reverse()];
    }),
  );
}

function header(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) + 128, ...header(Math.floor(number / 128))];
}

function numberBytes(value: number, width: number): number[] {
  return Array.from(
    { length: Math.ceil(width / 8) },
    (_, at) => Math.floor(value / 256 ** at) % 256,
  );
}
