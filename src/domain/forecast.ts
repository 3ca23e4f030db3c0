import type { Decimal } from './decimal.ts';
import type { SeatInvoice } from './invoice.ts';
import type { Cents } from './money.ts';

/** What a seat, or all seats together, used so far, and will have used and cost by the end of the month. */
export interface ForecastFigures {
  readonly creditsToDate: Decimal;
  readonly creditsLow: Decimal;
  readonly creditsForecast: Decimal;
  readonly creditsHigh: Decimal;
  readonly chargeLow: Cents;
  readonly chargeForecast: Cents;
  readonly chargeHigh: Cents;
}

/** The forecast of one seat for the end of the month. */
export interface SeatForecast extends ForecastFigures {
  /** The seat as billed to date, by the current records. */
  readonly seat: SeatInvoice;
  /** The date on which the allowance was or will be used up; missing if it will not be. */
  readonly allowanceReachedOn?: string | undefined;
  /** In the middle forecast: credits beyond the allowance that are not charged (O5). */
  readonly creditsUnbilled: Decimal;
}
