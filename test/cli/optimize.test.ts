import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv, usersCsv } from '../support/tables.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;
const HEADER =
  'profile_id,user_id,user_name,tier,months,credits_used,current_cost,recommended_tier,recommended_cost,saving,advice,detail,idle_since,idle_cost,monthly_saving';

/** Three seats, whose costs are summed by hand in the tests. */
const FILES = {
  'profiles.csv': profilesCsv(
    'P1,111122223333,us-east-1,,enabled',
    'P2,111122223333,eu-central-1,,disabled',
  ),
  'users.csv': usersCsv('alice,Alice Adams', 'bob,=Bob'),
  'groups.csv': 'group_id,name\nweb,Web\nops,Ops\n',
  'group_members.csv': 'group_id,user_id\nweb,carol\n',
  'subscriptions.csv': subscriptionsCsv(
    'P1,user,alice,Pro,2025-11-01',
    'P1,user,bob,Power,2025-11-01',
    'P2,group,web,Pro,2025-11-01',
    'P1,user,dora,Pro+,2025-11-01',
  ),
  'usage.csv': usageCsv(
    '2026-01-05T10:00:00Z,P1,alice,1890.85',
    '2026-01-05T10:00:00Z,P1,bob,655.1',
    '2026-01-05T10:00:00Z,P2,carol,1250.75',
    '2026-02-05T10:00:00Z,P1,alice,10',
    '2026-02-05T10:00:00Z,P1,dora,1',
  ),
};

const optimize = (...args: string[]) => runInProcess(['optimize', '--quiet', ...args], FILES);
const rowsOf = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
const users = (csv: string): string[] => rowsOf(csv).map(([, user = '']) => user);

describe('optimize', () => {
  it('writes the columns of the issue, idle seats first, then by profile and user', async () => {
    const run = await optimize('--month', '2026-01', '--format', 'csv');
    expect(run.status).toBe(0);
    expect(run.stdout).toBe(
      [
        HEADER,
        'P1,dora,,Pro+,1,0.00,40.00,,0.00,40.00,idle,No credits used in 2026-01. Unsubscribing takes effect from next month.,2026-02-06,0.00,40.00',
        // 20 + 890.85 x 0.04 = 55.634.
        'P1,alice,Alice Adams,Pro,1,1890.85,55.63,Pro+,40.00,15.63,upgrade,"Pro+ covers the 1,890.85 credits used in 2026-01. An upgrade takes effect at once, with the charge for Pro refunded.",,0.00,15.63',
        "P1,bob,'=Bob,Power,1,655.10,200.00,Pro,20.00,180.00,downgrade,Pro covers the 655.10 credits used in 2026-01. A downgrade takes effect from next month.,,0.00,180.00",
        'P2,carol,,Pro,1,1250.75,20.00,Pro+,40.00,-20.00,upgrade,"Pro+ covers the 1,250.75 credits used in 2026-01. It unblocks 250.75 credits that Pro blocks. An upgrade takes effect at once, with the charge for Pro refunded. The seat comes through group web (Web): subscribe the user directly as well, or upgrade it for all its members.",,0.00,-20.00',
        '',
      ].join('\n'),
    );
  });

  it('--months adds costs up, ending with the month', async () => {
    const run = await optimize(
      '--month',
      '2026-02',
      '--months',
      '2',
      '--format',
      'csv',
      '--user',
      'alice',
    );
    expect(run.stdout).toContain('P1,alice,Alice Adams,Pro,2,1900.85,75.63,Pro,75.63,0.00,keep,');
  });

  it('--months before the rate card begins is wrong usage', async () => {
    const run = await optimize('--month', '2026-01', '--months', '5', '--format', 'csv');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/2025-09 is before the rate card's first edition/);
    for (const months of ['400', '999999999']) {
      const far = await optimize('--month', '2026-01', '--months', months);
      expect(far.status).toBe(2);
      expect(far.stderr).toContain(`--months ${months} reaches back before the year 2000`);
    }
  });

  it('M3: a month of the year 2000, or that begins before it, is before the rate card begins', async () => {
    for (const [instant, month] of [
      ['2000-01-01T00:30:00+01:00', '1999-12'],
      ['2000-03-01', '2000-03'],
    ] as const) {
      const files = { ...FILES, 'usage.csv': usageCsv(`${instant},P1,alice,1`) };
      const { status, stderr } = await runInProcess(['optimize'], files);
      const early = new RegExp(`${month} is before the rate card's first edition`);
      expect([status, stderr]).toEqual([2, expect.stringMatching(early)]);
    }
  });

  it('months in two currencies do not add up, which is wrong usage', async () => {
    const edition = (from: string, currency: string): object => ({
      from,
      currency,
      partitions: {
        aws: ['Pro', 'Pro+', 'Power'].map((name, rank) => ({
          name,
          rank,
          price: '1',
          credits: '1',
          overage_rate: '1',
        })),
      },
    });
    const rates = { editions: [edition('2025-10', 'USD'), edition('2026-02', 'EUR')] };
    const files = { ...FILES, 'rates.json': JSON.stringify(rates) };
    const run = await runInProcess(['optimize', '--month', '2026-02', '--months', '2'], files);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('changes from USD to EUR in 2026-02');
    const one = await runInProcess(['optimize', '--month', '2026-02', '--quiet'], files);
    expect(one.stdout).toContain('€');
  });

  it('a range of months is wrong usage', async () => {
    const run = await optimize('--month', '2026-01..2026-02');
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('this command takes one month');
  });

  describe('without --month', () => {
    const weekdays = (month: string, from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index)
        .map((day) => `${month}-${String(day).padStart(2, '0')}`)
        .filter((date) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()));
    const monthOf = async (days: string[], now: string, more: object = {}): Promise<string> => {
      const rows = days.map((day) => `${day}T10:00:00Z,P1,alice,1`);
      const files = {
        ...FILES,
        ...more,
        'usage.csv': usageCsv(...rows),
      };
      const run = await runInProcess(['optimize', '--quiet', '--format', 'json'], files, {
        now: new Date(now),
      });
      return JSON.parse(run.stdout).month;
    };

    it('it is the newest of three complete months with usage on four fifths of its workdays', async () => {
      const january = weekdays('2026-01', 1, 31);
      // February 2026 has 20 workdays, of which 16 are four fifths: up to the 20th there are 15.
      expect(await monthOf([...january, ...weekdays('2026-02', 1, 23)], '2026-03-10')).toBe(
        '2026-02',
      );
      expect(await monthOf([...january, ...weekdays('2026-02', 1, 20)], '2026-03-10')).toBe(
        '2026-01',
      );
      expect(await monthOf([...january, ...weekdays('2026-03', 1, 6)], '2026-03-10')).toBe(
        '2026-01',
      );
    });

    it('days off are no workdays', async () => {
      const days = [...weekdays('2026-01', 1, 31), ...weekdays('2026-02', 1, 20)];
      const settings = JSON.stringify({ days_off: weekdays('2026-02', 23, 28) });
      expect(await monthOf(days, '2026-03-10', { 'kiro-bill.json': settings })).toBe('2026-02');
    });

    it('where there is none, it is the newest with usage', async () => {
      expect(await monthOf(weekdays('2026-01', 1, 31), '2026-09-10')).toBe('2026-01');
      expect(await monthOf(['2026-01-05', '2026-02-02'], '2026-04-10')).toBe('2026-02');
    });
  });

  it('says since when a seat is idle, and what that has cost in complete months with usage', async () => {
    const files = {
      ...FILES,
      'usage.csv': usageCsv(
        '2025-12-10T10:00:00Z,P1,alice,1',
        '2025-12-31T23:00:00Z,P1,bob,1',
        '2026-01-05T10:00:00Z,P1,alice,1',
        '2026-01-07T10:00:00Z,P1,dora,1',
        '2026-01-09T10:00:00Z,P1,dora,0',
        '2026-02-05T10:00:00Z,P1,alice,1',
        '2026-04-05T10:00:00Z,P1,alice,1',
      ),
    };
    const run = await runInProcess(
      ['optimize', '--month', '2026-02', '--months', '2', '--quiet', '--format', 'json'],
      files,
    );
    const { rows } = JSON.parse(run.stdout) as { rows: Record<string, string>[] };
    const idle = rows.map((row) =>
      [row.user_id, row.advice, row.idle_since, row.idle_cost, row.monthly_saving].join(' '),
    );
    // March has no usage, and April is not over: bob pays January and February, dora February.
    expect(idle).toEqual([
      'bob idle 2026-01-01 400.00 200.00',
      'carol idle 2025-12-10 40.00 20.00',
      'alice keep  0.00 0.00',
      'dora downgrade 2026-01-08 40.00 20.00',
    ]);
  });

  it('--overage asks the same question with the switch set so', async () => {
    const on = await optimize('--month', '2026-01', '--overage', 'on', '--format', 'csv');
    // carol: 20 + 250.75 x 0.04 = 30.03.
    expect(on.stdout).toContain('P2,carol,,Pro,1,1250.75,30.03,Pro,30.03,0.00,keep,');
    const off = await optimize('--month', '2026-01', '--overage', 'off', '--format', 'csv');
    expect(off.stdout).toContain(
      'P1,alice,Alice Adams,Pro,1,1890.85,20.00,Pro+,40.00,-20.00,upgrade,',
    );
    const wrong = await optimize('--overage', 'maybe');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('--overage maybe: it must be one of on, off\n');
  });

  it('--min-saving leaves out smaller savings, except upgrades, and the totals say what they are of', async () => {
    const args = ['--month', '2026-01', '--min-saving', '40.01', '--format', 'csv'];
    const run = await runInProcess(['optimize', ...args], FILES);
    expect(users(run.stdout)).toEqual(['alice', 'bob', 'carol']);
    expect(run.stderr).toContain('the totals are of the rows shown');
    for (const wrong of ['-1', '$5', '1,000', 'x']) {
      const refused = await optimize(`--min-saving=${wrong}`);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain('it must be an amount such as 5000 or 12.50\n');
    }
  });

  it('filters, sorts and cuts; --top without --sort takes the highest savings', async () => {
    const csv = ['--month', '2026-01', '--format', 'csv'];
    expect(users((await optimize(...csv, '--top', '2')).stdout)).toEqual(['bob', 'dora']);
    expect(users((await optimize(...csv, '--sort', '-saving')).stdout)).toEqual([
      'carol',
      'alice',
      'dora',
      'bob',
    ]);
    expect(users((await optimize(...csv, '--sort', 'user_id')).stdout)[0]).toBe('alice');
    expect(users((await optimize(...csv, '--group', 'web')).stdout)).toEqual(['carol']);
    expect(users((await optimize(...csv, '--profile', 'P2')).stdout)).toEqual(['carol']);
    expect(users((await optimize(...csv, '--user', 'Alice Adams')).stdout)).toEqual(['alice']);
    const wrong = await optimize(...csv, '--sort', 'savings');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('did you mean saving?');
    const far = await optimize(...csv, '--sort', 'elephant');
    expect(far.stderr).toMatch(/there is no column elephant \(profile_id, /);
  });

  it('JSON has the same names, decimals as strings, totals, and the warnings of what is shown', async () => {
    const run = await optimize('--month', '2026-01', '--format', 'json');
    const { rows, totals, warnings: all, coverage, ...rest } = JSON.parse(run.stdout);
    const warnings = all.filter(({ code }: { code: string }) => !code.startsWith('usage-'));
    expect(coverage).toMatchObject({ first_day: '2026-01-05', last_day: '2026-01-05' });
    expect(rest).toEqual({ month: '2026-01', currency: 'USD' });
    expect(Object.keys(rows[0])).toEqual(HEADER.split(','));
    expect(rows[0].months).toBe(1);
    expect(totals).toEqual({
      credits_used: '3796.70',
      current_cost: '315.63',
      recommended_cost: '100.00',
      saving: '215.63',
      idle_cost: '0.00',
      monthly_saving: '215.63',
    });
    expect(warnings.map((one: { user_id: string }) => one.user_id)).toEqual(['carol']);
    const other = await optimize('--month', '2026-01', '--format', 'json', '--profile', 'P1');
    const codes = JSON.parse(other.stdout).warnings.map(({ code }: { code: string }) => code);
    expect(codes.filter((code: string) => !code.startsWith('usage-'))).toEqual([]);
  });

  it.each([
    ['one month', ['--month', '2026-03']],
    ['three months', ['--month', '2026-03', '--months', '3']],
    ['overage on', ['--month', '2026-02', '--overage', 'on']],
    ['a month before the last', ['--month', '2026-01']],
  ])('its JSON Schema holds for %s of Acme', async (_, args) => {
    const file = new URL('../../src/render/schemas/optimize.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    const run = await runMain(['optimize', ...args, '--format', 'json', '--data', ACME]);
    validate(JSON.parse(run.stdout));
    expect(validate.errors ?? []).toEqual([]);
    const valid = JSON.parse(run.stdout);
    expect(validate({ ...valid, totals: { ...valid.totals, saving: 1 } })).toBe(false);
  });

  it('refuses a month without any usage, in which every seat would look idle', async () => {
    const refused = await runInProcess(
      ['optimize', '--month', '2026-04', '--months', '3', '--format', 'csv'],
      FILES,
    );
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toBe(
      'error: no usage of 2026-03, 2026-04 is in the data, so every seat would look idle: give the usage with --usage PATH, or ask for another --month (there is usage of 2026-01, 2026-02)\n',
    );
    // Filters change nothing: dora alone has no usage in January.
    expect((await optimize('--month', '2026-01', '--user', 'dora')).status).toBe(0);
  });

  it('refuses a directory whose usage was not named, and says how to give it', async () => {
    const { 'usage.csv': usage, ...unused } = FILES;
    for (const args of [[], ['--month', '2026-01'], ['--format', 'csv']]) {
      const run = await runInProcess(['optimize', ...args], { ...unused, 'elsewhere.csv': usage });
      expect(run).toMatchObject({ status: 2, stdout: '' });
      expect(run.stderr).toContain('give the usage with --usage PATH');
    }
  });

  it('of usage summaries a row of the month is enough', async () => {
    const summary = {
      ...FILES,
      'usage.csv':
        'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n2026-01,P1,alice,2026-01-01,2026-02-01,5,1\n',
    };
    const run = await runInProcess(['optimize', '--quiet', '--format', 'csv'], summary);
    // Nobody else was used since the summary begins; March, the last complete month, is not known.
    expect(run.stdout).toContain('P1,dora,,Pro+,1,0.00,40.00,,0.00,40.00,idle,');
    const dora = rowsOf(run.stdout).find(([, user]) => user === 'dora');
    expect(dora?.slice(-3)).toEqual(['2026-01-01', '40.00', '40.00']);
    expect((await runInProcess(['optimize', '--month', '2026-02'], summary)).status).toBe(2);
  });

  it('--strict makes warnings exit with 1', async () => {
    expect((await optimize('--month', '2026-01', '--strict')).status).toBe(1);
    const days = Array.from({ length: 31 }, (_, day) => String(day + 1).padStart(2, '0'));
    const rows = days.map((day) => `2026-01-${day}T10:00:00Z,P1,alice,1`);
    const whole = {
      ...FILES,
      'usage.csv': usageCsv(...rows),
    };
    const run = await runInProcess(['optimize', '--month', '2026-01', '--strict'], whole);
    expect(run.status).toBe(0);
  });

  it('the extension of -o tells the format, and one that it cannot write is wrong usage', async () => {
    await withDirectory(FILES, async (data) => {
      const base = ['optimize', '--month', '2026-01', '--quiet', '--data', data, '-o'];
      await runMain([...base, join(data, 'a.csv')]);
      expect(await readFile(join(data, 'a.csv'), 'utf8')).toMatch(new RegExp(`^${HEADER}\n`));
      await runMain([...base, join(data, 'a.md')]);
      expect(await readFile(join(data, 'a.md'), 'utf8')).toMatch(/^\| profile_id \|/);
      await runMain([...base, join(data, 'a.txt'), '--format', 'table']);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none in a file
      expect(await readFile(join(data, 'a.txt'), 'utf8')).not.toMatch(/\u001b/);
      expect((await runMain([...base, join(data, 'a.html')])).status).toBe(2);
    });
  });

  it('a tier without a price is bad input, and nothing is written', async () => {
    const subscriptions = `${FILES['subscriptions.csv']}P1,user,eve,Pro Max,2025-11-01\n`;
    const files = { ...FILES, 'subscriptions.csv': subscriptions };
    const run = await runInProcess(['optimize', '--month', '2026-01'], files);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain('tier Pro Max is not on the rate card in 2026-01');
    expect(run.stderr).not.toContain('idle_cost');
  });

  it('M4: a tier without a price in another month says what that month is for', async () => {
    const edition = (from: string, ...names: string[]) => ({
      from,
      currency: 'USD',
      partitions: {
        aws: names.map((name, rank) => ({
          name,
          rank,
          price: '20',
          credits: '1000',
          overage_rate: '0.04',
        })),
      },
    });
    const all = ['Pro', 'Pro+', 'Power'];
    const files = {
      ...FILES,
      'subscriptions.csv': `${FILES['subscriptions.csv']}P1,user,eve,Power,2025-11-01\n`,
      'rates.json': JSON.stringify({
        editions: [edition('2025-11', ...all), edition('2026-02', 'Pro', 'Pro+')],
      }),
    };
    const run = await runInProcess(['optimize', '--month', '2026-01'], files);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain(
      'tier Power is not on the rate card in 2026-02: its edition 2026-02 has Pro, Pro+; optimize bills that month, too, for what idle seats have cost (idle_cost)',
    );
  });
});

describe('optimize on Acme', () => {
  it('tells its story: two idle seats, two who need little of Power, one held by overage that is off', async () => {
    const run = await runMain([
      'optimize',
      '--month',
      '2026-03',
      '--format',
      'json',
      '--data',
      ACME,
    ]);
    const { rows } = JSON.parse(run.stdout) as { rows: Record<string, string>[] };
    const by = (advice: string): (string | undefined)[] =>
      rows.filter((row) => row.advice === advice).map((row) => row.user_name);
    expect(by('idle')).toEqual(['Tessa Vermeulen', 'Hana Kovács']);
    expect(by('downgrade')).toEqual(expect.arrayContaining(['Farid Nazari', 'Isabel Cortés']));
    expect(by('upgrade')).toEqual(['Marcus Reed', 'Jonas Weber', 'Priya Raman']);
    const isabel = rows.find((row) => row.user_name === 'Isabel Cortés');
    expect(isabel?.detail).toMatch(
      /leaving group grp-ai-guild on 2026-03-20\. From 2026-04 the seat holds Pro\+\./,
    );
  });
});
