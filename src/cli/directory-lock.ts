import { rmSync } from 'node:fs';
import { readFile, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { BadInput } from '../domain/problem.ts';
import type { Host } from './host.ts';
import { unwritable } from './output.ts';

const LOCK = '.kiro-bill-import.lock';
const OWNER = '.kiro-bill-import.owner';
const WAIT_MS = 10_000;
const RETRY_MS = 100;
/** A run that reads much may not renew its lock for a while; one that is dead is known by its owner. */
const STALE_MS = 60_000;
const UPDATE_MS = 1000;

/**
 * Runs `work` while no other run writes into the directory, which is there. Another one is
 * waited for, ten seconds at most; then that is `BadInput`.
 */
export async function withDirectoryLock<Result>(
  directory: string,
  host: Host,
  work: () => Promise<Result>,
): Promise<Result> {
  const release = await locked(directory);
  held.add(directory);
  const owner = join(directory, OWNER);
  host.onInterrupt(() => rmSync(owner, { force: true }));
  try {
    await writeFile(owner, JSON.stringify({ pid: process.pid, host: hostname() })).catch(() => {});
    return await work();
  } finally {
    held.delete(directory);
    rmSync(owner, { force: true });
    await release().catch(() => {});
  }
}

/** The directories that this process has locked: a container may give each of its runs the same process id. */
const held = new Set<string>();

async function locked(directory: string): Promise<() => Promise<void>> {
  const lockfilePath = join(directory, LOCK);
  const options = { lockfilePath, realpath: false, stale: STALE_MS, update: UPDATE_MS };
  const end = performance.now() + WAIT_MS;
  for (;;) {
    try {
      // A run that takes a lock in use has waited for a minute; this run goes on.
      return await lock(directory, { ...options, onCompromised: () => {} });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw unwritable(directory, error);
    }
    if (await isOwnerDead(directory)) {
      rmSync(join(directory, OWNER), { force: true });
      await rmdir(lockfilePath).catch(() => {});
    } else if (performance.now() >= end) {
      const what =
        'another import into this folder is running: wait until it has ended, then try again';
      throw new BadInput([{ file: directory, what }]);
    } else await wait(RETRY_MS);
  }
}

/** Whether the run that holds the lock was one of this machine, and is no more. */
async function isOwnerDead(directory: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(join(directory, OWNER), 'utf8'));
    if (owner.host !== hostname() || !Number.isInteger(owner.pid)) return false;
    if (owner.pid === process.pid) return !held.has(directory);
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
