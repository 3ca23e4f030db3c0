import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { BadInput, type Problem } from '../domain/problem.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readFailure } from './byte-source.ts';
import {
  DATA_FILES,
  type DataFile,
  IMPORTED_FILE,
  namesMatching,
  SETTINGS_FILE,
  USAGE_FILES,
} from './data-files.ts';
import {
  eachOnce,
  exists,
  fileSource,
  filesBelow,
  isFolder,
  isUsageFile,
  realPath,
} from './folder.ts';
import { nearest } from './nearest.ts';
import { ProblemLog } from './problem-log.ts';
import { presentPaths, readSettings, type Settings, settingPaths } from './settings.ts';
import { refuseUnfinishedImport } from './unfinished-import.ts';
import type { WorkbookSheet } from './workbook.ts';
import { isWorkbookName } from './workbook-name.ts';

/** Where a run reads its inputs. */
export interface InputChoice {
  readonly dataDirectory: string;
  /** Paths that replace files of the directory; `-` for standard input. */
  readonly files: Readonly<Partial<Record<DataFile, string>>>;
  /** Paths of usage files or folders; if there are none, those of the settings or the directory are used. */
  readonly usage: readonly string[];
  readonly standardInput: AsyncIterable<Buffer>;
}

/** The files that were found; `subscriptions` is always present. */
type TableFiles = { readonly subscriptions: ByteSource } & {
  readonly [Kind in DataFile]?: ByteSource;
};

/** The inputs that were found. */
export interface InputFiles {
  readonly directory: DataDirectory;
  readonly tables: TableFiles;
  readonly usage: readonly ByteSource[];
  /** The names that are looked for in the directory: those that no option or setting replaces. */
  readonly soughtNames: readonly string[];
  /** The folders in which usage was looked for. */
  readonly usageFolders: readonly string[];
  /** Files in these folders whose names are not those of usage files. */
  readonly otherFiles: readonly string[];
  /** Usage and a rate card in the directory that the settings replace with others. */
  readonly replaced: readonly ReplacedFile[];
  /** What is wrong with folders and settings; problems of files are found when they are read. */
  readonly problems: readonly Problem[];
  /** Those of the settings themselves and of where the rate card is. */
  readonly problemsOfRates: readonly Problem[];
}

/** A file of the directory that is not read, as a setting names another. */
interface ReplacedFile {
  readonly file: string;
  readonly key: 'usage' | 'rates';
}

/** A data directory: its path, the names in it, and its settings. */
export interface DataDirectory {
  readonly path: string;
  /** In the order of their bytes. */
  readonly names: readonly string[];
  readonly settings: Settings;
  /** The sheets, if it is a workbook; `names` are then theirs, as file names. */
  readonly sheets?: readonly WorkbookSheet[];
}

/**
 * Finds the inputs of a run. Missing optional files are left out; a required or named
 * one that is missing is reported when it is read. A path that is not a directory is `BadInput`.
 */
export async function locateInputs(choice: InputChoice): Promise<InputFiles> {
  const log = new ProblemLog();
  const directory = await openDirectory(choice.dataDirectory, log);
  const files: [DataFile, string][] = [];
  const find = async (kind: DataFile): Promise<void> => {
    const file = choice.files[kind] ?? (await ownFile(directory, kind, log));
    if (file !== undefined) files.push([kind, file]);
  };
  await find('rates');
  const problemsOfRates = [...log.kept];
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) if (kind !== 'rates') await find(kind);
  const sources = files.map(async ([kind, file]) => {
    return [kind, sheetAt(file, directory) ?? (await sourceAt(file, choice))] as const;
  });
  const tables: { [Kind in DataFile]?: ByteSource } = Object.fromEntries(
    await Promise.all(sources),
  );
  const usage = await locateUsage(choice, directory, log);
  const replaced = [
    ...(choice.files.rates === undefined ? await replacedFiles(directory, 'rates') : []),
    ...(choice.usage.length === 0 ? await replacedFiles(directory, 'usage') : []),
  ];
  const subscriptions = tables.subscriptions ?? noSubscriptions(directory);
  return {
    directory,
    tables: { ...tables, subscriptions },
    ...usage,
    replaced,
    soughtNames: soughtNames(choice, directory),
    problems: log.kept,
    problemsOfRates,
  };
}

/** The names in a data directory, and its settings, whose problems go to `log`. */
export async function openDirectory(path: string, log: ProblemLog): Promise<DataDirectory> {
  if (isWorkbookName(path) && (await exists(path)) && !(await isFolder(path))) {
    return openWorkbookDirectory(path);
  }
  await refuseNoFolder(path);
  await refuseUnfinishedImport(path);
  try {
    const names = (await readdir(path)).sort(compareBytes);
    const file = onlyMatch({ path, names }, SETTINGS_FILE, log) ?? join(path, SETTINGS_FILE);
    return { path, names, settings: await readSettings(file, path, log) };
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** A workbook as a data directory: its sheets are the files. It has no settings. */
async function openWorkbookDirectory(path: string): Promise<DataDirectory> {
  const { openWorkbook } = await import('./workbook.ts');
  const sheets = await openWorkbook(path);
  const names = sheets.map(({ name }) => `${name}.csv`).sort(compareBytes);
  const settings = { file: path, directory: dirname(path), values: {} };
  return { path, names, settings, sheets };
}

/** The sheet that a path means, if the data directory is a workbook. */
function sheetAt(path: string, { sheets = [] }: DataDirectory): ByteSource | undefined {
  return sheets.find(({ source }) => source.file === path)?.source;
}

function pathIn(directory: Pick<DataDirectory, 'path' | 'sheets'>, name: string): string {
  const shown = nameIn(directory, name);
  return directory.sheets === undefined
    ? join(directory.path, shown)
    : `${directory.path}[${shown}]`;
}

/** The name of a file as the directory has it: a sheet has no extension. */
function nameIn({ sheets }: Pick<DataDirectory, 'sheets'>, name: string): string {
  return sheets === undefined ? name : name.replace(/\.csv$/, '');
}

/** The path of the one name that matches `name`; if there are more, each except the first is a problem. */
function onlyMatch(
  directory: Pick<DataDirectory, 'path' | 'names' | 'sheets'>,
  name: string,
  log: ProblemLog,
): string | undefined {
  const [first, ...others] = namesMatching(directory.names, name);
  if (first === undefined) return undefined;
  for (const other of others) {
    const what = `it is one more ${nameIn(directory, name)} beside ${nameIn(directory, first)}: keep one of them`;
    log.add({ file: pathIn(directory, other), what });
  }
  return pathIn(directory, first);
}

function soughtNames(
  { files, usage }: InputChoice,
  { settings: { values } }: DataDirectory,
): string[] {
  const kinds = (Object.keys(DATA_FILES) as DataFile[]).filter(
    (kind) => files[kind] === undefined && (kind !== 'rates' || values.rates === undefined),
  );
  const hasOwnUsage = usage.length === 0 && values.usage === undefined;
  const usageNames = hasOwnUsage ? USAGE_FILES : [];
  return [...kinds.map((kind) => DATA_FILES[kind]), ...usageNames, SETTINGS_FILE, IMPORTED_FILE];
}

/** The file that a directory or its settings provide for a table. */
export async function ownFile(
  directory: DataDirectory,
  kind: DataFile,
  log: ProblemLog,
): Promise<string | undefined> {
  const named = kind === 'rates' ? await presentPaths(directory.settings, kind, log) : undefined;
  return named === undefined ? onlyMatch(directory, DATA_FILES[kind], log) : named[0];
}

/** Used if there are no subscriptions: reading it fails with what to do. */
function noSubscriptions(directory: DataDirectory): ByteSource {
  const { names, sheets } = directory;
  const file = pathIn(directory, DATA_FILES.subscriptions);
  if (sheets !== undefined) {
    const found = sheets.map(({ name }) => name).join(', ');
    const what = `there is no such sheet (there are ${found}): give this name to the one with the subscriptions`;
    return { file, stream: failing({ file, what }) };
  }
  const near = nearest(DATA_FILES.subscriptions, names);
  const remedy = near?.endsWith('.csv') ? 'give it' : 'save it as CSV under';
  const hint = near === undefined ? '' : `; if ${near} is meant, ${remedy} this name`;
  const what = `there is no such file: name the folder that has it with --data DIR, make a sample with "kiro-bill init DIR", or import AWS's files with "kiro-bill import"${hint}`;
  return { file, stream: failing({ file, what }) };
}

// biome-ignore lint/correctness/useYield: it fails before there is anything to yield
async function* failing(problem: Problem): AsyncGenerator<Buffer> {
  throw new BadInput([problem]);
}

async function refuseNoFolder(file: string): Promise<void> {
  if (await isFolder(file)) {
    try {
      return await access(file, constants.X_OK);
    } catch (error) {
      throw readFailure(file, error);
    }
  }
  const isThere = await exists(file);
  throw new BadInput([{ file, what: isThere ? NO_FOLDER : noSuchFolder(file) }]);
}

const NO_FOLDER =
  'it is not a folder: --data takes the folder that holds subscriptions.csv, or a workbook (.xlsx)';
/** How months are named on the command line. */
const MONTHS = /^(?:\d{4}(?:-(?:\d\d|Q[1-4]))?|last|current|ytd)(?:\.\.|$)/i;

function noSuchFolder(path: string): string {
  if (isWorkbookName(path)) return 'there is no such workbook';
  return MONTHS.test(path)
    ? `there is no such folder; if the month is meant, "kiro-bill invoice ${path}" bills it, and "kiro-bill check" without it checks all months`
    : 'there is no such folder';
}

interface FoundUsage {
  readonly sources: readonly ByteSource[];
  readonly folder?: string;
  readonly others?: readonly string[];
}

type LocatedUsage = Pick<InputFiles, 'usage' | 'usageFolders' | 'otherFiles'>;

/** The usage named by the options, otherwise by the settings, otherwise that of the directory. */
async function locateUsage(
  choice: InputChoice,
  directory: DataDirectory,
  log: ProblemLog,
): Promise<LocatedUsage> {
  const { settings } = directory;
  const isAsked = choice.usage.length > 0;
  const named = isAsked ? undefined : await presentPaths(settings, 'usage', log);
  const paths = named ?? choice.usage;
  const searches =
    named === undefined && !isAsked
      ? [directoryUsage(directory, log)]
      : paths.map((path) => usageAt(path, choice));
  const found: FoundUsage[] = [];
  for (const search of await Promise.allSettled(searches)) {
    if (search.status === 'fulfilled') found.push(search.value);
    else log.addFailure(search.reason);
  }
  const usage = found.flatMap(({ sources }) => sources);
  return {
    usage: paths.length > 1 ? await eachOnce(usage) : usage,
    usageFolders: found.flatMap(({ folder }) => folder ?? []),
    otherFiles: found.flatMap(({ others }) => others ?? []),
  };
}

/** The directory's own usage or rate card, where a setting names another: neither it nor anything in it. */
async function replacedFiles(
  { path, names, settings }: DataDirectory,
  key: 'usage' | 'rates',
): Promise<ReplacedFile[]> {
  const paths = settingPaths(settings, key);
  if (paths === undefined) return [];
  const named = await Promise.all(paths.map(realPath));
  const own = key === 'usage' ? [...USAGE_FILES, 'usage'] : [DATA_FILES.rates];
  const replaced: ReplacedFile[] = [];
  for (const name of own.flatMap((one) => namesMatching(names, one))) {
    const file = join(path, name);
    const real = await realPath(file);
    const isNamed = named.some((one) => one === real || one.startsWith(`${real}${sep}`));
    if (!isNamed) replaced.push({ file, key });
  }
  return replaced;
}

async function usageAt(path: string, choice: InputChoice): Promise<FoundUsage> {
  if (path === '-' || !(await isFolder(path))) return { sources: [await sourceAt(path, choice)] };
  const found = await walk(path);
  if (found.sources.length > 0) return found;
  const what = 'the folder has no .csv, .csv.gz or .parquet file in it';
  throw new BadInput([{ file: path, what }]);
}

/** The one place of a data directory that holds usage, if any does. */
async function directoryUsage(directory: DataDirectory, log: ProblemLog): Promise<FoundUsage> {
  const found: [name: string, usage: FoundUsage][] = [];
  for (const name of USAGE_FILES) {
    const file = onlyMatch(directory, name, log);
    const source = file && (sheetAt(file, directory) ?? (await fileSource(file)));
    if (source && (await isFolder(file))) log.add({ file, what: USAGE_AS_FOLDER });
    else if (source) found.push([name, { sources: [source] }]);
  }
  if (directory.sheets !== undefined) return found[0]?.[1] ?? { sources: [] };
  const folder = onlyMatch(directory, 'usage', log);
  const walked = folder === undefined ? { sources: [] } : await walk(await usageFolder(folder));
  if (walked.sources.length > 0) found.push(['the folder usage/', walked]);
  if (found.length <= 1) return { ...walked, ...found[0]?.[1] };
  const names = found.map(([name]) => name).join(' and ');
  const what = `there is usage in ${names}: keep one of them, or name what to read with --usage`;
  throw new BadInput([{ file: directory.path, what }]);
}

/** What engines write is a folder, whatever its name. */
const USAGE_AS_FOLDER = 'it is a folder, and a file is needed here: name the folder usage';

/** The folder `usage`; `BadInput` if something else has its name, as it may contain usage to bill. */
async function usageFolder(file: string): Promise<string> {
  if (await isFolder(file)) return file;
  const stats = await stat(file).catch((error) => {
    throw readFailure(file, error);
  });
  const what = stats.isFile()
    ? 'it is a file, and usage is a folder: name it usage.csv, usage.csv.gz or usage.parquet'
    : 'it is neither a folder nor a file';
  throw new BadInput([{ file, what }]);
}

/** All usage files below a folder, by the bytes of their paths, and the other files there. */
async function walk(folder: string): Promise<FoundUsage> {
  const paths = await filesBelow(folder);
  const sources = await Promise.all(paths.filter(isUsageFile).map(fileSource));
  return { sources, folder, others: paths.filter((path) => !isUsageFile(path)) };
}

async function sourceAt(path: string, { standardInput }: InputChoice): Promise<ByteSource> {
  return path === '-' ? { file: '-', stream: standardInput } : fileSource(path);
}
