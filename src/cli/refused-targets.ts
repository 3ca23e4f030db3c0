import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { WrongUsage } from '../domain/problem.ts';
import type { InputFiles } from '../input/data-directory.ts';
import { comparableName } from '../input/data-files.ts';
import { isUsageFile } from '../input/folder.ts';
import { isStandardOutput, realTarget } from './output.ts';

/**
 * Refuses a target that the next run would read: a usage file in a folder of usage, and a name
 * that is looked for in the data directory.
 */
export async function refuseNextInput(
  option: string,
  file: string | undefined,
  { directory, soughtNames, usageFolders }: InputFiles,
): Promise<void> {
  if (isStandardOutput(file)) return;
  const target = await targetPath(file);
  const walked = isUsageFile(target)
    ? await firstAsync(usageFolders, async (folder) => isBelow(target, await realTarget(folder)))
    : undefined;
  const isSought =
    dirname(target) === (await realTarget(directory.path)) &&
    soughtNames.some((name) => comparableName(name) === comparableName(basename(target)));
  const folder = walked ?? (isSought ? directory.path : undefined);
  if (folder === undefined) return;
  throw new WrongUsage(
    `${option} ${file} would be read as an input of ${folder} from then on: name a file elsewhere`,
  );
}

/** The real path of a file that need not be there yet. */
async function targetPath(file: string): Promise<string> {
  const target = await realTarget(resolve(file));
  return join(await realTarget(dirname(target)), basename(target));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

async function firstAsync<Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}

/** Refuses a target that is one of the inputs, by whatever path. */
export async function refuseInputAsOutput(
  option: string,
  file: string | undefined,
  inputs: Iterable<string>,
): Promise<void> {
  if (isStandardOutput(file)) return;
  const target = await stat(file).catch(() => undefined);
  if (target === undefined || !target.isFile()) return;
  for (const input of inputs) {
    const stats = input === '-' ? undefined : await stat(input).catch(() => undefined);
    if (stats?.ino === target.ino && stats.dev === target.dev) {
      throw new WrongUsage(
        `${option} ${file} would overwrite the input ${input}: name another file`,
      );
    }
  }
}
