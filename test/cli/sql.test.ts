import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { overageChangesCsv, profilesCsv } from '../support/tables.ts';

const FILES = {
  'profiles.csv': profilesCsv('P,123456789012,us-east-1'),
  'subscriptions.csv': 'profile_id,principal_type,principal_id,tier,subscribed_at\n',
  'overage_changes.csv': `profile_id,changed_at,overage
P,2026-01-10T08:00:00.0000001Z,on
P,2026-02-01,off
`,
};

describe('sql', () => {
  test('writes the statement to standard output, and nothing else', async () => {
    for (const engine of ['duckdb', 'athena', 'spark']) {
      const run = await runInProcess(['sql', '--engine', engine], FILES);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect(run.stdout).toMatch(/^-- Request usage reduced to a usage summary/);
      expect(run.stdout).toMatch(/;\n$/);
    }
  });

  test('needs no usage, and writes the stretches of the data directory into the statement', async () => {
    const { stdout } = await runInProcess(['sql', '-e', 'duckdb'], FILES);
    const stretches = stdout.split('\n').filter((line) => line.startsWith("    ('P',"));
    expect(stretches).toEqual([
      "    ('P', TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-10 08:00:00.000001', '2026-01-01T00:00:00Z', '2026-01-10T08:00:00.0000001Z'),",
      "    ('P', TIMESTAMP '2026-01-10 08:00:00.000001', TIMESTAMP '2026-02-01 00:00:00', '2026-01-10T08:00:00.0000001Z', '2026-02-01T00:00:00Z')",
    ]);
  });

  test('writes the stretches of a profile under its aliases, too', async () => {
    const { stdout } = await runInProcess(['sql', '-e', 'athena'], {
      ...FILES,
      'profiles.csv': profilesCsv('P,123456789012,us-east-1,,,,OLD'),
    });
    const named = (id: string): string[] =>
      stdout.split('\n').filter((line) => line.startsWith(`    ('${id}',`));
    expect(named('OLD').map((line) => line.replace('OLD', 'P').replace(/,$/, ''))).toEqual(
      named('P').map((line) => line.replace(/,$/, '')),
    );
    expect(named('P')).toHaveLength(2);
  });

  test('quotes each part of a table by the rules of the engine', async () => {
    const from = async (engine: string): Promise<string> =>
      (await runInProcess(['sql', '-e', engine, '--table', 'my logs.us"a`ge'], FILES)).stdout;
    expect(await from('duckdb')).toContain('FROM "my logs"."us""a`ge" AS u\n');
    expect(await from('athena')).toContain('FROM "my logs"."us""a`ge" AS u\n');
    expect(await from('spark')).toContain('FROM `my logs`.`us"a``ge` AS u\n');
  });

  test('escapes a path, reads the files below a folder, and makes a table of lines where it is needed', async () => {
    const from = async (engine: string): Promise<string> =>
      (await runInProcess(['sql', '-e', engine, '--path', "s3://b/o'B/"], FILES)).stdout;
    expect(await from('duckdb')).toContain("read_csv('s3://b/o''B/**/*.csv*', ");
    expect(await from('athena')).toContain("\nLOCATION 's3://b/o''B/';\n");
    expect(await from('spark')).toContain(
      " OPTIONS (path 's3://b/o\\'B/', recursiveFileLookup 'true');\n",
    );
  });

  test('writes to a file, but not over an input', async () => {
    await withDirectory(FILES, async (directory) => {
      const args = ['sql', '-e', 'spark', '--from', 'activity', '--data', directory, '-o'];
      const file = join(directory, 'summary.sql');
      expect(await runMain([...args, file])).toEqual({
        status: 0,
        stdout: '',
        stderr: `Wrote ${file}.\n`,
      });
      expect(await readFile(file, 'utf8')).toMatch(/^-- Activity reports reduced/);
      expect((await runMain([...args, join(directory, 'profiles.csv')])).status).toBe(2);
    });
  });

  test.each([
    ['no engine', [], /--engine/],
    [
      'an engine that there is not',
      ['-e', 'duckdbb'],
      /one of duckdb, athena, spark; did you mean duckdb\?/,
    ],
    [
      'usage that there is not',
      ['-e', 'spark', '--from', 'activities'],
      /one of requests, activity; did you mean activity\?/,
    ],
    ['a table and a path', ['-e', 'spark', '--table', 't', '--path', 'p'], /give one of them/],
    [
      'a table with a part without a name',
      ['-e', 'spark', '--table', 'a..b'],
      /has a part without a name/,
    ],
    [
      'a file of rows',
      ['-e', 'spark', '-o', 'summary.csv'],
      /cannot write \.csv; name a file that ends in \.sql/,
    ],
    [
      "months before the card's first edition",
      ['-e', 'spark', '--month', '2025-08..2025-11'],
      /2025-08 is before the rate card's first edition .*ask for --month 2025-10\.\.2025-11/,
    ],
    ['a line break in a table', ['-e', 'spark', '--table', 'a\n; DROP'], /control characters/],
    ['a line break in a path', ['-e', 'athena', '--path', 's3://a\n/'], /control characters/],
    ['text columns of files', ['-e', 'spark', '--path', 'p', '--text'], /leave it out with --path/],
    ['a file column of requests', ['-e', 'spark', '--file-column', 'f'], /add --from activity/],
    ['a blank path', ['-e', 'athena', '--path', ''], /must not be blank/],
  ])('refuses %s', async (_what, args, message) => {
    const run = await runInProcess(['sql', ...args], FILES);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });

  test('R1: takes what credits mean from the settings, too, as summarize does', async () => {
    const stated = (settings: object, ...args: string[]) =>
      runInProcess(['sql', '-e', 'duckdb', '--from', 'activity', ...args], {
        ...FILES,
        'kiro-bill.json': JSON.stringify(settings),
      });
    const beside = await stated({});
    const inside = await stated({}, '--reported-credits', 'inside');
    expect(inside).not.toEqual(beside);
    expect(await stated({ reported_credits: 'inside' })).toEqual(inside);
    const overridden = ['--reported-credits', 'beside'];
    expect(await stated({ reported_credits: 'inside' }, ...overridden)).toEqual(beside);
  });

  test('refuses bad input of the data directory', async () => {
    const changes = overageChangesCsv('Q,2026-01-10,on');
    const run = await runInProcess(['sql', '-e', 'duckdb'], {
      ...FILES,
      'overage_changes.csv': changes,
    });
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain('overage_changes.csv:2: profile_id: there is no such profile');
  });
});
