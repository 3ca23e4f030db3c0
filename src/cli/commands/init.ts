import { readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WrongUsage } from '../../domain/problem.ts';
import { filesBelow } from '../../input/folder.ts';
import { isWorkbookName } from '../../input/workbook-name.ts';
import { visible } from '../../render/terminal.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { withDirectoryLock } from '../directory-lock.ts';
import { makeFolder, recoverUnit, writeUnit } from '../directory-unit.ts';
import { unwritable } from '../output.ts';
import { shellWord } from '../shell-word.ts';

const SAMPLE = fileURLToPath(new URL('../../sample', import.meta.url));

/** Writes the sample data directory to a folder, or as a workbook; overwrites nothing. */
export async function run(
  context: Context,
  _options: object,
  [directory = '']: readonly string[],
): Promise<CommandResult> {
  const written = isWorkbookName(directory)
    ? await writeWorkbook(directory)
    : await copyFiles(directory, context);
  return {
    document: { drawn: { text: () => written.map((path) => `${visible(path)}\n`) } },
    closing: `Now try: kiro-bill invoice --month 2026-01 --data ${shellWord(directory)}`,
  };
}

/** The path of the workbook that was written: it must not be there yet. */
async function writeWorkbook(file: string): Promise<string[]> {
  const names = (await readdir(SAMPLE)).filter((name) => name.endsWith('.csv')).sort();
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

/** The paths of the files that were copied to a folder, all or none; it must not have any of them yet. */
async function copyFiles(directory: string, { host }: Context): Promise<string[]> {
  const names = (await filesBelow(SAMPLE)).map((file) =>
    relative(SAMPLE, file).split(sep).join('/'),
  );
  const isNew = await makeFolder(directory, 'init needs');
  try {
    await withDirectoryLock(directory, host, async () => {
      await recoverUnit(directory);
      await refuseExisting(directory, names);
      const files = new Map<string, Buffer>();
      for (const name of names) files.set(name, await readFile(join(SAMPLE, name)));
      await writeUnit(directory, files);
    });
  } catch (error) {
    if (isNew) await rmdir(directory).catch(() => {});
    throw error;
  }
  return names.map((name) => join(directory, name));
}

/** `WrongUsage` where a file of the sample, or its folder of AWS's files, is there already. */
async function refuseExisting(directory: string, names: readonly string[]): Promise<void> {
  const standing = await readdir(directory);
  const inTheWay = [...new Set(names.map((name) => name.replace(/\/.*$/, '')))].filter((name) =>
    standing.includes(name),
  );
  if (inTheWay.length > 0) {
    throw new WrongUsage(
      `${directory} has ${inTheWay.join(', ')} already, and init never overwrites: name another folder`,
    );
  }
}
