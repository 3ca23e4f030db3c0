import { type Billing, billMonths } from '../../billing/invoice.ts';
import {
  type BillingPeriod,
  billingPeriod,
  billingPeriodFromText,
  periodsBetween,
  periodsLater,
  spanText,
} from '../../domain/billing-period.ts';
import { firstNamed } from '../../domain/counts.ts';
import { type Instant, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Place } from '../../domain/problem.ts';
import { pricedFrom } from '../../domain/rate-card.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { dayText } from '../../domain/usage-days.ts';
import type { Warning } from '../../domain/warning.ts';
import { countShown } from '../../render/amounts.ts';
import { visible } from '../../render/terminal.ts';
import { type Inputs, monthsOfData } from '../inputs.ts';
import { loneDayNotes, tierNotes } from '../notes.ts';

/**
 * What valid inputs contain, as lines for the end of `check`: how many seats hold a tier, and which
 * days have usage, in each month with usage and in the last complete one, as far as the rate card
 * has prices. With warnings that usage of these months may be incomplete, or belongs to no seat, and notes on
 * tiers that reports contradict.
 */
export function holdingsOf(
  inputs: Inputs,
  last: BillingPeriod,
  directory: string | undefined,
): Record<'lines' | 'notes', string[]> & { readonly warnings: readonly Warning[] } {
  const { billing, usage } = inputs;
  const months = [...new Set([...usage.months, last.month])].sort();
  const first = pricedFrom(billing.card);
  const priced = months.filter((month) => month >= first);
  const invoices = billMonths(billing, priced.map(billingPeriod));
  const { profiles, subscriptions } = billing.records;
  return {
    lines: [
      `The data hold ${countShown(profiles.size, 'profile')}, ${countShown(subscriptions.length, 'subscription')} and ${countShown(usage.rows, 'usage row')}.`,
      ...unpricedLines(usage.months, first),
      ...monthLines(invoices),
      nextCommand(
        invoices,
        monthsOfData(billing.records, usage).filter(
          (month) => month >= first && month < last.month,
        ),
        directory,
      ),
    ],
    warnings: invoices.flatMap(({ warnings, period }) =>
      warnings.filter(({ code, month }) => month === period.month && IS_OF_USAGE.test(code)),
    ),
    notes: [
      ...tierNotes(invoices, inputs),
      ...loneDayNotes(invoices, inputs),
      ...notInForceYet(billing),
    ],
  };
}

const IS_OF_USAGE = /^(?:usage-(?:none|ends|begins|gap|twice|without-seat)|month-future)$/;

/** Months with usage that cannot be billed: a card may lack them, or dates may be wrong. */
function unpricedLines(months: Iterable<string>, first: string): string[] {
  const early = [...months].filter((month) => month < first).sort();
  if (early.length === 0) return [];
  return [`  ${spanText(early)}  usage before the rate card's first edition (${first})`];
}

const MOST_MONTHS = 24;

function monthLines(invoices: readonly MonthInvoice[]): string[] {
  const shown = invoices.slice(-MOST_MONTHS);
  const earlier = invoices.length - shown.length;
  return [
    ...(earlier === 0 ? [] : [`  ${countShown(earlier, 'earlier month')} with usage`]),
    ...shown.flatMap((invoice, index) => {
      const held = invoice.seats.filter(({ terms }) => terms !== undefined).length;
      const line = `  ${invoice.period.month}  ${countShown(held, 'seat').padStart(11)}, ${coverageText(invoice)}`;
      return [...gapLines(shown[index - 1], invoice), line];
    }),
  ];
}

/** The months between two that are listed: none has usage, so files may be missing. */
function gapLines(before: MonthInvoice | undefined, { period }: MonthInvoice): string[] {
  if (before === undefined) return [];
  const between = periodsBetween(periodsLater(before.period, 1), periodsLater(period, -1));
  return between.length === 0 ? [] : [`  ${spanText(between.map(({ month }) => month))}  no usage`];
}

function coverageText({ coverage, seats }: MonthInvoice): string {
  if (coverage === undefined) {
    const isUsed = seats.some(({ usageRows }) => usageRows > 0);
    return isUsed ? 'usage of days that are not known' : 'no usage';
  }
  const { firstDay, lastDay, weekdaysWithoutUsage } = coverage;
  if (firstDay === undefined || lastDay === undefined) return 'no usage';
  const without = weekdaysWithoutUsage.length;
  const gaps = without === 0 ? 'on every weekday' : `none on ${countShown(without, 'weekday')}`;
  return `usage from ${dayText(firstDay)} to ${dayText(lastDay)}, ${gaps}`;
}

/**
 * The command to run next: it bills the newest month with usage, else the newest with seats; `earlier`: months
 * of subscriptions that have ended. Data without any month have files to be filled in.
 */
function nextCommand(
  invoices: readonly MonthInvoice[],
  earlier: readonly string[],
  directory: string | undefined,
): string {
  // An instant's offset may move its usage into a month that cannot be asked for.
  const askable = invoices.filter(({ period }) => billingPeriodFromText(period.month));
  const newest =
    askable.findLast(({ seats }) => seats.some(({ usageRows }) => usageRows > 0)) ??
    askable.findLast(({ seats }) => seats.some(({ terms }) => terms !== undefined));
  const month = newest?.period.month ?? earlier.at(-1);
  if (month === undefined) return 'Next: kiro-bill help files';
  const data = directory === undefined ? '' : ` --data ${shellWord(visible(directory))}`;
  return `Next: kiro-bill invoice --month ${month}${data}`;
}

const MOST_NAMES = 3;

/** Rows of subscriptions and of changes of tier that are dated after today: a mistyped year looks like a plan. */
function notInForceYet({ records: { subscriptions }, completeness }: Billing): string[] {
  const clock = completeness?.clock;
  if (clock === undefined) return [];
  const later: string[] = [];
  const look = ({ file, line }: Place, at: Instant): void => {
    if (at > clock) later.push(`${file}:${line} (${utcDate(at)})`);
  };
  for (const { place, subscribedAt, tierChanges } of subscriptions) {
    look(place, subscribedAt);
    for (const change of tierChanges) look(change.place, change.changedAt);
  }
  if (later.length === 0) return [];
  return [`dated after today, so not in force yet: ${firstNamed(later, MOST_NAMES)} (H1, H2)`];
}
