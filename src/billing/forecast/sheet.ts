import type { SeatForecast } from '../../domain/forecast.ts';
import { type MonthInvoice, sheetMonth } from '../../domain/invoice.ts';
import {
  type ColumnOf,
  column,
  columnsOfPart,
  MONTH_COLUMN,
  type RowSource,
  rowSource,
} from '../../domain/sheet.ts';
import { sheetColumns } from '../sheet-columns.ts';

/** The columns of `forecast`, in order. */
export const FORECAST_COLUMNS: readonly ColumnOf<SeatForecast>[] = [
  MONTH_COLUMN,
  ...columnsOfPart(
    sheetColumns('profile_id', 'user_id', 'user_name', 'tier'),
    ({ seat }: SeatForecast) => seat,
  ),
  column('credits_to_date', 'credits', ({ creditsToDate }) => creditsToDate),
  column('credits_low', 'credits', ({ creditsLow }) => creditsLow),
  column('credits_forecast', 'credits', ({ creditsForecast }) => creditsForecast),
  column('credits_high', 'credits', ({ creditsHigh }) => creditsHigh),
  column('credits_included', 'credits', ({ seat }) => seat.allowanceCredits, false),
  column('allowance_reached_on', 'date', ({ allowanceReachedOn }) => allowanceReachedOn ?? ''),
  column('charge_low', 'money', ({ chargeLow }) => chargeLow),
  column('charge_forecast', 'money', ({ chargeForecast }) => chargeForecast),
  column('charge_high', 'money', ({ chargeHigh }) => chargeHigh),
];

/** The forecasts as rows, with totals of credits and charges. */
export function forecastSheet(seats: readonly SeatForecast[], toDate: MonthInvoice): RowSource {
  return rowSource(sheetMonth(toDate), FORECAST_COLUMNS, seats);
}
