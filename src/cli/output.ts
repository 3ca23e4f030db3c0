import {
  appendFile,
  close,
  closeSync,
  constants,
  copyFile,
  fchmodSync,
  fchownSync,
  fsync,
  openSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import {
  access,
  lstat,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { WrongUsage } from '../domain/problem.ts';
import type { Context } from './context.ts';
import { type Host, hasColor, widthOf } from './host.ts';

/** An output in chunks of any length; text, except for binary formats. */
export type Chunks = Iterable<string | Uint8Array>;

/** The characters that are written at once: memory does not grow with an output, and writes are few. */
const WRITTEN_CHARACTERS = 64 * 1024;

/** Chunks of text joined to longer ones. */
function* joined(chunks: Chunks): Chunks {
  let text = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') text += chunk;
    else yield chunk;
    if (text.length < WRITTEN_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** What an output is for: a file has no color, and no terminal that control characters could reach. */
export interface Look {
  /** The columns that a table may take. */
  readonly width: number;
  readonly color: boolean;
  readonly isForTerminal: boolean;
}

/**
 * Writes `chunks` to standard output, or to `file` as a `Replacement`. What cannot be written
 * is `WrongUsage`; a warning comes back where the old file could not stay until the end.
 */
export async function writeOutput(
  chunks: Chunks,
  file: string | undefined,
  host: Host,
): Promise<string | undefined> {
  if (isStandardOutput(file)) {
    for (const chunk of joined(chunks)) host.stdout.write(chunk);
    await host.stdout.flush?.();
    return undefined;
  }
  const replacement = await Replacement.of(file, host);
  for (const chunk of joined(chunks)) await replacement.write(chunk);
  return replacement.finish();
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

interface Opened {
  readonly fd: number;
  /** The file that will replace the target; nothing for a device or a pipe, which is written as it is. */
  readonly unfinished?: string;
}

/**
 * A file that is written beside the one that it will replace, synced, and put over it by a
 * rename: whatever breaks, there is the old file or the new one. Mode and, as far as that is
 * allowed, owner of the old file stay.
 */
export class Replacement {
  readonly #file: string;
  readonly #target: string;
  readonly #opened: Opened;
  #isOpen = true;

  private constructor(file: string, target: string, opened: Opened) {
    this.#file = file;
    this.#target = target;
    this.#opened = opened;
  }

  static async of(file: string, host: Host): Promise<Replacement> {
    try {
      const target = await realTarget(file);
      const stats = await lstat(target).catch(() => undefined);
      if (stats?.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
      if (stats !== undefined && !stats.isFile()) {
        return new Replacement(file, target, { fd: await openSpecialFile(target) });
      }
      if (stats !== undefined) await access(target, constants.W_OK);
      await removeLeftovers(dirname(target), host.now());
      return new Replacement(file, target, await openUnfinished(target, stats, host));
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    try {
      await promisify(appendFile)(this.#opened.fd, chunk);
    } catch (error) {
      await this.discard();
      throw unwritable(this.#file, error);
    }
  }

  /** Writes at once; the caller discards what cannot be written. */
  writeNow(chunk: Buffer): void {
    try {
      let written = 0;
      while (written < chunk.length) written += writeSync(this.#opened.fd, chunk, written);
    } catch (error) {
      throw unwritable(this.#file, error);
    }
  }

  /** Puts the file in place; a warning comes back where it had to be written over the old one. */
  async finish(): Promise<string | undefined> {
    const { fd, unfinished } = this.#opened;
    try {
      if (unfinished !== undefined) await promisify(fsync)(fd);
      await this.#close();
      return unfinished === undefined ? undefined : await this.#putInPlace(unfinished);
    } catch (error) {
      await this.discard();
      throw unwritable(this.#file, error);
    }
  }

  /** Leaves the old file as it was. */
  async discard(): Promise<void> {
    await this.#close().catch(() => {});
    if (this.#opened.unfinished !== undefined) removeQuietly(this.#opened.unfinished);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await promisify(close)(this.#opened.fd);
  }

  async #putInPlace(unfinished: string): Promise<string | undefined> {
    const isReplaced = await putInPlace(unfinished, this.#target);
    if (isReplaced) await syncFolder(dirname(this.#target));
    return isReplaced
      ? undefined
      : `${this.#file} is a mount point and was written in place: a run that is cut off while it writes would leave half a file`;
  }
}

/**
 * Replaces the target by the file, which is then gone. A mount point cannot be replaced: it is
 * overwritten and synced, and the answer is false.
 */
export async function putInPlace(unfinished: string, target: string): Promise<boolean> {
  try {
    await rename(unfinished, target);
    return true;
  } catch (error) {
    if (!/^(EBUSY|EXDEV)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  await promisify(copyFile)(unfinished, target);
  await syncFile(target);
  await rm(unfinished, { force: true });
  return false;
}

/**
 * Opens a file beside the target. Where its folder cannot be written but the target is a mount
 * point, which no rename replaces anyway, it is among the temporary files.
 */
async function openUnfinished(target: string, old: Stats | undefined, host: Host): Promise<Opened> {
  const folder = dirname(target);
  try {
    return openUnfinishedIn(folder, old, host);
  } catch (error) {
    const around = await stat(folder).catch(() => undefined);
    if (old === undefined || around === undefined || around.dev === old.dev) throw error;
    return openUnfinishedIn(tmpdir(), old, host);
  }
}

/** Opens and registers in one step, so that no signal comes between. */
function openUnfinishedIn(folder: string, old: Stats | undefined, host: Host): Opened {
  // A name of its own, so that it is no longer than a file system allows.
  const unfinished = join(folder, `.kiro-bill-${crypto.randomUUID()}.part`);
  host.onInterrupt(() => removeQuietly(unfinished));
  const fd = openSync(unfinished, 'wx', old === undefined ? 0o666 : old.mode & 0o777);
  if (old !== undefined) keepOwnerAndMode(fd, old);
  return { fd, unfinished };
}

/** What the user may not set, or the file system does not support, is not kept. */
export function keepOwnerAndMode(fd: number, { uid, gid, mode }: Stats): void {
  for (const change of [
    () => fchownSync(fd, -1, gid),
    () => fchownSync(fd, uid, -1),
    () => fchmodSync(fd, mode & 0o7777),
  ]) {
    try {
      change();
    } catch {}
  }
}

/** A pipe is waited for without holding a thread that would keep the program from ending. */
async function openSpecialFile(target: string): Promise<number> {
  if (!(await stat(target)).isFIFO()) return openSync(target, constants.O_WRONLY);
  let probe = openUnlessUnread(target);
  for (; probe === undefined; probe = openUnlessUnread(target)) await wait(PIPE_POLL_MS);
  const fd = openSync(target, constants.O_WRONLY);
  // Not before: a pipe without any writer ends for its reader.
  closeSync(probe);
  return fd;
}

function openUnlessUnread(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}

const PIPE_POLL_MS = 50;

const UNFINISHED = /^\.kiro-bill-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes unfinished files of dead runs: those not touched for a day. */
async function removeLeftovers(folder: string, now: Date): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => UNFINISHED.test(one))) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() && stats.mtimeMs < now.getTime() - DAY_MS) removeQuietly(path);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename last. Where folders cannot be synced, as on Windows, the files alone are. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch (error) {
    if (/^(EIO|ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** The file that a link leads to, so that the link stays one; also where that is not there yet. */
export async function realTarget(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return file;
    const next = await readlink(file).catch(() => undefined);
    // What has no path, such as a pipe that is standard output, stays as it is.
    const isThere = await stat(file).then(Boolean, () => false);
    return next === undefined || isThere ? file : realTarget(resolve(dirname(file), next));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied, or another program has it open: close it there, and try again',
  EBUSY: 'another program has it open: close it there, and try again',
  ETXTBSY: 'it is a program that is running',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its folder is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the disk has a fault',
  ENAMETOOLONG: 'its name is longer than the file system allows',
  ELOOP: 'it is a link that leads in a circle',
  ENXIO: 'it is a socket or a device that is not there',
  EPIPE: 'who reads it has gone',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** A failure to write as `WrongUsage` that says why; a bug of the program stays as it is. */
export function unwritable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  return new WrongUsage(`cannot write ${file}: ${REASONS[code] ?? code}`);
}
