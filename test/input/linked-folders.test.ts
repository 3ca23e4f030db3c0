import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
