import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput, type Problem } from '../domain/problem.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readFailure } from './byte-source.ts';

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
}

/**
 * Finds the inputs of a run. Missing optional files are left out; a required or named
 * one that is missing is found out when it is read. Where a directory has usage in more
 * than one place, that is `BadInput`.
 */
export async function locateInputs(choice: InputChoice): Promise<InputFiles> {
  const pathOf = (kind: DataFile): string =>
    choice.files[kind] ?? join(choice.dataDirectory, DATA_FILES[kind]);
  const tables: { [Kind in DataFile]?: ByteSource } = {};
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
    const isNamed = choice.files[kind] !== undefined;
    if (isNamed || (await exists(pathOf(kind))))
      tables[kind] = await sourceAt(pathOf(kind), choice);
  }
  const subscriptions = tables.subscriptions ?? { file: pathOf('subscriptions') };
  return { tables: { ...tables, subscriptions }, usage: await locateUsage(choice) };
}

async function locateUsage(choice: InputChoice): Promise<ByteSource[]> {
  if (choice.usage.length === 0) return directoryUsage(choice);
  const sources: ByteSource[] = [];
  for (const path of choice.usage) sources.push(...(await usageAt(path, choice)));
  return sources;
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
  const paths: string[] = [];
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (/\.csv(\.gz)?$/i.test(entry.name) && !(await isFolder(path))) paths.push(path);
    }
  } catch (error) {
    throw readFailure(folder, error);
  }
  return Promise.all(paths.sort(compareBytes).map(fileSource));
}

async function sourceAt(path: string, { standardInput }: InputChoice): Promise<ByteSource> {
  return path === '-' ? { file: '-', stream: standardInput } : fileSource(path);
}

async function fileSource(file: string): Promise<ByteSource> {
  const stats = await statsOf(file);
  return stats === undefined ? { file } : { file, sizeBytes: stats.size };
}

async function exists(path: string): Promise<boolean> {
  return (await statsOf(path)) !== undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await statsOf(path))?.isDirectory() ?? false;
}

/** Nothing where there is no such file; whoever reads it finds out why. */
async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
