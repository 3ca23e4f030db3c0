import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { GUIDE_TOPICS } from '../../src/cli/guide.ts';
import { runMain } from '../support/in-process.ts';
import { wordsOf } from '../support/shown-commands.ts';
import { runHere, runShell } from './run-bin.ts';

const SAMPLE = join(import.meta.dirname, '../../src/sample');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kiro-bill-help-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** A folder as the examples take it: the sample of `init` is in it as my-data, and nothing else. */
async function folderFor(command: string): Promise<string> {
  const folder = join(home, command);
  await cp(SAMPLE, join(folder, 'my-data'), { recursive: true });
  return folder;
}

test('the main help groups the commands by purpose, in 80 columns', async () => {
  const { status, stdout, stderr } = await runMain(['--help'], { columns: 80 });
  expect(status).toBe(0);
  expect(stderr).toBe('');
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  for (const { name, purpose } of COMMANDS) {
    expect(stdout.indexOf(purpose)).toBeLessThan(stdout.indexOf(`\n  ${name} `));
    expect(stdout.indexOf(purpose)).toBeGreaterThan(0);
  }
  expect((await runMain(['help'], { columns: 80 })).stdout).toBe(stdout);
});

test('the main help ends with how to start, also where no command is given', async () => {
  const start =
    /\nHelp:\n {2}help .*\n\nStart:\n {2}# make a sample.*\n {2}kiro-bill init my-data\n[\s\S]*--help\n$/;
  expect((await runMain(['--help'])).stdout).toMatch(start);
  const bare = await runMain([]);
  expect([bare.status, bare.stdout]).toEqual([2, '']);
  expect(bare.stderr).toMatch(start);
});

describe.each(GUIDE_TOPICS)('help %s', (topic) => {
  test('is a page that is wrapped and colored for the terminal', async () => {
    const { status, stdout, stderr } = await runMain(['help', topic], { columns: 72 });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\w/);
    expect(stdout).not.toMatch(/`|^#/m);
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) {
      if (!line.startsWith('    ')) expect(line.length, line).toBeLessThanOrEqual(72);
    }
    const colored = await runMain(['help', topic], { environment: { FORCE_COLOR: '1' } });
    expect(colored.stdout).toContain('\u001b[1m');
  });
});

test('a mistyped topic of help is answered with the nearest', async () => {
  const { status, stderr } = await runMain(['help', 'rulse']);
  expect(status).toBe(2);
  expect(stderr).toContain('there is no command or topic rulse; did you mean rules?');
});

describe.each(COMMANDS.map((command) => [command.name, command] as const))(
  '%s',
  (name, command) => {
    test('--help fits 80 columns, and ends with two or three examples', async () => {
      const { status, stdout, stderr } = await runMain([name, '--help'], { columns: 80 });
      expect(status).toBe(0);
      expect(stderr).toBe('');
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(command.examples.length).toBeGreaterThanOrEqual(2);
      expect(command.examples.length).toBeLessThanOrEqual(3);
      const lines = command.examples.map(
        ([args, what]) => `  # ${what}\n  kiro-bill ${name} ${args}\n`,
      );
      expect(stdout).toMatch(/\nExamples:\n/);
      expect(stdout.endsWith(`Examples:\n${lines.join('')}`)).toBe(true);
      expect((await runMain(['help', name], { columns: 80 })).stdout).toBe(stdout);
    });

    test('every example runs', async () => {
      const folder = await folderFor(name);
      for (const [example] of command.examples) {
        const words = wordsOf(`${name} ${example}`);
        const run =
          words === undefined
            ? await runShell(`kiro-bill ${name} ${example}`, { cwd: folder })
            : await runHere(words, { cwd: folder });
        expect(run.status, `${example}: ${run.stderr}`).toBe(0);
      }
    });
  },
);

test('the built program has the code of each command', async () => {
  for (const { name } of COMMANDS) {
    const code = join(import.meta.dirname, `../../dist/cli/commands/${name}.js`);
    expect(Object.keys(await import(code)), name).toContain('run');
  }
});

test('the example of rates makes a rate card, which no later run takes up unasked', async () => {
  const folder = await folderFor('making-rates');
  const example = COMMANDS.find(({ name }) => name === 'rates')?.examples.at(-1)?.[0];
  await runShell(`kiro-bill rates ${example}`, { cwd: folder });
  const card = await readFile(join(folder, 'my-rates.json'), 'utf8');
  expect(JSON.parse(card)).toHaveProperty('editions');
  expect(await readdir(folder)).not.toContain('rates.json');
});
