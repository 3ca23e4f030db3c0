import type { Advice, IdleTime, SeatAdvice, TierOption } from '../../domain/advice.ts';
import { compare, type Decimal, isPositive, sum } from '../../domain/decimal.ts';
import { fraction } from '../../domain/fraction.ts';
import type { MonthInvoice, SeatInvoice } from '../../domain/invoice.ts';
import { decimalOfCents, roundToCents, sumCents } from '../../domain/money.ts';
import type { TierTerms } from '../../domain/rate-card.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import type { Tier } from '../../domain/tier.ts';
import type { Billing } from '../invoice.ts';
import { nextMonth } from '../next-month.ts';
import {
  type BillByTier,
  billsByTier,
  type OverageAsked,
  type TierBill,
  termsInProfile,
} from './what-if.ts';

/**
 * Advice for each seat that holds a tier in the last of `invoices`, which are consecutive months:
 * idle seats first, then in the order of the invoice. Costs of all counted months add up. `idleTimes`:
 * of seats without usage in the last month, by `seatKey`, if all usage was looked at.
 */
export function seatAdvices(
  billing: Billing,
  invoices: readonly [...MonthInvoice[], MonthInvoice],
  overage?: OverageAsked,
  idleTimes: ReadonlyMap<string, IdleTime> = new Map(),
): SeatAdvice[] {
  const last = invoices.at(-1) as MonthInvoice;
  const months = invoices.map((invoice) => seatMonths(billing, invoice, overage));
  const advices = last.seats.flatMap((seat) => {
    const { terms } = seat;
    if (terms === undefined) return [];
    const counted = months.flatMap((monthOf) => monthOf(seat) ?? []);
    return [seatAdvice(billing, invoices, seat, terms, counted, idleTimes)];
  });
  const isIdle = ({ advice }: SeatAdvice): boolean => advice === 'idle';
  return [...advices.filter(isIdle), ...advices.filter((one) => !isIdle(one))];
}

/** A month in which the seat held a tier. */
interface SeatMonth {
  readonly month: string;
  readonly held: Tier;
  readonly creditsUsed: Decimal;
  readonly bills: BillByTier;
}

/** Looks up what a seat held and used in a month; `undefined` if it held no tier in it. */
function seatMonths(
  billing: Billing,
  invoice: MonthInvoice,
  overage: OverageAsked,
): (seat: SeatInvoice) => SeatMonth | undefined {
  const billsOf = billsByTier(billing, invoice, overage);
  const { month } = invoice.period;
  const held = invoice.seats.filter(({ terms }) => terms !== undefined);
  const seats = new Map(held.map((seat) => [seatKeyOf(seat), seat]));
  return (seat) => {
    const ofMonth = seats.get(seatKeyOf(seat));
    if (ofMonth?.terms === undefined) return undefined;
    const { terms, creditsUsed } = ofMonth;
    return { month, held: terms.tier, creditsUsed, bills: billsOf(ofMonth) };
  };
}

function seatAdvice(
  billing: Billing,
  invoices: readonly [...MonthInvoice[], MonthInvoice],
  seat: SeatInvoice,
  terms: TierTerms,
  counted: readonly SeatMonth[],
  idleTimes: ReadonlyMap<string, IdleTime>,
): SeatAdvice {
  const { period, edition } = invoices.at(-1) as MonthInvoice;
  const tiers = [...termsInProfile(edition, seat.profile).values()];
  const options = tiers.map((one) => tierOption(one, counted));
  const current = options.find(({ tier }) => tier === terms.tier) as TierOption;
  const next = nextMonth(billing, seat, period);
  const { step } = next;
  const upcoming = step && (options.find(({ tier }) => tier === step.tier) ?? current);
  const creditsUsed = sum(counted.map((month) => month.creditsUsed));
  const best = upcoming === undefined ? current : bestOption(options, upcoming);
  const recommended = isPositive(creditsUsed) ? best : undefined;
  const saving = upcoming === undefined ? 0n : upcoming.cost - (recommended?.cost ?? 0n);
  return {
    seat,
    months: counted.map(({ month }) => month),
    creditsUsed,
    options,
    current,
    upcoming,
    recommended,
    advice: adviceOf(upcoming ?? current, recommended),
    saving,
    monthlySaving: roundToCents(fraction(saving, 100 * invoices.length)),
    next,
    idle: idleTimes.get(seatKeyOf(seat)),
  };
}

/**
 * The sum of a tier's bills. A month whose rate card does not have the tier counts with the tier
 * then held.
 */
function tierOption({ tier, rank }: TierTerms, counted: readonly SeatMonth[]): TierOption {
  const missingIn = counted.filter(({ bills }) => !bills.has(tier)).map(({ month }) => month);
  const bills = counted.map((month) => billOf(month, tier));
  const blockedCredits = sum(bills.map(({ unbilledCredits }) => unbilledCredits));
  return {
    tier,
    rank,
    cost: sumCents(bills.map(({ totalCharge }) => totalCharge)),
    newestCost: (bills.at(-1) as TierBill).totalCharge,
    overageCredits: sum(bills.map((bill) => bill.overageCredits)),
    blockedCredits,
    isPossible: missingIn.length === 0 && !isPositive(blockedCredits),
    missingIn,
  };
}

/** The bill for a tier, else for that held in the month, which the month's rate card has. */
function billOf({ bills, held }: SeatMonth, tier: Tier): TierBill {
  return bills.get(tier) ?? (bills.get(held) as TierBill);
}

/**
 * The cheapest tier that covers the usage; at equal costs the upcoming one, else the lower. A
 * lower tier that the seat has outgrown, so that it costs more in the newest month, does not
 * count. If no tier covers the usage, the highest.
 */
function bestOption(options: readonly TierOption[], upcoming: TierOption): TierOption {
  const possible = options.filter(({ isPossible }) => isPossible);
  if (possible.length === 0) return options.at(-1) as TierOption;
  const [best = upcoming] = possible
    .filter((one) => one.rank >= upcoming.rank || one.newestCost <= upcoming.newestCost)
    .sort((a, b) => Number(a.cost - b.cost));
  return upcoming.isPossible && upcoming.cost === best.cost ? upcoming : best;
}

function adviceOf(upcoming: TierOption, recommended: TierOption | undefined): Advice {
  if (recommended === undefined) return 'idle';
  if (recommended.rank > upcoming.rank) return 'upgrade';
  return recommended.rank < upcoming.rank ? 'downgrade' : 'keep';
}

/** All tiers that any of the seats could hold, from the lowest. */
export function tiersOf(advices: readonly SeatAdvice[]): Tier[] {
  const ranks = new Map(
    advices.flatMap(({ options }) => options.map(({ tier, rank }) => [tier, rank] as const)),
  );
  return [...ranks].sort(([, a], [, b]) => a - b).map(([tier]) => tier);
}

/** Leaves out savings below `least`, except upgrades, which unblock work. */
export function withSavingFrom(advices: readonly SeatAdvice[], least: Decimal): SeatAdvice[] {
  return advices.filter(
    ({ advice, saving }) => advice === 'upgrade' || compare(decimalOfCents(saving), least) >= 0,
  );
}
