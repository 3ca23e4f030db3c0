const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

const FIELD_START = 0;
const PLAIN = 1;
const QUOTED = 2;
const QUOTE_IN_QUOTED = 3;
const BROKEN = 4;

/**
 * Where the row that begins at `from` ends: the position after its line feed, or -1 if it does not
 * end before `to`. These are the rules of `CsvFramer`, byte by byte, for the few rows that the
 * kernel does not accept.
 */
export function rowEnd(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
  let state = FIELD_START;
  for (let position = from; position < to; position += 1) {
    const byte = bytes[position] as number;
    if (byte === QUOTE) {
      if (state === FIELD_START || state === QUOTE_IN_QUOTED) state = QUOTED;
      else state = state === QUOTED ? QUOTE_IN_QUOTED : BROKEN;
    } else if (state !== QUOTED) {
      if (byte === LF) return position + 1;
      if (state !== BROKEN) state = stateAfter(byte, state, delimiter);
    }
  }
  return -1;
}

/** The state after a byte outside quotes that is not a quote and does not end the row. */
function stateAfter(byte: number, state: number, delimiter: number): number {
  if (byte === delimiter) return FIELD_START;
  return state === QUOTE_IN_QUOTED && byte !== CR ? BROKEN : PLAIN;
}

/** How many line feeds there are in `[from, to)`. */
export function lineFeeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let position = from; position < to; position += 1) {
    if (bytes[position] === LF) count += 1;
  }
  return count;
}
