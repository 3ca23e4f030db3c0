import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type BucketFiles, bucketFiles, readActivity } from '../../aws/activity-files.ts';
import { AwsBill } from '../../aws/aws-bill.ts';
import { noResourceIds } from '../../aws/cur-columns.ts';
import { type CurSource, curFiles } from '../../aws/cur-files.ts';
import { readCur } from '../../aws/read-cur.ts';
import {
  type Instant,
  instantFromText,
  instantOf,
  midnightOf,
  utcDate,
} from '../../domain/instant.ts';
import { BadInput } from '../../domain/problem.ts';
import type { KnownTiers } from '../../domain/tier.ts';
import { type BillEvidence, evidenceOfBills } from '../../import/bill-evidence.ts';
import { CostCenterTags, type TaggedCostCenter } from '../../import/cost-center-tags.ts';
import type { People, ProfilePlace } from '../../import/evidence.ts';
import { readPeople } from '../../import/people.ts';
import { evidenceOfReports, type ReportEvidence } from '../../import/report-evidence.ts';
import { type ListedUser, readSubscriptionList } from '../../import/subscription-list.ts';
import type { RankOf } from '../../import/tier-order.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { readUnchanged } from '../../input/changed-files.ts';
import { fileSource, filesBelow, isFolder } from '../../input/folder.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { isWorkbookName } from '../../input/workbook-name.ts';
import type { Context } from '../context.ts';
import { UsageProgress } from '../progress.ts';

/** Activity reports, read as evidence. */
export interface ReportsRead {
  readonly evidence: ReportEvidence;
  readonly files: number;
  readonly rows: number;
  readonly skipped: number;
  readonly notes: readonly string[];
}

/** Reads the reports below all paths; each of the `wanted` paths must have some. */
export async function readReportsOf(
  paths: readonly string[],
  wanted: ReadonlySet<string>,
  tiers: KnownTiers,
  log: ProblemLog,
  { host, stopwatch, progress: isWanted }: Context,
): Promise<ReportsRead> {
  const buckets: BucketFiles[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const bucket = await bucketFiles(path);
    buckets.push({ ...bucket, sources: await notSeen(bucket.sources, seen) });
  }
  const sources = buckets.flatMap((bucket) => bucket.sources);
  const progress = new UsageProgress(sources, host, isWanted, 'activity reports');
  const reading = await readActivity(buckets, wanted, log, progress).finally(() => progress.stop());
  stopwatch.alsoRead.push(progress.summary);
  const { rows, notes } = reading;
  return {
    evidence: evidenceOfReports(rows, tiers, log),
    files: reading.files,
    rows: rows.length,
    skipped: reading.skipped,
    notes,
  };
}

/** The files that no earlier path has reached. */
async function notSeen<Source extends ByteSource>(
  sources: readonly Source[],
  seen: Set<string>,
): Promise<Source[]> {
  const fresh: Source[] = [];
  for (const source of sources) {
    const real = await realpath(source.file).catch(() => source.file);
    if (!seen.has(real)) fresh.push(source);
    seen.add(real);
  }
  return fresh;
}

/** AWS's bills, read as evidence. */
export interface BillsRead {
  readonly evidence: BillEvidence;
  readonly tags: ReadonlyMap<string, TaggedCostCenter>;
  readonly files: number;
  readonly rows: number;
}

/** Reads AWS's bills below all paths. */
export async function readBillsOf(
  paths: readonly string[],
  { profiles }: ReportEvidence,
  tagKey: string | undefined,
  tiers: KnownTiers,
  rankOf: RankOf,
  log: ProblemLog,
  { host, stopwatch, progress: isWanted }: Context,
): Promise<BillsRead> {
  const tags = new CostCenterTags(tagKey);
  const bills = new Map<string, AwsBill>();
  const seen = new Set<string>();
  const sources: CurSource[] = [];
  for (const path of paths) sources.push(...(await notSeen(await curFiles(path), seen)));
  const progress = new UsageProgress(sources, host, isWanted, "AWS's bill");
  const reading = await readCur(
    sources,
    log,
    (line, file) => {
      const bill = bills.get(line.month) ?? new AwsBill();
      bills.set(line.month, bill);
      bill.add(line, file);
      tags.add(line.month, line.userId, line.tags);
    },
    { wantsTags: true, progress },
  ).finally(() => progress.stop());
  stopwatch.alsoRead.push(progress.summary);
  const hasSeats = [...bills.values()].some(({ identifiedRows }) => identifiedRows > 0);
  const [path] = paths;
  if (path !== undefined && log.total === 0 && !hasSeats) {
    const what = 'the CUR has no Kiro row: is it that of the payer account?';
    log.add(reading.kiroRows === 0 ? { file: path, what } : noResourceIds(path));
  }
  const places = new Map<string, ProfilePlace[]>();
  for (const { place, seats } of profiles) {
    for (const userId of seats.keys()) places.set(userId, [...(places.get(userId) ?? []), place]);
  }
  return {
    evidence: evidenceOfBills(bills, places, tiers, rankOf),
    tags: tags.byUser(),
    files: sources.length,
    rows: reading.kiroRows,
  };
}

/** Reads the people in all paths, in the order of the paths. */
export async function readPeopleOf(paths: readonly string[], log: ProblemLog): Promise<People[]> {
  const people: People[] = [];
  const files: string[] = [];
  for (const path of paths) files.push(...(await peopleFiles(path)));
  const read = (source: ByteSource, tableLog: ProblemLog): Promise<People> =>
    readPeople(source, basename(source.file), tableLog);
  await readUnchanged(
    files.map((file) => ({ file })),
    log,
    async () => {
      for (const file of files) people.push(...(await readTables(file, log, read)));
    },
  );
  return people;
}

/**
 * The content of a file; for a workbook, of those sheets that can be read as this kind. If there
 * is none, the problems of the first sheet are reported.
 */
async function readTables<Result>(
  file: string,
  log: ProblemLog,
  read: (source: ByteSource, log: ProblemLog) => Promise<Result>,
): Promise<Result[]> {
  if (!isWorkbookName(file)) return [await read(await fileSource(file), log)];
  const { openWorkbook } = await import('../../input/workbook.ts');
  const results: { result: Result; sheetLog: ProblemLog }[] = [];
  try {
    for (const { source } of await openWorkbook(file)) {
      const sheetLog = new ProblemLog();
      results.push({ result: await read(source, sheetLog), sheetLog });
    }
  } catch (error) {
    log.addFailure(error);
  }
  const good = results.filter(({ sheetLog }) => sheetLog.total === 0);
  const [first] = results;
  if (good.length === 0 && first !== undefined) log.takeOver(first.sheetLog);
  return good.map(({ result }) => result);
}

/** The file, or the files of a folder that can hold people. */
async function peopleFiles(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path];
  const files = (await filesBelow(path)).filter((file) => /\.(json|csv|csv\.gz|xlsx)$/i.test(file));
  if (files.length > 0) return files;
  throw new BadInput([{ file: path, what: 'the folder has no .json, .csv or .xlsx file in it' }]);
}

/** A list of subscriptions, before its profile is known. */
export interface ListRead {
  readonly path: string;
  readonly name: string;
  /** Its profile, as given. */
  readonly profile?: string;
  readonly asOf: string;
  readonly at: Instant;
  readonly users: readonly ListedUser[];
  readonly leftOut: readonly string[];
}

/** Reads a list; its day is the one given, else the day (UTC) on which the file was last modified. */
export async function readListOf(
  path: string,
  profile: string | undefined,
  asOf: string | undefined,
  tiers: KnownTiers,
  log: ProblemLog,
): Promise<ListRead> {
  const name = basename(path);
  const tables = await readTables(path, log, (source, tableLog) =>
    readSubscriptionList(source, basename(source.file), tiers, tableLog),
  );
  const users = tables.flatMap((table) => table.users);
  const leftOut = tables.flatMap((table) => table.leftOut);
  const at = asOf === undefined ? await dayOfFile(path) : instantFromText(asOf.slice(0, 10));
  if (at === undefined) {
    throw new BadInput([
      { file: path, what: 'its day is no date: write it as 2026-01-15', value: asOf ?? '' },
    ]);
  }
  return {
    path,
    name,
    at,
    asOf: utcDate(at),
    users,
    leftOut,
    ...(profile === undefined ? {} : { profile }),
  };
}

async function dayOfFile(path: string): Promise<Instant | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? 0n : midnightOf(instantOf(stats.mtime));
}
