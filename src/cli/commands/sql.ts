import { refuseMonthsBefore } from '../../billing/rates.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { Instant } from '../../domain/instant.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { BillingRecords } from '../../domain/records.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { DATA_FILES } from '../../input/data-files.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { type ReadRecords, readRecords } from '../../input/records.ts';
import type { SqlEngine, SqlSource } from '../../usage/sql/choices.ts';
import { knownStretches } from '../../usage/sql/known-stretches.ts';
import type { MonthRange, SqlInput } from '../../usage/sql/reduction.ts';
import { sqlStatement } from '../../usage/sql/statement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type InputOptions, locate, overageCuts, withSettings } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { unreadWarnings } from '../unread.ts';

interface SqlOptions extends InputOptions {
  readonly engine: SqlEngine;
  readonly from?: SqlSource;
  readonly table?: string;
  readonly text?: boolean;
  readonly path?: string;
  readonly fileColumn?: string;
  readonly month?: string;
}

/** The default table to read. */
const TABLES: Readonly<Record<SqlSource, string>> = {
  requests: 'kiro_usage',
  activity: 'kiro_activity',
};

/** Writes the statement that makes a usage summary on an engine of the user's own. */
export async function run(context: Context, options: SqlOptions): Promise<CommandResult> {
  const source = options.from ?? 'requests';
  const input = inputAsked(options, source);
  const periods =
    options.month === undefined ? [] : periodsAsked(options.month, context.host.now());
  const files = await locate(options, context);
  const { records, card } = await readAll(files, context);
  refuseMonthsBefore(card, periods);
  const statement = sqlStatement(options.engine, {
    source,
    input,
    ...rangeOf(periods),
    ...(options.fileColumn === undefined ? {} : { fileColumn: options.fileColumn }),
    reportedCredits: withSettings(options, files).reportedCredits ?? 'beside',
    stretches: knownStretches(cutsByName(records)),
    profiles: [...records.profiles.values()],
  });
  return {
    document: { drawn: { sql: () => [statement] } },
    // A missing overage change would leave its month one stretch.
    warnings: await unreadWarnings(files, Object.values(DATA_FILES)),
  };
}

/** By each id that usage may give a profile, the instants of its overage changes. */
function cutsByName({ overageChanges, profiles }: BillingRecords): Map<string, Instant[]> {
  const cuts = overageCuts(overageChanges);
  for (const { profileId, aliases = [] } of profiles.values()) {
    const ofProfile = cuts.get(profileId);
    if (ofProfile !== undefined) for (const alias of aliases) cuts.set(alias, ofProfile);
  }
  return cuts;
}

/** The table or the files that the options name; neither can contain control characters. */
function inputAsked(
  { table, path, text = false, fileColumn }: SqlOptions,
  source: SqlSource,
): SqlInput {
  if (table !== undefined && path !== undefined) {
    throw new WrongUsage('--table and --path both say what to read: give one of them');
  }
  if (path !== undefined) {
    refuseUnwritable('--path', path);
    if (text)
      throw new WrongUsage('--text is about the columns of a --table: leave it out with --path');
    return { path };
  }
  if (fileColumn !== undefined) refuseFileColumn(fileColumn, source);
  const name = table ?? TABLES[source];
  refuseUnwritable('--table', name);
  const parts = name.split('.');
  if (parts.includes('')) {
    throw new WrongUsage(`--table ${name} has a part without a name: write table or schema.table`);
  }
  return { table: parts, isText: text };
}

/** The file of a row matters only for reports (R2). */
function refuseFileColumn(fileColumn: string, source: SqlSource): void {
  refuseUnwritable('--file-column', fileColumn);
  if (source === 'activity') return;
  throw new WrongUsage('--file-column is for activity reports: add --from activity');
}

/** The range of months in the statement; empty for all months. */
function rangeOf(periods: readonly BillingPeriod[]): { months?: MonthRange } {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return {};
  return { months: { start: first.start, end: last.end } };
}

function refuseUnwritable(option: string, value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
  if (value === '' || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) {
    throw new WrongUsage(`${option} must not be blank or have control characters in it`);
  }
}

async function readAll(files: InputFiles, { stopwatch }: Context): Promise<ReadRecords> {
  const log = new ProblemLog();
  const read = await stopwatch.time('tables', () => readRecords(files, log));
  stopwatch.volume = { ...stopwatch.volume, files: Object.keys(files.tables).length };
  if (log.total > 0) throw log.failure;
  return read;
}
