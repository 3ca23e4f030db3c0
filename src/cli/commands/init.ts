import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WrongUsage } from '../../domain/problem.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { filesBelow } from '../../input/folder.ts';
import { isWorkbookName } from '../../input/workbook-name.ts';
import { visible } from '../../render/terminal.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { writeUnit, writingInto } from '../directory-unit.ts';
import { writeOutput } from '../output.ts';

const SAMPLE = fileURLToPath(new URL('../../sample', import.meta.url));

/** Writes the sample data directory to a folder, or as a workbook; overwrites nothing. */
export async function run(
  context: Context,
  _options: object,
  [directory = '']: readonly string[],
): Promise<CommandResult> {
  const written = isWorkbookName(directory)
    ? await writeWorkbook(directory, context)
    : await copyFiles(directory, context);
  return {
    document: { drawn: { text: () => written.map((path) => `${visible(path)}\n`) } },
    next: `invoice --month 2026-01 --data ${shellWord(directory)}`,
  };
}

/** The path of the workbook that was written atomically; it must not exist yet. */
async function writeWorkbook(file: string, { host }: Context): Promise<string[]> {
  if ((await lstat(file).catch(() => undefined)) !== undefined) {
    throw new WrongUsage(`${file} already exists, and init never overwrites: name another file`);
  }
  const names = (await readdir(SAMPLE)).filter((name) => name.endsWith('.csv')).sort();
  const { sampleWorkbook } = await import('../sample-workbook.ts');
  await writeOutput([await sampleWorkbook(SAMPLE, names)], file, host);
  return [file];
}

/** The paths of the files that were copied to a folder, all or none; none of them may exist there yet. */
async function copyFiles(directory: string, { host }: Context): Promise<string[]> {
  const names = (await filesBelow(SAMPLE)).map((file) =>
    relative(SAMPLE, file).split(sep).join('/'),
  );
  const isFile = `${directory} is a file: init needs a folder, or a name for a new one`;
  await writingInto(directory, host, isFile, async (finished) => {
    if (names.every((name) => finished.includes(join(name)))) return;
    await refuseExisting(directory, names);
    const files = new Map<string, Buffer>();
    for (const name of names) files.set(name, await readFile(join(SAMPLE, name)));
    await writeUnit(directory, files);
  });
  return names.map((name) => join(directory, name));
}

/** `WrongUsage` if a file of the sample, or its folder of AWS's files, already exists. */
async function refuseExisting(directory: string, names: readonly string[]): Promise<void> {
  const existing = await readdir(directory);
  const inTheWay = [...new Set(names.map((name) => name.replace(/\/.*$/, '')))].filter((name) =>
    existing.includes(name),
  );
  if (inTheWay.length > 0) {
    throw new WrongUsage(
      `${directory} has ${inTheWay.join(', ')} already, and init never overwrites: name another folder`,
    );
  }
}
