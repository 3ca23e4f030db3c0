import { isAscii, isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import {
  CsvFramer,
  type Delimiter,
  type FramedRow,
  type Framing,
  type RowBatch,
  type RowDefect,
  type RowFraming,
} from './csv-framing.ts';
import { lineFeeds, QUOTE } from './row-end.ts';

/** A row whose fields can be read, as written in the file: not trimmed. */
export interface CsvRow {
  /** The physical line, from 1, on which the row begins. */
  readonly line: number;
  readonly fields: readonly string[];
  /** The row as written, if requested. */
  readonly bytes?: Buffer;
}

/** A row that is not a valid row of this CSV. */
export interface BadCsvRow {
  readonly line: number;
  readonly defect: RowDefect;
}

export type CsvEntry = CsvRow | BadCsvRow;

/** Whether a row could not be read. */
export function isBadRow(entry: CsvEntry): entry is BadCsvRow {
  return 'defect' in entry;
}

/** Of rows that are framed already. */
const CSV_PARSE_OPTIONS = { record_delimiter: '\n', relax_column_count: true };

/**
 * The rows of a CSV, in UTF-8 without a byte order mark, in the order of the file: first the header
 * alone, if the text has it, then batch by batch, as the chunks arrive. Empty lines are skipped, and so are rows whose
 * fields are all blank. A row that cannot be read is given with its defect, and reading goes on
 * after it. `keepDefective` keeps all rows as written.
 */
export async function* framedEntries(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  framing: Framing,
): AsyncGenerator<CsvEntry[]> {
  const framer = new CsvFramer(framing);
  for await (const chunk of chunks) {
    for (const batch of framer.push(chunk)) {
      const entries = entriesOf(batch, framing);
      if (entries.length > 0) yield entries;
    }
  }
  for (const batch of framer.end()) {
    const last = entriesOf(batch, framing);
    if (last.length > 0) yield last;
  }
}

/** A row as written, with its line end if it has one, and the line of its file on which it begins. */
export interface PlacedRow {
  readonly bytes: Buffer;
  readonly line: number;
}

/** The same for some of the rows after a header. */
export function* placedEntries(
  rows: readonly PlacedRow[],
  framing: RowFraming,
): Generator<CsvEntry[]> {
  if (rows.length === 0) return;
  const framer = new CsvFramer({ ...framing, firstLine: 1 });
  const lines = placedLines(rows);
  function* placed(batches: Iterable<RowBatch>): Generator<CsvEntry[]> {
    for (const batch of batches) {
      yield entriesOf(batch, framing).map((entry) => ({
        ...entry,
        line: lines.get(entry.line) as number,
      }));
    }
  }
  yield* placed(framer.push(Buffer.concat(rows.map(({ bytes }) => bytes))));
  yield* placed(framer.end());
}

/** From the lines of some rows, one after another, to their lines in the file. */
function placedLines(rows: readonly PlacedRow[]): Map<number, number> {
  const lines = new Map<number, number>();
  let next = 1;
  for (const { bytes, line } of rows) {
    // After a bad quote a row may begin on any of its lines.
    const more = lineFeeds(bytes, 0, bytes.length);
    for (let at = 0; at <= more; at += 1) lines.set(next + at, line + at);
    next += more;
  }
  return lines;
}

/** The first rows of a text, at most `most`; the last one may be cut off if the text is. */
export function firstEntries(text: Buffer, framing: Framing, most: number): CsvEntry[] {
  const framer = new CsvFramer(framing);
  const entries: CsvEntry[] = [];
  for (const batch of framer.push(text)) {
    const rows = batch.rows.slice(0, most);
    for (const row of rows) entries.push(...entriesOf({ ...batch, rows: [row] }, framing));
    if (entries.length >= most) return entries.slice(0, most);
  }
  for (const batch of framer.end()) entries.push(...entriesOf(batch, framing));
  return entries.slice(0, most);
}

function entriesOf(
  { bytes, rows: framed }: RowBatch,
  framing: Pick<Framing, 'delimiter' | 'keepDefective'>,
): CsvEntry[] {
  const rows = withUtf8Defects(bytes, framed, framing.delimiter);
  const isQuoted = (row: FramedRow): boolean => isReadQuoted(bytes, row);
  const quoted = quotedFields(bytes, rows.filter(isQuoted), framing.delimiter);
  const { delimiter, keepDefective: keepBytes = false } = framing;
  const areAscii = isAscii(bytes.subarray(rows[0]?.start, rows.at(-1)?.end));
  const entries: CsvEntry[] = [];
  for (const row of rows) {
    const { line, start, end, defect } = row;
    if (defect !== undefined) {
      entries.push({ line, defect });
      continue;
    }
    const known = areAscii ? row.asciiFields : undefined;
    const fields = isQuoted(row)
      ? (quoted.next().value as string[])
      : (known ?? bytes.toString('utf8', start, end).split(delimiter));
    entries.push(
      keepBytes ? { line, fields, bytes: bytes.subarray(start, end) } : { line, fields },
    );
  }
  return entries;
}

/** Whether csv-parse has to split a row: of one without quotes every delimiter separates fields. */
function isReadQuoted(bytes: Buffer, { start, end, defect, asciiFields }: FramedRow): boolean {
  if (defect !== undefined || asciiFields !== undefined) return false;
  return bytes.subarray(start, end).includes(QUOTE);
}

const LINE_END = Buffer.from('\n');

/** The fields of rows with quotes, row by row. */
function* quotedFields(
  bytes: Buffer,
  rows: readonly FramedRow[],
  delimiter: Delimiter,
): Generator<string[]> {
  const [first] = rows;
  if (first === undefined) return;
  const text = rows.flatMap(({ start, end }) => [bytes.subarray(start, end), LINE_END]);
  const records: string[][] = parse(Buffer.concat(text), { ...CSV_PARSE_OPTIONS, delimiter });
  if (records.length !== rows.length) {
    throw new Error(
      `csv-parse sees ${records.length} rows from line ${first.line}, not ${rows.length}`,
    );
  }
  yield* records;
}

function withUtf8Defects(
  bytes: Buffer,
  rows: readonly FramedRow[],
  delimiter: Delimiter,
): readonly FramedRow[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return rows;
  if (isUtf8(bytes.subarray(first.start, last.end))) return rows;
  return rows.map((row) => {
    if (row.defect !== undefined) return row;
    const rowBytes = bytes.subarray(row.start, row.end);
    return isUtf8(rowBytes) ? row : { ...row, defect: utf8Defect(rowBytes, delimiter) };
  });
}

function utf8Defect(bytes: Buffer, delimiter: Delimiter): RowDefect {
  const what = 'bytes that are not UTF-8: save the file as "CSV UTF-8"';
  // With no encoding csv-parse gives the fields as bytes, which its types do not declare.
  const rows = parse(bytes, {
    ...CSV_PARSE_OPTIONS,
    delimiter,
    encoding: null,
  }) as unknown as Buffer[][];
  const field = rows[0]?.findIndex((text) => !isUtf8(text)) ?? 0;
  return { what, field, bytes: Buffer.from(bytes) };
}
