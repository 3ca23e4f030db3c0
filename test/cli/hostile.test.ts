import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../support/in-process.ts';
import { runHere, runShell, withSample } from './run-bin.ts';

const INVOICE = ['invoice', '--month', '2026-01'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not come
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const STACK = /\n\s+at |node:internal|RangeError|TypeError/;

/** Runs `invoice` on the sample with one file replaced; there must be an answer to act on. */
async function answer(name: string, content: string | Buffer): Promise<string> {
  return withSample(async (data) => {
    await writeFile(join(data, name), content);
    const run = await runHere([...INVOICE, '--data', data]);
    expect(run.stdout).toBe('');
    expect(run.stderr).not.toMatch(CONTROL);
    expect(run.stderr).not.toMatch(STACK);
    expect(run.stderr.length).toBeLessThan(10_000);
    expect(run.status).toBe(3);
    return run.stderr.replaceAll(`${data}/`, '');
  });
}

describe('a clear answer, and no stack trace, to', () => {
  test('binary junk in any file', async () => {
    const junk = Buffer.from(
      Array.from({ length: 50_000 }, (_, at) => (at * 7919 + at ** 2) % 256),
    );
    for (const name of ['subscriptions.csv', 'usage.csv', 'rates.json', 'usage.csv.gz']) {
      expect(await answer(name, junk)).toContain('problem');
    }
  });

  test('an empty file', async () => {
    for (const name of ['subscriptions.csv', 'users.csv', 'usage.csv']) {
      expect(await answer(name, '')).toContain(`${name}: the file is empty`);
    }
    expect(await answer('rates.json', '')).toContain('rates.json: the file is not valid JSON');
  });

  test('a line of 100 MB ends the reading of its file, in a bounded memory', async () => {
    await withSample(async (data) => {
      // The program stops reading long before the end of the line. From a shell, as Linux counts the
      // memory of whoever starts a process as its own.
      const usage = `{ echo timestamp,profile_id,user_id,credits; head -c 100M /dev/zero | tr '\\0' x; echo; echo 2026-01-05,virginia,u-ana,-1; }`;
      const line = `${usage} 2>/dev/null | kiro-bill ${INVOICE.join(' ')} --usage - --timings`;
      const run = await runShell(line, { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/^-:2: row: a field over 64 KiB\nerror: 1 problem/m);
      expect(Number(/peak memory: (\d+) MiB/.exec(run.stderr)?.[1])).toBeLessThan(200);
    });
  });

  test('a folder where a file should be', async () => {
    await withSample(async (data) => {
      for (const name of ['groups.csv', 'usage.csv', 'rates.json']) {
        await rm(join(data, name), { force: true });
        await mkdir(join(data, name));
      }
      const { status, stderr } = await runHere([...INVOICE, '--data', data]);
      expect(status).toBe(3);
      for (const [name, remedy] of [
        ['groups.csv', ''],
        ['usage.csv', ': name the folder usage'],
        ['rates.json', ''],
      ]) {
        expect(stderr).toContain(`${name}: it is a folder, and a file is needed here${remedy}\n`);
      }
    });
  });

  test('a link that leads nowhere or in a circle: it is not a missing file', async () => {
    await withSample(async (data) => {
      for (const name of ['profiles.csv', 'usage.csv']) await rm(join(data, name));
      await symlink('profiles.csv', join(data, 'profiles.csv'));
      await symlink('nowhere', join(data, 'usage.csv'));
      const { status, stderr } = await runHere([...INVOICE, '--data', data]);
      expect(status).toBe(3);
      expect(stderr).toContain('profiles.csv: it is a link that leads in a circle\n');
      expect(stderr).toContain('usage.csv: there is no such file\n');
    });
  });

  test('a data directory that is not there, or is a file', async () => {
    await withSample(async (data) => {
      for (const [directory, what] of [
        ['nowhere', 'nowhere: there is no such folder\n'],
        ['nowhere.xlsx', 'nowhere.xlsx: there is no such workbook\n'],
        [
          '2026-10',
          '2026-10: there is no such folder; if the month is meant, "kiro-bill invoice 2026-10" bills it',
        ],
        ['users.csv', 'users.csv: it is not a folder'],
      ] as const) {
        const run = await runHere([...INVOICE, '--data', directory], { cwd: data });
        expect(run.status).toBe(3);
        expect(run.stderr).toContain(what);
      }
    });
  });

  test('a folder without usage', async () => {
    await withSample(async (data) => {
      await mkdir(join(data, 'empty'));
      const run = await runHere([...INVOICE, '--usage', 'empty', '--users', 'none'], { cwd: data });
      expect(run.status).toBe(3);
      expect(run.stderr).toContain(
        'empty: the folder has no .csv, .csv.gz or .parquet file in it\n',
      );
      expect(run.stderr).toContain('none: there is no such file\n');
    });
  });

  test('file names with control characters', async () => {
    await withSample(async (data) => {
      const name = 'a\u001b[31m\nb.csv';
      await writeFile(join(data, name), 'x');
      for (const path of [name, `no${name}`]) {
        const run = await runHere([...INVOICE, '--usage', path], { cwd: data });
        expect(run.status).toBe(3);
        expect(run.stderr).not.toMatch(CONTROL);
        expect(run.stderr).toContain('a\\x1b[31m\\nb.csv');
      }
    });
  });
});

describe('text that means harm', () => {
  const evil = '=HYPERLINK("http://x.example","open")';
  const files = {
    'profiles.csv':
      'profile_id,account_id,region,name,__proto__\np1,111122223333,us-east-1,"+1\tx",x\n',
    'users.csv': `user_id,name,cost_center,constructor\n@u1,"${evil.replaceAll('"', '""')}","\u001b]0;t\u0007",x\n-u2,"a\u001b[31mb\rc\u202ed","-1",y\n`,
    'subscriptions.csv':
      'profile_id,principal_type,principal_id,tier,subscribed_at,__proto__,toString\np1,user,@u1,Pro,2025-11-01,,\np1,user,-u2,Pro,2025-11-01,,\np1,user,__proto__,Pro,2025-11-01,,\np1,user,constructor,Pro,2025-11-01,,\n',
    'usage.csv':
      'timestamp,profile_id,user_id,credits,__proto__,hasOwnProperty\n2026-01-05,p1,__proto__,7,1,2\n2026-01-05,p1,-u2,1e4,1,2\n',
  };

  test('is made harmless for a spreadsheet in CSV, and never in JSON', async () => {
    const csv = await runInProcess([...INVOICE, '-f', 'csv'], files);
    expect(csv.status).toBe(0);
    expect(csv.stdout).toContain(',\'@u1,"\'=HYPERLINK(""http://x.example"",""open"")",Pro,');
    expect(csv.stdout).toContain(",'-u2,");
    const json = await runInProcess([...INVOICE, '-f', 'json'], files);
    const rows = JSON.parse(json.stdout).rows as { user_id: string; user_name: string }[];
    expect(rows.map(({ user_id: id }) => id)).toEqual(['-u2', '@u1', '__proto__', 'constructor']);
    expect(rows[1]?.user_name).toBe(evil);
    const byProfile = await runInProcess([...INVOICE, '--by', 'profile', '-f', 'csv'], files);
    expect(byProfile.stdout).toContain(",'+1\tx,4,80.00,");
  });

  test('counts for users that are named like the insides of objects', async () => {
    const { stdout } = await runInProcess([...INVOICE, '-f', 'csv'], files);
    expect(stdout).toContain(',__proto__,,Pro,20.00,7.00,1000.00,0.00,0.00,0.00,20.00,USD\n');
    expect(stdout).toContain(',constructor,,Pro,20.00,0.00,');
  });

  const views = ['user', 'profile', 'cost_center', 'group', 'line', 'tier'];
  test.each(views)('reaches no terminal with control characters: invoice --by %s', async (view) => {
    for (const format of ['table', 'markdown', 'csv', 'json']) {
      // Progress, which a slow machine would show, erases its own line.
      const args = [...INVOICE, '--by', view, '-f', format, '--no-color', '--no-progress'];
      const run = await runInProcess(args, files, { isTerminal: true, columns: 100 });
      expect(run.status).toBe(0);
      expect(run.stdout + run.stderr).not.toMatch(CONTROL);
      expect(run.stdout).not.toContain('\u202e');
    }
  });

  test('reaches no terminal with control characters: explain, filters, messages', async () => {
    const settings = { isTerminal: true, columns: 80 };
    for (const args of [
      ['explain', '--month', '2026-01', '--no-color', '--user', '-u2'],
      ['explain', '--month', '2026-01', '--no-color', '--user', '-u2', '-f', 'csv'],
      ['explain', '--month', '2026-01', '--no-color', '--user', '\u001b[31mnobody'],
      [...INVOICE, '--no-color', '--profile', '\u001b[31m\u0007'],
      [...INVOICE, '--no-color', '--sort', '\u001b[31m'],
      [...INVOICE, '--no-color', '--b\u001b[31my', 'x'],
      [...INVOICE, '--no-color', '--by', '\u001b[31m'],
      [...INVOICE, '--no-color', '--top', '\u001b[31m'],
      [...INVOICE, '--no-color', '-o', '/nowhere/\u001b[31m.csv'],
      [...INVOICE, '--no-color', '-o', 'x.\u001b[31m'],
      ['\u001b[31minvoice', '--no-color'],
      [...INVOICE, '--no-color', '\u001b[31m'],
    ]) {
      const run = await runInProcess(args, files, settings);
      expect(run.stdout + run.stderr).not.toMatch(CONTROL);
      expect(run.stdout + run.stderr).not.toBe('');
    }
  });

  test('comes back whole, byte by byte, in the file of bad rows', async () => {
    await withSample(async (data) => {
      const row = Buffer.from([0x1b, 0x5b, 0xff, 0x00, 0x22, 0x2c, 0x0d, 0x0a]);
      const usage = await readFile(join(data, 'usage.csv'));
      await writeFile(join(data, 'usage.csv'), Buffer.concat([usage, row]));
      const bad = join(data, 'bad.csv');
      const run = await runHere([...INVOICE, '--data', data, '--skip-bad-usage', bad]);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain('$326.57');
      const written = await readFile(bad, 'latin1');
      expect(written).toContain(',12,');
      expect(written).toContain('"\u001b[\u00ff\u0000"","');
    });
  });
});
