import type { CommandSpec } from './command-spec.ts';
import { INVOICE_FORMATS, ROW_FORMATS } from './formats.ts';
import * as option from './options.ts';

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'invoice',
    about: 'month',
    purpose: 'Bill:',
    summary: 'what each seat and profile is charged',
    answers:
      'What is each seat and profile charged, and why is the sum what it is? Each charge line names its rule; all views add up to the same cent.',
    formats: INVOICE_FORMATS,
    options: [
      option.months,
      option.dataDirectory,
      option.view,
      option.output,
      option.focusVersion,
      ...option.rows('the highest charges'),
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['2026-01 --data my-data', 'the invoice of January, seat by seat'],
      ['2026-01 --data my-data --by cost_center -o january.xlsx', 'by cost center, as a workbook'],
      [
        '2025-12..2026-01 -d my-data --sort overage_charge --top 10',
        'the ten highest overages of each of two months',
      ],
    ],
    load: () => import('./commands/invoice.ts'),
  },
  {
    name: 'explain',
    about: 'user',
    purpose: 'Bill:',
    summary: 'why a user is charged what they are',
    answers:
      'Why is a user charged what they are? Shows where the seat comes from, which tier it held when, how its credits were counted, and the rule of each charge.',
    formats: ROW_FORMATS,
    options: [option.months, option.dataDirectory, ...option.rowsOfSeats()],
    examples: [
      ['"Ana Souza" --month 2026-01 --data my-data', 'why Ana is charged what she is'],
      [
        'ben@example.com -m 2025-12..2026-01 -d my-data -f markdown',
        "two months of Ben's, to paste into a ticket",
      ],
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'trend',
    about: 'month',
    purpose: 'Compare:',
    summary: 'how the months compare, side by side',
    answers:
      'How do the months compare, and what changed since the one before? One row per profile (or any other view), one column per month.',
    formats: ROW_FORMATS,
    options: [
      option.trendMonths,
      option.dataDirectory,
      option.trendView,
      option.measure,
      ...option.rowsOfSeats('the highest totals'),
    ],
    examples: [
      ['--month 2025-12..2026-02 --data my-data', 'what each profile was charged, month by month'],
      [
        '-m 2025-Q4..2026-01 -d my-data -b cost_center,tier --of seats',
        'the number of seats by cost center and tier',
      ],
    ],
    load: () => import('./commands/trend.ts'),
  },
  {
    name: 'report',
    about: 'month',
    purpose: 'Bill:',
    summary: 'the month on one page to look at or send',
    answers:
      'What happened this month, and what needs a look? Writes one HTML page that loads nothing: totals, what changed, where to save, charts, and all seats.',
    formats: ['html'],
    options: [
      option.months,
      option.dataDirectory,
      option.pageOutput,
      option.cur,
      option.budgetLine,
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['2026-01 --data my-data -o january.html', 'January as a page, with its charts'],
      [
        '2025-12..2026-01 --data my-data --budget 400 -o months.html',
        'January, with the trend of two months and a budget',
      ],
      ['2026-01 --data my-data --cur my-data/aws/cur -o january.html', "with what AWS's bill says"],
    ],
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'optimize',
    about: 'month',
    purpose: 'Plan:',
    summary: 'the cheapest tier for each seat',
    answers:
      'Which tier would have been the cheapest for each seat, with the usage it had? Idle seats come first, then downgrades, then upgrades that unblock usage.',
    formats: ROW_FORMATS,
    options: [
      option.optimizedMonth,
      option.dataDirectory,
      option.monthsCounted,
      option.overageAsked,
      option.minSaving,
      ...option.rowsOfSeats('the highest savings'),
    ],
    examples: [
      ['2026-01 --data my-data', 'who is on the wrong tier, and who is idle'],
      ['2026-01 --data my-data --min-saving 10 -o savings.csv', 'savings of 10 and more, as CSV'],
      ['2026-01 --data my-data --overage on', 'the same, as if overage were on everywhere'],
    ],
    load: () => import('./commands/optimize.ts'),
  },
  {
    name: 'forecast',
    about: 'month',
    purpose: 'Plan:',
    summary: 'where the running month will end',
    answers:
      'Where will the running month end, who will use up their allowance and when, and will the budget hold?',
    formats: ROW_FORMATS,
    options: [
      option.forecastMonth,
      option.dataDirectory,
      option.asOf,
      option.budget,
      ...option.rowsOfSeats('the highest forecast charges'),
    ],
    examples: [
      ['--as-of 2026-01-20 --data my-data', 'where January will end, as known on the 20th'],
      [
        '--as-of 2026-01-20 --data my-data --budget 500',
        'exit with 1 when the forecast passes 500',
      ],
      [
        '--as-of 2026-01-20 --data my-data --top 3 -o forecast.csv',
        'the three most expensive seats, as CSV',
      ],
    ],
    load: () => import('./commands/forecast.ts'),
  },
  {
    name: 'reconcile',
    about: 'month',
    purpose: 'Compare:',
    summary: "how AWS's own bill differs from the invoice",
    answers:
      "How does AWS's own bill differ from our invoice, seat by seat, and why? Each differing seat is listed with its likely reason; a bridge explains the rest.",
    formats: ROW_FORMATS,
    options: [
      option.month,
      option.dataDirectory,
      option.cur,
      option.tolerance,
      option.onlyDifferences,
      ...option.rowsOfSeats('the greatest differences'),
    ],
    examples: [
      [
        '2026-01 --data my-data --cur my-data/aws/cur',
        "January, against AWS's Cost and Usage Report",
      ],
      ['2026-01 -d my-data --cur my-data/aws/cur -o bill.xlsx', 'the same as a workbook'],
      [
        '2026-01 -d my-data --cur my-data/aws/cur --tolerance 0.05',
        'differences of up to five cents are ignored',
      ],
    ],
    load: () => import('./commands/reconcile.ts'),
  },
  {
    name: 'chargeback',
    about: 'month',
    purpose: 'Compare:',
    summary: "AWS's bill, spread over cost centers to the cent",
    answers:
      "What does each cost center owe, so that the sum is AWS's bill to the cent? Discounts, credits and tax are spread in proportion to the charges.",
    formats: ROW_FORMATS,
    options: [
      option.month,
      option.dataDirectory,
      option.cur,
      option.chargebackView,
      ...option.rowsOfSeats('the highest charges'),
    ],
    examples: [
      ['2026-01 --data my-data --cur my-data/aws/cur', 'what to charge each cost center'],
      ['2026-01 -d my-data --cur my-data/aws/cur --by user', 'the same seat by seat'],
    ],
    load: () => import('./commands/chargeback.ts'),
  },
  {
    name: 'summarize',
    about: 'month',
    purpose: 'Data:',
    summary: 'usage reduced to a small mergeable file',
    answers:
      'How do I keep usage as a small file? Writes one row per seat and month (or part of one between overage changes), which --usage takes back: the bill is the same.',
    formats: ['csv', 'xlsx'],
    options: [
      option.summarizedMonths,
      option.dataDirectory,
      option.output,
      ...option.rows(),
      option.strict,
      ...option.filters,
      ...option.inputs,
    ],
    examples: [
      ['2026-01 --data my-data -o january.csv', 'a month, with warnings of days without usage'],
      ['--data my-data --usage my-data/usage.csv', 'all usage of the files named'],
    ],
    load: () => import('./commands/summarize.ts'),
  },
  {
    name: 'sql',
    purpose: 'Data:',
    summary: 'SQL that sums usage in DuckDB, Athena or Spark',
    answers:
      'How do I sum usage where it is, when it is too large for one machine? Writes a statement whose result is a usage summary, for invoice --usage.',
    formats: ['sql'],
    options: [
      option.sqlEngine,
      option.sqlTable,
      option.dataDirectory,
      option.sqlPath,
      option.sqlSource,
      option.sqlText,
      option.sqlFileColumn,
      option.sqlMonths,
      option.sqlReportedCredits,
      option.sqlOutput,
      option.strict,
      ...option.dataFiles,
    ],
    examples: [
      [
        '--engine athena --table logs.kiro_usage --data my-data',
        'for Athena, over a table with typed columns',
      ],
      [
        '-e duckdb --path my-data/usage.csv -d my-data -o summary.sql',
        'for DuckDB, over CSV files',
      ],
      [
        '-e spark --from activity --path s3://bucket/reports/ -d my-data',
        "for Spark, over AWS's activity reports",
      ],
    ],
    load: () => import('./commands/sql.ts'),
  },
  {
    name: 'check',
    about: 'data',
    purpose: 'Data:',
    summary: 'all problems in the inputs, nothing billed',
    answers:
      'Is anything wrong with my files? Lists all problems with file, line and column and what to do about them; bills nothing. Exits with 1 when there are problems.',
    formats: ROW_FORMATS,
    options: [
      option.dataDirectory,
      option.output,
      ...option.rows(),
      option.strict,
      ...option.dataFiles,
      ...option.usageOptions,
    ],
    examples: [
      ['my-data', 'is there anything wrong with these files?'],
      ['--data my-data --usage - < my-data/usage.csv', 'check usage from another program'],
      ['my-data --format json', 'the problems, for a program'],
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'rates',
    about: 'month',
    purpose: 'Data:',
    summary: 'the rate card in force',
    answers:
      'Which prices are in force? Shows the rate card of a month, or writes it as a file to edit and give back with --rates.',
    formats: ROW_FORMATS,
    options: [
      option.month,
      option.dataDirectory,
      option.output,
      ...option.rows(),
      option.strict,
      option.ratesFile,
    ],
    examples: [
      ['2026-01', 'the prices of January 2026'],
      ['2026-01 --format json -o my-rates.json', 'a rate card to edit and give back with --rates'],
    ],
    load: () => import('./commands/rates.ts'),
  },
  {
    name: 'import',
    operands: [option.operand('<activity|cur|subscriptions|users>'), option.operand('<path...>')],
    purpose: 'Data:',
    summary: "a data directory from AWS's own files, and people from any system",
    answers:
      "How do I make a data directory from AWS's files? Infers seats, tiers, overage, names and groups from all files imported so far, and lists what they cannot tell. Your edits are kept.",
    options: [
      option.importTarget,
      option.force,
      option.costCenterTag,
      option.importedReportedCredits,
      option.listDay,
      option.listProfile,
      option.strict,
    ],
    examples: [
      [
        'activity my-data/aws/reports -o aws-data',
        'seats, tiers and overage, from activity reports',
      ],
      ['cur my-data/aws/cur -o aws-data', "the idle seats and the ends of seats, from AWS's bill"],
      [
        'users my-data/aws/identity-store -o aws-data',
        'names, e-mails and groups, from Identity Center',
      ],
    ],
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'init',
    operands: [option.operand('<dir>')],
    purpose: 'Data:',
    summary: 'a sample to start from: a data directory, or a workbook (never overwrites)',
    answers:
      "What do the files look like? Makes a small sample: a data directory, with AWS's files of the same company in aws/, or a workbook where the name ends in .xlsx. Never overwrites anything.",
    options: [],
    examples: [
      ['sample', 'make the folder sample with sample files'],
      ['book.xlsx', 'the same as a workbook, to edit in a spreadsheet program'],
    ],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'completion',
    operands: [option.operand('<bash|zsh|fish|powershell>')],
    purpose: 'Data:',
    summary: 'shell completion',
    answers:
      'How do I get completion in my shell? Prints a script that completes commands, options, months, profiles, users and groups.',
    options: [],
    examples: [
      ['bash > kiro-bill.bash', 'a script to source in ~/.bashrc'],
      ['zsh > _kiro-bill', 'a script for a folder of $fpath'],
      ['fish > kiro-bill.fish', 'a script for ~/.config/fish/completions'],
    ],
    load: () => import('./commands/completion.ts'),
  },
];
