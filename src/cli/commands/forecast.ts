import { arranged } from '../../billing/arrange.ts';
import { forecastMonth, type SeatForecast } from '../../billing/forecast/forecast.ts';
import { FORECAST_COLUMNS, forecastSheet } from '../../billing/forecast/sheet.ts';
import { compare, type Decimal } from '../../domain/decimal.ts';
import { instantText, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { type Cents, sumCents } from '../../domain/money.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import type { Sheet } from '../../domain/sheet.ts';
import { countShown, moneyShown, priceShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import { COMMON_FORMATS, type Format, formatAsked } from '../formats.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import { noteEmptyMonths, noteFilteredMonths, noteInputs, readSummary } from '../notes.ts';
import { isForTerminal, tableLook, writeOutput } from '../output.ts';
import { sheetsText } from '../sheets-text.ts';
import {
  type ForecastInputOptions,
  type ForecastInputs,
  readForecastInputs,
} from './forecast-inputs.ts';

interface ForecastOptions extends ForecastInputOptions, FilterOptions, ArrangementOptions {
  readonly budget?: Decimal;
  readonly format?: Format;
  readonly strict?: boolean;
}

/** Forecasts where the month will end, and writes it seat by seat. */
export async function run(context: Context, options: ForecastOptions): Promise<ExitStatus> {
  const { host, messages, stopwatch } = context;
  const format = formatAsked(options, COMMON_FORMATS);
  const arrangement = arrangementAsked(options, FORECAST_COLUMNS, 'charge_forecast');
  const inputs = await readForecastInputs(options, context);
  const filters = filtersOf(options, inputs.billing);
  const month = await stopwatch.time('billing', () => forecastMonth(factsOf(inputs)));
  const toDate = filteredInvoice(month.toDate, filters);
  const seats = seatsOf(month.seats, toDate);
  const sheet = arranged(forecastSheet(seats, toDate), arrangement);
  const isPartial = isFiltering(filters);
  const outcome: Outcome = { inputs, toDate, seats, sheet, isPartial, options };
  await stopwatch.time('output', async () => {
    const text = await sheetsText(format, {
      sheets: [sheet],
      warnings: [toDate.warnings],
      isPartial: isPartial || options.top !== undefined,
      isForTerminal: isForTerminal(options.output, host),
      table: () => table(outcome, context),
    });
    await writeOutput(text, options.output, host);
    await inputs.finish();
  });
  messages.warnings(toDate.warnings);
  noteInputs(inputs, options, messages);
  if (isPartial || options.top !== undefined) {
    messages.note('the totals are of the rows shown, not of the whole month');
  }
  noteEmptyMonths([month.toDate], inputs, messages);
  noteFilteredMonths([month.toDate], [toDate], messages);
  if (inputs.asOfIs === 'no usage') {
    messages.note(
      `no usage in ${toDate.period.month}: forecast as of its first instant; --as-of sets another`,
    );
  }
  const isPassed = budgetPassed(outcome, context);
  messages.close(closingText(outcome));
  const isStrict = options.strict && toDate.warnings.length > 0;
  return isPassed || isStrict ? EXIT.findings : EXIT.done;
}

interface Outcome {
  readonly inputs: ForecastInputs;
  readonly toDate: MonthInvoice;
  /** All that the filters let through, also those that `--top` leaves out. */
  readonly seats: readonly SeatForecast[];
  readonly sheet: Sheet;
  /** Whether filters left something out. */
  readonly isPartial: boolean;
  readonly options: ForecastOptions;
}

function factsOf({
  read,
  usage,
  period,
  asOf,
}: ForecastInputs): Parameters<typeof forecastMonth>[0] {
  return { records: read.records, card: read.card, usage: usage.stretches, period, asOf };
}

/** The forecasts of the seats that the filters left in the bill. */
function seatsOf(seats: readonly SeatForecast[], toDate: MonthInvoice): SeatForecast[] {
  const kept = new Set(toDate.seats);
  return seats.filter(({ seat }) => kept.has(seat));
}

interface Sums {
  readonly low: Cents;
  readonly forecast: Cents;
  readonly high: Cents;
}

function sumsOf(seats: readonly SeatForecast[]): Sums {
  return {
    low: sumCents(seats.map(({ chargeLow }) => chargeLow)),
    forecast: sumCents(seats.map(({ chargeForecast }) => chargeForecast)),
    high: sumCents(seats.map(({ chargeHigh }) => chargeHigh)),
  };
}

/** Says how the middle forecast of the seats that pass the filters stands to the budget. */
function budgetPassed({ seats, toDate, options }: Outcome, { messages }: Context): boolean {
  const { budget } = options;
  if (budget === undefined) return false;
  const { currency } = toDate.edition;
  const { forecast } = sumsOf(seats);
  const shown = `${moneyShown(forecast, currency)} against a budget of ${priceShown(budget, currency)}`;
  const isPassed = compare({ units: forecast, scale: 2 }, budget) > 0;
  if (isPassed) messages.warn(`${toDate.period.month}: the forecast passes the budget: ${shown}`);
  else messages.note(`the forecast is within the budget: ${shown}`);
  return isPassed;
}

/** How far was looked: an instant that was asked for, or the day of the newest usage. */
function asOfText({ asOf, asOfIs, period }: ForecastInputs): string {
  if (asOfIs === 'asked') return instantText(asOf).replace(/T00:00:00Z$/, '');
  return asOfIs === 'newest usage' ? `its newest usage, ${utcDate(asOf)}` : period.firstDate;
}

function closingText({ inputs, seats, toDate }: Outcome): string {
  const { period, edition } = toDate;
  const [low, forecast, high] = Object.values(sumsOf(seats)).map((sum) =>
    moneyShown(sum, edition.currency),
  );
  const count = countShown(seats.length, 'seat');
  return `${readSummary(inputs)}. Forecast of ${period.month} as of ${asOfText(inputs)}, ${count}: ${forecast} (${low} to ${high}).`;
}

async function table(outcome: Outcome, context: Context): Promise<string> {
  const { inputs, toDate, seats, sheet, options, isPartial } = outcome;
  const { forecastTable } = await import('../../render/forecast.ts');
  return forecastTable({
    sheet,
    toDate,
    asOf: asOfText(inputs),
    asOfDate: utcDate(inputs.asOf),
    unbilled: new Map(seats.map(({ seat, creditsUnbilled }) => [seatKeyOf(seat), creditsUnbilled])),
    subscriptionCharge: sumCents(seats.map(({ seat }) => seat.subscriptionCharge)),
    ...sumsOf(seats),
    ...(options.budget === undefined ? {} : { budget: options.budget }),
    isArranged: options.sort !== undefined || options.top !== undefined,
    isFiltered: isPartial,
    isPartial: isPartial || options.top !== undefined,
    ...tableLook(options.output, context),
  });
}
