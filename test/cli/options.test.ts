import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';
import {
  type HostSettings,
  type Outcome,
  runInProcess,
  runMain,
  withDirectory,
} from '../support/in-process.ts';
import {
  overageChangesCsv,
  profilesCsv,
  subscriptionsCsv,
  usageCsv,
  usersCsv,
} from '../support/tables.ts';

const SAMPLE = join(import.meta.dirname, '../../src/sample');
const sampleFiles: Record<string, string> = {};
for (const name of (await readdir(SAMPLE)).filter((file) => file.endsWith('.csv'))) {
  sampleFiles[name] = await readFile(join(SAMPLE, name), 'utf8');
}
const ANA = '12345678-abcd-4321-9876-1234567890ab';

function run(args: string[], settings: HostSettings = {}): Promise<Outcome> {
  return runInProcess(args, sampleFiles, settings);
}

function january(...args: string[]): Promise<Outcome> {
  return run(['invoice', '--month', '2026-01', '-f', 'csv', ...args]);
}

function rowsOf({ stdout }: Outcome): string[] {
  return stdout.trimEnd().split('\n').slice(1);
}

/** The message of a command line that is wrong usage. */
async function wrongUsage(args: string[], settings: HostSettings = {}): Promise<string> {
  const outcome = await run(args, settings);
  expect(outcome.status).toBe(2);
  expect(outcome.stdout).toBe('');
  expect(outcome.stderr).toMatch(/^error: /);
  return outcome.stderr;
}

describe('--month', () => {
  const now = new Date('2026-02-28T23:59:59Z');
  const monthsBilled = async (...args: string[]): Promise<string[]> => {
    const outcome = await run(['invoice', '-f', 'json', ...args], { now });
    expect(outcome.status).toBe(0);
    return [JSON.parse(outcome.stdout)].flat().map(({ month }) => month);
  };

  test('a wrong month is reported before a wrong column, in every command', async () => {
    for (const command of [
      'invoice',
      'explain',
      'trend',
      'reconcile',
      'chargeback',
      'optimize',
      'forecast',
      'summarize',
      'rates',
    ]) {
      const user = command === 'explain' ? ['--user', 'u-ana'] : [];
      const message = await wrongUsage([command, ...user, '--month', '2026-13', '--columns', 'x']);
      expect(message, command).toMatch(/^error: --month 2026-13 is not a month/);
    }
  });

  test('several months are closed with their total, in one short sentence', async () => {
    const outcome = await run(['invoice', '2025-12..2026-01', '-f', 'csv']);
    expect(outcome.stderr).toContain(' Billed 2 months from 2025-12 to 2026-01: $585.28. Look at:');
  });

  test.each([
    [['--month', '2026-01'], ['2026-01']],
    [['-m', 'last'], ['2026-01']],
    [[], ['2026-01']],
    [['--month', 'CURRENT'], ['2026-02']],
    [['--month', '2026-01..2026-01'], ['2026-01']],
    [
      ['--month', '2025-12..2026-02'],
      ['2025-12', '2026-01', '2026-02'],
    ],
    [['2026-01'], ['2026-01']],
    [['-m', '2026'], ['2026-01']],
    [['-m', 'ytd'], ['2026-01']],
    [['-m', '2026-q1'], ['2026-01']],
    [
      ['-m', '2025-Q4'],
      ['2025-10', '2025-11', '2025-12'],
    ],
    [
      ['-m', '2025-Q4..last'],
      ['2025-10', '2025-11', '2025-12', '2026-01'],
    ],
    [
      ['-m', 'last..current'],
      ['2026-01', '2026-02'],
    ],
    [
      ['-m', '2025-12..2026'],
      ['2025-12', '2026-01'],
    ],
  ])('%j', async (args, months) => {
    expect(await monthsBilled(...args)).toEqual(months);
  });

  test('may be given bare, as may the user of explain and the data of check', async () => {
    expect(await monthsBilled('2025-12..2026-01')).toEqual(['2025-12', '2026-01']);
    const explained = await run(['explain', 'Ana Souza', '-m', '2026-01', '-f', 'json']);
    expect(JSON.parse(explained.stdout)[0].user_id).toBe('u-ana');
    await withDirectory(sampleFiles, async (directory) => {
      const { status, stderr } = await runMain(['check', directory]);
      expect(status).toBe(0);
      expect(stderr).toContain('No problems found');
    });
  });

  test('is told in UTC', async () => {
    const outcome = await run(['invoice', '-f', 'json'], { now: new Date('2026-03-01T00:00:00Z') });
    expect(JSON.parse(outcome.stdout).month).toBe('2026-02');
  });

  test.each([
    '2026-1',
    '2026-Q5',
    '26',
    '2026-13',
    '2026-00',
    '2200-01',
    '2026-01-01',
    'January',
    '',
    '..',
    '2026-01..',
    '..2026-01',
    '2026-01..x',
    '2026-01...2026-02',
    '2026-01..2026-02..2026-03',
  ])('%j is wrong usage', async (month) => {
    const message = await wrongUsage(['invoice', '--month', month]);
    expect(message).toContain('is not a month: write 2026-01, 2026, 2026-Q1, ytd');
  });

  test('a name of months that comes out empty is wrong usage', async () => {
    for (const month of ['2027', '2026-Q2', '2026-Q4..2027', '2199-Q1']) {
      expect(await wrongUsage(['invoice', '--month', month])).toContain('is over yet');
    }
    const january = { now: new Date('2026-01-31T23:59:59Z') };
    for (const month of ['ytd', '2026', '2026-Q1', 'ytd..current']) {
      const { status, stderr } = await run(['invoice', '--month', month], january);
      expect(status).toBe(2);
      expect(stderr).toContain('no month of 2026');
    }
  });

  test('months before the first edition are answered with the range that would do', async () => {
    expect(await wrongUsage(['invoice', '--month', '2025'])).toContain(
      "2025-01 is before the rate card's first edition (2025-10): ask for --month 2025-10..2025-12",
    );
    expect(await wrongUsage(['invoice', '-m', '2025-09..2025-10'])).toContain('--month 2025-10,');
    expect(await wrongUsage(['invoice', '-m', '2024'])).toContain(
      'ask for --month 2025-10 or a later one',
    );
  });

  test('a reversed range, a month before the first edition, and a range for one month', async () => {
    expect(await wrongUsage(['invoice', '--month', '2026-03..2026-01'])).toContain(
      'ends before it begins',
    );
    for (const month of ['2025-09', '2025-08..2026-01', '1999-12', '1999', '1999-Q4..last']) {
      expect(await wrongUsage(['invoice', '--month', month])).toContain(
        "is before the rate card's first edition (2025-10)",
      );
    }
    expect(await wrongUsage(['rates', '--month', '2025-09'])).toContain('first edition (2025-10)');
    expect(await wrongUsage(['rates', '--month', '2026-01..2026-02'])).toContain('is a range');
  });

  test('all months come from one pass: standard input, which is read once, has all of them', async () => {
    const { 'usage.csv': usage, ...others } = sampleFiles;
    const lines = `${usage}2025-12-05,virginia,u-ana,1200\n2025-12-08,frankfurt,u-dora,7\n`;
    for (const command of [['invoice'], ['explain', 'u-ana'], ['trend'], ['summarize']]) {
      const line = [...command, '--month', '2025-12..2026-01', '--format', 'csv'];
      const ofFile = await runInProcess(line, { ...others, 'usage.csv': lines });
      const ofInput = await runInProcess([...line, '--usage', '-'], others, { stdin: lines });
      expect(ofInput, command[0]).toEqual(ofFile);
      expect(ofFile.stdout, command[0]).toMatch(/2025-12.*2026-01/s);
    }
  });

  test('a month without usage is billed, and a warning names it', async () => {
    const { status, stderr } = await run(['invoice', '--month', '2026-01..2026-02']);
    expect(status).toBe(0);
    expect(stderr).toContain(
      'warning: 2026-02: no usage is in the data: credits of 3 seats count as none',
    );
    expect((await run(['invoice', '--month', '2026-01'])).stderr).not.toContain('no usage');
  });

  test('a month without seats and usage gives the header and a note that names months', async () => {
    const outcome = await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], {
      'subscriptions.csv': subscriptionsCsv('p1,user,u1,Pro,2026-03-05'),
      'usage.csv': usageCsv('2026-05-05,p1,u1,1'),
    });
    expect(outcome.status).toBe(0);
    expect(rowsOf(outcome)).toEqual([]);
    expect(outcome.stderr).toContain(
      'note: no seats and no usage in 2026-01; the data hold months from 2026-03 on\n',
    );
  });

  test('that note tells months one by one up to a subscription that is still open', async () => {
    const header = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at\n';
    const ended = 'p1,user,u1,Pro,2026-02-05,2026-03-09\n';
    const stderrOf = async (rows: string): Promise<string> => {
      const files = { 'subscriptions.csv': `${header}${rows}` };
      return (await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], files)).stderr;
    };
    expect(await stderrOf(ended)).toContain('; the data hold 2026-02, 2026-03\n');
    expect(await stderrOf(`${ended}p1,user,u2,Pro,2026-05-05,\n`)).toContain(
      '; the data hold 2026-02, 2026-03, months from 2026-05 on\n',
    );
  });
});

describe('filters', () => {
  test('--profile, repeatable, with totals of what is shown', async () => {
    const one = await january('--profile', 'virginia');
    expect(rowsOf(one)).toHaveLength(3);
    expect(one.stderr).toContain('the totals are of the rows shown');
    expect(rowsOf(await january('--profile', 'virginia', '--profile', 'frankfurt'))).toHaveLength(
      5,
    );
  });

  test('Markdown says that its total is of what is shown, with filters and with --top', async () => {
    const totalOf = async (...args: string[]): Promise<string> => {
      const { stdout } = await run(['invoice', '--month', '2026-01', '-f', 'markdown', ...args]);
      return stdout.trimEnd().split('\n').at(-1)?.split(' |')[0] ?? '';
    };
    expect(await totalOf()).toBe('| **Total**');
    expect(await totalOf('--profile', 'virginia')).toBe('| **Total shown**');
    expect(await totalOf('--top', '1')).toBe('| **Total shown**');
  });

  test('--user by id, name or e-mail in any case, repeatable', async () => {
    for (const who of ['u-ana', 'ana souza', 'ANA@EXAMPLE.COM']) {
      const rows = rowsOf(await january('--user', who));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(',u-ana,Ana Souza,');
    }
    expect(rowsOf(await january('--user', 'u-ana', '--user', 'Ben Okafor'))).toHaveLength(2);
  });

  test('--user by every form of an Identity Store id', async () => {
    const files = {
      'subscriptions.csv': subscriptionsCsv(
        `p1,user,${ANA},Pro,2025-11-01`,
        'p1,user,u2,Pro,2025-11-01',
      ),
    };
    for (const who of [ANA, `d-0123456789.${ANA}`, `arn:aws:identitystore:::user/${ANA}`]) {
      const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--user', who];
      expect(rowsOf(await runInProcess(args, files))).toHaveLength(1);
    }
  });

  test('a name that several have is wrong usage that lists their ids', async () => {
    const users = `${sampleFiles['users.csv']}`.replace('Ben Okafor', 'Ana Souza');
    const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--user', 'Ana Souza'];
    const outcome = await runInProcess(args, { ...sampleFiles, 'users.csv': users });
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('--user Ana Souza fits several: u-ana, u-ben');
  });

  test('names are taken exactly, else ignoring case', async () => {
    const asked = async (...args: string[]): Promise<number> => {
      const all = ['invoice', '--month', '2026-01', '-f', 'csv', ...args];
      return rowsOf(await runInProcess(all, sampleFiles)).length;
    };
    expect(await asked('--profile', 'Engineering US')).toBe(await asked('--profile', 'virginia'));
    expect(await asked('--profile', 'engineering us')).toBe(await asked('--profile', 'virginia'));
    expect(await asked('--group', 'tech LEADS')).toBe(await asked('--group', 'g-leads'));
    expect(await asked('--cost-center', 'Platform')).toBe(await asked('--cost-center', 'platform'));
    expect(await asked('--cost-center', 'Platform', '--user', 'u-ana')).toBeGreaterThan(0);
  });

  test('--user by a name that has spaces around it in the file', async () => {
    const users = `${sampleFiles['users.csv']}`.replace('Ben Okafor', ' Ben Okafor\t');
    const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--user', 'ben okafor'];
    const outcome = await runInProcess(args, { ...sampleFiles, 'users.csv': users });
    expect(rowsOf(outcome)).toHaveLength(1);
  });

  test('--user without a name is none of the users that have no name or e-mail', async () => {
    const files = { ...sampleFiles, 'users.csv': 'user_id,name,email\nu-ana,,\nu-ben,Ben,\n' };
    for (const who of ['', ' ']) {
      const args = ['invoice', '--month', '2026-01', '--user', who];
      expect((await runInProcess(args, files)).status).toBe(2);
    }
  });

  test('--group has the seats that --by group puts there', async () => {
    const rows = rowsOf(await january('--group', 'g-leads'));
    expect(rows).toHaveLength(1);
    const byGroup = rowsOf(await january('--by', 'group'));
    expect(byGroup.find((row) => row.startsWith('2026-01,g-leads,1,'))).toBeDefined();
  });

  test('--user whom only usage of another month knows is an empty invoice, and no mistake', async () => {
    const february = '2026-02-03T10:00:00Z,virginia,u-passing-by,1.5,\n';
    const files = { ...sampleFiles, 'usage.csv': `${sampleFiles['usage.csv']}${february}` };
    const asked = ['--month', '2026-01', '--user', 'u-passing-by'];
    const invoice = await runInProcess(['invoice', ...asked, '-f', 'csv'], files);
    expect(invoice.status).toBe(0);
    expect(rowsOf(invoice)).toEqual([]);
    expect((await runInProcess(['invoice', ...asked], files)).stdout).toContain(
      'No seats and no usage of those asked for in 2026-01.',
    );
    expect(invoice.stderr).toContain('note: no seats and no usage of those asked for in 2026-01\n');
    const optimize = await runInProcess(['optimize', ...asked, '-f', 'csv'], files);
    expect([optimize.status, rowsOf(optimize)]).toEqual([0, []]);
    const forecast = await runInProcess(['forecast', ...asked, '-f', 'csv'], files);
    expect([forecast.status, rowsOf(forecast)]).toEqual([0, []]);
    const explain = await runInProcess(['explain', ...asked], files);
    expect([explain.status, explain.stdout]).toEqual([0, '']);
    expect(explain.stderr).toContain('note: no seat and no usage of u-passing-by in 2026-01\n');
  });

  test('explain says when a seat ended, and when one begins', async () => {
    const subscriptions = subscriptionsCsv(
      'p1,user,ana,Pro,2025-11-01,2026-01-10',
      'p1,user,ana,Pro,2026-01-12T10:00:00Z,2026-01-20',
      'p1,user,ana,Pro+,2026-05-01,',
      'p2,user,bo,Pro,2026-01-01,2026-02-01',
    );
    const notes = async (months: string, user: string): Promise<string> =>
      (await runInProcess(['explain', user, '-m', months], { 'subscriptions.csv': subscriptions }))
        .stderr;
    expect(await notes('2026-03', 'ana')).toContain(
      'note: no seat and no usage of ana in 2026-03: the seat in p1 ended at 2026-01-20 and begins at 2026-05-01\n',
    );
    const range = await notes('2025-10..2026-03', 'bo');
    expect(range).toContain(
      'note: no seat and no usage of bo in 2025-10, 2025-11, 2025-12: the seat in p2 begins at 2026-01-01\n',
    );
    expect(range).toContain(
      'note: no seat and no usage of bo in 2026-02, 2026-03: the seat in p2 ended at 2026-02-01\n',
    );
  });

  test.each([
    [
      ['--profile', 'virgina'],
      '--profile virgina: the data have no such profile; did you mean virginia?',
    ],
    [
      ['--profile', 'zzz'],
      'no such profile (there are virginia, Engineering US, frankfurt, Engineering EU)',
    ],
    [
      ['--profile', 'i'],
      'no such profile (there are virginia, Engineering US, frankfurt, Engineering EU)',
    ],
    [['--user', 'u-anna'], 'no such user; did you mean u-ana?'],
    [['--user', 'lindqvist'], 'no such user; did you mean Dora Lindqvist?'],
    [['--user', 'ben@exmple.com'], 'no such user; did you mean ben@example.com?'],
    [['--group', 'g-lead'], 'no such group; did you mean g-leads?'],
  ])('%j is answered with the nearest', async (args, what) => {
    expect(await wrongUsage(['invoice', '--month', '2026-01', ...args])).toContain(what);
  });

  test('users without a seat are listed by the bytes of their ids, in whatever order they used anything', async () => {
    const { 'subscriptions.csv': subscriptions = '' } = sampleFiles;
    const files = {
      'subscriptions.csv': subscriptions.slice(0, subscriptions.indexOf('\n') + 1),
      'usage.csv': `timestamp,profile_id,user_id,credits
2026-01-05,west,zoe,1
2026-01-05,east,max,1
2026-01-06,east,Zoe,1
2026-01-07,west,ada,1
`,
    };
    const { status, stderr } = await runInProcess(
      ['invoice', '--month', '2026-01', '--user', '#'],
      files,
    );
    expect(status).toBe(2);
    expect(stderr).toContain('no such user (there are Zoe, ada, max, zoe)');
  });

  test('where the data have none at all, no list of them is promised', async () => {
    const { 'subscriptions.csv': subscriptions = '' } = sampleFiles;
    const files = { 'subscriptions.csv': subscriptions.slice(0, subscriptions.indexOf('\n') + 1) };
    for (const kind of ['profile', 'user', 'group']) {
      const { status, stderr } = await runInProcess(
        ['invoice', '--month', '2026-01', `--${kind}`, 'x'],
        files,
      );
      expect(status).toBe(2);
      expect(stderr).toContain(
        `error: --${kind} x: the data have no such ${kind} (there is none)\n`,
      );
    }
  });
});

describe('what is mistyped is answered with the nearest right one', () => {
  test.each([
    [['invoce'], 'there is no command invoce; did you mean invoice?'],
    [['invoce', '--help'], 'did you mean invoice?'],
    [['help', 'explian'], 'did you mean explain?'],
    [['bogus-command'], 'there are invoice, explain,'],
    [
      ['invoice', '--moth', 'x'],
      'error: there is no option --moth; did you mean --month? (kiro-bill invoice --help lists them)\n',
    ],
    [['invoice', '--quite'], 'there is no option --quite; did you mean --quiet?'],
    // Not --users, which is a file.
    [
      ['sql', '--engine', 'duckdb', '--user', 'x'],
      'error: sql has no option --user (kiro-bill sql --help lists those that it has)\n',
    ],
    [['check', '--month=2026-01'], 'error: check has no option --month (kiro-bill check'],
    [
      ['invoice', '--by', 'cost-center'],
      'error: --by cost-center: it must be one of user, profile, account, region, tier, cost_center, group, line; did you mean cost_center?\n',
    ],
    [['invoice', '--format', 'jsn'], 'focus; did you mean json?\n'],
    [['invoice', '--sort', 'totl_charge'], 'did you mean total_charge?'],
    [
      ['invoice', '--by', 'line', '--sort', 'total_charge'],
      'no column total_charge (month, profile_id, user_id, date,',
    ],
  ])('%j', async (args, what) => {
    // The option for the directory would be in the way of a mistyped command.
    const outcome = await runInProcess(args, sampleFiles);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain(what);
    expect(outcome.stdout).toBe('');
  });

  test('a tier in a file', async () => {
    const text = `${sampleFiles['subscriptions.csv']}`.replace(',Power,', ',Powr,');
    const files = { ...sampleFiles, 'subscriptions.csv': text };
    const outcome = await runInProcess(['invoice', '--month', '2026-01'], files);
    expect(outcome.stderr).toContain('did you mean Power? (Powr)');
  });
});

describe('wrong usage', () => {
  test.each([
    [['invoice', '-o', 'x.html'], 'cannot write .html; name a file that ends in .csv, .json, .md'],
    [['invoice', '-o', 'x.pdf'], 'cannot write .pdf'],
    [['check', '-o', 'x.html'], 'cannot write .html; name a file that ends in .csv, .json, .md'],
    [['summarize', '-o', 'x.json'], 'cannot write .json; name a file that ends in .csv'],
    [['invoice', '--top', '0'], 'it must be a whole number from 1\n'],
    [['invoice', '--top', '1.5'], 'it must be a whole number from 1\n'],
    [['invoice', '--usage', ''], 'error: --usage "": it must be a path, and is blank\n'],
    [['invoice', '-o', ''], 'it must be a path, and is blank\n'],
    [['invoice', '--skip-bad-usage', ''], 'it must be a path, and is blank\n'],
    [['rates', '--rates', ''], 'it must be a path, and is blank\n'],
    [
      ['invoice', '--rates', 'a.json', '--rates', 'b.json'],
      '--rates b.json: a.json is given for it, too, and it takes one path\n',
    ],
    [
      ['reconcile', '--cur', 'feb', '--cur', 'mar'],
      '--cur mar: feb is given for it, too, and it takes one path\n',
    ],
    [
      ['check', '-d', 'a', '--data', 'b'],
      '--data b: a is given for it, too, and it takes one path\n',
    ],
    [['check', '-d', ''], 'it must be a path, and is blank\n'],
    [['reconcile', '--cur', ''], 'it must be a path, and is blank\n'],
    [['import', 'cur', 'x', '-o', ''], 'it must be a path, and is blank\n'],
    [['invoice', '2026-01', 'extra'], 'extra is one too many; several months are a range: A..B'],
    [['rates', '2026-01', '2026-02'], '2026-02 is one too many; ask for one month at a time'],
    [['explain', 'Ana', 'Souza'], 'Souza is one too many; put a name with spaces in quotes'],
    [['invoice', '2026-01', '-m', '2026-01'], 'give one of them'],
    [['explain', 'Ana Souza', '--user', 'u-ben'], 'give one of them'],
    [['invoice', ''], 'error: <month> "": it must not be blank\n'],
    [
      ['invoice', 'src'],
      'error: --month src is not a month: if it holds the data, write --data src\n',
    ],
    [['invoice', '--month', ''], '--month "" is not a month'],
    [['invoice', '--columns', ''], 'error: --columns "": there is no column "" (month,'],
    [
      ['invoice', '--columns', 'user_id,total'],
      'there is no column total; did you mean total_charge?',
    ],
    [['invoice', '--user', ''], 'error: --user "": the data have no such user'],
    [['-v'], 'there is no option -v; here it is --version'],
    [
      ['--data', 's', 'invoice'],
      'the command comes first, and its options after it: kiro-bill invoice --data s',
    ],
    [['--quiet', 'check', '--data', 'x y'], "kiro-bill check --quiet --data 'x y'"],
    [['--data', 'check', 'invoice'], 'kiro-bill invoice --data check'],
    [
      ['--data', 's'],
      'the command comes first, and its options after it: kiro-bill COMMAND --data s',
    ],
    [
      ['--verison'],
      'error: there is no option --verison; did you mean --version? (kiro-bill --help lists them)\n',
    ],
    [['version'], 'there is no command version; it is kiro-bill --version'],
    [['bill'], 'it is kiro-bill invoice'],
    [['invoice', '--data-dir', 'x'], 'there is no option --data-dir; here it is --data'],
    [['invoice', '-m', 'x'.repeat(1000)], `--month ${'x'.repeat(199)}… is not a month`],
    [['x'.repeat(1000)], `there is no command ${'x'.repeat(199)}…`],
    [['explain', '--month', '2026-01'], 'explain needs --user'],
    [['invoice', '--usage', '-', '--users', '-'], 'only one input can come from standard input'],
    [['invoice', '--usage', '-', '--usage', '-'], 'only one input can come from standard input'],
  ])('%j', async (args, what) => {
    expect(await wrongUsage(args)).toContain(what);
  });
});

test.each([
  [['import', 'cur', '', '-o', 'x'], 'error: <path> "": it must not be blank\n'],
  [['init', ''], 'error: <dir> "": it must not be blank\n'],
  [
    ['import', 'my-data/aws/reports', '-o', 'x'],
    'error: import needs <activity|cur|subscriptions|users> <path>, as in: kiro-bill import activity my-data/aws/reports -o aws-data\n',
  ],
  [
    ['import', 'cur', 'x'],
    'error: import needs -o, --output <dir>, as in: kiro-bill import activity my-data/aws/reports -o aws-data\n',
  ],
  [
    ['invoice', '--month'],
    'error: -m, --month <month> needs a value, as in: kiro-bill invoice 2026-01 --data my-data\n',
  ],
  [['init'], 'error: init needs <dir>, as in: kiro-bill init sample\n'],
  [['init', 'a', 'b'], 'error: init takes <dir> and no more, as in: kiro-bill init sample\n'],
  [
    ['sql', 'a', '-e', 'spark'],
    'error: sql takes options alone, as in: kiro-bill sql --engine athena --table logs.kiro_usage --data my-data\n',
  ],
])('%j says what is missing or too much, and how it is written', async (args, message) => {
  const { status, stdout, stderr } = await runMain(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

describe('inputs by their own options', () => {
  test('every file can be replaced, one of them by standard input', async () => {
    const users = usersCsv('u-ana,Anna from afar');
    const args = ['invoice', '--month', '2026-01', '-f', 'csv', '--users', '-'];
    const outcome = await run(args, { stdin: users });
    expect(outcome.stdout).toContain(',u-ana,Anna from afar,');
  });

  test('profiles and groups are those that other files name without their own, and notes say so', async () => {
    const arn = 'arn:aws:codewhisperer:eu-central-1:111122223333:profile/ABC';
    const outcome = await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], {
      'subscriptions.csv': subscriptionsCsv(
        `${arn},group,g1,Pro,2025-11-01`,
        'p2,user,u2,Pro,2025-11-01',
      ),
      'group_members.csv': 'group_id,user_id\ng1,u1\ng2,u1\n',
      'usage.csv': usageCsv('2026-01-05,p3,u9,1'),
    });
    expect(outcome.status).toBe(0);
    expect(rowsOf(outcome)).toEqual([
      `2026-01,${arn},111122223333,eu-central-1,u1,,Pro,20.00,0.00,1000.00,0.00,0.00,0.00,20.00,USD`,
      '2026-01,p2,,,u2,,Pro,20.00,0.00,1000.00,0.00,0.00,0.00,20.00,USD',
      '2026-01,p3,,,u9,,,0.00,1.00,0.00,0.00,1.00,0.00,0.00,USD',
    ]);
    expect(outcome.stderr).toContain(
      'note: no profiles.csv: profiles are those that the other files name',
    );
    expect(outcome.stderr).toContain(
      'note: no groups.csv: groups are those that the other files name',
    );
  });

  test('without any group nothing is said of groups', async () => {
    const outcome = await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], {
      'subscriptions.csv': subscriptionsCsv('p2,user,u2,Pro,2025-11-01'),
    });
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).not.toContain('groups');
  });

  test('a note names subscribed profiles without any activation; pending seats are counted', async () => {
    const files = {
      ...sampleFiles,
      'activations.csv': 'profile_id,user_id,activated_at\nvirginia,u-ana,2025-12-01\n',
    };
    const outcome = await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], files);
    expect(outcome.stderr).toMatch(
      /note: subscribed, but without any activation .*: Engineering EU \(H3\)/,
    );
    expect(outcome.stderr).toMatch(/pending, not charged/);
  });

  test('notes name subscribed groups without any member, and activations without any subscription', async () => {
    const activations = (...users: string[]) =>
      ['profile_id,user_id,activated_at', ...users.map((id) => `p,${id},2025-12-01`), ''].join(
        '\n',
      );
    const files = {
      'subscriptions.csv': subscriptionsCsv(
        'p,group,g-eng,Pro,2025-11-01',
        'p,group,g-ops,Pro,2025-11-01',
        'p,user,bob,Pro,2025-11-01',
      ),
      'group_members.csv': 'group_id,user_id\ng-engs,ann\ng-ops,cy\n',
      'activations.csv': activations('bobb', 'bob', 'cy', 'ann', 'dan', 'eve'),
    };
    const { stderr } = await runInProcess(['invoice', '--month', '2026-01', '-f', 'csv'], files);
    expect(stderr).toContain(
      'note: subscribed, but without any member, so they give no seat: g-eng (H1)\n',
    );
    expect(stderr).toContain(
      'note: activated, but never subscribed in the profile: ann in p, bobb in p, dan in p and 1 more (H3)\n',
    );
    const right = {
      ...files,
      'group_members.csv': 'group_id,user_id\ng-eng,ann\ng-ops,cy\n',
      'activations.csv': activations('bob', 'cy', 'ann'),
    };
    const { stderr: known } = await runInProcess(['invoice', '--month', '2026-01'], right);
    expect(known).not.toMatch(/without any member|never subscribed/);
  });

  test('H1: notes name users of seats who are groups, or not in users.csv, with the user there who may be meant', async () => {
    const noted = async (users: string) => {
      const { stderr } = await runInProcess(['invoice', '--month', '2026-01'], {
        'users.csv': users,
        'subscriptions.csv': subscriptionsCsv(
          'p,user,g-eng,Pro,2025-11-01',
          'p,user,U-ANN,Pro,2025-11-01',
          'p,user,ann@example.com,Pro+,2025-11-01',
          'p,user,u-new,Pro,2025-11-01',
          'p,group,g-ops,Pro,2025-11-01',
        ),
        'group_members.csv': 'group_id,user_id\ng-eng,u-ann\ng-ops,Bea Ek\ng-none,u-away\n',
      });
      return stderr.split('\n').filter((line) => line.endsWith('(H1)'));
    };
    const people = 'user_id,name,email\nu-ann,Ann,ann@example.com\nu-bea,Bea Ek,\n';
    const groups = 'note: subscribed as users, but groups by their ids: g-eng (H1)';
    expect(await noted(people)).toEqual([
      groups,
      'note: subscribed, but not in users.csv, so without a name and a cost center: Bea Ek (is it u-bea?), U-ANN (is it u-ann?), u-new (H1)',
    ]);
    expect(await noted(`${people}u-bea2,Bea Ek,\nU-ANN,Ann,\nu-ne,Ned,\nu-news,N,\n`)).toEqual([
      groups,
      'note: subscribed, but not in users.csv, so without a name and a cost center: Bea Ek, u-new (H1)',
    ]);
    expect((await noted(`${people}u-net,Ned,\n`)).at(-1)).toContain('u-new (is it u-net?)');
    expect(await noted('user_id,name\n')).toEqual([groups]);
  });

  test('a note names single workdays without usage, where ten users have some', async () => {
    const noted = async (users: number, without: readonly string[], settings = '{}') => {
      const ids = Array.from({ length: users }, (_, index) => `u${index}`);
      const days = Array.from(
        { length: 31 },
        (_, day) => `2026-01-${`${day + 1}`.padStart(2, '0')}`,
      );
      const rows = days
        .filter((day) => !without.includes(day))
        .flatMap((day) => ids.map((id) => `${day},p,${id},1`));
      const files = {
        'subscriptions.csv': subscriptionsCsv(...ids.map((id) => `p,user,${id},Pro,2025-11-01`)),
        'usage.csv': usageCsv(...rows),
        'kiro-bill.json': settings,
      };
      const { stderr } = await runInProcess(['invoice', '--month', '2026-01'], files);
      return stderr.split('\n').filter((line) => line.startsWith('note: no usage on'));
    };
    const lone = [
      '2026-01-06',
      '2026-01-10',
      '2026-01-14',
      '2026-01-20',
      '2026-01-21',
      '2026-01-30',
    ];
    expect(await noted(10, lone)).toEqual([
      'note: no usage on 3 workdays: 2026-01-06, 2026-01-14, 2026-01-30; give the missing files with --usage, or name days off as days_off in the settings',
    ]);
    expect(await noted(10, lone, `{"days_off":${JSON.stringify(lone)}}`)).toEqual([]);
    expect(await noted(9, lone)).toEqual([]);
  });

  test('a note names profiles of another account or Region than their ARN', async () => {
    const arn = (name: string) => `arn:aws:codewhisperer:us-east-1:111122223333:profile/${name}`;
    const noteOf = async (...rows: string[]) => {
      const files = {
        'profiles.csv': profilesCsv(...rows),
        'subscriptions.csv': subscriptionsCsv(`${arn('ABC')},user,u,Pro,2025-11-01`),
      };
      const { stderr } = await runInProcess(['invoice', '--month', '2026-01'], files);
      return stderr.split('\n').filter((line) => line.startsWith('note: ') && line.includes('ABC'));
    };
    expect(await noteOf(`${arn('ABC')},111122223333,us-gov-east-1`)).toEqual([
      'note: profiles.csv has another account or Region than the id of the profile: ABC (111122223333 and us-gov-east-1, its id 111122223333 and us-east-1): correct one of the two',
    ]);
    expect(await noteOf(`${arn('ABC')},111122223333,US East (N. Virginia)`)).toEqual([]);
    const many = ['ABC', 'B', 'C', 'D', 'E'].map(
      (name, at) => `${arn(name)},22223333444${at},us-east-1`,
    );
    expect(await noteOf(...many)).toEqual([
      expect.stringMatching(
        /: ABC \([^)]+\), B \([^)]+\), C \([^)]+\) and 2 more: correct one of the two$/,
      ),
    ]);
  });
});

describe('messages and color', () => {
  const args = ['invoice', '--month', '2026-01'];
  const ESCAPE = '\u001b[';

  test('color only on a terminal, by FORCE_COLOR, NO_COLOR, TERM and --no-color', async () => {
    const cases: readonly (readonly [HostSettings, string[], boolean])[] = [
      [{}, [], false],
      [{ isTerminal: true }, [], true],
      [{ isTerminal: true, environment: { NO_COLOR: '1' } }, [], false],
      [{ isTerminal: true, environment: { NO_COLOR: '' } }, [], true],
      [{ isTerminal: true, environment: { TERM: 'dumb' } }, [], false],
      [{ environment: { FORCE_COLOR: '1' } }, [], true],
      [{ environment: { FORCE_COLOR: '1', NO_COLOR: '1' } }, [], true],
      [{ isTerminal: true, environment: { FORCE_COLOR: '0' } }, [], false],
      [{ isTerminal: true, environment: { FORCE_COLOR: '1' } }, ['--no-color'], false],
    ];
    for (const [settings, extra, isColored] of cases) {
      const billed = await run([...args, ...extra], settings);
      expect(billed.stdout.includes(ESCAPE), JSON.stringify([settings, extra])).toBe(isColored);
      const refused = await run(['invoice', '--month', 'x', ...extra], settings);
      expect(refused.stderr.includes(ESCAPE), JSON.stringify([settings, extra])).toBe(isColored);
    }
  });

  test('a table is as wide as COLUMNS says, and 120 columns where it says nothing', async () => {
    const widest = async (COLUMNS: string): Promise<number> => {
      const { stdout } = await run(args, { environment: { COLUMNS } });
      return Math.max(...stdout.split('\n').map((line) => line.length));
    };
    const usual = await widest('120');
    expect(usual).toBeGreaterThan(await widest('80'));
    for (const nothing of ['', '0', '-1', 'wide']) expect(await widest(nothing)).toBe(usual);
  });

  test('CSV and JSON never have color', async () => {
    for (const format of ['csv', 'json', 'markdown']) {
      const outcome = await run([...args, '-f', format], { isTerminal: true });
      expect(outcome.stdout).not.toContain(ESCAPE);
    }
  });

  test('every closing line says how many warnings there are', async () => {
    const usage = usageCsv('2026-01-05,virginia,u-nobody,1');
    for (const command of [
      ['check'],
      ['trend', '2026'],
      ['optimize'],
      ['forecast', '2026-01'],
      ['explain', 'u-nobody', '-m', '2026-01'],
    ]) {
      const outcome = await runInProcess(command, { ...sampleFiles, 'usage.csv': usage });
      expect(outcome.stderr, command[0]).toMatch(/ Look at: \d warnings? above\.\n$/);
    }
  });

  test('every command that bills says what is not known of the month yet', async () => {
    const bill = join(SAMPLE, 'aws/cur');
    const { 'usage.csv': _, ...others } = sampleFiles;
    const summary = (await run(['summarize'])).stdout;
    const january = { now: new Date('2026-01-31T23:00:00Z') };
    await withDirectory({}, async (scratch) => {
      for (const command of [
        ['invoice'],
        ['explain', 'u-ana'],
        ['trend'],
        ['optimize'],
        ['reconcile', '--cur', bill],
        ['chargeback', '--cur', bill],
        ['report', '-o', join(scratch, 'page.html')],
      ]) {
        const line = [...command, '--month', '2026-01'];
        const running = 'note: 2026-01 is still running: its figures can still rise\n';
        expect((await run(line, january)).stderr, command[0]).toContain(running);
        expect((await run(line)).stderr, command[0]).not.toContain('note: ');
        const { stderr } = await runInProcess(line, { ...others, 'usage.csv': summary });
        expect(stderr, command[0]).toContain(
          'note: usage summaries have no days, so whether usage is whole is not known\n',
        );
      }
    });
  });

  test('explain ends with what it read, and with the sum of what it explains', async () => {
    const { stderr } = await run([
      'explain',
      '--user',
      'u-ana',
      '-m',
      '2025-12..2026-01',
      '-f',
      'csv',
    ]);
    expect(stderr).toMatch(
      /\nRead 8 files with 10 usage rows\. Billed 2 months from 2025-12 to 2026-01: \$60\.00\. Look at: 1 warning above\.\n$/,
    );
  });

  test('--quiet hides notes and the closing line, and not the warnings', async () => {
    const { 'groups.csv': _, ...others } = sampleFiles;
    const overageOff = overageChangesCsv('virginia,2025-12-01,off');
    const withoutGroups = { ...others, 'overage_changes.csv': overageOff };
    const loud = await runInProcess(args, withoutGroups);
    expect(loud.stderr).toMatch(/warning: .*\nnote: .*\nRead .* Look at: 1 warning above\.\n$/s);
    const quiet = await runInProcess([...args, '--quiet'], withoutGroups);
    expect(quiet.stderr).toMatch(/^warning: .*\(O5\)\n$/);
    expect(quiet.status).toBe(0);
    const strict = await runInProcess([...args, '--quiet', '--strict'], withoutGroups);
    expect(strict.status).toBe(1);
    expect(strict.stdout).toBe(quiet.stdout);
  });

  test('--strict without warnings ends with 0', async () => {
    expect((await run([...args, '--strict'])).status).toBe(0);
  });

  test('--timings tells on standard error what was read, each stage, the rate and the memory', async () => {
    const outcome = await run([...args, '--timings', '--quiet']);
    expect(outcome.stderr).toMatch(
      /^read: 8 files, 10 usage rows, 0\.0 MB of usage\ntables: .* ms\nusage: .* ms\nbilling: .* ms\noutput: .* ms\nusage rows per second: .*\npeak memory: \d+ MiB\n$/,
    );
    const explained = await run(['explain', '--user', 'u-ana', ...args.slice(1), '--timings']);
    expect(explained.stderr).toMatch(/^usage: .*\nbilling: .*\noutput: /m);
    const stated = await run(['sql', '--engine', 'duckdb', '--timings']);
    expect(stated.stderr).toMatch(/^read: 7 files, 0 usage rows, .*\ntables: .*\noutput: .*\npeak/);
    const failed = await run([...args, '--timings', '--users', '/nowhere']);
    expect(failed.stderr).toContain('peak memory');
    expect(failed.stderr).not.toContain('0 files');
  });
});

describe('a fault of the program', () => {
  async function fail(environment: Record<string, string>): Promise<Outcome> {
    let stderr = '';
    const host: Host = {
      stdout: {
        write: () => {
          throw new Error('out of paper');
        },
      },
      stderr: { write: (text) => (stderr += text) },
      stdin: (async function* (): AsyncGenerator<Buffer> {})(),
      now: () => new Date('2026-02-01T00:00:00Z'),
      environment,
      version: '0',
      onInterrupt: () => {},
    };
    const status = await main(['invoice', '--data', SAMPLE], host);
    return { status, stdout: '', stderr };
  }

  test('shows no stack trace unless DEBUG is set', async () => {
    const plain = await fail({});
    expect(plain.status).toBe(2);
    expect(plain.stderr).toContain('a fault of its own: out of paper\nnote: set DEBUG=1');
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    expect((await fail({ DEBUG: '1' })).stderr).toMatch(/\n\s+at /);
  });
});
