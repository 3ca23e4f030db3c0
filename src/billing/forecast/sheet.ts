import type { MonthInvoice } from '../../domain/invoice.ts';
import type { Cell, Column, ColumnKind, Sheet } from '../../domain/sheet.ts';
import { totalsOf } from '../views.ts';
import type { SeatForecast } from './forecast.ts';

interface ForecastColumn extends Column {
  readonly cell: (forecast: SeatForecast, month: string) => Cell;
}

function column(name: string, kind: ColumnKind, cell: ForecastColumn['cell']): ForecastColumn {
  const adds = kind === 'money' || (kind === 'credits' && name !== 'credits_included');
  return { name, kind, cell, adds };
}

/** The columns of `forecast`, in order. */
export const FORECAST_COLUMNS: readonly ForecastColumn[] = [
  column('month', 'text', (_, month) => month),
  column('profile_id', 'text', ({ seat }) => seat.profile.profileId),
  column('user_id', 'text', ({ seat }) => seat.userId),
  column('user_name', 'text', ({ seat }) => seat.userName),
  column('tier', 'text', ({ seat }) => seat.terms?.tier ?? ''),
  column('credits_to_date', 'credits', ({ seat }) => seat.creditsUsed),
  column('credits_low', 'credits', ({ creditsLow }) => creditsLow),
  column('credits_forecast', 'credits', ({ creditsForecast }) => creditsForecast),
  column('credits_high', 'credits', ({ creditsHigh }) => creditsHigh),
  column('credits_included', 'credits', ({ seat }) => seat.allowanceCredits),
  column('allowance_reached_on', 'date', ({ allowanceReachedOn }) => allowanceReachedOn ?? ''),
  column('charge_low', 'money', ({ chargeLow }) => chargeLow),
  column('charge_forecast', 'money', ({ chargeForecast }) => chargeForecast),
  column('charge_high', 'money', ({ chargeHigh }) => chargeHigh),
];

/** The forecasts as rows, with totals of credits and charges. */
export function forecastSheet(
  seats: readonly SeatForecast[],
  { period, edition }: MonthInvoice,
): Sheet {
  const rows = seats.map((seat) => FORECAST_COLUMNS.map(({ cell }) => cell(seat, period.month)));
  return {
    month: period.month,
    currency: edition.currency,
    columns: FORECAST_COLUMNS,
    rows,
    totals: totalsOf(FORECAST_COLUMNS, rows),
  };
}
