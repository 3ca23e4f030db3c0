import { isUtf8 } from 'node:buffer';
import {
  BILLIONTHS,
  CELL_INTS,
  CELLS_PER_PAGE,
  DECIMAL,
  DECIMAL_OR_BLANK,
  DICTIONARY_INTS,
  END,
  ENTRY_BYTES,
  ENTRY_LENGTH,
  INSTANT,
  IS_LEFT,
  KEY,
  KINDS,
  KNOWN_TEXT,
  LAST_DAY,
  LINE,
  LONGEST_VALUE,
  MOST_ROW_INTS,
  MOST_ROWS,
  REQUESTS,
  REST,
  ROW_INTS,
  START,
  STORED_BIG_ENDIAN_DECIMAL,
  STORED_DAY,
  STORED_DECIMAL,
  STORED_DOUBLE,
  STORED_INSTANT,
  STORED_JULIAN_INSTANT,
  TEXT,
  TEXT_BYTES,
  WHOLE,
} from './kernel/layout.ts';
import { type KernelExports, kernelModule, startedKernel } from './kernel-module.ts';
import type { StoredRun } from './parquet-packed.ts';
import {
  type Dictionary,
  fieldAt,
  type KeySpace,
  type RowFormat,
  type StoredNumber,
  type ValueForm,
  type WantedColumn,
} from './typed-rows.ts';

const READ_AS: Readonly<Record<WantedColumn['as'], number>> = {
  key: KEY,
  text: TEXT,
  'known text': KNOWN_TEXT,
  instant: INSTANT,
  decimal: DECIMAL,
  'decimal or blank': DECIMAL_OR_BLANK,
};
const NUMBERS: Readonly<Record<StoredNumber, number>> = {
  day: STORED_DAY,
  instant: STORED_INSTANT,
  'julian instant': STORED_JULIAN_INSTANT,
  decimal: STORED_DECIMAL,
  'big-endian decimal': STORED_BIG_ENDIAN_DECIMAL,
  double: STORED_DOUBLE,
};

/** Interprets a new trimmed text as a number from 0; below 0 if its row is not to be accepted. */
type Interpret = (text: string, entry: number) => number;

/** Determines the window that contains an instant, and its seconds; see the kernel's `windowOf`. */
export type WindowOf = (
  profile: number,
  day: number,
  second: number,
  nanos: number,
  row: number,
  counts: boolean,
) => number;

/** A number as the kernel stores it: the whole, its billionths, and billionths of those. */
export type Limbs = readonly [whole: number, billionths: number, rest: number];

/** Thrown when the memory does not suffice for so many different texts and seats. */
export class OutOfMemory extends Error {}

/**
 * Reads rows with the kernel, into memory of its own: those from 0 to `count` - 1 are valid until
 * the next ones are read. Of rows that were put there instead of read from a text, only the line is
 * known.
 */
export class RowKernel {
  readonly #exports: KernelExports;
  readonly #interprets = new Map<number, Interpret>();
  readonly #textStart: number;
  readonly #scratchStart: number;
  #memory: Buffer;
  #ints: Int32Array;
  #bytes: Buffer;
  #values: Int32Array;
  /** The pages of cells that were requested, by number, for the present memory object. */
  #pages: Int32Array[] = [];
  /** The number that is added to a cell, as if it were one. */
  readonly #addend = new Int32Array(CELL_INTS);
  stride = ROW_INTS;
  /** The byte between fields. */
  delimiter = 0;
  count = 0;
  /** Called for the instants of usage that `addRows` adds. */
  windowOf: WindowOf = () => -1;

  constructor(module = kernelModule()) {
    this.#exports = startedKernel(module, {
      memory: {
        outOfMemory: () => {
          throw new OutOfMemory();
        },
      },
      rows: { interpret: (space: number, entry: number) => this.#interpret(space, entry) },
      sums: { windowOf: (...where: Parameters<WindowOf>) => this.windowOf(...where) },
    });
    this.#textStart = this.#exports.textStart();
    this.#scratchStart = this.#exports.scratchStart();
    this.#memory = Buffer.from(this.#exports.memory.buffer);
    this.#ints = new Int32Array(this.#memory.buffer);
    this.#bytes = this.#textBytes();
    this.#values = this.#rowInts();
  }

  /** The memory for the text to read, TEXT_BYTES long; another object after each reading. */
  get bytes(): Buffer {
    this.#refresh();
    return this.#bytes;
  }

  /** The ints of the n-th wanted field of a row begin at `row * stride + fieldAt(n)`. */
  get values(): Int32Array {
    this.#refresh();
    return this.#values;
  }

  /** A new space, whose texts get numbers of their own. */
  newSpace(interpret: Interpret): KeySpace {
    const id = this.#exports.newSpace();
    this.#interprets.set(id, interpret);
    return { id };
  }

  /** Sets the format of the rows to read from now on. */
  setFormat(format: RowFormat, wanted: readonly WantedColumn[]): void {
    this.stride = fieldAt(wanted.length);
    const { columns, neededColumns, isOpenEnded = false, delimiter, decimalMark } = format;
    this.delimiter = delimiter.charCodeAt(0);
    this.#exports.setFormat(columns, neededColumns, isOpenEnded, this.delimiter, this.stride);
    this.setDecimalMark(decimalMark);
    for (const [index, one] of wanted.entries()) {
      const space = 'space' in one ? one.space.id : 0;
      this.#exports.setColumn(one.column, READ_AS[one.as], fieldAt(index), space);
    }
  }

  setDecimalMark(mark: string): void {
    this.#exports.setDecimalMark(mark === '' ? 0 : mark.charCodeAt(0));
  }

  /** The line on which the next row begins. */
  get nextLine(): number {
    return this.#exports.nextLine();
  }

  set nextLine(line: number) {
    this.#exports.setLine(line);
  }

  /** Prepares to read a new text, or one that has moved, from the beginning of a row on; `to` is after a line feed. */
  indexRows(from: number, to: number): void {
    const start = this.#textStart;
    this.#exports.indexRows(start + from, start + to);
  }

  /**
   * Reads rows of the indexed text that begin in `[from, limit)`, where `from` is the beginning of
   * a row; returns where it stops. That is at `limit` or after it, or before a row that it does not
   * accept, which may still be valid, or when its buffer of rows is full. `isPlain`: whether all of
   * the text is UTF-8 without a NUL.
   */
  read(from: number, limit: number, isPlain: boolean): number {
    const start = this.#textStart;
    const next = this.#exports.scan(start + from, start + limit, isPlain) - start;
    this.count = this.#exports.takenRows();
    this.#refresh();
    return next;
  }

  /**
   * Reads a value that is not in the text as the field of a wanted column of a row, by the rules
   * for an unquoted one; false if the row is not accepted.
   */
  readValue(column: number, row: number, value: Uint8Array): boolean {
    if (value.length > LONGEST_VALUE) return false;
    const { bytes } = this;
    const at = bytes.writeUInt32LE(value.length);
    bytes.set(value, at);
    const start = this.#textStart;
    const isPlain = isUtf8(value) && !value.includes(0);
    return (
      this.#exports.readValues(column, row, 1, start, start + at + value.length, isPlain) === 1
    );
  }

  /**
   * Puts values that are stored one after another in `bytes` into the field of a wanted column, from
   * a row on, as their texts would be read: texts after their lengths, or numbers of `size` bytes.
   * Returns how many, up to one that is not whole, or whose text has to be read by itself.
   */
  putValues(
    column: number,
    row: number,
    count: number,
    bytes: Uint8Array,
    { as, places }: ValueForm,
    size = 0,
  ): number {
    if (bytes.length > TEXT_BYTES) return 0;
    this.bytes.set(bytes);
    const start = this.#textStart;
    const end = start + bytes.length;
    if (as === 'text') return this.#exports.readValues(column, row, count, start, end, false);
    const whole = Math.min(count, Math.floor(bytes.length / size));
    return this.#exports.putNumbers(column, row, whole, start, NUMBERS[as], size, places);
  }

  /**
   * Keeps the fields of `count` rows, from a row on, as entries of a dictionary, from the `first` one on,
   * with the mark in `left` of rows that are not accepted. The first entries kept make room for all.
   */
  keepEntries(
    { dictionary, entries }: Dictionary,
    first: number,
    row: number,
    count: number,
    left: Uint8Array,
  ): void {
    const start = this.#exports.newDictionary(dictionary, entries) >>> 2;
    this.#refresh();
    const [ints, rows] = [this.#ints, this.#values];
    // By hand, as a view of the ints of each value would be garbage.
    for (let index = 0; index < count; index += 1) {
      const at = (row + index) * this.stride + fieldAt(dictionary);
      const to = start + (first + index) * DICTIONARY_INTS;
      ints[to] = rows[at] as number;
      ints[to + 1] = rows[at + 1] as number;
      ints[to + 2] = rows[at + 2] as number;
      ints[to + IS_LEFT] = left[row + index] as number;
    }
  }

  /**
   * Puts entries of a dictionary into the field of a wanted column, from a row on, by their positions.
   * Returns how many, up to one that is not accepted, or that the dictionary lacks.
   */
  putEntries(
    column: number,
    row: number,
    { dictionary, entries }: Dictionary,
    { value, width, bytes, bit }: StoredRun,
    count: number,
  ): number {
    this.bytes.set(bytes);
    return this.#exports.putEntries(column, row, count, dictionary, entries, value, width, bit);
  }

  /** Drops rows at the front: the `rest` rows after the `dropped` ones then count from 0. */
  dropRows(dropped: number, rest: number): void {
    const { values, stride } = this;
    values.copyWithin(0, dropped * stride, (dropped + rest) * stride);
  }

  /** Sets the lines of the first rows, whose fields were put there instead of read from a text. */
  setLines(count: number, firstLine: number): void {
    this.#exports.setLines(count, firstLine);
  }

  /** The physical line on which a row begins. */
  lineOf(row: number): number {
    return this.values[row * this.stride + LINE] as number;
  }

  /** Where a row begins in the text. */
  startOf(row: number): number {
    return (this.values[row * this.stride + START] as number) - this.#textStart;
  }

  /** Where it ends, after its line end. */
  endOf(row: number): number {
    return (this.values[row * this.stride + END] as number) - this.#textStart;
  }

  /** The text of an entry of any space. */
  textOf(entry: number): string {
    this.#refresh();
    const start = entry + ENTRY_BYTES;
    return this.#memory.toString('utf8', start, start + this.lengthOf(entry));
  }

  /** The length of an entry's text in bytes. */
  lengthOf(entry: number): number {
    return this.#ints[(entry + ENTRY_LENGTH) >>> 2] as number;
  }

  /** Up to six bytes of an entry's text after the first `skipped`, as a number with the same sort order. */
  sixBytes(entry: number, skipped: number): number {
    const count = Math.max(0, Math.min(6, this.lengthOf(entry) - skipped));
    const start = entry + ENTRY_BYTES + skipped;
    return count === 0 ? 0 : this.#memory.readUIntBE(start, count) * 256 ** (6 - count);
  }

  /** How many leading bytes the texts of two entries share. */
  commonBytes(a: number, b: number): number {
    const most = Math.min(this.lengthOf(a), this.lengthOf(b));
    const [ofA, ofB] = [a + ENTRY_BYTES, b + ENTRY_BYTES];
    let at = 0;
    while (at < most && this.#memory[ofA + at] === this.#memory[ofB + at]) at += 1;
    return at;
  }

  /** Compares the texts of two entries bytewise. */
  compareTexts(a: number, b: number): number {
    const [ofA, ofB] = [a + ENTRY_BYTES, b + ENTRY_BYTES];
    return this.#memory.compare(
      this.#memory,
      ofB,
      ofB + this.lengthOf(b),
      ofA,
      ofA + this.lengthOf(a),
    );
  }

  /** Copies the bytes of an entry. */
  copyText(entry: number, into: Uint8Array, offset: number): void {
    const start = entry + ENTRY_BYTES;
    this.#memory.copy(into, offset, start, start + this.lengthOf(entry));
  }

  /** The entry of a text of at most 64 KiB. */
  entryOf({ id }: KeySpace, text: string | Uint8Array): number {
    const entry = this.#exports.entryOf(id, this.#scratchStart, this.#setScratch(text));
    this.#refresh();
    return entry;
  }

  /** The number that its space gives a text of at most 64 KiB. */
  keyOf(space: KeySpace, text: Uint8Array): number {
    return this.#exports.keyOf(space.id, this.entryOf(space, text));
  }

  /** The entry of a text; `undefined` if it has none. */
  knownEntry({ id }: KeySpace, text: string): number | undefined {
    return this.#exports.findEntry(id, this.#scratchStart, this.#setScratch(text)) || undefined;
  }

  /** Puts a text where the kernel reads it; returns its length in bytes. */
  #setScratch(text: string | Uint8Array): number {
    this.#refresh();
    if (typeof text === 'string') return this.#memory.write(text, this.#scratchStart);
    this.#memory.set(text, this.#scratchStart);
    return text.length;
  }

  /**
   * Adds the rows that have been read, each as one request of this kind, a bit; their wanted fields are
   * an instant, the keys of a profile and a user, credits and, if it `dedupes`, a request id. Returns
   * how many are left out as their request id is repeated.
   */
  addRows(kind: number, dedupes: boolean): number {
    const duplicates = this.#exports.addRows(this.count, kind, dedupes);
    this.#refresh();
    return duplicates;
  }

  /** Sets which whole seconds of the day, `[from, to)`, the window contains that `windowOf` is about to return. */
  setWindowSeconds(from: number, to: number): void {
    this.#exports.setWindowSeconds(from, to);
  }

  /** Whether the text of an entry, a request id, was seen before; always false for a blank one. */
  isSeen(entry: number): boolean {
    return Boolean(this.#exports.isSeen(entry));
  }

  /** The cell that sums the usage of a user in a window. */
  cellOf(window: number, user: number): number {
    const cell = this.#exports.cellOf(window, user);
    this.#refresh();
    return cell;
  }

  /** The same; `undefined` if the user has no usage there. */
  knownCell(window: number, user: number): number | undefined {
    const number = this.#exports.knownCell(window, user);
    return number === 0 ? undefined : number - 1;
  }

  /** Adds a number, split as a `decimal` field is, to a cell; `lastDay` is 0 without credits. */
  addTo(
    cell: number,
    [whole, billionths, rest]: Limbs,
    requests: number,
    kinds: number,
    lastDay: number,
  ): void {
    const ints = this.#addend;
    ints[WHOLE] = whole;
    ints[BILLIONTHS] = billionths;
    ints[REST] = rest;
    ints[REQUESTS] = requests;
    ints[REQUESTS + 1] = Math.floor(requests / 2 ** 32);
    ints[KINDS] = kinds;
    ints[LAST_DAY] = lastDay;
    this.addCell(cell, ints, 0);
  }

  /** Adds the ints of a cell, maybe of another kernel, to a cell; they begin at `at`. */
  addCell(cell: number, cells: Int32Array, at: number): void {
    this.#refresh();
    const start = this.#scratchStart >>> 2;
    for (let int = 0; int < CELL_INTS; int += 1)
      this.#ints[start + int] = cells[at + int] as number;
    this.#exports.addCell(cell, this.#scratchStart);
  }

  get cellCount(): number {
    return this.#exports.cellCount();
  }

  /** The ints of a page of cells, CELLS_PER_PAGE of them; usually requested cell by cell. */
  cellPage(number: number): Int32Array {
    const known = this.#pages[number];
    if (known !== undefined) return known;
    const start = this.#exports.pageOf(number) >>> 2;
    const ints = this.#ints.subarray(start, start + CELLS_PER_PAGE * CELL_INTS);
    this.#pages[number] = ints;
    return ints;
  }

  /** Resets the span of the rows added. */
  startSpan(): void {
    this.#exports.startSpan();
  }

  /** The seconds since 1970 of the first and the last instant of the rows added since `startSpan`. */
  get span(): { readonly first: number; readonly last: number } {
    return { first: this.#exports.earliestSecond(), last: this.#exports.latestSecond() };
  }

  #interpret(space: number, entry: number): number {
    return (this.#interprets.get(space) as Interpret)(this.textOf(entry), entry);
  }

  /** Growing replaces the memory object. */
  #refresh(): void {
    const { buffer } = this.#exports.memory;
    if (this.#memory.buffer === buffer) return;
    this.#memory = Buffer.from(buffer);
    this.#ints = new Int32Array(buffer);
    this.#pages = [];
    this.#bytes = this.#textBytes();
    this.#values = this.#rowInts();
  }

  #textBytes(): Buffer {
    return this.#memory.subarray(this.#textStart, this.#textStart + TEXT_BYTES);
  }

  #rowInts(): Int32Array {
    const start = this.#exports.rowsStart() >>> 2;
    return this.#ints.subarray(start, start + MOST_ROWS * MOST_ROW_INTS);
  }
}
