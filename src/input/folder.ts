import { createReadStream, type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readFailure } from './byte-source.ts';

/**
 * All files below a folder, by the bytes of their paths. Linked folders and files are
 * walked, too, but none a second time, so that links in a circle end and no row counts
 * twice. A folder that cannot be read is `BadInput`; a link that leads nowhere counts as a
 * file, which its reader finds out.
 */
export async function filesBelow(folder: string): Promise<string[]> {
  const paths = await pathsBelow(folder, new Set());
  return paths.sort(compareBytes);
}

async function pathsBelow(folder: string, walked: Set<string>): Promise<string[]> {
  const paths: string[] = [];
  for (const { entry, real } of await entriesOf(folder, walked)) {
    const path = join(folder, entry.name);
    const isLink = entry.isSymbolicLink();
    if (entry.isDirectory() || (isLink && (await isFolder(path)))) {
      for (const below of await pathsBelow(path, walked)) paths.push(below);
      continue;
    }
    const file = isLink ? await targetOf(path) : real;
    if (!walked.has(file)) paths.push(path);
    walked.add(file);
  }
  return paths;
}

/** What stands in a folder, with its real path unless it is a link; nothing the second time. */
async function entriesOf(
  folder: string,
  walked: Set<string>,
): Promise<{ entry: Dirent; real: string }[]> {
  try {
    const real = await realpath(folder);
    if (walked.has(real)) return [];
    walked.add(real);
    const entries = await readdir(folder, { withFileTypes: true });
    // So it does not depend on the machine by which of two links a folder is reached.
    const inOrder = entries.sort((a, b) => compareBytes(a.name, b.name));
    return inOrder.map((entry) => ({ entry, real: join(real, entry.name) }));
  } catch (error) {
    throw readFailure(folder, error);
  }
}

/** Where a link leads; itself where it leads nowhere, which is found out when it is read. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Whether a folder stands there, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** A file to read, with its size where it can be told. */
export async function fileSource(file: string): Promise<ByteSource> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) return { file };
  // A pipe, such as a shell's `<(…)`, can be read once only.
  if (!stats.isFile() && !stats.isDirectory()) return { file, stream: openedLate(file) };
  return { file, sizeBytes: stats.size };
}

async function* openedLate(file: string): AsyncGenerator<Buffer> {
  yield* createReadStream(file);
}

/** Whether a file is CSV or gzipped CSV, by its name in any case. */
export function isCsv(file: string): boolean {
  return /\.csv(\.gz)?$/i.test(file);
}
