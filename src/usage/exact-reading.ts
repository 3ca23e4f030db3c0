import type { Problem } from '../domain/problem.ts';
import { type CsvEntry, csvEntries, isBadRow } from '../input/csv.ts';
import { trimmed } from '../input/fields.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { emptyFile, type Header, readHeader, rowProblem } from '../input/table.ts';
import { type RowReader, type UsageKind, usageKindNamed, usageKindOf } from './kinds/usage-kind.ts';
import type { ReadingListener, RowSums } from './reading-state.ts';
import type { UsageFile } from './usage-file.ts';

/*
 * The reading of usage that says what it means: csv-parse takes the rows apart, and each
 * field is read from its text. The hot path leaves the rows to it that are unusual.
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
  let rows: ExactRows | undefined;
  for await (const entries of csvEntries(chunks, sums.listener.keepsBytes)) {
    let body = entries;
    if (rows === undefined) {
      const read = usageHeader(file, entries[0] as CsvEntry, sums.listener);
      if (read === undefined) return;
      rows = await exactRows(file, read, sums);
      body = entries.slice(1);
    }
    for (const entry of body) rows.read(entry);
    sums.progress.onRows?.(body.length);
  }
  if (rows === undefined) sums.listener.onProblem(emptyFile(file, usageKindOf([]).columns));
}

/** Reads the first row of a file as its header; nothing where it has a problem. */
function usageHeader(
  file: string,
  entry: CsvEntry,
  listener: ReadingListener,
): UsageHeader | undefined {
  const names = isBadRow(entry) ? [] : entry.fields.map((name) => trimmed(name).toLowerCase());
  const kind = usageKindOf(names);
  const log = new ProblemLog();
  const header = readHeader(file, entry, kind.columns, log);
  for (const problem of log.kept) listener.onProblem(problem);
  return header && { kind, header };
}

/** The same of a header row that begins on this line of the file. */
export async function usageHeaderOf(
  file: string,
  headerBytes: Buffer,
  line: number,
  listener: ReadingListener,
): Promise<UsageHeader | undefined> {
  for await (const [entry] of csvEntries([headerBytes], listener.keepsBytes)) {
    if (entry !== undefined) return usageHeader(file, { ...entry, line }, listener);
  }
  throw new Error(`${file}: no header where one was found`);
}

/**
 * Reads rows of a file whose header is known already. `lineOf` gives the line of each, from
 * the line that it has in a text of the header and `chunks` alone.
 */
export async function readRowsExactly(
  { file, kind, header, headerBytes }: UsageFile,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  lineOf: (line: number) => number,
  sums: RowSums,
): Promise<void> {
  const rows = await exactRows(file, { kind: usageKindNamed(kind), header }, sums);
  const text = following(Buffer.from(headerBytes), chunks);
  let isHeader = true;
  for await (const entries of csvEntries(text, sums.listener.keepsBytes)) {
    const body = isHeader ? entries.slice(1) : entries;
    for (const entry of body) rows.read({ ...entry, line: lineOf(entry.line) });
    sums.progress.onRows?.(body.length);
    isHeader = false;
  }
}

async function* following(
  headerBytes: Buffer,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield headerBytes;
  yield* chunks;
}

async function exactRows(
  file: string,
  { kind, header }: UsageHeader,
  sums: RowSums,
): Promise<ExactRows> {
  return new ExactRows(file, header, sums, await kind.loadReader(sums));
}

/** Reads the rows of one file. */
class ExactRows {
  readonly #file: string;
  readonly #header: Header;
  readonly #sums: RowSums;
  readonly #reader: RowReader;

  constructor(file: string, header: Header, sums: RowSums, reader: RowReader) {
    this.#file = file;
    this.#header = header;
    this.#sums = sums;
    this.#reader = reader;
  }

  read(entry: CsvEntry): void {
    const file = this.#file;
    this.#sums.rows += 1;
    if (isBadRow(entry)) {
      const problems = [rowProblem(file, entry, this.#header.names)];
      this.#bad(entry, problems, entry.defect.bytes);
      return;
    }
    const outcome = this.#reader.read(file, entry, this.#header);
    if (outcome === 'duplicate') this.#sums.duplicates += 1;
    else if (outcome !== 'counted') this.#bad(entry, outcome, entry.bytes);
  }

  #bad({ line }: CsvEntry, problems: readonly Problem[], bytes: Buffer = Buffer.alloc(0)): void {
    this.#sums.badRows += 1;
    this.#sums.listener.onBadRow({ place: { file: this.#file, line }, problems, bytes });
  }
}
