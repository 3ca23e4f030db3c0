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
const [FIRST_BAD, LAST_BAD] = [1001, 900_001];

/** As many rows as threads are worth while for; two of them are bad. */
function longUsage(rows: { readonly bad: boolean }): string {
  const lines: string[] = [];
  let length = HEADER.length;
  for (let line = 2; length < LONG_BYTES; line += 1) {
    const isBad = rows.bad && (line === FIRST_BAD || line === LAST_BAD);
    const second = String(line % 60).padStart(2, '0');
    const row = `2026-01-05T10:00:${second}Z,virginia,user-${line % 7},${isBad ? 'x' : '0.01'}`;
    lines.push(row);
    length += row.length + 1;
  }
  return `${HEADER}${lines.join('\n')}\n`;
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
      await writeFile(join(data, 'usage.csv'), longUsage({ bad: false }));
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
      await writeFile(join(data, 'usage.csv'), longUsage({ bad: true }));
      const args = ['invoice', '--month', '2026-01', '--data', data, '--threads'];
      const together = await runBin([...args, '2'], { environment: TELLING });
      expect(together.stderr).toContain('a thread starts\n');
      const alone = await runBin([...args, '1']);
      expect(together.stderr.replaceAll('a thread starts\n', '')).toBe(alone.stderr);
      expect(alone.status).toBe(3);
      const places = alone.stderr.matchAll(/usage\.csv:(\d+): credits/g);
      expect([...places].map(([, line]) => Number(line))).toEqual([FIRST_BAD, LAST_BAD]);
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
    expect(stderr).toContain('It must be a whole number from 1.');
  });
});
