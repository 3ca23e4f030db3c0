import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../support/in-process.ts';
import { subscriptionsCsv, usageCsv } from '../support/tables.ts';
import { BIN, FIXTURES, runBin, runHere, runShell, withSample } from './run-bin.ts';

const ACME = join(FIXTURES, 'acme');

describe('invoice', () => {
  test('writes the table to standard output, and everything else to standard error', async () => {
    const run = await runBin(['invoice', '--month', '2026-01', '--data', ACME]);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^Kiro invoice · 2026-01 · USD\n/);
    expect(run.stdout).not.toMatch(/warning|note:|Read /);
    expect(run.stderr).toMatch(/^warning: /);
    expect(run.stderr).toMatch(/\nRead \d+ files with [\d,]+ usage rows\. Billed \d+ seats .*\n$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
    expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('writes the worked example as its fixture has it', async () => {
    const data = join(FIXTURES, 'example-08');
    const args = ['invoice', '--month', '2026-01', '--format', 'csv', '--data', data, '--quiet'];
    for (const view of ['user', 'profile', 'line']) {
      const run = await runHere([...args, '--by', view]);
      const expected = await readFile(join(data, `expected/2026-01-by-${view}.csv`), 'utf8');
      expect(run).toEqual({ status: 0, stdout: expected, stderr: '' });
    }
  });

  test('reads usage from standard input, from many files and from folders', async () => {
    await withSample(async (data) => {
      const args = ['invoice', '--month', '2026-01', '--format', 'csv', '--quiet', '--data', data];
      const { stdout: whole } = await runHere(args);
      const usage = await readFile(join(data, 'usage.csv'), 'utf8');
      const piped = await runBin([...args, '--usage', '-'], { stdin: usage });
      expect(piped).toEqual({ status: 0, stdout: whole, stderr: '' });

      const [header = '', ...rows] = usage.trimEnd().split('\n');
      const folder = join(data, 'more usage', 'deep');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'A.CSV'), `${header}\n${rows.slice(0, 3).join('\n')}`);
      await writeFile(join(folder, 'notes.txt'), 'no usage');
      await writeFile(join(data, 'b'), `${header}\n${rows.slice(3).join('\n')}`);
      const paths = ['--usage', dirname(folder), '--usage', join(data, 'b')];
      expect((await runHere([...args, ...paths])).stdout).toBe(whole);
    });
  });

  test('reads usage from pipes, which can be read once only', async () => {
    await withSample(async (data) => {
      const args = 'invoice --month 2026-01 --format csv --quiet';
      const { stdout: whole } = await runHere(args.split(' '), { cwd: data });
      const half = `kiro-bill ${args} --usage <(head -4 usage.csv) --usage <(sed 2,4d usage.csv)`;
      expect(await runShell(half, { cwd: data })).toEqual({ status: 0, stdout: whole, stderr: '' });
    });
  });

  test('places in standard input are those of `-`', async () => {
    await withSample(async (data) => {
      const args = ['invoice', '--month', '2026-01', '--data', data, '--usage', '-'];
      const run = await runHere(args, { stdin: 'timestamp,profile_id,user_id,credits\n\nx,,,' });
      expect(run.status).toBe(3);
      expect(run.stdout).toBe('');
      expect(run.stderr).toMatch(/^-:3: timestamp: /);
    });
  });

  test('reads a data directory with spaces and other scripts in its name', async () => {
    await withSample(async (data) => {
      const run = await runHere(['invoice', '--month', '2026-01', '--data', data]);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain('$326.57');
    }, 'データ für 2026, Ω');
  });

  test('the current directory is the data directory', async () => {
    await withSample(async (data) => {
      const run = await runHere(['invoice', '--month', '2026-01'], { cwd: data });
      expect(run.stdout).toContain('$326.57');
    });
  });
});

test('20 lines of warnings are shown, and where the others are', async () => {
  const numbers = [...Array(23).keys()];
  const places = numbers.map((number) => `p${number},111122223333,us-west-${number}\n`);
  const seats = numbers.map((number) => `p${number},user,u,Pro,2025-11-01`);
  const { stderr } = await runInProcess(['invoice', '2026-01', '--format', 'csv'], {
    'profiles.csv': `profile_id,account_id,region\n${places.join('')}`,
    'subscriptions.csv': subscriptionsCsv(...seats),
  });
  const warnings = stderr.split('\n').filter((line) => line.startsWith('warning: '));
  expect(warnings).toHaveLength(21);
  expect(warnings.at(-1)).toBe('warning: … and 4 more; --format json has them all');
});

describe('rates', () => {
  test('its JSON is a card that gives the same invoice', async () => {
    await withSample(async (data) => {
      const card = join(data, '..', 'card.json');
      const made = await runHere(['rates', '--month', '2026-01', '-o', card, '--data', data]);
      expect(made).toEqual({ status: 0, stdout: '', stderr: `Wrote ${card}.\n` });
      const args = ['invoice', '--month', '2026-01', '--format', 'json', '--data', data];
      const own = await runHere([...args, '--rates', card]);
      expect(own.status).toBe(0);
      expect(own.stdout).toBe((await runHere(args)).stdout);
      const again = await runHere(['rates', '--month', '2026-01', '-f', 'json', '--rates', card]);
      expect(again.stdout).toBe(await readFile(card, 'utf8'));
    });
  });

  test('reads the card of the data directory, and tells what is wrong with one', async () => {
    await withSample(async (data) => {
      await writeFile(join(data, 'rates.json'), '{"editions":7}');
      const run = await runHere(['rates', '--data', data]);
      expect(run.status).toBe(3);
      expect(run.stderr).toContain('rates.json: editions: must be a list');
    });
  });

  test('shows no built-in prices in place of a card that the settings name, and that is gone', async () => {
    await withSample(async (data) => {
      await writeFile(join(data, 'kiro-bill.json'), '{"rates":"gone.json"}');
      const run = await runHere(['rates', '--data', data]);
      expect([run.status, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toContain(
        'kiro-bill.json: rates: there is no such file or folder any more',
      );
    });
  });

  test('refuses a second rate card and wrong settings, and nothing of what it does not read', async () => {
    const second = { 'rates.json': '{}', 'Rates.JSON': '{}' };
    for (const [files, problem] of [
      [second, /rates\.json: it is one more rates\.json beside Rates\.JSON/],
      [{ 'kiro-bill.json': '{"usages":"a.csv"}' }, /kiro-bill\.json: usages: there is no such/],
    ] as const) {
      const run = await runInProcess(['rates'], files);
      expect([run.status, run.stderr]).toEqual([3, expect.stringMatching(problem)]);
    }
    const card = join(FIXTURES, 'rate-change/rates.json');
    for (const [files, ...option] of [
      [{ 'kiro-bill.json': '{"usage":"gone.csv"}' }],
      [{ 'tier_changes.csv': '', 'Tier-Changes.csv': '' }],
      [{ 'usage.csv': '', 'usage/a.csv': '' }],
      [second, '--rates', card],
    ] as const) {
      const run = await runInProcess(['rates', '--month', '2026-01', ...option], files);
      expect([run.status, run.stderr]).toEqual([0, '']);
    }
  });
});

describe('check', () => {
  test('ends with 0 where nothing is wrong', async () => {
    const run = await runHere(['check', '--data', ACME]);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(
      /^The data hold 3 profiles, 17 subscriptions and 4,399 usage rows\.\n/,
    );
    expect(run.stdout).toMatch(
      /\n {2}2026-03 +41 seats, usage from 2026-03-01 to 2026-03-31, on every weekday\n/,
    );
    expect(run.stdout).toMatch(/\nNext: kiro-bill invoice --month 2026-03 --data \S+\n$/);
    expect(run.stderr).toMatch(/No problems found\. Look at: 3 warnings above\.\n$/);
  });

  test.each([
    ['2025-05', ['2025-05-05']],
    ['2025-05 to 2025-09', ['2025-09-05', '2025-07-05', '2025-05-05']],
  ])('says that usage of %s is before the first prices', async (months, days) => {
    const files = {
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2026-01-01'),
      'usage.csv': usageCsv(...days.map((day) => `${day},P,ann,1`)),
    };
    const { stdout } = await runInProcess(['check'], files);
    expect(stdout.split('\n')[1]).toBe(
      `  ${months}  usage before the rate card's first edition (2025-10)`,
    );
  });

  test('names as next no month that cannot be asked for, as one after the year 2199', async () => {
    const files = {
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2026-01-01'),
      'usage.csv': 'timestamp,profile_id,user_id,credits\n2199-12-31T23:30-01:00,P,ann,1\n',
    };
    const { stdout } = await runInProcess(['check'], files);
    expect(stdout).toMatch(/\n {2}2200-01 .*\nNext: kiro-bill invoice --month 2026-03 --data /);
  });

  test('lists the months without usage between those with it', async () => {
    const files = {
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2025-11-01'),
      'usage.csv': usageCsv('2025-10-06,P,ann,1', '2025-11-05,P,ann,1', '2026-01-05,P,ann,1'),
    };
    const months = async (now: string): Promise<string[]> => {
      const { stdout } = await runInProcess(['check'], files, { now: new Date(now) });
      return stdout
        .split('\n')
        .flatMap((line) => /^ {2}(20\S+(?: to \S+)?) /.exec(line)?.[1] ?? []);
    };
    expect(await months('2026-02-10')).toEqual(['2025-10', '2025-11', '2025-12', '2026-01']);
    expect(await months('2026-05-10')).toEqual([
      ...['2025-10', '2025-11', '2025-12', '2026-01', '2026-02 to 2026-03', '2026-04'],
    ]);
  });

  test('H1, H2: a note names rows that are dated after today', async () => {
    const rows = [
      'P,user,ann,Pro,2025-11-01',
      'P,user,bob,Pro,2026-04-16',
      'P,user,cy,Pro,2062-01-05',
    ];
    const changes =
      'profile_id,principal_type,principal_id,changed_at,tier\nP,user,ann,2062-01-01,Pro+\n';
    const noted = async (now: string): Promise<string[]> => {
      const files = { 'subscriptions.csv': subscriptionsCsv(...rows), 'tier_changes.csv': changes };
      const { stderr } = await runInProcess(['check'], files, { now: new Date(now) });
      const note = stderr.split('\n').find((line) => line.startsWith('note: dated after today'));
      return note?.match(/\w+\.csv:\d+ \(.*?\)/g) ?? [];
    };
    expect(await noted('2026-04-15T12:00:00Z')).toEqual([
      'tier_changes.csv:2 (2062-01-01)',
      'subscriptions.csv:3 (2026-04-16)',
      'subscriptions.csv:4 (2062-01-05)',
    ]);
    expect(await noted('2062-02-01')).toEqual([]);
  });

  test.each([
    ['a month with seats, where there is no usage', ['P,user,ann,Pro,2026-01-01,'], '2026-03'],
    ['the newest month with seats', ['P,user,ann,Pro,2025-11-01,2026-01-10'], '2026-01'],
    ['no month before the first prices', ['P,user,ann,Pro,2025-05-01,2025-06-01'], undefined],
    ['no month where there is none', [], undefined],
  ])('names as next %s', async (_, rows, month) => {
    const header = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at';
    const files = { 'subscriptions.csv': `${[header, ...rows].join('\n')}\n` };
    const { stdout } = await runInProcess(['check'], files);
    const next = month === undefined ? /^Next: kiro-bill help files$/m : `invoice --month ${month}`;
    expect(stdout.slice(stdout.indexOf('Next: '))).toMatch(next);
  });

  test('M4: names overrides of any edition that name no account or profile of the data', async () => {
    const tier = { name: 'Pro', rank: 1, price: '20', credits: '1000', overage_rate: '0.04' };
    const edition = { currency: 'USD', partitions: { aws: [tier] } };
    const overrides = { P: { Pro: { price: '18' } }, Q: { Pro: { price: '17' } } };
    const editions = [
      { ...edition, from: '2025-10', overrides },
      { ...edition, from: '2027-01', overrides },
    ];
    const { status, stderr } = await runInProcess(['check'], {
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2026-01-01'),
      'rates.json': JSON.stringify({ editions }),
    });
    expect(status).toBe(0);
    expect(stderr.match(/warning: the overrides for Q .* edition (\S+) name no/g)).toHaveLength(2);
    expect(stderr).not.toContain('overrides for P ');
  });

  test('ends with 1 and lists all problems on standard output, like ones together', async () => {
    await withSample(async (data) => {
      const rows = 'x,,,-1,\n'.repeat(100);
      await writeFile(join(data, 'usage.csv'), `timestamp,profile_id,user_id,credits,a\n${rows}`);
      await writeFile(join(data, 'users.csv'), 'name\n');
      const run = await runHere(['check', '--data', data]);
      expect(run.status).toBe(1);
      expect(run.stdout.split('\n')).toHaveLength(6);
      expect(run.stderr).toMatch(/401 problems found\.\n$/);
      const json = await runHere(['check', '--data', data, '--format', 'json', '--quiet']);
      expect(json.status).toBe(1);
      expect(json.stderr).toBe('');
      expect(JSON.parse(json.stdout).problems).toHaveLength(401);
      expect(JSON.parse(json.stdout).problems[0]).toMatchObject({
        file: join(data, 'users.csv'),
        line: 1,
        column: 'user_id',
      });
    });
  });

  test('lists the problems as CSV and as Markdown, too', async () => {
    await withSample(async (data) => {
      const path = join(data, 'users.csv');
      await writeFile(path, 'user_id\nu-ana\n"=a""b","c\n');
      const csv = await runHere(['check', '--data', data, '--format', 'csv', '--quiet']);
      expect(csv.status).toBe(1);
      expect(csv.stdout).toMatch(
        /^file,line,column,message,value\n.*\/users\.csv,3,row,.*,"""=a""""b"",""c\n"\n$/,
      );
      const file = join(data, 'problems.md');
      const markdown = await runHere(['check', '--data', data, '-o', file, '--quiet']);
      expect(markdown).toEqual({ status: 1, stdout: '', stderr: '' });
      expect(await readFile(file, 'utf8')).toMatch(
        /^\| file \| line \| column \| message \| value \|\n\| --- \| ---: \| --- .*\n\| .* \|\n$/,
      );
    });
  });

  test('lists prices that are missing in any month', async () => {
    await withSample(async (data) => {
      const path = join(data, 'subscriptions.csv');
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${text}virginia,user,u-dora,Pro Max,2026-02-03,2026-02-04\n`);
      const run = await runHere(['check', '--data', data]);
      expect(run.status).toBe(1);
      expect(run.stdout).toMatch(/subscriptions\.csv:6: tier: .*2026-02.*\n$/);
    });
  });

  test('says so where a summary hides the days of usage', async () => {
    await withSample(async (data) => {
      await runHere(['summarize', '--data', data, '-o', join(data, 'sums.csv'), '--quiet']);
      await rename(join(data, 'sums.csv'), join(data, 'usage.csv'));
      const { status, stdout } = await runHere(['check', '--data', data]);
      expect(status).toBe(0);
      expect(stdout).toMatch(/\n {2}2026-01 +\d+ seats, usage of days that are not known\n/);
    });
  });

  test('lists them in the order of the lines, not of the months', async () => {
    await withSample(async (data) => {
      const path = join(data, 'subscriptions.csv');
      const text = await readFile(path, 'utf8');
      const [march, february] = ['2026-03-03,2026-03-04', '2026-02-03,2026-02-04'];
      const rows = [march, february].map((life) => `virginia,user,u-dora,Pro Max,${life}\n`);
      await writeFile(path, `${text}${rows.join('')}`);
      const { stdout } = await runHere(['check', '--data', data]);
      expect(stdout).toMatch(/csv:6: tier: .*2026-03.*\n.*csv:7: tier: .*2026-02.*\n$/);
    });
  });

  test('warns of a Region off the vendor’s list, and ends with 1 only under --strict', async () => {
    await withSample(async (data) => {
      const path = join(data, 'profiles.csv');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('us-east-1', 'us-west-2'));
      const run = await runHere(['check', '--data', data]);
      expect(run.status).toBe(0);
      expect(run.stderr).toContain('warning: Engineering US: Region us-west-2 is not on');
      expect((await runHere(['check', '--data', data, '--strict'])).status).toBe(1);
    });
  });
});

describe('init', () => {
  test('makes a directory that can be billed, and never overwrites', async () => {
    await withSample(async (sample) => {
      const parent = dirname(sample);
      const made = await runHere(['init', 'my new/data'], { cwd: parent });
      expect(made.status).toBe(0);
      expect(made.stdout).toContain('my new/data/subscriptions.csv\n');
      expect(made.stderr).toBe("Now try: kiro-bill invoice --month 2026-01 --data 'my new/data'\n");
      expect(await readdir(join(parent, 'my new/data'))).toEqual(await readdir(sample));

      await writeFile(join(parent, 'my new/data/users.csv'), 'mine');
      const again = await runHere(['init', 'my new/data'], { cwd: parent });
      expect(again.status).toBe(2);
      expect(again.stderr).toContain('init never overwrites');
      expect(await readFile(join(parent, 'my new/data/users.csv'), 'utf8')).toBe('mine');
    });
  });

  test('leaves everything as it is where one of its files stands there', async () => {
    await withSample(async (sample) => {
      const folder = join(sample, 'new');
      await mkdir(folder);
      await writeFile(join(folder, 'users.csv'), 'mine');
      expect((await runHere(['init', folder])).status).toBe(2);
      expect(await readdir(folder)).toEqual(['users.csv']);
      const onFile = await runHere(['init', join(folder, 'users.csv')]);
      expect(onFile.status).toBe(2);
      expect(onFile.stderr).toContain('is a file');
      const below = await runHere(['init', join(folder, 'users.csv', 'x')]);
      expect(below.status).toBe(2);
      expect(below.stderr).toMatch(/^error: cannot write .*: its folder is a file\n/);
    });
  });
});

describe('explain', () => {
  test('writes what the extension of its output says', async () => {
    await withSample(async (data) => {
      const args = ['explain', '--month', '2026-01', '--data', data, '--user', 'u-ana', '--quiet'];
      for (const [extension, start] of [
        ['csv', 'month,profile_id,user_id,section,item,statement,rule\n2026-01,'],
        ['md', '## Ana Souza (u-ana) · '],
        ['json', '[\n'],
      ]) {
        const file = join(data, `story.${extension}`);
        expect(await runHere([...args, '-o', file])).toEqual({ status: 0, stdout: '', stderr: '' });
        expect((await readFile(file, 'utf8')).startsWith(`${start}`)).toBe(true);
      }
    });
  });

  test('tells the story of a user by name, e-mail or id', async () => {
    await withSample(async (data) => {
      const args = ['explain', '--month', '2026-01', '--data', data, '--quiet'];
      const byName = await runHere([...args, '--user', 'ana souza']);
      expect(byName.status).toBe(0);
      expect(byName.stdout).toContain('S3');
      expect(byName.stderr).toBe('');
      for (const who of ['ANA@example.com', 'u-ana']) {
        expect((await runHere([...args, '--user', who])).stdout).toBe(byName.stdout);
      }
    });
  });
});

test('--version tells the version of the package, and nothing else', async () => {
  const manifest = JSON.parse(await readFile(join(dirname(BIN), '../package.json'), 'utf8'));
  for (const flag of ['--version', '-V']) {
    expect(await runBin([flag])).toEqual({
      status: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  }
});

test('without a command the help is shown, and that is wrong usage', async () => {
  const run = await runBin([]);
  expect(run.status).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('Usage: kiro-bill');
});
