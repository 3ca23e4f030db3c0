import type { Context } from './context.ts';
import { COMMON_FORMATS, INVOICE_FORMATS } from './formats.ts';
import type { ExitStatus } from './host.ts';
import * as option from './options.ts';

/** What a command can be for; the main help lists them in this order. */
export type Purpose = 'Bill:' | 'Compare:' | 'Plan:' | 'Data:';

/**
 * One command: dispatch, help, completion and suggestions read it here. Its code is loaded
 * only when it runs.
 */
export interface CommandSpec {
  readonly name: string;
  /** Its operands, as help shows them: `<dir>`. */
  readonly operands?: string;
  readonly purpose: Purpose;
  readonly summary: string;
  readonly options: readonly option.OptionSource[];
  /** Command lines behind `kiro-bill NAME`, with what they are for. */
  readonly examples: readonly (readonly [args: string, what: string])[];
  readonly load: () => Promise<CommandModule>;
}

export interface CommandModule {
  /** Runs the command with its operands and parsed options; gives the exit status. */
  run(context: Context, options: never, operands: readonly string[]): Promise<ExitStatus>;
}

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'invoice',
    purpose: 'Bill:',
    summary: 'what each seat and profile is charged',
    options: [
      option.months,
      option.view,
      option.format(INVOICE_FORMATS),
      option.output,
      option.sort,
      option.top,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['--month 2026-01 --data my-data', 'the invoice of January, seat by seat'],
      ['--month 2026-01..2026-03 --by cost_center -o q1.csv', 'a quarter by cost center, as CSV'],
      ['--month last --by user --top 10 --sort overage_charge', 'the ten dearest overages'],
    ],
    load: () => import('./commands/invoice.ts'),
  },
  {
    name: 'explain',
    purpose: 'Bill:',
    summary: 'the way to each charge of a user, with its rule',
    options: [
      option.months,
      option.format(COMMON_FORMATS),
      option.output,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['--month 2026-01 --user "Ana Souza" --data my-data', 'why Ana is charged what she is'],
      ['-m 2026-01..2026-03 --user ana@example.com --data my-data', 'her story of a quarter'],
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'report',
    purpose: 'Bill:',
    summary: 'one self-contained page to look at or send',
    options: [option.month, option.output, option.strict, ...option.filters, ...option.inputs],
    examples: [
      ['--month 2026-03 --data fixtures/acme -o march.html', 'March as a page, with its charts'],
      ['--month 2026-01 --user ana@example.com -o ana.html', 'the seats of one user alone'],
    ],
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'optimize',
    purpose: 'Plan:',
    summary: 'the cheapest tier for each seat',
    options: [
      option.month,
      option.monthsCounted,
      option.overageAsked,
      option.minSaving,
      option.format(COMMON_FORMATS),
      option.output,
      option.sort,
      option.topSavings,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['--month 2026-03 --data fixtures/acme', 'who is on the wrong tier, and who is idle'],
      ['--months 3 --min-saving 10 -o savings.csv', 'what three months say, as CSV'],
      ['--overage on --top 10', 'the ten highest savings if overage were on everywhere'],
    ],
    load: () => import('./commands/optimize.ts'),
  },
  {
    name: 'forecast',
    purpose: 'Plan:',
    summary: 'where the running month will end',
    options: [
      option.forecastMonth,
      option.asOf,
      option.budget,
      option.format(COMMON_FORMATS),
      option.output,
      option.sort,
      option.topForecasts,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['--as-of 2026-03-20 --data fixtures/acme', 'where March will end, seen from the 20th'],
      ['--budget 5000', 'exit with 1 when the forecast passes 5,000'],
      ['--top 10 -o forecast.csv', 'the ten dearest seats, as CSV'],
    ],
    load: () => import('./commands/forecast.ts'),
  },
  {
    name: 'reconcile',
    purpose: 'Compare:',
    summary: "our invoice against AWS's own bill",
    options: [
      option.month,
      option.cur,
      option.tolerance,
      option.onlyDifferences,
      option.format(COMMON_FORMATS),
      option.output,
      option.sort,
      option.topDifferences,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      [
        '-m 2026-03 -d fixtures/acme --cur fixtures/acme-aws/cur',
        "March, seat by seat, against AWS's Cost and Usage Report",
      ],
      [
        '--cur cur/ --only-differences -o differences.csv',
        'what differs in the last month, as CSV',
      ],
      ['--cur cur.parquet --tolerance 0.05', 'five cents are no difference'],
    ],
    load: () => import('./commands/reconcile.ts'),
  },
  {
    name: 'summarize',
    purpose: 'Data:',
    summary: 'usage reduced to a small mergeable file',
    options: [
      option.summarizedMonths,
      option.format(['csv']),
      option.output,
      option.strict,
      option.profileFilter,
      option.userFilter,
      ...option.inputs,
    ],
    examples: [
      ['--data my-data -o summary.csv', 'all usage, one row per seat and stretch of a month'],
      ['--month 2026-01 --usage my-data/usage.csv', 'one month of the files named'],
    ],
    load: () => import('./commands/summarize.ts'),
  },
  {
    name: 'sql',
    purpose: 'Data:',
    summary: 'the same reduction, on an engine that scales out',
    options: [
      option.sqlEngine,
      option.sqlSource,
      option.sqlTable,
      option.sqlPath,
      option.output,
      ...option.dataOptions,
    ],
    examples: [
      ['--engine duckdb --path "usage/*.csv" -o summary.sql', 'for DuckDB, over CSV files'],
      ['-e athena --table logs.kiro_usage --data my-data', 'for Athena, over a table'],
      ['-e spark --from activity --path s3://bucket/reports/', 'activity reports, in Spark'],
    ],
    load: () => import('./commands/sql.ts'),
  },
  {
    name: 'check',
    purpose: 'Data:',
    summary: 'all problems in the inputs, nothing billed',
    options: [
      option.format(COMMON_FORMATS),
      option.output,
      option.strict,
      ...option.dataOptions,
      ...option.usageOptions,
    ],
    examples: [
      ['--data my-data', 'is there anything wrong with these files?'],
      ['--usage - < usage.csv', 'check usage from another program'],
      ['--format json', 'the problems, for a program'],
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'rates',
    purpose: 'Data:',
    summary: 'the rate card in force',
    options: [
      option.month,
      option.format(COMMON_FORMATS),
      option.output,
      option.ratesFile,
      option.dataDirectory,
    ],
    examples: [
      ['--month 2026-01', 'the prices of January 2026'],
      ['--format json -o my-rates.json', 'a rate card to edit and give back with --rates'],
    ],
    load: () => import('./commands/rates.ts'),
  },
  {
    name: 'import',
    operands: '<activity|cur> <path>',
    purpose: 'Data:',
    summary: "a data directory from AWS's own files",
    options: [option.importTarget, option.force],
    examples: [
      [
        'activity fixtures/acme-aws/bucket -o acme-data',
        'seats and overage, from activity reports',
      ],
      ['cur fixtures/acme-aws/cur -o acme-data', "add the idle seats, from AWS's bill"],
    ],
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'init',
    operands: '<dir>',
    purpose: 'Data:',
    summary: 'a small sample data directory to start from (never overwrites)',
    options: [],
    examples: [
      ['my-data', 'make the folder my-data with sample files'],
      ['my-data && kiro-bill invoice --month 2026-01 --data my-data', 'and bill it'],
    ],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'completion',
    operands: '<bash|zsh|fish>',
    purpose: 'Data:',
    summary: 'shell completion',
    options: option.valueOptions,
    examples: [
      ['bash > kiro-bill.bash', 'a script to source in ~/.bashrc'],
      ['zsh > _kiro-bill', 'a script for a folder of $fpath'],
      ['fish > kiro-bill.fish', 'a script for ~/.config/fish/completions'],
    ],
    load: async () => (await import('./commands/completion.ts')).completionOf(COMMANDS),
  },
];
