import type { BigIntStats } from 'node:fs';
import { access, constants, lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput, type Problem, WrongUsage } from '../domain/problem.ts';
import { type ByteSource, readFailure } from './byte-source.ts';
import { fileSource, filesBelow, isCsv, isFolder } from './folder.ts';

/** The files of a data directory that have one name, by the option that replaces each. */
export const DATA_FILES = {
  profiles: 'profiles.csv',
  users: 'users.csv',
  groups: 'groups.csv',
  groupMembers: 'group_members.csv',
  subscriptions: 'subscriptions.csv',
  tierChanges: 'tier_changes.csv',
  activations: 'activations.csv',
  overageChanges: 'overage_changes.csv',
  rates: 'rates.json',
} as const;

export type DataFile = keyof typeof DATA_FILES;

/** Where a run is to read its inputs. */
export interface InputChoice {
  readonly dataDirectory: string;
  /** Paths that replace files of the directory; `-` for standard input. */
  readonly files: Readonly<Partial<Record<DataFile, string>>>;
  /** Paths of usage files or folders; none for those of the directory. */
  readonly usage: readonly string[];
  readonly standardInput: AsyncIterable<Buffer>;
}

/** The files that were found; `subscriptions` stands there in any case. */
export type TableFiles = { readonly subscriptions: ByteSource } & {
  readonly [Kind in DataFile]?: ByteSource;
};

/** The inputs that were found. */
export interface InputFiles {
  readonly tables: TableFiles;
  readonly usage: readonly ByteSource[];
  /** What is wrong with folders; what is wrong with files is found out when they are read. */
  readonly problems: readonly Problem[];
}

/**
 * Finds the inputs of a run. Missing optional files are left out; a required or named
 * one that is missing is found out when it is read. A directory that is none is `BadInput`,
 * a usage file that is named twice `WrongUsage`.
 */
export async function locateInputs(choice: InputChoice): Promise<InputFiles> {
  await refuseNoFolder(choice.dataDirectory);
  const pathOf = (kind: DataFile): string =>
    choice.files[kind] ?? join(choice.dataDirectory, DATA_FILES[kind]);
  const tables: { [Kind in DataFile]?: ByteSource } = {};
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
    const isNamed = choice.files[kind] !== undefined;
    if (isNamed || (await exists(pathOf(kind))))
      tables[kind] = await sourceAt(pathOf(kind), choice);
  }
  const subscriptions = tables.subscriptions ?? { file: pathOf('subscriptions') };
  return { tables: { ...tables, subscriptions }, ...(await locateUsage(choice)) };
}

async function refuseNoFolder(file: string): Promise<void> {
  if (await isFolder(file)) {
    try {
      return await access(file, constants.X_OK);
    } catch (error) {
      throw readFailure(file, error);
    }
  }
  const what = (await exists(file))
    ? 'it is no folder: --data takes the folder that holds subscriptions.csv'
    : 'there is no such folder';
  throw new BadInput([{ file, what }]);
}

/** The usage that was found, and what is wrong with the folders in which it is looked for. */
async function locateUsage(choice: InputChoice): Promise<Pick<InputFiles, 'usage' | 'problems'>> {
  const usage: ByteSource[] = [];
  const problems: Problem[] = [];
  const searches =
    choice.usage.length === 0
      ? [directoryUsage(choice)]
      : choice.usage.map((path) => usageAt(path, choice));
  for (const search of await Promise.allSettled(searches)) {
    if (search.status === 'fulfilled') usage.push(...search.value);
    else if (search.reason instanceof BadInput) problems.push(...search.reason.problems);
    else throw search.reason;
  }
  if (choice.usage.length > 1) await refuseSameFiles(usage);
  return { usage, problems };
}

/** `WrongUsage` where several `--usage` name one file, by whatever path: its rows would count twice. */
async function refuseSameFiles(sources: readonly ByteSource[]): Promise<void> {
  const named = new Map<string, string>();
  for (const { file } of sources) {
    const stats = file === '-' ? undefined : await exactStatsOf(file);
    if (stats === undefined || !stats.isFile()) continue;
    const identity = `${stats.dev} ${stats.ino}`;
    const known = named.get(identity);
    if (known !== undefined) {
      throw new WrongUsage(
        `--usage: ${file} is the same file as ${known}, and its rows would count twice: name it once`,
      );
    }
    named.set(identity, file);
  }
}

/** Numbers of files can be longer than a JavaScript number tells apart. */
async function exactStatsOf(file: string): Promise<BigIntStats | undefined> {
  return stat(file, { bigint: true }).catch(() => undefined);
}

async function usageAt(path: string, choice: InputChoice): Promise<ByteSource[]> {
  if (path === '-' || !(await isFolder(path))) return [await sourceAt(path, choice)];
  const files = await walk(path);
  if (files.length === 0) throw new BadInput([noUsageFiles(path)]);
  return files;
}

function noUsageFiles(file: string): Problem {
  return { file, what: 'the folder has no .csv or .csv.gz file in it' };
}

/** The one place of a data directory that holds usage, if any does. */
async function directoryUsage({ dataDirectory }: InputChoice): Promise<ByteSource[]> {
  const plain = join(dataDirectory, 'usage.csv');
  const gzip = join(dataDirectory, 'usage.csv.gz');
  const folder = join(dataDirectory, 'usage');
  const walked = (await isFolder(folder)) ? await walk(folder) : [];
  const found: [name: string, sources: ByteSource[]][] = [];
  if (await exists(plain)) found.push(['usage.csv', [await fileSource(plain)]]);
  if (await exists(gzip)) found.push(['usage.csv.gz', [await fileSource(gzip)]]);
  if (walked.length > 0) found.push(['the folder usage/', walked]);
  if (found.length <= 1) return found[0]?.[1] ?? [];
  const names = found.map(([name]) => name).join(' and ');
  const what = `there is usage in ${names}: keep one of them, or name what to read with --usage`;
  throw new BadInput([{ file: dataDirectory, what }]);
}

/** All `.csv` and `.csv.gz` files below a folder, by the bytes of their paths. */
async function walk(folder: string): Promise<ByteSource[]> {
  const paths = await filesBelow(folder);
  return Promise.all(paths.filter(isCsv).map(fileSource));
}

async function sourceAt(path: string, { standardInput }: InputChoice): Promise<ByteSource> {
  return path === '-' ? { file: '-', stream: standardInput } : fileSource(path);
}

/** Whether anything stands there: also what cannot be read, or a link that leads nowhere. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '');
  }
}
