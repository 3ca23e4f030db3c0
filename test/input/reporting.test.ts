import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import { billed, GOOD_FILES, headerOf, problemsOf } from './good-files.ts';

const { 'usage.csv': _usage, ...TABLES } = GOOD_FILES;
const USAGE_HEADER = `${headerOf('usage.csv').join(',')}\n`;

describe('problems of a run', () => {
  test('of all files come together, by line in each', async () => {
    expect(
      await problemsOf({
        'rates.json': '{}',
        'profiles.csv': 'profile_id,account_id,region\np1,1,us-east-1\n',
        'users.csv': 'user_id,name\nu1,x\nu1,y\n',
        'groups.csv': 'group_id,name\ng1,,\n',
        'group_members.csv': 'group_id,user_id,joined_at\n,u1,\ng1,u1,x\n',
        'subscriptions.csv': `${GOOD_FILES['subscriptions.csv']}p1,team,u2,Pro,2026-01-01,\n`,
        'tier_changes.csv': `${GOOD_FILES['tier_changes.csv']}p1,user,u3,2026-01-01,,Pro\n`,
        'activations.csv': 'profile_id,user_id,activated_at\np1,u1,never\n',
        'overage_changes.csv': 'profile_id,changed_at,overage\np1,2026-01-01,perhaps\n',
        'usage.csv': `${USAGE_HEADER}2026-01-01,p1,u1\n2026-01-01,p1,u1,-1,\n`,
      }).then((problems) => problems.map((line) => line.split(' ', 2).join(' '))),
    ).toEqual([
      'rates.json: editions:',
      'profiles.csv:2: account_id:',
      'users.csv:3: user_id:',
      'groups.csv:2: row:',
      'group_members.csv:2: group_id:',
      'group_members.csv:3: joined_at:',
      'subscriptions.csv:3: principal_type:',
      'tier_changes.csv:3: principal_id:',
      'activations.csv:2: activated_at:',
      'overage_changes.csv:2: overage:',
      'usage.csv:2: row:',
      'usage.csv:3: credits:',
    ]);
  });

  test('M3: of usage come together with the prices that are missing', async () => {
    const problems = await problemsOf({
      'subscriptions.csv': `${GOOD_FILES['subscriptions.csv']}p1,user,u2,Pro Max,2026-01-01,\n`,
      'usage.csv': `${USAGE_HEADER}2026-01-01,p1,u1,-1,\n`,
    });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('usage.csv:2: credits: ');
    expect(problems[1]).toContain(
      'subscriptions.csv:3: tier: tier Pro Max is not on the rate card',
    );
  });

  test('are shown up to the twentieth kind, with the total', async () => {
    const users = Array.from({ length: 25 }, (_, index) => `x${index}\n`).join('');
    const files = {
      ...GOOD_FILES,
      'users.csv': `user_id\n${users}${users}`,
      'usage.csv': `${USAGE_HEADER}${'x,p1,u1,1,\n'.repeat(60)}`,
    };
    await withDirectory(files, async (directory) => {
      const run = await runMain(['invoice', '--month', '2026-01', '--data', directory]);
      const lines = run.stderr.trimEnd().split('\n');
      expect(run.status).toBe(3);
      expect(run.stdout).toBe('');
      expect(lines).toHaveLength(22);
      expect(lines[19]).toContain('users.csv:46: user_id: ');
      expect(lines[20]).toBe('… and 65 more');
      expect(lines[21]).toBe(
        'error: 85 problems in the input: nothing was billed, no output was written',
      );
    });
  });

  test('beyond the first 10,000 are counted by kind, with their lines', async () => {
    const usage = `${USAGE_HEADER}${'x,p1,u1,1,\n'.repeat(12_000)}2026-01-05,p1,u1,1,\n${'x,p1,u1,1,\n'.repeat(3000)}2026-01-05,p1,u1,-1,\n`;
    await withDirectory({ ...GOOD_FILES, 'usage.csv': usage }, async (directory) => {
      const lines = [
        `${directory}/usage.csv:2-12001,12003-15002: timestamp: not an instant of 2000 to 2199: write it as 2026-01-15T09:30:00Z or 2026-01-15 (15,000 rows, the first: x)`,
        `${directory}/usage.csv:15003: credits: must not be negative (-1)`,
      ];
      const run = await runMain(['invoice', '--month', '2026-01', '--data', directory]);
      expect(run.stderr.split('\n')).toEqual([
        ...lines,
        'error: 15,001 problems in the input: nothing was billed, no output was written',
        '',
      ]);
      const check = await runMain(['check', '--data', directory]);
      expect(check.stdout.trimEnd().split('\n')).toEqual(lines);
      const json = await runMain(['check', '--format', 'json', '--data', directory]);
      const { problems, unlisted_problems: unlisted } = JSON.parse(json.stdout);
      expect([problems.length, unlisted]).toEqual([10_001, 5000]);
      expect(json.stderr).toContain('5,000 more are not listed');
    });
  });

  test('leave the files of -o and --skip-bad-usage as they were', async () => {
    await withDirectory(
      { ...GOOD_FILES, 'users.csv': 'user_id\n\u0001\n', 'usage.csv': `${USAGE_HEADER}x\n` },
      async (directory) => {
        const args = ['invoice', '--month', '2026-01', '--data', directory];
        await withDirectory({ 'old.csv': 'old', 'bad.csv': 'bad' }, async (out) => {
          const files = [join(out, 'old.csv'), join(out, 'bad.csv')] as const;
          const run = await runMain([...args, '-o', files[0], '--skip-bad-usage', files[1]]);
          expect(run.status).toBe(3);
          expect(await readFile(files[0], 'utf8')).toBe('old');
          expect(await readFile(files[1], 'utf8')).toBe('bad');
          expect((await readdir(out)).sort()).toEqual(['bad.csv', 'old.csv']);
        });
      },
    );
  });
});

describe('--skip-bad-usage', () => {
  const badRows = [
    Buffer.from('2026-01-06,p1,u1,ten,r-2\n'),
    Buffer.from('2026-01-06,p1,"u ""1"",\r\nx",,r-3\r\n'),
    Buffer.from('2026-01-06,p1\n'),
    Buffer.from('\n2026-01-06,p9,u1,1,r-4\n'),
    Buffer.from('2026-01-06,p1,\xe9,1,r-5\n', 'latin1'),
    Buffer.from('2026-01-06,p1,u"1,1,r-6\n'),
    Buffer.from(`2026-01-06,p1,u1,1,${'x'.repeat(100_000)}\n`),
    Buffer.from('2026-01-07,p1,u1,2,r-7\n'),
    Buffer.from('2026-01-06,p1,"u1,1,r-8\n'),
  ];
  const usage = Buffer.concat([Buffer.from(GOOD_FILES['usage.csv']), ...badRows]);

  test('bills the good rows, and writes the bad ones as they stood', async () => {
    await withDirectory({ ...GOOD_FILES, 'usage.csv': usage }, async (directory) => {
      const bad = join(directory, 'bad rows.csv');
      const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--data', directory];
      const run = await runMain([...args, '--skip-bad-usage', bad]);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain(',Pro+,40.00,12.00,');
      expect(run.stderr).toContain('warning: 8 bad usage rows (9 lines) of 10 left out\n');
      expect(run.stderr).toContain(`note: the rows left out are in ${bad}\n`);
      const written = await readFile(bad);
      const file = `${directory}/usage.csv`;
      const lines = written.toString('latin1').split('\n');
      expect(lines[0]).toBe('file,line,reason,row');
      expect(lines[1]).toMatch(
        new RegExp(`^${file},3,"credits: not a number.*","2026-01-06,p1,u1,ten,r-2"$`),
      );
      expect(`${lines[2]}\n${lines[3]}`).toBe(
        `${file},4,user_id: an id must not have control characters; credits: must not be blank,"2026-01-06,p1,""u """"1"""",\r\nx"",,r-3"`,
      );
      expect(lines[4]).toMatch(
        new RegExp(`^${file},6,"?row: the row is too short.*,"2026-01-06,p1"$`),
      );
      expect(lines[5]).toBe(
        `${file},8,profile_id: there is no such profile in profiles.csv,"2026-01-06,p9,u1,1,r-4"`,
      );
      expect(lines[6]).toMatch(
        /,9,"user_id: bytes that are not UTF-8.*,"2026-01-06,p1,\xe9,1,r-5"$/,
      );
      expect(lines[7]).toMatch(/,10,"row: a bad quote.*,"2026-01-06,p1,u""1,1,r-6"$/);
      expect(lines[8]).toMatch(
        /,11,request_id: a field over 64 KiB,"2026-01-06,p1,u1,1,x{100000}"$/,
      );
      expect(lines[9]).toMatch(
        /,13,row: a quoted field is never closed,"2026-01-06,p1,""u1,1,r-8"$/,
      );
    });
  });

  /** Of 5,000 rows of one credit each, what is billed and left out where these lines are others. */
  async function billedWith(
    others: Readonly<Record<number, string>>,
    name = 'usage.csv',
    args: string[] = [],
  ): Promise<{ credits: string; warning: string; left: string[] }> {
    const lines = Array.from(
      { length: 5000 },
      (_, index) => others[index + 2] ?? `2026-01-05T10:00:00Z,p1,u1,1,r-${index}`,
    );
    const text = `${USAGE_HEADER}${lines.join('\n')}\n`;
    const usage = { [name]: name.endsWith('gz') ? gzipSync(text) : text };
    return withDirectory({ ...TABLES, ...usage }, async (directory) => {
      const bad = join(directory, 'bad.csv');
      const all = ['invoice', '2026-01', '-f', 'json', '--data', directory, ...args];
      const run = await runMain([...all, '--skip-bad-usage', bad]);
      const [, ...left] = (await readFile(bad, 'utf8')).split('\n').slice(0, -1);
      return {
        credits: JSON.parse(run.stdout).rows[0].credits_used,
        warning: /warning: (.* left out)/.exec(run.stderr)?.[1] ?? '',
        left: left.map((line) => line.replace(`${directory}/`, '').slice(0, 60)),
      };
    });
  }

  describe('goes on with the line after a bad quote', () => {
    const never = '2026-01-06,p1,"u1,1,r-x';

    test.each([
      ['a file', 'usage.csv', []],
      ['a file in one thread', 'usage.csv', ['--threads', '1']],
      ['what is compressed', 'usage.csv.gz', []],
    ] as const)('%s: of a quote that is never closed', async (_, name, args) => {
      const { credits, warning, left } = await billedWith({ 2000: never }, name, [...args]);
      expect(credits).toBe('4999.00');
      expect(warning).toBe('1 bad usage row of 5,000 left out');
      expect(left).toEqual([
        expect.stringMatching(new RegExp(`^${name},2000,(user_id: a field over 64 KiB|row: a )`)),
      ]);
    });

    test('near the end of the file, of several, and of one that another row closes', async () => {
      const others = {
        100: never,
        200: '2026-01-06,p1,"u1",1,"r-y"',
        300: never,
        4995: '2026-01-06,"p1,u1,1,r-z',
        5001: never,
      };
      const { credits, warning, left } = await billedWith(others);
      expect(credits).toBe('4996.00');
      expect(warning).toBe('4 bad usage rows of 5,000 left out');
      expect(left.map((line) => line.split(',')[1])).toEqual(['100', '300', '4995', '5001']);
    });

    test('and counts the lines of a bad row that takes several', async () => {
      const others = { 100: '2026-01-06,p1,"u1\n\n",x,r' };
      const { credits, warning } = await billedWith(others);
      expect(credits).toBe('4999.00');
      expect(warning).toBe('1 bad usage row (3 lines) of 5,000 left out');
    });
  });

  test('guards the names of files and reasons, and leaves rows as they are', async () => {
    const files = { ...TABLES, '=u.csv': `${USAGE_HEADER}=1,p1,u1,1,r\n` };
    await withDirectory(files, async (directory) => {
      const before = process.cwd();
      process.chdir(directory);
      try {
        const args = ['invoice', '2026-01', '--usage', '=u.csv', '--skip-bad-usage', 'bad.csv'];
        expect((await runMain(args)).status).toBe(0);
      } finally {
        process.chdir(before);
      }
      expect(await readFile(join(directory, 'bad.csv'), 'utf8')).toMatch(
        /\n'=u\.csv,2,"?timestamp: .*"?,"=1,p1,u1,1,r"\n$/,
      );
    });
  });

  test('says 0 where there is none, and writes the header alone', async () => {
    await withDirectory(GOOD_FILES, async (directory) => {
      const bad = join(directory, 'bad.csv');
      await writeFile(bad, 'of another run');
      const args = ['invoice', '--month', '2026-01', '--data', directory];
      const run = await runMain([...args, '--skip-bad-usage', bad]);
      expect(run.status).toBe(0);
      expect(run.stderr).toContain('note: 0 bad usage rows left out');
      expect(await readFile(bad, 'utf8')).toBe('file,line,reason,row\n');
    });
  });

  test('does not skip a bad header, a missing file, or bad rows of other files', async () => {
    const files = [
      { 'usage.csv': 'timestamp,profile_id,user_id\n2026-01-05,p1,u1\n' },
      { 'usage.csv': undefined, 'usage.csv.gz': 'no gzip' },
      { 'users.csv': 'user_id\n\n\u0001\n' },
    ];
    for (const changes of files) {
      expect(await problemsOf(changes, ['--skip-bad-usage', '/dev/null'])).toHaveLength(1);
    }
  });
});

describe('--dedupe', () => {
  const first = `${USAGE_HEADER}2026-01-05,p1,u1,10,r-1\n2026-01-05,p1,u1,1,\n2026-01-05,p1,u1,1, \n`;
  const second = `${USAGE_HEADER}2026-01-06,p1,u1,100,r-1\n2026-01-06,p1,u1,1000,R-1\n`;
  const files = { 'usage.csv': undefined, 'usage/a.csv': first, 'usage/b.csv': second };

  test('counts a request_id once across files, and blank ones always', async () => {
    const { csv, stderr } = await billed(files, ['--dedupe']);
    expect(csv).toContain(',Pro+,40.00,1012.00,');
    expect(stderr).toContain('note: 1 usage row left out for a repeated request_id\n');
  });

  test('without it the same request_id is two requests, and there is no note', async () => {
    const { csv, stderr } = await billed(files);
    expect(csv).toContain(',Pro+,40.00,1112.00,');
    expect(stderr).not.toContain('left out');
  });

  test('a bad row leaves no request_id behind', async () => {
    const rows = '2026-01-05,p1,u1,x,r-1\n2026-01-05,p1,u1,3,r-1\n';
    await withDirectory({ ...GOOD_FILES, 'usage.csv': `${USAGE_HEADER}${rows}` }, async (dir) => {
      const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--data', dir, '--dedupe'];
      const run = await runMain([...args, '--skip-bad-usage', join(dir, 'bad.csv')]);
      expect(run.stdout).toContain(',Pro+,40.00,3.00,');
      expect(run.stderr).toContain('note: 0 usage rows left out for a repeated request_id');
      expect(run.stderr).toContain('warning: 1 bad usage row of 2 left out');
    });
  });
});
