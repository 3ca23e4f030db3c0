import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { LastingStream } from '../../src/cli/streams.ts';
import { runShell, withSample } from './run-bin.ts';

/** Usage without a seat is a warning, which `--strict` makes 1. */
async function addWarning(data: string): Promise<void> {
  await appendFile(join(data, 'usage.csv'), '2026-01-05,virginia,nobody,1\n');
}

describe('a closed standard error', () => {
  test.each([
    ['invoice 2026-01 -o out.csv --skip-bad-usage bad.csv', 0],
    ['invoice 2026-01 -o out.csv --skip-bad-usage bad.csv --strict', 1],
    ['invoice 2026-01 --users missing.csv', 3],
    ['invoice 2026-01 --nonsense', 2],
    ['nonsense', 2],
  ])('changes neither files nor the status of: %s', async (line, status) => {
    await withSample(async (data) => {
      await addWarning(data);
      const run = await runShell(`kiro-bill ${line} 2>&1 >&2 | true; echo "\${PIPESTATUS[0]}"`, {
        cwd: data,
      });
      expect(run.stdout).toBe(`${status}\n`);
      if (!line.includes('-o')) return;
      expect(await readFile(join(data, 'out.csv'), 'utf8')).toMatch(/^month,.*USD\n$/s);
      expect(await readFile(join(data, 'bad.csv'), 'utf8')).toBe('file,line,reason,row\n');
    });
  });
});

describe('a closed standard output', () => {
  test('changes neither the status nor the file of --skip-bad-usage', async () => {
    await withSample(async (data) => {
      await addWarning(data);
      const line = 'kiro-bill invoice 2026-01 --strict --skip-bad-usage bad.csv';
      const run = await runShell(`${line} | true; echo "\${PIPESTATUS[0]}"`, { cwd: data });
      expect(run.stdout).toBe('1\n');
      expect(await readFile(join(data, 'bad.csv'), 'utf8')).toBe('file,line,reason,row\n');
    });
  });
});

test('a terminal that does not know how wide it is has no width', () => {
  const terminal = Object.assign(new PassThrough(), { columns: 0 });
  expect(new LastingStream(terminal as unknown as NodeJS.WriteStream).columns).toBeUndefined();
});

describe('no stack trace', () => {
  const commands = ['--version', '-V', '--help', 'help', 'help rules', 'invoice --help'];

  test.each(commands)('of %s into a full disk', async (command) => {
    const run = await runShell(`kiro-bill ${command} > /dev/full`);
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: cannot write the output: the disk is full\n',
    });
  });

  test.each(commands)('of %s where nobody reads', async (command) => {
    const run = await runShell(`kiro-bill ${command} | true; echo "\${PIPESTATUS[0]}"`);
    expect(run).toEqual({ status: 0, stdout: '0\n', stderr: '' });
  });
});
