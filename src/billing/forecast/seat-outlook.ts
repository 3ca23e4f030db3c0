import type { Decimal } from '../../domain/decimal.ts';
import type { SeatForecast } from '../../domain/forecast.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';

/** Credits in hundredths, or cents: as a number where it is exact, which takes a tenth of the memory. */
type Packed<Exact> = number | Exact;

const PLACES = 2;

/** The figures of a forecast, as there may be one for each of a million seats. */
export class SeatOutlook implements SeatForecast {
  readonly seat: SeatInvoice;
  readonly allowanceReachedOn: string | undefined;
  readonly #low: Packed<Decimal>;
  readonly #forecast: Packed<Decimal>;
  readonly #high: Packed<Decimal>;
  readonly #unbilled: Packed<Decimal>;
  readonly #chargeLow: Packed<Cents>;
  readonly #chargeForecast: Packed<Cents>;
  readonly #chargeHigh: Packed<Cents>;

  constructor(forecast: Omit<SeatForecast, 'creditsToDate'>) {
    this.seat = forecast.seat;
    this.allowanceReachedOn = forecast.allowanceReachedOn;
    this.#low = packed(forecast.creditsLow);
    this.#forecast = packed(forecast.creditsForecast);
    this.#high = packed(forecast.creditsHigh);
    this.#unbilled = packed(forecast.creditsUnbilled);
    this.#chargeLow = packedCents(forecast.chargeLow);
    this.#chargeForecast = packedCents(forecast.chargeForecast);
    this.#chargeHigh = packedCents(forecast.chargeHigh);
  }

  get creditsToDate(): Decimal {
    return this.seat.creditsUsed;
  }

  get creditsLow(): Decimal {
    return unpacked(this.#low);
  }

  get creditsForecast(): Decimal {
    return unpacked(this.#forecast);
  }

  get creditsHigh(): Decimal {
    return unpacked(this.#high);
  }

  get creditsUnbilled(): Decimal {
    return unpacked(this.#unbilled);
  }

  get chargeLow(): Cents {
    return BigInt(this.#chargeLow);
  }

  get chargeForecast(): Cents {
    return BigInt(this.#chargeForecast);
  }

  get chargeHigh(): Cents {
    return BigInt(this.#chargeHigh);
  }
}

function packed(value: Decimal): Packed<Decimal> {
  const units = Number(value.units);
  return value.scale === PLACES && Number.isSafeInteger(units) ? units : value;
}

function unpacked(value: Packed<Decimal>): Decimal {
  return typeof value === 'number' ? { units: BigInt(value), scale: PLACES } : value;
}

function packedCents(cents: Cents): Packed<Cents> {
  const number = Number(cents);
  return Number.isSafeInteger(number) ? number : cents;
}
