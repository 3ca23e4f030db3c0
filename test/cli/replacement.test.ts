import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HAS_MOUNTS, HAS_PID_NAMESPACES, HAS_STRACE, IS_ROOT } from '../support/machine.ts';
import { ended, runHere, runShell, startBin, withSample } from './run-bin.ts';

const INVOICE = ['invoice', '2026-01', '--quiet'];
const BILL = /^month,.*USD\n$/s;

/** Runs `use` in a folder beside a sample data directory. */
async function withOutputs(use: (data: string, out: string) => Promise<void>): Promise<void> {
  await withSample(async (data) => {
    const out = join(dirname(data), 'out');
    await mkdir(out);
    await use(data, out);
  });
}

describe('the old file', () => {
  test('gives the new one its mode, whatever new files get', async () => {
    await withOutputs(async (data, out) => {
      const file = join(out, 'x.csv');
      await writeFile(file, 'old');
      const before = process.umask(0o027);
      for (const mode of [0o666, 0o600, 0o777]) {
        await chmod(file, mode);
        expect((await runHere([...INVOICE, '--data', data, '-o', file])).status).toBe(0);
        expect((await stat(file)).mode & 0o7777).toBe(mode);
      }
      process.umask(before);
    });
  });

  test.skipIf(!IS_ROOT)('gives it its owner and group (only root may)', async () => {
    await withOutputs(async (data, out) => {
      const file = join(out, 'x.csv');
      await writeFile(file, 'old');
      await chown(file, 1234, 4321);
      expect((await runHere([...INVOICE, '--data', data, '-o', file])).status).toBe(0);
      const { uid, gid } = await stat(file);
      expect([uid, gid]).toEqual([1234, 4321]);
    });
  });
});

describe('the tables of an import', () => {
  const IMPORT = ['import', 'activity', 'aws/reports', '-o', '../out'];

  test.skipIf(!IS_ROOT)('keep mode, owner and group (only root may)', async () => {
    await withOutputs(async (data, out) => {
      expect((await runHere(IMPORT, { cwd: data })).status).toBe(0);
      const file = join(out, 'subscriptions.csv');
      await chmod(file, 0o604);
      await chown(file, 1234, 4321);
      expect((await runHere(IMPORT, { cwd: data })).status).toBe(0);
      const { mode, uid, gid } = await stat(file);
      expect([mode & 0o7777, uid, gid]).toEqual([0o604, 1234, 4321]);
    });
  });

  test.skipIf(!HAS_MOUNTS)(
    'are written over a mount point (skipped where nothing can be mounted)',
    async () => {
      await withOutputs(async (data, out) => {
        expect((await runHere(IMPORT, { cwd: data })).status).toBe(0);
        const whole = await readFile(join(out, 'subscriptions.csv'), 'utf8');
        await writeFile(join(out, 'behind'), whole.split('\n').slice(0, 1).join('\n'));
        const program = `"${process.execPath}" "${join(import.meta.dirname, '../../bin/kiro-bill.js')}"`;
        const line = `unshare --mount sh -ec '
          mount --bind ../out/behind ../out/subscriptions.csv
          ${program} ${IMPORT.join(' ')} --force'`;
        const run = await runShell(line, { cwd: data });
        expect([run.status, run.stderr]).toEqual([0, expect.not.stringContaining('error')]);
        expect(await readFile(join(out, 'behind'), 'utf8')).toBe(whole);
        expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
      });
    },
  );
});

test('a name may be as long as the file system allows, and no longer', async () => {
  await withOutputs(async (data, out) => {
    const longest = `${'x'.repeat(251)}.csv`;
    const run = await runHere([...INVOICE, '--data', data, '-o', join(out, longest)]);
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
    const longer = await runHere([...INVOICE, '--data', data, '-o', join(out, `x${longest}`)]);
    expect(longer.status).toBe(2);
    expect(longer.stderr).toMatch(/: its name is longer than the file system allows\n$/);
    expect(await readdir(out)).toEqual([longest]);
  });
});

test('a link to a file that is not there yet stays a link, and the file is made', async () => {
  await withOutputs(async (data, out) => {
    await symlink('real.csv', join(out, 'way.csv'));
    await symlink('circle.csv', join(out, 'circle.csv'));
    const way = join(out, 'way.csv');
    expect((await runHere([...INVOICE, '--data', data, '-o', way])).status).toBe(0);
    expect((await lstat(way)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(out, 'real.csv'), 'utf8')).toMatch(BILL);
    const circle = await runHere([...INVOICE, '--data', data, '-o', join(out, 'circle.csv')]);
    expect(circle.status).toBe(2);
    expect(circle.stderr).toMatch(/: it is a link that leads in a circle\n$/);
  });
});

test('what dead runs have left is removed after a day, and nothing else', async () => {
  await withOutputs(async (data, out) => {
    const id = '01234567-89ab-4cde-8f01-23456789abc';
    const [dead, fresh] = [`.kiro-bill-${id}0.part`, `.kiro-bill-${id}1.part`];
    const others = ['.kiro-bill-notes.part', `.kiro-bill-${id}2.part.csv`, 'kiro-bill.part'];
    for (const name of [dead, fresh, ...others]) {
      await writeFile(join(out, name), 'half');
      const dayAgo = Date.now() / 1000 - 25 * 3600;
      if (name !== fresh) await utimes(join(out, name), dayAgo, dayAgo);
    }
    expect((await runHere([...INVOICE, '--data', data, '-o', join(out, 'x.csv')])).status).toBe(0);
    expect(await readdir(out)).toEqual([fresh, ...others, 'x.csv'].sort());
  });
});

test.skipIf(!HAS_PID_NAMESPACES)(
  'a kill in a container, where ids of processes come again, is in the way of no later run (skipped where there are no namespaces)',
  async () => {
    await withOutputs(async (data, out) => {
      const run = `unshare --pid --fork --kill-child '${process.execPath}'`;
      const bin = join(import.meta.dirname, '../../bin/kiro-bill.js');
      const bill = `'${bin}' invoice 2026-01 --quiet -o '${out}/x.csv' --skip-bad-usage '${out}/bad.csv'`;
      const killed = runShell(
        `mkfifo wait; exec 9<>wait; ${run} ${bill} --usage - <&9 & while [ -z "$(ls -A '${out}')" ]; do sleep 0.02; done; kill -9 $!; wait $!`,
        { cwd: data },
      );
      expect((await killed).status).toBe(137);
      expect(await readdir(out)).toHaveLength(1);
      expect(await runShell(`${run} ${bill}`, { cwd: data })).toMatchObject({ status: 0 });
      expect(await readFile(join(out, 'x.csv'), 'utf8')).toMatch(BILL);
    });
  },
);

test.skipIf(!HAS_MOUNTS)(
  'a mount point is written in place, with a warning (skipped where nothing can be mounted)',
  async () => {
    await withOutputs(async (data, out) => {
      for (const name of ['shown.csv', 'bad.csv', 'behind.csv', 'behind-bad.csv']) {
        await writeFile(join(out, name), 'old'.repeat(10_000));
      }
      const line = `unshare --mount sh -ec '
        mount --bind behind.csv shown.csv
        mount --bind behind-bad.csv bad.csv
        "${process.execPath}" "${join(import.meta.dirname, '../../bin/kiro-bill.js')}" invoice 2026-01 --quiet \\
          --data "${data}" -o shown.csv --skip-bad-usage bad.csv'`;
      const run = await runShell(line, { cwd: out });
      expect(run.status).toBe(0);
      expect(run.stderr).toMatch(/^warning: shown\.csv is a mount point and was written in place/);
      expect(run.stderr).toMatch(/\nwarning: bad\.csv is a mount point/);
      expect(await readFile(join(out, 'behind.csv'), 'utf8')).toMatch(BILL);
      expect(await readFile(join(out, 'behind-bad.csv'), 'utf8')).toBe('file,line,reason,row\n');
      expect(await readdir(out)).toHaveLength(4);
    });
  },
);

describe('a folder that cannot be made', () => {
  const bin = join(import.meta.dirname, '../../bin/kiro-bill.js');

  test.skipIf(!HAS_MOUNTS)(
    'says that the disk is read-only (skipped where nothing can be mounted)',
    async () => {
      await withOutputs(async (_, out) => {
        const line = `unshare --mount sh -ec '
          mount -t tmpfs -o ro tmpfs .
          "${process.execPath}" "${bin}" init new/data'`;
        expect(await runShell(line, { cwd: out })).toMatchObject({
          status: 2,
          stderr: 'error: cannot write new/data: the disk is read-only\n',
        });
      });
    },
  );

  test.skipIf(process.platform !== 'linux')('is refused at once (on Linux)', async () => {
    const line = `timeout 20 "${process.execPath}" "${bin}" init /proc/none/data`;
    expect(await runShell(line)).toMatchObject({
      status: 2,
      stderr: 'error: cannot write /proc/none/data: its folder does not exist\n',
    });
  });
});

/** Runs an invoice under `strace`, whose report goes to `calls`. */
function traced(data: string, options: string): ReturnType<typeof runShell> {
  const bin = join(import.meta.dirname, '../../bin/kiro-bill.js');
  const line = `strace -f -o ../calls -e trace=openat,fsync,rename ${options} '${process.execPath}' '${bin}' invoice 2026-01 --quiet -o ../out/x.csv`;
  return runShell(line, { cwd: data });
}

describe.skipIf(!HAS_STRACE)('the disk (skipped where there is no strace)', () => {
  test('gets the file, then its name, then the folder', async () => {
    await withOutputs(async (data, out) => {
      expect((await traced(data, '')).status).toBe(0);
      const calls = await readFile(join(dirname(out), 'calls'), 'utf8');
      const from = calls.indexOf('.part"');
      const order = [...calls.slice(from).matchAll(/\b(fsync|rename)\(/g)].map(([, name]) => name);
      expect(order).toEqual(['fsync', 'rename', 'fsync']);
    });
  });

  test.each([
    ['fsync:error=EIO:when=1', 'the disk has a fault'],
    ['fsync:error=ENOSPC:when=1', 'the disk is full'],
    ['rename:error=EPERM', 'permission denied, or another program has it open'],
    ['rename:error=EACCES', 'permission denied'],
  ])('keeps the old file at %s, and the message says why', async (fault, reason) => {
    await withOutputs(async (data, out) => {
      await writeFile(join(out, 'x.csv'), 'old');
      const run = await traced(data, `-e inject=${fault}`);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain(`error: cannot write ../out/x.csv: ${reason}`);
      expect(await readFile(join(out, 'x.csv'), 'utf8')).toBe('old');
      expect(await readdir(out)).toEqual(['x.csv']);
    });
  });

  test.each(['EINVAL', 'EPERM'])('may be unable to sync a folder: %s', async (code) => {
    await withOutputs(async (data, out) => {
      const run = await traced(data, `-e inject=fsync:error=${code}:when=2+`);
      expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await readFile(join(out, 'x.csv'), 'utf8')).toMatch(BILL);
    });
  });
});

test('a pipe nobody reads yet is waited for, and a signal ends that', async () => {
  await withOutputs(async (data, out) => {
    const line = `mkfifo '${out}/p'; kiro-bill invoice 2026-01 --quiet -f csv -o '${out}/p' &`;
    const read = await runShell(`${line} sleep 0.5; head -c 6 '${out}/p'; wait`, { cwd: data });
    expect(read.stdout).toBe('month,');
    await rm(join(out, 'p'));
    await runShell(`mkfifo '${out}/p' usage`, { cwd: data });
    const args = [...INVOICE, '--data', data, '--usage', join(data, 'usage'), '-f', 'csv'];
    const waiting = startBin([...args, '-o', join(out, 'p')]);
    const end = ended(waiting);
    // A program that has read its usage has come to answer signals, and writes soon.
    await writeFile(join(data, 'usage'), await readFile(join(data, 'usage.csv')));
    await setTimeout(300);
    waiting.kill('SIGTERM');
    expect(await end).toEqual({ status: 130, stdout: '', stderr: '' });
  });
});
