import { WrongUsage } from '../domain/problem.ts';

/** Our commands, each with what other programs call it. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  '--version': ['version'],
  invoice: ['bill', 'billing', 'cost', 'costs', 'usage', 'list', 'show'],
  explain: ['why'],
  reconcile: ['diff', 'compare', 'verify'],
  check: ['validate', 'lint', 'doctor'],
  rates: ['prices', 'pricing'],
  init: ['new'],
  completion: ['autocomplete', 'completions'],
  help: ['man'],
};

/** Our options, in the same way. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '--version (and --timings says what a run does)': ['-v'],
  '--version': ['-version'],
  '--timings': ['--verbose'],
  '--data': ['--data-dir', '--datadir', '--dir'],
  '--data, or an option for each file, such as --usage': ['--input'],
  '--month': ['--period', '--date'],
  '--month A..B': ['--to', '--since', '--until'],
  '--month YYYY': ['--year'],
  '--by': ['--group-by', '--groupby', '--view'],
  '--format json': ['--json'],
  '--format': ['--output-format', '--out-format'],
  '--format csv': ['--csv'],
  '--format markdown': ['--markdown', '--md'],
  '--format xlsx, with -o FILE.xlsx': ['--xlsx'],
  '--output': ['--out', '--output-file', '--file'],
  '--sort': ['--order-by'],
  '--top': ['--limit', '--head', '-n'],
  '--where': ['--filter'],
  '--columns': ['--fields', '--select'],
  '--quiet': ['--silent', '-q'],
  '--no-color': ['--nocolor'],
  'the environment variable FORCE_COLOR=1': ['--color'],
  "--where 'account_id = …'": ['--account'],
  "--where 'region = …'": ['--region'],
  "--where 'tier = …'": ['--tier'],
};

/** Answers names from other programs with the name used here: `WrongUsage`. */
export function refuseHabits(args: readonly string[]): void {
  const [command = ''] = args;
  const own = ourName(command.toLowerCase(), COMMANDS);
  if (own !== undefined) {
    throw new WrongUsage(`there is no command ${command}; it is kiro-bill ${own}`);
  }
  for (const arg of args) {
    if (arg === '--') return;
    const [flag = ''] = arg.split('=');
    const option = ourName(flag, OPTIONS);
    if (option !== undefined) {
      throw new WrongUsage(`there is no option ${flag}; here it is ${option}`);
    }
  }
}

function ourName(theirs: string, names: typeof COMMANDS): string | undefined {
  return Object.keys(names).find((ours) => names[ours]?.includes(theirs));
}
