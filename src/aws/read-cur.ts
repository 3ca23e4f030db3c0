import { basename } from 'node:path';
import { add, type Decimal, decimalText, sum, ZERO } from '../domain/decimal.ts';
import { valueAt } from '../domain/grouping.ts';
import type { Identities } from '../domain/identities.ts';
import { instantFromText, instantText } from '../domain/instant.ts';
import { type Cents, centsOf } from '../domain/money.ts';
import { BadInput, type Problem } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { readUnchanged } from '../input/changed-files.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { isCompanionFile } from '../usage/activity/report-header.ts';
import { copyProblem, digestOfBytes, sameFiles } from '../usage/coverage/same-files.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import type { AwsBill } from './aws-bill.ts';
import { monthOfPath, REPORT_FOR_BILL, REPORTS_FOR_BILL } from './cur-columns.ts';
import { readCurCsv } from './cur-csv.ts';
import { type CurSource, containerOf } from './cur-files.ts';
import {
  AMAZON_Q_PRODUCT,
  type CurRow,
  type CurSink,
  KIRO_PRODUCT,
  monthOfRow,
} from './cur-row.ts';
import { type KiroLine, kiroLine } from './kiro-line.ts';

/** What Amazon Q Developer Pro charges one user in one account and month. */
export interface AmazonQCharge {
  readonly month: string;
  readonly accountId: string;
  readonly userId: string;
  rows: number;
  cost: Decimal;
}

/** What was found besides the rows that were passed on. */
export interface CurReading {
  /** The months (`YYYY-MM`) for which the files have rows of any product, as far as they were read. */
  readonly months: ReadonlySet<string>;
  readonly kiroRows: number;
  /** Amazon Q Developer subscriptions that name a user. */
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

/** The Kiro rows of one file, or of one in an archive, to find copies of it. */
interface CurFile {
  readonly source: ByteSource;
  /** The file itself, or its archive. */
  readonly container: CurSource;
  /** The name that it has in each delivery of a bill, in whatever format. */
  readonly deliveryName: string;
  rows: number;
  cost: Decimal;
}

/**
 * Reads the Kiro rows of one month, or of all, from the files of a bill, and passes them on one by
 * one. Problems go to `log`, including two deliveries of one bill and copies of a file, which would
 * count it twice.
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
    for (const problem of await copies([...reader.files.values()], options)) log.add(problem);
  });
  return reader;
}

/** The problems of files that hold the same as another of the same path, but by name are no second delivery. */
async function copies(files: readonly CurFile[], { month }: CurReadingOptions): Promise<Problem[]> {
  const digests = new Map<CurSource, Promise<ReadonlyMap<string, string>>>();
  const ofRows = (container: CurSource): Promise<ReadonlyMap<string, string>> =>
    valueAt(digests, container, () => digestsOfRows(container, month));
  const same = await sameFiles(
    files,
    ({ container: { origin }, rows, cost }) => `${rows} ${decimalText(cost, 0)} ${origin}`,
    async (file) => (await ofRows(file.container)).get(file.source.file) ?? digestOfFile(file),
  );
  return same
    .filter(({ earlier, later }) => earlier.deliveryName !== later.deliveryName)
    .map(copyProblem);
}

/** A digest of the bytes that a file came with, and its name in an archive. */
async function digestOfFile({ source: { file }, container }: CurFile): Promise<string> {
  return (await digestOfBytes(container)) + file.slice(container.file.length);
}

/**
 * By file, a digest of the Kiro rows of a file, or of those in an archive, that is the same in any
 * order, container and spelling. Nothing of a file in which no row is certain to be there once: those
 * of two files may look alike.
 */
async function digestsOfRows(
  container: CurSource,
  month: string | undefined,
): Promise<Map<string, string>> {
  const { createHash } = await import('node:crypto');
  const digests = new Map<string, bigint>();
  const certain = new Set<string>();
  await readRows(container, {
    wantsTags: false,
    wantsRowIds: true,
    row: (row) => {
      if (row.text('product') !== KIRO_PRODUCT) return;
      const line = kiroLine(row);
      if (!isLine(line) || (month !== undefined && line.month !== month)) return;
      if (isThereOnce(line, row)) certain.add(row.file);
      const digest = createHash('sha256').update(identityOf(line, row)).digest('hex');
      digests.set(row.file, (digests.get(row.file) ?? 0n) + BigInt(`0x${digest}`));
    },
    progress: {},
    problem: () => {},
  });
  return new Map([...certain].map((file) => [file, String(digests.get(file))]));
}

/** Whether no other row of a bill is like it: it has an id, or is what a user is charged for one time. */
function isThereOnce({ userId }: KiroLine, row: CurRow): boolean {
  return row.text('rowId') !== '' || (userId !== '' && row.text('usageStart') !== '');
}

/** What makes a row of a bill itself; not its quantity, whose last digit Parquet may round. */
function identityOf(line: KiroLine, row: CurRow): string {
  const { month, payerId, accountId, code, item, lineType, operation, userId, cost } = line;
  const kind = [month, payerId, accountId, code, item, lineType, operation, userId];
  const usageStart = row.text('usageStart');
  const start = instantFromText(usageStart);
  const startText = start === undefined ? usageStart : instantText(start);
  return JSON.stringify([...kind, decimalText(cost, 0), row.text('rowId'), startText]);
}

/** Passes on the rows of a file of a bill, or of all files of an archive. */
async function readRows(source: CurSource, sink: CurSink): Promise<void> {
  switch (containerOf(source)) {
    case 'parquet': {
      const { readCurParquet } = await import('./cur-parquet.ts');
      return readCurParquet(source, sink);
    }
    case 'zip': {
      const { zippedFiles } = await import('./zipped-files.ts');
      const { progress } = sink;
      // The bytes are counted before unpacking.
      const ofRows = { onRows: (count: number) => progress.onRows?.(count) };
      for await (const file of zippedFiles(source, (count) => progress.onBytes?.(count))) {
        await readCurCsv(file, sink, ofRows);
      }
      return;
    }
    case 'csv':
      return readCurCsv(source, sink);
  }
}

/** What Amazon Q charges users whom these bills name, too. */
export function amazonQOfCharged(
  { amazonQ }: CurReading,
  bills: readonly AwsBill[],
): AmazonQCharge[] {
  const charged = new Set(bills.flatMap((bill) => [...bill.userIds()]));
  return amazonQ.filter(({ userId }) => charged.has(userId));
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
  /** By path; of a file in an archive, with its name there. */
  readonly files = new Map<string, CurFile>();
  readonly wantsRowIds = false;
  kiroRows = 0;
  readonly #amazonQ = new Map<string, AmazonQCharge>();
  readonly #log: ProblemLog;
  readonly #onLine: (line: KiroLine, file: string) => void;
  readonly #options: CurReadingOptions;
  readonly #deliveries = new Map<string, string>();
  /** The path from which each payer's bill of a month came. */
  readonly #bills = new Map<string, string>();
  #source: CurSource = { file: '' };

  constructor(
    log: ProblemLog,
    onLine: (line: KiroLine, file: string) => void,
    options: CurReadingOptions,
  ) {
    this.#log = log;
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
    return [...this.#amazonQ.values()];
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
      await readRows(source, this);
    } catch (error) {
      // It is not compared with others, as it cannot be read again either.
      for (const { container, source } of this.files.values()) {
        if (container === this.#source) this.files.delete(source.file);
      }
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
    if (isLine(line)) this.#handOver(line, row);
    else for (const problem of line) this.#log.add(problem);
  }

  problem(problem: Problem): void {
    this.#log.add(problem);
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
    if (!isLine(line) || line.userId === '') return;
    const { month, accountId, userId, cost } = line;
    const key = `${month} ${accountId} ${userId}`;
    const charge = this.#amazonQ.get(key) ?? { month, accountId, userId, rows: 0, cost: ZERO };
    charge.rows += 1;
    charge.cost = add(charge.cost, cost);
    this.#amazonQ.set(key, charge);
  }

  #handOver(line: KiroLine, { file }: CurRow): void {
    this.#refuseSecondDelivery(line, this.#counted(line, file));
    this.#refuseSecondBill(line);
    this.#onLine(line, file);
  }

  /** The file, with the row counted. */
  #counted({ cost }: KiroLine, file: string): CurFile {
    const container = this.#source;
    const counted = valueAt(this.files, file, () => {
      const source = { ...container, file };
      return { source, container, deliveryName: deliveryName(file), rows: 0, cost: ZERO };
    });
    counted.rows += 1;
    counted.cost = add(counted.cost, cost);
    return counted;
  }

  get #origin(): string {
    return this.#source.origin ?? '';
  }

  /**
   * AWS rewrites a month's bill daily, each time under the same file names: two folders, or two
   * formats, are two deliveries of one bill.
   */
  #refuseSecondDelivery({ month, accountId }: KiroLine, of: CurFile): void {
    const { file } = of.source;
    const key = `${month} ${accountId} ${of.deliveryName} ${this.#origin}`;
    const first = this.#deliveries.get(key);
    if (first === file) return;
    this.#deliveries.set(key, file);
    if (first === undefined) return;
    const what = `it has rows of ${month} and account ${accountId} like ${first}, a file of the same name, so it is another delivery of the same bill, which would count twice: name one of the two, or the folder of the newest`;
    this.#log.add({ file, what });
  }

  /** A month of one payer's bill must come from only one of the given paths. */
  #refuseSecondBill({ month, payerId, accountId }: KiroLine): void {
    const key =
      payerId === '' ? `${month} of account ${accountId}` : `${month} of payer ${payerId}`;
    const first = this.#bills.get(key);
    if (first === this.#origin) return;
    this.#bills.set(key, this.#origin);
    if (first === undefined) return;
    const what = `it has AWS's bill of ${key}, which is in ${first}, too, and would count twice: name one of the two`;
    this.#log.add({ file: this.#origin, what });
  }
}

function deliveryName(file: string): string {
  return basename(file).replace(/\.(csv|csv\.gz|csv\.zip|zip|(\w+\.)?parquet)$/i, '');
}

const AMAZON_Q_SUBSCRIPTION = /q-dev-subscriptions/i;

function isLine(line: KiroLine | readonly Problem[]): line is KiroLine {
  return 'cost' in line;
}
