import { BadInput } from '../domain/problem.ts';
import { type ByteSource, readBytes } from '../input/byte-source.ts';
import { type CsvEntry, csvEntries, isBadRow } from '../input/csv.ts';
import { trimmed } from '../input/fields.ts';
import { rowProblem } from '../input/table.ts';
import { type CurHeader, curHeader } from './cur-columns.ts';
import type { CurSink } from './cur-sink.ts';
import { type CurRow, KIRO_PRODUCT } from './kiro-line.ts';
import { type FilteredRow, MAX_ROW_BYTES, RowFilter } from './row-filter.ts';

/** Reads the Kiro rows of a CUR in CSV or gzipped CSV; all others are never taken apart. */
export async function readCurCsv(source: ByteSource, sink: CurSink): Promise<void> {
  const rows = new KiroRows(source, sink);
  let header: CurHeader | undefined;
  let names: string[] = [];
  for await (const entries of csvEntries(rows.bytes())) {
    let rest = entries;
    if (header === undefined) {
      names = headerNames(source.file, entries[0] as CsvEntry);
      header = headerOrThrow(source.file, names);
      rest = entries.slice(1);
    }
    for (const entry of rest) {
      const line = rows.lineOf(entry.line);
      if (isBadRow(entry)) sink.problem(rowProblem(source.file, { ...entry, line }, names));
      else sink.row(csvRow(source.file, line, entry.fields, header));
    }
  }
  if (header === undefined) {
    throw new BadInput([{ file: source.file, what: 'the file is empty: download it again' }]);
  }
}

function headerNames(file: string, entry: CsvEntry): string[] {
  if (isBadRow(entry)) throw new BadInput([rowProblem(file, entry, [])]);
  return entry.fields.map(trimmed);
}

function headerOrThrow(file: string, names: readonly string[]): CurHeader {
  const found = curHeader(file, names);
  if ('problems' in found) throw new BadInput(found.problems);
  return found.header;
}

function csvRow(file: string, line: number, fields: readonly string[], header: CurHeader): CurRow {
  return {
    file,
    line,
    text: (field) => trimmed(fields[header.get(field)?.index ?? -1] ?? ''),
  };
}

/** The header of a CUR and its rows that hold Kiro's product code, as one smaller CSV. */
class KiroRows {
  readonly #source: ByteSource;
  readonly #sink: CurSink;
  readonly #filter = new RowFilter(KIRO_PRODUCT);
  /** Of the smaller CSV's lines on which a row begins, the line in the file. */
  readonly #lines = new Map<number, number>();
  #writtenLines = 1;

  constructor(source: ByteSource, sink: CurSink) {
    this.#source = source;
    this.#sink = sink;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    for await (const chunk of readBytes(this.#source, (count) => this.#sink.onBytes(count))) {
      const before = this.#filter.rowCount;
      const rows = this.#filter.push(chunk);
      this.#sink.onRows(this.#filter.rowCount - before);
      if (rows.length > 0) yield this.#joined(rows);
      if (this.#filter.openBytes > MAX_ROW_BYTES) throw this.#unclosed();
    }
    if (this.#filter.isQuoted) throw this.#unclosed();
    const last = this.#filter.end();
    if (last.length > 0) yield this.#joined(last);
  }

  /** The line in the file of a row that begins on `line` of the smaller CSV. */
  lineOf(line: number): number {
    const found = this.#lines.get(line) ?? line;
    this.#lines.delete(line);
    return found;
  }

  #joined(rows: readonly FilteredRow[]): Buffer {
    for (const { line, bytes } of rows) {
      this.#lines.set(this.#writtenLines, line);
      this.#writtenLines += countLineEnds(bytes);
    }
    return Buffer.concat(rows.map(({ bytes }) => bytes));
  }

  #unclosed(): BadInput {
    const { file } = this.#source;
    const what =
      'a quoted field is never closed: the file is cut off or damaged, download it again';
    return new BadInput([{ file, line: this.#filter.openLine, column: 'row', what }]);
  }
}

const LF = 0x0a;

function countLineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}
