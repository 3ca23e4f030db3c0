import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../domain/problem.ts';
import { readFailure } from './byte-source.ts';
import { isAbsence } from './folder.ts';

/** Exists in a directory while an import puts its files in place, and remains if the import was interrupted. */
export const IMPORT_JOURNAL = '.kiro-bill-import.json';

/** `BadInput` if an import into the directory was interrupted: its files are a mix of old and new. */
export async function refuseUnfinishedImport(directory: string): Promise<void> {
  const journal = join(directory, IMPORT_JOURNAL);
  try {
    await lstat(journal);
  } catch (error) {
    if (isAbsence(error)) return;
    throw readFailure(directory, error);
  }
  const what =
    'an import into this folder was cut off, or is being put in place: import into it again, which finishes or undoes it first';
  throw new BadInput([{ file: directory, what }]);
}
