import type { Problem } from '../domain/problem.ts';
import { type ByteSource, readBytes } from '../input/byte-source.ts';
import { type CsvEntry, type CsvRow, csvEntries, isBadRow } from '../input/csv.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { emptyFile, type Header, headerNames, readHeader, rowProblem } from '../input/table.ts';
import { UsageAccumulator } from './accumulator.ts';
import type { BadUsageRow, ReadingProgress, ReductionPlan, UsageReduction } from './plan.ts';
import { REQUEST_USAGE_COLUMNS, RequestUsageReader, type RowOutcome } from './request-usage.ts';
import { isSummaryHeader, SUMMARY_COLUMNS } from './summary/summary-columns.ts';
import { SummaryReader } from './summary/summary-reader.ts';

/**
 * Reads usage files one after another, as streams, into exact sums per seat and stretch.
 * Problems go to `log`, but bad rows go to `onBadRow` instead where it is given. Memory
 * grows with seats and stretches, not with rows (save with `dedupe`).
 */
export async function reduceUsage(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
): Promise<UsageReduction> {
  const reduction = new Reduction(plan, log, onBadRow, progress);
  for (const source of sources) {
    try {
      await reduction.readFile(source);
    } catch (error) {
      log.addFailure(error);
    }
  }
  return reduction.result();
}

/** Reads one row of a kind of usage file, which the file's header tells. */
interface RowReader {
  read(file: string, row: CsvRow, header: Header): RowOutcome;
}

class Reduction {
  readonly #sums: UsageAccumulator;
  readonly #requests: RequestUsageReader;
  readonly #summaries: SummaryReader;
  readonly #log: ProblemLog;
  readonly #onBadRow: ((row: BadUsageRow) => void) | undefined;
  readonly #progress: ReadingProgress;
  #rows = 0;
  #duplicates = 0;
  #badRows = 0;

  constructor(
    plan: ReductionPlan,
    log: ProblemLog,
    onBadRow: ((row: BadUsageRow) => void) | undefined,
    progress: ReadingProgress,
  ) {
    this.#sums = new UsageAccumulator(plan);
    this.#requests = new RequestUsageReader(plan, this.#sums);
    this.#summaries = new SummaryReader(plan, this.#sums);
    this.#log = log;
    this.#onBadRow = onBadRow;
    this.#progress = progress;
  }

  async readFile(source: ByteSource): Promise<void> {
    const { file } = source;
    let header: Header | undefined;
    let reader: RowReader = this.#requests;
    const bytes = readBytes(source, this.#progress.onBytes);
    for await (const entries of csvEntries(bytes, this.#onBadRow !== undefined)) {
      let rows = entries;
      if (header === undefined) {
        const first = entries[0] as CsvEntry;
        const isSummary = !isBadRow(first) && isSummaryHeader(headerNames(first));
        if (isSummary) reader = this.#summaries;
        const columns = isSummary ? SUMMARY_COLUMNS : REQUEST_USAGE_COLUMNS;
        header = readHeader(file, first, columns, this.#log);
        if (header === undefined) return;
        rows = entries.slice(1);
      }
      for (const row of rows) this.#readRow(file, row, header, reader);
      this.#rows += rows.length;
      this.#progress.onRows?.(rows.length);
    }
    if (header === undefined) this.#log.add(emptyFile(file, REQUEST_USAGE_COLUMNS));
  }

  #readRow(file: string, row: CsvEntry, header: Header, reader: RowReader): void {
    if (isBadRow(row)) {
      const problems = [rowProblem(file, row, header.names)];
      this.#bad({ place: { file, line: row.line }, problems, bytes: row.defect.bytes });
      return;
    }
    const outcome = reader.read(file, row, header);
    if (outcome === 'duplicate') this.#duplicates += 1;
    else if (outcome !== 'counted') this.#badFields(file, row.line, outcome, row.bytes);
  }

  #badFields(file: string, line: number, problems: readonly Problem[], bytes?: Buffer): void {
    this.#bad({ place: { file, line }, problems, bytes: bytes ?? Buffer.alloc(0) });
  }

  #bad(row: BadUsageRow): void {
    this.#badRows += 1;
    if (this.#onBadRow !== undefined) this.#onBadRow(row);
    else for (const problem of row.problems) this.#log.add(problem);
  }

  result(): UsageReduction {
    return {
      stretches: this.#sums.stretches(),
      months: this.#sums.months(),
      profiles: this.#sums.profiles(),
      rows: this.#rows,
      duplicates: this.#duplicates,
      badRows: this.#badRows,
    };
  }
}
