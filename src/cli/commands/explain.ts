import { arranged, isCut } from '../../billing/arrange.ts';
import { billMonths } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Sheet } from '../../domain/sheet.ts';
import type { Story } from '../../render/explain/section.ts';
import { STORY_COLUMNS, storySheet } from '../../render/explain/sheet.ts';
import { type ArrangementOptions, arrangementAsked, isAsItComes } from '../arrangement.ts';
import type { CommandResult, Document } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, periodsToRead } from '../filters.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { groupNamesOf, inputNotes } from '../notes.ts';

interface ExplainOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
}

/** Explains each charge of a user's seats, month by month, with its rule. */
export async function run(context: Context, options: ExplainOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  if (options.user === undefined) {
    throw new WrongUsage('explain needs --user, the id, name or e-mail of whom to explain');
  }
  const arrangement = arrangementAsked(options, STORY_COLUMNS);
  const periods = periodsAsked(options.month, host.now());
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const { billing } = inputs;
  const filters = filtersOf(options, billing);
  const billed = await stopwatch.time('billing', () => billMonths(billing, periods));
  const invoices = billed.map((invoice) => filteredInvoice(invoice, filters));
  const groupNames = groupNamesOf(billing.records);
  const stories = invoices.flatMap(({ seats, period, edition, coverage }) =>
    seats.map(
      (seat): Story => ({
        period,
        edition,
        coverage,
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
    document: {
      sheets: invoices.map((invoice) => arranged(sheetOf(invoice, stories), arrangement)),
      sheetWarnings: invoices.map((invoice) => invoice.warnings),
      sheetCoverage: invoices.map((invoice) => invoice.coverage),
      isPartial: isCut(arrangement),
      drawn: isAsItComes(arrangement) ? drawnStories(stories) : {},
    },
    warnings,
    records: billing.records,
    notes: [
      ...inputNotes(inputs, options),
      ...(months === '' ? [] : [`no seat and no usage of ${options.user.join(', ')} in ${months}`]),
    ],
    finish: inputs.finish,
  };
}

/** The statements of the month's stories as rows. */
function sheetOf({ period, edition }: MonthInvoice, stories: readonly Story[]): Sheet {
  const ofMonth = stories.filter((story) => story.period === period);
  return storySheet(ofMonth, period.month, edition.currency);
}

/** The stories as text to read. */
function drawnStories(stories: readonly Story[]): NonNullable<Document['drawn']> {
  return {
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
  };
}
