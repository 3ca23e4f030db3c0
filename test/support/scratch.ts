import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Where tests make their folders: in memory, on a machine with room there. */
export const SCRATCH = hasRoom('/dev/shm') ? '/dev/shm' : tmpdir();

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 ** 30;
}

/** A folder for the tests of a file, which is gone after them. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(SCRATCH, 'kiro-bill-tests-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
