import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type HostSettings, runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import {
  overageChangesCsv,
  profilesCsv,
  subscriptionsCsv,
  tierChangesCsv,
  usersCsv,
} from '../support/tables.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;
const HEADER =
  'month,profile_id,user_id,user_name,tier,credits_to_date,credits_low,credits_forecast,credits_high,credits_included,allowance_reached_on,charge_low,charge_forecast,charge_high';

/** The working days of June 2026 to the 12th: ten, with 12 to come. */
const DAYS = ['01', '02', '03', '04', '05', '08', '09', '10', '11', '12'];
const USAGE = DAYS.flatMap((day) => [
  `2026-06-${day}T10:00:00Z,P1,alice,60`,
  `2026-06-${day}T11:00:00Z,P1,bob,10`,
]);
const FILES = {
  'profiles.csv': profilesCsv('P1,111122223333,us-east-1,,enabled'),
  'users.csv': usersCsv('alice,Alice Adams'),
  'subscriptions.csv': subscriptionsCsv(
    'P1,user,alice,Pro,2026-06-01',
    'P1,user,bob,Pro,2026-06-01',
    'P1,user,carol,Pro+,2025-11-01',
  ),
  'usage.csv': ['timestamp,profile_id,user_id,credits', ...USAGE, ''].join('\n'),
};
/** 600 + 12 x 60 = 1320, so 320 x 0.04 = 12.80 of overage; 100 + 12 x 10 = 220; nothing. */
const ROWS = [
  '2026-06,P1,alice,Alice Adams,Pro,600.00,1320.00,1320.00,1320.00,1000.00,2026-06-23,32.80,32.80,32.80',
  '2026-06,P1,bob,,Pro,100.00,220.00,220.00,220.00,1000.00,,20.00,20.00,20.00',
  '2026-06,P1,carol,,Pro+,0.00,0.00,0.00,0.00,2000.00,,40.00,40.00,40.00',
];
const CSV = `${[HEADER, ...ROWS].join('\n')}\n`;

const withUsage = (...rows: string[]): Record<string, string> => ({
  ...FILES,
  'usage.csv': `${FILES['usage.csv']}${rows.map((row) => `${row}\n`).join('')}`,
});
const without = (files: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter(([other]) => other !== name));
/** In the month after the one that most of these tests forecast. */
const NOW = new Date('2026-07-15T12:00:00Z');

const forecast = (args: string[], files: Record<string, string> = FILES, host: HostSettings = {}) =>
  runInProcess(['forecast', '--quiet', '--format', 'csv', ...args], files, { now: NOW, ...host });

describe('forecast', () => {
  it('three seats, by sums made by hand, under the columns of the issue', async () => {
    const run = await forecast(['--as-of', '2026-06-12T18:00:00Z']);
    expect(run).toEqual({ status: 0, stdout: CSV, stderr: '' });
  });

  it('a month that has not begun is wrong usage, unless --as-of lies in it', async () => {
    const run = await forecast(['--month', '2026-08']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('2026-08 has not begun');
    expect((await forecast(['--as-of', '2026-08-03'])).status).toBe(0);
  });

  it('a month that has not begun is not taken from the newest usage', async () => {
    const run = await forecast([], withUsage('2027-06-12T10:00:00Z,P1,alice,60'));
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toBe(
      'error: the newest usage is of 2027-06, which has not begun: correct its date, or give --month or --as-of\n',
    );
  });

  it('without --as-of, the newest usage inside --month', async () => {
    const files = withUsage('2026-07-02T10:00:00Z,P1,alice,5000');
    expect((await forecast(['--month', '2026-06'], files)).stdout).toBe(CSV);
    expect(
      (await forecast(['--month', 'current'], files, { now: new Date('2026-06-20') })).stdout,
    ).toBe(CSV);
    expect(
      (await forecast(['--month', 'last'], files, { now: new Date('2026-07-20') })).stdout,
    ).toBe(CSV);
  });

  it("without --month, the month of --as-of; without both, the newest usage's month", async () => {
    expect((await forecast(['--as-of', '2026-06-12T18:00:00Z'])).stdout).toBe(CSV);
    expect((await forecast([])).stdout).toBe(CSV);
  });

  it('a range of months is wrong usage', async () => {
    const run = await forecast(['--month', '2026-05..2026-06']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('this command takes one month');
  });

  it('an --as-of before the month is wrong usage, and one that is no instant says what is', async () => {
    const early = await forecast(['--month', '2026-06', '--as-of', '2026-05-31T23:59:59Z']);
    expect(early.status).toBe(2);
    expect(early.stderr).toContain('is before 2026-06 begins');
    for (const wrong of ['2026-02-30', 'yesterday', '24:00']) {
      const run = await forecast(['--as-of', wrong]);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('it must be an instant such as 2026-03-20T18:00:00Z, or a date');
    }
  });

  it('without any usage that tells the month it is wrong usage; with --month it is as of its first instant', async () => {
    const files = { ...FILES, 'usage.csv': 'timestamp,profile_id,user_id,credits\n' };
    const none = await forecast([], files);
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('give --month or --as-of');
    const args = ['forecast', '--format', 'csv', '--month', '2026-06'];
    const run = await runInProcess(args, files, { now: NOW });
    expect(run.stdout).toContain(
      '2026-06,P1,carol,,Pro+,0.00,0.00,0.00,0.00,2000.00,,40.00,40.00,40.00',
    );
    expect(run.stderr).toContain('no usage in 2026-06: forecast as of its first instant');
    const warning = 'warning: 2026-06: no usage is in the data: credits of 3 seats count as none';
    expect(run.stderr).toContain(warning);
    const monday = await runInProcess(args, files, { now: new Date('2026-06-01T10:00:00Z') });
    expect(monday.stderr).not.toContain('warning:');
    const tuesday = await runInProcess(args, files, { now: new Date('2026-06-02T00:00:00Z') });
    expect(tuesday.stderr).toContain(warning);
  });

  it('a bare date is its midnight: usage of that day is not looked at, usage at midnight is', async () => {
    const before = await forecast(['--as-of', '2026-06-12', '--user', 'alice']);
    expect(before.stdout).toContain(',alice,Alice Adams,Pro,540.00,1320.00,');
    const files = withUsage(
      '2026-06-12T00:00:00Z,P1,alice,1',
      '2026-06-12T00:00:00.000000001Z,P1,alice,2',
    );
    const at = await forecast(['--as-of', '2026-06-12', '--user', 'alice'], files);
    expect(at.stdout).toContain(',alice,Alice Adams,Pro,541.00,');
  });

  it('records after --as-of are not looked at, those at it are', async () => {
    const changes = (at: string): Record<string, string> => ({
      ...FILES,
      'tier_changes.csv': tierChangesCsv(`P1,user,alice,${at},Power`),
    });
    const args = ['--as-of', '2026-06-12T18:00:00Z'];
    expect((await forecast(args, changes('2026-06-12T18:00:00Z'))).stdout).toContain(',Power,');
    expect((await forecast(args, changes('2026-06-12T18:00:00.000000001Z'))).stdout).toBe(CSV);
  });

  it('records of the day of the newest usage count to its end', async () => {
    const changes = (at: string): Record<string, string> => ({
      ...FILES,
      'tier_changes.csv': tierChangesCsv(`P1,user,alice,${at},Power`),
    });
    // The newest usage is bob's, at 11:00.
    for (const args of [[], ['--month', '2026-06']]) {
      const ofDay = changes('2026-06-12T23:59:59.999999999Z');
      expect((await forecast(args, ofDay)).stdout).toContain(',Power,');
      expect((await forecast(args, changes('2026-06-13'))).stdout).toBe(CSV);
    }
  });

  it('overage stays as it is at --as-of', async () => {
    const files = {
      ...FILES,
      'overage_changes.csv': overageChangesCsv(
        'P1,2026-06-12T12:00:00Z,disabled',
        'P1,2026-06-15,enabled',
      ),
    };
    const run = await forecast(['--as-of', '2026-06-12T18:00:00Z', '--user', 'alice'], files);
    expect(run.stdout).toMatch(/,20\.00,20\.00,20\.00\n$/);
    const before = await forecast(['--as-of', '2026-06-12T11:00:00Z', '--user', 'alice'], files);
    expect(before.stdout).toMatch(/,32\.80,32\.80,32\.80\n$/);
  });

  it('a profile that only usage names is cut at --as-of, too', async () => {
    const rows = ['2026-06-12T10:00:00Z,P9,robot,7', '2026-06-12T19:00:00Z,P9,robot,100'];
    const files = without(withUsage(...rows), 'profiles.csv');
    const run = await forecast(['--as-of', '2026-06-12T18:00:00Z'], files);
    expect(run.stdout).toContain('2026-06,P9,robot,,,7.00,');
  });

  it.each([
    ['with a month', ['--month', '2026-06'], NOW],
    ['without one, in the month of the newest usage', [], new Date('2026-06-15T12:00:00Z')],
  ])('usage is read once: %s', async (_, args, now) => {
    const { stderr } = await forecast([...args, '--timings'], FILES, { now });
    expect(stderr.match(/^usage: /gm)).toHaveLength(1);
  });

  it('standard input is read as a file is, with --as-of and without', async () => {
    const { 'usage.csv': stdin, ...files } = FILES;
    for (const args of [[], ['--month', '2026-06'], ['--as-of', '2026-06-12T18:00:00Z']]) {
      expect((await forecast(['--usage', '-', ...args], files, { stdin })).stdout).toBe(CSV);
    }
  });

  it('a usage summary as input is wrong usage, and says why', async () => {
    const summary =
      '\ufeffMonth,profile_id,user_id, Stretch_From ,stretch_to,credits,requests\n2026-06,P1,alice,2026-06-01,2026-07-01,600,10\n';
    const files = without(FILES, 'usage.csv');
    const file = await forecast(['--month', '2026-06'], { ...files, 'usage/june.csv': summary });
    expect(file.status).toBe(2);
    expect(file.stderr).toMatch(/june\.csv is a usage summary, which has no days left in it/);
    const piped = await forecast(['--usage', '-'], files, { stdin: summary });
    expect(piped.status).toBe(2);
    expect(piped.stderr).toContain('error: - is a usage summary');
  });

  it('bad input of all files is told together, whatever tells the month', async () => {
    const files = {
      ...withUsage('2026-06-12T10:00:00Z,P1,alice,x'),
      'users.csv': 'user_id\n\nx,y\n',
    };
    for (const args of [[], ['--month', '2026-06'], ['--as-of', '2026-06-12']]) {
      const run = await forecast(args, files);
      expect(run).toMatchObject({ status: 3, stdout: '' });
      expect(run.stderr).toMatch(/users\.csv:3: /);
      expect(run.stderr).toMatch(/usage\.csv:22: credits: not a number/);
      expect(run.stderr).toContain('2 problems in the input');
    }
    const rest = without(files, 'usage.csv');
    expect((await forecast([], rest)).status).toBe(3);
    const gone = await forecast(['--usage', 'no-such-file.csv'], FILES);
    expect(gone.status).toBe(3);
    const broken = await forecast(['--usage', '-'], rest, { stdin: '"' });
    expect(broken.status).toBe(3);
  });

  it('--skip-bad-usage forecasts in spite of bad rows, each told once', async () => {
    await withDirectory(withUsage('2026-06-12T10:00:00Z,P1,alice,x'), async (data) => {
      const bad = join(data, 'bad.txt');
      const args = ['forecast', '--format', 'csv', '--data', data, '--skip-bad-usage', bad];
      const run = await runMain(args, { now: NOW });
      expect(run.stdout).toBe(CSV);
      expect(run.stderr).toMatch(/1 bad usage row of \d+ left out/);
      expect((await readFile(bad, 'utf8')).split('\n')).toHaveLength(3);
      const refused = await runMain([...args, '--usage', join(data, 'none.csv')]);
      expect(refused.status).toBe(3);
    });
  });

  it('--budget exits with 1 when the middle forecast passes it, and not when it is met', async () => {
    const args = ['--as-of', '2026-06-12T18:00:00Z', '--budget'];
    const within = await forecast([...args, '92.80']);
    expect(within).toMatchObject({ status: 0, stderr: '' });
    const passed = await forecast([...args, '92.799']);
    expect(passed.status).toBe(1);
    expect(passed.stdout).toBe(CSV);
    expect(passed.stderr).toContain(
      'the forecast passes the budget: $92.80 against a budget of $92.799',
    );
    expect((await forecast([...args, 'lots'])).status).toBe(2);
  });

  it('--budget is held against the seats that the filters let through, also those that --top leaves out', async () => {
    const args = ['--as-of', '2026-06-12T18:00:00Z', '--budget', '40'];
    expect((await forecast([...args, '--user', 'bob'])).status).toBe(0);
    expect((await forecast([...args, '--top', '1'])).status).toBe(1);
  });

  it('--strict makes warnings exit with 1', async () => {
    const files = withUsage('2026-06-12T10:00:00Z,P1,robot,7');
    const run = await forecast(['--as-of', '2026-06-12T18:00:00Z', '--strict'], files);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('robot, P1, 2026-06: 7.00 credits used with no held tier');
    expect((await forecast(['--as-of', '2026-06-12T18:00:00Z'], files)).status).toBe(0);
  });

  it('sorts, and --top without --sort takes the highest forecast charges', async () => {
    const users = (csv: string): string[] =>
      csv
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[2] ?? '');
    const args = ['--as-of', '2026-06-12T18:00:00Z'];
    expect(users((await forecast([...args, '--top', '2'])).stdout)).toEqual(['carol', 'alice']);
    expect(users((await forecast([...args, '--sort', 'credits_forecast'])).stdout)).toEqual([
      'alice',
      'bob',
      'carol',
    ]);
    expect(users((await forecast([...args, '--sort', '-allowance_reached_on'])).stdout)[0]).toBe(
      'alice',
    );
    expect((await forecast([...args, '--sort', 'total_charge'])).status).toBe(2);
    const group = await forecast([...args, '--group', 'nobody']);
    expect(group.status).toBe(2);
  });

  it('JSON has the same names, decimals as strings, totals of what is shown, and warnings', async () => {
    const run = await forecast(['--as-of', '2026-06-12T18:00:00Z', '--format', 'json']);
    const { rows, totals, warnings, coverage, ...rest } = JSON.parse(run.stdout);
    expect(rest).toEqual({ month: '2026-06', currency: 'USD' });
    const isOfDays = ({ code }: { code: string }): boolean => code.startsWith('usage-');
    expect(warnings.every(isOfDays)).toBe(true);
    expect(coverage.first_day).toMatch(/^2026-06-/);
    expect(Object.keys(rows[0])).toEqual(HEADER.split(','));
    expect(totals).toEqual({
      credits_to_date: '700.00',
      credits_low: '1540.00',
      credits_forecast: '1540.00',
      credits_high: '1540.00',
      charge_low: '92.80',
      charge_forecast: '92.80',
      charge_high: '92.80',
    });
    const markdown = await forecast(['--month', '2026-06', '--format', 'markdown']);
    expect(markdown.stdout).toMatch(/^\| month \|/);
  });

  it.each([
    ['in the middle of a month', ['--as-of', '2026-02-24T20:00:00Z']],
    ['of a month that is over', ['--month', '2026-02', '--as-of', '2026-04-01']],
    ['of its newest usage', []],
    ['of a month without anything', ['--month', '2025-10']],
  ])('its JSON Schema holds for a forecast of Acme %s', async (_, args) => {
    const file = new URL('../../src/render/schemas/forecast.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    const run = await runMain(['forecast', ...args, '--format', 'json', '--data', ACME]);
    validate(JSON.parse(run.stdout));
    expect(validate.errors ?? []).toEqual([]);
    const valid = JSON.parse(run.stdout);
    expect(validate({ ...valid, totals: { ...valid.totals, charge_low: 1 } })).toBe(false);
  });

  it('coverage has the day of the newest usage, and that of an instant asked for after its usage', async () => {
    const coverage = async (...args: string[]): Promise<unknown> => {
      const run = await forecast(['--format', 'json', ...args]);
      const { first_day, last_day, weekdays_without_usage } = JSON.parse(run.stdout).coverage;
      return [first_day, last_day, weekdays_without_usage];
    };
    const whole = ['2026-06-01', '2026-06-12', []];
    expect(await coverage()).toEqual(whole);
    expect(await coverage('--as-of', '2026-06-12T18:00:00Z')).toEqual(whole);
    const before = ['2026-06-01', '2026-06-11', []];
    expect(await coverage('--as-of', '2026-06-12T09:00:00Z')).toEqual(before);
  });

  it('coverage looks at nothing after --as-of, as the figures do', async () => {
    const coverage = async (asOf: string): Promise<unknown> => {
      const args = ['forecast', '--as-of', asOf, '--format', 'json', '--data', ACME];
      const { first_day, last_day } = JSON.parse((await runMain(args)).stdout).coverage;
      return [first_day, last_day];
    };
    expect(await coverage('2026-01-20')).toEqual(['2026-01-03', '2026-01-19']);
    expect(await coverage('2026-01-20T23:00:00Z')).toEqual(['2026-01-03', '2026-01-20']);
    expect(await coverage('2026-01-02')).toEqual([null, null]);
  });

  it('a month without seats and usage is the header alone, and a note names the months that there are', async () => {
    const run = await runInProcess(['forecast', '--month', '2025-10', '--format', 'csv'], FILES);
    expect(run).toMatchObject({ status: 0, stdout: `${HEADER}\n` });
    expect(run.stderr).toContain(
      'no seats and no usage in 2025-10; the data hold months from 2025-11 on',
    );
    const old = await forecast(['--month', '2025-09']);
    expect(old.status).toBe(2);
    expect(old.stderr).toContain("before the rate card's first edition");
  });

  it('a table says once how the forecast compares with the budget', async () => {
    const args = ['forecast', '--budget', '5000', '--as-of', '2026-06-12'];
    const { stdout, stderr } = await runInProcess(args, FILES);
    expect(stdout).toContain('\nBudget $5,000.00: kept by the forecast.\n');
    expect(stderr).not.toContain('budget');
  });

  it('O6: counts users without a seat as users, and no seats', async () => {
    const files = withUsage('2026-06-12,P1,nobody,7');
    const { stdout, stderr } = await runInProcess(['forecast'], files, { now: NOW });
    expect(stdout).toContain('\nUsage without a seat (1 user)\n');
    expect(stderr).toContain(' as of its newest usage, 2026-06-12, 3 seats: $92.80 ');
  });

  it('the closing line says how far was looked, and what came out', async () => {
    const args = ['forecast', '--format', 'csv'];
    const newest = await runInProcess(args, FILES, { now: NOW });
    expect(newest.stderr).toContain(
      'Forecast of 2026-06 as of its newest usage, 2026-06-12, 3 seats: $92.80 ($92.80 to $92.80).',
    );
    const asked = await runInProcess(
      [...args, '--as-of', '2026-06-12', '--budget', '5000', '--user', 'bob'],
      FILES,
    );
    expect(asked.stderr).toContain('within the budget: $20.00 against a budget of $5,000.00');
    expect(asked.stderr).toContain('as of 2026-06-12, 1 seat: $20.00');
    expect(asked.stderr).toContain('the totals are of the rows shown');
  });
});
