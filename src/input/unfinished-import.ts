import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../domain/problem.ts';
import { readFailure } from './byte-source.ts';
import { isAbsence } from './folder.ts';

/** Is in a directory while an import puts its files in place there, and stays where it was cut off. */
export const IMPORT_JOURNAL = '.kiro-bill-import.json';

/** `BadInput` where an import into the directory was cut off: its files are of two states. */
export async function refuseUnfinishedImport(directory: string): Promise<void> {
  const journal = join(directory, IMPORT_JOURNAL);
  try {
    await lstat(journal);
  } catch (error) {
    if (isAbsence(error)) return;
    throw readFailure(journal, error);
  }
  const what =
    'an import into this folder was cut off, or is being put in place: import into it again, which finishes or undoes it first';
  throw new BadInput([{ file: directory, what }]);
}
