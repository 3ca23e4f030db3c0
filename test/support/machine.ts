import { spawnSync } from 'node:child_process';

/** Whether the machine lets this run what a test of faults needs, such as `strace` or a mount. */
export function canRun(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

export const IS_ROOT = process.getuid?.() === 0;

/** Whether the calls of a program to the system can be listed, and made to fail. */
export const HAS_STRACE = canRun('strace', '-f', '-o', '/dev/null', 'true');

/** Whether a file system can be mounted, seen by one process alone. */
export const HAS_MOUNTS = canRun('unshare', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt');

/** Whether a process can be given process ids of its own, as a container does. */
export const HAS_PID_NAMESPACES = canRun('unshare', '--pid', '--fork', 'true');
