import type { Argument, Option } from 'commander';
import type { CommandResult } from './command-result.ts';
import type { Context } from './context.ts';
import type { Format } from './formats.ts';
import * as option from './options.ts';

/** What a command can be for; the main help lists them in this order. */
export type Purpose = 'Bill:' | 'Compare:' | 'Plan:' | 'Data:';

/** What a command may be about: a month, a user, or a data directory. */
export type BareOption = 'month' | 'user' | 'data';

/**
 * One command: dispatch, help, completion and suggestions read it here. Its code is loaded
 * only when it runs.
 */
export interface CommandSpec {
  readonly name: string;
  readonly operands?: readonly Argument[];
  /** The option whose value may also be given bare, as an operand. */
  readonly about?: BareOption;
  readonly purpose: Purpose;
  /** A line of the main help. */
  readonly summary: string;
  /** What the command answers, in the user's words: the first lines of its own help. */
  readonly answers: string;
  /** How it can write, the first where nothing else is asked; plain text where missing. */
  readonly formats?: readonly Format[];
  readonly options: readonly Option[];
  /** What follows `kiro-bill NAME`, with what it is for; runs in a folder that holds `init`'s my-data. */
  readonly examples: readonly (readonly [args: string, what: string])[];
  readonly load: () => Promise<CommandModule>;
}

interface CommandModule {
  /** Runs the command with its operands and parsed options; writes no output itself. */
  run(context: Context, options: never, operands: readonly string[]): Promise<CommandResult>;
}

/** The operands of a command: what it is about, where that may be given bare. */
export function operandsOf({
  operands = [],
  about,
}: Pick<CommandSpec, 'operands' | 'about'>): readonly Argument[] {
  return about === undefined ? operands : [option.operand(`[${about}]`)];
}

/** All options of a command, with `--format` and its formats before `--output`. */
export function optionsOf({ formats = [], options }: CommandSpec): readonly Option[] {
  const at = formats.length < 2 ? -1 : options.indexOf(option.output);
  const own = at < 0 ? options : options.toSpliced(at, 0, option.format(formats));
  return [...own, ...option.general];
}
