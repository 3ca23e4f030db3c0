import { join, relative, resolve, sep } from 'node:path';
import { WrongUsage } from '../../domain/problem.ts';
import { importedDirectory } from '../../import/directory.ts';
import { type ImportKind, type ImportRequest, withImported } from '../../import/import-settings.ts';
import { DATA_FILES } from '../../input/data-files.ts';
import { realPath } from '../../input/folder.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { usableRateCard } from '../../input/records.ts';
import { presentPaths, type Settings, settingPath } from '../../input/settings.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { writingInto } from '../directory-unit.ts';
import { directoryBefore, openImportFolder, writeImport } from './import-folder.ts';
import { readFilesOf } from './import-inputs.ts';
import { importResult } from './import-report.ts';

interface ImportOptions extends Omit<ImportRequest, 'kind' | 'paths'> {
  readonly output: string;
  readonly force?: boolean;
}

/**
 * Makes a data directory from everything that AWS's own files and directories of people show,
 * including files given to earlier imports.
 */
export async function run(
  context: Context,
  options: ImportOptions,
  [given = '', ...paths]: readonly string[],
): Promise<CommandResult> {
  const kind = given.toLowerCase() as ImportKind;
  refuseOptionsOfOthers(kind, options);
  const { output: directory } = options;
  for (const path of paths) await refuseOwnOutput(path, directory);
  const isFile = `--output ${directory} is a file: import needs a folder, or a name for a new one`;
  return writingInto(directory, context.host, isFile, () =>
    importInto(directory, { ...options, kind, paths }, context),
  );
}

function refuseOptionsOfOthers(
  kind: ImportKind,
  { asOf, profile, reportedCredits }: ImportOptions,
): void {
  if (kind !== 'subscriptions' && (asOf !== undefined || profile !== undefined)) {
    const option = asOf === undefined ? '--profile' : '--as-of';
    throw new WrongUsage(
      `${option} is for import subscriptions: import ${kind} takes it from the files`,
    );
  }
  if (kind !== 'activity' && reportedCredits !== undefined) {
    throw new WrongUsage(
      `--reported-credits is for import activity: import ${kind} reads no activity reports`,
    );
  }
}

/** Refuses inputs that contain the output, as a later import, or the bill, would read it. */
async function refuseOwnOutput(path: string, directory: string): Promise<void> {
  const [source, target] = [await realPath(resolve(path)), await realPath(resolve(directory))];
  const names: readonly string[] = Object.values(DATA_FILES);
  const isTable = names.some((name) => source === join(target, name));
  const isAround = `${target}${sep}`.startsWith(`${source}${sep}`);
  if (!isTable && !isAround) return;
  throw new WrongUsage(
    `--output ${directory} would overwrite what import reads from ${path}: name another folder`,
  );
}

/** Imports into a folder that no other run writes to. */
async function importInto(
  directory: string,
  { kind, paths, force = false, ...options }: ImportOptions & Pick<ImportRequest, 'kind' | 'paths'>,
  context: Context,
): Promise<CommandResult> {
  const folder = await openImportFolder(directory);
  const given = paths.map((path) => settingText(directory, path));
  const before = await directoryBefore(folder, force);
  const { settings } = folder.directory;
  await refuseMissing(settings);
  const values = withImported(settings.values, { ...options, kind, paths: given });
  const wanted = new Set(
    kind === 'activity' ? given.map((path) => settingPath(settings, path)) : [],
  );
  const card = await usableRateCard(folder.tables.rates);
  const files = await context.stopwatch.time('reading', () =>
    readFilesOf({ ...settings, values }, wanted, card, context),
  );
  const imported = importedDirectory(before, values, files.evidence);
  await writeImport(folder, imported);
  return importResult({ directory, kind, files, imported });
}

/** A path as written in the settings of a directory. */
function settingText(directory: string, path: string): string {
  return relative(resolve(directory), resolve(path)).split(sep).join('/') || '.';
}

/** Refuses paths of earlier imports that no longer exist. */
async function refuseMissing(settings: Settings): Promise<void> {
  const log = new ProblemLog();
  for (const key of ['usage', 'cur', 'people', 'subscription_lists'] as const) {
    await presentPaths(settings, key, log);
  }
  if (log.total > 0) throw log.failure;
}
