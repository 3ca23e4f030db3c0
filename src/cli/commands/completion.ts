import { WrongUsage } from '../../domain/problem.ts';
import { nearest } from '../../input/nearest.ts';
import type { CommandResult } from '../command-result.ts';
import type { CommandModule, CommandSpec } from '../command-spec.ts';
import type { CompletionModel } from '../completion/model.ts';
import { DATA_VALUES, type DataValues, valuesOfData } from '../completion/values.ts';
import type { Context } from '../context.ts';
import { type InputOptions, inputChoice } from '../inputs.ts';
import { valueOptions } from '../options.ts';

const SCRIPTS: Readonly<Record<string, () => Promise<(model: CompletionModel) => string>>> = {
  bash: async () => (await import('../completion/bash.ts')).bashScript,
  zsh: async () => (await import('../completion/zsh.ts')).zshScript,
  fish: async () => (await import('../completion/fish.ts')).fishScript,
};

/**
 * The command that writes the completion script of a shell, for the commands `specs`. The
 * scripts themselves ask for `values:profile` and the like, which writes the values that
 * the data hold, one a line, and never fails.
 */
export function completionOf(specs: readonly CommandSpec[]): CommandModule {
  return {
    run: async (
      context: Context,
      options: InputOptions,
      [asked = '']: readonly string[],
    ): Promise<CommandResult> => {
      const kind = DATA_VALUES.find((one) => asked === `values:${one}`);
      const isScript = kind === undefined;
      const text = isScript ? await script(asked, specs) : await values(kind, options, context);
      return { document: { drawn: { text: () => [text] } } };
    },
  };
}

async function script(asked: string, specs: readonly CommandSpec[]): Promise<string> {
  const load = Object.hasOwn(SCRIPTS, asked) ? SCRIPTS[asked] : undefined;
  if (load !== undefined) {
    const { completionModel } = await import('../completion/model.ts');
    return (await load())(completionModel(specs, valueOptions));
  }
  const shells = Object.keys(SCRIPTS);
  const near = nearest(asked, shells);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new WrongUsage(`completion ${asked}: it must be one of ${shells.join(', ')}${hint}`);
}

/** Someone is in the middle of a line: whatever is wrong, there is nothing to complete. */
async function values(kind: DataValues, options: InputOptions, context: Context): Promise<string> {
  try {
    const { locateInputs } = await import('../../input/data-directory.ts');
    const found = await valuesOfData(kind, await locateInputs(inputChoice(options, context)));
    return found.map((value) => `${value}\n`).join('');
  } catch {
    return '';
  }
}
