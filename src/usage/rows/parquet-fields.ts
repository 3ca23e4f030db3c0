import { type Page, positionOf } from './parquet-pages.ts';
import type { ColumnText, StoredAs } from './parquet-values.ts';
import { fieldAt, type RowKernel, type WantedColumn } from './row-kernel.ts';

const TWO_TO_32 = 2 ** 32;
const BILLION = 1e9;
const BILLIONTH_PLACES = 9;
/** The largest quotient that is exact, see `quotientOf`. */
const MOST_QUOTIENT = 2 ** 51;
/** A decimal number with more digits may not be the shortest text of a float. */
const MOST_DOUBLE_DIGITS = 1e15;
const SECONDS_PER_DAY = 86_400;
const FIRST_DAY = Date.UTC(2000) / 1000 / SECONDS_PER_DAY;
const END_DAY = Date.UTC(2200) / 1000 / SECONDS_PER_DAY;

/** Writes the ints of a value as the kernel would for a field; false if its text has to be read. */
type PutValue = (values: Values, position: number, ints: Int32Array, at: number) => boolean;

type Values = ArrayLike<unknown>;

/**
 * Writes the fields of a wanted Parquet column to where the kernel puts the fields that it reads.
 * Whole numbers and floats of usual size become ints without a text; for everything else the
 * kernel reads the text, once for each value of a dictionary.
 */
export class ParquetFields {
  readonly #kernel: RowKernel;
  readonly #wanted: WantedColumn;
  readonly #fieldAt: number;
  readonly #text: ColumnText;
  readonly #pageWith: (row: number) => Promise<Page>;
  readonly #put: PutValue | undefined;
  /** For each value of the dictionary, its ints and its outcome. */
  #dictionary: Values | undefined;
  #known = new Int32Array(0);
  #outcomes = new Uint8Array(0);

  /** `index`: the column's index among the wanted ones; `pageWith`: its page with a row, read forward. */
  constructor(
    kernel: RowKernel,
    [index, wanted]: readonly [number, WantedColumn],
    text: ColumnText,
    pageWith: (row: number) => Promise<Page>,
  ) {
    this.#kernel = kernel;
    this.#wanted = wanted;
    this.#fieldAt = fieldAt(index);
    this.#text = text;
    this.#pageWith = pageWith;
    this.#put = putValue(wanted, text.storedAs);
  }

  /**
   * Writes the fields of the rows `[start, end)` into the kernel's rows from 0; marks in `left`
   * the rows that are not to be accepted.
   */
  async put(start: number, end: number, left: Uint8Array): Promise<void> {
    for (let row = start; row < end; ) {
      const page = await this.#pageWith(row);
      const stop = Math.min(end, page.end);
      if (page.isDictionary) this.#putKnown(page, row, stop, start, left);
      else this.#putEach(page, row, stop, start, left);
      row = stop;
    }
  }

  #putEach(page: Page, from: number, to: number, start: number, left: Uint8Array): void {
    let ints = this.#kernel.values;
    for (let row = from; row < to; row += 1) {
      const position = positionOf(page, row);
      const at = this.#at(row - start);
      if (position >= 0 && this.#put?.(page.values, position, ints, at)) continue;
      if (!this.#putText(page, position, row - start)) left[row - start] = 1;
      // A new array if a new text has made the memory grow.
      ints = this.#kernel.values;
    }
  }

  #putKnown(page: Page, from: number, to: number, start: number, left: Uint8Array): void {
    if (page.values !== this.#dictionary) this.#startDictionary(page.values);
    const [known, outcomes] = [this.#known, this.#outcomes];
    let ints = this.#kernel.values;
    for (let row = from; row < to; row += 1) {
      const position = positionOf(page, row);
      const at = this.#at(row - start);
      if (position >= 0 && outcomes[position] === TAKEN) {
        putInts(ints, at, known[position * 3], known[position * 3 + 1], known[position * 3 + 2]);
        continue;
      }
      const isTaken =
        outcomes[position] !== LEFT &&
        ((position >= 0 && this.#put?.(page.values, position, ints, at)) ||
          this.#putText(page, position, row - start));
      ints = this.#kernel.values;
      if (!isTaken) left[row - start] = 1;
      if (position < 0) continue;
      outcomes[position] = isTaken ? TAKEN : LEFT;
      putInts(known, position * 3, ints[at], ints[at + 1], ints[at + 2]);
    }
  }

  /** The index of the field's ints in a row of the kernel. */
  #at(row: number): number {
    return row * this.#kernel.stride + this.#fieldAt;
  }

  #startDictionary(values: Values): void {
    this.#dictionary = values;
    this.#known = new Int32Array(values.length * 3);
    this.#outcomes = new Uint8Array(values.length);
  }

  /** Lets the kernel read the text of a value; for a null, a blank text. */
  #putText({ values }: Page, position: number, row: number): boolean {
    const value = position < 0 ? undefined : values[position];
    const isText = this.#text.storedAs === undefined && value instanceof Uint8Array;
    const text = isText ? value : Buffer.from(this.#text.textOf(value));
    return this.#kernel.readValue(this.#wanted.column, row, text);
  }
}

const TAKEN = 1;
const LEFT = 2;

/** `undefined` if all values are to be read from their texts. */
function putValue({ as }: WantedColumn, storedAs: StoredAs | undefined): PutValue | undefined {
  if (as === 'instant') {
    if (storedAs?.kind === 'day') return putDay;
    return storedAs?.kind === 'instant' ? putInstantOf(storedAs.unitsPerSecond) : undefined;
  }
  if (as !== 'decimal' && as !== 'decimal or blank') return undefined;
  if (storedAs === undefined) return putDouble;
  const places = storedAs.kind === 'decimal' ? storedAs.scale : -1;
  return places >= 0 && places <= 2 * BILLIONTH_PLACES ? putDecimalOf(places) : undefined;
}

const putDay: PutValue = (values, position, ints, at) => {
  const day = values[position] as number;
  if (!(day >= FIRST_DAY && day < END_DAY)) return false;
  putInts(ints, at, day, 0, 0);
  return true;
};

/** An instant as a count of units since 1970. */
function putInstantOf(unitsPerSecond: number): PutValue {
  const nanosPerUnit = BILLION / unitsPerSecond;
  return (values, position, ints, at) => {
    if (!readWhole(values, position)) return false;
    const seconds = quotientOf(unitsPerSecond);
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    if (!(day >= FIRST_DAY && day < END_DAY)) return false;
    const nanos = restOf(seconds, unitsPerSecond) * nanosPerUnit;
    putInts(ints, at, day, seconds - day * SECONDS_PER_DAY, nanos);
    return true;
  };
}

/** A decimal number with this many places, at most 18. */
function putDecimalOf(scale: number): PutValue {
  const places = Math.min(scale, BILLIONTH_PLACES);
  const unitsPerWhole = 10 ** places;
  const billionthsPerUnit = 10 ** (BILLIONTH_PLACES - places);
  const divisor = 10 ** (scale - places);
  const restUnit = BILLION / divisor;
  return (values, position, ints, at) => {
    if (!readWhole(values, position) || high < 0) return false;
    const units = quotientOf(divisor);
    const whole = Math.floor(units / unitsPerWhole);
    if (units > MOST_QUOTIENT || whole >= BILLION) return false;
    const billionths = (units - whole * unitsPerWhole) * billionthsPerUnit;
    putInts(ints, at, whole, billionths, restOf(units, divisor) * restUnit);
    return true;
  };
}

/**
 * A float that is the nearest one to a number with at most nine decimal places and fifteen digits:
 * no other number with so few digits reads as the same float.
 */
const putDouble: PutValue = (values, position, ints, at) => {
  if (!(values instanceof Float64Array)) return false;
  const value = values[position] as number;
  const units = Math.round(value * BILLION);
  if (!(units >= 0 && units < MOST_DOUBLE_DIGITS && units / BILLION === value)) return false;
  const whole = Math.floor(units / BILLION);
  putInts(ints, at, whole, units - whole * BILLION, 0);
  return true;
};

function putInts(ints: Int32Array, at: number, first = 0, second = 0, third = 0): void {
  ints[at] = first;
  ints[at + 1] = second;
  ints[at + 2] = third;
}

/** The halves of the whole number read last. */
let low = 0;
let high = 0;
/** The halves of all numbers of the page read last. */
let page: BigInt64Array = new BigInt64Array(0);
let halves: Int32Array = new Int32Array(0);

/** Reads a whole number of 64 bits; false if it is not one, or has more bits. */
function readWhole(values: Values, position: number): boolean {
  if (values instanceof BigInt64Array) {
    if (values !== page) {
      page = values;
      halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    }
    low = halves[position * 2] as number;
    high = halves[position * 2 + 1] as number;
    return true;
  }
  const value = values[position];
  if (value instanceof Uint8Array) return readBigEndian(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return false;
  const whole = BigInt(value);
  low = Number(BigInt.asIntN(32, whole));
  high = Number(BigInt.asIntN(32, whole >> 32n));
  return BigInt.asIntN(64, whole) === whole;
}

/** Reads a number in two's complement, most significant byte first; false if it is negative. */
function readBigEndian(bytes: Uint8Array): boolean {
  low = 0;
  high = 0;
  for (const byte of bytes) {
    // A number above 63 bits, or a negative one, does not fit.
    if (high >>> 23 !== 0) return false;
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | byte;
  }
  return (bytes[0] ?? 0) < 0x80;
}

/**
 * The whole number read last, divided and rounded down: exact up to MOST_QUOTIENT, as the float is
 * then off by less than one divisor, which the remainder shows.
 */
function quotientOf(divisor: number): number {
  const quotient = Math.floor((high * TWO_TO_32 + (low >>> 0)) / divisor);
  const rest = restOf(quotient, divisor);
  if (rest < 0) return quotient - 1;
  return rest >= divisor ? quotient + 1 : quotient;
}

/** The whole number read last, less a quotient times its divisor: a 32-bit integer. */
function restOf(quotient: number, divisor: number): number {
  return (low - Math.imul(quotient, divisor)) | 0;
}
