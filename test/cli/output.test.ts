import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Outcome, runMain } from '../support/in-process.ts';
import { ended, FIXTURES, runBin, runHere, runShell, startBin, withSample } from './run-bin.ts';

const INVOICE = ['invoice', '--month', '2026-01', '--quiet'];

describe('-o', () => {
  test('writes the file whole, keeps its mode, and leaves nothing beside it', async () => {
    await withSample(async (data) => {
      const out = join(dirname(data), 'out');
      await mkdir(out);
      const file = join(out, 'invoice.csv');
      await writeFile(file, 'old'.repeat(100_000));
      await chmod(file, 0o640);
      const run = await runHere([...INVOICE, '--data', data, '-o', file]);
      expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await readFile(file, 'utf8')).toMatch(/^month,profile_id,.*USD\n$/s);
      expect((await stat(file)).mode & 0o777).toBe(0o640);
      expect(await readdir(out)).toEqual(['invoice.csv']);
    });
  });

  test('writes by the extension, in any case, and by --format before it', async () => {
    await withSample(async (data) => {
      const starts: Readonly<Record<string, RegExp>> = {
        'a.CSV': /^month,/,
        'b.json': /^\{/,
        'c.md': /^#? ?.*\|/s,
        d: /^Kiro invoice/,
      };
      for (const [name, start] of Object.entries(starts)) {
        const file = join(dirname(data), name);
        expect((await runHere([...INVOICE, '--data', data, '-o', file])).status).toBe(0);
        expect(await readFile(file, 'utf8')).toMatch(start);
      }
      const file = join(dirname(data), 'e.json');
      await runHere([...INVOICE, '--data', data, '-o', file, '--format', 'csv']);
      expect(await readFile(file, 'utf8')).toMatch(/^month,/);
    });
  });

  test('writes no color into a file, also with FORCE_COLOR', async () => {
    await withSample(async (data) => {
      const file = join(dirname(data), 'table');
      const environment = { FORCE_COLOR: '1' };
      await runHere([...INVOICE, '--data', data, '-o', file], { environment });
      expect(await readFile(file, 'utf8')).not.toContain('\u001b');
    });
  });

  test('keeps a link a link, and writes the file behind it', async () => {
    await withSample(async (data) => {
      const [file, way] = [join(dirname(data), 'real.csv'), join(dirname(data), 'way.csv')];
      await writeFile(file, 'old');
      await symlink('real.csv', way);
      expect((await runHere([...INVOICE, '--data', data, '-o', way])).status).toBe(0);
      expect((await lstat(way)).isSymbolicLink()).toBe(true);
      expect(await readFile(file, 'utf8')).toMatch(/^month,/);
    });
  });

  test('- is standard output', async () => {
    await withSample(async (data) => {
      const run = await runHere([...INVOICE, '--data', data, '-o', '-', '--format', 'csv']);
      expect(run.stdout).toMatch(/^month,/);
    });
  });

  test('writes to a device or a pipe as it is', async () => {
    await withSample(async (data) => {
      const line = 'kiro-bill invoice --month 2026-01 --quiet -f csv -o /dev/stdout | tail -1';
      const run = await runShell(line, { cwd: data });
      expect(run.stdout).toMatch(/^2026-01,virginia,.*,USD\n$/);
    });
  });

  test.each([
    ['a folder', '..', /it is a folder$/],
    ['in a folder that is not there', 'no/such/x.csv', /its folder does not exist$/],
    ['below a file', 'users.csv/x.csv', /its folder is a file$/],
    ['on a full disk', '/dev/full', /the disk is full$/],
  ])('cannot write %s', async (_, target, what) => {
    await withSample(async (data) => {
      const run = await runHere([...INVOICE, '-o', target, '-f', 'csv'], { cwd: data });
      expect(run.status).toBe(2);
      expect(run.stdout).toBe('');
      expect(run.stderr.trimEnd()).toMatch(what);
      expect(run.stderr).toMatch(/^error: cannot write /);
    });
  });

  test('never overwrites an input: by path, by link, by hard link, of any kind', async () => {
    await withSample(async (data) => {
      await symlink('usage.csv', join(data, 'soft.csv'));
      await link(join(data, 'users.csv'), join(data, 'hard.csv'));
      const before = await readFile(join(data, 'usage.csv'), 'utf8');
      const targets = ['usage.csv', './users.csv', 'soft.csv', 'hard.csv', '../data/groups.csv'];
      for (const target of targets) {
        for (const option of ['-o', '--skip-bad-usage']) {
          const run = await runHere([...INVOICE, option, target], { cwd: data });
          expect(run.status).toBe(2);
          expect(run.stderr).toMatch(/would overwrite the input/);
        }
      }
      expect(await readFile(join(data, 'usage.csv'), 'utf8')).toBe(before);
    });
  });

  test('never overwrites what the settings name, for whatever command that is', async () => {
    await withSample(async (data) => {
      const list = 'aws/subscriptions/virginia.csv';
      const settings = { subscription_lists: [{ path: list }], people: 'hr.csv', cur: 'bill.csv' };
      await writeFile(join(data, 'kiro-bill.json'), JSON.stringify(settings));
      for (const name of ['hr.csv', 'bill.csv']) await writeFile(join(data, name), 'kept');
      for (const name of [list, 'hr.csv', 'bill.csv']) {
        const run = await runHere([...INVOICE, '-o', name], { cwd: data });
        expect([run.status, run.stdout], name).toEqual([2, '']);
        expect(run.stderr).toContain(`--output ${name} would overwrite the input`);
      }
    });
  });

  test("is refused in the folder of AWS's bill, where the next run would read it", async () => {
    await withSample(async (data) => {
      await writeFile(join(data, 'kiro-bill.json'), '{"cur": "aws/cur"}');
      for (const [command, cur] of [
        ['reconcile', ['--cur', 'aws/cur']],
        ['chargeback', ['--cur', 'aws/cur/data']],
        ['reconcile', []],
      ] as const) {
        for (const option of ['-o', '--skip-bad-usage']) {
          const args = [command, '2026-01', ...cur, option, 'aws/cur/data/x.csv'];
          const run = await runHere(args, { cwd: data });
          expect([run.status, run.stdout]).toEqual([2, '']);
          expect(run.stderr).toContain('would be read as an input of aws/cur');
        }
      }
      const beside = ['reconcile', '2026-01', '-o', 'aws/cur/x.json'];
      expect((await runHere(beside, { cwd: data })).status).toBe(0);
    });
  });

  test('is no file that commands look for in the data directory, also where there is none yet', async () => {
    await withSample(async (data) => {
      for (const name of ['rates.json', 'kiro-bill.json', 'imported.json', 'Activations.CSV']) {
        const run = await runHere([...INVOICE, '-o', name], { cwd: data });
        expect([run.status, run.stdout], name).toEqual([2, '']);
        expect(run.stderr).toContain(`--output ${name} would be read as an input of .`);
      }
    });
  });

  test('of an import is no folder that it reads, nor one in it', async () => {
    await withSample(async (data) => {
      for (const [kind, source] of [
        ['activity', 'aws/reports'],
        ['cur', 'aws/cur'],
        ['users', 'aws/identity-store'],
      ] as const) {
        for (const target of [source, `${source}/new`]) {
          const run = await runHere(['import', kind, source, '-o', target], { cwd: data });
          expect(run.status).toBe(2);
          expect(run.stderr).toContain(`${target} would overwrite what import reads`);
        }
      }
    });
  });

  test('and the file of --skip-bad-usage are two', async () => {
    await withSample(async (data) => {
      for (const [out, bad] of [
        ['x.csv', './x.csv'],
        ['x.csv', '-'],
      ] as const) {
        const args = [...INVOICE, '-o', out, '--skip-bad-usage', bad];
        expect((await runHere(args, { cwd: data })).status).toBe(2);
      }
    });
  });
});

describe('a run that fails leaves nothing half done', () => {
  test.each([
    [['--user', 'nobody-of-that-name'], 2],
    [['-o', 'no/such/folder.csv'], 2],
    [['--users', 'missing.csv'], 3],
    [['--month', '2025-01'], 2],
  ])('%j', async (args, status) => {
    await withSample(async (data) => {
      const before = await readdir(data);
      const all = [...INVOICE, '--skip-bad-usage', 'bad.csv', ...args];
      expect((await runHere(all, { cwd: data })).status).toBe(status);
      expect(await readdir(data)).toEqual(before);
    });
  });
});

describe('an interrupted run', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s leaves the old file, ends with 130, and says nothing',
    async (signal) => {
      await withSample(async (data) => {
        await writeFile(join(data, 'out.csv'), 'old');
        const before = [...(await readdir(data))];
        const outputs = ['-o', 'out.csv', '--skip-bad-usage', 'bad.csv'];
        const child = startBin([...INVOICE, '--usage', '-', ...outputs], { cwd: data });
        const end = ended(child);
        child.stdin?.write('timestamp,profile_id,user_id,credits\n');
        while ((await readdir(data)).length === before.length) await setTimeout(10);
        child.kill(signal);
        expect(await end).toEqual({ status: 130, stdout: '', stderr: '' });
        expect(await readdir(data)).toEqual(before);
        expect(await readFile(join(data, 'out.csv'), 'utf8')).toBe('old');
      });
    },
  );
});

describe('a closed pipe', () => {
  test('ends with 0, quietly, also in the middle of a long output', async () => {
    await withSample(async (data) => {
      const rows = Array.from(
        { length: 1_000 },
        (_, index) => `2026-01-05,virginia,user-${index}-${'x'.repeat(200)},1`,
      );
      const usage = `timestamp,profile_id,user_id,credits\n${rows.join('\n')}\n`;
      await writeFile(join(data, 'usage.csv'), usage);
      for (const format of ['csv', 'table', 'json', 'markdown']) {
        const line = `kiro-bill invoice --month 2026-01 --quiet -f ${format} 2>err | head -1; echo "\${PIPESTATUS[0]}"`;
        const run = await runShell(line, { cwd: data });
        expect(run.stdout).toMatch(/^.+\n0\n$/);
        expect(await readFile(join(data, 'err'), 'utf8')).not.toMatch(/EPIPE|error|at .*:\d+/);
      }
    });
  });

  test('a closed standard error is no failure either', async () => {
    await withSample(async (data) => {
      const run = await runShell(
        'kiro-bill invoice --month 2026-01 2> >(exec 0<&-; sleep 0.05); echo $?',
        { cwd: data },
      );
      expect(run.stdout).toMatch(/\n0\n$/);
    });
  });

  test('a full disk behind standard output is told', async () => {
    await withSample(async (data) => {
      const run = await runShell('kiro-bill invoice --month 2026-01 --quiet > /dev/full', {
        cwd: data,
      });
      expect(run.status).toBe(2);
      expect(run.stderr).toBe('error: cannot write the output: the disk is full\n');
    });
  });
});

describe('without permission', () => {
  const isRoot = process.getuid?.() === 0;
  const NOBODY = 65_534;

  /** Runs a command line in this process as somebody whom permissions bind: they do not bind root. */
  async function runBound(args: string[]): Promise<Outcome> {
    if (!isRoot) return runMain(args);
    // Code is loaded while it can be.
    await runMain([...INVOICE, '--data', join(FIXTURES, 'acme')]);
    await runMain([...INVOICE, '--data', FIXTURES]);
    await runMain([...args, '--users', 'no-such-file']);
    await runMain([...args, '-o', join(FIXTURES, 'no-such-folder/x.csv')]);
    process.seteuid?.(NOBODY);
    try {
      return await runMain(args);
    } finally {
      process.seteuid?.(0);
    }
  }

  test('a file that cannot be read, and one that cannot be written', async () => {
    await withSample(async (data) => {
      await chmod(dirname(data), 0o755);
      await chmod(join(data, 'users.csv'), 0);
      const unread = await runBound([...INVOICE, '--data', data]);
      expect(unread.status).toBe(3);
      expect(unread.stderr).toContain('users.csv: it cannot be read: permission denied');
      await chmod(join(data, 'users.csv'), 0o444);
      await chmod(data, 0o555);
      const unwritten = await runBound([...INVOICE, '--data', data, '-o', join(data, 'x.csv')]);
      await chmod(data, 0o755);
      expect(unwritten.status).toBe(2);
      expect(unwritten.stderr).toMatch(/^error: cannot write .*x\.csv: permission denied\n$/);
    });
  });

  test.skipIf(isRoot)('a folder that cannot be read (skipped for root, who may)', async () => {
    await withSample(async (data) => {
      await chmod(data, 0);
      const run = await runBin([...INVOICE, '--data', data]);
      await chmod(data, 0o700);
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(
        /^\/[^:]+: it cannot be read: permission denied\nerror: 1 problem/,
      );
    });
  });
});
