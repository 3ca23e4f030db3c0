import type { ChildProcess } from 'node:child_process';
import {
  appendFile,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HAS_STRACE } from '../support/machine.ts';
import { BIN, ended, runBin, runHere, runShell, startBin, withSample } from './run-bin.ts';

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
      const run = await runHere(args, { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/zero:1: row: a (NUL byte|field over 64 KiB)/);
    });
  });
});

describe('an endless line ends, with its place, whatever it holds', () => {
  function* endless(start: string, more: string): Generator<Buffer> {
    yield Buffer.from(start);
    for (;;) yield Buffer.from(more.repeat(8192));
  }

  test.each([
    ['--users', '', ',', '1: row: a field over 64 KiB'],
    ['--users', '', 'x,', '1: row: a field over 64 KiB'],
    ['--users', 'user_id\n', ',', '2: row: a field over 64 KiB'],
    ['--users', 'user_id,name\n', 'x,', '2: row: a field over 64 KiB'],
    ['--usage', '', 'x,', '1: row: a field over 64 KiB'],
    ['--usage', 'timestamp,profile_id,user_id,credits\n', ',', '2: row: a field over 64 KiB'],
  ])('%s: %j and then %s', async (option, start, more, what) => {
    await withSample(async (data) => {
      const args = ['invoice', '2026-01', option, '-'];
      const run = await runHere(args, { cwd: data, stdin: endless(start, more) });
      expect(run.stderr).toContain(`-:${what}`);
      expect(run.stdout).toBe('');
    });
  });

  test.each(['--users', '--usage'])('%s, from another program', async (option) => {
    await withSample(async (data) => {
      const line = `yes 'x,' 2>/dev/null | tr -d '\\n' | kiro-bill invoice 2026-01 ${option} -`;
      const run = await runShell(line, { cwd: data });
      expect(run).toMatchObject({ status: 3, stdout: '' });
      expect(run.stderr).toContain('-:1: row: a field over 64 KiB');
    });
  });
});

describe('an endless file that is found in the directory ends at once', () => {
  test.each([
    ['kiro-bill.json', ['check']],
    ['rates.json', ['check']],
    ['users.csv', ['check']],
    ['imported.json', ['import', 'users', 'aws/identity-store', '-o', '.']],
    ['tier_changes.csv', ['import', 'users', 'aws/identity-store', '-o', '.']],
    ['.kiro-bill-import.json', ['import', 'users', 'aws/identity-store', '-o', '.']],
  ])('%s', async (name, args) => {
    await withSample(async (data) => {
      await rm(join(data, name), { force: true });
      await symlink('/dev/zero', join(data, name));
      const { status, stdout, stderr } = await runHere(args, { cwd: data });
      expect([status, stdout + stderr]).toEqual([
        args[0] === 'check' ? 1 : 3,
        expect.stringMatching(`${name}(:|: the file is over \\d+ MiB: no )`),
      ]);
    });
  });

  test('also as a workbook', async () => {
    await withSample(async (data) => {
      await symlink('/dev/zero', join(data, 'zero.xlsx'));
      const run = await runHere(['invoice', '2026-01', '--data', 'zero.xlsx'], { cwd: data });
      expect(run.stderr).toContain('zero.xlsx: the file is over 512 MiB: no workbook\n');
      expect(run.status).toBe(3);
    });
  });
});

/** Whether a program has a file of this name open, as Linux shows it. */
async function isOpen({ pid }: ChildProcess, name: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => ''));
  return (await Promise.all(files)).some((file) => basename(file) === name);
}

describe.skipIf(process.platform !== 'linux')('a pipe without a writer (on Linux)', () => {
  test.each([
    ['invoice', '2026-01', '--usage', 'pipe'],
    ['invoice', '2026-01', '--users', 'pipe'],
    ['invoice', '2026-01', '--rates', 'pipe'],
    ['reconcile', '2026-01', '--cur', 'pipe'],
    ['import', 'users', 'pipe', '-o', 'out'],
    ['import', 'users', 'aws/identity-store', '-o', '.', 'imported.json'],
    ['check', '.', 'kiro-bill.json'],
  ])('is waited for, and the first signal ends that: %s %s %s', async (...given) => {
    await withSample(async (data) => {
      const pipe = /\.json$/.test(given.at(-1) as string) ? (given.pop() as string) : 'pipe';
      await runShell(`mkfifo ${pipe}`, { cwd: data });
      const child = startBin(given, { cwd: data });
      const end = ended(child);
      while (!(await isOpen(child, pipe))) await setTimeout(20);
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
      const run = await runHere(INVOICE, { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/^usage\/b\.csv: it is a pipe/);
    });
  });
});

describe('a file that changes while another one is read is bad input', () => {
  const CUR = 'aws/cur/data/BILLING_PERIOD=2026-01/kiro-00001.csv';

  test.each([
    ['invoice 2026-01 --users pipe', 'subscriptions.csv'],
    ['forecast 2026-01 --groups pipe', 'profiles.csv'],
    [`reconcile 2026-01 --cur ${CUR} --users pipe`, 'tier_changes.csv'],
    [`import cur ${CUR} pipe -o out`, CUR],
    ['import users users.csv pipe -o out', 'users.csv'],
    ['import subscriptions list.csv pipe -o out --profile virginia', 'list.csv'],
  ])('kiro-bill %s: %s', async (line, file) => {
    await withSample(async (data) => {
      await writeFile(join(data, 'list.csv'), 'Name,Kiro plan\nana,Pro\nben,Pro\n');
      // While the program waits for rows from the pipe, the file loses its last one.
      const run = await runShell(
        `mkfifo pipe; head -n -1 '${file}' > less
         kiro-bill ${line} & exec 9> pipe
         cat less > '${file}'; cat less >&9; exec 9>&-; wait $!`,
        { cwd: data },
      );
      expect(run.status).toBe(3);
      expect(run.stderr).toContain(`${file}: it changed while it was read`);
      expect(run.stdout).toBe('');
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
          ['socket', args[2] === '--data' ? 'it is not a folder' : 'it is a socket'],
        ] as const) {
          const run = await runHere([...args, path], { cwd: data });
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

test.skipIf(!HAS_STRACE)(
  'a fault of the disk is bad input at any call (skipped where there is no strace)',
  async () => {
    await withSample(async (data) => {
      await mkdir(join(data, 'usage'));
      await rename(join(data, 'usage.csv'), join(data, 'usage/a.csv'));
      for (const [path, call] of [
        ['usage/a.csv', 'openat'],
        ['usage', 'getdents64'],
        ['usage/a.csv', 'read,pread64'],
      ] as const) {
        const line = `strace -f -o /dev/null -P ${path} -e inject=${call}:error=EIO kiro-bill invoice 2026-01`;
        const program = `'${process.execPath}' '${BIN}'`;
        const run = await runShell(line.replace('kiro-bill', program), { cwd: data });
        expect([call, run.status, run.stdout]).toEqual([call, 3, '']);
        expect(run.stderr).toContain(`${path}: it cannot be read: the disk has a fault\n`);
      }
    });
  },
);

test('a long name is cut at 200 characters where names are listed', async () => {
  await withSample(async (data) => {
    const name = 'N'.repeat(5000);
    await writeFile(join(data, 'groups.csv'), `group_id,name\ng-engineers,${name}\ng-leads,x\n`);
    await writeFile(join(data, 'users.csv'), `user_id,cost_center\na,${name}\nb,${name} \n`);
    for (const filter of ['--group', '--cost-center']) {
      const { status, stderr } = await runHere([...INVOICE, filter, 'zz'], { cwd: data });
      expect([status, stderr]).toEqual([2, expect.stringContaining('NN…')]);
      expect(stderr.length).toBeLessThan(1000);
    }
    const { stderr } = await runHere(INVOICE, { cwd: data });
    expect(stderr).toMatch(/cost centers "N{199}…", "N{199}…" differ/);
  });
});

describe('more seats than there is memory for end in words', () => {
  const rows = (row: (user: number) => string): string =>
    Array.from({ length: 60_000 }, (_, user) => row(user)).join('');
  const environment = { NODE_OPTIONS: '--max-old-space-size=64' };

  test.each([
    ['usage.csv', (user: number) => `2026-01-05,virginia,u-${user},1,\n`, 'too many seats'],
    ['users.csv', (user: number) => `u-${user},,,,\n`, 'more rows than this run has memory for'],
  ])('%s', async (name, row, what) => {
    await withSample(async (data) => {
      await appendFile(join(data, name), rows(row));
      const run = await runBin(INVOICE, { cwd: data, environment });
      expect([run.status, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toMatch(new RegExp(`^${name}: .*${what}`));
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
    const run = await runHere([...INVOICE, '--usage', 'u', '-f', 'csv'], { cwd: data });
    expect(run.stderr).toContain('NNN…NNN');
    expect(Math.max(...run.stderr.split('\n').map(({ length }) => length))).toBeLessThan(500);
  });
});
