import { stat } from 'node:fs/promises';
import { namesNoUser } from '../../aws/aws-bill.ts';
import { noResourceIds } from '../../aws/cur-columns.ts';
import { type CurSource, curFiles } from '../../aws/cur-files.ts';
import type { AmazonQCharge, CurReading } from '../../aws/read-cur.ts';
import { type Instant, instantFromText, instantOf, midnightOf } from '../../domain/instant.ts';
import { BadInput } from '../../domain/problem.ts';
import type { RateCard } from '../../domain/rate-card.ts';
import { activityFiles } from '../../import/activity-files.ts';
import { CostCenterTags } from '../../import/cost-center-tags.ts';
import type { EvidenceRead } from '../../import/directory.ts';
import type { DatedList, People } from '../../import/evidence.ts';
import { readPeople } from '../../import/people.ts';
import { evidenceOfReports } from '../../import/report-evidence.ts';
import { readSubscriptionList } from '../../import/subscription-list.ts';
import { type CardTiers, cardTiers } from '../../import/tier-order.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { readUnchanged } from '../../input/changed-files.ts';
import { eachOnce, fileSource, filesBelow, isFolder } from '../../input/folder.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { type Settings, settingPaths } from '../../input/settings.ts';
import { isWorkbookName } from '../../input/workbook-name.ts';
import { readReports } from '../../usage/read-reports.ts';
import type { Context } from '../context.ts';
import { readBills } from '../month-bill.ts';
import { withProgress } from '../progress.ts';

/** All files of the settings, read. */
export interface FilesRead {
  readonly evidence: EvidenceRead;
  readonly reports: { readonly files: number; readonly rows: number; readonly skipped: number };
  readonly bills: { readonly files: number; readonly rows: number };
  /** What Amazon Q charges users who also have Kiro rows. */
  readonly amazonQ: readonly AmazonQCharge[];
  /** How the rows of reports were chosen. */
  readonly notes: readonly string[];
  /** What the bills lack of what was asked for. */
  readonly billNotes: readonly string[];
}

/** Reads all files of the settings; each of the `wanted` paths must have activity reports. */
export async function readFilesOf(
  settings: Settings,
  wanted: ReadonlySet<string>,
  card: RateCard,
  context: Context,
): Promise<FilesRead> {
  const log = new ProblemLog();
  const tiers = cardTiers(card);
  const pathsOf = (key: 'usage' | 'cur' | 'people'): string[] => settingPaths(settings, key) ?? [];
  const { sources, skipped } = await activityFiles(pathsOf('usage'), wanted, log);
  const { rows, notes } = await withProgress('activity reports', sources, context, (progress) =>
    readReports(sources, log, progress),
  );
  const reports = evidenceOfReports(rows, tiers.known, log);
  const tags = new CostCenterTags(settings.values.cost_center_tag);
  const billFiles = await curFiles(...pathsOf('cur'));
  const read = await readBillsOf(pathsOf('cur'), billFiles, tags, log, context);
  const people = await readPeopleOf(pathsOf('people'), log);
  const lists = await readListsOf(settings, tiers, log);
  if (log.total > 0) throw log.failure;
  return {
    evidence: { reports, bills: read.bills, lists, people, tags: tags.byUser(), tiers },
    reports: { files: sources.length, rows: rows.length, skipped },
    bills: { files: billFiles.length, rows: read.kiroRows },
    amazonQ: read.amazonQ,
    notes,
    billNotes: billFiles.length === 0 ? [] : tags.notes(),
  };
}

/** Reads AWS's bills, and the tags of their rows. Bills that show no seat are problems. */
async function readBillsOf(
  paths: readonly string[],
  sources: readonly CurSource[],
  tags: CostCenterTags,
  log: ProblemLog,
  context: Context,
): Promise<CurReading> {
  const options = { wantsTags: true };
  const read = await readBills(sources, log, context, options, ({ month, userId, tags: given }) =>
    tags.add(month, userId, given),
  );
  const [path] = paths;
  if (path !== undefined && log.total === 0) {
    const what = 'the CUR has no Kiro row: is it that of the payer account?';
    if (read.kiroRows === 0) log.add({ file: path, what });
    else if (namesNoUser([...read.bills.values()])) log.add(noResourceIds(path));
  }
  return read;
}

/** Reads the people in all paths, in the order of the paths. */
async function readPeopleOf(paths: readonly string[], log: ProblemLog): Promise<People[]> {
  const found: string[] = [];
  for (const path of paths) found.push(...(await peopleFiles(path)));
  const files = await eachOnce(found.map((file) => ({ file })));
  const people: People[] = [];
  await readUnchanged(files, log, async () => {
    for (const { file } of files) people.push(...(await readSheets(file, log, readPeople)));
  });
  return people;
}

/**
 * The content of a file; of a workbook, that of its sheets. `read` gives `undefined` for a table of
 * something else: such sheets are left out, but if all are, the problems of the first are reported.
 */
async function readSheets<Result extends object>(
  file: string,
  log: ProblemLog,
  read: (source: ByteSource, log: ProblemLog) => Promise<Result | undefined>,
): Promise<Result[]> {
  const sources: ByteSource[] = [];
  if (isWorkbookName(file)) {
    const { openWorkbook } = await import('../../input/workbook.ts');
    try {
      sources.push(...(await openWorkbook(file)).map(({ source }) => source));
    } catch (error) {
      log.addFailure(error);
    }
  } else sources.push(await fileSource(file));
  const results: Result[] = [];
  const others: ProblemLog[] = [];
  for (const source of sources) {
    const sheetLog = new ProblemLog();
    const result = await read(source, sheetLog);
    if (result === undefined) others.push(sheetLog);
    else {
      results.push(result);
      log.takeOver(sheetLog);
    }
  }
  const [other] = others;
  if (results.length === 0 && other !== undefined) log.takeOver(other);
  return results;
}

/** The file, or the files of a folder that can hold people. */
async function peopleFiles(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path];
  const files = (await filesBelow(path)).filter((file) => /\.(json|csv|csv\.gz|xlsx)$/i.test(file));
  if (files.length > 0) return files;
  throw new BadInput([{ file: path, what: 'the folder has no .json, .csv or .xlsx file in it' }]);
}

/** Reads the lists of the settings; a list's day is the one given, else that on which (UTC) its file was last modified. */
async function readListsOf(
  settings: Settings,
  { known }: CardTiers,
  log: ProblemLog,
): Promise<DatedList[]> {
  const files = settingPaths(settings, 'subscription_lists') ?? [];
  const lists: DatedList[] = [];
  await readUnchanged(
    files.map((file) => ({ file })),
    log,
    async () => {
      for (const [index, path] of files.entries()) {
        const { profile, as_of: day } = settings.values.subscription_lists?.[index] ?? {};
        const tables = await readSheets(path, log, (source, tableLog) =>
          readSubscriptionList(source, known, tableLog),
        );
        lists.push({
          path,
          at: await dayOf(path, day),
          users: tables.flatMap(({ users }) => users),
          leftOut: tables.flatMap(({ leftOut }) => leftOut),
          ...(profile === undefined ? {} : { profile }),
        });
      }
    },
  );
  return lists;
}

/** The start of the date that is given, else of the day on which the file was last modified. */
async function dayOf(path: string, given: string | undefined): Promise<Instant> {
  const at = instantFromText(given?.slice(0, 10) ?? '');
  if (at !== undefined) return at;
  // A file that has gone since it was read is reported as one that has changed.
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? 0n : midnightOf(instantOf(stats.mtime));
}
