import { basename } from 'node:path';
import { add, type Decimal, decimalText, ZERO } from '../domain/decimal.ts';
import { valueAt } from '../domain/grouping.ts';
import { instantFromText, instantText } from '../domain/instant.ts';
import type { ByteSource } from '../input/byte-source.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { copyProblem, digestOfBytes, sameFiles } from '../usage/coverage/same-files.ts';
import { readBillFile } from './bill-file.ts';
import type { CurSource } from './cur-files.ts';
import { type CurRow, KIRO_PRODUCT } from './cur-row.ts';
import { isKiroLine, type KiroLine, kiroLine } from './kiro-line.ts';

/** The Kiro rows of one file, or of one in an archive. */
interface Delivered {
  readonly source: ByteSource;
  /** The file itself, or its archive. */
  readonly container: CurSource;
  /** The name that it has in each delivery of a bill, in whatever format. */
  readonly name: string;
  rows: number;
  cost: Decimal;
}

/** Which file each row of a bill came from: finds what would count a bill twice. */
export class BillDeliveries {
  readonly #log: ProblemLog;
  /** By path; of a file in an archive, with its name there. */
  readonly #files = new Map<string, Delivered>();
  /** Where each delivery of a bill, and each payer's bill of a month, came from. */
  readonly #origins = new Map<string, string>();

  constructor(log: ProblemLog) {
    this.#log = log;
  }

  /** Counts a row of `file`, which is `container` or in it. A second delivery or bill is a problem. */
  add(line: KiroLine, file: string, container: CurSource): void {
    const delivered = valueAt(this.#files, file, () => {
      const source = { ...container, file };
      return { source, container, name: deliveryName(file), rows: 0, cost: ZERO };
    });
    delivered.rows += 1;
    delivered.cost = add(delivered.cost, line.cost);
    this.#refuseSecondDelivery(line, delivered);
    this.#refuseSecondBill(line, delivered);
  }

  /** Leaves a file out that could not be read, so that it is not read again to be compared. */
  leaveOut(unread: CurSource): void {
    for (const { container, source } of this.#files.values()) {
      if (container === unread) this.#files.delete(source.file);
    }
  }

  /** Files of one path that hold the same are problems, but by name are no second delivery. */
  async refuseCopies(month: string | undefined): Promise<void> {
    const digests = new Map<CurSource, Promise<ReadonlyMap<string, string>>>();
    const ofRows = (container: CurSource): Promise<ReadonlyMap<string, string>> =>
      valueAt(digests, container, () => digestsOfRows(container, month));
    const same = await sameFiles(
      [...this.#files.values()],
      ({ container, rows, cost }) => `${rows} ${decimalText(cost, 0)} ${container.origin}`,
      async (file) => (await ofRows(file.container)).get(file.source.file) ?? digestOfFile(file),
    );
    for (const { earlier, later } of same) {
      if (earlier.name !== later.name) this.#log.add(copyProblem({ earlier, later }));
    }
  }

  /**
   * AWS rewrites a month's bill daily, each time under the same file names: two folders, or two
   * formats, are two deliveries of one bill.
   */
  #refuseSecondDelivery(
    { month, accountId }: KiroLine,
    { source, container, name }: Delivered,
  ): void {
    this.#refuseSecond(
      `${month} ${accountId} ${name} ${container.origin}`,
      source.file,
      (first) =>
        `it has rows of ${month} and account ${accountId} like ${first}, a file of the same name, so it is another delivery of the same bill, which would count twice: name one of the two, or the folder of the newest`,
    );
  }

  /** A month of one payer's bill must come from only one of the given paths. */
  #refuseSecondBill({ month, payerId, accountId }: KiroLine, { container }: Delivered): void {
    const bill =
      payerId === '' ? `${month} of account ${accountId}` : `${month} of payer ${payerId}`;
    this.#refuseSecond(
      bill,
      container.origin ?? '',
      (first) =>
        `it has AWS's bill of ${bill}, which is in ${first}, too, and would count twice: name one of the two`,
    );
  }

  /** What comes from one place, and then from another, is a problem of the other. */
  #refuseSecond(what: string, origin: string, problem: (first: string) => string): void {
    const first = this.#origins.get(what);
    if (first === origin) return;
    this.#origins.set(what, origin);
    if (first !== undefined) this.#log.add({ file: origin, what: problem(first) });
  }
}

function deliveryName(file: string): string {
  return basename(file).replace(/\.(csv|csv\.gz|csv\.zip|zip|(\w+\.)?parquet)$/i, '');
}

/** A digest of the bytes that a file came with, and its name in an archive. */
async function digestOfFile({ source: { file }, container }: Delivered): Promise<string> {
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
  await readBillFile(container, {
    wantsTags: false,
    wantsRowIds: true,
    progress: {},
    row: (row) => {
      if (row.text('product') !== KIRO_PRODUCT) return;
      const line = kiroLine(row);
      if (!isKiroLine(line) || (month !== undefined && line.month !== month)) return;
      if (isThereOnce(line, row)) certain.add(row.file);
      const digest = createHash('sha256').update(identityOf(line, row)).digest('hex');
      digests.set(row.file, (digests.get(row.file) ?? 0n) + BigInt(`0x${digest}`));
    },
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
