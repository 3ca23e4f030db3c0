import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupBy } from '../../src/domain/grouping.ts';
import { type Outcome, runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv, usageCsv, usersCsv } from '../support/tables.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');
const HEADER = 'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n';

const FILES = {
  'profiles.csv': `profile_id,account_id,region
P,123456789012,us-east-1
=Q,123456789012,us-east-2
`,
  'subscriptions.csv': `profile_id,principal_type,principal_id,tier,subscribed_at
P,user,ann,Pro,2025-01-01
=Q,user,'=x,Pro,2025-01-01
=Q,user,=x,Pro,2025-01-01
`,
  'overage_changes.csv': `profile_id,changed_at,overage
P,2026-01-10T08:00:00.000000001Z,on
P,2026-01-20T08:00:00.5Z,off
=Q,2026-02-01,on
`,
  'users.csv': usersCsv('ann,Ann Lee,ann@example.com'),
  'usage.csv': `timestamp,profile_id,user_id,credits,request_id
2026-01-10T08:00:00Z,P,ann,1000.1,a
2026-01-10T08:00:00.000000001Z,P,ann,0.000000000000000000000000000001,b
2026-01-20T08:00:00.499999999Z,P,ann,30,c
2026-01-20T08:00:00.5Z,P,ann,0,d
2026-01-31T23:59:59.999999999Z,=Q,=x,7,e
2026-02-01,=Q,'=x,1000.25,f
2026-02-01,=Q,=x,2000.5,g
2026-03-31T22:00-05:00,P,bob,5,h
2026-04-01,P,bob,5,h
`,
};

const SUMMARY = `${HEADER}2026-01,'=Q,'=x,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,7.00,1
2026-01,P,ann,2026-01-01T00:00:00Z,2026-01-10T08:00:00.000000001Z,1000.10,1
2026-01,P,ann,2026-01-10T08:00:00.000000001Z,2026-01-20T08:00:00.5Z,30.000000000000000000000000000001,2
2026-01,P,ann,2026-01-20T08:00:00.5Z,2026-02-01T00:00:00Z,0.00,1
2026-02,'=Q,''=x,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,1000.25,1
2026-02,'=Q,'=x,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,2000.50,1
2026-04,P,bob,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,10.00,2
`;

/** The rows of SUMMARY that begin so, with the header. */
function summaryOf(start: string): string {
  const rows = SUMMARY.split('\n').slice(1);
  return (
    HEADER +
    rows
      .filter((row) => row.startsWith(start))
      .map((row) => `${row}\n`)
      .join('')
  );
}

test('M1: sums of any number of digits are read back, and billed as the usage itself', async () => {
  const usage = `timestamp,profile_id,user_id,credits
2026-01-05,P,ann,1e36
2026-01-05,P,ann,.00001
2026-01-05,P,bob,1e-40
2026-01-05,P,bob,1e40
`;
  const files = { ...FILES, 'usage.csv': usage };
  const summary = (await runInProcess(['summarize'], files)).stdout;
  expect(summary).toContain(`,1${'0'.repeat(36)}.00001,2\n`);
  expect(summary).toContain(`,1${'0'.repeat(40)}.${'0'.repeat(39)}1,2\n`);
  const bill = ['invoice', '--month', '2026-01', '--format', 'csv'];
  const expected = await runInProcess(bill, files);
  const read = await runInProcess(bill, { ...files, 'usage.csv': summary });
  expect([read.status, read.stdout]).toEqual([0, expected.stdout]);
  const again = await runInProcess(['summarize'], { ...files, 'usage.csv': summary });
  expect(again.stdout).toBe(summary);
});

test.each([
  ['--top', '1'],
  ['--where', 'user_id = ann'],
  ['--columns', 'user_id,credits'],
])('a summary that %s has cut is a warning: a bill of it would lack usage', async (...cut) => {
  const warning = /^warning: the summary has only the rows and columns .*is not whole$/m;
  const { status, stderr } = await runInProcess(['summarize', ...cut], FILES);
  expect([status, stderr]).toEqual([0, expect.stringMatching(warning)]);
  expect((await runInProcess(['summarize', ...cut, '--strict'], FILES)).status).toBe(1);
  const sorted = await runInProcess(['summarize', '--sort', 'credits'], FILES);
  expect(sorted.stderr).not.toMatch(warning);
});

describe('summarize', () => {
  test('writes one row per seat and stretch of all months, as CSV, whatever standard output is', async () => {
    for (const settings of [{}, { isTerminal: true }]) {
      const run = await runInProcess(['summarize'], FILES, settings);
      expect(run.stdout).toBe(SUMMARY);
      expect(run.status).toBe(0);
      expect(run.stderr).toMatch(
        /Read \d files with 9 usage rows\. Summarized to 7 rows of 4 seats, 2026-01-10 to 2026-04-01\.\n$/,
      );
    }
  });

  test('says where the days of the months asked for begin and end, as its rows have none', async () => {
    const { stderr } = await runInProcess(['summarize', '--month', '2026-01'], FILES);
    expect(stderr).toMatch(/ of 2 seats, 2026-01-10 to 2026-01-31\. Look at: 1 warning above\.\n$/);
    const { stdout } = await runInProcess(['summarize', '--month', '2026-01'], FILES);
    const again = { ...FILES, 'usage.csv': stdout };
    expect((await runInProcess(['summarize'], again)).stderr).toMatch(/ of 2 seats, 2026-01\.\n$/);
  });

  test.each([
    [['--user', 'bob'], '1 row of 1 seat, 2026-04'],
    [['--profile', '=Q'], '3 rows of 2 seats, 2026-01-31 to 2026-02-01'],
    [['--profile', 'P', '--user', 'ann'], '3 rows of 1 seat, 2026-01'],
  ])('says no days of seats that %j leaves out', async (filter, summarized) => {
    const { stderr } = await runInProcess(['summarize', ...filter], FILES);
    expect(stderr).toMatch(new RegExp(` Summarized to ${summarized}\\.\\n$`));
  });

  test('--group keeps the seats that the invoice of the month puts there', async () => {
    const files = {
      'subscriptions.csv': subscriptionsCsv(
        'P,group,low,Pro,2026-01-01',
        'P,group,high,Pro+,2026-02-01',
      ),
      'group_members.csv': 'group_id,user_id\nlow,ann\nlow,bob\nhigh,ann\n',
      'usage.csv': usageCsv(
        '2026-01-05,P,ann,1',
        '2026-02-05,P,ann,2',
        '2026-02-05,P,bob,4',
        '2026-02-05,P,eve,8',
      ),
    };
    const kept = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await runInProcess(['summarize', '--quiet', ...args], files);
      return stdout
        .split('\n')
        .slice(1, -1)
        .map((row) => row.replace(/,2026.*Z/, ''));
    };
    const low = ['2026-01,P,ann,1.00,1', '2026-02,P,bob,4.00,1'];
    const high = ['2026-02,P,ann,2.00,1'];
    expect(await kept('--group', 'low')).toEqual(low);
    expect(await kept('--group', 'high')).toEqual(high);
    expect(await kept('--group', 'low', '--user', 'bob')).toEqual(low.slice(1));
    expect(await kept('--group', 'low', '--month', '2026-01')).toEqual(low.slice(0, 1));
  });

  test('warns of usage that counts twice, of the months asked for', async () => {
    const { 'usage.csv': usage, ...others } = FILES;
    const [header, , ...later] = usage.split('\n');
    const files = { ...others, 'usage/a.csv': usage, 'usage/b.csv': [header, ...later].join('\n') };
    const { stderr, status } = await runInProcess(['summarize', '--month', '2026-01'], files);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: 2026-01: .* hold the same usage: it is counted twice/m),
    ]);
    expect(stderr.match(/counted twice/g)).toHaveLength(1);
    const strict = await runInProcess(['summarize', '--month', '2026-01', '--strict'], files);
    expect(strict.status).toBe(1);
  });

  test('warns of usage of the months asked for that is not whole, as the invoice does', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `u${index}`);
    const days = ['01', '02', '05', '06', '07', '08', '09', '14', '15', '16', '19', '20', '21'];
    const rows = days.flatMap((day) => users.map((user) => `2026-01-${day},P1,${user},1`));
    const files = {
      'profiles.csv':
        'profile_id,account_id,region\nP1,123456789012,us-east-1\nP2,123456789012,eu-central-1\n',
      'subscriptions.csv': subscriptionsCsv(
        ...users.flatMap((user) => ['P1', 'P2'].map((id) => `${id},user,${user},Pro,2025-11-01`)),
      ),
      'usage.csv': usageCsv(...rows),
    };
    const warned = async (...args: string[]): Promise<string[]> => {
      const { stderr } = await runInProcess(args, files);
      return [...stderr.matchAll(/^warning: (.*)$/gm)].map(([, text = '']) => text);
    };
    const remedy = 'give the missing files with --usage';
    const ofAll = [
      `2026-01: there is no usage from 2026-01-12 to 2026-01-13 (2 workdays); ${remedy}`,
      `2026-01: usage ends early: there is none from 2026-01-22 to 2026-01-30 (7 workdays); ${remedy}`,
    ];
    const ofP2 = `P2, 2026-01: no usage is in the data: credits of 10 seats count as none; ${remedy}`;
    for (const command of ['summarize', 'invoice'])
      expect(await warned(command, '--month', '2026-01')).toEqual([...ofAll, ofP2]);
    const shown = ['--user', 'u1', '--profile', 'P1'];
    expect(await warned('summarize', '--month', '2026-01', ...shown)).toEqual(ofAll);
    expect(await warned('summarize', '--month', '2025-12..2026-01')).toEqual([
      `2025-12: no usage is in the data: credits of 20 seats count as none; ${remedy}`,
      ...ofAll,
      ofP2,
    ]);
    expect(await warned('summarize', '--month', '2026-06')).toEqual([
      '2026-06: the month begins only on 2026-06-01',
    ]);
    // A part of a month, to which summaries of others are added.
    expect(await warned('summarize')).toEqual([]);
  });

  test('warns of the profiles in the order of their ids', async () => {
    const seats = ['b', 'a'].flatMap((id) =>
      [1, 2, 3, 4, 5].map((user) => `${id},user,u${user},Pro,2025-11-01`),
    );
    const files = {
      'subscriptions.csv': subscriptionsCsv(...seats, 'c,user,u1,Pro,2025-11-01'),
      'usage.csv': usageCsv('2026-01-05,c,u1,1'),
    };
    const { stderr } = await runInProcess(['summarize', '--month', '2026-01'], files);
    expect([...stderr.matchAll(/^warning: (.), /gm)].map(([, id]) => id)).toEqual(['a', 'b']);
  });

  test('of pending seats and of tiers without a price counts those that hold a tier', async () => {
    const files = {
      'profiles.csv': 'profile_id,account_id,region\nP,123456789012,us-east-1\n',
      'subscriptions.csv': subscriptionsCsv(
        ...['ann', 'bo', 'cy'].map((user) => `P,user,${user},Pro Max,2025-11-01`),
      ),
      'activations.csv': 'profile_id,user_id,activated_at\nP,ann,2025-12-01\nP,bo,2026-02-01\n',
      'usage.csv': usageCsv('2026-03-02,P,ann,1'),
    };
    const { status, stderr } = await runInProcess(['summarize', '--month', '2026-01'], files);
    expect(status).toBe(0);
    expect(stderr).toContain('2026-01: no usage is in the data: credits of 1 seat count as none');
  });

  test('takes a month, a range, last and current', async () => {
    const run = (month: string) =>
      runInProcess(['summarize', '--month', month, '--quiet'], FILES, {
        now: new Date('2026-03-05'),
      });
    expect(await run('2026-02')).toMatchObject({ status: 0, stdout: summaryOf('2026-02') });
    expect((await run('2026-01..2026-02')).stdout).toBe(
      summaryOf('2026-01') + summaryOf('2026-02').slice(HEADER.length),
    );
    expect((await run('last')).stdout).toBe(summaryOf('2026-02'));
    expect((await run('current')).stdout).toBe(HEADER);
    expect((await run('january')).status).toBe(2);
  });

  test('a month without usage gives the header alone, and a note that names the months there are', async () => {
    const run = await runInProcess(['summarize', '--month', '2026-03'], FILES);
    expect(run).toMatchObject({ status: 0, stdout: HEADER });
    expect(run.stderr).toContain(
      'note: no usage in 2026-03; there is usage of 2026-01, 2026-02, 2026-04\n',
    );
    const { 'usage.csv': _, ...others } = FILES;
    const none = await runInProcess(['summarize'], others);
    expect(none).toMatchObject({ status: 0, stdout: HEADER });
    expect(none.stderr).toMatch(/note: no usage\n.*Nothing to summarize\.\n$/s);
  });

  test('takes months before the rate card begins along, but not by their names', async () => {
    const files = {
      ...FILES,
      'usage.csv': usageCsv('2001-01-15,P,ann,1'),
    };
    expect((await runInProcess(['summarize', '--quiet'], files)).stdout).toBe(
      `${HEADER}2001-01,P,ann,2001-01-01T00:00:00Z,2001-02-01T00:00:00Z,1.00,1\n`,
    );
    for (const month of ['2001-01', '2025-09..2025-11']) {
      const named = await runInProcess(['summarize', '--month', month], files);
      expect(named).toMatchObject({ status: 2, stdout: '' });
      expect(named.stderr).toContain("before the rate card's first edition (2025-10)");
    }
  });

  test('--profile and --user let their seats through, and a note says so', async () => {
    const run = await runInProcess(['summarize', '--profile', '=Q', '--user', '=x'], FILES);
    expect(run.stdout).toBe(
      HEADER +
        SUMMARY.split('\n')
          .filter((row) => row.includes(",'=x,"))
          .map((row) => `${row}\n`)
          .join(''),
    );
    expect(run.stderr).toContain(
      'note: the summary is of the seats that the filters let through, not of all usage\n',
    );
    expect(
      (await runInProcess(['summarize', '--user', 'ann@example.com', '--quiet'], FILES)).stdout,
    ).toBe(summaryOf('2026-01,P'));
    expect(await runInProcess(['summarize', '--user', 'nobody'], FILES)).toMatchObject({
      status: 2,
      stdout: '',
    });
  });

  test('--dedupe counts a request_id once, and says how many were left out', async () => {
    const run = await runInProcess(['summarize', '--dedupe', '--month', '2026-04'], FILES);
    expect(run.stdout).toBe(
      `${HEADER}2026-04,P,bob,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,5.00,1\n`,
    );
    expect(run.stderr).toContain('note: 1 usage row left out for a repeated request_id\n');
  });

  test('bad usage is told, and no output is touched, unless --skip-bad-usage leaves it out', async () => {
    const usage = `${FILES['usage.csv']}2026-02-30,P,ann,1,i\n`;
    await withDirectory({ ...FILES, 'usage.csv': usage, 'out.csv': 'old' }, async (directory) => {
      const args = ['summarize', '--data', directory, '-o', join(directory, 'out.csv')];
      const refused = await runMain(args);
      expect(refused).toMatchObject({ status: 3, stdout: '' });
      expect(refused.stderr).toContain('usage.csv:11: timestamp: not an instant');
      expect(await readFile(join(directory, 'out.csv'), 'utf8')).toBe('old');
      const bad = join(directory, 'bad.csv');
      const skipped = await runMain([...args, '--skip-bad-usage', bad]);
      expect(skipped).toMatchObject({ status: 0, stdout: '' });
      expect(skipped.stderr).toContain(`note: the rows left out are in ${bad}\n`);
      expect(await readFile(join(directory, 'out.csv'), 'utf8')).toBe(SUMMARY);
      expect(await readFile(bad, 'utf8')).toContain('2026-02-30');
    });
  });

  test('writes CSV only, and never over an input', async () => {
    expect(await runInProcess(['summarize', '-o', 'summary.json'], FILES)).toMatchObject({
      status: 2,
    });
    expect(await runInProcess(['summarize', '--format', 'table'], FILES)).toMatchObject({
      status: 2,
    });
    await withDirectory(FILES, async (directory) => {
      const usage = join(directory, 'usage.csv');
      const run = await runMain(['summarize', '--data', directory, '-o', usage]);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('would overwrite the input');
    });
  });
});

describe('a summary in place of usage', () => {
  test('gives the same invoice, byte for byte, by every view and in every month', async () => {
    await withDirectory({ 'none.txt': '' }, async (folder) => {
      const summary = join(folder, 'summary.csv');
      await runMain(['summarize', '--data', ACME, '-o', summary, '--quiet']);
      for (const view of ['user', 'profile', 'tier', 'cost_center', 'group', 'line']) {
        const args = ['invoice', '--data', ACME, '--month', '2026-01..2026-03', '--by', view];
        const ofUsage = await runMain([...args, '--format', 'json', '--quiet']);
        const ofSummary = await runMain([
          ...args,
          '--format',
          'json',
          '--quiet',
          '--usage',
          summary,
        ]);
        expect(withoutDays(ofSummary)).toEqual(withoutDays(ofUsage));
      }
    });
  });

  test('gives the same invoice with ids of all kinds and stretches at odd instants', async () => {
    const args = ['invoice', '--month', '2026-01..2026-04', '--format', 'json', '--quiet'];
    const ofUsage = await runInProcess(args, FILES);
    const ofSummary = await runInProcess([...args, '--usage', '-'], FILES, { stdin: SUMMARY });
    expect(withoutDays(ofSummary)).toEqual(withoutDays(ofUsage));
  });

  test('can be merged, with other summaries and with request usage, in one run', async () => {
    const [header = '', ...rows] = FILES['usage.csv'].trimEnd().split('\n');
    await withDirectory(FILES, async (directory) => {
      const part = async (name: string, index: number): Promise<string> => {
        const file = join(directory, name);
        const own = rows.filter((_, at) => at % 3 === index);
        await writeFile(file, `${[header, ...own].join('\n')}\n`);
        return file;
      };
      const [a, b, c] = [await part('a.csv', 0), await part('b.csv', 1), await part('c.csv', 2)];
      const summarize = ['summarize', '--data', directory, '--quiet'];
      await runMain([...summarize, '--usage', a, '-o', join(directory, 'sa.csv')]);
      await runMain([...summarize, '--usage', b, '-o', join(directory, 'sb.csv')]);
      const parts = [join(directory, 'sb.csv'), c, join(directory, 'sa.csv')];
      const merged = await runMain([...summarize, ...parts.flatMap((path) => ['--usage', path])]);
      const unread = [a, b].map(
        (file) =>
          `warning: ${file}: it is not read, but looks like usage.csv: give it that name, or move it away\n`,
      );
      const given = [c, join(directory, 'sa.csv'), join(directory, 'sb.csv')].join(', ');
      const twoKinds = `warning: 2026-01 and 2026-04: 2 seats have usage of two kinds, which is added up: ${given}; keep one kind\n`;
      expect(merged).toEqual({
        status: 0,
        stdout: SUMMARY,
        stderr: `${twoKinds}${unread.join('')}`,
      });
    });
  });

  test('of the requests of each day, written into a folder, bill the month as the requests do', async () => {
    const usage = await readFile(join(ACME, 'usage/2026-02.csv'), 'utf8');
    const [header = '', ...rows] = usage.trimEnd().split('\n');
    const days = groupBy(rows, (row) => row.slice(0, 10));
    expect(days.size).toBeGreaterThan(20);
    await withDirectory({}, async (directory) => {
      for (const [day, ofDay] of days) {
        const requests = join(directory, 'requests.csv');
        await writeFile(requests, `${[header, ...ofDay].join('\n')}\n`);
        const target = ['-o', join(directory, 'summaries', `${day}.csv`)];
        const args = ['summarize', '--data', ACME, '--usage', requests, '--quiet', ...target];
        await mkdir(join(directory, 'summaries'), { recursive: true });
        expect(await runMain(args)).toMatchObject({ status: 0, stderr: '' });
      }
      const invoice = ['invoice', '--data', ACME, '--month', '2026-02', '--by', 'line'];
      const bill = async (path: string): Promise<string> =>
        (await runMain([...invoice, '--format', 'csv', '--usage', path])).stdout;
      const ofDays = await bill(join(directory, 'summaries'));
      expect(ofDays).toBe(await bill(join(ACME, 'usage/2026-02.csv')));
      expect(ofDays).toContain(',overage,');
    });
  });

  test('R1, R2: says of which months the activity reports are not whole, by their workdays', async () => {
    const reports = (...dates: string[]): string =>
      `Date,UserId,Client_Type,Credits_Used,ProfileId\n${dates.map((date) => `${date},ann,KIRO_IDE,1,P\n`).join('')}`;
    const noted = async (stdin: string, files = FILES, ...args: string[]): Promise<string[]> => {
      const run = await runInProcess(['summarize', '--usage', '-', ...args], files, { stdin });
      expect(run.status).toBe(0);
      return [
        ...run.stderr.matchAll(
          /^note: the activity reports do not hold the whole of ([\d, -]+):/gm,
        ),
      ].map(([, months = '']) => months);
    };
    // In February 2026 the 1st and the 28th are on a weekend; in January the 1st is a Thursday.
    const february = reports('2026-02-02', '2026-02-27');
    expect(await noted(february)).toEqual([]);
    const parts = reports(
      '2026-01-02',
      '2026-01-30',
      '2026-02-02',
      '2026-02-26',
      '2026-03-02',
      '2026-03-31',
    );
    expect(await noted(parts)).toEqual(['2026-01, 2026-02']);
    expect(await noted(parts, FILES, '--month', '2026-02')).toEqual(['2026-02']);
    const settings = { ...FILES, 'kiro-bill.json': '{ "days_off": ["2026-01-01"] }' };
    expect(await noted(parts, settings)).toEqual(['2026-02']);
  });

  test('warns of reports that contradict the data directory, whose flags a summary does not keep', async () => {
    const reports = `Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,Overage_Enabled,ProfileId
2026-01-31,ann,KIRO_IDE,1,2,true,P
2026-02-28,ann,KIRO_IDE,1,2,true,P
2026-02-28,bob,KIRO_IDE,1,2,true,=Q
2026-02-27,bob,KIRO_IDE,1,0,true,P
`;
    const warned = async (...args: string[]): Promise<[number, string[]]> => {
      const all = ['summarize', '--usage', '-', ...args];
      const { status, stdout, stderr } = await runInProcess(all, FILES, { stdin: reports });
      expect(stdout).toMatch(new RegExp(`^${HEADER}2026`));
      const lines = stderr.match(/^warning: .* the activity reports/gm) ?? [];
      return [status, lines.map((line) => line.split(' ').slice(1, 3).join(' '))];
    };
    expect(await warned()).toEqual([0, ['P, 2026-01:', 'P, 2026-02:']]);
    expect(await warned('--strict')).toEqual([1, ['P, 2026-01:', 'P, 2026-02:']]);
    expect(await warned('--strict', '--month', '2026-02')).toEqual([1, ['P, 2026-02:']]);
    expect(await warned('--strict', '--profile', '=Q')).toEqual([0, []]);
  });

  test('says to summarize again when an overage change has come inside a stretch', async () => {
    const changes = `${FILES['overage_changes.csv']}=Q,2026-02-14,off\n`;
    const run = await runInProcess(
      ['invoice', '--month', '2026-02', '--usage', '-'],
      { ...FILES, 'overage_changes.csv': changes },
      { stdin: SUMMARY },
    );
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toMatch(
      /^-:6: row: the profile's overage changes inside the stretch, at 2026-02-14T00:00:00Z by overage_changes.csv: summarize the usage again/m,
    );
  });
});

/** The months of an invoice as JSON, without what only the days of usage can tell. */
function withoutDays({ status, stdout }: Outcome): unknown {
  const months = JSON.parse(stdout) as { warnings: { code: string }[] }[];
  const isOfDays = ({ code }: { code: string }): boolean =>
    /^usage-(begins|ends|gap|none)$/.test(code);
  return {
    status,
    months: months.map(({ warnings, ...month }) => ({
      ...month,
      coverage: undefined,
      warnings: warnings.filter((warning) => !isOfDays(warning)),
    })),
  };
}
