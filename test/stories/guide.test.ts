/** What the pages of `help TOPIC` show runs as it stands, in a folder where nothing else is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GUIDE_TOPICS } from '../../src/cli/guide.ts';
import { commandsIn, inReadersFolder, runShown } from '../support/shown-commands.ts';

const GUIDE = join(import.meta.dirname, '../../src/guide');
const LONGEST = 150;
/** As wide as an indented line may be where it is no command: those are not wrapped. */
const WIDEST = 80;

// The first run loads the whole program, which takes its time on a busy machine.
describe.each(GUIDE_TOPICS)('the page %s', { timeout: 90_000 }, async (topic) => {
  const page = await readFile(join(GUIDE, `${topic}.md`), 'utf8');
  const lines = page.split('\n');
  const indented = lines.filter((line) => line.startsWith('    '));
  const commands = commandsIn(indented);

  it(`has less than ${LONGEST} lines, its tables at most ${WIDEST} columns`, () => {
    expect(lines.length).toBeLessThan(LONGEST);
    for (const line of indented) {
      if (commandsIn([line]).length === 0) expect(line.length, line).toBeLessThanOrEqual(WIDEST);
    }
  });

  it('has commands that run, one after the other', async () => {
    expect(commands.length).toBeGreaterThan(0);
    await inReadersFolder(async () => {
      if (!commands.includes('init my-data')) await runShown('init my-data');
      for (const command of commands) {
        const { status, stderr } = await runShown(command);
        // A forecast may pass its budget, a bill may differ.
        expect([0, 1], `${command}: ${stderr}`).toContain(status);
        expect(stderr, command).not.toContain('error:');
      }
    });
  });

  it('names other pages of the guide, and commands, that there are', () => {
    for (const [, name = ''] of page.matchAll(/kiro-bill help ([a-z]+)/g)) {
      expect(GUIDE_TOPICS).toContain(name);
    }
  });
});
