import { midnightsOf } from '../domain/billing-period.ts';
import { addAt, compare, type Decimal, min, sum, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { utcDate } from '../domain/instant.ts';
import {
  type InvoiceTotals,
  isBilledOrUsed,
  isIdle,
  type MonthInvoice,
  type SeatInvoice,
} from '../domain/invoice.ts';
import { partsOf, type StretchUsage } from '../domain/records.ts';
import type {
  DayCredits,
  MonthBefore,
  NoMonthBefore,
  Report,
  ReportRow,
  TierCredits,
} from '../domain/report.ts';
import { seatKey, seatKeyOf } from '../domain/seat-key.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type EpochDay, epochDayAt, type UsageDays } from '../domain/usage-days.ts';
import type { RollUpView } from '../domain/view.ts';
import { invoiceTotals, rollUps } from './views.ts';

/** The invoice of the month before, or why there is no comparison. */
export type InvoiceBefore = { readonly invoice: MonthInvoice } | NoMonthBefore;

/** Usage by day, if the days are known: each part of a stretch is within one day. */
export interface DatedUsage {
  readonly stretches: Iterable<StretchUsage>;
  /** The months (`YYYY-MM`) that have any, of whatever seats. */
  readonly months: ReadonlySet<string>;
  readonly coverage: Pick<UsageDays, 'byProfile'>;
  /** Whether seats were filtered out, so that not all usage is of a seat shown. */
  readonly isFiltered: boolean;
}

/**
 * Arranges an invoice for a page. It only groups and adds the invoice's figures (M2). `before`: of
 * the same currency, as `comparableWith` sees to.
 */
export function reportOf(invoice: MonthInvoice, before: InvoiceBefore, usage: DatedUsage): Report {
  const seats = invoice.seats.filter(isBilledOrUsed).sort(byCharge);
  const old = 'invoice' in before ? before.invoice : undefined;
  return {
    invoice,
    totals: invoiceTotals(seats),
    hasUsage: invoice.seats.some(({ usageRows }) => usageRows > 0),
    before: 'invoice' in before ? monthBefore(before.invoice, usage) : before,
    byProfile: rowsBy('profile', invoice, old),
    byGroup: rowsBy('group', invoice, old),
    byCostCenter: rowsBy('cost_center', invoice, old),
    tiers: tierCredits(seats),
    days: daysOf(invoice, usage),
    seats,
    idle: seats.filter(isIdle),
    pending: invoice.seats.filter(({ pending }) => pending),
  };
}

function monthBefore({ period, seats }: MonthInvoice, { months }: DatedUsage): MonthBefore {
  return {
    period,
    totals: invoiceTotals(seats.filter(isBilledOrUsed)),
    bySeat: new Map(seats.map((seat) => [seatKeyOf(seat), seat.totalCharge])),
    hasUsage: months.has(period.month),
  };
}

/** From the highest charge, then by credits, descending; otherwise as in the invoice. */
function byCharge(a: SeatInvoice, b: SeatInvoice): number {
  return Number(b.totalCharge - a.totalCharge) || compare(b.creditsUsed, a.creditsUsed);
}

/** The month before, unless it is in another currency: its amounts cannot be compared. */
export function comparableWith({ edition }: MonthInvoice, before: InvoiceBefore): InvoiceBefore {
  if (!('invoice' in before)) return before;
  const { period, edition: old } = before.invoice;
  if (old.currency === edition.currency) return before;
  const whyNot = `it is billed in ${old.currency}, and this month in ${edition.currency}`;
  return { period, whyNot };
}

/** The rows of a view from the highest charge, with keys that only the month before had. */
function rowsBy(
  view: RollUpView,
  now: MonthInvoice,
  before: MonthInvoice | undefined,
): ReportRow[] {
  const current = totalsByKey(view, now);
  const old = before && totalsByKey(view, before);
  const keys = new Set([...current.keys(), ...(old?.keys() ?? [])]);
  return [...keys]
    .map((key) => {
      const totals = { key, ...(current.get(key) ?? invoiceTotals([])) };
      return old ? { ...totals, totalBefore: old.get(key)?.totalCharge ?? 0n } : totals;
    })
    .sort((a, b) => Number(b.totalCharge - a.totalCharge) || compareBytes(a.key, b.key));
}

function totalsByKey(view: RollUpView, invoice: MonthInvoice): Map<string, InvoiceTotals> {
  return new Map(
    rollUps(invoice, view).map(({ keys: [key = ''], first: _, ...totals }) => [key, totals]),
  );
}

/** From the lowest tier; users without a seat last. */
function tierCredits(seats: readonly SeatInvoice[]): TierCredits[] {
  return [...groupBy(seats, ({ terms }) => terms?.tier ?? '')]
    .sort(([, [a]], [, [b]]) => rankOf(a) - rankOf(b))
    .map(([tier, ofTier]) => ({
      ...invoiceTotals(ofTier),
      tier,
      creditsIncluded: sum(ofTier.map(({ allowanceCredits }) => allowanceCredits)),
      withinAllowance: sum(ofTier.map((seat) => min(seat.creditsUsed, seat.allowanceCredits))),
    }));
}

function rankOf({ terms }: SeatInvoice): number {
  return terms?.rank ?? Number.POSITIVE_INFINITY;
}

/** The credits of each day of the month; `undefined` if usage summaries do not give the days. */
function daysOf(
  { period, seats }: MonthInvoice,
  { stretches, coverage, isFiltered }: DatedUsage,
): DayCredits[] | undefined {
  if (coverage.byProfile === undefined) return undefined;
  const shown = isFiltered ? new Set(seats.map(seatKeyOf)) : undefined;
  const byDay = new Map<EpochDay, Decimal>();
  for (const stretch of stretches) {
    const { month, profileId, userId } = stretch;
    if (month !== period.month) continue;
    if (shown?.has(seatKey(profileId, userId)) === false) continue;
    for (const { from, credits } of partsOf(stretch)) addAt(byDay, epochDayAt(from), credits);
  }
  return midnightsOf(period).map((midnight) => ({
    date: utcDate(midnight),
    credits: byDay.get(epochDayAt(midnight)) ?? ZERO,
  }));
}
