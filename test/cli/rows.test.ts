import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInProcess, runMain } from '../support/in-process.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');
const INVOICE = ['invoice', '--month', '2026-03', '--data', ACME];

/** The rows of the invoice as CSV, without the header. */
async function rowsOf(...args: string[]): Promise<string[][]> {
  const { status, stdout, stderr } = await runMain([...INVOICE, '--format', 'csv', ...args]);
  expect(status, stderr).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describe('--columns', () => {
  test('M2: chooses and orders the columns of CSV, JSON, Markdown and tables', async () => {
    const args = [...INVOICE, '--columns', 'total_charge, USER_ID', '--top', '1'];
    const csv = await runMain([...args, '--format', 'csv']);
    expect(csv.stdout.split('\n')[0]).toBe('total_charge,user_id');
    const json = JSON.parse((await runMain([...args, '--format', 'json'])).stdout);
    expect(Object.keys(json.rows[0])).toEqual(['total_charge', 'user_id']);
    expect(json.totals).toEqual({ total_charge: json.rows[0].total_charge });
    const markdown = await runMain([...args, '--format', 'markdown']);
    expect(markdown.stdout.split('\n')[0]).toBe('| total_charge | user_id |');
    const table = await runMain(args);
    expect(table.stdout).toMatch(/Total charge {2}User id/);
  });

  test('M2: Markdown of several months ends with the total of all', async () => {
    const args = ['invoice', '2026-01..2026-03', '--by', 'region', '--data', ACME];
    const { stdout } = await runMain([...args, '--format', 'markdown']);
    const [, , , all = ''] = stdout.split(/^## /m).slice(1);
    const lines = all.trimEnd().split('\n');
    expect(lines[0]).toBe('2026-01..2026-03');
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toMatch(/^\| \*\*Total\*\* .*\| \*\*5900\.27\*\* \| {2}\|$/);
  });

  test('M2: a table of figures alone keeps its total', async () => {
    const { stdout } = await runMain([...INVOICE, '--columns', 'total_charge,credits_used']);
    const whole = await runMain([...INVOICE, '--format', 'json']);
    const { total_charge: total } = JSON.parse(whole.stdout).totals;
    expect(stdout).toMatch(/═\nTotal +\$[\d,.]+ +[\d,]+\n$/);
    const shown = /Total +\$([\d,.]+)/.exec(stdout)?.[1]?.replaceAll(',', '');
    expect(shown).toBe(total);
    const some = await runMain([...INVOICE, '--columns', 'total_charge', '--top', '2']);
    expect(some.stdout).toMatch(/═\nTotal (shown|of 2 rows shown) +\$[\d,.]+\n$/);
  });

  test('M2: of --by user also has what only other tables say', async () => {
    const columns = 'user_id,user_email,cost_center,group_id,group_name,profile_name,activated_at';
    const { stdout } = await runMain([...INVOICE, '--format', 'csv', '--columns', columns]);
    expect(stdout.split('\n')[0]).toBe(columns);
    expect(stdout).toMatch(/@/);
  });

  test('H3: activated_at is the earliest activation, also of a user who never had a seat', async () => {
    const files = {
      'subscriptions.csv':
        'profile_id,principal_type,principal_id,tier,subscribed_at\np1,user,ana,Pro,2025-11-01\n',
      'activations.csv':
        'profile_id,user_id,activated_at\np1,ben,2026-01-06\np1,ben,2026-01-05\np1,ana,2025-11-02\n',
      'usage.csv':
        'timestamp,profile_id,user_id,credits\n2026-01-07,p1,ben,1\n2026-01-07,p1,cy,1\n',
    };
    const columns = ['--format', 'csv', '--columns', 'user_id,activated_at'];
    const { stdout } = await runInProcess(['invoice', '2026-01', ...columns], files);
    expect(stdout.split('\n').slice(1, 4)).toEqual([
      'ana,2025-11-02T00:00:00Z',
      'ben,2026-01-05T00:00:00Z',
      'cy,',
    ]);
  });

  test.each([
    ['user_id,tier,user_id', 'user_id is named twice'],
    ['user_idd', 'there is no column user_idd; did you mean user_id?'],
    ['total', 'did you mean total_charge?'],
    ['UserName', 'did you mean user_name?'],
  ])('%s is wrong usage', async (columns, message) => {
    const { status, stderr } = await runMain([...INVOICE, '--columns', columns]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('--where', () => {
  test.each([
    ['total_charge>100', (charge: number) => charge > 100],
    ['total_charge >= 40.00', (charge: number) => charge >= 40],
    ['total_charge= 20', (charge: number) => charge === 20],
    ['total_charge !=20.0', (charge: number) => charge !== 20],
    ['total_charge <2e1', (charge: number) => charge < 20],
    ['total_charge<= 20', (charge: number) => charge <= 20],
  ])('M2: %s compares numbers as numbers', async (where, holds) => {
    const columns = ['--columns', 'total_charge'];
    const all = (await rowsOf(...columns)).map(([charge]) => Number(charge));
    const kept = (await rowsOf(...columns, '--where', where)).map(([charge]) => Number(charge));
    expect(kept).toEqual(all.filter(holds));
  });

  test('M2: texts compare exactly, ~ ignores case, and all conditions must hold', async () => {
    expect(await rowsOf('--where', 'tier=pro')).toEqual([]);
    const pro = await rowsOf('--where', 'tier = Pro');
    expect(pro.length).toBeGreaterThan(0);
    const some = await rowsOf('--where', 'tier ~ PRO', '--where', 'tier != Pro');
    expect(new Set(some.map((row) => row[6]))).toEqual(new Set(['Pro+']));
    expect((await rowsOf('--where', 'tier =')).every((row) => row[6] === '')).toBe(true);
  });

  test('M2: a column need not be shown to be asked for, and totals are of what is shown', async () => {
    const args = [...INVOICE, '--where', 'profile_name ~ a', '--columns', 'total_charge'];
    const { stdout, stderr } = await runMain([...args, '--format', 'markdown']);
    expect(stdout.split('\n')[0]).toBe('| total_charge |');
    expect(stderr).toContain('the totals are of the rows shown');
  });

  test.each([
    ['total_charge > lots', 'total_charge holds numbers, and lots is not one'],
    ['total_charge', "--where 'total_charge > 100'"],
    ['tote_charge > 1', 'there is no column tote_charge; did you mean total_charge?'],
  ])('%s is wrong usage', async (where, message) => {
    const { status, stderr } = await runMain([...INVOICE, '--where', where]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each([
    [['rates', '--month', '2026-03', '--where', 'tier=Pro', '--format', 'csv'], /,Pro,/],
    [
      ['rates', '--month', '2026-03', '--columns', 'tier', '--top', '1', '--format', 'json'],
      /"tier": "Pro"\n {4}\}\n {2}\],\n {2}"totals": \{\},\n {2}"warnings": \[\]\n\}\n$/,
    ],
    [['check', '--data', ACME, '--where', 'line > 3', '--format', 'csv'], /^file,line/],
    [
      ['explain', '-m', '2026-03', '-d', ACME, '--user', 'Maya Lindqvist', '--where', 'rule ~ S1'],
      /S1/,
    ],
    [['optimize', '-m', '2026-03', '-d', ACME, '--where', 'saving > 10'], /Total/i],
    [['forecast', '--as-of', '2026-03-20', '-d', ACME, '--where', 'tier=Power'], /Power/],
    [
      ['summarize', '-d', ACME, '--where', 'credits > 1000', '--columns', 'user_id,credits'],
      /^user_id,credits\n/,
    ],
  ])('is for every command that writes rows: %j', async (args, expected) => {
    const { status, stdout, stderr } = await runMain(args);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(expected);
  });
});

describe('--sort and --top', () => {
  test.each([
    ['rates', ['rates', '--month', '2026-03', '--sort', 'price', '--top', '2'], 'Power'],
    ['check', ['check', '--usage', ACME, '--top', '1', '--data', ACME], 'File'],
    [
      'explain',
      ['explain', 'Grace Kim', ...INVOICE.slice(1), '--sort', '-rule', '--top', '2'],
      'S1',
    ],
  ])('are obeyed by the table of %s, too', async (_, args, shown) => {
    const { stdout } = await runMain(args);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('─'))).toHaveLength(1);
    expect(stdout).toContain(shown);
    expect(lines.length - lines.findIndex((line) => line.startsWith('─'))).toBeLessThanOrEqual(4);
  });
});

describe('--by KEY,KEY', () => {
  test('M2: has both keys, sorted by both, and the same total', async () => {
    const rows = await rowsOf('--by', 'profile,tier', '--columns', 'profile_id,tier,total_charge');
    const keys = rows.map(([profile, tier]) => `${profile}\0${tier}`);
    expect(keys).toEqual([...keys].sort());
    expect(new Set(keys).size).toBe(keys.length);
    const cents = (all: string[][]): number =>
      all.reduce((sum, row) => sum + Math.round(Number(row.at(-1)) * 100), 0);
    const users = await rowsOf('--columns', 'user_id,total_charge');
    expect(cents(rows)).toBe(cents(users));
  });

  test.each(['user,tier', 'tier,tier', 'tier,line', 'tier,group,region', 'tier,'])(
    '%s is wrong usage',
    async (by) => {
      const { status, stderr } = await runMain([...INVOICE, '--by', by]);
      expect(status).toBe(2);
      expect(stderr).toContain('two keys must be two different ones of profile, account, region');
    },
  );
});
