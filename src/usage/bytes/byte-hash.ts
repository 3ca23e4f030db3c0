/** The hash of a key's bytes: one step for each four of them, the last with zero to three. */
export function hashOf(view: DataView, start: number, end: number): number {
  let hash = 0;
  let position = start;
  for (const stop = end - 3; position < stop; position += 4) {
    hash = hashStep(hash, view.getInt32(position, true));
  }
  return hashStep(hash, tailOf(view, position, end));
}

export function hashStep(hash: number, word: number): number {
  return Math.imul(((hash << 5) | (hash >>> 27)) ^ word, 0x9e3779b1);
}

/** The last zero to three bytes of a key, as an int filled up with NULs. */
export function tailOf(view: DataView, position: number, end: number): number {
  return view.getInt32(position, true) & ~(-1 << ((end - position) << 3));
}
