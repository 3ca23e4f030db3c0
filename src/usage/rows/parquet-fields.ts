import { MOST_ROWS } from './kernel/layout.ts';
import type { ParquetColumn } from './parquet-column.ts';
import type { PackedNumbers } from './parquet-packed.ts';
import { endOfSame, indexIn, NULL, type Page, positionIn } from './parquet-page.ts';
import { PlainValues, type Values } from './parquet-plain.ts';
import type { ColumnText } from './parquet-values.ts';
import type { RowKernel } from './row-kernel.ts';
import type { ValueForm, WantedColumn } from './typed-rows.ts';

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
  readonly #text: ColumnText;
  readonly #form: ValueForm | undefined;
  readonly #column: Pick<ParquetColumn, 'pageWith'>;
  readonly #index: number;
  #dictionary: Values | undefined;

  /** `index`: the column's index among the wanted ones. */
  constructor(
    kernel: RowKernel,
    [index, wanted]: readonly [number, WantedColumn],
    text: ColumnText,
    column: Pick<ParquetColumn, 'pageWith'>,
  ) {
    this.#kernel = kernel;
    this.#wanted = wanted;
    this.#index = index;
    this.#text = text;
    this.#form = formOf(wanted, text);
    this.#column = column;
  }

  /**
   * Writes the fields of the rows `[start, end)` into the kernel's rows from 0; marks in `left`
   * the rows that are not to be accepted.
   */
  async put(start: number, end: number, left: Uint8Array): Promise<void> {
    for (let row = start; row < end; ) {
      const page = await this.#column.pageWith(row);
      const stop = Math.min(end, page.end);
      this.#putPage(page, row, stop, start, left);
      row = stop;
    }
  }

  /** Puts runs of values that follow one another, and of nulls between them. */
  #putPage(page: Page, from: number, to: number, start: number, left: Uint8Array): void {
    for (let row = from; row < to; ) {
      const index = indexIn(page, row);
      const end = endOfSame(page, row, to);
      if (index === NULL) {
        for (let at = row - start; at < end - start; at += 1) this.#putText(undefined, at, left);
      } else if (page.positions === undefined) {
        this.#putRun(page.values, index, end - row, row - start, left);
      } else this.#putEntries(page, index, end - row, row - start, left);
      row = end;
    }
  }

  /** Puts values of a dictionary. */
  #putEntries(page: Page, first: number, count: number, row: number, left: Uint8Array): void {
    const { values, positions } = page as Page & { positions: PackedNumbers };
    if (values !== this.#dictionary) this.#readDictionary(values, row);
    const dictionary = { dictionary: this.#index, entries: values.length };
    for (let done = 0; done < count; ) {
      const run = positions.runFrom(first + done, first + count);
      const length = run.end - first - done;
      const { column } = this.#wanted;
      const put = this.#kernel.putEntries(column, row + done, dictionary, run, length);
      done += put;
      if (put === length) continue;
      positionIn(page, first + done);
      left[row + done] = 1;
      done += 1;
    }
  }

  /** Reads all values of a dictionary, by way of the kernel's rows from `free` on. */
  #readDictionary(values: Values, free: number): void {
    this.#dictionary = values;
    const dictionary = { dictionary: this.#index, entries: values.length };
    const most = MOST_ROWS - free;
    for (let first = 0; first < values.length; first += most) {
      const count = Math.min(most, values.length - first);
      const left = new Uint8Array(MOST_ROWS);
      this.#putRun(values, first, count, free, left);
      this.#kernel.keepEntries(dictionary, first, free, count, left);
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
      this.#putText(values.at(first + done), row + done, left);
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
    const stop = values.startOf(first + count);
    for (let done = 0; done < count; ) {
      const start = values.startOf(first + done);
      const end = Math.min(stop, Math.max(start + CHUNK_BYTES, values.startOf(first + done + 1)));
      const chunk = values.bytes.subarray(start, end);
      done += this.#kernel.putValues(column, row + done, count - done, chunk, form, values.size);
      const isTaken = done === count || values.startOf(first + done + 1) > end;
      if (!isTaken) return done;
    }
    return count;
  }

  /** Lets the kernel read the text of a value; for a null, a blank text. */
  #putText(value: unknown, row: number, left: Uint8Array): void {
    const isText = this.#text.storedAs === undefined && value instanceof Uint8Array;
    const text = isText ? value : Buffer.from(this.#text.textOf(value));
    if (!this.#kernel.readValue(this.#wanted.column, row, text)) left[row] = 1;
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
