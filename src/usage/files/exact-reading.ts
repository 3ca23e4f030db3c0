import type { Problem } from '../../domain/problem.ts';
import { type CsvEntry, framedEntries, isBadRow } from '../../input/csv.ts';
import { openCsv } from '../../input/csv-opening.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { lineFeeds } from '../../input/row-end.ts';
import {
  emptyFile,
  type Header,
  headerNames,
  readHeader,
  rowProblem,
  TableRow,
} from '../../input/table.ts';
import type { ReadingListener, RowSums } from '../kinds/reading-state.ts';
import {
  REQUEST_COLUMNS,
  USAGE_COLUMNS,
  type UsageKind,
  usageKindNamed,
  usageKindOf,
} from '../kinds/usage-kind.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import { billInsteadOf } from './bill-header.ts';
import { type MarkedRow, MarkedRows } from './marked-rows.ts';
import type { UsageFile } from './usage-file.ts';

/*
 * The reference reading of usage: csv-parse splits the rows, and each field is parsed from its
 * text. The kernel leaves unusual rows to it.
 */

/** What the first row of a usage file says. */
export interface UsageHeader {
  readonly kind: UsageKind;
  readonly header: Header;
}

/** Reads the rows of a usage file, its header first. May throw `BadInput`, from `chunks`. */
export async function readExactly(
  file: string,
  chunks: AsyncIterable<Buffer>,
  sums: RowSums,
): Promise<void> {
  const { listener, progress } = sums;
  const opened = await openCsv(file, chunks, USAGE_COLUMNS, listener.keepsBytes);
  if (opened === undefined) {
    listener.onProblem(emptyFile(file, REQUEST_COLUMNS));
    return;
  }
  const read = usageHeader(file, opened.header, listener);
  if (read === undefined) return;
  const rows = await exactRows(file, read, sums, opened.opening.delimiter !== ',');
  for await (const entries of opened.rows) {
    for (const entry of entries) rows.read(entry);
    progress.onRows?.(entries.length);
  }
  rows.end();
}

/** Reads the first row of a file as its header; `undefined` if it has a problem. */
function usageHeader(
  file: string,
  entry: CsvEntry,
  listener: ReadingListener,
): UsageHeader | undefined {
  const names = isBadRow(entry) ? [] : headerNames(entry);
  const what = billInsteadOf('usage', names);
  if (what !== undefined) {
    listener.onProblem({ file, what });
    return undefined;
  }
  const kind = usageKindOf(names);
  const log = new ProblemLog();
  const header = readHeader(file, entry, kind.columns, log);
  for (const problem of log.kept) listener.onProblem(placedOrNot(problem));
  return header && { kind, header };
}

/** The header of Parquet, whose rows count from 1, is on no line. */
function placedOrNot({ line, ...problem }: Problem): Problem {
  return line === undefined || line === 0 ? problem : { ...problem, line };
}

/** What the bytes of a header row say; `undefined` if they have a problem. */
export async function headerInBytes(
  file: string,
  headerBytes: Buffer,
  framing: UsageFile['framing'],
  listener: ReadingListener,
): Promise<UsageHeader | undefined> {
  for await (const [entry] of framedEntries([headerBytes], framing)) {
    if (entry !== undefined) return usageHeader(file, entry, listener);
  }
  throw new Error(`${file}: no header where one was found`);
}

/** Reads the rows of a file whose header is already known, when the kernel does not accept all of them. */
export async function exactRowsOf(
  { file, kind, header, framing, decimalMark }: UsageFile,
  sums: RowSums,
): Promise<ExactRows> {
  const isMarked = framing.delimiter !== ',';
  const rows = await exactRows(file, { kind: usageKindNamed(kind), header }, sums, isMarked);
  if (decimalMark !== undefined) rows.numbers?.prove(decimalMark);
  return rows;
}

async function exactRows(
  file: string,
  { kind, header }: UsageHeader,
  sums: RowSums,
  isMarked: boolean,
): Promise<ExactRows> {
  const reader = await kind.loadReader(sums);
  if (!isMarked) return new ExactRows(file, header, sums, reader);
  const numbers = new MarkedRows(header, kind.numbers);
  return new ExactRows(file, { ...header, allowsDecimalComma: true }, sums, reader, numbers);
}

/** Reads the rows of one file. */
export class ExactRows {
  readonly #file: string;
  readonly #header: Header;
  readonly #sums: RowSums;
  readonly #reader: RowReader;
  /** Where a number may have a comma as its decimal mark. */
  readonly numbers: MarkedRows | undefined;

  constructor(
    file: string,
    header: Header,
    sums: RowSums,
    reader: RowReader,
    numbers?: MarkedRows,
  ) {
    this.#file = file;
    this.#header = header;
    this.#sums = sums;
    this.#reader = reader;
    this.numbers = numbers;
  }

  read(entry: CsvEntry): void {
    this.#sums.rows += 1;
    if (isBadRow(entry)) {
      const problems = [rowProblem(this.#file, entry, this.#header.names)];
      this.#bad(entry.line, problems, entry.defect.bytes);
    } else if (this.numbers === undefined) this.#read(entry);
    else for (const row of this.numbers.take(entry)) this.#readMarked(row);
  }

  /** Reads the rows that had to wait for the end of the file. */
  end(): void {
    for (const row of this.numbers?.end() ?? []) this.#readMarked(row);
  }

  #readMarked({ row, finding }: MarkedRow): void {
    if (finding === undefined) {
      this.#read(row);
      return;
    }
    const { number, what, kind } = finding;
    const { line, column, text } = number;
    this.#bad(line, [{ file: this.#file, line, column, what, kind, value: text }], row.bytes);
  }

  #read(entry: MarkedRow['row']): void {
    const log = new ProblemLog();
    this.#reader.read(new TableRow(this.#file, entry, this.#header, log));
    if (log.total > 0) this.#bad(entry.line, log.kept, entry.bytes);
  }

  #bad(line: number, problems: readonly Problem[], bytes: Buffer = Buffer.alloc(0)): void {
    this.#sums.badRows += 1;
    this.#sums.badLines += 1 + lineFeeds(bytes, 0, bytes.length);
    this.#sums.listener.onBadRow({ place: { file: this.#file, line }, problems, bytes });
  }
}
