import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { MEASURES, VIEWS } from '../../src/domain/view.ts';
import { runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv } from '../support/tables.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');
const QUARTER = ['trend', '2026-01..2026-03', '--data', ACME];

async function linesOf(...args: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await runMain([...QUARTER, '--format', 'csv', ...args]);
  expect(status, stderr).toBe(0);
  return stdout.trimEnd().split('\n');
}

describe('trend', () => {
  test('M2: a row per key, a column per month, their total and the change', async () => {
    expect(await linesOf()).toEqual([
      'profile_id,profile_name,2026-01,2026-02,2026-03,total,change,currency',
      'arn:aws-us-gov:codewhisperer:us-gov-west-1:210987654321:profile/GVKW8T3LDSFA,"Acme Federal, GovCloud",120.00,130.29,144.00,394.29,13.71,USD',
      'arn:aws:codewhisperer:eu-central-1:123456789012:profile/DEX2N6HVYPQM,Acme Europe,207.10,333.69,332.01,872.80,-1.68,USD',
      'arn:aws:codewhisperer:us-east-1:123456789012:profile/ABJQ4ZC7WRTK,Acme Engineering,1492.90,1438.75,1701.53,4633.18,262.78,USD',
    ]);
  });

  test('the table has the names first, the months of a row as bars, and says what has no room', async () => {
    const wide = (await runMain(QUARTER, { columns: 100 })).stdout.split('\n');
    expect(wide[2]).toMatch(/^Profile +2026-01 +2026-02 +2026-03 +Total +Change +Trend$/);
    expect(wide[4]).toMatch(/^Acme Engineering +\$1,492\.90 .* \+\$262\.78 {2}\S{3}$/);
    const narrow = (
      await runMain(QUARTER, { isTerminal: true, columns: 48, environment: { NO_COLOR: '1' } })
    ).stdout;
    expect(narrow).toContain('No room for 2026-01');
    expect(narrow).toContain('--columns (2026-01');
    // The newest month is the last to go.
    const narrower = (await runMain(QUARTER, { columns: 46 })).stdout.split('\n');
    expect(narrower[2]).toMatch(/^Profile +2026-03 +Change/);
  });

  test.each([
    ['user', 'profile_id,user_id,user_name'],
    ['cost_center', 'cost_center'],
    ['group', 'group_id'],
    ['profile,tier', 'profile_id,tier'],
  ])('--by %s has the key %s', async (by, key) => {
    const [header] = await linesOf('--by', by);
    expect(header).toBe(`${key},2026-01,2026-02,2026-03,total,change,currency`);
  });

  test('M2: seats have no total and no currency, and are 0 where there are none', async () => {
    const lines = await linesOf('--of', 'seats', '--by', 'cost_center,tier');
    expect(lines).toContain('CC-430 Data,Pro+,0,4,4,,0,');
  });

  test('a single month has no change, and --by line is wrong usage', async () => {
    const { stdout } = await runMain(['trend', '2026-03', '--data', ACME, '-f', 'csv']);
    expect(stdout.split('\n')[3]).toMatch(/,1701.53,1701.53,,USD$/);
    const json = await runMain(['trend', '2026-03', '--data', ACME, '-f', 'json']);
    expect(JSON.parse(json.stdout).rows[2]).toMatchObject({ total: '1701.53', change: '' });
    const seats = await runMain([...QUARTER, '--of', 'seats', '-f', 'json']);
    expect(JSON.parse(seats.stdout).rows[2]).toMatchObject({ total: '', change: 1, currency: '' });
    expect((await runMain([...QUARTER, '--by', 'line'])).status).toBe(2);
  });

  test('the table of a single month shows its amount once, unless the total is chosen', async () => {
    const headingOf = async (...args: string[]) =>
      (await runMain(['trend', '2026-03', '--data', ACME, ...args])).stdout.split('\n')[2];
    expect(await headingOf()).toMatch(/^Profile +2026-03$/);
    expect(await headingOf('--sort', 'total')).toMatch(/^Profile +2026-03$/);
    expect(await headingOf('--columns', 'profile_name,total')).toMatch(/^Profile name +Total$/);
    const markdown = await runMain(['trend', '2026-03', '--data', ACME, '-f', 'markdown']);
    expect(markdown.stdout).toMatch(/2026-03.*\btotal\b.*change/i);
  });

  test('keeps profiles apart whose names differ in their ends alone, as the invoice does', async () => {
    const name = (number: number) =>
      `"Team of the western and of the eastern division, number ${number}"`;
    const files = {
      'profiles.csv': `profile_id,account_id,region,name\np1,111122223333,us-east-1,${name(1)}\np2,111122223333,eu-central-1,${name(2)}\n`,
      'subscriptions.csv': `profile_id,principal_type,principal_id,tier,subscribed_at\np1,user,a,Pro,2025-12-01\np2,user,b,Pro,2025-12-01\n`,
    };
    for (const args of [['trend'], ['invoice', '--by', 'profile']]) {
      const { stdout } = await runInProcess([...args, '--month', '2026-01'], files, {
        isTerminal: true,
        columns: 48,
        environment: { NO_COLOR: '1' },
      });
      for (const number of [1, 2])
        expect(stdout).toMatch(new RegExp(`^Team.*….* ?${number} `, 'm'));
    }
  });

  test('ends with what the months come to, if that is money', async () => {
    const closing = async (...args: string[]) =>
      (await runMain([...QUARTER, ...args])).stderr.split('\n').at(-2);
    expect(await closing()).toMatch(
      / Trend of total charge in 2026-01\.\.2026-03: \$5,900\.27\. Look/,
    );
    expect(await closing('--of', 'credits_used')).toMatch(
      / Trend of credits used in 2026-01\.\.2026-03\. /,
    );
    expect(await closing('--of', 'seats')).toMatch(/ Trend of seats in 2026-01\.\.2026-03\. /);
  });

  test('shows the six months up to the last, from the first edition of the card on', async () => {
    const args = ['trend', '--data', ACME, '-f', 'json'];
    const april = { now: new Date('2026-04-15T12:00:00Z') };
    expect(JSON.parse((await runMain(args, april)).stdout).months).toEqual([
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
    const january = { now: new Date('2026-01-15T12:00:00Z') };
    expect(JSON.parse((await runMain(args, january)).stdout).months[0]).toBe('2025-10');
  });

  test('months of different currencies are wrong usage', async () => {
    const tiers = [{ name: 'Pro', rank: 1, price: '20', credits: '1000', overage_rate: '0.04' }];
    const edition = (from: string, currency: string): object => ({
      from,
      currency,
      partitions: { aws: tiers },
    });
    const card = { editions: [edition('2026-01', 'USD'), edition('2026-02', 'EUR')] };
    const files = {
      'rates.json': JSON.stringify(card),
      'subscriptions.csv': subscriptionsCsv('p,user,u,Pro,2025-01-01'),
    };
    await withDirectory(files, async (directory) => {
      const run = (months: string): Promise<{ status: number; stderr: string }> =>
        runMain(['trend', months, '--data', directory]);
      expect((await run('2026-02..2026-03')).status).toBe(0);
      const { status, stderr } = await run('2026-01..2026-02');
      expect(status).toBe(2);
      expect(stderr).toContain('from USD to EUR in 2026-02');
    });
  });

  test('--where, --columns and --top know its columns', async () => {
    const args = ['--where', '2026-03 > 100', '--columns', 'profile_name,2026-03', '--top', '1'];
    expect(await linesOf(...args)).toEqual(['profile_name,2026-03', 'Acme Engineering,1701.53']);
  });

  test.each(
    MEASURES.flatMap((measure) =>
      [...VIEWS.filter((view) => view !== 'line'), 'group,region'].map(
        (by) => [measure, by] as const,
      ),
    ),
  )('the JSON Schema holds for %s by %s', async (measure, by) => {
    const file = new URL('../../src/render/schemas/trend.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(file, 'utf8'));
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const { stdout } = await runMain([...QUARTER, '-f', 'json', '--of', measure, '--by', by]);
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  });
});
