import { billMonths } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Story } from '../../render/explain/section.ts';
import type { CommandResult, Document } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, periodsToRead } from '../filters.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { groupNamesOf, inputNotes } from '../notes.ts';

interface ExplainOptions extends InputOptions, FilterOptions {
  readonly month: string;
}

/** Tells the story of a user's seats, month by month: the way to each charge, with its rule. */
export async function run(context: Context, options: ExplainOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  if (options.user === undefined) {
    throw new WrongUsage('explain needs --user, the id, name or e-mail of whom to explain');
  }
  const periods = periodsAsked(options.month, host.now());
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
  const warnings = invoices.flatMap((invoice) => invoice.warnings);
  const untold = invoices.filter(({ seats }) => seats.length === 0);
  const months = untold.map(({ period }) => period.month).join(', ');
  return {
    document: storyDocument(stories),
    warnings,
    notes: [
      ...inputNotes(inputs, options),
      ...(months === '' ? [] : [`no seat and no usage of ${options.user.join(', ')} in ${months}`]),
    ],
    finish: inputs.finish,
  };
}

/** The stories as each format tells them. */
function storyDocument(stories: readonly Story[]): Document {
  return {
    drawn: {
      csv: async (look) => {
        const { explainCsv } = await import('../../render/explain/csv.ts');
        return explainCsv(stories, look);
      },
      json: async () => {
        const { explainJson } = await import('../../render/explain/json.ts');
        return [explainJson(stories)];
      },
      markdown: async () => {
        const { explainMarkdown } = await import('../../render/explain/markdown.ts');
        return [explainMarkdown(stories)];
      },
      table: async (look) => {
        const { explainText } = await import('../../render/explain/text.ts');
        return [stories.map((story) => explainText(story, look)).join('\n')];
      },
    },
  };
}
