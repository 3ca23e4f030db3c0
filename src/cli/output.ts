import { constants, rmSync, writeSync } from 'node:fs';
import { access, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { WrongUsage } from '../domain/problem.ts';
import type { InputFiles } from '../input/data-directory.ts';
import { comparableName } from '../input/data-files.ts';
import { isUsageFile } from '../input/folder.ts';
import type { Chunks, Look } from './command-result.ts';
import type { Context } from './context.ts';
import { type Host, hasColor, widthOf } from './host.ts';

/**
 * Writes `chunks` to standard output, or beside `file` and then over it by a rename: the
 * old file stays until the new one is whole. A target that cannot be written is `WrongUsage`.
 */
export async function writeOutput(
  chunks: Chunks,
  file: string | undefined,
  host: Host,
): Promise<void> {
  if (isStandardOutput(file)) {
    for (const chunk of chunks) host.stdout.write(chunk);
    return;
  }
  const replacement = await Replacement.of(file, host);
  for (const chunk of chunks) await replacement.write(chunk);
  await replacement.finish();
}

/** How an output looks: only standard output may be a terminal and have color. */
export function outputLook(file: string | undefined, { host, color }: Context): Look {
  const isStandard = isStandardOutput(file);
  return {
    width: widthOf(host),
    color: isStandard && hasColor(host, host.stdout, color),
    isForTerminal: isStandard && host.stdout.isTTY === true,
  };
}

export function isStandardOutput(file: string | undefined): file is undefined | '-' {
  return file === undefined || file === '-';
}

/** A file that is being written beside the one that it will replace. */
export class Replacement {
  readonly #target: string;
  readonly #written: string;
  readonly #handle: Awaited<ReturnType<typeof open>>;

  private constructor(target: string, written: string, handle: Awaited<ReturnType<typeof open>>) {
    this.#target = target;
    this.#written = written;
    this.#handle = handle;
  }

  static async of(file: string, host: Host): Promise<Replacement> {
    try {
      const target = await realTarget(file);
      if (!(await isReplaceable(target))) {
        return new Replacement(target, target, await open(target, 'w'));
      }
      const written = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
      const handle = await open(written, 'wx', await modeOf(target));
      host.onInterrupt(() => rmSync(written, { force: true }));
      return new Replacement(target, written, handle);
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    try {
      await this.#handle.appendFile(chunk);
    } catch (error) {
      await this.discard();
      throw unwritable(this.#target, error);
    }
  }

  /** Writes at once; whoever calls it discards what cannot be written. */
  writeNow(chunk: Buffer): void {
    try {
      let written = 0;
      while (written < chunk.length) written += writeSync(this.#handle.fd, chunk, written);
    } catch (error) {
      throw unwritable(this.#target, error);
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#handle.close();
      if (this.#written !== this.#target) await rename(this.#written, this.#target);
    } catch (error) {
      await this.discard();
      throw unwritable(this.#target, error);
    }
  }

  /** Leaves the old file as it was. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    if (this.#written !== this.#target) await rm(this.#written, { force: true });
  }
}

/** The file behind a link, so that the link stays one. */
export async function realTarget(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return file;
  }
}

/** A device or a pipe is written to as it is; a folder cannot be written at all. */
async function isReplaceable(target: string): Promise<boolean> {
  const stats = await lstat(target).catch(() => undefined);
  if (stats?.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
  if (stats?.isFile()) await access(target, constants.W_OK);
  return stats === undefined || stats.isFile();
}

export async function modeOf(target: string): Promise<number> {
  const stats = await stat(target).catch(() => undefined);
  return stats === undefined ? 0o666 : stats.mode & 0o777;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its folder is a file',
  ENOSPC: 'the disk is full',
};

/** What a failure to write comes to: `WrongUsage` that says why; a fault of our own stays as it is. */
export function unwritable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  return new WrongUsage(`cannot write ${file}: ${REASONS[code] ?? code}`);
}

/**
 * Refuses a target that the next run would read: a usage file in a folder of usage, and a name
 * that is looked for in the data directory.
 */
export async function refuseNextInput(
  option: string,
  file: string | undefined,
  { directory, soughtNames, usageFolders }: InputFiles,
): Promise<void> {
  if (isStandardOutput(file)) return;
  const target = await targetPath(file);
  const walked = isUsageFile(target)
    ? await firstAsync(usageFolders, async (folder) => isBelow(target, await realTarget(folder)))
    : undefined;
  const isSought =
    dirname(target) === (await realTarget(directory.path)) &&
    soughtNames.some((name) => comparableName(name) === comparableName(basename(target)));
  const folder = walked ?? (isSought ? directory.path : undefined);
  if (folder === undefined) return;
  throw new WrongUsage(
    `${option} ${file} would be read as an input of ${folder} from then on: name a file elsewhere`,
  );
}

/** The real path of a file that need not be there yet. */
async function targetPath(file: string): Promise<string> {
  const target = await realTarget(resolve(file));
  return join(await realTarget(dirname(target)), basename(target));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

async function firstAsync<Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}

/** Refuses a target that is one of the inputs, by whatever path. */
export async function refuseInputAsOutput(
  option: string,
  file: string | undefined,
  inputs: Iterable<string>,
): Promise<void> {
  if (isStandardOutput(file)) return;
  const target = await stat(file).catch(() => undefined);
  if (target === undefined || !target.isFile()) return;
  for (const input of inputs) {
    const stats = input === '-' ? undefined : await stat(input).catch(() => undefined);
    if (stats?.ino === target.ino && stats.dev === target.dev) {
      throw new WrongUsage(
        `${option} ${file} would overwrite the input ${input}: name another file`,
      );
    }
  }
}
