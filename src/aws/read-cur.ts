import { basename } from 'node:path';
import type { Problem } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { monthOfPath } from './cur-columns.ts';
import { readCurCsv } from './cur-csv.ts';
import { isParquet } from './cur-files.ts';
import type { CurSink } from './cur-sink.ts';
import { type CurRow, KIRO_PRODUCT, type KiroLine, kiroLine, monthOfRow } from './kiro-line.ts';

/** What was found beside the rows that were handed over. */
export interface CurReading {
  /** The months (`YYYY-MM`) of which the files have rows of any product, as far as was looked. */
  readonly months: ReadonlySet<string>;
  readonly kiroRows: number;
}

/**
 * Reads the Kiro rows of one month, or of all, from the files of a CUR, and hands them
 * over one by one. What is wrong goes to `log`: also two deliveries of one bill, which
 * would count it twice.
 */
export async function readCur(
  sources: readonly ByteSource[],
  month: string | undefined,
  log: ProblemLog,
  onLine: (line: KiroLine, file: string) => void,
  progress: ReadingProgress = {},
): Promise<CurReading> {
  const reader = new CurReader(month, log, onLine, progress);
  for (const source of sources) {
    try {
      await reader.readFile(source);
    } catch (error) {
      log.addFailure(error);
    }
  }
  return reader;
}

class CurReader implements CurReading, CurSink {
  readonly months = new Set<string>();
  kiroRows = 0;
  readonly #month: string | undefined;
  readonly #log: ProblemLog;
  readonly #onLine: (line: KiroLine, file: string) => void;
  readonly #progress: ReadingProgress;
  readonly #deliveries = new Map<string, string>();

  constructor(
    month: string | undefined,
    log: ProblemLog,
    onLine: (line: KiroLine, file: string) => void,
    progress: ReadingProgress,
  ) {
    this.#month = month;
    this.#log = log;
    this.#onLine = onLine;
    this.#progress = progress;
  }

  async readFile(source: ByteSource): Promise<void> {
    const month = monthOfPath(source.file);
    if (month !== undefined && this.#month !== undefined && month !== this.#month) {
      this.months.add(month);
      this.onBytes(source.sizeBytes ?? 0);
      return;
    }
    if (!isParquet(source.file)) return readCurCsv(source, this);
    const { readCurParquet } = await import('./cur-parquet.ts');
    await readCurParquet(source, this);
  }

  row(row: CurRow): void {
    const month = monthOfRow(row);
    if (month !== undefined) this.months.add(month);
    if (row.text('product') !== KIRO_PRODUCT) return;
    if (month !== undefined && this.#month !== undefined && month !== this.#month) return;
    this.kiroRows += 1;
    const line = kiroLine(row);
    if (isLine(line)) this.#handOver(line, row);
    else for (const problem of line) this.#log.add(problem);
  }

  onBytes(count: number): void {
    this.#progress.onBytes?.(count);
  }

  onRows(count: number): void {
    this.#progress.onRows?.(count);
  }

  problem(problem: Problem): void {
    this.#log.add(problem);
  }

  #handOver(line: KiroLine, { file }: CurRow): void {
    this.#refuseSecondDelivery(line, file);
    this.#onLine(line, file);
  }

  /**
   * AWS writes a month's bill anew each day, each time under the same file names: in two
   * folders, or in two formats, they are two deliveries of one bill.
   */
  #refuseSecondDelivery({ month, accountId }: KiroLine, file: string): void {
    const name = basename(file).replace(/\.(csv|csv\.gz|(\w+\.)?parquet)$/i, '');
    const key = `${month} ${accountId} ${name}`;
    const first = this.#deliveries.get(key);
    if (first === file) return;
    this.#deliveries.set(key, file);
    if (first === undefined) return;
    const what = `it has rows of ${month} and account ${accountId} like ${first}, a file of the same name, so it is another delivery of the same bill, which would count twice: name one of the two, or the folder of the newest`;
    this.#log.add({ file, what });
  }
}

function isLine(line: KiroLine | readonly Problem[]): line is KiroLine {
  return 'cost' in line;
}
