import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALICE, curCsv, fee } from '../aws/cur-rows.ts';
import { runMain, runOnce, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';
import { ACME, reportOf, reportPage } from './making.ts';
import { figure, partOf, tableRows, textOf } from './page-reader.ts';

const CUR = join(import.meta.dirname, '../../fixtures/acme-aws/cur');
const MARCH = ['--data', ACME, '--month', '2026-03', '--cur', CUR];

type Rows = Readonly<Record<string, string>>[];

interface Reconciled {
  readonly rows: Rows;
  readonly bridge: Rows;
}

async function reconciled(args: string[]): Promise<Reconciled> {
  const { stdout } = await runOnce(['reconcile', ...args, '--format', 'json']);
  return JSON.parse(stdout) as Reconciled;
}

/** The two tables of the part on AWS's bill: the bridge, and the seats that differ. */
function tables(page: string): [bridge: string, seats: string] {
  const part = partOf(page, 'aws');
  const end = part.indexOf('</table>');
  return [part.slice(0, end), part.slice(end)];
}

describe('what AWS says is what reconcile says', () => {
  test('the way to its total, step by step', async () => {
    const { page, status, stderr } = await reportPage(MARCH);
    const { bridge } = await reconciled(MARCH);
    expect(status).toBe(1);
    expect(stderr).toContain("AWS's bill: 2,139 Kiro rows from 4 files. 8 of 43 seats differ");
    const amounts = tableRows(tables(page)[0]).map((row) => figure(row.Amount));
    const steps = bridge
      .filter(({ item, amount }) => /total/.test(item as string) || amount !== '0.00')
      .map(({ amount }) => amount);
    expect(amounts).toEqual(steps);
    expect(textOf(partOf(page, 'aws'))).toContain(
      'AWS bills $2,240.06 for March 2026, $62.52 more than this page. 8 of 43 seats differ (+$48.06); what belongs to no seat, such as tax and discounts, is +$14.46.',
    );
    expect(textOf(partOf(page, 'answer'))).toContain('AWS’s bill$2,240.068 of 43 seats differ');
  });

  test('each seat that differs, with its likely reason', async () => {
    const { page } = await reportPage(MARCH);
    const { rows } = await reconciled(MARCH);
    const differing = rows.filter(({ verdict }) => verdict !== 'match');
    const shown = tableRows(tables(page)[1]).map((row) => ({
      user: (row.User as string).split('\n')[0],
      reason: row['Likely reason'],
      difference: figure(row.Difference),
    }));
    expect(shown).toHaveLength(differing.length);
    for (const { user_name: user, reason, difference } of differing) {
      expect(shown).toContainEqual({ user, reason, difference });
    }
    const sizes = shown.map(({ difference }) => Math.abs(Number(difference)));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  test('of the seats shown, where some are filtered out', async () => {
    const args = [...MARCH, '--group', 'grp-backend'];
    const { page } = await reportPage(args);
    const { bridge } = await reconciled(args);
    const amounts = tableRows(tables(page)[0]).map((row) => figure(row.Amount));
    expect(amounts.at(-1)).toBe(bridge.find(({ item }) => item === 'aws_total')?.amount);
  });
});

test('without a bill there is no such part', async () => {
  const { page, status } = await reportPage(['--data', ACME, '--month', '2026-03']);
  expect(page).not.toContain('What AWS says');
  expect(status).toBe(0);
});

const FILES = {
  'profiles.csv': profilesCsv('p1,111122223333,us-east-1'),
  'subscriptions.csv': subscriptionsCsv(`p1,user,${ALICE},Pro,2025-11-01`),
  'usage.csv': usageCsv(`2026-02-05,p1,${ALICE},1`),
  'bill.csv': curCsv([
    fee(ALICE, 'Pro', '20', { bill_billing_period_start_date: '2026-02-01T00:00:00.000Z' }),
  ]),
  'kiro-bill.json': '{"cur": "bill.csv"}',
};

test('a bill that the settings name is compared, too; of a month that it lacks a note says so', async () => {
  const february = await reportOf(FILES);
  expect(february.status).toBe(0);
  expect(textOf(partOf(february.page, 'aws'))).toContain(
    'AWS bills $20.00 for February 2026, as much as this page. 1 seat matches.',
  );
  const january = await reportOf(FILES, ['--month', '2026-01']);
  expect(january.status).toBe(0);
  expect(january.stderr).toContain("note: AWS's bill has no Kiro row in 2026-01");
  expect(january.page).not.toContain('What AWS says');
});

test('a bill that lacks the month is refused where it was asked for, and no page is written', async () => {
  await withDirectory(FILES, async (directory) => {
    const { status, stderr } = await runMain([
      ...['report', '--data', directory, '--month', '2026-01'],
      ...['--cur', join(directory, 'bill.csv'), '-o', join(directory, 'page.html')],
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('the CUR has no rows of 2026-01, only of 2026-02');
  });
});
