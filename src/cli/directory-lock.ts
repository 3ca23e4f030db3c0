import { rmSync } from 'node:fs';
import { readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { BadInput } from '../domain/problem.ts';
import { uptimeMs } from '../input/clock.ts';
import type { Host } from './host.ts';
import { unwritable } from './output.ts';

const LOCK = '.kiro-bill-import.lock';
const OWNER = '.kiro-bill-import.owner';
const WAIT_MS = 10_000;
const RETRY_MS = 100;
/** A run that reads much may not renew its lock for a while; a dead one is recognized by its owner. */
const STALE_MS = 60_000;
const UPDATE_MS = 1000;
/** A lock without an owner after this time belongs to a run that died before it wrote its name. */
const UNNAMED_MS = 8000;

/**
 * Runs `work` while no other run writes into the directory, which must exist. Another run is
 * waited for, ten seconds at most; then that is `BadInput`.
 */
export async function withDirectoryLock<Result>(
  directory: string,
  host: Host,
  work: () => Promise<Result>,
): Promise<Result> {
  const release = await locked(directory);
  const owner = join(directory, OWNER);
  host.onInterrupt(() => rmSync(owner, { force: true }));
  try {
    await writeFile(owner, JSON.stringify({ pid: process.pid, host: hostname() })).catch(() => {});
    return await work();
  } finally {
    rmSync(owner, { force: true });
    await release().catch(() => {});
  }
}

async function locked(directory: string): Promise<() => Promise<void>> {
  const lockfilePath = join(directory, LOCK);
  const options = { lockfilePath, realpath: false, stale: STALE_MS, update: UPDATE_MS };
  const end = uptimeMs() + WAIT_MS;
  for (;;) {
    try {
      // A run that takes a lock in use has waited for a minute; this run goes on.
      return await lock(directory, { ...options, onCompromised: () => {} });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw unwritable(directory, error);
    }
    if (uptimeMs() >= end) {
      const what =
        'another import into this folder is running: wait until it has ended, then try again';
      throw new BadInput([{ file: directory, what }]);
    }
    if (await isOwnerDead(directory)) await removeDeadLock(directory);
    else await wait(RETRY_MS);
  }
}

/**
 * Removes the lock of a dead run. One run at a time may, and looks once more: the lock can be
 * that of another run by now, which has removed the dead one's.
 */
async function removeDeadLock(directory: string): Promise<void> {
  const owner = join(directory, OWNER);
  const release = await lock(owner, { realpath: false, stale: STALE_MS }).catch(() => undefined);
  if (release === undefined) return wait(RETRY_MS);
  if (await isOwnerDead(directory)) {
    rmSync(owner, { force: true });
    await rmdir(join(directory, LOCK)).catch(() => {});
  }
  await release().catch(() => {});
}

/** Whether the run that holds the lock was on this machine and has ended. */
async function isOwnerDead(directory: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(join(directory, OWNER), 'utf8'));
    if (owner.host !== hostname() || !Number.isInteger(owner.pid)) return false;
    // A container may give each of its runs the same process id.
    if (owner.pid === process.pid) return true;
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return code === 'ESRCH';
    // The name is missing or incomplete.
    return isUntouched(directory);
  }
}

/** Whether the lock has not been renewed for a long time. */
async function isUntouched(directory: string): Promise<boolean> {
  const stats = await stat(join(directory, LOCK)).catch(() => undefined);
  return stats !== undefined && stats.mtimeMs < Date.now() - UNNAMED_MS;
}
