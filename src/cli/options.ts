import { Argument, Option } from 'commander';
import { type Decimal, decimalFromText, decimalText } from '../domain/decimal.ts';
import { instantFromText, utcDate } from '../domain/instant.ts';
import { WrongUsage } from '../domain/problem.ts';
import {
  CHARGEBACK_VIEWS,
  type Grouping,
  MEASURES,
  ROLL_UPS,
  type RollUpView,
  VIEWS,
  type View,
} from '../domain/view.ts';
import { DATA_FILES, type DataFile } from '../input/data-files.ts';
import { suggestion } from '../input/nearest.ts';
import { SQL_ENGINES, SQL_SOURCES } from '../usage/sql/choices.ts';

/*
 * The options of all commands: each is declared here once, with its values, for parsing, help and
 * completion.
 */

/** What is wrong with the value of an option or operand; `right` says what would do. */
function wrongValue(taker: Option | Argument, value: string, right: string): WrongUsage {
  const option = taker instanceof Option ? `${taker.long} ` : '';
  const blank = taker instanceof Option ? '""' : `<${taker.name()}> ""`;
  return new WrongUsage(`${option}${value === '' ? blank : value}: ${right}`);
}

/** Lists the values, and suggests the most likely one. */
function allowedOf(value: string, allowed: readonly string[]): string {
  return `it must be one of ${allowed.join(', ')}${suggestion(value, allowed)}`;
}

/** What the values of an option or operand are read as; `undefined` is what it must not be. */
function reading<Taker extends Option | Argument>(
  taker: Taker,
  read: (value: string) => unknown,
  right: string,
): Taker {
  taker.argParser((value: string) => {
    const result = read(value);
    if (result === undefined) throw wrongValue(taker, value, right);
    return result;
  });
  return taker;
}

/** An option or operand that takes one of a few words. */
function oneOf<Taker extends Option | Argument>(taker: Taker, values: readonly string[]): Taker {
  taker.argParser((value: string) => {
    const found = values.find((one) => one === value.toLowerCase());
    if (found === undefined) throw wrongValue(taker, value, allowedOf(value, values));
    return found;
  });
  taker.argChoices = [...values];
  return taker;
}

function choice(flags: string, description: string, values: readonly string[]): Option {
  return oneOf(new Option(flags, description), values);
}

/** An operand as help shows it: `<dir>`, or `<bash|zsh>` for one of these words. */
export function operand(text: string): Argument {
  const argument = new Argument(text);
  if (text.includes('|')) return oneOf(argument, argument.name().split('|'));
  // A variable that is not set leaves it blank.
  return reading(argument, (value) => value || undefined, 'it must not be blank');
}

function collected(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`).argParser(collected);
}

/** What an unset variable leaves in place of a path. */
const BLANK_PATH = 'it must be a path, and is blank';

/** The options under a heading of their own in the help. */
function headed(heading: string, options: readonly Option[]): readonly Option[] {
  return options.map((option) => option.helpGroup(heading));
}

/** A file or folder: one, as the first of two would be lost in silence. */
function path(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.argParser((value: string, before?: string) => {
    if (value === '') throw wrongValue(option, value, BLANK_PATH);
    if (before === undefined || before === value) return value;
    throw wrongValue(option, value, `${before} is given for it, too, and it takes one path`);
  });
}

/** A whole number from 1. */
function count(flags: string, description: string): Option {
  const numberOf = (value: string) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined);
  return reading(new Option(flags, description), numberOf, 'it must be a whole number from 1');
}

/** An exact amount, not negative. */
function amount(flags: string, description: string): Option {
  const amountOf = (value: string) =>
    value.trim().startsWith('-') ? undefined : decimalFromText(value.trim());
  const right = 'it must be an amount such as 5000 or 12.50';
  return reading(new Option(flags, description), amountOf, right);
}

function monthOption(description: string): Option {
  return new Option('-m, --month <month>', description);
}

const ONE_MONTH = 'YYYY-MM, last or current';
const SEVERAL_MONTHS = 'YYYY-MM, YYYY, YYYY-Q1, ytd, last, current, or a range of two: A..B';

export const month = monthOption(ONE_MONTH).default('last');

export const optimizedMonth = monthOption(
  `${ONE_MONTH}; without it, the newest complete month with usage on most workdays`,
);

export const months = monthOption(SEVERAL_MONTHS).default('last');

export const summarizedMonths = monthOption(`${SEVERAL_MONTHS}; without it, all months`);

/** What a row is: one of `views`, or two keys of a roll-up; `preset` where it is not given. */
function grouping(preset: View, views: readonly string[]): Option {
  const description = `what a row is, or two keys: KEY,KEY (default: ${preset})`;
  const option = new Option('-b, --by <view>', description);
  option.argParser((value: string) => viewFrom(value.toLowerCase(), views, option));
  option.argChoices = [...views];
  return option;
}

function viewFrom(value: string, views: readonly string[], option: Option): Grouping {
  const keys = value.split(',').map((key) => key.trim());
  const [first = '', second, ...more] = keys;
  if (second === undefined) {
    if (views.includes(first)) return first as View;
    throw wrongValue(option, value, allowedOf(first, views));
  }
  const wrong = keys.find((key) => !ROLL_UPS.some((one) => one === key));
  if (wrong === undefined && more.length === 0 && first !== second) {
    return [first as RollUpView, second as RollUpView];
  }
  const hint = wrong === undefined ? '' : suggestion(wrong, ROLL_UPS);
  const right = `two keys must be two different ones of ${ROLL_UPS.join(', ')}${hint}`;
  throw wrongValue(option, value, right);
}

export const view = grouping('user', VIEWS);

export const trendMonths = monthOption(
  'YYYY, YYYY-Q1, ytd, or a range of two months: A..B; without it, six months up to last',
);

export const trendView = grouping(
  'profile',
  VIEWS.filter((view) => view !== 'line'),
);

export const measure = choice(
  '--of <measure>',
  'what is compared (default: total_charge)',
  MEASURES,
);

export const monthsCounted = count(
  '--months <n>',
  'add up this many months, ending with --month, so that one quiet month decides nothing',
);

export const overageAsked = choice(
  '--overage <switch>',
  'as if overage were on, or off, in all profiles',
  ['on', 'off'],
);

export const minSaving = amount(
  '--min-saving <amount>',
  'leave out smaller savings, except upgrades',
);

export const forecastMonth = monthOption(`${ONE_MONTH}; without it, the month of --as-of`);

export const asOf = reading(
  new Option(
    '--as-of <instant>',
    'look at nothing after this instant or date; without it, the day of the newest usage',
  ),
  (value) => instantFromText(value.trim()),
  'it must be an instant such as 2026-03-20T18:00:00Z, or a date such as 2026-03-20',
);

export const budget = amount('--budget <amount>', 'exit with 1 when the middle forecast passes it');

export const budgetLine = amount('--budget <amount>', 'a line across the chart of the months');

export const cur = path(
  '--cur <path>',
  "AWS's bill: a file or folder of CSV, gz, zip or Parquet (else the settings' cur)",
);

export const chargebackView = choice(
  '-b, --by <view>',
  'what a row is (default: cost_center)',
  CHARGEBACK_VIEWS,
);

/** How far apart two amounts may be and still match, where nothing else is asked. */
export const DEFAULT_TOLERANCE: Decimal = { units: 1n, scale: 2 };

export const tolerance = amount('--tolerance <amount>', 'how far apart two amounts may be').default(
  DEFAULT_TOLERANCE,
  decimalText(DEFAULT_TOLERANCE),
);

export const onlyDifferences = new Option(
  '--only-differences',
  'leave out the seats that match, which a table only counts',
);

export const sqlEngine = choice(
  '-e, --engine <engine>',
  'the engine that the statement is for',
  SQL_ENGINES,
).makeOptionMandatory();

export const sqlSource = choice('--from <usage>', 'what it reads (default: requests)', SQL_SOURCES);

export const sqlTable = new Option(
  '--table <name>',
  'the table to read, with typed columns: table, schema.table, …',
);

export const sqlText = new Option(
  '--text',
  'all columns of the table are text, as those of a table over CSV files',
);

export const sqlFileColumn = new Option(
  '--file-column <name>',
  "the table's column with the path of a report's file, in place of the engine's own",
);

export const sqlMonths = monthOption('only the rows of these months (default: all)');

/** Whether an option takes a range of months. */
export function takesRange(option: Option): boolean {
  return [months, trendMonths, summarizedMonths, sqlMonths].includes(option);
}

const WHERE_OVERAGE = 'where the overage of activity reports is: beside Credits_Used or inside';

function reportedCredits(otherwise: string): Option {
  const description = `${WHERE_OVERAGE} (${otherwise})`;
  return choice('--reported-credits <where>', description, ['beside', 'inside']);
}

export const sqlReportedCredits = reportedCredits('default: beside');

export const importedReportedCredits = reportedCredits(
  'kept in kiro-bill.json; default: as their figures show',
);

export const sqlPath = new Option(
  '--path <path>',
  'CSV files to read: s3://bucket/usage/, or a pattern',
);

export const importTarget = path(
  '-o, --output <dir>',
  'the data directory to make, or to add to',
).makeOptionMandatory();

export const force = new Option('--force', 'write the tables anew, and drop all edits');

export const costCenterTag = new Option(
  '--cost-center-tag <key>',
  "the tag of AWS's bill that has the cost center",
);

export const listDay = reading(
  new Option(
    '--as-of <date>',
    'the day of a list of subscriptions; without it, the day on which the file last changed',
  ),
  (value) => {
    const at = instantFromText(value.trim());
    return at === undefined ? undefined : utcDate(at);
  },
  'it must be a date such as 2026-03-20',
);

export const listProfile = new Option(
  '--profile <id>',
  'whose list of subscriptions it is: an id, or a profile ARN',
);

/** Which seats a command looks at. */
export const filters = headed('Filters:', [
  repeatable('--profile <id>', 'only this profile, by id or name'),
  repeatable('--user <id>', 'only this user, by id, name or e-mail'),
  repeatable('--group <id>', 'only the seats of this group, by id or name'),
  repeatable('--cost-center <name>', 'only the users of this cost center'),
]);

const where = repeatable('--where <condition>', "only rows that match: 'COLUMN OP VALUE'");

const columns = new Option('--columns <list>', 'which columns, in which order: A,B,…');

const sort = new Option(
  '--sort <column>',
  'numbers descending, text ascending; --sort -COLUMN reverses',
);

function top(of: string): Option {
  const what = of === '' ? '' : `; without --sort, those with ${of}`;
  return count('--top <n>', `only the first rows${what}`);
}

/** Which rows and columns a command writes; `topOf` says which rows come first for `--top`. */
export function rows(topOf = ''): readonly Option[] {
  return headed('Rows:', [where, columns, sort, top(topOf)]);
}

export const focusVersion = choice(
  '--focus-version <version>',
  'of --format focus (default: 1.2)',
  ['1.2', '1.4'],
);

/** How to write, as one of the `formats` that the command has. */
export function format(formats: readonly string[]): Option {
  return choice('-f, --format <format>', 'how to write', formats);
}

export const output = path(
  '-o, --output <file>',
  'write to a file; its extension decides the format',
);

/** Where a command has one format, and so one extension. */
export const pageOutput = path(
  '-o, --output <file>',
  'the page to write: a file that ends in .html',
);

export const sqlOutput = path('-o, --output <file>', 'write to a file that ends in .sql');

export const strict = new Option('--strict', 'exit with 1 on warnings');

/** What every command takes. */
export const general = headed('General:', [
  new Option('--quiet', 'no notes and no closing line (warnings stay)'),
  new Option('--no-color', 'no color'),
  new Option('--no-progress', 'no progress while reading'),
  new Option('--timings', 'say what was read, and how long each stage took'),
]);

const DATA_FILE_HELP: Readonly<Record<DataFile, string>> = {
  profiles: 'the profiles',
  users: 'names, e-mails and cost centers',
  groups: 'the groups',
  groupMembers: 'who is in which group, and when',
  subscriptions: 'the subscriptions (required)',
  tierChanges: 'upgrades and downgrades',
  activations: 'when seats were first used',
  overageChanges: 'when overage was switched',
  rates: 'a rate card of your own, as JSON',
};

/** The option that replaces a file of the data directory: its name with `_` written `-`. */
export function dataFileFlag(kind: DataFile): string {
  return `--${DATA_FILES[kind].replace(/\..*$/, '').replaceAll('_', '-')}`;
}

function dataFileOption(kind: DataFile): Option {
  const description = `${DATA_FILE_HELP[kind]}, in place of ${DATA_FILES[kind]}`;
  return path(`${dataFileFlag(kind)} <file>`, description);
}

export const dataDirectory = path(
  '-d, --data <dir>',
  'the data directory, or a workbook (default: KIRO_BILL_DATA, else the current directory)',
);

/** The files of the data directory, one by one. */
export const dataFiles = headed(
  'Input:',
  (Object.keys(DATA_FILES) as DataFile[]).map(dataFileOption),
);

export const ratesFile = dataFileOption('rates').helpGroup('Input:');

const usage = repeatable('--usage <path>', 'a usage file, a folder of them, or -').argParser(
  (value: string, before?: readonly string[]) => {
    if (value === '') throw wrongValue(usage, value, BLANK_PATH);
    return collected(value, before);
  },
);

/** Where a command reads usage from, and how. */
export const usageOptions = headed('Input:', [
  usage,
  reportedCredits('default: as their figures show'),
  new Option('--dedupe', 'count a repeated request_id only once'),
  count(
    '--threads <n>',
    'read with at most this many threads; without it, up to 4, as the cores allow',
  ),
]);

const skipBadUsage = path(
  '--skip-bad-usage <file>',
  'leave out bad usage rows, and write them to this file',
).helpGroup('Input:');

/** Which say where the data are. */
export const dataPaths: readonly Option[] = [dataDirectory, ...dataFiles, usage];

/** What a command that bills reads in place of files of the data directory, and how. */
export const inputs: readonly Option[] = [...dataFiles, ...usageOptions, skipBadUsage];

/** What a command takes that bills, and writes rows of seats; `topOf` as of `rows`. */
export function rowsOfSeats(topOf?: string): readonly Option[] {
  return [output, ...rows(topOf), strict, ...filters, ...inputs];
}
