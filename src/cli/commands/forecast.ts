import { arrangedItems, isAsItComes, isCut } from '../../billing/arrange.ts';
import { forecastMonth, forecastTotals } from '../../billing/forecast/forecast.ts';
import { FORECAST_COLUMNS, forecastSheet } from '../../billing/forecast/sheet.ts';
import { compare, type Decimal } from '../../domain/decimal.ts';
import type { ForecastFigures } from '../../domain/forecast.ts';
import { instantOf, shortInstantText, utcDate } from '../../domain/instant.ts';
import type { MonthInvoice } from '../../domain/invoice.ts';
import { decimalOfCents, sumCents } from '../../domain/money.ts';
import { countShown, moneyShown, priceShown } from '../../render/amounts.ts';
import { type ArrangementOptions, arrangementAsked, ownTable } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, filteredInvoice, filtersOf, isFiltering } from '../filters.ts';
import { emptyMonthNotes, tierNotes } from '../notes.ts';
import {
  type ForecastInputOptions,
  type ForecastInputs,
  periodOfOptions,
  readForecastInputs,
} from './forecast-inputs.ts';

interface ForecastOptions extends ForecastInputOptions, FilterOptions, ArrangementOptions {
  readonly budget?: Decimal;
}

/** Forecasts where the month will end, and writes it seat by seat. */
export async function run(context: Context, options: ForecastOptions): Promise<CommandResult> {
  const asked = periodOfOptions(options, context);
  const arrangement = arrangementAsked(options, FORECAST_COLUMNS, 'charge_forecast');
  const inputs = await readForecastInputs(asked, options, context);
  const filters = filtersOf(options, inputs.billing);
  const month = await context.stopwatch.time('billing', () => forecastMonth(inputs));
  const toDate = filteredInvoice(month.toDate, filters);
  const isFiltered = isFiltering(filters);
  const kept = new Set(toDate.seats);
  const seats = isFiltered ? month.seats.filter(({ seat }) => kept.has(seat)) : month.seats;
  const { sheet, left } = arrangedItems(forecastSheet(seats, toDate), seats, arrangement);
  const isPartial = isFiltered || isCut(arrangement);
  const total = forecastTotals(seats);
  const budget = budgetOutcome(total, toDate, options);
  return {
    document: {
      sheets: [sheet],
      months: [toDate],
      isPartial,
      drawn: ownTable(arrangement, async (look) => {
        const { forecastTable } = await import('../../render/forecast.ts');
        return forecastTable({
          seats: left,
          totals: forecastTotals(left),
          toDate,
          asOf: asOfText(inputs),
          asOfDate: utcDate(inputs.asOf),
          ending: endingOf(inputs, context),
          whole: total,
          subscriptionCharge: sumCents(seats.map(({ seat }) => seat.subscriptionCharge)),
          budget: options.budget,
          isArranged: !isAsItComes(arrangement),
          isFiltered,
          isPartial,
          ...look,
        });
      }),
    },
    inputs,
    alarms: budget.alarms,
    notes: [
      ...(isPartial ? ['the totals are of the rows shown, not of the whole month'] : []),
      ...emptyMonthNotes([month.toDate], inputs, [toDate]),
      ...(inputs.asOfIs === 'no usage' ? [noUsageNote(toDate)] : []),
      // What reports show after an instant that was asked for may have changed since.
      ...(inputs.asOfIs === 'newest usage' ? tierNotes([toDate], inputs) : []),
      ...(context.format === 'table' ? [] : budget.notes),
    ],
    closing: closingText(inputs, total, toDate),
    hasFindings: budget.alarms.length > 0,
  };
}

function noUsageNote({ period }: MonthInvoice): string {
  return `no usage in ${period.month}: forecast as of its first instant; --as-of sets another`;
}

/** How the middle forecast of the seats that pass the filters compares with the budget. */
function budgetOutcome(
  { chargeForecast: forecast }: ForecastFigures,
  { period, edition }: MonthInvoice,
  { budget }: ForecastOptions,
): Required<Pick<CommandResult, 'alarms' | 'notes'>> {
  if (budget === undefined) return { alarms: [], notes: [] };
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

function closingText(
  inputs: ForecastInputs,
  { chargeLow, chargeForecast, chargeHigh }: ForecastFigures,
  { period, edition, seats }: MonthInvoice,
): string {
  const [low, forecast, high] = [chargeLow, chargeForecast, chargeHigh].map((sum) =>
    moneyShown(sum, edition.currency),
  );
  const held = seats.filter(({ terms }) => terms !== undefined);
  const count = countShown(held.length, 'seat');
  return `Forecast of ${period.month} as of ${asOfText(inputs)}, ${count}: ${forecast} (${low} to ${high}).`;
}

/** What is said of the month's end: a month that is over will not end. */
function endingOf({ asOf, period }: ForecastInputs, { host }: Context): string {
  if (asOf >= period.end - 1n) return 'ended';
  return instantOf(host.now()) >= period.end ? 'would end' : 'will end';
}
