import { arranged, isAsItComes, isCut } from '../../billing/arrange.ts';
import { livesAround, livesWithin } from '../../billing/held-tier.ts';
import type { Billing } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { groupBy } from '../../domain/grouping.ts';
import { profileTitle } from '../../domain/ids.ts';
import { shortInstantText } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { Story } from '../../render/explain/section.ts';
import { STORY_COLUMNS, storySheet } from '../../render/explain/sheet.ts';
import { visible } from '../../render/terminal.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { CommandResult, Document } from '../command-result.ts';
import type { Context } from '../context.ts';
import { billedMonths, type FilterOptions, type Filters, periodsToRead } from '../filters.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { closingLine, completenessNotes, tierNotes } from '../notes.ts';

interface ExplainOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
}

/** Explains each charge of a user's seats, month by month, with its rule. */
export async function run(context: Context, options: ExplainOptions): Promise<CommandResult> {
  const { host } = context;
  if (options.user === undefined) {
    throw new WrongUsage('explain needs --user, the id, name or e-mail of whom to explain');
  }
  const periods = periodsAsked(options.month, host.now());
  const arrangement = arrangementAsked(options, STORY_COLUMNS);
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const { billing } = inputs;
  const { filters, shown: invoices } = await billedMonths(options, billing, periods, context);
  const { groups } = billing.records;
  const stories = invoices.flatMap(({ seats, period, edition, coverage }) =>
    seats.map(
      (seat): Story => ({
        period,
        edition,
        coverage,
        seat,
        groups,
        next: nextMonth(billing, seat, period),
      }),
    ),
  );
  return {
    document: {
      sheets: invoices.map(({ period, edition }) => {
        const ofMonth = stories.filter((story) => story.period === period);
        return arranged(storySheet(ofMonth, period.month, edition.currency), arrangement);
      }),
      months: invoices,
      isPartial: isCut(arrangement),
      drawn: isAsItComes(arrangement) ? drawnStories(stories) : {},
    },
    inputs,
    notes: [
      ...emptyNotes(options.user, invoices, ({ period }) => livesText(billing, filters, period)),
      ...completenessNotes(invoices, inputs),
      ...tierNotes(invoices, inputs),
    ],
    closing: closingLine(invoices),
  };
}

/** A note for the months without anything to explain, with what is known of the seats otherwise. */
function emptyNotes(
  users: readonly string[],
  invoices: readonly MonthInvoice[],
  known: (invoice: MonthInvoice) => string,
): string[] {
  const empty = invoices.filter(({ seats }) => seats.length === 0);
  return [...groupBy(empty, known)].map(([text, ofText]) => {
    const months = ofText.map(({ period }) => period.month).join(', ');
    return `no seat and no usage of ${users.join(', ')} in ${months}${text}`;
  });
}

/** `: the seat in Acme Europe ended at 2026-01-10`, of seats that live before or after the month. */
function livesText(
  { seats }: Billing,
  { userIds = new Set(), profileIds }: Filters,
  period: BillingPeriod,
): string {
  const asked = [...seats]
    .filter(([profileId]) => profileIds?.has(profileId) ?? true)
    .flatMap(([, ofProfile]) => [...userIds].flatMap((userId) => ofProfile.get(userId) ?? []));
  const texts = asked.flatMap(({ profile, sources }) => {
    if (sources.some((source) => livesWithin(source, period))) return [];
    const { ended, begins } = livesAround(sources, period);
    const times = [
      ...(ended === undefined ? [] : [`ended at ${shortInstantText(ended)}`]),
      ...(begins === undefined ? [] : [`begins at ${shortInstantText(begins)}`]),
    ];
    return [`the seat in ${visible(profileTitle(profile))} ${times.join(' and ')}`];
  });
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

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
