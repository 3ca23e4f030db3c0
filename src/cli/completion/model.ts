import type { Option } from 'commander';
import { FORECAST_COLUMNS } from '../../billing/forecast/sheet.ts';
import { OPTIMIZE_COLUMNS } from '../../billing/optimize/sheet.ts';
import { trendColumns } from '../../billing/trend.ts';
import { viewColumns } from '../../billing/views.ts';
import type { Column } from '../../domain/sheet.ts';
import { VIEWS } from '../../domain/view.ts';
import { SEAT_COLUMNS } from '../../reconcile/reconciliation-sheets.ts';
import { STORY_COLUMNS } from '../../render/explain/sheet.ts';
import { PROBLEM_COLUMNS } from '../../render/problems.ts';
import { RATE_COLUMNS } from '../../render/rates.ts';
import { SUMMARY_SHEET_COLUMNS } from '../../usage/summary/summary-columns.ts';
import { type CommandSpec, optionsOf } from '../command-spec.ts';
import { GUIDE_TOPICS } from '../guide-topics.ts';
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
      /** The separator of several of them in one word. */
      readonly separator?: ',' | '..';
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

/** All that a line can be completed from. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  /** The flags, long and short, that say where the data are: values are looked up with them. */
  readonly inputFlags: readonly string[];
}

const HELP: CompletedOption = { short: '-h', long: '--help', description: 'this help' };
const VERSION: CompletedOption = { short: '-V', long: '--version', description: 'the version' };

/** The command list as what can be completed where. `inputs` are the options of `values:`. */
export function completionModel(
  specs: readonly CommandSpec[],
  inputs: readonly OptionSource[],
): CompletionModel {
  const commands = specs.map(completedCommand);
  const help: CompletedCommand = {
    name: 'help',
    summary: 'the help of a command or topic',
    options: [],
    operands: [{ kind: 'words', words: [...commands.map(({ name }) => name), ...GUIDE_TOPICS] }],
  };
  return {
    commands: [...commands, help],
    options: [HELP, VERSION],
    inputFlags: inputs.flatMap((source) => flagsOf(completedOption(source(), ''))),
  };
}

/** The ways to write an option, the short one first. */
export function flagsOf({ short, long }: CompletedOption): string[] {
  return short === undefined ? [long] : [short, long];
}

function completedCommand(spec: CommandSpec): CompletedCommand {
  const { name, summary, operands = '', about } = spec;
  const all = [...optionsOf(spec).map((source) => source()), ...generalOptions()];
  const shown = all.filter(({ hidden }) => !hidden);
  return {
    name,
    summary,
    options: [...shown.map((option) => completedOption(option, name)), HELP],
    operands:
      about === undefined
        ? placeholders(operands).map(placeholderCompletion)
        : [
            about === 'data'
              ? { kind: 'directory' }
              : (DATA_VALUES[`--${about}`] ?? { kind: 'none' }),
          ],
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
  '--month': { kind: 'words', words: ['last', 'current', 'ytd'], data: 'month', separator: '..' },
  '--profile': { kind: 'words', words: [], data: 'profile' },
  '--group': { kind: 'words', words: [], data: 'group' },
  '--user': { kind: 'words', words: [], data: 'user' },
  '--cost-center': { kind: 'words', words: [], data: 'cost center' },
};

function valueCompletion(
  option: Option,
  long: string,
  placeholder: string,
  command: string,
): Completion {
  if (option.argChoices !== undefined) {
    const several = long === '--by' ? { separator: ',' as const } : {};
    return { kind: 'words', words: option.argChoices, ...several };
  }
  if (['--sort', '--columns', '--where'].includes(long)) {
    const words = namesOf(COLUMNS[command] ?? []);
    return { kind: 'words', words, ...(long === '--columns' && { separator: ',' as const }) };
  }
  return DATA_VALUES[long] ?? placeholderCompletion(placeholder);
}

/** The columns of a command; for `invoice` those of all views, as another option selects the view. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  invoice: VIEWS.flatMap(viewColumns),
  explain: STORY_COLUMNS,
  check: PROBLEM_COLUMNS,
  rates: RATE_COLUMNS,
  summarize: SUMMARY_SHEET_COLUMNS,
  trend: VIEWS.flatMap((view) => (view === 'line' ? [] : trendColumns([], view, 'total_charge'))),
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
