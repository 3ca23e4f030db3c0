import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BadUsageFile } from '../../src/cli/bad-usage-file.ts';
import type { Host } from '../../src/cli/host.ts';
import { withDirectory } from '../support/in-process.ts';

const HOST = { onInterrupt: () => {}, now: () => new Date() } as unknown as Host;

function row(bytes: Buffer): Parameters<BadUsageFile['add']>[0] {
  const place = { file: 'usage.csv', line: 2 };
  return { place, problems: [{ ...place, column: 'row', what: 'bad' }], bytes };
}

test('bad rows are written while they come, and none waits in memory', async () => {
  await withDirectory({}, async (directory) => {
    const file = await BadUsageFile.of(join(directory, 'bad.csv'), HOST);
    const bytes = Buffer.alloc(100_000, 'x');
    for (let count = 0; count < 100; count += 1) file.add(row(bytes));
    const [part = ''] = await readdir(directory);
    expect((await stat(join(directory, part))).size).toBeGreaterThan(8_000_000);
    await file.finish();
    expect(await readdir(directory)).toEqual(['bad.csv']);
    expect((await stat(join(directory, 'bad.csv'))).size).toBeGreaterThan(10_000_000);
  });
});

test('a row larger than what is collected keeps its place', async () => {
  await withDirectory({}, async (directory) => {
    const file = await BadUsageFile.of(join(directory, 'bad.csv'), HOST);
    const large = 'y'.repeat(3_000_000);
    for (const text of ['a', large, 'b']) file.add(row(Buffer.from(text)));
    await file.finish();
    const rows = ['a', large, 'b'].map((text) => `usage.csv,2,row: bad,${text}\n`);
    const text = await readFile(join(directory, 'bad.csv'), 'utf8');
    expect(text === `file,line,reason,row\n${rows.join('')}`).toBe(true);
  });
});
