import { Command } from 'commander';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import type { Host } from '../host.ts';
import { type InputOptions, inputChoice } from '../inputs.ts';
import { valueOptions } from '../options.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type Completion,
  type CompletionModel,
  completionModel,
  flagsOf,
} from './model.ts';
import { valuesOfData } from './values.ts';

/** What can complete a word, and what it is for. */
interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** More candidates than this are of no help, and slow in a shell. */
const MOST_CANDIDATES = 500;

/**
 * What completes the last of `words`, which follow the program's name, without quotes. The
 * first line says what else is allowed there: `words` (nothing), `files` or `directories`. Then a
 * candidate a line, with what it is for after a tab: the value alone, where the word is
 * `--option=value`. Never fails: someone is in the middle of a line.
 */
export async function completionAnswer(
  specs: readonly CommandSpec[],
  words: readonly string[],
  host: Host,
): Promise<string> {
  try {
    const model = completionModel(specs, valueOptions);
    const { completion, flags, typed } = placeOf(model, words);
    const candidates = await candidatesOf(completion, typed, words, model, host);
    const all = [...candidates, ...flags].filter(({ value }) => isBegun(value, typed));
    return [kindOf(completion), ...all.slice(0, MOST_CANDIDATES).map(lineOf)]
      .map((line) => `${line}\n`)
      .join('');
  } catch {
    return 'words\n';
  }
}

function isBegun(value: string, typed: string): boolean {
  return value.toLowerCase().startsWith(typed.toLowerCase());
}

function lineOf({ value, description }: Candidate): string {
  return description === undefined ? value : `${value}\t${description}`;
}

function kindOf(completion: Completion): 'words' | 'files' | 'directories' {
  if (completion.kind === 'file') return 'files';
  return completion.kind === 'directory' ? 'directories' : 'words';
}

interface PlaceOnLine {
  readonly completion: Completion;
  /** The options that are allowed there, too. */
  readonly flags: readonly Candidate[];
  /** What is typed of the value. */
  readonly typed: string;
}

const NOTHING: Completion = { kind: 'none' };

function placeOf(model: CompletionModel, words: readonly string[]): PlaceOnLine {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  const command = model.commands.find(({ name }) => name === before[at]);
  if (at < 0) return programPlace(model, current);
  if (command === undefined) return { completion: NOTHING, flags: [], typed: current };
  return commandPlace(command, before.slice(at + 1), current);
}

function programPlace({ commands, options }: CompletionModel, current: string): PlaceOnLine {
  const names = commands.map(({ name, summary }) => ({ value: name, description: summary }));
  const flags = current.startsWith('-') ? flagCandidates(options) : names;
  return { completion: NOTHING, flags, typed: current };
}

function commandPlace(
  { options, operands }: CompletedCommand,
  before: readonly string[],
  current: string,
): PlaceOnLine {
  const valued = (flag: string | undefined): CompletedOption | undefined =>
    options.find((option) => option.value !== undefined && flagsOf(option).includes(flag ?? ''));
  const [, joined, value = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const option = valued(joined ?? before.at(-1));
  if (option?.value !== undefined) {
    return { completion: option.value, flags: [], typed: joined === undefined ? current : value };
  }
  if (current.startsWith('-')) {
    return { completion: NOTHING, flags: flagCandidates(options), typed: current };
  }
  const given = before.filter(
    (word, index) => !word.startsWith('-') && valued(before[index - 1]) === undefined,
  );
  const completion = operands[given.length] ?? NOTHING;
  const isOpen = current === '' && kindOf(completion) === 'words';
  return { completion, flags: isOpen ? flagCandidates(options) : [], typed: current };
}

function flagCandidates(options: readonly CompletedOption[]): Candidate[] {
  return options.map(({ long, description }) => ({ value: long, description }));
}

/** The values allowed here; in a list, after the values typed before. */
async function candidatesOf(
  completion: Completion,
  typed: string,
  words: readonly string[],
  model: CompletionModel,
  host: Host,
): Promise<Candidate[]> {
  if (completion.kind !== 'words') return [];
  const { words: fixed, data, separator } = completion;
  const held = data === undefined ? [] : await heldValues(data, words, model, host);
  const end = separator === undefined ? -1 : typed.lastIndexOf(separator);
  const lead = end < 0 ? '' : typed.slice(0, end + (separator ?? '').length);
  return [...fixed, ...held].map((value) => ({ value: `${lead}${value}` }));
}

/** What the data directory on the line holds; nothing where there is none. */
async function heldValues(
  kind: Parameters<typeof valuesOfData>[0],
  words: readonly string[],
  model: CompletionModel,
  host: Host,
): Promise<string[]> {
  try {
    const { locateInputs } = await import('../../input/data-directory.ts');
    const options = inputOptions(words.slice(0, -1), model, host);
    return await valuesOfData(kind, await locateInputs(inputChoice(options, { host } as Context)));
  } catch {
    return [];
  }
}

/** The options of the line that say where the data are. */
function inputOptions(
  words: readonly string[],
  { inputFlags }: CompletionModel,
  { environment }: Host,
): InputOptions {
  const home = (path: string): string =>
    path === '~' || path.startsWith('~/') ? `${environment.HOME ?? '~'}${path.slice(1)}` : path;
  const given = words.flatMap((word, index) => {
    const [flag = '', ...value] = word.split('=');
    if (!inputFlags.includes(flag)) return [];
    if (value.length > 0) return [`${flag}=${home(value.join('='))}`];
    const next = words[index + 1];
    return next === undefined ? [] : [flag, home(next)];
  });
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const source of valueOptions) command.addOption(source());
  return command.parse(given, { from: 'user' }).opts() as InputOptions;
}
