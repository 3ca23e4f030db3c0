import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import { type CsvEntry, csvEntries, isBadRow } from '../../input/csv.ts';
import { trimmed } from '../../input/fields.ts';
import type { ProblemLog } from '../../input/problem-log.ts';
import { type Header, readHeader, rowProblem, TableRow } from '../../input/table.ts';
import type { BadUsageRow, ReadingProgress } from '../plan.ts';
import type { ActivityReports } from './activity-reports.ts';
import { ACTIVITY_COLUMNS, isActivityHeader, isReportSibling } from './activity-row.ts';

/** What reading reports came to, beside the rows that `ActivityReports` has taken. */
export interface ReportReading {
  readonly rows: number;
  readonly badRows: number;
}

/**
 * Reads activity reports, one after another, into `reports`. Problems go to `log`, but bad
 * rows go to `onBadRow` instead where it is given, as with request usage.
 */
export async function readReports(
  sources: readonly ByteSource[],
  reports: ActivityReports,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
): Promise<ReportReading> {
  const reader = new ReportReader(reports, log, onBadRow, progress);
  for (const source of sources) {
    try {
      await reader.readFile(source);
    } catch (error) {
      log.addFailure(error);
    }
  }
  return reader;
}

class ReportReader implements ReportReading {
  rows = 0;
  badRows = 0;
  readonly #reports: ActivityReports;
  readonly #log: ProblemLog;
  readonly #onBadRow: ((row: BadUsageRow) => void) | undefined;
  readonly #progress: ReadingProgress;

  constructor(
    reports: ActivityReports,
    log: ProblemLog,
    onBadRow: ((row: BadUsageRow) => void) | undefined,
    progress: ReadingProgress,
  ) {
    this.#reports = reports;
    this.#log = log;
    this.#onBadRow = onBadRow;
    this.#progress = progress;
  }

  async readFile(source: ByteSource): Promise<void> {
    const { file } = source;
    let header: Header | undefined;
    const bytes = readBytes(source, this.#progress.onBytes);
    for await (const entries of csvEntries(bytes, this.#onBadRow !== undefined)) {
      let rows = entries;
      if (header === undefined) {
        header = readHeader(file, entries[0] as CsvEntry, ACTIVITY_COLUMNS, this.#log);
        if (header === undefined) return;
        rows = entries.slice(1);
      }
      for (const row of rows) this.#readRow(file, row, header);
      this.rows += rows.length;
      this.#progress.onRows?.(rows.length);
    }
  }

  #readRow(file: string, entry: CsvEntry, header: Header): void {
    const place = { file, line: entry.line };
    if (isBadRow(entry)) {
      const problems = [rowProblem(file, entry, header.names)];
      this.#bad({ place, problems, bytes: entry.defect.bytes });
      return;
    }
    const problems = this.#reports.addTableRow((log) => new TableRow(file, entry, header, log));
    if (problems.length > 0) {
      this.#bad({ place, problems, bytes: entry.bytes ?? Buffer.alloc(0) });
    }
  }

  #bad(row: BadUsageRow): void {
    this.badRows += 1;
    if (this.#onBadRow !== undefined) this.#onBadRow(row);
    else for (const problem of row.problems) this.#log.add(problem);
  }
}

/** Usage files by what they are. */
export interface SortedSources {
  readonly reports: readonly ByteSource[];
  /** All files that are no reports; without those that only stand beside reports in a bucket. */
  readonly others: readonly ByteSource[];
  /** Files that were passed over, since they only stand beside reports. */
  readonly siblings: number;
}

/**
 * Tells activity reports from other usage by their headers. Where there are reports, the
 * other files of a bucket are passed over: analytics without credits, markers, empty files.
 * Standard input can still be read afterwards.
 */
export async function sortSources(sources: readonly ByteSource[]): Promise<SortedSources> {
  const sorted: { kind: 'report' | 'sibling' | 'other'; source: ByteSource }[] = [];
  for (const source of sources) {
    const { names, whole } = await headerOf(source);
    sorted.push({ kind: kindOf(source.file, names), source: whole });
  }
  const ofKind = (...kinds: string[]): ByteSource[] =>
    sorted.filter(({ kind }) => kinds.includes(kind)).map(({ source }) => source);
  const reports = ofKind('report');
  if (reports.length === 0) return { reports, others: ofKind('other', 'sibling'), siblings: 0 };
  return { reports, others: ofKind('other'), siblings: ofKind('sibling').length };
}

function kindOf(file: string, names: readonly string[] | undefined) {
  if (names === undefined) return 'other';
  if (isActivityHeader(names)) return 'report';
  return names.length === 0 || isReportSibling(file, names) ? 'sibling' : 'other';
}

/** The names of a file's header, none of an empty file; nothing where it cannot be read. */
async function headerOf(
  source: ByteSource,
): Promise<{ names: readonly string[] | undefined; whole: ByteSource }> {
  if (source.stream !== undefined) return headerOfStream(source, source.stream);
  try {
    return { names: await firstRow(readBytes(source)), whole: source };
  } catch {
    // Whoever reads it finds out what is wrong with it.
    return { names: undefined, whole: source };
  }
}

async function headerOfStream(
  source: ByteSource,
  stream: AsyncIterable<Buffer>,
): Promise<{ names: readonly string[]; whole: ByteSource }> {
  const rest = stream[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let names: string[] | undefined;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    read.push(next.value);
    if (!next.value.includes(LF)) continue;
    names = await firstRow(chunksOf(read));
    break;
  }
  names ??= await firstRow(chunksOf(read));
  async function* whole(): AsyncGenerator<Buffer> {
    yield* read;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  }
  return { names, whole: { ...source, stream: whole() } };
}

const LF = 0x0a;

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function firstRow(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  for await (const entries of csvEntries(chunks)) {
    const [first] = entries;
    if (first === undefined || isBadRow(first)) return ['?'];
    return first.fields.map((name) => trimmed(name).toLowerCase());
  }
  return [];
}
