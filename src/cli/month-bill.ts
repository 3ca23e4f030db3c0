import { AwsBill, namesNoUser } from '../aws/aws-bill.ts';
import { noResourceIds } from '../aws/cur-columns.ts';
import { type CurSource, curFiles, isBillFile } from '../aws/cur-files.ts';
import { type AmazonQCharge, type CurReading, readCur } from '../aws/read-cur.ts';
import { add, ZERO } from '../domain/decimal.ts';
import { fractionOf } from '../domain/fraction.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { type Cents, roundToCents } from '../domain/money.ts';
import { BadInput, WrongUsage } from '../domain/problem.ts';
import type { Warning } from '../domain/warning.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { missingPaths, settingPaths } from '../input/settings.ts';
import { billNotes, billWarnings } from '../reconcile/bill-warnings.ts';
import type { ChargebackInput } from '../reconcile/chargeback.ts';
import { type PlacedBill, placedBill } from '../reconcile/placed-bill.ts';
import { countShown, moneyShown } from '../render/amounts.ts';
import type { Context } from './context.ts';
import type { FinishedInputs, Inputs } from './inputs.ts';
import { UsageProgress } from './progress.ts';
import { refuseInputAsOutput, refuseWalkedFile } from './refused-targets.ts';

/** A month of AWS's bill to compare with our invoice. */
export interface MonthBill {
  readonly files: BillFiles;
  readonly aws: AwsBill;
  readonly placed: PlacedBill;
  /** What Amazon Q charges users who also have Kiro rows. */
  readonly amazonQ: readonly AmazonQCharge[];
  readonly warnings: readonly Warning[];
  readonly notes: readonly string[];
  readonly chargeback: ChargebackInput;
}

/** Whether a bill was given, or the settings name one. */
export function hasBill({ cur }: BillOptions, { files }: Inputs): boolean {
  return cur !== undefined || settingPaths(files.directory.settings, 'cur') !== undefined;
}

/** The files of a bill. */
export interface BillFiles {
  readonly sources: readonly CurSource[];
  /** What was given or the settings name, for messages. */
  readonly path: string;
  /** The inputs, which know where the path came from. */
  readonly inputs: FinishedInputs;
}

/**
 * The files that `--cur` names, else the settings, none of which an output may replace. Without
 * either it is `WrongUsage`; a path in the settings that no longer exists is `BadInput`.
 */
export async function billFiles(
  { cur, output, skipBadUsage }: BillOptions,
  inputs: FinishedInputs,
): Promise<BillFiles> {
  const { settings } = inputs.files.directory;
  const paths = cur === undefined ? settingPaths(settings, 'cur') : [cur];
  if (paths === undefined || paths.length === 0) {
    throw new WrongUsage(
      "AWS's bill is needed: give it with --cur PATH, or name it as cur in the settings",
    );
  }
  const problems = cur === undefined ? await missingPaths(settings, 'cur') : [];
  if (problems.length > 0) throw new BadInput(problems);
  const sources = await curFiles(...paths);
  const files = sources.map(({ file }) => file);
  for (const [option, target] of [
    ['--output', output],
    ['--skip-bad-usage', skipBadUsage],
  ] as const) {
    await refuseInputAsOutput(option, target, files);
    await refuseWalkedFile(option, target, paths, isBillFile);
  }
  const settingsUsed = cur === undefined ? (['cur'] as const) : [];
  return {
    sources,
    path: paths.join(', '),
    inputs: { ...inputs, settingsUsed: [...inputs.settingsUsed, ...settingsUsed] },
  };
}

/** The command's options that say where the bill is. */
export interface BillOptions {
  readonly cur?: string;
  readonly output?: string;
  readonly skipBadUsage?: string;
}

/** Refuses a bill without a user in any fee or credit, as no seat can be compared. */
export function refuseWithoutUsers({ aws, files: { path } }: MonthBill): void {
  if (namesNoUser([aws])) throw new BadInput([noResourceIds(path)]);
}

/**
 * The invoice's month of AWS's bill; one that cannot be compared is `BadInput` that says what to
 * do, and so is one without that month, unless it `mayLackMonth`.
 */
export async function readBill(
  files: BillFiles,
  invoice: MonthInvoice,
  context: Context,
  { mayLackMonth = false }: { readonly mayLackMonth?: boolean } = {},
): Promise<MonthBill> {
  const { sources, path, inputs } = files;
  const { read, billing } = inputs;
  const aws = new AwsBill();
  const { month } = invoice.period;
  const reading = await readRows(sources, aws, { path, invoice, read, context, mayLackMonth });
  const { records } = read;
  const profiles = [...records.profiles.values()];
  const placed = placedBill(aws, { invoice, profiles, known: billing.seats });
  const charged = new Set(aws.userIds());
  const amazonQ = reading.amazonQ.filter(({ userId }) => charged.has(userId));
  const { users } = records;
  return {
    files,
    aws,
    placed,
    amazonQ,
    warnings: billWarnings(aws, placed, month),
    notes: [
      ...(aws.rows === 0 ? [`AWS's bill has no Kiro row in ${month}`] : []),
      ...billNotes(aws, placed, users, new Set(invoice.seats.map(({ userId }) => userId))),
      ...amazonQNotes(amazonQ, invoice.edition.currency),
    ],
    chargeback: { bill: placed, accountsOfPayer: aws.accountsOfPayer, invoice, users },
  };
}

interface RowReading {
  readonly path: string;
  readonly invoice: MonthInvoice;
  readonly read: Inputs['read'];
  readonly context: Context;
  readonly mayLackMonth: boolean;
}

async function readRows(
  sources: readonly CurSource[],
  bill: AwsBill,
  { path, invoice, read, context, mayLackMonth }: RowReading,
): Promise<CurReading> {
  const { host, stopwatch, progress: isProgress } = context;
  const log = new ProblemLog();
  const progress = new UsageProgress(sources, host, isProgress, "AWS's bill");
  const { month } = invoice.period;
  const options = { month, identities: read.identities, progress };
  try {
    const reading = await readCur(sources, log, (line, file) => bill.add(line, file), options);
    stopwatch.alsoRead.push(progress.summary);
    if (log.total === 0) {
      if (!mayLackMonth) refuseOtherMonth(bill, reading, invoice, path, log);
      refuseOtherCurrency(bill, invoice, log);
    }
    if (log.total > 0) throw log.failure;
    return reading;
  } finally {
    progress.stop();
  }
}

function refuseOtherMonth(
  bill: AwsBill,
  { months }: CurReading,
  { period: { month } }: MonthInvoice,
  path: string,
  log: ProblemLog,
): void {
  if (bill.rows === 0 && !months.has(month)) {
    log.add({ file: path, what: otherMonth(month, months) });
  }
}

function refuseOtherCurrency(
  bill: AwsBill,
  { period: { month }, edition }: MonthInvoice,
  log: ProblemLog,
): void {
  for (const [currency, file] of bill.currencies) {
    if (currency === edition.currency) continue;
    const what = `AWS's bill is in ${currency}, and the rate card prices ${month} in ${edition.currency}: give a rate card in ${currency} (--rates)`;
    log.add({ file, what });
  }
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

/** What Amazon Q charges in all, rounded once. */
export function amazonQTotal(charges: readonly AmazonQCharge[]): Cents {
  return roundToCents(fractionOf(charges.map(({ cost }) => cost).reduce(add, ZERO)));
}

/** The accounts whose payer's bill is not final. */
export function openAccounts({ openInvoices, accountsOfPayer }: AwsBill): Set<string> {
  return new Set(
    [...openInvoices.keys()].flatMap((payerId) => [...(accountsOfPayer.get(payerId) ?? [])]),
  );
}

/** `AWS's bill: 2,139 Kiro rows from 2 files`. */
export function billSummary({ aws, files: { sources } }: MonthBill): string {
  return `AWS's bill: ${countShown(aws.rows, 'Kiro row')} from ${countShown(sources.length, 'file')}`;
}
