import type { Problem } from '../../domain/problem.ts';
import {
  type CsvEntry,
  framedEntries,
  isBadRow,
  type PlacedRow,
  placedEntries,
} from '../../input/csv.ts';
import { framingOf, openCsv } from '../../input/csv-opening.ts';
import { limitedLines } from '../../input/line-limit.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { lineFeeds } from '../../input/row-end.ts';
import { emptyFile, type Header, markProblem, rowProblem, TableRow } from '../../input/table.ts';
import type { RowSums } from '../kinds/reading-state.ts';
import { REQUEST_COLUMNS, USAGE_COLUMNS, usageKindNamed } from '../kinds/usage-kind.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import { type MarkedRow, MarkedRows } from './marked-rows.ts';
import type { UsageFile } from './usage-file.ts';
import { usageHeader } from './usage-header.ts';

/*
 * The reference reading of usage: csv-parse splits the rows, and each field is parsed from its
 * text. The kernel leaves unusual rows to it.
 */

/** Reads the rows of a usage file, its header first. May throw `BadInput`, from `chunks`. */
export async function readExactly(
  file: string,
  chunks: AsyncIterable<Buffer>,
  sums: RowSums,
): Promise<void> {
  const { listener } = sums;
  const opened = await openCsv(file, chunks, USAGE_COLUMNS, listener.onBadRow !== undefined);
  if (opened === undefined) {
    listener.log.add(emptyFile(file, REQUEST_COLUMNS));
    return;
  }
  const read = usageHeader(file, opened.header, listener.log);
  if (read === undefined) return;
  const framing = { ...framingOf(opened.opening), fields: read.header.names.length };
  const rows = await exactRows({ file, ...read, framing }, sums);
  await rows.read(opened.rows);
  rows.end();
}

/** What is known of a file whose rows are read from their text. */
type ExactFile = Omit<UsageFile, 'bodyStart' | 'rowGroups'>;

/** Reads the rows of a file whose header is known. */
export async function exactRows(file: ExactFile, sums: RowSums): Promise<ExactRows> {
  const { kind: name, header, framing, decimalMark } = file;
  const reader = await usageKindNamed(name).loadReader(sums);
  if (framing.delimiter === ',') return new ExactRows(file, sums, reader);
  const numbers = new MarkedRows(header, decimalMark);
  const marked = { ...file, header: { ...header, allowsDecimalComma: true } };
  return new ExactRows(marked, sums, reader, numbers);
}

/** Reads the rows of one file. */
export class ExactRows {
  readonly #file: string;
  readonly #header: Header;
  readonly #framing: ExactFile['framing'];
  readonly #sums: RowSums;
  readonly #reader: RowReader;
  /** Where a number may have a comma as its decimal mark. */
  readonly numbers: MarkedRows | undefined;

  constructor(
    { file, header, framing }: ExactFile,
    sums: RowSums,
    reader: RowReader,
    numbers?: MarkedRows,
  ) {
    const keepsBytes = sums.listener.onBadRow !== undefined;
    this.#file = file;
    this.#header = header;
    this.#framing = { ...framing, keepDefective: keepsBytes, resumesAfterQuotes: keepsBytes };
    this.#sums = sums;
    this.#reader = reader;
    this.numbers = numbers;
  }

  async read(batches: AsyncIterable<readonly CsvEntry[]>): Promise<void> {
    for await (const entries of batches) this.#readBatch(entries);
  }

  /** Reads the rows of a text that begins on line `firstLine`. May throw `BadInput`. */
  async readText(chunks: AsyncIterable<Buffer>, firstLine: number): Promise<void> {
    const limited = limitedLines(this.#file, chunks, firstLine);
    await this.read(framedEntries(limited, { ...this.#framing, firstLine }));
  }

  readPlaced(rows: readonly PlacedRow[]): void {
    for (const entries of placedEntries(rows, this.#framing)) this.#readBatch(entries);
  }

  #readBatch(entries: readonly CsvEntry[]): void {
    for (const entry of entries) this.#readEntry(entry);
    this.#sums.progress.onRows?.(entries.length);
  }

  #readEntry(entry: CsvEntry): void {
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

  #readMarked({ row, findings }: MarkedRow): void {
    const problems = findings.map((finding) => markProblem(this.#file, finding));
    if (problems.length === 0) this.#read(row);
    else this.#bad(row.line, problems, row.bytes);
  }

  #read(entry: MarkedRow['row']): void {
    const log = new ProblemLog();
    this.#reader.read(new TableRow(this.#file, entry, this.#header, log));
    if (log.total > 0) this.#bad(entry.line, log.kept, entry.bytes);
  }

  #bad(line: number, problems: readonly Problem[], bytes: Buffer = Buffer.alloc(0)): void {
    this.#sums.badRows += 1;
    this.#sums.badLines += 1 + lineFeeds(bytes, 0, bytes.length);
    const { log, onBadRow } = this.#sums.listener;
    if (onBadRow !== undefined) onBadRow({ place: { file: this.#file, line }, problems, bytes });
    else for (const problem of problems) log.add(problem);
  }
}
