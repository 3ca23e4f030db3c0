import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ended, runBin, runShell, startBin, withSample } from './run-bin.ts';

const INVOICE = ['invoice', '2026-01', '--quiet'];

describe('an endless header ends at once, with the place', () => {
  test.each([
    ['invoice', '2026-01', '--users', '/dev/zero'],
    ['invoice', '2026-01', '--usage', '/dev/zero'],
    ['reconcile', '2026-01', '--cur', '/dev/zero'],
    ['import', 'activity', '/dev/zero', '-o', 'out'],
    ['import', 'cur', '/dev/zero', '-o', 'out'],
    ['import', 'subscriptions', '/dev/zero', '-o', 'out', '--profile', 'virginia'],
  ])('%s %s %s %s', async (...args) => {
    await withSample(async (data) => {
      const run = await runBin(args, { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/dev\/zero:1: row: a (NUL byte|field over 64 KiB)/);
    });
  });
});

describe('a pipe without a writer', () => {
  test.each([
    ['invoice', '2026-01', '--usage', 'pipe'],
    ['invoice', '2026-01', '--users', 'pipe'],
    ['invoice', '2026-01', '--rates', 'pipe'],
    ['reconcile', '2026-01', '--cur', 'pipe'],
    ['import', 'users', 'pipe', '-o', 'out'],
  ])('is waited for, and the first signal ends that: %s %s %s', async (...args) => {
    await withSample(async (data) => {
      await runShell('mkfifo pipe', { cwd: data });
      const child = startBin(args, { cwd: data });
      const end = ended(child);
      await setTimeout(800);
      child.kill('SIGINT');
      expect(await end).toEqual({ status: 130, stdout: '', stderr: '' });
    });
  });

  test('is read once somebody writes', async () => {
    await withSample(async (data) => {
      const line =
        'mkfifo pipe; mv usage.csv rows; (sleep 0.5; cat rows > pipe) & kiro-bill invoice 2026-01 --quiet -f csv --usage pipe > piped; kiro-bill invoice 2026-01 --quiet -f csv --usage rows | cmp - piped';
      expect(await runShell(line, { cwd: data })).toEqual({ status: 0, stdout: '', stderr: '' });
    });
  });

  test('is refused in a folder of usage', async () => {
    await withSample(async (data) => {
      await mkdir(join(data, 'usage'));
      await rename(join(data, 'usage.csv'), join(data, 'usage/a.csv'));
      await runShell('mkfifo usage/b.csv', { cwd: data });
      const run = await runBin(INVOICE, { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/^usage\/b\.csv: it is a pipe/);
    });
  });
});

describe('what cannot be read is bad input, in words', () => {
  const inputs = [
    ['invoice', '2026-01', '--usage'],
    ['invoice', '2026-01', '--users'],
    ['invoice', '2026-01', '--rates'],
    ['invoice', '2026-01', '--data'],
    ['reconcile', '2026-01', '--cur'],
  ];

  test.each(inputs)('%s %s %s', async (...args) => {
    await withSample(async (data) => {
      await symlink('circle', join(data, 'circle'));
      const server = createServer().listen(join(data, 'socket'));
      try {
        for (const [path, what] of [
          ['circle', 'it is a link that leads in a circle'],
          ['x'.repeat(300), 'its name is longer than the file system allows'],
          ['socket', args[2] === '--data' ? 'it is no folder' : 'it is a socket'],
        ] as const) {
          const run = await runBin([...args, path], { cwd: data });
          expect(run.status).toBe(3);
          expect(run.stderr).toContain(what);
          expect(run.stderr.split('\n')[0]?.length).toBeLessThan(300);
        }
      } finally {
        server.close();
      }
    });
  });
});

test('a long name is cut at 200 characters where a warning repeats it', async () => {
  await withSample(async (data) => {
    const name = 'N'.repeat(5000);
    await writeFile(join(data, 'users.csv'), `user_id,name\nghost,${name}\n`);
    await runShell('echo 2026-01-05,virginia,ghost,5 >> usage.csv; cut -d, -f1-4 usage.csv > u', {
      cwd: data,
    });
    const run = await runBin([...INVOICE, '--usage', 'u', '-f', 'csv'], { cwd: data });
    expect(run.stderr).toContain('NNN…NNN');
    expect(Math.max(...run.stderr.split('\n').map(({ length }) => length))).toBeLessThan(500);
  });
});
