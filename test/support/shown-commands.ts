/** The command lines that documents show, run as a reader would: in one folder, one after the other. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, runMain, withDirectory } from './in-process.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
/** A line of `kiro-bill`, perhaps with `npx` before it, or after another command of the line. */
const COMMAND = /^(?:npx )?kiro-bill +(.*)$/;
const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/** The command lines of the program in `lines`, without its name, prompts and comments. */
export function commandsIn(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) =>
      line
        .trim()
        .replace(/ +# .*$/, '')
        .split(' && '),
    )
    .flatMap((line) => COMMAND.exec(line)?.[1] ?? []);
}

/** The words of a command line; `undefined` if it needs a shell, for pipes or variables. */
export function wordsOf(command: string): string[] | undefined {
  const words = [...command.matchAll(WORD)];
  if (words.some(([, , , bare = '']) => /[|<>$\\*]/.test(bare))) return undefined;
  return words.map(([, double, single, bare = '']) => double ?? single ?? bare);
}

export function runShown(command: string): Promise<Outcome> {
  const words = wordsOf(command);
  if (words === undefined) throw new Error(`${command} is for a shell`);
  return runMain(words, { environment: { COLUMNS: '100' } });
}

/** Runs `use` in a fresh folder that holds the fixtures, as a clone does. */
export function inReadersFolder<Result>(use: () => Promise<Result>): Promise<Result> {
  return withDirectory({}, async (directory) => {
    await symlink(FIXTURES, join(directory, 'fixtures'));
    const before = process.cwd();
    process.chdir(directory);
    try {
      return await use();
    } finally {
      process.chdir(before);
    }
  });
}
