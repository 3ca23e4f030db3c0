import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXTURES, runBin, runHere, withSample } from './run-bin.ts';

/** Says on standard error whenever the program starts a thread. */
const TELLING = {
  NODE_OPTIONS: `--import "data:text/javascript,process.on('worker', () => console.error('a thread starts'))"`,
};
const HEADER = 'timestamp,profile_id,user_id,credits\n';
const LONG_BYTES = 60 * 1024 * 1024;
const BAD_LINES = [1001, 900_001];

/** As many rows of one length as threads are worth while for, with no number of credits on some lines. */
function longUsage(badLines: readonly number[] = []): Buffer {
  const row = (user: number): string => `2026-01-05T10:00:00Z,virginia,user-${user},0.01\n`;
  const rowBytes = row(0).length;
  const users = Array.from({ length: 7 }, (_, user) => row(user)).join('');
  const rows = Buffer.alloc(rowBytes * Math.ceil(LONG_BYTES / rowBytes), users);
  for (const line of badLines) rows.write('none\n', rowBytes * (line - 1) - 'none\n'.length);
  return Buffer.concat([Buffer.from(HEADER), rows]);
}

describe('threads', () => {
  test('never start for small inputs', async () => {
    const args = ['invoice', '--month', '2026-01', '--data', join(FIXTURES, 'acme')];
    const { status, stderr } = await runBin(args, { environment: TELLING });
    expect(status).toBe(0);
    expect(stderr).not.toContain('a thread starts');
  });

  test('read a long file to the same invoice, however many they are', async () => {
    await withSample(async (data) => {
      await writeFile(join(data, 'usage.csv'), longUsage());
      const args = ['summarize', '--data', data, '--quiet', '--threads'];
      const alone = await runBin([...args, '1'], { environment: TELLING });
      expect(alone).toMatchObject({ status: 0, stderr: '' });
      expect(alone.stdout.trimEnd().split('\n')).toHaveLength(8);
      const together = await runBin([...args, '2'], { environment: TELLING });
      expect(together.stderr).toContain('a thread starts');
      expect(together.stdout).toBe(alone.stdout);
    });
  });

  test('tell what is wrong at the same lines, in the same order', async () => {
    await withSample(async (data) => {
      await writeFile(join(data, 'usage.csv'), longUsage(BAD_LINES));
      const args = ['invoice', '--month', '2026-01', '--data', data, '--threads'];
      const together = await runBin([...args, '2'], { environment: TELLING });
      expect(together.stderr).toContain('a thread starts\n');
      const alone = await runBin([...args, '1']);
      expect(together.stderr.replaceAll('a thread starts\n', '')).toBe(alone.stderr);
      expect(alone.status).toBe(3);
      const places = alone.stderr.matchAll(/usage\.csv:(\d+): credits/g);
      expect([...places].map(([, line]) => Number(line))).toEqual(BAD_LINES);
    });
  });

  test('keep nobody waiting where the run fails before they have work', async () => {
    await withSample(async (data) => {
      const usage = join(data, 'usage.csv');
      await writeFile(usage, HEADER);
      await truncate(usage, LONG_BYTES);
      const args = ['invoice', '--month', '2022-01', '--data', data, '--threads', '2'];
      const { status, stderr } = await runBin(args, { environment: TELLING });
      expect(stderr).toContain('a thread starts');
      expect(stderr).toContain("before the rate card's first edition");
      expect(status).toBe(2);
    });
  });

  test.each(['0', '-1', '1.5', 'many'])('are a number from 1: %s is none', async (threads) => {
    const { status, stderr } = await runHere(['invoice', '--threads', threads]);
    expect(status).toBe(2);
    expect(stderr).toContain('it must be a whole number from 1');
  });
});
