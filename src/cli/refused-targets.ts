import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { WrongUsage } from '../domain/problem.ts';
import type { InputFiles } from '../input/data-directory.ts';
import { comparableName } from '../input/data-files.ts';
import { isUsageFile } from '../input/folder.ts';
import { isStandardOutput, realTarget } from './output.ts';

/** The options that name files to write. */
interface Targets {
  readonly output?: string;
  readonly skipBadUsage?: string;
}

/** The options with the files that they name. */
function targetFiles({
  output,
  skipBadUsage,
}: Targets): (readonly [option: string, file: string])[] {
  const targets = Object.entries({ '--output': output, '--skip-bad-usage': skipBadUsage });
  return targets.flatMap(([option, file]) => (isStandardOutput(file) ? [] : [[option, file]]));
}

/**
 * Refuses a target that the next run would read: a usage file in a folder of usage, and a name
 * that is looked for in the data directory.
 */
export async function refuseNextInput(targets: Targets, files: InputFiles): Promise<void> {
  const { directory, soughtNames, usageFolders } = files;
  await refuseWalkedFile(targets, usageFolders, isUsageFile);
  for (const [option, file] of targetFiles(targets)) {
    const target = await targetPath(file);
    const isSought =
      dirname(target) === (await realTarget(directory.path)) &&
      soughtNames.some((name) => comparableName(name) === comparableName(basename(target)));
    if (isSought) throw nextInput(option, file, directory.path);
  }
}

/** Refuses a target in a folder that is walked for files, which `isRead` decides by the path in it. */
export async function refuseWalkedFile(
  targets: Targets,
  folders: readonly string[],
  isRead: (below: string) => boolean,
): Promise<void> {
  for (const [option, file] of targetFiles(targets)) {
    const target = await targetPath(file);
    for (const folder of folders) {
      const below = relative(await realTarget(folder), target);
      const isInside = below !== '' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
      if (isInside && isRead(below)) throw nextInput(option, file, folder);
    }
  }
}

function nextInput(option: string, file: string, folder: string): WrongUsage {
  return new WrongUsage(
    `${option} ${file} would be read as an input of ${folder} from then on: name a file elsewhere`,
  );
}

/** The real path of a file that need not be there yet. */
async function targetPath(file: string): Promise<string> {
  const target = await realTarget(resolve(file));
  return join(await realTarget(dirname(target)), basename(target));
}

/** Refuses a target that is one of the inputs, by whatever path. */
export async function refuseInputAsOutput(
  targets: Targets,
  inputs: readonly string[],
): Promise<void> {
  for (const [option, file] of targetFiles(targets)) {
    const target = await stat(file).catch(() => undefined);
    if (target === undefined || !target.isFile()) continue;
    for (const input of inputs) {
      const stats = input === '-' ? undefined : await stat(input).catch(() => undefined);
      if (stats?.ino !== target.ino || stats.dev !== target.dev) continue;
      throw new WrongUsage(
        `${option} ${file} would overwrite the input ${input}: name another file`,
      );
    }
  }
}
