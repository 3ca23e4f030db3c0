import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where tests make their folders: in memory, on a machine with room there. */
export const SCRATCH = hasRoom('/dev/shm') ? '/dev/shm' : tmpdir();

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 ** 30;
}
