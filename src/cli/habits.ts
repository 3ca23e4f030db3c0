import { WrongUsage } from '../domain/problem.ts';

/** Names that other programs use for our commands and options. */
const COMMANDS: Readonly<Record<string, string>> = {
  version: '--version',
  bill: 'invoice',
  billing: 'invoice',
  cost: 'invoice',
  costs: 'invoice',
  usage: 'invoice',
  list: 'invoice',
  show: 'invoice',
  why: 'explain',
  diff: 'reconcile',
  compare: 'reconcile',
  verify: 'reconcile',
  validate: 'check',
  lint: 'check',
  doctor: 'check',
  prices: 'rates',
  pricing: 'rates',
  new: 'init',
  autocomplete: 'completion',
  completions: 'completion',
  man: 'help',
};

const OPTIONS: Readonly<Record<string, string>> = {
  '-v': '--version (and --timings says what a run does)',
  '-version': '--version',
  '--verbose': '--timings',
  '--data-dir': '--data',
  '--datadir': '--data',
  '--dir': '--data',
  '--input': '--data, or an option for each file, such as --usage',
  '--period': '--month',
  '--to': '--month A..B',
  '--since': '--month A..B',
  '--until': '--month A..B',
  '--date': '--month',
  '--year': '--month YYYY',
  '--group-by': '--by',
  '--groupby': '--by',
  '--view': '--by',
  '--json': '--format json',
  '--output-format': '--format',
  '--out-format': '--format',
  '--csv': '--format csv',
  '--markdown': '--format markdown',
  '--md': '--format markdown',
  '--xlsx': '--format xlsx, with -o FILE.xlsx',
  '--out': '--output',
  '--output-file': '--output',
  '--file': '--output',
  '--order-by': '--sort',
  '--limit': '--top',
  '--head': '--top',
  '-n': '--top',
  '--filter': '--where',
  '--fields': '--columns',
  '--select': '--columns',
  '--silent': '--quiet',
  '-q': '--quiet',
  '--nocolor': '--no-color',
  '--color': 'the environment variable FORCE_COLOR=1',
  '--account': "--where 'account_id = …'",
  '--region': "--where 'region = …'",
  '--tier': "--where 'tier = …'",
};

/** Answers names from other programs with the name used here: `WrongUsage`. */
export function refuseHabits(args: readonly string[]): void {
  const [command = ''] = args;
  const own = Object.hasOwn(COMMANDS, command.toLowerCase())
    ? COMMANDS[command.toLowerCase()]
    : undefined;
  if (own !== undefined) {
    throw new WrongUsage(`there is no command ${command}; it is kiro-bill ${own}`);
  }
  for (const arg of args) {
    if (arg === '--') return;
    const [flag = ''] = arg.split('=');
    if (Object.hasOwn(OPTIONS, flag)) {
      throw new WrongUsage(`there is no option ${flag}; here it is ${OPTIONS[flag]}`);
    }
  }
}
