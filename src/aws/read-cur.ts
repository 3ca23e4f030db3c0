import { add, type Decimal, sum, ZERO } from '../domain/decimal.ts';
import { valueAt } from '../domain/grouping.ts';
import type { Identities } from '../domain/identities.ts';
import { type Cents, centsOf } from '../domain/money.ts';
import { BadInput, type Problem } from '../domain/problem.ts';
import { readUnchanged } from '../input/changed-files.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { isCompanionFile } from '../usage/activity/report-header.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { AwsBill } from './aws-bill.ts';
import { BillDeliveries } from './bill-deliveries.ts';
import { readBillFile } from './bill-file.ts';
import { monthOfPath, REPORT_FOR_BILL, REPORTS_FOR_BILL } from './cur-columns.ts';
import type { CurSource } from './cur-files.ts';
import {
  AMAZON_Q_PRODUCT,
  type CurRow,
  type CurSink,
  KIRO_PRODUCT,
  monthOfRow,
} from './cur-row.ts';
import { isKiroLine, type KiroLine, kiroLine } from './kiro-line.ts';

/** What Amazon Q Developer Pro charges one user in one account and month. */
export interface AmazonQCharge {
  readonly month: string;
  readonly accountId: string;
  readonly userId: string;
  rows: number;
  cost: Decimal;
}

/** AWS's bills, and what else their files show. */
export interface CurReading {
  /** By month, `YYYY-MM`. */
  readonly bills: ReadonlyMap<string, AwsBill>;
  /** The months (`YYYY-MM`) for which the files have rows of any product, as far as they were read. */
  readonly months: ReadonlySet<string>;
  readonly kiroRows: number;
  /** What Amazon Q charges users whom the bills name, too. */
  readonly amazonQ: readonly AmazonQCharge[];
}

/** What to read from a bill, and how. */
export interface CurReadingOptions {
  /** The month to read; all months if missing. */
  readonly month?: string | undefined;
  /** Maps the bill's user ids to those of our data. */
  readonly identities?: Identities;
  /** Whether tags are read. */
  readonly wantsTags?: boolean;
  readonly progress?: ReadingProgress;
}

/**
 * Reads the Kiro rows of one month, or of all, from the files of bills; `onLine` gets each, too.
 * Problems go to `log`, including two deliveries of one bill and copies of a file, which would count
 * it twice.
 */
export async function readCur(
  sources: readonly CurSource[],
  log: ProblemLog,
  onLine: (line: KiroLine, file: string) => void,
  options: CurReadingOptions,
): Promise<CurReading> {
  const reader = new CurReader(log, onLine, options);
  const reportFolders = new Set<string>();
  await readUnchanged(sources, log, async () => {
    for (const source of sources) {
      try {
        await reader.readFile(source);
      } catch (error) {
        if (source.folder !== undefined && isOfReport(source, error)) {
          reportFolders.add(source.folder);
        } else log.addFailure(error);
      }
    }
    for (const file of reportFolders) log.add({ file, what: REPORTS_FOR_BILL });
    await reader.refuseCopies();
  });
  return reader;
}

/** What Amazon Q charges in all, rounded once. */
export function amazonQTotal(charges: readonly AmazonQCharge[]): Cents {
  return centsOf(sum(charges.map(({ cost }) => cost)));
}

/**
 * A bucket has a report for each day, and analytics files beside them: a folder of them is
 * reported as one mistake.
 */
function isOfReport({ file }: CurSource, error: unknown): boolean {
  if (!(error instanceof BadInput)) return false;
  return isCompanionFile(file) || error.problems.every(({ what }) => what === REPORT_FOR_BILL);
}

class CurReader implements CurReading, CurSink {
  readonly months = new Set<string>();
  readonly bills = new Map<string, AwsBill>();
  readonly wantsRowIds = false;
  kiroRows = 0;
  readonly #amazonQ = new Map<string, AmazonQCharge>();
  readonly #log: ProblemLog;
  readonly #onLine: (line: KiroLine, file: string) => void;
  readonly #options: CurReadingOptions;
  readonly #deliveries: BillDeliveries;
  #source: CurSource = { file: '' };

  constructor(
    log: ProblemLog,
    onLine: (line: KiroLine, file: string) => void,
    options: CurReadingOptions,
  ) {
    this.#log = log;
    this.#deliveries = new BillDeliveries(log);
    this.#onLine = onLine;
    this.#options = options;
  }

  get wantsTags(): boolean {
    return this.#options.wantsTags === true;
  }

  get progress(): ReadingProgress {
    return this.#options.progress ?? {};
  }

  get amazonQ(): readonly AmazonQCharge[] {
    const charged = new Set([...this.bills.values()].flatMap((bill) => [...bill.userIds()]));
    return [...this.#amazonQ.values()].filter(({ userId }) => charged.has(userId));
  }

  refuseCopies(): Promise<void> {
    return this.#deliveries.refuseCopies(this.#options.month);
  }

  async readFile(source: CurSource): Promise<void> {
    this.#source = source;
    const month = monthOfPath(source.file);
    if (month !== undefined && this.#isOtherMonth(month)) {
      this.months.add(month);
      this.progress.onBytes?.(source.sizeBytes ?? 0);
      return;
    }
    try {
      await readBillFile(source, this);
    } catch (error) {
      this.#deliveries.leaveOut(source);
      throw error;
    }
  }

  row(row: CurRow): void {
    const month = monthOfRow(row);
    if (month !== undefined) {
      this.months.add(month);
      if (this.#isOtherMonth(month)) return;
    }
    const product = row.text('product');
    if (product === AMAZON_Q_PRODUCT) this.#addAmazonQ(row);
    if (product !== KIRO_PRODUCT) return;
    this.kiroRows += 1;
    const line = kiroLine(row, this.#options.identities);
    if (isKiroLine(line)) this.#add(line, row.file);
    else for (const problem of line) this.#log.add(problem);
  }

  problem(problem: Problem): void {
    this.#log.add(problem);
  }

  #add(line: KiroLine, file: string): void {
    this.#deliveries.add(line, file, this.#source);
    valueAt(this.bills, line.month, () => new AwsBill()).add(line, file);
    this.#onLine(line, file);
  }

  #isOtherMonth(month: string): boolean {
    return this.#options.month !== undefined && month !== this.#options.month;
  }

  /** Adds a subscription that names a user; rows of other products are not checked. */
  #addAmazonQ(row: CurRow): void {
    const isSubscription = AMAZON_Q_SUBSCRIPTION.test(
      `${row.text('operation')} ${row.text('usageType')}`,
    );
    if (!isSubscription) return;
    const line = kiroLine(row, this.#options.identities);
    if (!isKiroLine(line) || line.userId === '') return;
    const { month, accountId, userId, cost } = line;
    const key = `${month} ${accountId} ${userId}`;
    const charge = this.#amazonQ.get(key) ?? { month, accountId, userId, rows: 0, cost: ZERO };
    charge.rows += 1;
    charge.cost = add(charge.cost, cost);
    this.#amazonQ.set(key, charge);
  }
}

const AMAZON_Q_SUBSCRIPTION = /q-dev-subscriptions/i;
