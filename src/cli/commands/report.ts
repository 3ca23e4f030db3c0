import { extname } from 'node:path';
import { bridgeOf } from '../../billing/bridge.ts';
import { forecastMonth, historyOf } from '../../billing/forecast/forecast.ts';
import { type Billing, billMonth } from '../../billing/invoice.ts';
import { nextMonth } from '../../billing/next-month.ts';
import { seatAdvices } from '../../billing/optimize/optimize.ts';
import { refuseMonthsBefore } from '../../billing/rates.ts';
import { type InvoiceBefore, reportOf, type SeatDay } from '../../billing/report.ts';
import { wholeStretches } from '../../billing/whole-stretches.ts';
import { type BillingPeriod, periodsLater } from '../../domain/billing-period.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { fractionOf } from '../../domain/fraction.ts';
import { type Instant, instantOf, midnightOf, utcDate } from '../../domain/instant.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../../domain/invoice.ts';
import { type Cents, roundToCents, sumCents } from '../../domain/money.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import { countShown } from '../../render/amounts.ts';
import { problemLine } from '../../render/problems.ts';
import type {
  ExpectedTotal,
  MonthTotals,
  PageInput,
  Savings,
} from '../../render/report/page-input.ts';
import type { UsageReduction } from '../../usage/plan.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
} from '../filters.ts';
import { type InputOptions, type Inputs, readInputs, withDays, withMonths } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { closingLine, groupNamesOf, inputNotes, monthNotes } from '../notes.ts';
import { billFindings, monthBill } from './report-bill.ts';

interface ReportOptions extends InputOptions, FilterOptions {
  readonly month: string;
  readonly cur?: string;
  readonly budget?: Decimal;
}

/** So many months stand side by side where one month is asked for. */
const MONTHS_SHOWN = 12;

/** Writes the invoice of a month, with what changed and why, as one HTML page. */
export async function run(context: Context, options: ReportOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const asked = periodsAsked(options.month, host.now());
  const period = asked.at(-1) as BillingPeriod;
  refuseStandardOutput(options.output);
  const shownPeriods = monthsShown(asked);
  const lastOver = endOfYesterday(host.now());
  const isRunning = lastOver < period.end - 1n;
  const dayPeriods = isRunning ? [period, ...historyOf(period)] : [period];
  const wanted = periodsToRead([...shownPeriods, periodsLater(period, -1), ...dayPeriods], options);
  const read = await readInputs(options, [period], context, (plan) =>
    withDays(withMonths(plan, wanted), dayPeriods),
  );
  const { billing } = read;
  refuseMonthsBefore(billing.card, asked);
  const billed = await stopwatch.time('billing', () => billMonth(billing, period));
  const bill = await monthBill(options, read, billed, context);
  const inputs = bill?.files.inputs ?? read;
  const filters = filtersOf(options, billing, bill?.beside.bill.userIds());
  const aws = bill && billFindings(bill, { invoice: billed, billing, filters });
  const shown = (invoice: MonthInvoice): MonthInvoice => filteredInvoice(invoice, filters);
  const page = await stopwatch.time('billing', async () => {
    const before = invoiceBefore(billing, periodsLater(period, -1), shown);
    return {
      ...pageFigures({ invoice: shown(billed), before, inputs, shown, options }, shownPeriods),
    };
  });
  const { report } = page;
  const { invoice } = report;
  const warnings = [...invoice.warnings, ...(aws?.warnings ?? [])];
  const expected = isRunning ? expectedTotal(inputs, invoice, lastOver) : undefined;
  return {
    document: {
      drawn: {
        html: async () => {
          const { reportPage } = await import('../../render/report/page.ts');
          const { explainText } = await import('../../render/explain/text.ts');
          const groupNames = groupNamesOf(billing.records);
          const { edition } = invoice;
          return reportPage({
            ...page,
            ...(expected && { expected }),
            ...(aws?.comparison && { aws: aws.comparison }),
            warnings,
            explained: (seat) =>
              explainText(
                {
                  period,
                  edition,
                  seat: withWholeStretches(seat, billing, period),
                  groupNames,
                  next: nextMonth(billing, seat, period),
                },
                { width: STORY_WIDTH, color: false },
              ),
            ...surroundings(inputs, options, period, context),
          });
        },
      },
    },
    warnings,
    records: inputs.billing.records,
    notes: [
      ...inputNotes(inputs, options),
      ...(isFiltering(filters)
        ? ['the totals are of the seats shown, not of the whole invoice']
        : []),
      ...monthNotes([billed], inputs, [invoice]),
      ...(aws?.notes ?? []),
    ],
    closing: `${closingLine(inputs, [invoice], warnings)}${aws === undefined ? '' : ` ${aws.closing}`}`,
    hasFindings: aws?.hasFindings === true,
    finish: inputs.finish,
  };
}

/** The page wraps what is longer. */
const STORY_WIDTH = 10_000;

/** The seat as `explain` shows it: the page's usage is cut at midnights, too. */
function withWholeStretches(
  seat: SeatInvoice,
  { overage }: Billing,
  period: BillingPeriod,
): SeatInvoice {
  const history = overage.get(seat.profile.profileId);
  if (history === undefined) return seat;
  return { ...seat, stretches: wholeStretches(seat.stretches, history, period) };
}

/** The months of a range, else the twelve up to the one that is asked for. */
function monthsShown(asked: readonly BillingPeriod[]): BillingPeriod[] {
  const last = asked.at(-1) as BillingPeriod;
  if (asked.length > 1) return [...asked];
  return Array.from({ length: MONTHS_SHOWN }, (_, index) =>
    periodsLater(last, index + 1 - MONTHS_SHOWN),
  );
}

/** The last instant of the last day that is over: what is known of later days is not whole. */
function endOfYesterday(now: Date): Instant {
  return midnightOf(instantOf(now)) - 1n;
}

interface Billed {
  readonly invoice: MonthInvoice;
  readonly before: InvoiceBefore;
  readonly inputs: Inputs;
  readonly shown: (invoice: MonthInvoice) => MonthInvoice;
  readonly options: ReportOptions;
}

type PageFigures = Pick<PageInput, 'report' | 'months'> &
  Partial<Pick<PageInput, 'bridge' | 'savings' | 'budget'>>;

/** All figures of the page, each from the engine that has it. */
function pageFigures(
  { invoice, before, inputs, shown, options }: Billed,
  periods: readonly BillingPeriod[],
): PageFigures {
  const { budget } = options;
  const report = reportOf(invoice, before, seatDaysOf(inputs.usage, invoice.period));
  const old = 'invoice' in before && 'totals' in report.before ? before.invoice : undefined;
  const hasOld = old?.seats.some(isBilledOrUsed) === true;
  return {
    report,
    months: monthTotals(inputs.billing, periods, invoice, shown),
    ...(old === undefined || !hasOld ? {} : { bridge: bridgeOf(old, invoice) }),
    ...(report.hasUsage ? { savings: savingsOf(inputs.billing, invoice) } : {}),
    ...(budget === undefined ? {} : { budget: centsOf(budget) }),
  };
}

function centsOf(amount: Decimal): Cents {
  return roundToCents(fractionOf(amount));
}

/** The totals of months that can be billed in one currency, without empty ones at the start. */
function monthTotals(
  billing: Billing,
  periods: readonly BillingPeriod[],
  invoice: MonthInvoice,
  shown: (invoice: MonthInvoice) => MonthInvoice,
): MonthTotals[] {
  const { currency } = invoice.edition;
  const totals = periods.flatMap((period) => {
    const ofMonth =
      period.month === invoice.period.month ? { invoice } : invoiceBefore(billing, period, shown);
    if (!('invoice' in ofMonth) || ofMonth.invoice.edition.currency !== currency) return [];
    return [totalsOf(ofMonth.invoice)];
  });
  const first = totals.findIndex(({ totalCharge }) => totalCharge !== 0n);
  return first < 0 ? totals.slice(-1) : totals.slice(first);
}

function totalsOf({ seats, period }: MonthInvoice): MonthTotals {
  return {
    month: period.month,
    subscriptionCharge: sumCents(seats.map(({ subscriptionCharge }) => subscriptionCharge)),
    overageCharge: sumCents(seats.map(({ overageCharge }) => overageCharge)),
    totalCharge: sumCents(seats.map(({ totalCharge }) => totalCharge)),
  };
}

/** So many savings are listed. */
const MOST_SAVINGS = 10;

/** What `optimize` advises for this month alone. */
function savingsOf(billing: Billing, invoice: MonthInvoice): Savings {
  const worthwhile = seatAdvices(billing, [invoice])
    .filter(({ saving }) => saving > 0n)
    .sort((a, b) => (a.saving < b.saving ? 1 : a.saving > b.saving ? -1 : 0));
  return {
    monthly: sumCents(worthwhile.map(({ saving }) => saving)),
    count: worthwhile.length,
    seats: worthwhile.slice(0, MOST_SAVINGS).map(({ seat, saving, current, recommended }) => ({
      seat,
      monthly: saving,
      advice:
        recommended === undefined
          ? 'not used: unsubscribe'
          : `${current.tier} to ${recommended.tier}`,
    })),
  };
}

/** Where a month that is not over will end; nothing where usage summaries leave the days open. */
function expectedTotal(
  { billing, usage }: Inputs,
  invoice: MonthInvoice,
  asOf: Instant,
): ExpectedTotal | undefined {
  const { period } = invoice;
  if (usage.coverage.byProfile === undefined || asOf < period.start) return undefined;
  const { records, card } = billing;
  const forecast = forecastMonth({ records, card, usage: usage.stretches, period, asOf });
  const kept = new Set(invoice.seats.map(seatKeyOf));
  const seats = forecast.seats.filter(({ seat }) => kept.has(seatKeyOf(seat)));
  return {
    low: sumCents(seats.map(({ chargeLow }) => chargeLow)),
    middle: sumCents(seats.map(({ chargeForecast }) => chargeForecast)),
    high: sumCents(seats.map(({ chargeHigh }) => chargeHigh)),
    asOf: utcDate(asOf),
  };
}

/** What seats used on each day of the month; nothing where usage summaries leave the days open. */
function seatDaysOf(
  { stretches, coverage }: UsageReduction,
  { month }: BillingPeriod,
): SeatDay[] | undefined {
  if (coverage.byProfile === undefined) return undefined;
  return stretches
    .filter((usage) => usage.month === month)
    .map(({ profileId, userId, from, credits }) => {
      return { profileId, userId, date: utcDate(from), credits };
    });
}

/** A report is nothing for standard output. */
function refuseStandardOutput(output: string | undefined): void {
  if (output !== undefined && extname(output) !== '') return;
  throw new WrongUsage(
    'report needs -o FILE.html, the page to write: name a file that ends in .html',
  );
}

/** The month before, or why it cannot be billed: that is no reason not to report the month. */
function invoiceBefore(
  billing: Billing,
  period: BillingPeriod,
  shown: (invoice: MonthInvoice) => MonthInvoice,
): InvoiceBefore {
  try {
    return { invoice: shown(billMonth(billing, period)) };
  } catch (error) {
    if (error instanceof BadInput) return { period, whyNot: problemsText(error) };
    if (error instanceof WrongUsage) return { period, whyNot: error.message };
    throw error;
  }
}

function problemsText({ problems: [first], total }: BadInput): string {
  const more = total > 1 ? `, and ${total - 1} more` : '';
  return `it cannot be billed. ${first === undefined ? '' : problemLine(first)}${more}`;
}

const FILTER_NAMES = [
  ['profile', 'profile'],
  ['user', 'user'],
  ['group', 'group'],
  ['costCenter', 'cost center'],
] as const;

/** What the page says beside the figures. */
function surroundings(
  { billing, usage }: Inputs,
  options: ReportOptions,
  period: BillingPeriod,
  { host }: Context,
): Pick<
  PageInput,
  'profiles' | 'groupNames' | 'filters' | 'notes' | 'writtenOn' | 'isOver' | 'version'
> {
  const now = instantOf(host.now());
  return {
    profiles: billing.records.profiles,
    groupNames: groupNamesOf(billing.records),
    filters: FILTER_NAMES.flatMap(([option, name]) =>
      (options[option] ?? []).map((value) => `${name} ${value}`),
    ),
    notes: [
      ...leftOut(usage.badRows, 'as bad input'),
      ...leftOut(usage.duplicates, 'for a request_id met before'),
    ],
    writtenOn: utcDate(now),
    isOver: now >= period.end,
    version: host.version,
  };
}

function leftOut(rows: number, why: string): string[] {
  if (rows === 0) return [];
  return [`${countShown(rows, 'usage row')} left out ${why}.`];
}
