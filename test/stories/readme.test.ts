/** What the README shows is true: commands run as they stand, and print what it shows. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { GUIDE_TOPICS } from '../../src/cli/guide.ts';
import { commandsIn, inReadersFolder, runShown } from '../support/shown-commands.ts';

const ROOT = join(import.meta.dirname, '../..');
const LONGEST = 220;
/** Stands for one or more lines left out. */
const LEFT_OUT = '…';

const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const blocksOf = (kind: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => linesOf(text),
  );

const SHELL = blocksOf('sh');
const OUTPUTS = blocksOf('text').map(([first = '', ...lines]) => ({
  command: first.replace(/^\$ kiro-bill /, ''),
  lines,
}));
/** The examples in the table of commands. */
const EXAMPLES = [...README.matchAll(/^\| `([a-z]+)` \| .* \| `npx (kiro-bill .*)` \|$/gm)].map(
  ([, name = '', command = '']) => ({ name, command }),
);

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

async function putInPlace(file: string, right: string, wrong: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text.split(right)).toHaveLength(2);
  await writeFile(file, text.replace(right, wrong));
}

/** What the command prints; `check` is shown on a sample with two mistakes. */
function printed(command: string): Promise<string[]> {
  return inReadersFolder(async () => {
    await runShown('init my-data');
    if (command.startsWith('check ')) {
      await putInPlace('my-data/subscriptions.csv', 'u-dora,Pro,', 'u-dora,Por+,');
      await putInPlace('my-data/usage.csv', ',1250.75,', ',"1,250.75",');
    }
    return linesOf((await runShown(command)).stdout);
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

// The first run loads the whole program, which takes its time on a busy machine.
describe('the README', { timeout: 90_000 }, () => {
  it(`can be finished: it has at most ${LONGEST} lines`, () => {
    expect(linesOf(README).length).toBeLessThanOrEqual(LONGEST);
  });

  it.each(OUTPUTS.map(({ command, lines }) => [command, lines] as const))(
    'shows what kiro-bill %s prints',
    async (command, lines) => {
      expect(shortened(await printed(command), lines)).toEqual(lines);
    },
  );

  it('shows the first five lines of subscriptions.csv and usage.csv of the sample', async () => {
    const files = ['subscriptions.csv', 'usage.csv'].map(async (name) => {
      const text = await readFile(join(ROOT, 'src/sample', name), 'utf8');
      return linesOf(text).slice(0, 5);
    });
    expect(blocksOf('csv')).toEqual(await Promise.all(files));
  });

  it('leads from a fresh clone through all its commands, block by block', async () => {
    const commands = commandsIn([...SHELL.flat(), ...EXAMPLES.map(({ command }) => command)]);
    const outputs = new Map<string, string>();
    await inReadersFolder(async () => {
      for (const command of commands) {
        const { status, stdout, stderr } = await runShown(command);
        expect(status, `${command}: ${stderr}`).toBe(0);
        outputs.set(command, stdout);
      }
    });
    expect(outputs.get('reconcile 2026-01 --data aws-data')).toMatch(/\nUnexplained +\$0\.00\n$/);
    expect(commands.length).toBeGreaterThan(30);
  });

  it('has one example of each command, and of no other', () => {
    expect(EXAMPLES.map(({ name }) => name).sort()).toEqual(
      [...COMMANDS.map(({ name }) => name), 'help'].sort(),
    );
    for (const { name, command } of EXAMPLES) expect(command).toContain(`kiro-bill ${name} `);
  });

  it('links to files that are there, and to each page of the guide', async () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    for (const path of links) await access(join(ROOT, path));
    for (const topic of GUIDE_TOPICS) expect(links).toContain(`src/guide/${topic}.md`);
  });
});
