import { bridgeOf } from '../../billing/bridge.ts';
import { forecastMonth } from '../../billing/forecast/forecast.ts';
import { type Billing, billedSeats } from '../../billing/invoice.ts';
import { seatAdvices } from '../../billing/optimize/optimize.ts';
import { editionInForce } from '../../billing/rates.ts';
import { comparableWith, type InvoiceBefore, reportOf } from '../../billing/report.ts';
import { type BillingPeriod, periodsLater } from '../../domain/billing-period.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { type Instant, utcDate } from '../../domain/instant.ts';
import { isBilledOrUsed, type MonthInvoice, type SeatInvoice } from '../../domain/invoice.ts';
import { type Cents, centsOf, sumCents } from '../../domain/money.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import { problemLine } from '../../render/problems.ts';
import type {
  ExpectedTotal,
  MonthTotals,
  PageInput,
  Savings,
  SeatSaving,
} from '../../render/report/page-input.ts';
import { type Filters, isFiltering, passes } from '../filters.ts';
import type { Inputs } from '../inputs.ts';

interface FiguresAsked {
  /** Of the seats shown. */
  readonly invoice: MonthInvoice;
  readonly inputs: Inputs;
  readonly filters: Filters;
  /** The months side by side; the last is the invoice's. */
  readonly periods: readonly BillingPeriod[];
  /** The last instant of the last day that is over. */
  readonly lastOver: Instant;
  readonly budget: Decimal | undefined;
}

export type PageFigures = Pick<PageInput, 'report' | 'months' | 'unusedMonths'> &
  Partial<Pick<PageInput, 'bridge' | 'savings' | 'budget' | 'expected'>>;

/** All figures of the page, each from the engine that computes it. */
export function pageFigures(asked: FiguresAsked): PageFigures {
  const { invoice, inputs, filters, periods, budget } = asked;
  const before = comparableWith(invoice, invoiceBefore(asked, periodsLater(invoice.period, -1)));
  const isFiltered = isFiltering(filters);
  const report = reportOf(invoice, before, { ...inputs.usage, isFiltered });
  const old = 'invoice' in before ? before.invoice : undefined;
  const months = shownMonths(periods.map((period) => monthTotals(asked, old, period)));
  const earlier = months.slice(0, -1).map(({ month }) => month);
  return {
    report,
    months,
    unusedMonths: earlier.filter((month) => !inputs.usage.months.has(month)),
    bridge: old?.seats.some(isBilledOrUsed) ? bridgeOf(old, invoice) : undefined,
    savings: report.hasUsage ? savingsOf(inputs.billing, invoice) : undefined,
    budget: budget && centsOf(budget),
    expected: expectedTotal(asked),
  };
}

/** The month before, or why it cannot be billed, which is no reason not to report the month. */
function invoiceBefore({ inputs, filters }: FiguresAsked, period: BillingPeriod): InvoiceBefore {
  const { billing } = inputs;
  return billedOrWhyNot(period, () => {
    const edition = editionInForce(billing.card, period);
    const seats = [...billedSeats(billing, period)].filter((seat) => passes(seat, filters));
    return { invoice: { period, edition, seats, warnings: [] } };
  });
}

function billedOrWhyNot<Billed>(
  period: BillingPeriod,
  bill: () => Billed,
): Billed | { readonly period: BillingPeriod; readonly whyNot: string } {
  try {
    return bill();
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

/** The total charge of a month; `undefined` if it cannot be billed in the invoice's currency. */
function monthTotals(
  { invoice, inputs: { billing }, filters }: FiguresAsked,
  old: MonthInvoice | undefined,
  period: BillingPeriod,
): MonthTotals | undefined {
  const { month } = period;
  if (month === invoice.period.month) return totalsOf(month, invoice.seats);
  if (month === old?.period.month) return totalsOf(month, old.seats);
  const totals = billedOrWhyNot(period, () => {
    const { currency } = editionInForce(billing.card, period);
    if (currency !== invoice.edition.currency) return undefined;
    return totalsOf(month, billedSeats(billing, period), (seat) => passes(seat, filters));
  });
  return totals !== undefined && 'whyNot' in totals ? undefined : totals;
}

function totalsOf(
  month: string,
  seats: Iterable<SeatInvoice>,
  counts: (seat: SeatInvoice) => boolean = () => true,
): MonthTotals {
  let [subscriptionCharge, overageCharge] = [0n, 0n];
  for (const seat of seats) {
    if (!counts(seat)) continue;
    subscriptionCharge += seat.subscriptionCharge;
    overageCharge += seat.overageCharge;
  }
  return {
    month,
    subscriptionCharge,
    overageCharge,
    totalCharge: subscriptionCharge + overageCharge,
  };
}

/** The months without empty ones at the start. */
function shownMonths(months: readonly (MonthTotals | undefined)[]): MonthTotals[] {
  const totals = months.filter((one) => one !== undefined);
  const first = totals.findIndex(({ totalCharge }) => totalCharge !== 0n);
  return first < 0 ? totals.slice(-1) : totals.slice(first);
}

const MOST_SAVINGS = 10;
/** The number of seats advised at once, so that memory of their advice can be released in between. */
const SEATS_AT_ONCE = 500;

/** What `optimize` advises for this month alone. */
function savingsOf(billing: Billing, invoice: MonthInvoice): Savings {
  let [monthly, count]: [Cents, number] = [0n, 0];
  let seats: SeatSaving[] = [];
  for (let start = 0; start < invoice.seats.length; start += SEATS_AT_ONCE) {
    const some = invoice.seats.slice(start, start + SEATS_AT_ONCE);
    const found = seatSavings(billing, { ...invoice, seats: some });
    monthly += sumCents(found.map((one) => one.monthly));
    count += found.length;
    seats = [...seats, ...found]
      .sort((a, b) => Number(b.monthly - a.monthly))
      .slice(0, MOST_SAVINGS);
  }
  return { monthly, count, seats };
}

function seatSavings(billing: Billing, invoice: MonthInvoice): SeatSaving[] {
  return seatAdvices(billing, [invoice])
    .filter(({ saving }) => saving > 0n)
    .map(({ seat, saving, current, recommended }) => ({
      seat,
      monthly: saving,
      advice:
        recommended === undefined
          ? 'not used: unsubscribe'
          : `${current.tier} to ${recommended.tier}`,
    }));
}

/** Where a running month will end; `undefined` if usage summaries do not show the days. */
function expectedTotal({
  inputs: { billing, usage },
  invoice,
  lastOver: asOf,
}: FiguresAsked): ExpectedTotal | undefined {
  const { period } = invoice;
  if (asOf >= period.end - 1n || asOf < period.start) return undefined;
  if (usage.coverage.byProfile === undefined) return undefined;
  const forecast = forecastMonth({ billing, usage, period, asOf });
  const kept = new Set(invoice.seats.map(seatKeyOf));
  const seats = forecast.seats.filter(({ seat }) => kept.has(seatKeyOf(seat)));
  return {
    low: sumCents(seats.map(({ chargeLow }) => chargeLow)),
    middle: sumCents(seats.map(({ chargeForecast }) => chargeForecast)),
    high: sumCents(seats.map(({ chargeHigh }) => chargeHigh)),
    asOf: utcDate(asOf),
  };
}
