import { resolve } from 'node:path';
import { type Billing, billingOf } from '../billing/invoice.ts';
import { editionInForce } from '../billing/rates.ts';
import { type BillingPeriod, periodAt } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import type { Instant } from '../domain/instant.ts';
import { BadInput, WrongUsage } from '../domain/problem.ts';
import type { BillingRecords, OverageChange } from '../domain/records.ts';
import type { Warning } from '../domain/warning.ts';
import type { ByteSource } from '../input/byte-source.ts';
import {
  DATA_FILES,
  type DataFile,
  type InputChoice,
  type InputFiles,
  locateInputs,
} from '../input/data-directory.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { type ReadRecords, readRecords } from '../input/records.ts';
import { ActivityReports } from '../usage/activity/activity-reports.ts';
import { reportContradictions } from '../usage/activity/contradictions.ts';
import { type ProfileMatch, profileMatch } from '../usage/activity/profile-match.ts';
import { readReports, sortSources } from '../usage/activity/read-reports.ts';
import { withReports } from '../usage/activity/reduce-reports.ts';
import type { BadUsageRow, ReductionPlan, UsageReduction } from '../usage/plan.ts';
import { reduceUsage } from '../usage/reduce.ts';
import { BadUsageFile } from './bad-usage-file.ts';
import type { Context } from './context.ts';
import { dataFileFlag } from './options.ts';
import { refuseInputAsOutput } from './output.ts';
import { UsageProgress } from './progress.ts';

/** What the input options of a command come to. */
export interface InputOptions extends Partial<Record<DataFile, string>> {
  readonly data: string;
  readonly usage?: readonly string[];
  readonly dedupe?: boolean;
  readonly skipBadUsage?: string;
  readonly output?: string;
}

/** Everything that a command bills from. */
export interface Inputs {
  readonly files: InputFiles;
  readonly read: ReadRecords;
  readonly usage: UsageReduction;
  readonly billing: Billing;
  /** Where activity reports contradict the directory's overage, in the months asked for. */
  readonly reportWarnings?: readonly Warning[];
}

/** How usage is to be reduced; with `match`, which profile activity reports mean. */
export interface UsagePlan extends ReductionPlan {
  readonly match?: ProfileMatch;
}

/** What usage was reduced to, and the activity reports among it. */
export interface ReadUsage extends UsageReduction {
  readonly reports?: ActivityReports;
}

/** Where the options say that the inputs are. `WrongUsage` where two of them are standard input. */
export function inputChoice(options: InputOptions, { host }: Context): InputChoice {
  const files: Partial<Record<DataFile, string>> = {};
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
    const path = options[kind];
    if (path !== undefined) files[kind] = path;
  }
  const usage = options.usage ?? [];
  const fromStandardInput = [
    ...Object.entries(files).map(([kind, path]) => [dataFileFlag(kind as DataFile), path]),
    ...usage.map((path) => ['--usage', path]),
  ].filter(([, path]) => path === '-');
  if (fromStandardInput.length > 1) {
    const flags = fromStandardInput.map(([flag]) => `${flag} -`).join(' and ');
    throw new WrongUsage(`${flags}: only one input can come from standard input`);
  }
  return { dataDirectory: options.data, files, usage, standardInput: host.stdin };
}

/**
 * Reads all inputs and prepares the billing of `periods` (all months where missing).
 * Bad input of any file is `BadInput`, all problems together; a month before the rate
 * card's first edition is `WrongUsage`. With `--skip-bad-usage` the returned `finish`
 * puts the file of bad rows in place, once all is done.
 */
export async function readInputs(
  options: InputOptions,
  periods: readonly BillingPeriod[] | undefined,
  context: Context,
): Promise<Inputs & { finish: () => Promise<void> }> {
  const log = new ProblemLog();
  const files = await locate(options, context);
  const { read, plan } = await readTables(files, options, periods, context, log);
  const badRows = await badUsageFile(options, context);
  try {
    const usage = await readUsage(files, plan, context, log, badRows);
    if (log.total > 0) throw new BadInput(log.kept, log.total);
    meetProfiles(read, usage);
    const billing = billingOf(read.records, read.card, usage.stretches);
    const reportWarnings = warningsOfReports(usage, billing, plan);
    for (const note of usage.reports?.notes() ?? []) context.messages.note(note);
    context.messages.warnings(reportWarnings);
    const finish = async (): Promise<void> => badRows?.finish();
    return { files, read, usage, billing, reportWarnings, finish };
  } catch (error) {
    await badRows?.discard();
    throw error;
  }
}

/** Finds the files, and refuses outputs that are inputs. */
export async function locate(options: InputOptions, context: Context): Promise<InputFiles> {
  const files = await locateInputs(inputChoice(options, context));
  const inputs = [...Object.values(files.tables), ...files.usage].map(({ file }) => file);
  await refuseInputAsOutput('--output', options.output, inputs);
  await refuseInputAsOutput('--skip-bad-usage', options.skipBadUsage, inputs);
  refuseSharedOutput(options);
  return files;
}

/** The rows that are left out go to a file of their own. */
function refuseSharedOutput({ output, skipBadUsage }: InputOptions): void {
  if (skipBadUsage === undefined) return;
  if (skipBadUsage === '-') {
    throw new WrongUsage('--skip-bad-usage needs the name of a file for the rows left out');
  }
  if (output !== undefined && resolve(output) === resolve(skipBadUsage)) {
    throw new WrongUsage('--output and --skip-bad-usage name the same file');
  }
}

/** Reads all but usage, and plans how usage is to be reduced. */
export async function readTables(
  files: InputFiles,
  options: InputOptions,
  periods: readonly BillingPeriod[] | undefined,
  { stopwatch }: Context,
  log: ProblemLog,
): Promise<{ read: ReadRecords; plan: UsagePlan }> {
  const read = await stopwatch.time('tables', () => readRecords(files, log));
  if (log.total === 0) for (const period of periods ?? []) editionInForce(read.card, period);
  const { ids, profiles } = read.profiles;
  const plan: UsagePlan = {
    match: profileMatch(profiles.values(), ids === undefined),
    ...(ids === undefined ? {} : { profileIds: ids }),
    ...(periods === undefined ? {} : { months: new Set(periods.map(({ month }) => month)) }),
    cuts: overageCuts(read.records.overageChanges),
    dedupe: options.dedupe === true,
  };
  return { read, plan };
}

/** The instants at which stretches of usage end, per profile, ascending. Rule O2. */
export function overageCuts(changes: readonly OverageChange[]): Map<string, Instant[]> {
  const cuts = new Map<string, Instant[]>();
  for (const [profileId, ofProfile] of groupBy(changes, (change) => change.profileId)) {
    const instants = ofProfile.map(({ changedAt }) => changedAt);
    cuts.set(
      profileId,
      instants.sort((a, b) => (a < b ? -1 : 1)),
    );
  }
  return cuts;
}

async function badUsageFile(
  { skipBadUsage }: InputOptions,
  { host }: Context,
): Promise<BadUsageFile | undefined> {
  return skipBadUsage === undefined ? undefined : BadUsageFile.of(skipBadUsage, host);
}

export async function readUsage(
  files: InputFiles,
  plan: UsagePlan,
  context: Context,
  log: ProblemLog,
  badRows?: BadUsageFile,
): Promise<ReadUsage> {
  const { host, stopwatch } = context;
  const onBadRow = badRows && ((row: BadUsageRow): void => badRows.add(row));
  const progress = new UsageProgress(files.usage, host, context.progress);
  try {
    const usage = await stopwatch.time('usage', () =>
      reduceAllUsage(files.usage, plan, log, onBadRow, progress),
    );
    const fileCount = Object.keys(files.tables).length + files.usage.length;
    stopwatch.volume = {
      files: fileCount,
      usageRows: usage.rows,
      usageBytes: progress.bytesRead,
    };
    return usage;
  } finally {
    progress.stop();
  }
}

/** Reduces usage of all kinds: activity reports are read on their own, and their sums added. */
async function reduceAllUsage(
  sources: readonly ByteSource[],
  plan: UsagePlan,
  log: ProblemLog,
  onBadRow: ((row: BadUsageRow) => void) | undefined,
  progress: UsageProgress,
): Promise<ReadUsage> {
  if (plan.match === undefined) return reduceUsage(sources, plan, log, onBadRow, progress);
  const sorted = await sortSources(sources);
  const reduction = await reduceUsage(sorted.others, plan, log, onBadRow, progress);
  if (sorted.reports.length === 0) return reduction;
  const reports = new ActivityReports(plan.match);
  const reading = await readReports(sorted.reports, reports, log, onBadRow, progress);
  return { ...withReports(reduction, reports, reading, plan), reports };
}

/** Where the reports contradict the data directory's overage, in the months that are billed. */
function warningsOfReports(
  { reports }: ReadUsage,
  { overage }: Billing,
  { months }: UsagePlan,
): Warning[] {
  const warnings = reportContradictions(reports?.counted() ?? [], overage);
  return warnings.filter(({ month }) => months?.has(month ?? '') ?? true);
}

/** Without a profiles file, a profile that only usage names is taken as met, too. */
function meetProfiles({ profiles }: ReadRecords, usage: UsageReduction): void {
  if (!profiles.areMet) return;
  for (const [profileId, place] of usage.profiles) profiles.meet(profileId, place);
}

/** The months (`YYYY-MM`) that the data hold: of usage, and in which a subscription starts or ends. */
export function monthsOfData(records: BillingRecords, usage: UsageReduction): string[] {
  const months = new Set(usage.months);
  for (const { subscribedAt, unsubscribedAt } of records.subscriptions) {
    months.add(periodAt(subscribedAt).month);
    if (unsubscribedAt !== undefined) months.add(periodAt(unsubscribedAt).month);
  }
  return [...months].sort();
}
