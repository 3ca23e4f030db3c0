import { type Page, positionOf } from './parquet-pages.ts';
import { PlainValues, type Values } from './parquet-plain.ts';
import type { ColumnText } from './parquet-values.ts';
import {
  fieldAt,
  MOST_ROWS,
  type RowKernel,
  type ValueForm,
  type WantedColumn,
} from './row-kernel.ts';

/** How much of a page is put into the kernel's memory at once, unless one value is longer. */
const CHUNK_BYTES = 16 * 1024;
/** The most decimal places of numbers that the kernel takes. */
const MOST_PLACES = 18;

/**
 * Writes the fields of a wanted Parquet column to where the kernel puts the fields that it reads.
 * The kernel takes values as they are stored, many at a time, and those of a dictionary only once;
 * any other value it reads from its text.
 */
export class ParquetFields {
  readonly #kernel: RowKernel;
  readonly #wanted: WantedColumn;
  readonly #fieldAt: number;
  readonly #text: ColumnText;
  readonly #form: ValueForm | undefined;
  readonly #pageWith: (row: number) => Promise<Page>;
  #dictionary: Values | undefined;
  /** For each value of the dictionary, and last for a null, its ints, and 1 if it is not accepted. */
  #known = new Int32Array(0);
  #isLeft = new Uint8Array(0);

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
    this.#form = formOf(wanted, text);
    this.#pageWith = pageWith;
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
      else this.#putPage(page, row, stop, start, left);
      row = stop;
    }
  }

  #putKnown(page: Page, from: number, to: number, start: number, left: Uint8Array): void {
    if (page.values !== this.#dictionary) this.#readDictionary(page.values, from - start);
    const [known, isLeft, blank] = [this.#known, this.#isLeft, page.values.length];
    const { values: ints, stride } = this.#kernel;
    let at = (from - start) * stride + this.#fieldAt;
    for (let row = from; row < to; row += 1, at += stride) {
      const position = positionOf(page, row);
      const entry = position < 0 ? blank : position;
      ints[at] = known[entry * 3] as number;
      ints[at + 1] = known[entry * 3 + 1] as number;
      ints[at + 2] = known[entry * 3 + 2] as number;
      if (isLeft[entry] === 1) left[row - start] = 1;
    }
  }

  /** Reads all values of a dictionary, by way of the kernel's rows from `free` on. */
  #readDictionary(values: Values, free: number): void {
    this.#dictionary = values;
    this.#known = new Int32Array((values.length + 1) * 3);
    this.#isLeft = new Uint8Array(values.length + 1);
    const left = new Uint8Array(MOST_ROWS);
    const most = MOST_ROWS - free;
    for (let first = 0; first < values.length; first += most) {
      const count = Math.min(most, values.length - first);
      this.#putRun(values, first, count, free, left);
      this.#keep(first, count, free, left);
    }
    if (!this.#putText(undefined, free)) left[free] = 1;
    this.#keep(values.length, 1, free, left);
  }

  /** Keeps the ints of rows for values of the dictionary from `first` on; clears their marks. */
  #keep(first: number, count: number, row: number, left: Uint8Array): void {
    const { values: ints, stride } = this.#kernel;
    const known = this.#known;
    // By hand, as a view of the ints of each value would be garbage.
    for (let index = 0; index < count; index += 1) {
      const at = (row + index) * stride + this.#fieldAt;
      const to = (first + index) * 3;
      known[to] = ints[at] as number;
      known[to + 1] = ints[at + 1] as number;
      known[to + 2] = ints[at + 2] as number;
    }
    this.#isLeft.set(left.subarray(row, row + count), first);
    left.fill(0);
  }

  /** Puts runs of values that follow one another, and the nulls between them. */
  #putPage(page: Page, from: number, to: number, start: number, left: Uint8Array): void {
    for (let row = from; row < to; ) {
      const position = positionOf(page, row);
      let end = page.positions === undefined ? to : row + 1;
      if (position >= 0) {
        while (end < to && positionOf(page, end) === position + end - row) end += 1;
        this.#putRun(page.values, position, end - row, row - start, left);
      } else if (!this.#putText(undefined, row - start)) left[row - start] = 1;
      row = end;
    }
  }

  /** Puts consecutive values, from the one at `first` on, into the kernel's rows from `row` on. */
  #putRun(values: Values, first: number, count: number, row: number, left: Uint8Array): void {
    const form = values instanceof PlainValues ? this.#form : undefined;
    for (let done = 0; done < count; done += 1) {
      if (form !== undefined) {
        done += this.#putStored(
          values as PlainValues,
          form,
          first + done,
          count - done,
          row + done,
        );
        if (done === count) return;
      }
      if (!this.#putText(values.at(first + done), row + done)) left[row + done] = 1;
    }
  }

  /** The same for values as they are stored; returns how many, up to one that the kernel does not take. */
  #putStored(
    values: PlainValues,
    form: ValueForm,
    first: number,
    count: number,
    row: number,
  ): number {
    const { column } = this.#wanted;
    for (let done = 0; done < count; ) {
      const start = values.startOf(first + done);
      const most = (count - done) * (values.size ?? CHUNK_BYTES);
      const end = Math.max(start + Math.min(most, CHUNK_BYTES), values.endOf(start));
      const chunk = values.bytes.subarray(start, end);
      done += this.#kernel.putValues(column, row + done, count - done, chunk, form, values.size);
      const isTaken = done === count || values.endOf(values.startOf(first + done)) > end;
      if (!isTaken) return done;
    }
    return count;
  }

  /** Lets the kernel read the text of a value; for a null, a blank text. */
  #putText(value: unknown, row: number): boolean {
    const isText = this.#text.storedAs === undefined && value instanceof Uint8Array;
    const text = isText ? value : Buffer.from(this.#text.textOf(value));
    return this.#kernel.readValue(this.#wanted.column, row, text);
  }
}

/** How the kernel is to take the values of a column; `undefined` if all are read from their texts. */
function formOf({ as }: WantedColumn, { storedAs, type }: ColumnText): ValueForm | undefined {
  if (storedAs === undefined) {
    if (type === 'BYTE_ARRAY') return { as: 'text', places: 0 };
    const isDouble = type === 'DOUBLE' && (as === 'decimal' || as === 'decimal or blank');
    return isDouble ? { as: 'double', places: 0 } : undefined;
  }
  if (storedAs.kind === 'decimal') {
    const isDecimal = as === 'decimal' || as === 'decimal or blank';
    const form = type === 'FIXED_LEN_BYTE_ARRAY' ? 'big-endian decimal' : 'decimal';
    const isTaken = isDecimal && storedAs.scale <= MOST_PLACES && type !== 'BYTE_ARRAY';
    return isTaken ? { as: form, places: storedAs.scale } : undefined;
  }
  if (as !== 'instant') return undefined;
  if (storedAs.kind === 'day') return { as: 'day', places: 0 };
  return { as: type === 'INT96' ? 'julian instant' : 'instant', places: storedAs.places };
}
