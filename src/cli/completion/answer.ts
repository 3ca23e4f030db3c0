import { type Argument, Command, Option } from 'commander';
import { locateInputs } from '../../input/data-directory.ts';
import { type CommandSpec, operandsOf, optionsOf } from '../command-spec.ts';
import { GUIDE_TOPICS } from '../guide.ts';
import type { Host } from '../host.ts';
import { type InputOptions, inputChoice } from '../inputs.ts';
import { dataPaths, operand } from '../options.ts';
import { type Allowed, NOTHING, operandValues, valuesOf } from './allowed.ts';
import { type DataValues, valuesOfData } from './values.ts';

interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** More candidates than this are of no help, and slow in a shell. */
const MOST_CANDIDATES = 500;

/**
 * What completes the last of `words`, which follow the program's name, without quotes; a new one
 * may be a space. The first line says what else is allowed there: `words` (nothing), `files` or
 * `directories`. Then a candidate a line, with what it is for after a tab: the value alone, where the
 * word is `--option=value`. Never fails: someone is in the middle of a line.
 */
export async function completionAnswer(
  specs: readonly CommandSpec[],
  words: readonly string[],
  host: Host,
): Promise<string> {
  try {
    const { allowed, others, typed } = placeOf(completedCommands(specs), words);
    const values = await valuesFor(allowed, typed, words.slice(0, -1), host);
    const begun = typed.toLowerCase();
    const candidates = [...values, ...others].filter(({ value }) =>
      value.toLowerCase().startsWith(begun),
    );
    return [allowed.kind, ...candidates.slice(0, MOST_CANDIDATES).map(lineOf)]
      .map((line) => `${line}\n`)
      .join('');
  } catch {
    return 'words\n';
  }
}

function lineOf({ value, description }: Candidate): string {
  return description === undefined ? value : `${value}\t${description}`;
}

type CompletedCommand = Pick<CommandSpec, 'name' | 'summary' | 'operands' | 'about' | 'options'>;

const HELP = new Option('-h, --help', 'this help');
const VERSION = new Option('-V, --version', 'the version');

/** The commands with all their options, and `help`. */
function completedCommands(specs: readonly CommandSpec[]): readonly CompletedCommand[] {
  const named = [...specs.map(({ name }) => name), ...GUIDE_TOPICS].join('|');
  return [
    ...specs.map((spec) => ({ ...spec, options: [...optionsOf(spec), HELP] })),
    {
      name: 'help',
      summary: 'the help of a command or topic',
      operands: [operand(`<${named}>`)],
      options: [],
    },
  ];
}

interface PlaceOnLine {
  readonly allowed: Allowed;
  /** The options, or commands, that are allowed there, too. */
  readonly others: readonly Candidate[];
  /** What is typed of the value. */
  readonly typed: string;
}

function placeOf(commands: readonly CompletedCommand[], words: readonly string[]): PlaceOnLine {
  const typed = words.at(-1)?.trim() ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  if (at < 0) {
    const names = commands.map(({ name, summary }) => ({ value: name, description: summary }));
    const others = typed.startsWith('-') ? flagsOf([HELP, VERSION]) : names;
    return { allowed: NOTHING, others, typed };
  }
  const command = commands.find(({ name }) => name === before[at]);
  if (command === undefined) return { allowed: NOTHING, others: [], typed };
  return placeIn(command, before.slice(at + 1), typed);
}

function placeIn(command: CompletedCommand, before: readonly string[], typed: string): PlaceOnLine {
  const { name, options } = command;
  const valued = (flag = ''): Option | undefined =>
    options.find(({ required, short, long }) => required && [short, long].includes(flag));
  const [, joined, value = ''] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  const option = valued(joined ?? before.at(-1));
  if (option !== undefined) {
    const ofValue = joined === undefined ? typed : value;
    return { allowed: valuesOf(option, name), others: [], typed: ofValue };
  }
  if (typed.startsWith('-')) return { allowed: NOTHING, others: flagsOf(options), typed };
  const given = before.filter(
    (word, index) => !word.startsWith('-') && valued(before[index - 1]) === undefined,
  );
  const operand = operandsOf(command)[given.length];
  const allowed = operand === undefined ? NOTHING : bareValues(operand, command);
  const isOpen = typed === '' && allowed.kind === 'words';
  return { allowed, others: isOpen ? flagsOf(options) : [], typed };
}

/** What an operand may be: a value of the option, where it takes its place. */
function bareValues(operand: Argument, { name, options }: CompletedCommand): Allowed {
  const option = options.find(({ long }) => long === `--${operand.name()}`);
  return option === undefined ? operandValues(operand) : valuesOf(option, name);
}

function flagsOf(options: readonly Option[]): Candidate[] {
  return options.map(({ long, description }) => ({ value: long ?? '', description }));
}

/** The values allowed here; in a list, after the values typed before. */
async function valuesFor(
  { words = [], data, separator }: Allowed,
  typed: string,
  before: readonly string[],
  host: Host,
): Promise<Candidate[]> {
  // Nothing where there is no data directory.
  const held = data === undefined ? [] : await heldValues(data, before, host).catch(() => []);
  const typedBefore = separator === undefined ? [] : typed.split(separator).slice(0, -1);
  const lead = typedBefore.map((one) => `${one}${separator}`).join('');
  return [...words, ...held].map((value) => ({ value: `${lead}${value}` }));
}

/** What the data directory on the line holds. */
async function heldValues(
  kind: DataValues,
  words: readonly string[],
  host: Host,
): Promise<string[]> {
  const files = await locateInputs(inputChoice(dataOptions(words, host), host));
  return valuesOfData(kind, files, host.now());
}

/** The options of the line that say where the data are. A leading `~` is the home directory. */
function dataOptions(words: readonly string[], { environment }: Host): InputOptions {
  const given = words.map((word) =>
    word.replace(/^(--[^=]+=)?~(?=\/|$)/, (_, flag = '') => `${flag}${environment.HOME ?? '~'}`),
  );
  const command = new Command().helpOption(false).allowUnknownOption().allowExcessArguments();
  command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of dataPaths) command.addOption(option);
  return command.parse(given, { from: 'user' }).opts() as InputOptions;
}
