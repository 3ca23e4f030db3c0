import { VIEWS } from '../domain/view.ts';
import type { Context } from './context.ts';
import { CHARGE_FORMATS, INVOICE_FORMATS, STORY_FORMATS } from './formats.ts';
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
      () => option.choice('-b, --by <view>', 'what a row is (user, where not given)', VIEWS),
      option.format(CHARGE_FORMATS),
      option.output,
      option.sort,
      option.top,
      option.strict,
      option.profileFilter,
      option.userFilter,
      option.groupFilter,
      ...option.dataOptions,
      ...option.usageOptions,
      option.skipBadUsage,
    ],
    examples: [
      ['--month 2026-01 --data fixtures/acme', 'the invoice of January, seat by seat'],
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
      option.userFilter,
      option.profileFilter,
      option.format(STORY_FORMATS),
      option.output,
      ...option.dataOptions,
      ...option.usageOptions,
    ],
    examples: [
      ['--month 2026-01 --user "Ana Souza" --data fixtures/acme', 'why Ana is charged what she is'],
      ['--month 2026-01..2026-03 --user ana@example.com', 'her story of a quarter'],
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'check',
    purpose: 'Data:',
    summary: 'all problems in the inputs, nothing billed',
    options: [
      option.format(STORY_FORMATS),
      option.output,
      option.strict,
      ...option.dataOptions,
      ...option.usageOptions,
    ],
    examples: [
      ['--data fixtures/acme', 'is there anything wrong with these files?'],
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
      option.format(INVOICE_FORMATS),
      option.output,
      () => option.dataFileOption('rates'),
      option.dataDirectory,
    ],
    examples: [
      ['--month 2026-01', 'the prices of January 2026'],
      ['--format json -o rates.json', 'a rate card to edit and give back with --rates'],
    ],
    load: () => import('./commands/rates.ts'),
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
];
