/**
 * Finds where the rows of a CSV begin and end, and which of them cannot be read, before
 * csv-parse splits them into fields. csv-parse alone does not know on which physical line a row
 * begins (it counts a CRLF inside quotes twice), treats a NUL after a quote as the end of
 * the text, and cannot continue after a bad quote.
 */

import { countShown } from '../domain/counts.ts';
import {
  BROKEN,
  CR,
  CR_SEEN,
  FIELD_START,
  LF,
  PLAIN,
  QUOTED,
  ROW_END,
  stateAfter,
} from './row-end.ts';

/**
 * One row as bytes `[start, end)` of its batch, without its line end. Empty lines are none, nor are
 * rows of blank fields alone, as spreadsheets write them.
 */
export interface FramedRow {
  /** The physical line, from 1, on which the row begins. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Why the row cannot be parsed; its bytes are then those of the defect. */
  readonly defect?: RowDefect;
  /** Its fields, if it has no quotes and they are known already; right only if all its bytes are ASCII. */
  readonly asciiFields?: readonly string[] | undefined;
}

export interface RowDefect {
  readonly what: string;
  /** The field that is wrong, from 0; missing for a row as a whole. */
  readonly field?: number;
  /** The row as written, or its beginning. */
  readonly bytes: Buffer;
}

/** Rows in one buffer. */
export interface RowBatch {
  readonly bytes: Buffer;
  readonly rows: readonly FramedRow[];
}

/** What separates the fields of a row. */
export type Delimiter = ',' | ';' | '\t';

/** How the rows of a text are framed. */
export interface Framing {
  readonly delimiter: Delimiter;
  /** The physical line of the file on which the text begins. */
  readonly firstLine: number;
  /** How many fields the header has, if the text begins after it. */
  readonly fields?: number;
  /** The fewest fields a row may have, by the names of the header; if missing, as many as the header. */
  readonly fewestFields?: number;
  /** Whether rows may have any number of fields. */
  readonly isRagged?: boolean;
  /** Whether to keep a bad row whole, whatever its length. */
  readonly keepDefective?: boolean;
  /** Whether a bad quote spoils only its own line: reading continues on the next one. */
  readonly resumesAfterQuotes?: boolean;
}

/** How rows after a header are framed, wherever they stand. */
export type RowFraming = Omit<Framing, 'firstLine'> & { readonly fields: number };

export const MAX_FIELD_BYTES = 64 * 1024;
/** A chunk of very short rows is given in several batches, since a row takes more memory than its bytes. */
export const MAX_BATCH_ROWS = 4096;
const MAX_HEADER_FIELDS = 10_000;
/** How much of a defective row is kept for its message, if it is not kept whole. */
const KEPT_DEFECT_BYTES = 256;
/** What is wrong with a row if the text ends inside one of its quoted fields. */
export const NEVER_CLOSED = 'a quoted field is never closed';
const BAD_QUOTE =
  'a bad quote: a field with quotes is quoted as a whole, and quotes in it are doubled';
const NUL_BYTE = 'a NUL byte: text that is UTF-16 must be saved as "CSV UTF-8"';
const NOTHING = Buffer.alloc(0);

/** What a row has, up to its line feed, that is processed byte by byte. */
const NEEDS_CARE = /[\0"]|\r(?!$)/;
const NUL = 0x00;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Receives the bytes of one CSV, without byte order mark, chunk by chunk, and yields the rows
 * that end in each. Unless it is known how many fields rows have, the first one is the header.
 */
export class CsvFramer {
  readonly #framing: Framing;
  readonly #delimiter: number;
  /** Finds in a row without quotes what is neither a blank nor between fields. */
  readonly #textPattern: RegExp;
  #expectedFields: number | undefined;
  #state = FIELD_START;
  #line: number;
  #rowLine: number;
  /** Whether a field of the row holds anything but spaces and tabs. */
  #hasText = false;
  #asciiFields: readonly string[] | undefined;
  #field = 0;
  #fieldBytes = 0;
  #defect: { what: string; field?: number } | undefined;
  /** Whether the quotes of the row are wrong, so that it may extend over lines that do not belong to it. */
  #hasBadQuotes = false;
  /** The beginning of a row that has not ended yet. */
  #held: Buffer = NOTHING;
  /** The same for a row already known to be bad, which may therefore have any length. */
  #spilled: Buffer[] = [];
  #batchRows: number;

  constructor(framing: Framing) {
    this.#framing = framing;
    this.#delimiter = framing.delimiter.charCodeAt(0);
    this.#textPattern = new RegExp(`[^ \\t\\r${framing.delimiter}]`);
    this.#expectedFields = framing.fields;
    // The header is yielded alone, also after blank rows: a caller that only needs the columns can stop there.
    this.#batchRows = framing.fields === undefined ? 1 : MAX_BATCH_ROWS;
    this.#line = framing.firstLine;
    this.#rowLine = framing.firstLine;
  }

  *push(chunk: Buffer): Generator<RowBatch> {
    const resumeAt = this.#held.length;
    const bytes = resumeAt === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const characters = bytes.toString('latin1');
    let rows: FramedRow[] = [];
    let rowStart = 0;
    for (let position = resumeAt; position < bytes.length; position += 1) {
      const isStart = position === rowStart && this.#spilled.length === 0;
      const end = isStart ? this.#endOfPlainRow(characters, rowStart) : -1;
      if (end >= 0) position = end;
      else if (!this.#endsRow(bytes[position] as number)) continue;
      position = this.#finishRow(rows, bytes, rowStart, position, false);
      rowStart = position + 1;
      if (rows.length < this.#batchRows) continue;
      this.#batchRows = MAX_BATCH_ROWS;
      yield { bytes, rows };
      rows = [];
    }
    if (this.#isUnreadableHeader) {
      // Nothing is read after it, so there is no need to find its end, which may never come.
      this.#finishRow(rows, bytes, rowStart, bytes.length, true);
      rowStart = bytes.length;
    }
    this.#holdRest(bytes.subarray(rowStart));
    yield { bytes, rows };
  }

  /** Whether the first row has not ended yet, and one of its fields is over the limit. */
  get #isUnreadableHeader(): boolean {
    const isFirst = this.#expectedFields === undefined && this.#framing.isRagged !== true;
    return isFirst && this.#fieldBytes > MAX_FIELD_BYTES;
  }

  /** The last row, if the text does not end with a line end; more if it has a bad quote. */
  *end(): Generator<RowBatch> {
    while (this.#held.length > 0 || this.#spilled.length > 0) {
      const bytes = this.#held;
      const rows: FramedRow[] = [];
      if (this.#state === QUOTED) this.#failQuotes(NEVER_CLOSED);
      if (this.#state === CR_SEEN) this.#failCarriageReturn();
      this.#state = PLAIN;
      const rowEnd = this.#finishRow(rows, bytes, 0, bytes.length, true);
      yield { bytes, rows };
      this.#held = NOTHING;
      yield* this.push(bytes.subarray(rowEnd + 1));
    }
  }

  /**
   * Passes over a row, given as a character for each byte, that has no quotes and in which nothing
   * is wrong; returns the position of its line feed, -1 for any other row. Most rows are like this:
   * V8 would optimize loops over their bytes on the cores on which threads begin to read usage.
   */
  #endOfPlainRow(characters: string, start: number): number {
    const end = characters.indexOf('\n', start);
    if (end < 0 || end - start > MAX_FIELD_BYTES) return -1;
    const row = characters.slice(start, end);
    if (NEEDS_CARE.test(row)) return -1;
    const hasCr = row.endsWith('\r');
    this.#asciiFields = (hasCr ? row.slice(0, -1) : row).split(this.#framing.delimiter);
    this.#field = this.#asciiFields.length - 1;
    this.#hasText = this.#textPattern.test(row);
    this.#state = hasCr ? CR_SEEN : PLAIN;
    this.#line += 1;
    return end;
  }

  /** Processes one byte; true for the line end that ends a row. */
  #endsRow(byte: number): boolean {
    if (byte === LF) this.#line += 1;
    if (byte === NUL && this.#state !== BROKEN) this.#fail(NUL_BYTE, this.#field);
    if (this.#state === CR_SEEN && byte !== LF) this.#failCarriageReturn();
    const before = this.#state;
    const state = stateAfter(byte, before, this.#delimiter);
    if (state === ROW_END) return true;
    this.#state = state;
    const isOpening = state === QUOTED && before === FIELD_START;
    if ((state === PLAIN || state === QUOTED) && !isOpening) this.#countFieldByte(byte);
    else if (state === FIELD_START) {
      this.#field += 1;
      this.#fieldBytes = 0;
    } else if (state === BROKEN && before !== BROKEN) this.#failQuotes(BAD_QUOTE);
    return false;
  }

  #countFieldByte(byte: number): void {
    if (byte !== SPACE && byte !== TAB) this.#hasText = true;
    this.#fieldBytes += 1;
    if (this.#fieldBytes > MAX_FIELD_BYTES) this.#failLength();
  }

  #failLength(): void {
    if (this.#state === QUOTED) {
      this.#hasBadQuotes = true;
      if (this.#framing.resumesAfterQuotes) this.#state = BROKEN;
    }
    this.#fail('a field over 64 KiB', this.#field);
  }

  #failQuotes(what: string): void {
    this.#hasBadQuotes = true;
    this.#fail(what);
  }

  #failCarriageReturn(): void {
    this.#fail('a carriage return that does not belong to a line end', this.#field);
  }

  /** Only the first defect of a row is reported: the others may only be consequences. */
  #fail(what: string, field?: number): void {
    this.#defect ??= field === undefined ? { what } : { what, field };
  }

  /**
   * Ends a row at `position`, or, if only its first line is spoiled by a bad quote, where that line
   * ends; returns where. `isCut`: the text ends with the row, and not with a line end.
   */
  #finishRow(
    rows: FramedRow[],
    bytes: Buffer,
    start: number,
    position: number,
    isCut: boolean,
  ): number {
    const isFirstLine = this.#hasBadQuotes && this.#framing.resumesAfterQuotes === true;
    const lineFeed = isFirstLine ? bytes.indexOf(LF, start) : -1;
    const rowEnd = lineFeed < 0 ? position : lineFeed;
    const mayEndInCr = isFirstLine || this.#state === BROKEN;
    const endsInCr = this.#state === CR_SEEN || (mayEndInCr && bytes[rowEnd - 1] === CR);
    const whole = this.#spilled.length === 0;
    const end = endsInCr && rowEnd > start ? rowEnd - 1 : rowEnd;
    const line = this.#rowLine;
    const isBlank = this.#field > 0 && !this.#hasText && this.#defect === undefined;
    if ((!whole || end > start) && !isBlank) {
      this.#checkFieldCount(isCut);
      const defect = this.#defect && {
        ...this.#defect,
        bytes: this.#defectiveBytes(bytes.subarray(start, end)),
      };
      if (defect !== undefined) rows.push({ line, start, end, defect });
      else rows.push({ line, start, end, asciiFields: this.#asciiFields });
    }
    if (rowEnd < position) this.#line = line + 1;
    this.#rowLine = this.#line;
    this.#beginRow();
    return rowEnd;
  }

  #beginRow(): void {
    this.#state = FIELD_START;
    this.#field = 0;
    this.#fieldBytes = 0;
    this.#hasText = false;
    this.#asciiFields = undefined;
    this.#defect = undefined;
    this.#hasBadQuotes = false;
    this.#spilled = [];
  }

  #checkFieldCount(isCut: boolean): void {
    const count = this.#field + 1;
    const { isRagged = false, fewestFields } = this.#framing;
    const isFirst = this.#expectedFields === undefined;
    if (isFirst && count > MAX_HEADER_FIELDS) this.#fail(`more than ${MAX_HEADER_FIELDS} columns`);
    if (isRagged) return;
    this.#expectedFields ??= count;
    if (count === this.#expectedFields) return;
    // Spreadsheets omit blank fields at the end of a row; a truncated file looks the same.
    const mayBeShort = fewestFields !== undefined && !isCut && (count > 1 || this.#hasText);
    if (mayBeShort && count >= fewestFields && count < this.#expectedFields) return;
    const comparison = count < this.#expectedFields ? 'too short' : 'too long';
    this.#fail(
      `the row is ${comparison}: the header has ${countShown(this.#expectedFields, 'field')}, the row ${countShown(count, 'field')}`,
    );
  }

  #defectiveBytes(rest: Buffer): Buffer {
    const bytes = Buffer.concat([...this.#spilled, rest]);
    return this.#framing.keepDefective ? bytes : Buffer.from(bytes.subarray(0, KEPT_DEFECT_BYTES));
  }

  #holdRest(rest: Buffer): void {
    const limit = (this.#framing.isRagged ? undefined : this.#expectedFields) ?? MAX_HEADER_FIELDS;
    const isBad = this.#defect !== undefined || this.#field >= limit || this.#spilled.length > 0;
    // After a bad quote the lines after the first are read again.
    if (isBad && !this.#framing.resumesAfterQuotes) {
      // A last CR may belong to a line end: the next byte decides.
      const end = rest.at(-1) === CR ? rest.length - 1 : rest.length;
      this.#spill(rest.subarray(0, end));
      this.#held = Buffer.from(rest.subarray(end));
    } else {
      this.#held = rest;
    }
  }

  #spill(rest: Buffer): void {
    const spilledBytes = this.#spilled.reduce((total, part) => total + part.length, 0);
    const wanted = this.#framing.keepDefective ? rest.length : KEPT_DEFECT_BYTES - spilledBytes;
    if (wanted > 0 || spilledBytes === 0) this.#spilled.push(Buffer.from(rest.subarray(0, wanted)));
  }
}
