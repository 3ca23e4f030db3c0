import type { Option } from 'commander';
import { FORECAST_COLUMNS } from '../../billing/forecast/sheet.ts';
import { OPTIMIZE_COLUMNS } from '../../billing/optimize/sheet.ts';
import { viewColumns } from '../../billing/views.ts';
import type { Column } from '../../domain/sheet.ts';
import { VIEWS } from '../../domain/view.ts';
import { SEAT_COLUMNS } from '../../reconcile/reconciliation-sheets.ts';
import { type CommandSpec, optionsOf } from '../command-spec.ts';
import { generalOptions, type OptionSource } from '../options.ts';
import type { DataValues } from './values.ts';

/** What can be completed in one place. */
export type Completion =
  | { readonly kind: 'file' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'words';
      readonly words: readonly string[];
      /** Values that are asked of the data directory while the line is completed. */
      readonly data?: DataValues;
    };

export interface CompletedOption {
  readonly short?: string;
  readonly long: string;
  readonly description: string;
  /** Missing where the option takes no value. */
  readonly value?: Completion;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly operands: readonly Completion[];
}

/** All that the scripts of every shell are written from. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  /** The flags, long and short, that tell where the data are: the values are asked with them. */
  readonly inputFlags: readonly string[];
  /** The flags, long and short, behind which a word is their value and no operand. */
  readonly valuedFlags: readonly string[];
}

const HELP: CompletedOption = { short: '-h', long: '--help', description: 'this help' };
const VERSION: CompletedOption = { short: '-V', long: '--version', description: 'the version' };

/** The command list, seen by what can be completed where. `inputs` are the options of `values:`. */
export function completionModel(
  specs: readonly CommandSpec[],
  inputs: readonly OptionSource[],
): CompletionModel {
  const commands = specs.map(completedCommand);
  const help: CompletedCommand = {
    name: 'help',
    summary: 'the help of a command',
    options: [],
    operands: [{ kind: 'words', words: commands.map(({ name }) => name) }],
  };
  const valued = commands
    .flatMap(({ options }) => options)
    .filter(({ value }) => value !== undefined);
  return {
    commands: [...commands, help],
    options: [HELP, VERSION],
    inputFlags: inputs.flatMap((source) => flagsOf(completedOption(source(), ''))),
    valuedFlags: [...new Set(valued.flatMap(flagsOf))],
  };
}

/** The ways to write an option, the short one first. */
export function flagsOf({ short, long }: CompletedOption): string[] {
  return short === undefined ? [long] : [short, long];
}

function completedCommand(spec: CommandSpec): CompletedCommand {
  const { name, summary, operands = '' } = spec;
  const all = [...optionsOf(spec).map((source) => source()), ...generalOptions()];
  const shown = all.filter(({ hidden }) => !hidden);
  return {
    name,
    summary,
    options: [...shown.map((option) => completedOption(option, name)), HELP],
    operands: placeholders(operands).map(placeholderCompletion),
  };
}

function completedOption(option: Option, command: string): CompletedOption {
  const [placeholder] = placeholders(option.flags);
  const long = option.long ?? option.short ?? option.flags;
  return {
    ...(option.short === undefined || option.short === long ? {} : { short: option.short }),
    long,
    description: option.description,
    ...(placeholder === undefined
      ? {}
      : { value: valueCompletion(option, long, placeholder, command) }),
  };
}

/** The names between `<` and `>`. */
function placeholders(flags: string): string[] {
  return [...flags.matchAll(/<([^>]+)>/g)].map(([, name = '']) => name);
}

const DATA_VALUES: Readonly<Record<string, Completion>> = {
  '--month': { kind: 'words', words: ['last', 'current'], data: 'month' },
  '--profile': { kind: 'words', words: [], data: 'profile' },
  '--group': { kind: 'words', words: [], data: 'group' },
};

function valueCompletion(
  option: Option,
  long: string,
  placeholder: string,
  command: string,
): Completion {
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  const columns = long === '--sort' ? SORT_COLUMNS[command] : undefined;
  if (columns !== undefined) return { kind: 'words', words: namesOf(columns) };
  return DATA_VALUES[long] ?? placeholderCompletion(placeholder);
}

/** What a command sorts by; of `invoice` the columns of all views: which one, another option tells. */
const SORT_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  invoice: VIEWS.flatMap(viewColumns),
  optimize: OPTIMIZE_COLUMNS,
  forecast: FORECAST_COLUMNS,
  reconcile: SEAT_COLUMNS,
};

function namesOf(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ name }) => name))];
}

function placeholderCompletion(placeholder: string): Completion {
  if (placeholder.includes('|')) return { kind: 'words', words: placeholder.split('|') };
  if (/^dir/.test(placeholder)) return { kind: 'directory' };
  return { kind: /^(file|path)/.test(placeholder) ? 'file' : 'none' };
}
