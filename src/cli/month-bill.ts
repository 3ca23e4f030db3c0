import { AwsBill, namesNoUser, openAccounts } from '../aws/aws-bill.ts';
import { noResourceIds } from '../aws/cur-columns.ts';
import { type CurSource, curFiles, isBillFile } from '../aws/cur-files.ts';
import type { KiroLine } from '../aws/kiro-line.ts';
import {
  type AmazonQCharge,
  amazonQTotal,
  type CurReading,
  type CurReadingOptions,
  readCur,
} from '../aws/read-cur.ts';
import { billMonth } from '../billing/invoice.ts';
import type { BillingPeriod } from '../domain/billing-period.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { BadInput, WrongUsage } from '../domain/problem.ts';
import type { Warning } from '../domain/warning.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { presentPaths } from '../input/settings.ts';
import { billNotes, billWarnings } from '../reconcile/bill-warnings.ts';
import { placedBill } from '../reconcile/placed-bill.ts';
import { type BillBesideInvoice, type Reconciliation, reconciled } from '../reconcile/reconcile.ts';
import { countShown, moneyShown } from '../render/amounts.ts';
import type { Context } from './context.ts';
import { type FilterOptions, type Filters, periodsToRead, seatFilter } from './filters.ts';
import { type InputOptions, type Inputs, readInputs } from './inputs.ts';
import { withProgress } from './progress.ts';
import { refuseInputAsOutput, refuseWalkedFile } from './refused-targets.ts';

/** A month of AWS's bill to compare with our invoice. */
export interface MonthBill {
  readonly files: BillFiles;
  readonly aws: AwsBill;
  readonly beside: BillBesideInvoice;
  /** What Amazon Q charges users who also have Kiro rows. */
  readonly amazonQ: readonly AmazonQCharge[];
  readonly warnings: readonly Warning[];
  readonly notes: readonly string[];
}

interface BillFiles {
  readonly sources: readonly CurSource[];
  /** What was given or the settings name, for messages. */
  readonly path: string;
}

/** The command's options that say where the bill is. */
interface BillOptions extends InputOptions {
  readonly cur?: string;
}

/** A bill, and the inputs, which know if it is the settings that name it. */
interface BillAndInputs {
  readonly inputs: Inputs;
  readonly bill: MonthBill;
}

/** Reads all inputs, bills the month, and reads AWS's bill of it. */
export async function readBothBills(
  period: BillingPeriod,
  options: BillOptions & FilterOptions,
  context: Context,
): Promise<BillAndInputs & { readonly invoice: MonthInvoice }> {
  const read = await readInputs(options, periodsToRead([period], options), context);
  const invoice = await context.stopwatch.time('billing', () => billMonth(read.billing, period));
  return { invoice, ...(await billBeside(options, read, invoice, context, false)) };
}

/**
 * The bill of a month that `--cur` names, else the settings, if either does. A bill without the
 * month is `BadInput` only for `--cur`: the settings also name the bills of other months.
 */
export async function billIfNamed(
  options: BillOptions,
  read: Inputs,
  invoice: MonthInvoice,
  context: Context,
): Promise<Pick<BillAndInputs, 'inputs'> & Partial<BillAndInputs>> {
  const mayLackMonth = options.cur === undefined;
  const { settings } = read.files.directory;
  if (mayLackMonth && settings.values.cur === undefined) return { inputs: read };
  const found = await billBeside(options, read, invoice, context, mayLackMonth);
  refuseWithoutUsers(found.bill);
  return found;
}

async function billBeside(
  options: BillOptions,
  read: Inputs,
  invoice: MonthInvoice,
  context: Context,
  mayLackMonth: boolean,
): Promise<BillAndInputs> {
  const files = await billFiles(options, read);
  const bill = await context.stopwatch.time('CUR', () =>
    readBill(files, read, invoice, context, mayLackMonth),
  );
  if (options.cur !== undefined) return { inputs: read, bill };
  return { inputs: { ...read, settingsUsed: [...read.settingsUsed, 'cur'] }, bill };
}

/**
 * The files that `--cur` names, else the settings, none of which an output may replace. Without
 * either it is `WrongUsage`; a path in the settings that no longer exists is `BadInput`.
 */
async function billFiles(
  options: BillOptions,
  { files: { directory } }: Inputs,
): Promise<BillFiles> {
  const { cur } = options;
  const { settings } = directory;
  const log = new ProblemLog();
  const paths = cur === undefined ? await presentPaths(settings, 'cur', log) : [cur];
  if (log.total > 0) throw log.failure;
  if (paths === undefined || paths.length === 0) {
    throw new WrongUsage(
      "AWS's bill is needed: give it with --cur PATH, or name it as cur in the settings",
    );
  }
  const sources = await curFiles(...paths);
  const billPaths = sources.map(({ file }) => file);
  await refuseInputAsOutput(options, billPaths);
  await refuseWalkedFile(options, paths, isBillFile);
  return { sources, path: paths.join(', ') };
}

/** Refuses a bill without a user in any fee or credit, as no seat can be compared. */
export function refuseWithoutUsers({ aws, files: { path } }: MonthBill): void {
  if (namesNoUser([aws])) throw new BadInput([noResourceIds(path)]);
}

/** The invoice's month of AWS's bill, and what a comparison needs besides. `BadInput` as of `usableBill`. */
async function readBill(
  files: BillFiles,
  inputs: Inputs,
  invoice: MonthInvoice,
  context: Context,
  mayLackMonth: boolean,
): Promise<MonthBill> {
  const { aws, amazonQ } = await usableBill(files, inputs, invoice, context, mayLackMonth);
  const { billing } = inputs;
  const { month } = invoice.period;
  const { users, profiles } = billing.records;
  const placed = placedBill(aws, {
    invoice,
    profiles: [...profiles.values()],
    known: billing.seats,
  });
  return {
    files,
    aws,
    beside: {
      bill: placed,
      accountsOfPayer: aws.accountsOfPayer,
      openAccounts: openAccounts(aws),
      invoice,
      known: billing.seats,
      users,
    },
    amazonQ,
    warnings: billWarnings(aws, placed, month),
    notes: [
      ...(aws.rows === 0 ? [`AWS's bill has no Kiro row in ${month}`] : []),
      ...billNotes(aws, placed, users, new Set(invoice.seats.map(({ userId }) => userId))),
      ...amazonQNotes(amazonQ, invoice.edition.currency),
    ],
  };
}

/**
 * The month of AWS's bill; one that cannot be compared with the invoice is `BadInput` that says what
 * to do, and so is one without that month, unless it `mayLackMonth`.
 */
async function usableBill(
  { sources, path }: BillFiles,
  { read: { identities } }: Inputs,
  { edition, period: { month } }: MonthInvoice,
  context: Context,
  mayLackMonth: boolean,
): Promise<Pick<MonthBill, 'aws' | 'amazonQ'>> {
  const log = new ProblemLog();
  const { bills, months, amazonQ } = await readBills(sources, log, context, { month, identities });
  const aws = bills.get(month) ?? new AwsBill();
  if (log.total === 0) {
    const isOfOthers = aws.rows === 0 && !months.has(month) && !mayLackMonth;
    if (isOfOthers) log.add({ file: path, what: otherMonth(month, months) });
    for (const [currency, file] of aws.currencies) {
      if (currency === edition.currency) continue;
      const what = `AWS's bill is in ${currency}, and the rate card prices ${month} in ${edition.currency}: give a rate card in ${currency} (--rates)`;
      log.add({ file, what });
    }
  }
  if (log.total > 0) throw log.failure;
  return { aws, amazonQ };
}

/** The bill compared with our invoice, limited to the seats that pass the filters, and what should be looked at in it. */
export function comparedBill(
  { beside, warnings }: MonthBill,
  filters: Filters,
  tolerance: Decimal,
): Reconciliation & Pick<MonthBill, 'warnings'> {
  const passes = seatFilter(beside.invoice, filters);
  return {
    ...reconciled(beside, tolerance, passes),
    warnings: warnings.filter(
      ({ profileId = '', userId }) => userId === undefined || (passes?.(profileId, userId) ?? true),
    ),
  };
}

/** Reads the files of bills, and shows how far it is. Problems go to `log`. `onLine` gets each row, too. */
export function readBills(
  sources: readonly CurSource[],
  log: ProblemLog,
  context: Context,
  options: Omit<CurReadingOptions, 'progress'>,
  onLine: (line: KiroLine) => void = () => {},
): Promise<CurReading> {
  return withProgress("AWS's bill", sources, context, (progress) =>
    readCur(sources, log, onLine, { ...options, progress }),
  );
}

function otherMonth(month: string, months: ReadonlySet<string>): string {
  const held = [...months].sort();
  if (held.length === 0) return `the CUR has no rows at all: is it the right file?`;
  return `the CUR has no rows of ${month}, only of ${held.join(', ')}: ask for --month ${held.at(-1)}, or name the CUR of ${month}`;
}

/** How many users are charged under Amazon Q, too, and how much. */
export function amazonQNotes(charges: readonly AmazonQCharge[], currency: string): string[] {
  if (charges.length === 0) return [];
  const users = new Set(charges.map(({ userId }) => userId)).size;
  const amount = moneyShown(amazonQTotal(charges), currency);
  return [
    `${countShown(users, 'user')} of AWS's bill ${users === 1 ? 'is' : 'are'} charged under Amazon Q Developer, too: ${amount} beside what is shown here; is the move to Kiro done?`,
  ];
}

/** `AWS's bill: 2,139 Kiro rows from 2 files`. */
export function billSummary({ aws, files: { sources } }: MonthBill): string {
  return `AWS's bill: ${countShown(aws.rows, 'Kiro row')} from ${countShown(sources.length, 'file')}`;
}
