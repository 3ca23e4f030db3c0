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
  /** The months of which the files have rows, of any product. */
  readonly months: ReadonlySet<string>;
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

/** Reads all inputs, bills the month, and reads AWS's bill of it; one of other months is `BadInput`. */
export async function readBothBills(
  period: BillingPeriod,
  options: InputOptions & FilterOptions,
  context: Context,
): Promise<{
  readonly inputs: Inputs;
  readonly invoice: MonthInvoice;
  readonly bill: MonthBill;
}> {
  const months = periodsToRead([period], options);
  const inputs = await readInputs(options, months, context, { months, withBill: true });
  const { billing } = inputs;
  const invoice = await context.stopwatch.time('billing', () => billMonth(billing, period));
  const bill = await readBill(options, inputs, invoice, context);
  refuseOtherMonths(bill);
  return { inputs, invoice, bill };
}

/**
 * The bill of a month that `--cur` names, else the settings, if either does. A bill without the
 * month is `BadInput` only for `--cur`: the settings also name the bills of other months.
 */
export async function billIfNamed(
  options: InputOptions,
  inputs: Inputs,
  invoice: MonthInvoice,
  context: Context,
): Promise<MonthBill | undefined> {
  const { values } = inputs.files.directory.settings;
  if (options.cur === undefined && values.cur === undefined) return undefined;
  const bill = await readBill(options, inputs, invoice, context);
  if (options.cur !== undefined) refuseOtherMonths(bill);
  refuseWithoutUsers(bill);
  return bill;
}

async function readBill(
  options: InputOptions,
  inputs: Inputs,
  invoice: MonthInvoice,
  context: Context,
): Promise<MonthBill> {
  const files = await billFiles(options, inputs);
  return context.stopwatch.time('CUR', () => monthBill(files, inputs, invoice, context));
}

/**
 * The files that `--cur` names, else the settings, none of which an output may replace. Without
 * either it is `WrongUsage`; a path in the settings that no longer exists is `BadInput`.
 */
async function billFiles(
  options: InputOptions,
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

/** Refuses a bill whose files have no row of the invoice's month. */
function refuseOtherMonths({ aws, months, files: { path }, beside: { invoice } }: MonthBill): void {
  const { month } = invoice.period;
  if (aws.rows > 0 || months.has(month)) return;
  throw new BadInput([{ file: path, what: otherMonth(month, months) }]);
}

/**
 * The invoice's month of AWS's bill, and what a comparison needs besides. One that cannot be read, or
 * is in another currency, is `BadInput` that says what to do.
 */
async function monthBill(
  files: BillFiles,
  { billing, read: { identities } }: Inputs,
  invoice: MonthInvoice,
  context: Context,
): Promise<MonthBill> {
  const { edition, period } = invoice;
  const { month } = period;
  const log = new ProblemLog();
  const options = { month, identities };
  const { bills, months, amazonQ } = await readBills(files.sources, log, context, options);
  if (log.total > 0) throw log.failure;
  const aws = bills.get(month) ?? new AwsBill();
  refuseOtherCurrencies(aws, invoice);
  const { users, profiles } = billing.records;
  const bill = placedBill(aws, {
    invoice,
    profiles: [...profiles.values()],
    known: billing.seats,
  });
  return {
    files,
    aws,
    months,
    beside: {
      bill,
      accountsOfPayer: aws.accountsOfPayer,
      openAccounts: openAccounts(aws),
      invoice,
      known: billing.seats,
      users,
    },
    amazonQ,
    warnings: billWarnings(aws, bill, month),
    notes: [
      ...(aws.rows === 0 ? [`AWS's bill has no Kiro row in ${month}`] : []),
      ...billNotes(aws, bill, users, new Set(invoice.seats.map(({ userId }) => userId))),
      ...amazonQNotes(amazonQ, edition.currency),
    ],
  };
}

function refuseOtherCurrencies(
  { currencies }: AwsBill,
  { edition, period: { month } }: MonthInvoice,
): void {
  const others = [...currencies].filter(([currency]) => currency !== edition.currency);
  const problems = others.map(([currency, file]) => {
    const what = `AWS's bill is in ${currency}, and the rate card prices ${month} in ${edition.currency}: give a rate card in ${currency} (--rates)`;
    return { file, what };
  });
  if (problems.length > 0) throw new BadInput(problems);
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
