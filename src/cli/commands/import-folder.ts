import { join } from 'node:path';
import { Readable } from 'node:stream';
import { firstNamed } from '../../domain/counts.ts';
import { BadInput } from '../../domain/problem.ts';
import type { ImportedDirectory } from '../../import/directory.ts';
import { settingsText } from '../../import/import-settings.ts';
import {
  type DirectoryBefore,
  type ImportedTables,
  recordedTables,
  recordText,
} from '../../import/imported-tables.ts';
import { type ExistingTable, readTextTable } from '../../import/table-rows.ts';
import { type ByteSource, readWhole } from '../../input/byte-source.ts';
import { type DataDirectory, openDirectory, ownFile } from '../../input/data-directory.ts';
import {
  DATA_FILES,
  type DataFile,
  IMPORTED_FILE,
  namesMatching,
  SETTINGS_FILE,
} from '../../input/data-files.ts';
import { exists, fileSource } from '../../input/folder.ts';
import { TABLES, type Table } from '../../input/known-columns.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readRecords } from '../../input/records.ts';
import { writeUnit } from '../directory-unit.ts';

/** Records of millions of rows are smaller. */
const MOST_MEBIBYTES = 512;

/** Most names in a message that may have thousands. */
const MOST_NAMES = 3;
/** Until then profiles are taken as met; what an import writes must name them all. */
const NO_PROFILES =
  'there is no such file: write one with profile_id, account_id and region of the profiles that your rows name, and import again';

type Tables = { readonly [Kind in DataFile]?: ByteSource };

/** The problems of the tables of a directory. */
async function problemsOf({ subscriptions, ...others }: Tables): Promise<ProblemLog> {
  if (subscriptions === undefined) throw new Error('an import without subscriptions');
  const log = new ProblemLog();
  await readRecords({ tables: { ...others, subscriptions }, problems: [] }, log);
  return log;
}

/** The data directory that an import reads and writes. */
interface ImportFolder {
  readonly directory: DataDirectory;
  /** What it holds before the import, with the rate card that its settings name. */
  readonly tables: Tables;
}

/** Opens an existing folder; wrong settings are `BadInput`. */
export async function openImportFolder(path: string): Promise<ImportFolder> {
  const log = new ProblemLog();
  const directory = await openDirectory(path, log);
  const tables: { [Kind in DataFile]?: ByteSource } = {};
  for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
    const file = await ownFile(directory, kind, log);
    if (file !== undefined) tables[kind] = await fileSource(file);
  }
  if (log.total > 0) throw log.failure;
  return { directory, tables };
}

/** The tables and what imports have written; nothing if it is forgotten. */
export async function directoryBefore(
  { directory, tables }: ImportFolder,
  isForgotten: boolean,
): Promise<DirectoryBefore> {
  if (isForgotten) return { existing: {}, imported: {} };
  const existing: { [Kind in Table]?: ExistingTable } = {};
  const log = new ProblemLog();
  for (const table of TABLES) {
    const source = tables[table];
    if (source === undefined) continue;
    const bytes = await readWhole(source, MOST_MEBIBYTES, 'table that can be imported into');
    const { file } = source;
    existing[table] = await readTextTable(table, { file, stream: Readable.from([bytes]) }, log);
  }
  if (log.total > 0) throw log.failure;
  return { existing, imported: await importedBefore(join(directory.path, IMPORTED_FILE)) };
}

/** What the record of imports holds, if there is one. */
async function importedBefore(file: string): Promise<ImportedTables> {
  if (!(await exists(file))) return {};
  const bytes = await readWhole(await fileSource(file), MOST_MEBIBYTES, 'record of imports');
  const tables = recordedTables(bytes.toString());
  if (tables !== undefined) return tables;
  const what =
    'not what an import has written: restore it, or import with --force, which forgets what you changed';
  throw new BadInput([{ file, what }]);
}

/** Writes the files as one unit, once they are known to be readable with all others that are there. */
export async function writeImport(folder: ImportFolder, given: ImportedDirectory): Promise<void> {
  const { texts, imported, settings } = given;
  const { directory } = folder;
  await refuseUnreadable(folder, given);
  const files = new Map<string, string>();
  for (const [table, text] of texts) files.set(nameIn(directory, DATA_FILES[table]), text);
  files.set(IMPORTED_FILE, recordText(imported));
  files.set(nameIn(directory, SETTINGS_FILE), settingsText(settings));
  await writeUnit(directory.path, files);
}

/** A person looks for what is wrong in the files as they are, where lines may be others. */
async function refuseUnreadable(
  { directory, tables }: ImportFolder,
  { texts, unplacedProfiles: unplaced }: ImportedDirectory,
): Promise<void> {
  const written = [...texts].map(([table, text]): [Table, ByteSource] => {
    const file = join(directory.path, nameIn(directory, DATA_FILES[table]));
    return [table, { file, stream: Readable.from([Buffer.from(text)]) }];
  });
  const log = await problemsOf({ ...tables, ...Object.fromEntries(written) });
  if (log.total === 0) return;
  const { subscriptions, profiles } = tables;
  const before = subscriptions && (await problemsOf(tables));
  if (before !== undefined && before.total > 0) throw before.failure;
  if (unplaced.length === 0 || profiles !== undefined) throw log.failure;
  const file = join(directory.path, DATA_FILES.profiles);
  throw new BadInput([{ file, what: NO_PROFILES, value: firstNamed(unplaced, MOST_NAMES) }]);
}

/** The name under which the directory has a file, however it is written. */
function nameIn({ names }: DataDirectory, name: string): string {
  return namesMatching(names, name)[0] ?? name;
}
