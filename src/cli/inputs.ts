import { resolve } from 'node:path';
import { type Billing, billingOf, pricingProblems } from '../billing/invoice.ts';
import { refuseMonthsBefore } from '../billing/rates.ts';
import { reportContradictions } from '../billing/report-contradictions.ts';
import { reportedTerms } from '../billing/reported-terms.ts';
import { type BillingPeriod, midnightsOf, periodAt } from '../domain/billing-period.ts';
import { groupBy } from '../domain/grouping.ts';
import { profileTitle } from '../domain/ids.ts';
import { compareInstants, type Instant, instantOf } from '../domain/instant.ts';
import { BadInput, comparePlaces, type Problem, WrongUsage } from '../domain/problem.ts';
import type { RateCard } from '../domain/rate-card.ts';
import type { BillingRecords, OverageChange, Profile } from '../domain/records.ts';
import { epochDay } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import { type InputChoice, type InputFiles, locateInputs } from '../input/data-directory.ts';
import { DATA_FILES, type DataFile } from '../input/data-files.ts';
import { ProblemLog } from '../input/problem-log.ts';
import { inferredProfile, type ProfileRegister, profilesMadeAnew } from '../input/profiles.ts';
import { recordWarnings } from '../input/record-warnings.ts';
import { type ReadRecords, type RecordScope, readScope, readWithin } from '../input/records.ts';
import type { SettingKey } from '../input/settings.ts';
import { countShown, grouped } from '../render/amounts.ts';
import type { BadUsageRow, ReductionPlan, UsageReduction } from '../usage/plan.ts';
import { type ReductionOptions, readyThreads, reduceUsage } from '../usage/reduce.ts';
import type { BadUsageFile } from './bad-usage-file.ts';
import type { Context } from './context.ts';
import type { Host } from './host.ts';
import { dataFileFlag } from './options.ts';
import { UsageProgress } from './progress.ts';
import { refuseInputAsOutput, refuseNextInput } from './refused-targets.ts';
import { namedPaths, unreadWarnings } from './unread.ts';

/** What the input options of a command come to. */
export interface InputOptions extends Partial<Record<DataFile, string>> {
  /** Missing for the directory of `KIRO_BILL_DATA`, else the current one. */
  readonly data?: string;
  readonly usage?: readonly string[];
  readonly dedupe?: boolean;
  readonly threads?: number;
  readonly reportedCredits?: 'beside' | 'inside';
  readonly skipBadUsage?: string;
  /** Where AWS's bill is, for commands that read it. */
  readonly cur?: string;
  readonly output?: string;
}

/** Everything that a command bills from. */
export interface Inputs {
  readonly files: InputFiles;
  /** With settings in place of those that were not given. */
  readonly options: InputOptions;
  /** The settings that took the place of options. */
  readonly settingsUsed: readonly SettingKey[];
  readonly read: ReadRecords;
  readonly usage: UsageReduction;
  readonly billing: Billing;
  /** What `--skip-bad-usage` left out, to be put in place once all is done. */
  readonly badRows: BadUsageFile | undefined;
}

/** Which usage to read, and where to split it besides changes of overage. */
export interface UsageAsked {
  /** Missing for all months. */
  readonly months?: readonly BillingPeriod[] | undefined;
  /** Split at each midnight of these months. */
  readonly days?: readonly BillingPeriod[];
  readonly splitAt?: Instant | undefined;
  /** Whether usage is wanted only in order, so that millions of seats use little memory. */
  readonly onlyInOrder?: boolean;
  /** Whether AWS's bill is read, too. */
  readonly withBill?: boolean;
}

/** Where the options say that the inputs are. `WrongUsage` where two of them are standard input. */
export function inputChoice(options: InputOptions, host: Host): InputChoice {
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
  const dataDirectory = options.data ?? (host.environment.KIRO_BILL_DATA || '.');
  return { dataDirectory, files, usage, standardInput: host.stdin };
}

/**
 * Reads all inputs and prepares the billing of `periods` (all months where missing).
 * Bad input of any file is `BadInput`, all problems together; a month before the rate
 * card's first edition is `WrongUsage`. `asked`: usage of these months, where nothing else is;
 * `located`: the files, where they are found already.
 */
export async function readInputs(
  given: InputOptions,
  periods: readonly BillingPeriod[] | undefined,
  context: Context,
  asked: UsageAsked = { months: periods },
  located?: InputFiles,
): Promise<Inputs> {
  const files = located ?? (await locate(given, context));
  const options = withSettings(given, files);
  // Threads start, and begin with usage, while this one reads the tables.
  const workers = await readyThreads(files.usage, options);
  const log = new ProblemLog();
  const scope = await readScope(files, log);
  if (scope.card !== undefined) refuseMonthsBefore(scope.card, periods ?? []);
  const tables = tablesOf(scope, log, context);
  // Profiles without a profiles file are known once all tables have been read.
  if (scope.profiles.areInferred) await tables();
  const plan = planFor(scope, options, asked);
  const badRows = await badUsageFile(options, context);
  try {
    const how = { threads: options.threads, workers, beforeReading: tables };
    const usage = await readUsage(files, context, plan, log, badRows, how);
    const read = await tables();
    const billing = billingFrom(read, usage, periods ?? [], log);
    return {
      files,
      options,
      settingsUsed: settingsUsed(given, files, asked),
      read,
      usage,
      billing: { ...billing, ...(await checksOf(billing, usage, files, context)) },
      badRows,
    };
  } catch (error) {
    await badRows?.discard();
    if (!(error instanceof BadInput)) throw error;
    const { problems, total, unkept } = error;
    throw new BadInput(problems, total, unkept, await unreadWarnings(files));
  }
}

/** The options, with settings in place of those that are not given. */
export function withSettings(options: InputOptions, { directory }: InputFiles): InputOptions {
  const { dedupe, threads, reported_credits: reportedCredits } = directory.settings.values;
  return {
    ...(dedupe && { dedupe }),
    ...(threads && { threads }),
    ...(reportedCredits && { reportedCredits }),
    ...options,
  };
}

/** The settings that take the place of options of a run. */
function settingsUsed(
  { rates, usage, dedupe, threads, reportedCredits: reported_credits, cur }: InputOptions,
  { directory }: InputFiles,
  { withBill = false }: UsageAsked,
): SettingKey[] {
  const { values } = directory.settings;
  // No option takes the place of `days_off`.
  const ofAll = { rates, usage, dedupe, threads, reported_credits, days_off: undefined };
  const given = withBill ? { ...ofAll, cur } : ofAll;
  const keys = Object.keys(given) as (keyof typeof given)[];
  return keys.filter((key) => values[key] && given[key] === undefined);
}

/** Finds the files, and refuses outputs that are inputs. */
export async function locate(options: InputOptions, context: Context): Promise<InputFiles> {
  const files = await locateInputs(inputChoice(options, context.host));
  await refuseInputAsOutput(options, [...namedPaths(files), files.directory.settings.file]);
  await refuseNextInput(options, files);
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

/** Reads all other tables when first asked for; problems go to `log`. */
function tablesOf(
  scope: RecordScope,
  log: ProblemLog,
  { stopwatch }: Context,
): () => Promise<ReadRecords> {
  let tables: Promise<ReadRecords> | undefined;
  return () => {
    tables ??= stopwatch.time('tables', () => readWithin(scope, log));
    return tables;
  };
}

function planFor(
  { card, profiles, identities, overageChanges }: RecordScope,
  options: InputOptions,
  { months, days = [], splitAt, onlyInOrder = false }: UsageAsked,
): ReductionPlan {
  const { ids: profileIds } = profiles;
  return {
    ...(profileIds && { profileIds }),
    reportProfiles: [...profiles.profiles.values()].map(
      ({ profileId, accountId, region, name }) => ({ profileId, accountId, region, name }),
    ),
    identities,
    ...(months && { months: new Set(months.map(({ month }) => month)) }),
    cuts: {
      ofProfile: overageCuts(overageChanges),
      ofAll: [...days.flatMap(midnightsOf), ...(splitAt === undefined ? [] : [splitAt])],
    },
    onlyInOrder,
    ...(card === undefined ? {} : { reported: reportedPlan(card, profiles, options) }),
    dedupe: options.dedupe === true,
  };
}

/** How activity reports are read (R1). */
function reportedPlan(
  card: RateCard,
  { profiles, areInferred }: ProfileRegister,
  { reportedCredits }: InputOptions,
): NonNullable<ReductionPlan['reported']> {
  const profileOf = (profileId: string): Profile | undefined =>
    profiles.get(profileId) ?? (areInferred ? inferredProfile(profileId, NOWHERE) : undefined);
  return {
    ...(reportedCredits === undefined ? {} : { meaning: reportedCredits }),
    termsAt: reportedTerms(card, profileOf),
    profileTitle: (profileId) => profileTitle(profileOf(profileId) ?? { profileId, name: '' }),
  };
}

/** For a profile that is checked before it is known which row names it first. */
const NOWHERE = { file: '', line: 0 };

/** What months are billed from. All problems together, with those of the months' prices, are `BadInput`. */
function billingFrom(
  read: ReadRecords,
  usage: UsageReduction,
  periods: readonly BillingPeriod[],
  log: ProblemLog,
): Billing {
  for (const problem of inferProfilesOfUsage(read, usage)) log.add(problem);
  if (!read.areGood) throw log.failure;
  const billing = billingOf(read.records, read.card, usage.stretches);
  if (log.total === 0) return billing;
  for (const problem of pricingProblems(billing, periods)) log.add(problem);
  throw log.failure;
}

/** What to look at in all inputs, and how to check that usage is complete. */
async function checksOf(
  { records, overage }: Billing,
  usage: UsageReduction,
  files: InputFiles,
  { host }: Context,
): Promise<Required<Pick<Billing, 'inputWarnings' | 'completeness'>>> {
  const daysOff = new Set((files.directory.settings.values.days_off ?? []).map(epochDay));
  return {
    inputWarnings: [
      ...reportContradictions(usage.reports?.overage ?? [], overage),
      ...recordWarnings(records, files.tables.groupMembers !== undefined),
      ...(await unreadWarnings(files)),
      ...(usage.reports?.warnings ?? []),
      ...leftOutWarnings(usage),
    ],
    completeness: { usageDays: usage.coverage, clock: instantOf(host.now()), daysOff },
  };
}

/** What `--skip-bad-usage` leaves out is missing in every bill. */
function leftOutWarnings({ badRows, badLines, rows }: UsageReduction): Warning[] {
  if (badRows === 0) return [];
  const lines = badLines === badRows ? '' : ` (${countShown(badLines, 'line')})`;
  const message = `${countShown(badRows, 'bad usage row')}${lines} of ${grouped(rows)} left out`;
  return [{ code: 'usage-left-out', message }];
}

/** The instants at which stretches of usage end, per profile, ascending (O2). */
export function overageCuts(changes: readonly OverageChange[]): Map<string, Instant[]> {
  const cuts = new Map<string, Instant[]>();
  for (const [profileId, ofProfile] of groupBy(changes, (change) => change.profileId)) {
    const instants = ofProfile.map(({ changedAt }) => changedAt);
    cuts.set(profileId, instants.sort(compareInstants));
  }
  return cuts;
}

async function badUsageFile(
  { skipBadUsage }: InputOptions,
  { host }: Context,
): Promise<BadUsageFile | undefined> {
  if (skipBadUsage === undefined) return undefined;
  const { BadUsageFile } = await import('./bad-usage-file.ts');
  return BadUsageFile.of(skipBadUsage, host);
}

async function readUsage(
  files: InputFiles,
  { host, stopwatch, progress: isWanted }: Context,
  plan: ReductionPlan,
  log: ProblemLog,
  badRows: BadUsageFile | undefined,
  how: ReductionOptions,
): Promise<UsageReduction> {
  const onBadRow = badRows && ((row: BadUsageRow): void => badRows.add(row));
  const progress = new UsageProgress(files.usage, host, isWanted);
  try {
    const usage = await stopwatch.time('usage', () =>
      reduceUsage(files.usage, plan, log, onBadRow, progress, how),
    );
    const fileCount = Object.keys(files.tables).length + files.usage.length;
    const usageBytes = progress.bytesRead;
    stopwatch.volume = { files: fileCount, usageRows: usage.rows, usageBytes };
    return usage;
  } finally {
    progress.stop();
  }
}

/** Without a profiles file, profiles that only usage names are inferred, too; returns the problems of all inferred ones. */
function inferProfilesOfUsage({ profiles }: ReadRecords, usage: UsageReduction): Problem[] {
  if (!profiles.areInferred) return [];
  const inOrder = [...usage.profiles].sort(([, a], [, b]) => comparePlaces(a, b));
  for (const [profileId, place] of inOrder) profiles.infer(profileId, place);
  return profilesMadeAnew(profiles.profiles.values());
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
