import { Command, CommanderError, type HelpConfiguration, Option } from 'commander';
import { BadInput, WrongUsage } from '../domain/problem.ts';
import { shellWord } from '../domain/shell-word.ts';
import { unexplainedFailure } from '../input/byte-source.ts';
import { nearest } from '../input/nearest.ts';
import {
  type BareOption,
  type CommandSpec,
  operandsOf,
  optionsOf,
  type Purpose,
} from './command-spec.ts';
import { COMMANDS } from './commands.ts';
import { endCommand } from './ending.ts';
import { formatAsked } from './formats.ts';
import { GUIDE_TOPICS, guidePage } from './guide.ts';
import { refuseHabits } from './habits.ts';
import { EXIT, type ExitStatus, type Host, hasColor, widthOf } from './host.ts';
import { Messages, withShortArguments } from './messages.ts';
import { takesRange } from './options.ts';
import { Stopwatch } from './stopwatch.ts';

/** The values of an option and its default, as a person would write them. */
const HELP: HelpConfiguration = {
  styleTitle: (text) => text,
  subcommandTerm: (command) => command.name(),
  optionDescription: ({ description, argChoices, defaultValue, defaultValueDescription }) => {
    const values = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
    const isDefaultShown = defaultValue !== undefined && typeof defaultValue !== 'boolean';
    const preset = isDefaultShown ? ` (default: ${defaultValueDescription ?? defaultValue})` : '';
    return `${description}${values}${preset}`;
  },
};

/** What to do first: the end of the main help. */
const START = `
Start:
  # make a sample, and bill a month of it
  kiro-bill init my-data
  kiro-bill invoice 2026-01 --data my-data
  # what a command can do
  kiro-bill invoice --help`;

const PURPOSES: readonly Purpose[] = ['Bill:', 'Compare:', 'Plan:', 'Data:'];

/** The hidden command by which the scripts of `completion` ask what completes a line. */
const ASKED_BY_SHELLS = 'complete';

/** Answers `complete -- WORDS`, whose last word is completed. PowerShell loses the `--` to a script. */
async function completeLine(given: readonly string[], host: Host): Promise<ExitStatus> {
  const { completionAnswer } = await import('./completion/answer.ts');
  const words = given.slice(given[1] === '--' ? 2 : 1);
  host.stdout.write(await completionAnswer(COMMANDS, words, host));
  return EXIT.done;
}

/** Runs one command line, and gives the status to exit with. Never throws for what a user did. */
export async function main(given: readonly string[], host: Host): Promise<ExitStatus> {
  const status = await runLine(given, host);
  try {
    await host.stdout.flush?.();
    return status;
  } catch (error) {
    return statusOfFailure(error, !given.includes('--no-color'), host, given);
  }
}

async function runLine(given: readonly string[], host: Host): Promise<ExitStatus> {
  if (given[0] === ASKED_BY_SHELLS) return completeLine(given, host);
  let status: ExitStatus = EXIT.done;
  const args = given[0] === 'help' && given.length > 1 ? [...given.slice(1), '--help'] : given;
  const program = programFor(args, host, async (spec, command) => {
    status = await runCommand(spec, command, args, host);
  });
  try {
    const topic = GUIDE_TOPICS.find((one) => given[0] === 'help' && one === given[1]);
    if (topic !== undefined) {
      host.stdout.write(await guidePage(topic, !args.includes('--no-color'), host));
      return EXIT.done;
    }
    refuseHabits(args);
    refuseOptionsFirst(args);
    refuseUnknownCommand(args[0], given[0] === 'help' ? GUIDE_TOPICS : []);
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    return statusOfFailure(error, !args.includes('--no-color'), host, args);
  }
}

const ANSWERS = ['-h', '--help', '-V', '--version'];

/** Options are those of a command, which comes before them. */
function refuseOptionsFirst(args: readonly string[]): void {
  const [first = ''] = args;
  if (!first.startsWith('-') || args.some((arg) => ANSWERS.includes(arg))) return;
  if (nearest(first, ANSWERS) !== undefined) return;
  const isCommand = (arg: string): boolean => COMMANDS.some(({ name }) => name === arg);
  const isValue = (index: number): boolean => /^--?[a-z]/.test(args[index - 1] ?? '');
  const free = args.findIndex((arg, index) => isCommand(arg) && !isValue(index));
  const at = free < 0 ? args.findIndex(isCommand) : free;
  const line = [args[at] ?? 'COMMAND', ...args.filter((_, index) => index !== at)];
  throw new WrongUsage(
    `the command comes first, and its options after it: kiro-bill ${line.map(shellWord).join(' ')} (kiro-bill --help lists the commands)`,
  );
}

/** Before commander sees it: `--help` after a mistyped command would hide the mistake. */
function refuseUnknownCommand(name: string | undefined, topics: readonly string[]): void {
  const names = [...COMMANDS.map((command) => command.name), 'help', ...topics];
  if (name === undefined || name.startsWith('-') || names.includes(name)) return;
  const near = nearest(name, names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  const what = topics.length === 0 ? 'command' : 'command or topic';
  throw new WrongUsage(`there is no ${what} ${name}; ${hint} (kiro-bill --help lists them)`);
}

/** What runs a command, whose options and operands commander has parsed. */
type Run = (spec: CommandSpec, command: Command) => Promise<void>;

function programFor(args: readonly string[], host: Host, run: Run): Command {
  const program = new Command('kiro-bill')
    .description('An exact invoice calculator for Kiro seats.')
    .version(host.version, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .commandsGroup('Help:')
    .helpCommand('help [command|topic]', `help; topics: ${GUIDE_TOPICS.join(', ')}`)
    .addHelpText('after', START)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      // `refusalText` says it.
      outputError: () => {},
      getOutHelpWidth: () => widthOf(host),
      getErrHelpWidth: () => widthOf(host),
      getOutHasColors: () => hasColor(host, host.stdout, true),
      getErrHasColors: () => hasColor(host, host.stderr, true),
    })
    .configureHelp(HELP);
  // Only the help of all lists the other commands, and adding them takes time.
  const asked = COMMANDS.filter(({ name }) => name === args[0]);
  for (const purpose of PURPOSES) {
    for (const spec of asked.length > 0 ? asked : COMMANDS) {
      if (spec.purpose === purpose) addCommand(program, spec, args, run);
    }
  }
  return program;
}

function addCommand(program: Command, spec: CommandSpec, args: readonly string[], run: Run): void {
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.answers)
    .allowExcessArguments(spec.about !== undefined)
    .helpGroup(spec.purpose);
  // The options of the other commands are not needed, and adding them all takes time.
  if (!args.includes(spec.name)) return;
  for (const operand of operandsOf(spec)) command.addArgument(operand);
  for (const option of optionsOf(spec)) command.addOption(option);
  command.addHelpOption(new Option('-h, --help', 'this help').helpGroup('General:'));
  command.addHelpText('after', exampleText(spec));
  command.action(() => run(spec, command));
}

function exampleText({ name, examples }: CommandSpec): string {
  const lines = examples.map(([args, what]) => `  # ${what}\n  kiro-bill ${name} ${args}`);
  return `\nExamples:\n${lines.join('\n')}`;
}

interface GeneralOptions {
  readonly color: boolean;
  readonly progress: boolean;
  readonly quiet?: boolean;
  readonly timings?: boolean;
}

/** Runs the command and reports what failed, after undoing unfinished work. */
async function runCommand(
  spec: CommandSpec,
  command: Command,
  args: readonly string[],
  host: Host,
): Promise<ExitStatus> {
  const options: Record<string, unknown> = command.opts();
  const { color, progress, quiet = false, timings = false } = command.opts<GeneralOptions>();
  const messages = new Messages(host, { color, quiet });
  const stopwatch = new Stopwatch();
  const unfinished: (() => void)[] = [];
  const onInterrupt = (undo: () => void): void => {
    unfinished.push(undo);
    host.onInterrupt(undo);
  };
  try {
    const asked = { ...options, ...bareOption(spec, command) };
    const module = await spec.load();
    const format = formatAsked(asked, spec.formats ?? []);
    const context = { host: { ...host, onInterrupt }, stopwatch, format, color, progress };
    const result = await module.run(context, asked as never, command.args);
    return await endCommand(result, asked, context, messages);
  } catch (error) {
    for (const undo of unfinished) undo();
    return statusOfFailure(error, color, host, args);
  } finally {
    if (timings) for (const line of stopwatch.report()) host.stderr.write(`${line}\n`);
  }
}

/** What a further bare argument was most likely meant to be. */
function hintOfTooMany(about: BareOption, options: readonly Option[]): string {
  switch (about) {
    case 'user':
      return 'put a name with spaces in quotes, and give a month as --month';
    case 'data':
      return 'put a path with spaces in quotes';
    case 'month':
      return options.some(takesRange)
        ? 'several months are a range: A..B'
        : 'ask for one month at a time';
  }
}

/** The value of the option that was given bare; beside that option, or more than one, is `WrongUsage`. */
function bareOption(
  { name, about, options }: CommandSpec,
  command: Command,
): Record<string, unknown> {
  const [value, more] = command.args;
  if (about === undefined || value === undefined) return {};
  if (more !== undefined) {
    const hint = hintOfTooMany(about, options);
    throw new WrongUsage(`${name} ${value} ${more}: ${more} is one too many; ${hint}`);
  }
  if (command.getOptionValueSource(about) === 'cli') {
    throw new WrongUsage(
      `${name} ${value} and --${about} both say the same thing: give one of them`,
    );
  }
  return { [about]: about === 'user' ? [value] : value };
}

/** Why commander refuses a line, in the words of all other messages; nothing where it shows its help. */
function refusalText({ code, message }: CommanderError, name = ''): string | undefined {
  const spec = COMMANDS.find((command) => command.name === name);
  const [, what = ''] = /'(.*?)'/s.exec(message) ?? [];
  const asIn = `, as in: kiro-bill ${name} ${spec?.examples[0]?.[0]}`;
  const operands = (spec ? operandsOf(spec) : []).map((one) => `<${one.name()}>`).join(' ');
  switch (code) {
    case 'commander.unknownOption': {
      const help = ['kiro-bill', spec?.name, '--help'].filter(Boolean).join(' ');
      const [flag = ''] = what.split('=');
      if (isOption(flag)) return `${name} has no option ${flag} (${help} lists those that it has)`;
      const [, near] = /\(Did you mean (.+)\?\)/.exec(message) ?? [];
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      return `there is no option ${what}${hint} (${help} lists them)`;
    }
    case 'commander.missingArgument':
      return `${name} needs ${operands}${asIn}`;
    case 'commander.missingMandatoryOptionValue':
      return `${name} needs ${what}${asIn}`;
    case 'commander.optionMissingArgument':
      return `${what} needs a value${asIn}`;
    case 'commander.excessArguments':
      return `${name} takes ${operands === '' ? 'options alone' : `${operands} and no more`}${asIn}`;
    default:
      return code === 'commander.help' ? undefined : message.replace(/^error: /, '');
  }
}

/** Whether any command has the option: what is spelled right needs no other spelling. */
function isOption(flag: string): boolean {
  return COMMANDS.some((spec) =>
    optionsOf(spec).some(({ long, short }) => flag === long || flag === short),
  );
}

/** What failed becomes a message and a status; a bug of the program shows a stack trace only with DEBUG. */
function statusOfFailure(
  error: unknown,
  color: boolean,
  host: Host,
  args: readonly string[],
): ExitStatus {
  const messages = new Messages(host, { color, quiet: false });
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    const text = refusalText(error, args[0]);
    if (text !== undefined) messages.error(withShortArguments(text, args));
    return EXIT.wrongUsage;
  }
  const badInput = error instanceof BadInput ? error : unexplainedFailure(error);
  if (badInput !== undefined) {
    messages.problems(badInput);
    return EXIT.badInput;
  }
  if (error instanceof WrongUsage) {
    messages.error(withShortArguments(error.message, args));
    return EXIT.wrongUsage;
  }
  const { message, stack } = error as Error;
  messages.error(`kiro-bill failed, which is a fault of its own: ${message}`);
  if (host.environment.DEBUG) host.stderr.write(`${stack}\n`);
  else messages.note('set DEBUG=1 to see where');
  return EXIT.wrongUsage;
}
