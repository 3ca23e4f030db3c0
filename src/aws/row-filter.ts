/**
 * Lets only those rows of a CSV through that hold some bytes, without taking any row
 * apart: of a bill's millions of rows few are Kiro's. A line end inside quotes ends no
 * row, which the parity of the quotes tells; one pass over the bytes does it, and the
 * search for the wanted bytes is the platform's own.
 */

/** A row with its line end, and the physical line, from 1, on which it begins. */
export interface FilteredRow {
  readonly line: number;
  readonly bytes: Buffer;
}

const LF = 0x0a;
const QUOTE = 0x22;
const NOTHING = Buffer.alloc(0);
/** No row of a bill is longer: behind a quote that is never closed the rest is one row. */
export const MAX_ROW_BYTES = 16 * 1024 * 1024;

/** How far the scan of the text has come. */
interface Cursor {
  position: number;
  isQuoted: boolean;
  line: number;
}

/**
 * Moves the cursor behind the next line end that ends a row; false where none is left. A
 * function of its own, without private fields: so the engine makes one tight loop of it.
 */
function passRow(bytes: Buffer, cursor: Cursor): boolean {
  const { length } = bytes;
  let { position, isQuoted, line } = cursor;
  let isFound = false;
  while (position < length && !isFound) {
    const byte = bytes[position] as number;
    position += 1;
    // Nearly all bytes are beyond both, so one comparison is all that they cost.
    if (byte > QUOTE) continue;
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LF) {
      line += 1;
      isFound = !isQuoted;
    }
  }
  cursor.position = position;
  cursor.isQuoted = isQuoted;
  cursor.line = line;
  return isFound;
}

export class RowFilter {
  readonly #needle: Buffer;
  readonly #cursor: Cursor = { position: 0, isQuoted: false, line: 1 };
  #held: Buffer = NOTHING;
  #rowLine = 1;
  #rowCount = 0;
  /** The header and the row behind it, which tells the month of the file, come through in any case. */
  #unconditional = 2;

  constructor(needle: string) {
    this.#needle = Buffer.from(needle);
  }

  /** How many rows have ended so far, whether they came through or not. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Whether the text so far ends inside quotes. */
  get isQuoted(): boolean {
    return this.#cursor.isQuoted;
  }

  /** The line on which the row that has not ended yet begins. */
  get openLine(): number {
    return this.#rowLine;
  }

  /** How long the row that has not ended yet is so far. */
  get openBytes(): number {
    return this.#held.length;
  }

  /** The rows that end in `chunk` and hold the bytes, and the first two of the file. */
  push(chunk: Buffer): FilteredRow[] {
    const cursor = this.#cursor;
    const rows: FilteredRow[] = [];
    cursor.position = 0;
    let start = 0;
    if (this.#held.length > 0) {
      const isEnded = passRow(chunk, cursor);
      start = cursor.position;
      this.#held = Buffer.concat([this.#held, chunk.subarray(0, start)]);
      if (!isEnded) return rows;
      const { length } = this.#held;
      this.#take(rows, this.#held, 0, length, this.#held.includes(this.#needle));
    }
    let hit = this.#next(chunk, start);
    while (passRow(chunk, cursor)) {
      const end = cursor.position;
      this.#take(rows, chunk, start, end, hit < end);
      if (hit < end) hit = this.#next(chunk, end);
      start = end;
    }
    this.#held = start === chunk.length ? NOTHING : chunk.subarray(start);
    return rows;
  }

  /** Ends the row at `[start, end)`, and keeps it where it is wanted. */
  #take(rows: FilteredRow[], bytes: Buffer, start: number, end: number, isHit: boolean): void {
    if (isHit || this.#unconditional > 0) {
      rows.push({ line: this.#rowLine, bytes: bytes.subarray(start, end) });
      if (end - start > 2) this.#unconditional -= 1;
    }
    this.#rowLine = this.#cursor.line;
    this.#rowCount += 1;
  }

  /** Where the wanted bytes stand next; behind the end where they do not. */
  #next(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(this.#needle, from);
    return found < 0 ? bytes.length : found;
  }

  /** The last row, where no line end follows it: whatever it holds, as it may be cut off. */
  end(): FilteredRow[] {
    if (this.#held.length === 0) return [];
    return [{ line: this.#rowLine, bytes: this.#held }];
  }
}
