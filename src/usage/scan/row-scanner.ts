import { instantFromText, NANOS_PER_SECOND } from '../../domain/instant.ts';
import { hashOf, hashStep } from '../bytes/byte-hash.ts';
import { CreditReader } from '../bytes/credit-bytes.ts';
import { fieldText } from '../bytes/field-text.ts';
import { InstantReader, USUAL_INSTANT_BYTES } from '../bytes/instant-bytes.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import { lineFeeds, rowEnd } from './row-end.ts';

/** Rows scanned at once: few enough that they and their values stay in the nearest cache. */
export const ROWS_AT_ONCE = 256;
/** In a row of this length no field can be over the limit; longer ones are looked at closely. */
const LONGEST_ROW_BYTES = 64 * 1024;

const NUL = 0x00;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Ints of a row in `values`: these, then four of each wanted field. */
const ROW_LINE = 0;
const ROW_START = 1;
const ROW_END = 2;
const ROW_LEFT = 3;
const ROW_INTS = 4;
const FIELD_INTS = 4;

const SKIPPED = 0;
const TEXT = 1;
const KEY = 2;
/** From here on a field must not be blank. */
const INSTANT = 3;
const CREDITS = 4;
const OPTIONAL_CREDITS = 5;
const KINDS = {
  text: TEXT,
  key: KEY,
  instant: INSTANT,
  credits: CREDITS,
  'optional credits': OPTIONAL_CREDITS,
};

/*
 * Four bytes are looked at together, as one int. A byte is special if it is below '-', that
 * is the comma, the quote, all control characters and a few signs, or not ASCII: its high
 * bit is then set. Only the lowest such bit counts, as a borrow may set others above it.
 */
const HIGH_BITS = 0x80808080 | 0;
const SPECIAL_BELOW = 0x2d2d2d2d;
/** Within quotes only what is below '#' can matter. */
const SPECIAL_IN_QUOTES_BELOW = 0x23232323;

const SECONDS_PER_DAY = 86_400;

/**
 * A column whose fields are wanted, and as what. The four ints of a field are, for
 * - `text`: its start and end in the text, quotes and spaces included;
 * - `key`: the same, and the `hashOf` of these bytes;
 * - `instant`: the UTC day since 1970, the second of the day, the nanoseconds;
 * - `credits`: the whole, billionths, rest and places of a `CreditReader`;
 * - `optional credits`: the same, all 0 for a blank field.
 */
export interface WantedField {
  readonly column: number;
  readonly as: keyof typeof KINDS;
}

/**
 * Finds the rows in a text and reads their wanted fields: what `CsvFramer`, csv-parse and
 * the field parsers would find. Rows that it cannot read, those with a defect among them,
 * are left: only where they begin and end is told.
 *
 * After `scan` there are the rows from 0 to `count` - 1. The ints of the n-th of the wanted
 * fields stand in `values` at `row * stride + fieldAt(n)`.
 */
export class RowScanner {
  readonly values: Int32Array;
  readonly stride: number;
  /** The rows of the last `scan`. */
  count = 0;
  /** The physical line on which the next row begins; to be set where reading does not begin with line 1. */
  nextLine = 1;
  #firstLine = 1;
  /** By column: as what its fields are wanted, and where in a row's ints theirs stand. */
  readonly #kinds: Int32Array;
  readonly #offsets: Int32Array;
  readonly #instant = new InstantReader();
  readonly #credits = new CreditReader();
  /** The line feeds within quotes of the row at hand. */
  #quotedNewlines = 0;

  /** `columns`: how many the header has. */
  constructor(columns: number, wanted: readonly WantedField[]) {
    this.stride = ROW_INTS + FIELD_INTS * wanted.length;
    this.values = new Int32Array(this.stride * ROWS_AT_ONCE);
    this.#kinds = new Int32Array(columns).fill(SKIPPED);
    this.#offsets = new Int32Array(columns);
    for (const [index, { column, as }] of wanted.entries()) {
      this.#kinds[column] = KINDS[as];
      this.#offsets[column] = fieldAt(index);
    }
  }

  /** The first row from `row` on that the scanner has left, or the number of rows. */
  nextLeft(row: number): number {
    let next = row;
    while (next < this.count && !this.isLeft(next)) next += 1;
    return next;
  }

  /** Whether the scanner has left a row. */
  isLeft(row: number): boolean {
    return this.values[row * this.stride + ROW_LEFT] !== 0;
  }

  /** The physical line on which a row begins. */
  lineOf(row: number): number {
    return this.#firstLine + (this.values[row * this.stride + ROW_LINE] as number);
  }

  startOf(row: number): number {
    return this.values[row * this.stride + ROW_START] as number;
  }

  /** Where a row ends, behind its line end. */
  endOf(row: number): number {
    return this.values[row * this.stride + ROW_END] as number;
  }

  /**
   * Reads the next rows of `[from, to)`, where `from` is the beginning of a row and `to`
   * lies behind a line feed; gives the position behind them. No rows: the one that begins
   * there does not end before `to`. `isUtf8`: whether the whole of `[from, to)` is UTF-8;
   * `mostRows`: how many may be read at most.
   *
   * One long function, as every call out of this loop would show in the time that it takes.
   */
  scan(text: ScanText, from: number, to: number, isUtf8: boolean, mostRows = ROWS_AT_ONCE): number {
    const { values, stride } = this;
    const { bytes, view } = text;
    const kinds = this.#kinds;
    const offsets = this.#offsets;
    const instant = this.#instant;
    const credits = this.#credits;
    const columns = kinds.length;
    const full = stride * mostRows;
    let line = 0;
    let out = 0;
    let rowStart = from;
    while (out < full && rowStart < to) {
      let position = rowStart;
      let byte = bytes[position] as number;
      if (byte === LF || (byte === CR && bytes[position + 1] === LF)) {
        line += 1;
        rowStart += byte === LF ? 1 : 2;
        continue;
      }
      let field = 0;
      /** Behind the row, once it is read to its end. */
      let next = -1;
      while (field < columns) {
        const kind = kinds[field] as number;
        const at = out + (offsets[field] as number);
        const start = position;
        if (bytes[start] === QUOTE && kind < INSTANT && isUtf8) {
          position = plainQuotedEnd(view, start);
          if (kind !== SKIPPED) {
            values[at] = start;
            values[at + 1] = position;
            if (kind === KEY) values[at + 2] = hashOf(view, start, position);
          }
        } else if (kind === KEY) {
          let hash = 0;
          let word = view.getInt32(position, true);
          let special = ((word - SPECIAL_BELOW) | word) & HIGH_BITS;
          while (special === 0) {
            hash = hashStep(hash, word);
            position += 4;
            word = view.getInt32(position, true);
            special = ((word - SPECIAL_BELOW) | word) & HIGH_BITS;
          }
          const tailBits = lowestBit(special) - 7;
          position += tailBits >> 3;
          values[at] = start;
          values[at + 1] = position;
          values[at + 2] = hashStep(hash, word & ~(-1 << tailBits));
        } else if (kind === INSTANT) {
          if (instant.readUsual(view, start)) {
            position += USUAL_INSTANT_BYTES;
            values[at] = instant.day;
            values[at + 1] = instant.second;
            values[at + 2] = 0;
          }
        } else if (kind >= CREDITS) {
          position = credits.readUsual(bytes, start);
          values[at] = credits.whole;
          values[at + 1] = credits.billionths;
          values[at + 2] = credits.rest;
          values[at + 3] = credits.places;
        } else {
          let word = view.getInt32(position, true);
          let special = ((word - SPECIAL_BELOW) | word) & HIGH_BITS;
          while (special === 0) {
            position += 4;
            word = view.getInt32(position, true);
            special = ((word - SPECIAL_BELOW) | word) & HIGH_BITS;
          }
          position += lowestBit(special) >> 3;
          if (kind === TEXT) {
            values[at] = start;
            values[at + 1] = position;
          }
        }
        byte = bytes[position] as number;
        const isEnd = byte === COMMA || byte === LF || (byte === CR && bytes[position + 1] === LF);
        if (!isEnd || (position === start && kind >= INSTANT)) {
          position = this.#readUnusual(text, kind, at, start, to, isUtf8);
          if (position < 0) break;
          byte = bytes[position] as number;
        }
        field += 1;
        position += 1;
        if (byte !== COMMA) {
          next = byte === LF ? position : position + 1;
          break;
        }
      }
      if (next >= 0 && field === columns && next - rowStart <= LONGEST_ROW_BYTES) {
        values[out + ROW_LEFT] = 0;
        values[out + ROW_LINE] = line;
        line += 1 + this.#quotedNewlines;
      } else {
        next = rowEnd(bytes, rowStart, to);
        if (next < 0) break;
        values[out + ROW_LEFT] = 1;
        values[out + ROW_LINE] = line;
        line += lineFeeds(bytes, rowStart, next);
      }
      this.#quotedNewlines = 0;
      values[out + ROW_START] = rowStart;
      values[out + ROW_END] = next;
      out += stride;
      rowStart = next;
    }
    this.#quotedNewlines = 0;
    this.#firstLine = this.nextLine;
    this.nextLine += line;
    this.count = out / stride;
    return rowStart;
  }

  /** Reads a field in any spelling; gives its end, or -1 where the row has to be left. */
  #readUnusual(
    text: ScanText,
    kind: number,
    at: number,
    start: number,
    to: number,
    isUtf8: boolean,
  ): number {
    const end = this.#fieldEnd(text, start, to, isUtf8);
    if (end < 0) return -1;
    if (kind === INSTANT) return this.#readInstant(text, at, start, end) ? end : -1;
    if (kind >= CREDITS) return this.#readCredits(text, kind, at, start, end) ? end : -1;
    if (kind === SKIPPED) return end;
    this.values[at] = start;
    this.values[at + 1] = end;
    if (kind === KEY) this.values[at + 2] = hashOf(text.view, start, end);
    return end;
  }

  #readInstant(text: ScanText, at: number, start: number, end: number): boolean {
    const { bytes, view } = text;
    const instant = this.#instant;
    if (instant.read(view, bareStart(bytes, start, end), bareEnd(bytes, start, end))) {
      this.values[at] = instant.day;
      this.values[at + 1] = instant.second;
      this.values[at + 2] = instant.nanos;
      return true;
    }
    const exact = instantFromText(fieldText(text, start, end));
    if (exact === undefined) return false;
    const seconds = Number(exact / NANOS_PER_SECOND);
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    this.values[at] = day;
    this.values[at + 1] = seconds - day * SECONDS_PER_DAY;
    this.values[at + 2] = Number(exact % NANOS_PER_SECOND);
    return true;
  }

  #readCredits({ bytes }: ScanText, kind: number, at: number, start: number, end: number): boolean {
    const credits = this.#credits;
    const [first, last] = [bareStart(bytes, start, end), bareEnd(bytes, start, end)];
    if (kind === OPTIONAL_CREDITS && first >= last) credits.readNothing();
    else if (!credits.read(bytes, first, last)) return false;
    this.values[at] = credits.whole;
    this.values[at + 1] = credits.billionths;
    this.values[at + 2] = credits.rest;
    this.values[at + 3] = credits.places;
    return true;
  }

  /** Where a field of good CSV ends; -1 where it is none, or does not end before `to`. */
  #fieldEnd({ bytes, view }: ScanText, start: number, to: number, isUtf8: boolean): number {
    let position = start;
    if (bytes[start] === QUOTE) {
      if (!isUtf8) return -1;
      position = this.#behindQuotes(bytes, view, start + 1, to);
      return position >= 0 && isFieldEnd(bytes, position) ? position : -1;
    }
    while (!isFieldEnd(bytes, position)) {
      const byte = bytes[position] as number;
      if (byte === QUOTE || byte === NUL || byte === CR || (byte > 0x7f && !isUtf8)) return -1;
      position += 1;
    }
    return position;
  }

  /** The position behind the quote that closes the field whose text begins at `start`; -1 where there is none. */
  #behindQuotes(bytes: Uint8Array, view: DataView, start: number, to: number): number {
    let position = start;
    while (position < to) {
      const word = view.getInt32(position, true);
      const special = (word - SPECIAL_IN_QUOTES_BELOW) & ~word & HIGH_BITS;
      if (special === 0) {
        position += 4;
        continue;
      }
      position += lowestBit(special) >> 3;
      const byte = bytes[position];
      position += 1;
      if (position >= to || byte === NUL) return -1;
      if (byte === LF) this.#quotedNewlines += 1;
      if (byte !== QUOTE) continue;
      if (bytes[position] !== QUOTE) return position;
      position += 1;
    }
    return -1;
  }
}

/** Where in a row's ints those of a wanted field begin, by its index among the wanted. */
export function fieldAt(index: number): number {
  return ROW_INTS + FIELD_INTS * index;
}

/**
 * Where the quoted field that begins at `start` ends, if there is neither a quote nor a
 * control character nor a space in it; else, some position in it that is no field's end.
 */
function plainQuotedEnd(view: DataView, start: number): number {
  let position = start + 1;
  for (;;) {
    const word = view.getInt32(position, true);
    const special = (word - SPECIAL_IN_QUOTES_BELOW) & ~word & HIGH_BITS;
    if (special === 0) {
      position += 4;
      continue;
    }
    position += lowestBit(special) >> 3;
    return view.getUint8(position) === QUOTE ? position + 1 : start;
  }
}

function isFieldEnd(bytes: Uint8Array, position: number): boolean {
  const byte = bytes[position];
  return byte === COMMA || byte === LF || (byte === CR && bytes[position + 1] === LF);
}

/** Where a field begins without its quote and the spaces before its text. */
function bareStart(bytes: Uint8Array, start: number, end: number): number {
  let first = bytes[start] === QUOTE ? start + 1 : start;
  while (first < end && isBlank(bytes[first])) first += 1;
  return first;
}

/** Where a field ends without its quote and the spaces behind its text. */
function bareEnd(bytes: Uint8Array, start: number, end: number): number {
  let last = bytes[start] === QUOTE ? end - 1 : end;
  while (last > start && isBlank(bytes[last - 1])) last -= 1;
  return last;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
