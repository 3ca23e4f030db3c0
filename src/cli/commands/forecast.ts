import { type Arrangement, arranged, isCut, itemsLeft } from '../../billing/arrange.ts';
import { forecastMonth, forecastTotals } from '../../billing/forecast/forecast.ts';
import { FORECAST_COLUMNS, forecastRows, forecastSheet } from '../../billing/forecast/sheet.ts';
import { compare, type Decimal } from '../../domain/decimal.ts';
import type { ForecastFigures, SeatForecast } from '../../domain/forecast.ts';
import { instantOf, shortInstantText, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { decimalOfCents, sumCents } from '../../domain/money.ts';
import type { Sheet } from '../../domain/sheet.ts';
import { countShown, moneyShown, priceShown } from '../../render/amounts.ts';
import {
  type ArrangementOptions,
  arrangementAsked,
  isAsItComes,
  isStreamed,
  ownTable,
} from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import { emptyMonthNotes, filteredMonthNotes } from '../notes.ts';
import type { Chunks, Look } from '../output.ts';
import {
  type ForecastInputOptions,
  type ForecastInputs,
  readForecastInputs,
} from './forecast-inputs.ts';

interface ForecastOptions extends ForecastInputOptions, FilterOptions, ArrangementOptions {
  readonly budget?: Decimal;
}

/** Forecasts where the month will end, and writes it seat by seat. */
export async function run(context: Context, options: ForecastOptions): Promise<CommandResult> {
  const { stopwatch, format } = context;
  const arrangement = arrangementAsked(options, FORECAST_COLUMNS, 'charge_forecast');
  const inputs = await readForecastInputs(options, context);
  const filters = filtersOf(options, inputs.billing);
  const month = await stopwatch.time('billing', () => forecastMonth(inputs));
  const toDate = filteredInvoice(month.toDate, filters);
  const isPartial = isFiltering(filters);
  const seats = isPartial ? seatsOf(month.seats, toDate) : month.seats;
  const areStreamed = isAsItComes(arrangement) && isStreamed(format);
  const { left, ...rows } = areStreamed
    ? { rows: [forecastRows(seats, toDate)], left: seats }
    : arrangedRows(seats, toDate, arrangement);
  const total = forecastTotals(seats);
  const ending = endingOf(inputs, context);
  const outcome: Outcome = {
    inputs,
    toDate,
    seats,
    total,
    ending,
    isPartial,
    arrangement,
    options,
  };
  const leavesOut = isPartial || isCut(arrangement);
  const budget = budgetOutcome(outcome);
  return {
    document: {
      ...rows,
      months: [toDate],
      isPartial: leavesOut,
      drawn: ownTable(arrangement, (look) => table(outcome, left, look)),
    },
    inputs,
    alarms: budget.alarms,
    notes: [
      ...(leavesOut ? ['the totals are of the rows shown, not of the whole month'] : []),
      ...emptyMonthNotes([month.toDate], inputs),
      ...filteredMonthNotes([month.toDate], [toDate]),
      ...(inputs.asOfIs === 'no usage' ? [noUsageNote(toDate)] : []),
      ...budget.notes,
    ],
    closing: closingText(outcome),
    hasFindings: budget.alarms.length > 0,
  };
}

function noUsageNote({ period }: MonthInvoice): string {
  return `no usage in ${period.month}: forecast as of its first instant; --as-of sets another`;
}

interface Outcome {
  readonly inputs: ForecastInputs;
  readonly toDate: MonthInvoice;
  /** All seats that pass the filters, including those that `--top` leaves out. */
  readonly seats: readonly SeatForecast[];
  readonly total: ForecastFigures;
  /** `will end`, `would end`, `ended`. */
  readonly ending: string;
  /** Whether filters left something out. */
  readonly isPartial: boolean;
  readonly arrangement: Arrangement;
  readonly options: ForecastOptions;
}

/** The rows that an arrangement leaves, and the seats that they are of. */
function arrangedRows(
  seats: readonly SeatForecast[],
  toDate: MonthInvoice,
  arrangement: Arrangement,
): { readonly sheets: readonly Sheet[]; readonly left: readonly SeatForecast[] } {
  const whole = forecastSheet(seats, toDate);
  const sheet = arranged(whole, arrangement);
  return { sheets: [sheet], left: itemsLeft(whole, seats, sheet) };
}

/** The forecasts of the seats that the filters kept in the bill. */
function seatsOf(seats: readonly SeatForecast[], toDate: MonthInvoice): SeatForecast[] {
  const kept = new Set(toDate.seats);
  return seats.filter(({ seat }) => kept.has(seat));
}

/** How the middle forecast of the seats that pass the filters compares with the budget. */
function budgetOutcome({ total, toDate, options }: Outcome): {
  readonly alarms: readonly string[];
  readonly notes: readonly string[];
} {
  const { budget } = options;
  if (budget === undefined) return { alarms: [], notes: [] };
  const { period, edition } = toDate;
  const { chargeForecast: forecast } = total;
  const shown = `${moneyShown(forecast, edition.currency)} against a budget of ${priceShown(budget, edition.currency)}`;
  const isPassed = compare(decimalOfCents(forecast), budget) > 0;
  return isPassed
    ? { alarms: [`${period.month}: the forecast passes the budget: ${shown}`], notes: [] }
    : { alarms: [], notes: [`the forecast is within the budget: ${shown}`] };
}

/** The cutoff of the data: the instant requested, or the day of the newest usage. */
function asOfText({ asOf, asOfIs, period }: ForecastInputs): string {
  if (asOfIs === 'asked') return shortInstantText(asOf);
  return asOfIs === 'newest usage' ? `its newest usage, ${utcDate(asOf)}` : period.firstDate;
}

function closingText({ inputs, seats, total, toDate }: Outcome): string {
  const { period, edition } = toDate;
  const { chargeLow, chargeForecast, chargeHigh } = total;
  const [low, forecast, high] = [chargeLow, chargeForecast, chargeHigh].map((sum) =>
    moneyShown(sum, edition.currency),
  );
  const count = countShown(seats.length, 'seat');
  return `Forecast of ${period.month} as of ${asOfText(inputs)}, ${count}: ${forecast} (${low} to ${high}).`;
}

/** What is said of the month's end: a month that is over will not end. */
function endingOf({ asOf, period }: ForecastInputs, { host }: Context): string {
  if (asOf >= period.end - 1n) return 'ended';
  return instantOf(host.now()) >= period.end ? 'would end' : 'will end';
}

async function table(
  { inputs, toDate, seats, total, ending, options, isPartial, arrangement }: Outcome,
  shown: readonly SeatForecast[],
  look: Look,
): Promise<Chunks> {
  const { forecastTable } = await import('../../render/forecast.ts');
  return forecastTable({
    seats: shown,
    totals: forecastTotals(shown),
    toDate,
    asOf: asOfText(inputs),
    asOfDate: utcDate(inputs.asOf),
    ending,
    whole: total,
    subscriptionCharge: sumCents(seats.map(({ seat }) => seat.subscriptionCharge)),
    budget: options.budget,
    isArranged: !isAsItComes(arrangement),
    isFiltered: isPartial,
    isPartial: isPartial || isCut(arrangement),
    ...look,
  });
}
