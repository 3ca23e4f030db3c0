import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketFiles, readActivity } from '../../aws/activity-files.ts';
import { AwsBill } from '../../aws/aws-bill.ts';
import { noResourceIds } from '../../aws/cur-columns.ts';
import { curFiles } from '../../aws/cur-files.ts';
import { readCur } from '../../aws/read-cur.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import type { BillingRecords, Profile } from '../../domain/records.ts';
import { extendedFile, freshFile } from '../../import/data-files.ts';
import type { Findings } from '../../import/findings.ts';
import { findingsOfActivity } from '../../import/from-activity.ts';
import { findingsOfCur } from '../../import/from-cur.ts';
import { additionsTo, IMPORTED_FILES, type ImportedFile, type NewRow } from '../../import/merge.ts';
import { type ByteSource, readFailure } from '../../input/byte-source.ts';
import { DATA_FILES, type DataFile } from '../../input/data-files.ts';
import { nearest } from '../../input/nearest.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readRecords } from '../../input/records.ts';
import { countShown } from '../../render/amounts.ts';
import { visible } from '../../render/terminal.ts';
import { wrapped } from '../../render/width.ts';
import { profileMatch } from '../../usage/activity/profile-match.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type Host, widthOf } from '../host.ts';
import { Replacement, unwritable } from '../output.ts';
import { UsageProgress } from '../progress.ts';
import { shellWord } from '../shell-word.ts';

interface ImportOptions {
  readonly output: string;
  readonly force?: boolean;
}

const KINDS = ['activity', 'cur'] as const;
type Kind = (typeof KINDS)[number];

/** Makes a data directory of what AWS's own files show, or adds to one what it lacks. */
export async function run(
  context: Context,
  { output: directory, force = false }: ImportOptions,
  [asked = '', path = '']: readonly string[],
): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const kind = kindAsked(asked);
  await refuseNoFolder(directory);
  const { findings, summary, notes, lastMonth } = await stopwatch.time('reading', () =>
    kind === 'activity' ? activityFindings(path, context) : curFindings(path, context),
  );
  const standing = force ? NOTHING_STANDS : await standingData(directory);
  const { rows, contradictions } = additionsTo(standing.records, findings);
  const files = await filesOf(
    { ...rows, profiles: [...standing.metProfiles, ...rows.profiles] },
    standing,
  );
  await refuseUnreadable(directory, files);
  await writeFiles(directory, files, host);
  const lines = report(directory, rows, standing, findings, contradictions, widthOf(host));
  const command = kind === 'activity' ? 'invoice' : 'reconcile';
  const input = `${kind === 'activity' ? '--usage' : '--cur'} ${shellWord(path)}`;
  const data = `--data ${shellWord(directory)}`;
  return {
    document: {
      drawn: { text: () => lines.map((line) => `${line}\n`) },
      isForStandardOutput: true,
    },
    notes,
    closing: `${summary} Now try: kiro-bill ${command} --month ${lastMonth} ${data} ${input}`,
  };
}

function kindAsked(text: string): Kind {
  const found = KINDS.find((kind) => kind === text.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(text, KINDS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new WrongUsage(`import ${text}: there is import activity and import cur${hint}`);
}

async function refuseNoFolder(directory: string): Promise<void> {
  const stats = await stat(directory).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return;
  throw new WrongUsage(
    `--output ${directory} is a file: import needs a folder, or a name for a new one`,
  );
}

/** What was read, and what to say of it. */
interface ImportReading {
  readonly findings: Findings;
  readonly summary: string;
  readonly notes: readonly string[];
  /** The last month of which the files have anything; `last` where they have none. */
  readonly lastMonth: string;
}

async function activityFindings(
  path: string,
  { host, stopwatch, progress: isWanted }: Context,
): Promise<ImportReading> {
  const log = new ProblemLog();
  const bucket = await bucketFiles(path);
  const progress = new UsageProgress(bucket.sources, host, isWanted, 'activity reports');
  const reading = await readActivity(bucket, profileMatch([], true), log, progress).finally(() =>
    progress.stop(),
  );
  stopwatch.alsoRead.push(progress.told);
  const rows = [...reading.reports.counted()];
  const findings = findingsOfActivity(rows, log);
  if (log.total > 0) throw new BadInput(log.kept, log.total);
  const others =
    reading.passedOver === 0 ? '' : `, ${countShown(reading.passedOver, 'other file')} passed over`;
  const summary = `Read ${countShown(reading.files, 'report')} with ${countShown(rows.length, 'row')} that count${others}.`;
  const lastMonth = lastOf(rows.map(({ date }) => date.slice(0, 7)));
  return { findings, summary, notes: reading.reports.notes(), lastMonth };
}

async function curFindings(
  path: string,
  { host, stopwatch, progress: isWanted }: Context,
): Promise<ImportReading> {
  const log = new ProblemLog();
  const bills = new Map<string, AwsBill>();
  const sources = await curFiles(path);
  const progress = new UsageProgress(sources, host, isWanted, "AWS's bill");
  const reading = await readCur(
    sources,
    log,
    (line, file) => {
      const bill = bills.get(line.month) ?? new AwsBill();
      bills.set(line.month, bill);
      bill.add(line, file);
    },
    { progress },
  ).finally(() => progress.stop());
  stopwatch.alsoRead.push(progress.told);
  const hasSeats = [...bills.values()].some(({ identifiedRows }) => identifiedRows > 0);
  if (log.total === 0 && !hasSeats) {
    const what = 'the CUR has no Kiro row: is it that of the payer account?';
    log.add(reading.kiroRows === 0 ? { file: path, what } : noResourceIds(path));
  }
  if (log.total > 0) throw new BadInput(log.kept, log.total);
  const summary = `Read ${countShown(reading.kiroRows, 'Kiro row')} from ${countShown(sources.length, 'file')}.`;
  return { findings: findingsOfCur(bills), summary, notes: [], lastMonth: lastOf(bills.keys()) };
}

function lastOf(months: Iterable<string>): string {
  return [...months].reduce((a, b) => (b > a ? b : a), '') || 'last';
}

/** What stands in the directory before the import. */
interface StandingData {
  readonly records: BillingRecords;
  /** The files by kind, as they are. */
  readonly texts: ReadonlyMap<ImportedFile, Buffer>;
  /** Rows for profiles that only other files name: with a profiles file they must stand in it. */
  readonly metProfiles: readonly NewRow[];
}

const NOTHING_STANDS: StandingData = {
  records: {
    profiles: new Map(),
    users: new Map(),
    groups: new Map(),
    memberships: [],
    subscriptions: [],
    overageChanges: [],
  },
  texts: new Map(),
  metProfiles: [],
};

async function standingData(directory: string): Promise<StandingData> {
  const texts = new Map<ImportedFile, Buffer>();
  for (const kind of IMPORTED_FILES) {
    const text = await textOf(join(directory, DATA_FILES[kind]));
    if (text !== undefined) texts.set(kind, text);
  }
  if (texts.size === 0) return NOTHING_STANDS;
  const records = await readDirectory(directory, texts);
  const metProfiles = texts.has('profiles')
    ? []
    : [...records.profiles.values()].map((profile) => metProfileRow(profile));
  return { records, texts, metProfiles };
}

function metProfileRow({ profileId, accountId, region, place }: Profile): NewRow {
  if (accountId === '' || region === '') {
    const what = `it names the profile ${profileId}, of which nothing tells account and Region: write it into profiles.csv first, or import into another folder`;
    throw new BadInput([{ file: place.file, what }]);
  }
  return {
    profile_id: profileId,
    account_id: accountId,
    region,
    overage: 'disabled',
    inferred_from: `the ARN in ${place.file}:${place.line}`,
  };
}

async function textOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw readFailure(file, error);
  }
}

/** Reads a directory with these files in place of its own; problems are `BadInput`. */
async function readDirectory(
  directory: string,
  texts: ReadonlyMap<ImportedFile, Buffer>,
): Promise<BillingRecords> {
  const log = new ProblemLog();
  const tables: { [Kind in DataFile]?: ByteSource } = {};
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
    const file = join(directory, DATA_FILES[kind]);
    const text = texts.get(kind as ImportedFile) ?? (await textOf(file));
    if (text !== undefined) tables[kind] = { file, stream: once(text) };
  }
  const subscriptions = tables.subscriptions ?? {
    file: join(directory, DATA_FILES.subscriptions),
    stream: once(freshFile('subscriptions', [])),
  };
  const read = await readRecords({ tables: { ...tables, subscriptions }, problems: [] }, log);
  if (log.total > 0) throw new BadInput(log.kept, log.total);
  return read.records;
}

/** The new text of each file. */
async function filesOf(
  rows: Readonly<Record<ImportedFile, readonly NewRow[]>>,
  { texts }: StandingData,
): Promise<Map<ImportedFile, Buffer>> {
  const files = new Map<ImportedFile, Buffer>();
  for (const kind of IMPORTED_FILES) {
    const standing = texts.get(kind);
    const text =
      standing === undefined
        ? freshFile(kind, rows[kind])
        : await extendedFile(kind, standing, rows[kind]);
    files.set(kind, text);
  }
  return files;
}

/** What is written must be readable, with what else stands there. */
async function refuseUnreadable(
  directory: string,
  files: ReadonlyMap<ImportedFile, Buffer>,
): Promise<void> {
  await readDirectory(directory, files);
}

/** Writes all files beside their targets before the first of them takes its place. */
async function writeFiles(
  directory: string,
  files: ReadonlyMap<ImportedFile, Buffer>,
  host: Host,
): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw unwritable(directory, error);
  }
  const replacements: Replacement[] = [];
  try {
    for (const [kind, text] of files) {
      const replacement = await Replacement.of(join(directory, DATA_FILES[kind]), host);
      replacements.push(replacement);
      await replacement.write(text);
    }
  } catch (error) {
    for (const replacement of replacements) await replacement.discard();
    throw error;
  }
  for (const replacement of replacements) await replacement.finish();
}

/** What was written, what contradicts it, and what nobody can know, for a reader to act on. */
function report(
  directory: string,
  rows: Readonly<Record<ImportedFile, readonly NewRow[]>>,
  { records, texts }: StandingData,
  { unknown }: Findings,
  contradictions: readonly string[],
  width: number,
): string[] {
  const stood: Readonly<Record<ImportedFile, number>> = {
    profiles: texts.has('profiles') ? records.profiles.size : 0,
    users: records.users.size,
    subscriptions: records.subscriptions.length,
    tierChanges: records.subscriptions.flatMap(({ tierChanges }) => tierChanges).length,
    overageChanges: records.overageChanges.length,
  };
  const files = IMPORTED_FILES.map((kind) => {
    const before = stood[kind] === 0 ? '' : `, ${countShown(stood[kind], 'row')} stood there`;
    return `${join(directory, DATA_FILES[kind])}: ${countShown(rows[kind].length, 'row')} added${before}`;
  });
  return [
    ...files,
    '',
    ...(contradictions.length === 0
      ? []
      : ['What does not fit what stands there, and was left as it is:']),
    ...contradictions.flatMap((text) => item(text, width)),
    ...(contradictions.length === 0 ? [] : ['']),
    'What these files cannot tell, for you to look at and correct:',
    ...unknown.flatMap((text) => item(text, width)),
  ];
}

/** A line of a list, wrapped. */
function item(text: string, width: number): string[] {
  return wrapped(visible(text), width - 4).map(
    (line, index) => `${index === 0 ? '  - ' : '    '}${line}`,
  );
}

/** The bytes as a stream, for the readers of files. */
async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
