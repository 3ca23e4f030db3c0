/** What commands say where there is nothing to show, to read, or to count. */
import { readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInProcess, runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv, usageCsv } from '../support/tables.ts';

const SAMPLE = join(import.meta.dirname, '../../src/sample');
const CUR = join(SAMPLE, 'aws/cur/data/BILLING_PERIOD=2026-01/kiro-00001.csv');

describe('a table without rows says so', () => {
  it.each([
    [['optimize', '--where', 'user_id=nobody'], 'No seats to show in 2026-01.'],
    [
      ['chargeback', '--cur', join(SAMPLE, 'aws/cur'), '--where', 'cost_center=none'],
      'Nothing to show in 2026-01.',
    ],
    [['invoice', '--columns', 'tier', '--where', 'tier=none'], 'Nothing to show in 2026-01.'],
    [
      ['reconcile', '--cur', join(SAMPLE, 'aws/cur'), '--columns', 'verdict'],
      'Nothing to show in 2026-01.',
    ],
    [
      ['forecast', '--as-of', '2026-01-20', '--where', 'user_id=nobody'],
      'No seats and no usage of those asked for in 2026-01.',
    ],
  ])('%s', async (args, what) => {
    const run = await runMain([...args, '--month', '2026-01', '--data', SAMPLE]);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(what);
    expect(run.status, run.stderr).toBe(0);
  });
});

describe('an input without anything in it is bad input', () => {
  it('a CUR that is its header alone', async () => {
    await withDirectory({}, async (directory) => {
      const file = join(directory, 'empty.csv');
      const header = readFileSync(CUR, 'utf8').split('\n')[0];
      await writeFile(file, `${header}\n`);
      const run = await runMain(['reconcile', '2026-01', '--data', SAMPLE, '--cur', file]);
      expect([run.status, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toContain('the CUR has no rows at all: is it the right file?');
    });
  });

  it('a folder without files that can hold people', async () => {
    await withDirectory({ 'people/notes.txt': 'none' }, async (directory) => {
      const people = join(directory, 'people');
      const run = await runMain(['import', 'users', people, '-o', join(directory, 'out')]);
      expect([run.status, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toContain(
        `${people}: the folder has no .json, .csv or .xlsx file in it\n`,
      );
    });
  });
});

/** A seat from 2026-01 on, with a row of usage in so many months. */
function monthsOfUsage(count: number, until?: string): Record<string, string> {
  const rows = Array.from({ length: count }, (_, index) => {
    const [year, month] = [2026 + Math.floor(index / 12), 1 + (index % 12)];
    return `${year}-${String(month).padStart(2, '0')}-05,p1,ann,1`;
  });
  return {
    'subscriptions.csv': subscriptionsCsv(`p1,user,ann,Pro,2026-01-01${until ? `,${until}` : ''}`),
    'usage.csv': usageCsv(...rows),
  };
}

const NOW = { now: new Date('2029-06-15T12:00:00Z') };

describe('many months are not listed one by one', () => {
  it('where a month that is asked for has nothing in it', async () => {
    const noteOf = async (files: Record<string, string>): Promise<string | undefined> => {
      const { stderr } = await runInProcess(['invoice', '2029-01'], files, NOW);
      return /no seats and no usage in 2029-01; (.*)/.exec(stderr)?.[1];
    };
    const twelve = Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}`);
    expect(await noteOf(monthsOfUsage(12, '2026-12-31'))).toBe(
      `the data hold ${twelve.join(', ')}`,
    );
    expect(await noteOf(monthsOfUsage(13, '2027-01-31'))).toBe(
      'the data hold months from 2026-01 to 2027-01',
    );
  });

  it('by check, which counts those before the newest 24', async () => {
    const { stdout } = await runInProcess(['check'], monthsOfUsage(30, '2028-06-30'), NOW);
    const months = stdout.split('\n').filter((line) => /^ {2}\d{4}-\d\d +\d+ seats?,/.test(line));
    expect(months).toHaveLength(24);
    expect(months.at(-1)).toMatch(/^ {2}2029-05 +0 seats, no usage$/);
    expect(stdout).toMatch(/\n {2}7 earlier months with usage\n {2}2026-08 /);
  });
});

it('activity reports stand beside files that are none, which are counted', async () => {
  const report = 'Date,UserId,ProfileId,Client_Type,Credits_Used\n2026-01-15,ann,p1,KIRO_IDE,1\n';
  await withDirectory(
    { 'r/a.csv': report, 'r/b.csv': 'x,y\n1,2\n', 'r/c.csv': 'z\n1\n' },
    async (directory) => {
      await mkdir(join(directory, 'data'));
      await cp(join(SAMPLE, 'subscriptions.csv'), join(directory, 'data/subscriptions.csv'));
      const data = ['--data', join(directory, 'data'), '--usage', join(directory, 'r')];
      const { stderr } = await runMain(['invoice', '2026-01', ...data]);
      expect(stderr).toContain('b.csv and 1 other file skipped: next to activity reports');
    },
  );
});
