/** The README shows what the program prints: each block that begins with `$ kiro-bill` is run. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const SETTINGS = { environment: { COLUMNS: '100' } };
/** The folder that a reader has made with `init`. */
const OWN_DATA = 'my-data';
/** Stands for one or more lines left out. */
const LEFT_OUT = '…';

interface Block {
  readonly command: string;
  readonly lines: readonly string[];
}

const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const BLOCKS: readonly Block[] = [
  ...README.matchAll(/^```text\n\$ kiro-bill (.*)\n([\s\S]*?)^```$/gm),
].map(([, command = '', text = '']) => ({ command, lines: linesOf(text) }));

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** The words of a command line, with fixtures and own data where they are on this machine. */
function wordsOf(command: string, ownData: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => {
    const word = quoted ?? bare;
    if (word === OWN_DATA) return ownData;
    return word.startsWith('fixtures/') ? join(ROOT, word) : word;
  });
}

async function putInPlace(file: string, right: string, wrong: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text.split(right)).toHaveLength(2);
  await writeFile(file, text.replace(right, wrong));
}

/** What the command prints; `check` is shown on a sample with two mistakes. */
function printed(command: string): Promise<string[]> {
  return withDirectory({}, async (directory) => {
    const ownData = join(directory, OWN_DATA);
    await runMain(['init', ownData], SETTINGS);
    if (command.startsWith('check ')) {
      await putInPlace(join(ownData, 'subscriptions.csv'), 'u-dora,Pro,', 'u-dora,Por+,');
      await putInPlace(join(ownData, 'usage.csv'), ',1250.75,', ',"1,250.75",');
    }
    const { stdout } = await runMain(wordsOf(command, ownData), SETTINGS);
    return linesOf(stdout.replaceAll(ownData, OWN_DATA).replaceAll(`${ROOT}/`, ''));
  });
}

/** `actual`, with what each line `…` of `shown` stands for left out in the same way. */
function shortened(actual: readonly string[], shown: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const [index, line] of shown.entries()) {
    if (line !== LEFT_OUT) {
      result.push(...actual.slice(at, at + 1));
      at += 1;
      continue;
    }
    const next = shown[index + 1];
    const end = next === undefined ? actual.length : actual.indexOf(next, at);
    if (end <= at) break;
    result.push(LEFT_OUT);
    at = end;
  }
  return [...result, ...actual.slice(at)];
}

describe('the README', () => {
  it('shows output', () => {
    expect(BLOCKS.length).toBeGreaterThanOrEqual(6);
    expect(README.match(/^\$ kiro-bill /gm)).toHaveLength(BLOCKS.length);
  });

  it.each(BLOCKS.map(({ command, lines }) => [command, lines] as const))(
    'is true of kiro-bill %s',
    async (command, lines) => {
      expect(shortened(await printed(command), lines)).toEqual(lines);
    },
  );
});

describe("the README's page on AWS's files alone", () => {
  const [, page = ''] = /^## With AWS's files alone\n([\s\S]*?)^## /m.exec(README) ?? [];
  const lines = page.replaceAll(/ \\\n */g, ' ').matchAll(/^ *kiro-bill (.*)$/gm);
  const steps = [...lines].map(([, command = '']) => command);

  it('leads from two folders to a reconciled month, command by command', async () => {
    await withDirectory({}, async (directory) => {
      const made = join(directory, 'acme-data');
      const outputs: string[] = [];
      for (const step of steps) {
        const words = wordsOf(step, '').map((word) => (word === 'acme-data' ? made : word));
        const { status, stdout } = await runMain(words, SETTINGS);
        expect(status, step).toBe(step.startsWith('reconcile') ? 1 : 0);
        outputs.push(stdout);
      }
      expect(steps.map((step) => step.split(' ')[0])).toEqual([
        ...['import', 'import', 'check', 'invoice', 'reconcile'],
      ]);
      expect(outputs.at(-1)).toMatch(/\nUnexplained +\$0\.00\n$/);
      const subscriptions = await readFile(join(made, 'subscriptions.csv'), 'utf8');
      expect(subscriptions).toContain('in the CUR of');
    });
  });
});

describe('the commands that the README shows', () => {
  let commands: string[];

  beforeAll(async () => {
    const { stdout } = await runMain(['--help']);
    commands = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
  });

  it('are all that there are, each with its section', () => {
    const listed = [...README.matchAll(/^\| \[`([a-z]+)`\]\(#([a-z]+)\) \|/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual(commands.sort());
    for (const [, , anchor] of listed) expect(README).toContain(`\n### ${anchor}\n`);
  });
});
