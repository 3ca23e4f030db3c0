import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WrongUsage } from '../../domain/problem.ts';
import { isWorkbookName } from '../../input/workbook-name.ts';
import { visible } from '../../render/terminal.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { unwritable } from '../output.ts';
import { shellWord } from '../shell-word.ts';

const SAMPLE = fileURLToPath(new URL('../../sample', import.meta.url));

/** Writes the sample data directory to a folder, or as a workbook; overwrites nothing. */
export async function run(
  _context: Context,
  _options: object,
  [directory = '']: readonly string[],
): Promise<CommandResult> {
  const names = (await readdir(SAMPLE)).sort();
  const written = isWorkbookName(directory)
    ? await writeWorkbook(directory, names)
    : await copyFiles(directory, names);
  return {
    document: { drawn: { text: () => written.map((path) => `${visible(path)}\n`) } },
    closing: `Now try: kiro-bill invoice --month 2026-01 --data ${shellWord(directory)}`,
  };
}

/** The path of the workbook that was written: it must not be there yet. */
async function writeWorkbook(file: string, names: readonly string[]): Promise<string[]> {
  const { sampleWorkbook } = await import('../sample-workbook.ts');
  const bytes = await sampleWorkbook(SAMPLE, names);
  try {
    await writeFile(file, bytes, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, error);
    throw new WrongUsage(`${file} is there already, and init never overwrites: name another file`);
  }
  return [file];
}

/** The paths of the files that were copied to a folder, which must not have any of them yet. */
async function copyFiles(directory: string, names: readonly string[]): Promise<string[]> {
  await refuseExisting(directory, names);
  try {
    await mkdir(directory, { recursive: true });
    for (const name of names) {
      await copyFile(join(SAMPLE, name), join(directory, name), constants.COPYFILE_EXCL);
    }
  } catch (error) {
    throw unwritable(directory, error);
  }
  return names.map((name) => join(directory, name));
}

/** `WrongUsage` where a file of the sample, or a file in place of the folder, stands there. */
async function refuseExisting(directory: string, names: readonly string[]): Promise<void> {
  const stats = await stat(directory).catch(() => undefined);
  if (stats !== undefined && !stats.isDirectory()) {
    throw new WrongUsage(`${directory} is a file: init needs a folder, or a name for a new one`);
  }
  const standing = stats === undefined ? [] : await readdir(directory);
  const inTheWay = names.filter((name) => standing.includes(name));
  if (inTheWay.length > 0) {
    throw new WrongUsage(
      `${directory} has ${inTheWay.join(', ')} already, and init never overwrites: name another folder`,
    );
  }
}
