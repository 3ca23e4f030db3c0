import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { CsvFramer, type FramedRow, type RowBatch, type RowDefect } from './csv-framing.ts';
import { trimmed } from './fields.ts';

/** A row whose fields can be read, as they stand in the file: not trimmed. */
export interface CsvRow {
  /** The physical line, from 1, on which the row begins. */
  readonly line: number;
  readonly fields: readonly string[];
  /** The row as it stood, where it was asked for. */
  readonly bytes?: Buffer;
}

/** A row that is no row of this CSV. */
export interface BadCsvRow {
  readonly line: number;
  readonly defect: RowDefect;
}

export type CsvEntry = CsvRow | BadCsvRow;

/** Whether a row could not be read. */
export function isBadRow(entry: CsvEntry): entry is BadCsvRow {
  return 'defect' in entry;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const CSV_PARSE_OPTIONS = {
  bom: false,
  columns: false as const,
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  skip_empty_lines: true,
  trim: false,
};

/**
 * The rows of a CSV in the order of the file: the header alone, and then batch by batch, as
 * the chunks come. Wholly empty lines are no rows. A row that cannot be read is given with its
 * defect, and reading goes on behind it. `keepBytes`: every row is wanted as it stood, too.
 */
export async function* csvEntries(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  keepBytes = false,
): AsyncGenerator<CsvEntry[]> {
  const framer = new CsvFramer(keepBytes);
  for await (const chunk of withoutByteOrderMark(chunks)) {
    for (const batch of framer.push(chunk)) {
      const entries = entriesOf(batch, keepBytes);
      if (entries.length > 0) yield entries;
    }
  }
  const last = entriesOf(framer.end(), keepBytes);
  if (last.length > 0) yield last;
}

/**
 * The names in the header of a CSV, trimmed: none of an empty one, nothing where its header
 * cannot be read. No more is taken in than the header needs.
 */
export async function headerNames(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<string[] | undefined> {
  for await (const [header] of csvEntries(chunks)) {
    return header === undefined || isBadRow(header) ? undefined : header.fields.map(trimmed);
  }
  return [];
}

async function* withoutByteOrderMark(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BYTE_ORDER_MARK.length) continue;
    const marked = start.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    yield marked ? start.subarray(BYTE_ORDER_MARK.length) : start;
    start = undefined;
  }
  if (start !== undefined && start.length > 0) yield start;
}

function entriesOf({ bytes, rows: framed }: RowBatch, keepBytes: boolean): CsvEntry[] {
  const rows = withUtf8Defects(bytes, framed);
  const entries: CsvEntry[] = [];
  let run: FramedRow[] = [];
  for (const row of rows) {
    if (row.defect === undefined) {
      run.push(row);
      continue;
    }
    entries.push(...rowsOfRun(bytes, run, keepBytes), { line: row.line, defect: row.defect });
    run = [];
  }
  if (entries.length === 0) return rowsOfRun(bytes, run, keepBytes);
  entries.push(...rowsOfRun(bytes, run, keepBytes));
  return entries;
}

/** Takes apart rows that lie behind one another with nothing but line ends between them. */
function rowsOfRun(bytes: Buffer, run: readonly FramedRow[], keepBytes: boolean): CsvRow[] {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return [];
  const records: string[][] = parse(bytes.subarray(first.start, last.end), CSV_PARSE_OPTIONS);
  if (records.length !== run.length) {
    throw new Error(
      `csv-parse sees ${records.length} rows from line ${first.line}, not ${run.length}`,
    );
  }
  return run.map(({ line, start, end }, index) => {
    const fields = records[index] as string[];
    return keepBytes ? { line, fields, bytes: bytes.subarray(start, end) } : { line, fields };
  });
}

function withUtf8Defects(bytes: Buffer, rows: readonly FramedRow[]): readonly FramedRow[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return rows;
  if (isUtf8(bytes.subarray(first.start, last.end))) return rows;
  return rows.map((row) => {
    if (row.defect !== undefined) return row;
    const rowBytes = bytes.subarray(row.start, row.end);
    return isUtf8(rowBytes) ? row : { ...row, defect: utf8Defect(rowBytes) };
  });
}

function utf8Defect(bytes: Buffer): RowDefect {
  const what = 'bytes that are not UTF-8: save the file as "CSV UTF-8"';
  // With no encoding csv-parse gives the fields as bytes, which its types do not tell.
  const rows = parse(bytes, { ...CSV_PARSE_OPTIONS, encoding: null }) as unknown as Buffer[][];
  const field = rows[0]?.findIndex((text) => !isUtf8(text)) ?? 0;
  return { what, field, bytes: Buffer.from(bytes) };
}
