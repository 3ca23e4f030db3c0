import { billMonths } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Story } from '../../render/explain/section.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, periodsToRead } from '../filters.ts';
import { COMMON_FORMATS, type Format, formatAsked } from '../formats.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { groupNamesOf, noteInputs } from '../notes.ts';
import { isForTerminal, tableLook, writeOutput } from '../output.ts';

interface ExplainOptions extends InputOptions, FilterOptions {
  readonly month: string;
  readonly format?: Format;
  readonly strict?: boolean;
}

/** Tells the story of a user's seats, month by month: the way to each charge, with its rule. */
export async function run(context: Context, options: ExplainOptions): Promise<ExitStatus> {
  const { host, messages, stopwatch } = context;
  if (options.user === undefined) {
    throw new WrongUsage('explain needs --user, the id, name or e-mail of whom to explain');
  }
  const periods = periodsAsked(options.month, host.now());
  const format = formatAsked(options, COMMON_FORMATS);
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const { billing } = inputs;
  const filters = filtersOf(options, billing);
  const billed = await stopwatch.time('billing', () => billMonths(billing, periods));
  const invoices = billed.map((invoice) => filteredInvoice(invoice, filters));
  const groupNames = groupNamesOf(billing.records);
  const stories = invoices.flatMap(({ seats, period, edition }) =>
    seats.map(
      (seat): Story => ({
        period,
        edition,
        seat,
        groupNames,
        next: nextMonth(billing, seat, period),
      }),
    ),
  );
  await stopwatch.time('output', async () => {
    await writeOutput(await rendered(format, stories, options, context), options.output, host);
    await inputs.finish();
  });
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  messages.warnings(warnings);
  noteInputs(inputs, options, messages);
  const untold = invoices.filter(({ seats }) => seats.length === 0);
  if (untold.length > 0) {
    const months = untold.map(({ period }) => period.month).join(', ');
    messages.note(`no seat and no usage of ${options.user.join(', ')} in ${months}`);
  }
  return options.strict && warnings.length > 0 ? EXIT.findings : EXIT.done;
}

async function rendered(
  format: Format,
  stories: readonly Story[],
  options: ExplainOptions,
  context: Context,
): Promise<Iterable<string>> {
  switch (format) {
    case 'csv': {
      const { explainCsv } = await import('../../render/explain/csv.ts');
      return explainCsv(stories, { isForTerminal: isForTerminal(options.output, context.host) });
    }
    case 'json': {
      const { explainJson } = await import('../../render/explain/json.ts');
      return [explainJson(stories)];
    }
    case 'markdown': {
      const { explainMarkdown } = await import('../../render/explain/markdown.ts');
      return [explainMarkdown(stories)];
    }
    case 'table':
      return [await text(stories, options, context)];
  }
}

async function text(
  stories: readonly Story[],
  { output }: ExplainOptions,
  context: Context,
): Promise<string> {
  const { explainText } = await import('../../render/explain/text.ts');
  const look = tableLook(output, context);
  return stories.map((story) => explainText(story, look)).join('\n');
}
