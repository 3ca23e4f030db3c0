import { type Arrangement, arranged, isCut } from '../../billing/arrange.ts';
import { billMonths } from '../../billing/invoice.ts';
import {
  ADVICES,
  type Advice,
  type SeatAdvice,
  seatAdvices,
  withSavingFrom,
} from '../../billing/optimize/optimize.ts';
import { OPTIMIZE_COLUMNS, optimizeSheet } from '../../billing/optimize/sheet.ts';
import { type BillingPeriod, periodsBetween, periodsLater } from '../../domain/billing-period.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import { WrongUsage } from '../../domain/problem.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import type { Sheet } from '../../domain/sheet.ts';
import { moneyShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { Chunks, CommandResult, Look } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  filteredInvoice,
  filtersOf,
  isFiltering,
  periodsToRead,
  warningsAbout,
} from '../filters.ts';
import { type InputOptions, readInputs } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import {
  completenessNotes,
  emptyMonthNotes,
  filteredMonthNotes,
  inputNotes,
  readSummary,
} from '../notes.ts';

interface OptimizeOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month: string;
  readonly months?: number;
  readonly minSaving?: Decimal;
  readonly overage?: 'on' | 'off';
}

/** Finds the cheapest tier for each seat of the month, and writes what that saves. */
export async function run(context: Context, options: OptimizeOptions): Promise<CommandResult> {
  const { host, stopwatch } = context;
  const periods = periodsCounted(options, host.now());
  const arrangement = arrangementAsked(options, OPTIMIZE_COLUMNS, 'saving');
  const inputs = await readInputs(options, periodsToRead(periods, options), context);
  const { billing } = inputs;
  const filters = filtersOf(options, billing);
  const invoices = await stopwatch.time('billing', () => billMonths(billing, periods));
  refuseCurrencyChange(invoices);
  const billed = invoices.at(-1) as MonthInvoice;
  const last = filteredInvoice(billed, filters);
  const counted = [...invoices.slice(0, -1), last] as const;
  const advices = await stopwatch.time('advice', () =>
    advicesAsked(seatAdvices(billing, counted, options.overage), options),
  );
  const sheet = arranged(optimizeSheet(advices, last, billing.records.groups), arrangement);
  const allWarnings = invoices.flatMap((invoice) => invoice.warnings);
  const warnings = isFiltering(filters) ? warningsAbout(last.seats, allWarnings) : allWarnings;
  const isPartial = isFiltering(filters) || isCut(arrangement) || options.minSaving !== undefined;
  return {
    document: {
      sheets: [sheet],
      sheetWarnings: [warnings],
      sheetCoverage: [last.coverage],
      isPartial,
      drawn:
        arrangement.columns === undefined
          ? {
              table: (look) =>
                table({ sheet, advices, last, isPartial, arrangement, options }, look),
            }
          : {},
    },
    warnings,
    records: billing.records,
    notes: [
      ...inputNotes(inputs, options),
      ...(isPartial ? ['the totals are of the rows shown, not of all seats'] : []),
      ...emptyMonthNotes([billed], inputs),
      ...filteredMonthNotes([billed], [last]),
      ...completenessNotes(invoices, inputs),
    ],
    closing: `${readSummary(inputs)}. ${closingText(advices, last, periods)}`,
    finish: inputs.finish,
  };
}

/** The months whose costs are added up: `--months` of them, ending with `--month`. */
function periodsCounted({ month, months = 1 }: OptimizeOptions, now: Date): BillingPeriod[] {
  const last = periodAsked(month, now);
  const firstYear = Number(last.month.slice(0, 4)) - Math.ceil(months / 12);
  if (firstYear < 2000) {
    throw new WrongUsage(`--months ${months} reaches back before the year 2000: ask for fewer`);
  }
  return periodsBetween(periodsLater(last, 1 - months), last);
}

function refuseCurrencyChange(invoices: readonly MonthInvoice[]): void {
  const [first, ...others] = invoices.map(({ edition }) => edition.currency);
  const index = others.findIndex((currency) => currency !== first) + 1;
  if (index === 0) return;
  throw new WrongUsage(
    `--months ${invoices.length}: the rate card changes from ${first} to ${others[index - 1]} in ${invoices[index]?.period.month}, and costs in two currencies do not add up: ask for fewer months`,
  );
}

function advicesAsked(
  advices: readonly SeatAdvice[],
  { minSaving }: OptimizeOptions,
): readonly SeatAdvice[] {
  return minSaving === undefined ? advices : withSavingFrom(advices, minSaving);
}

interface Rendering {
  readonly sheet: Sheet;
  readonly advices: readonly SeatAdvice[];
  readonly last: MonthInvoice;
  /** Whether some seats are not shown. */
  readonly isPartial: boolean;
  readonly arrangement: Arrangement;
  readonly options: OptimizeOptions;
}

async function table(
  { sheet, advices, last, options, isPartial, arrangement }: Rendering,
  look: Look,
): Promise<Chunks> {
  const { optimizeTable } = await import('../../render/optimize.ts');
  const text = optimizeTable({
    sheet,
    invoice: last,
    choices: new Map(advices.map((advice) => [seatKeyOf(advice.seat), advice])),
    months: options.months ?? 1,
    ...(options.overage === undefined ? {} : { overage: options.overage }),
    isArranged: Object.keys(arrangement).length > 0,
    isPartial,
    ...look,
  });
  return [text];
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
    .map(({ kind, count }) => `${count} ${TO_DO[kind]}`);
  const saving = moneyShown(sumCents(advices.map((advice) => advice.saving)), edition.currency);
  const span = periods.length === 1 ? period.month : `${periods.length} months to ${period.month}`;
  return `Seats of ${period.month}: ${found.join(', ') || 'none'}. Saving over ${span}: ${saving}.`;
}
