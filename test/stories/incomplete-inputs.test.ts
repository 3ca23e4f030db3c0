/** Sets of inputs that are wrong or incomplete, as they come about: each is said, none is billed in silence. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');
const BUCKET = join(import.meta.dirname, '../../fixtures/acme-aws/bucket');
const CUR = join(import.meta.dirname, '../../fixtures/acme-aws/cur');

/** The invoice of Acme in March 2026 by the reports of its bucket, without those of some days. */
async function invoiceWithoutDays(isMissing: (day: string) => boolean) {
  return withDirectory({}, async (directory) => {
    const bucket = join(directory, 'bucket');
    await cp(BUCKET, bucket, { recursive: true });
    for (const path of await readdir(bucket, { recursive: true })) {
      const day = /user_report\/[^/]+\/2026\/03\/(\d\d)$/.exec(path)?.[1];
      if (day !== undefined && isMissing(day)) await rm(join(bucket, path), { recursive: true });
    }
    const args = ['invoice', '--data', ACME, '--usage', bucket, '--month', '2026-03'];
    const { status, stdout } = await runMain([...args, '--format', 'json', '--quiet']);
    const { totals, warnings } = JSON.parse(stdout);
    const ofDays = warnings.filter(({ code }: { code: string }) => code.startsWith('usage-'));
    return { status, total: totals.total_charge, ofDays };
  });
}

describe('activity reports that are not whole', () => {
  test('all of them: nothing to say', async () => {
    expect(await invoiceWithoutDays(() => false)).toEqual({
      status: 0,
      total: '2177.55',
      ofDays: [],
    });
  });

  test('five days deleted', async () => {
    const { total, ofDays } = await invoiceWithoutDays((day) => day >= '10' && day <= '14');
    expect(Number(total)).toBeLessThan(2177);
    expect(ofDays).toEqual([
      {
        code: 'usage-gap',
        month: '2026-03',
        message:
          'there is no usage from 2026-03-10 to 2026-03-13 (4 workdays); give the missing files with --usage',
      },
    ]);
  });

  test('they end on the 20th', async () => {
    const { total, ofDays } = await invoiceWithoutDays((day) => day > '20');
    expect(Number(total)).toBeLessThan(2177);
    expect(ofDays).toEqual([
      {
        code: 'usage-ends',
        month: '2026-03',
        message:
          'usage ends early: there is none from 2026-03-23 to 2026-03-31 (7 workdays); give the missing files with --usage',
      },
    ]);
  });
});

test('a month in the future is billed with a warning, and no forecast is made of it', async () => {
  const future = ['--data', ACME, '--month', '2026-06'];
  const invoice = await runMain(['invoice', ...future, '--format', 'json', '--strict']);
  expect(invoice.status).toBe(1);
  expect(JSON.parse(invoice.stdout).warnings).toContainEqual({
    code: 'month-future',
    month: '2026-06',
    message: 'the month begins only on 2026-06-01',
  });
  const forecast = await runMain(['forecast', ...future]);
  expect([forecast.status, forecast.stdout]).toEqual([2, '']);
});

test('--skip-bad-usage that leaves out all rows is a warning, which --quiet does not hide', async () => {
  const rows = Array<string>(3000).fill('never,p1,u1,1');
  const files = {
    'subscriptions.csv': subscriptionsCsv('p1,user,u1,Pro,2025-11-01'),
    'usage.csv': usageCsv(...rows),
  };
  await withDirectory(files, async (directory) => {
    const skip = ['--skip-bad-usage', join(directory, 'bad.csv'), '--quiet', '--strict'];
    const args = ['invoice', '--data', directory, '--month', '2026-01', ...skip];
    const { status, stderr } = await runMain(args);
    expect(status).toBe(1);
    expect(stderr).toContain('warning: 3,000 bad usage rows of 3,000 left out\n');
  });
});

const HERE = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/';

test('a profile that was made anew is one, by its aliases, in reports and in the bill', async () => {
  const report = (day: string, profile: string): string =>
    `${day},u1,KIRO_IDE,600,0,${HERE}${profile},PRO,1000\n`;
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,ProfileId,Subscription_Tier,Usage_Limit\n';
  const files = {
    'profiles.csv': profilesCsv(`${HERE}NEW,123456789012,us-east-1,,enabled,,${HERE}OLD`),
    'subscriptions.csv': subscriptionsCsv(`${HERE}OLD,user,u1,Pro,2025-11-01`),
    'usage/a.csv': `${header}${report('2026-01-05', 'OLD')}${report('2026-01-20', 'NEW')}`,
  };
  await withDirectory(files, async (directory) => {
    const args = ['invoice', '--data', directory, '--month', '2026-01', '--format', 'csv'];
    const columns = ['--columns', 'profile_id,user_id,credits_used,overage_credits,total_charge'];
    const { stdout } = await runMain([...args, ...columns]);
    expect(stdout.split('\n')[1]).toBe(`${HERE}NEW,u1,1200.00,200.00,28.00`);
  });
});

test('an alias of a profile makes no difference to what AWS billed', async () => {
  const reconciled = async (data: string) =>
    runMain(['reconcile', '--data', data, '--month', '2026-03', '--cur', CUR, '--format', 'csv']);
  await withDirectory({}, async (directory) => {
    await cp(ACME, directory, { recursive: true });
    const path = join(directory, 'profiles.csv');
    const [header, first = '', ...others] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const [id = ''] = first.split(',');
    // The profiles file calls the profile otherwise than all other files do.
    const rows = [`${header},aliases`, `${first.replace(id, `${id}2`)},${id}`];
    await writeFile(path, [...rows, ...others.map((row) => `${row},`), ''].join('\n'));
    const anew = await reconciled(directory);
    const plain = await reconciled(ACME);
    expect(anew.stdout).toContain(`${id}2,`);
    expect([anew.status, anew.stdout.replaceAll(`${id}2`, id)]).toEqual([
      plain.status,
      plain.stdout,
    ]);
  });
});
