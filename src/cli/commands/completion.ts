import { WrongUsage } from '../../domain/problem.ts';
import { nearest } from '../../input/nearest.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';

const SCRIPTS: Readonly<Record<string, () => Promise<string>>> = {
  bash: async () => (await import('../completion/bash.ts')).BASH_SCRIPT,
  zsh: async () => (await import('../completion/zsh.ts')).ZSH_SCRIPT,
  fish: async () => (await import('../completion/fish.ts')).FISH_SCRIPT,
  powershell: async () => (await import('../completion/powershell.ts')).POWERSHELL_SCRIPT,
};

/** Writes the script with which a shell asks the program, through `complete`, how to complete a line. */
export async function run(
  _context: Context,
  _options: object,
  [shell = '']: readonly string[],
): Promise<CommandResult> {
  const script = await scriptFor(shell);
  return { document: { drawn: { text: () => [script] } } };
}

async function scriptFor(shell: string): Promise<string> {
  const load = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (load !== undefined) return load();
  const shells = Object.keys(SCRIPTS);
  const near = nearest(shell, shells);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new WrongUsage(`completion ${shell}: it must be one of ${shells.join(', ')}${hint}`);
}
