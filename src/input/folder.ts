import { type BigIntStats, constants, createReadStream, type Dirent, openSync } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UUID } from '../domain/ids.ts';
import { BadInput, type Problem } from '../domain/problem.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readFailure } from './byte-source.ts';

/**
 * All files below a folder, by the bytes of their paths. Linked folders and files are
 * followed too, but none a second time, so that circular links end and no row counts
 * twice. `BadInput` for what cannot be walked: a folder that cannot be read, a broken
 * link, a pipe, and the folder of a table format that only an engine can read.
 */
export async function filesBelow(folder: string): Promise<string[]> {
  const walk = new Walk();
  await walk.enter(folder);
  if (walk.problems.length > 0) throw new BadInput(walk.problems);
  return walk.files.sort(compareBytes);
}

class Walk {
  readonly files: string[] = [];
  readonly problems: Problem[] = [];
  /** Folders by device and number, files by their folder and name: resolving real paths is slow. */
  readonly #walked = new Set<string>();

  async enter(folder: string): Promise<void> {
    try {
      const identity = identityOf(await stat(folder, { bigint: true }));
      if (!this.#isNew(identity)) return;
      const entries = await readdir(folder, { withFileTypes: true });
      // So that every machine reaches a folder by the same one of two links.
      entries.sort((a, b) => compareBytes(a.name, b.name));
      const format = await tableFormat(folder, entries);
      if (format === undefined) {
        for (const entry of entries) await this.#visit(folder, entry, identity);
      } else {
        const what = `it is the folder of a table in ${format} format, which an engine must read: make a summary with the statement of "kiro-bill sql" there, and name that with --usage`;
        this.problems.push({ file: folder, what });
      }
    } catch (error) {
      this.#fail(folder, error);
    }
  }

  async #visit(folder: string, entry: Dirent, folderIdentity: string): Promise<void> {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return this.enter(path);
    if (entry.isFile()) {
      if (this.#isNew(`${folderIdentity}/${entry.name}`)) this.files.push(path);
      return undefined;
    }
    if (!entry.isSymbolicLink()) return this.#refuseSpecialFile(path);
    return this.#follow(path);
  }

  async #follow(link: string): Promise<void> {
    try {
      const target = await stat(link);
      if (target.isDirectory()) await this.enter(link);
      else if (!target.isFile()) this.#refuseSpecialFile(link);
      else if (this.#isNew(await linkedIdentity(link))) this.files.push(link);
    } catch (error) {
      this.#fail(link, error);
    }
  }

  #isNew(identity: string): boolean {
    if (this.#walked.has(identity)) return false;
    this.#walked.add(identity);
    return true;
  }

  #refuseSpecialFile(file: string): void {
    const what = 'it is a pipe, a socket or a device, which is not read in a folder: remove it';
    this.problems.push({ file, what });
  }

  #fail(path: string, error: unknown): void {
    const failure = readFailure(path, error);
    if (!(failure instanceof BadInput)) throw failure;
    this.problems.push(...failure.problems);
  }
}

/** A file that a link leads to, by its folder and name. */
async function linkedIdentity(link: string): Promise<string> {
  const file = await realpath(link);
  return `${identityOf(await stat(dirname(file), { bigint: true }))}/${basename(file)}`;
}

/** Inode numbers can exceed the exact range of a JavaScript number. */
function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`;
}

/** The table format whose folder this is: its files also contain rows that no longer count. */
async function tableFormat(
  folder: string,
  entries: readonly Dirent[],
): Promise<string | undefined> {
  if (entries.some(({ name }) => name === '_delta_log')) return 'Delta';
  if (!entries.some(({ name }) => name === 'metadata')) return undefined;
  const metadata = await readdir(join(folder, 'metadata')).catch(() => []);
  return metadata.some((name) => ICEBERG_METADATA.test(name)) ? 'Iceberg' : undefined;
}

const ICEBERG_METADATA = /(?:\.metadata\.json(?:\.gz)?|\.gz\.metadata\.json|^version-hint\.text)$/;

/**
 * Whether there is a folder, or a link to one. A path that exists but cannot be inspected
 * is `BadInput`; one that does not exist is not a folder.
 */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isAbsence(error)) return false;
    throw readFailure(path, error);
  }
}

/** Whether anything exists at the path, including what cannot be read and broken links. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !isAbsence(error);
  }
}

/** A path with its links resolved; the path itself if nothing is there. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** The sources without the files that others, or those `seen` before, reach by another path. */
export async function eachOnce<Source extends Pick<ByteSource, 'file'>>(
  sources: readonly Source[],
  seen = new Set<string>(),
): Promise<Source[]> {
  const kept: Source[] = [];
  for (const source of sources) {
    const stats = await stat(source.file, { bigint: true }).catch(() => undefined);
    const identity = stats?.isFile() ? identityOf(stats) : source.file;
    if (!seen.has(identity)) kept.push(source);
    seen.add(identity);
  }
  return kept;
}

/** Whether an error says that a path does not exist. */
export function isAbsence(error: unknown): boolean {
  return /^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** A file to read, with its size if known. */
export async function fileSource(file: string): Promise<ByteSource> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) return { file };
  // A pipe, such as a shell's `<(…)`, can be read only once.
  if (stats.isFIFO()) return { file, stream: pipeChunks(file) };
  if (!stats.isFile() && !stats.isDirectory()) return { file, stream: openedLate(file) };
  return { file, sizeBytes: stats.size };
}

/**
 * The bytes of a pipe, waiting without blocking a thread: a signal then ends the
 * program at once. Except on Linux, a pipe without a writer would read as empty.
 */
async function* pipeChunks(file: string): AsyncGenerator<Buffer> {
  if (process.platform !== 'linux') return yield* openedLate(file);
  const { Socket } = await import('node:net');
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  yield* new Socket({ fd, readable: true, writable: false });
}

async function* openedLate(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    throw readFailure(file, error);
  }
}

const UUID_NAME = new RegExp(`^${UUID}(?:[.].*)?$`);

/** Whether a file is named by a UUID, with any ending, as markers beside data are. */
export function hasUuidName(file: string): boolean {
  return UUID_NAME.test(basename(file));
}

/** Whether a file is CSV or gzipped CSV, by its name in any case. */
export function isCsv(file: string): boolean {
  return /\.csv(\.gz)?$/i.test(file);
}

/** Whether a file of a folder of usage is read: CSV, gzipped CSV or Parquet, by its name in any case. */
export function isUsageFile(file: string): boolean {
  return isCsv(file) || /\.parquet$/i.test(file);
}
