import { readFile } from 'node:fs/promises';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';

/** Writes the script with which a shell asks the program, through `complete`, how to complete a line. */
export async function run(
  _context: Context,
  _options: object,
  [shell]: readonly string[],
): Promise<CommandResult> {
  const file = new URL(`../completion/scripts/kiro-bill.${shell?.toLowerCase()}`, import.meta.url);
  const script = await readFile(file, 'utf8');
  return { document: { drawn: { text: () => [script] } } };
}
