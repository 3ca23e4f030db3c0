import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALICE, credits, curCsv, fee } from '../aws/cur-rows.ts';
import { runMain, withDirectory } from '../support/in-process.ts';

const FILES = {
  'data/subscriptions.csv':
    'profile_id,principal_type,principal_id,tier,subscribed_at\np,user,u,Pro,2025-11-01\n',
  'data/usage/a.csv': 'timestamp,profile_id,user_id,credits\n2026-01-02,p,u,1.5\n',
};

test('a folder that is linked into the usage folder is walked, once, also in a circle', async () => {
  await withDirectory(FILES, async (directory) => {
    const elsewhere = join(directory, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(
      join(elsewhere, 'b.csv'),
      'timestamp,profile_id,user_id,credits\n2026-01-03,p,u,2.25\n',
    );
    await symlink(elsewhere, join(directory, 'data/usage/linked'));
    await symlink(join(directory, 'data/usage'), join(elsewhere, 'back'));
    const { status, stdout } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'csv', '--quiet'],
      ...['--data', join(directory, 'data')],
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toContain(',Pro,20.00,3.75,');
  });
});

test("AWS's own files are found in linked folders, too, and a broken link is told by its path", async () => {
  const report = (date: string): string =>
    `Date,UserId,Client_Type,Credits_Used,ProfileId,Subscription_Tier\n${date},u,KIRO_IDE,1,arn:aws:codewhisperer:us-east-1:111122223333:profile/P,Pro\n`;
  const files = {
    ...FILES,
    'bucket/a.csv': report('2026-01-02'),
    'cur/a.csv': curCsv([fee(ALICE, 'Pro', '20')]),
    'elsewhere/reports/b.csv': report('2026-01-03'),
    'elsewhere/bill/b.csv': curCsv([credits(ALICE, '1', '0')]),
  };
  await withDirectory(files, async (directory) => {
    const at = (path: string): string => join(directory, path);
    const imported = (...args: string[]) => runMain(['import', ...args, '-o', at('made')]);
    await symlink(at('elsewhere/bill'), at('cur/linked'));
    await symlink(at('cur'), at('elsewhere/bill/back'));
    expect((await imported('cur', at('cur'))).stderr).toContain(
      'Read 2 Kiro rows from 2 files of the CUR.',
    );
    await symlink(at('elsewhere/reports'), at('bucket/linked'));
    await symlink(at('bucket'), at('elsewhere/reports/back'));
    expect((await imported('activity', at('bucket'))).stderr).toContain(
      'Read 2 reports with 2 row',
    );
    await symlink(at('nowhere'), at('cur/gone.csv'));
    const broken = await imported('cur', at('cur'));
    expect(broken.status).toBe(3);
    expect(broken.stderr).toMatch(/gone\.csv: there is no such file/);
  });
});

test('a file that is linked into the usage folder counts once', async () => {
  await withDirectory(FILES, async (directory) => {
    const data = join(directory, 'data');
    await symlink(join(data, 'usage/a.csv'), join(data, 'usage/0-latest.csv'));
    await symlink('a.csv', join(data, 'usage/z.csv'));
    const { status, stdout } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'csv', '--quiet'],
      ...['--data', data],
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toContain(',Pro,20.00,1.50,');
  });
});

test.each([
  ['by the same path', 'data/usage/a.csv'],
  ['by another path', 'data/../data/usage/a.csv'],
  ['by a symbolic link', 'symbolic.csv'],
  ['by a hard link', 'hard.csv'],
  ['by a folder in which it is', 'data/usage'],
])('a usage file that is named twice, %s, counts once', async (_, path) => {
  await withDirectory(FILES, async (directory) => {
    const file = join(directory, 'data/usage/a.csv');
    await symlink(file, join(directory, 'symbolic.csv'));
    await link(file, join(directory, 'hard.csv'));
    const { status, stdout } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'csv', '--quiet'],
      ...['--data', join(directory, 'data'), '--usage', file, '--usage', `${directory}/${path}`],
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toContain(',Pro,20.00,1.50,');
  });
});

test('1,600 folders, one in the other, are walked', async () => {
  await withDirectory(FILES, async (directory) => {
    const deepest = join(directory, 'data/usage', ...Array.from({ length: 1600 }, () => 'd'));
    await mkdir(deepest, { recursive: true });
    await writeFile(
      join(deepest, 'b.csv'),
      'timestamp,profile_id,user_id,credits\n2026-01-03,p,u,2.25\n',
    );
    const { status, stdout } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'csv', '--quiet'],
      ...['--data', join(directory, 'data')],
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toContain(',Pro,20.00,3.75,');
  });
});
