/** Files of one directory that are written as one unit: all of them, or none. */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { BadInput, WrongUsage } from '../domain/problem.ts';
import { readWhole } from '../input/byte-source.ts';
import { exists, fileSource, isAbsence } from '../input/folder.ts';
import { IMPORT_JOURNAL } from '../input/unfinished-import.ts';
import { withDirectoryLock } from './directory-lock.ts';
import type { Host } from './host.ts';
import { keepOwnerAndMode, putInPlace, realTarget, syncFolder, unwritable } from './output.ts';

/** What a unit is about to do, as its journal keeps it; paths are relative to the directory. */
interface Journal {
  /** `writing`: the old files are complete, and new ones are undone. `placing`: the new ones are complete, and are put in place. */
  readonly state: 'writing' | 'placing';
  readonly parts: readonly { readonly part: string; readonly target: string }[];
  /** Folders that were created for it, the outermost first. */
  readonly folders: readonly string[];
}

/** Files by their path below the directory. */
type UnitFiles = ReadonlyMap<string, string | Buffer>;

/**
 * Runs `work` while no other run writes into the folder, which is made where there is none, and
 * goes again where it is new and the work fails. The work gets the files that an interrupted unit
 * had left, by their paths in the folder: they are in place now. `WrongUsage` where a file is in the
 * folder's place: `isFile` says so.
 */
export async function writingInto<Result>(
  directory: string,
  host: Host,
  isFile: string,
  work: (finished: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const isNew = await makeFolder(directory, isFile);
  try {
    return await withDirectoryLock(directory, host, async () => work(await recoverUnit(directory)));
  } catch (error) {
    // Only an empty folder is removed.
    if (isNew) await rmdir(directory).catch(() => {});
    throw error;
  }
}

/** Makes a folder where there is none, and says whether it did. */
async function makeFolder(directory: string, isFile: string): Promise<boolean> {
  const stats = await stat(directory).catch(() => undefined);
  if (stats?.isDirectory()) return false;
  if (stats !== undefined) throw new WrongUsage(isFile);
  try {
    await makeWithParents(resolve(directory));
    return true;
  } catch (error) {
    throw unwritable(directory, error);
  }
}

/**
 * Makes a folder, and those that it is to be in. Node's own way of making them all says of a
 * read-only disk that a folder is missing, and never ends in a file system without real folders.
 */
async function makeWithParents(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    // Another run may have made it.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    const parent = dirname(directory);
    if (!isAbsence(error) || (await exists(parent))) throw error;
    await makeWithParents(parent);
    await makeWithParents(directory);
  }
}

/**
 * Writes the files of a directory, which must exist, as one unit: all are written next to their
 * targets and synced, then put in place. A failure before that undoes all; a run that is cut
 * off leaves a journal, by which `recoverUnit` finishes or undoes it. What cannot be written
 * is `WrongUsage`.
 */
export async function writeUnit(directory: string, files: UnitFiles): Promise<void> {
  const mark = randomBytes(4).toString('hex');
  let journal: Journal = { state: 'writing', parts: [], folders: [] };
  try {
    journal = { ...journal, ...(await plannedParts(directory, files, mark)) };
    await writeJournal(directory, journal);
    for (const folder of journal.folders) await mkdir(join(directory, folder));
    for (const [index, content] of [...files.values()].entries()) {
      const { part, target } = journal.parts[index] as Journal['parts'][number];
      const old = await stat(join(directory, target)).catch(() => undefined);
      await writeSynced(join(directory, part), content, old);
    }
    await syncFolders(directory, journal);
    await writeJournal(directory, { ...journal, state: 'placing' });
  } catch (error) {
    await undo(directory, journal).catch(() => {});
    throw unwritable(directory, error);
  }
  try {
    await place(directory, journal);
  } catch (error) {
    throw unwritable(directory, error);
  }
}

/**
 * Finishes or undoes what an interrupted unit has left in the directory. Returns the files
 * that were put in place, by their paths in it.
 */
async function recoverUnit(directory: string): Promise<readonly string[]> {
  const file = join(directory, IMPORT_JOURNAL);
  if (!(await exists(file))) return [];
  const journal = journalOf(await readWhole(await fileSource(file), MOST_MEBIBYTES, RECORD), file);
  try {
    if (journal.state === 'placing') await place(directory, journal);
    else await undo(directory, journal);
  } catch (error) {
    throw unwritable(directory, error);
  }
  return journal.state === 'placing' ? journal.parts.map(({ target }) => target) : [];
}

const MOST_MEBIBYTES = 1;
const RECORD = 'record of an import';

function journalOf(bytes: Buffer, file: string): Journal {
  try {
    const { state, parts, folders } = JSON.parse(bytes.toString()) as Journal;
    if (
      (state === 'writing' || state === 'placing') &&
      Array.isArray(parts) &&
      Array.isArray(folders)
    ) {
      return { state, parts, folders };
    }
  } catch {
    // Reported below.
  }
  const what =
    'it was left by an import that was cut off, and cannot be read: look at the files beside it, then remove it';
  throw new BadInput([{ file, what }]);
}

async function plannedParts(
  directory: string,
  files: UnitFiles,
  mark: string,
): Promise<Pick<Journal, 'parts' | 'folders'>> {
  const parts: { part: string; target: string }[] = [];
  const folders = new Set<string>();
  for (const name of files.keys()) {
    for (const folder of foldersAbove(name)) {
      if (!(await exists(join(directory, folder)))) folders.add(folder);
    }
    // A link stays one, and the file that it leads to is replaced.
    const target = relative(await realTarget(directory), await realTarget(join(directory, name)));
    parts.push({ part: join(dirname(target), `.${basename(target)}.${mark}.part`), target });
  }
  return { parts, folders: [...folders] };
}

/** `a`, `a/b` of `a/b/c.csv`. */
function foldersAbove(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function writeJournal(directory: string, journal: Journal): Promise<void> {
  const file = join(directory, IMPORT_JOURNAL);
  await writeSynced(`${file}.part`, `${JSON.stringify(journal)}\n`);
  await rename(`${file}.part`, file);
  await syncFolder(directory);
}

/** Writes a file with the mode and owner of the `old` one, which it will replace. */
async function writeSynced(file: string, content: string | Buffer, old?: Stats): Promise<void> {
  const handle = await open(file, 'w', old === undefined ? 0o666 : old.mode & 0o777);
  try {
    if (old !== undefined) keepOwnerAndMode(handle.fd, old);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts the remaining files in place, then deletes the journal. */
async function place(directory: string, journal: Journal): Promise<void> {
  for (const { part, target } of journal.parts) {
    // A mount point is overwritten: until its part is gone, the next run does it again.
    await putInPlace(join(directory, part), join(directory, target)).catch(ignoreMissing);
  }
  await syncFolders(directory, journal);
  await rm(join(directory, IMPORT_JOURNAL), { force: true });
  await syncFolder(directory);
}

async function undo(directory: string, { parts, folders }: Journal): Promise<void> {
  for (const { part } of parts) await rm(join(directory, part), { force: true });
  for (const folder of [...folders].reverse()) {
    await rmdir(join(directory, folder)).catch(() => {});
  }
  await rm(join(directory, `${IMPORT_JOURNAL}.part`), { force: true });
  await rm(join(directory, IMPORT_JOURNAL), { force: true });
  await syncFolder(directory);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function syncFolders(directory: string, { parts }: Journal): Promise<void> {
  const folders = new Set(parts.map(({ target }) => dirname(join(directory, target))));
  for (const folder of folders) await syncFolder(folder);
}
