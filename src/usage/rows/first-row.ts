import { rowEnd } from './row-end.ts';
import type { SlidingText } from './sliding-text.ts';

const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The first row of a file, which is its header. */
export interface FirstRow {
  /** The row with its line end. */
  readonly bytes: Buffer;
  /** The physical line on which it begins. */
  readonly line: number;
  /** Where the row after it begins, as a position in the text. */
  readonly end: number;
}

/**
 * Goes after the first row of a file, which `text` stands at the beginning of. Gives
 * nothing, with nothing read, where the end of that row is not near. May throw `BadInput`.
 */
export async function passFirstRow(text: SlidingText): Promise<FirstRow | undefined> {
  for (;;) {
    if (text.isFull || !(await text.fill())) return undefined;
    const { bytes } = text;
    const { start, line } = beginning(bytes.subarray(0, text.end));
    const end = rowEnd(bytes, start, text.end, COMMA);
    if (end < 0) continue;
    text.position = end;
    return { bytes: text.copy(start, end), line, end };
  }
}

/** Where the first row begins: after a byte order mark and wholly empty lines. */
function beginning(bytes: Buffer): { start: number; line: number } {
  const isMarked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  let start = isMarked ? BYTE_ORDER_MARK.length : 0;
  let line = 1;
  for (;;) {
    if (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
    else if (bytes[start] === LF) start += 1;
    else return { start, line };
    line += 1;
  }
}
