/** Bytes that end rows and hold fields together. */
export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;

/** Where in a row of CSV a reader is. */
export const FIELD_START = 0;
export const PLAIN = 1;
export const QUOTED = 2;
const QUOTE_IN_QUOTED = 3;
export const CR_SEEN = 4;
/** After a bad quote nothing is certain; the row is assumed to end with its line. */
export const BROKEN = 5;
export const ROW_END = 6;

/** The state after a byte. */
export function stateAfter(byte: number, state: number, delimiter: number): number {
  if (state === QUOTED) return byte === QUOTE ? QUOTE_IN_QUOTED : QUOTED;
  if (byte === LF) return ROW_END;
  if (state === BROKEN) return BROKEN;
  if (byte === QUOTE) return state === FIELD_START || state === QUOTE_IN_QUOTED ? QUOTED : BROKEN;
  if (byte === delimiter) return FIELD_START;
  if (byte === CR) return CR_SEEN;
  return state === QUOTE_IN_QUOTED ? BROKEN : PLAIN;
}

/**
 * Where the row that begins at `from` ends: the position after its line feed, or -1 if it does not
 * end before `to`.
 */
export function rowEnd(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
  let state = FIELD_START;
  for (let position = from; position < to; position += 1) {
    state = stateAfter(bytes[position] as number, state, delimiter);
    if (state === ROW_END) return position + 1;
  }
  return -1;
}

/** How many line feeds there are in `[from, to)`. */
export function lineFeeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let position = from; position < to; position += 1) {
    if (bytes[position] === LF) count += 1;
  }
  return count;
}
