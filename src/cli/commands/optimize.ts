import { arrangedItems, isAsItComes, isCut } from '../../billing/arrange.ts';
import { detailOf } from '../../billing/optimize/detail.ts';
import { idleTimes, useFacts } from '../../billing/optimize/idle.ts';
import { newestUsedMonth } from '../../billing/optimize/newest-month.ts';
import { seatAdvices, tiersOf, withSavingFrom } from '../../billing/optimize/optimize.ts';
import { OPTIMIZE_COLUMNS, optimizeSheet } from '../../billing/optimize/sheet.ts';
import { ADVICES, type Advice, type SeatAdvice } from '../../domain/advice.ts';
import { type BillingPeriod, periodsUpTo } from '../../domain/billing-period.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { YEARS_IN_UTC } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import { WrongUsage } from '../../domain/problem.ts';
import { grouped, moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked, ownTable } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { billedMonths, type FilterOptions, isFiltering, warningsAbout } from '../filters.ts';
import { type InputOptions, type Inputs, readInputs } from '../inputs.ts';
import { currentPeriod, periodAsked, refuseCurrencyChange } from '../months.ts';
import { monthNotes } from '../notes.ts';

interface OptimizeOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month?: string;
  readonly months?: number;
  readonly minSaving?: Decimal;
  readonly overage?: 'on' | 'off';
}

/** Finds the cheapest tier for each seat of the month, and writes what that saves. */
export async function run(context: Context, options: OptimizeOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const { month } = options;
  const asked =
    month === undefined ? undefined : periodsCounted(periodAsked(month, host.now()), options);
  const arrangement = arrangementAsked(options, OPTIMIZE_COLUMNS, 'saving');
  const { inputs, periods } = await readMonths(asked, options, context);
  const { billing } = inputs;
  const months = await billedMonths(options, billing, periods, context);
  const { filters, billed: invoices } = months;
  refuseCurrencyChange(
    invoices,
    'costs in two currencies do not add up: ask for fewer months',
    `--months ${invoices.length}: `,
  );
  const last = months.shown.at(-1) as MonthInvoice;
  const counted = [...invoices.slice(0, -1), last] as const;
  const { minSaving } = options;
  const advices = await stopwatch.time('advice', () => {
    const uses = useFacts(inputs.usage, currentPeriod(host.now()));
    const times = idleTimes(billing, last, uses);
    const all = seatAdvices(billing, counted, options.overage, times);
    return minSaving === undefined ? all : withSavingFrom(all, minSaving);
  });
  const { groups } = billing.records;
  const whole = optimizeSheet(advices, last, groups);
  const { sheet, left } = arrangedItems(whole, advices, arrangement);
  const allWarnings = invoices.flatMap((invoice) => invoice.warnings);
  const warnings = isFiltering(filters) ? warningsAbout(last.seats, allWarnings) : allWarnings;
  const isPartial = isFiltering(filters) || isCut(arrangement) || minSaving !== undefined;
  return {
    document: {
      sheets: [sheet],
      months: [{ ...last, warnings }],
      isPartial,
      drawn: ownTable(arrangement, async (look) => {
        const { optimizeTable } = await import('../../render/optimize.ts');
        return optimizeTable({
          advices: left,
          tiers: tiersOf(advices),
          detailOf: (advice) => detailOf(advice, { period: last.period, groups }),
          invoice: last,
          months: periods.length,
          overage: options.overage,
          isArranged: !isAsItComes(arrangement),
          isPartial,
          ...look,
        });
      }),
    },
    inputs,
    notes: [
      ...(isPartial ? ['the totals are of the rows shown, not of all seats'] : []),
      ...monthNotes(invoices, inputs, counted),
    ],
    closing: closingText(advices, last, periods),
  };
}

/** Reads the months whose costs are added up, each of which has usage. */
async function readMonths(
  asked: readonly BillingPeriod[] | undefined,
  options: OptimizeOptions,
  context: Context,
): Promise<{ inputs: Inputs; periods: readonly BillingPeriod[] }> {
  // Only all usage together shows since when a seat has been idle.
  const inputs = await readInputs(options, asked, context, { months: undefined });
  const running = currentPeriod(context.host.now());
  const periods = asked ?? periodsCounted(periodWithUsage(inputs, running), options);
  refuseUnusedMonths(periods, inputs);
  return { inputs, periods };
}

/** The months whose costs are added up: `--months` of them, ending with `last`. */
function periodsCounted(
  last: BillingPeriod,
  { months = 1 }: Pick<OptimizeOptions, 'months'>,
): BillingPeriod[] {
  const [year, month] = last.month.split('-').map(Number) as [number, number];
  if (year * 12 + month - months < YEARS_IN_UTC.first * 12) {
    throw new WrongUsage(`--months ${months} reaches back before the year 2000: ask for fewer`);
  }
  return periodsUpTo(last, months);
}

/** The month to advise on where none is asked for. `WrongUsage` without usage. */
function periodWithUsage({ billing, usage }: Inputs, running: BillingPeriod): BillingPeriod {
  const period = newestUsedMonth(billing, usage.months, running);
  if (period !== undefined) return period;
  throw new WrongUsage(`the data hold no usage, so every seat would look idle: ${GIVE_USAGE} PATH`);
}

const GIVE_USAGE = 'give the usage with --usage';

/** In a month without usage every seat would be called idle. `WrongUsage` for the first such month. */
function refuseUnusedMonths(periods: readonly BillingPeriod[], { usage }: Inputs): void {
  const unused = periods.filter(({ month }) => !usage.months.has(month)).map(({ month }) => month);
  if (unused.length === 0) return;
  const known = [...usage.months].sort();
  const others =
    known.length === 0 ? 'there is usage of no month' : `there is usage of ${known.join(', ')}`;
  throw new WrongUsage(
    `no usage of ${unused.join(', ')} is in the data, so every seat would look idle: ${GIVE_USAGE} PATH, or ask for another --month (${others})`,
  );
}

const TO_DO: Readonly<Record<Advice, string>> = {
  idle: 'idle',
  downgrade: 'to downgrade',
  upgrade: 'to upgrade',
  keep: 'right as they are',
};

function closingText(
  advices: readonly SeatAdvice[],
  { period, edition }: MonthInvoice,
  periods: readonly BillingPeriod[],
): string {
  const counts = ADVICES.map((kind) => ({
    kind,
    count: advices.filter(({ advice }) => advice === kind).length,
  }));
  const found = counts
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${grouped(count)} ${TO_DO[kind]}`);
  const saving = moneyShown(sumCents(advices.map((advice) => advice.saving)), edition.currency);
  const span = periods.length === 1 ? period.month : `${periods.length} months to ${period.month}`;
  return `Seats of ${period.month}: ${found.join(', ') || 'none'}. Saving over ${span}: ${saving}.`;
}
