/**
 * Compares two texts by the bytes of their UTF-8 form, the order in which all rows are
 * sorted. It is the order of code points, which differs from the order of `<` only
 * where one side has a surrogate pair.
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Compares as many keys by the bytes of the first that differs. */
export function compareKeys(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((key, at) => key !== b[at]);
  return index < 0 ? 0 : compareBytes(a[index] as string, b[index] as string);
}

/** The entries of a map, in the order of the bytes of their keys. */
export function byKeys<Value>(
  entries: Iterable<readonly [string, Value]>,
): (readonly [string, Value])[] {
  return [...entries].sort(([a], [b]) => compareBytes(a, b));
}

/** Orders surrogates (code points above U+FFFF) after all other 16-bit units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
