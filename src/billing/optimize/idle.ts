import type { IdleTime } from '../../domain/advice.ts';
import { type BillingPeriod, billingPeriod } from '../../domain/billing-period.ts';
import { groupBy } from '../../domain/grouping.ts';
import { earlierOf, type Instant, laterOf } from '../../domain/instant.ts';
import { isIdle, type MonthInvoice, type SeatInvoice } from '../../domain/invoice.ts';
import { sumCents } from '../../domain/money.ts';
import { editionFor } from '../../domain/rate-card.ts';
import { NO_USAGE, type StretchUsage } from '../../domain/records.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import {
  type EpochDay,
  epochDayAt,
  type LastUse,
  type UsageDays,
} from '../../domain/usage-days.ts';
import { type Billing, billMonths } from '../invoice.ts';
import type { Seat, Seats } from '../seats.ts';

const FOR_COST = 'optimize bills that month, too, for what idle seats have cost (idle_cost)';

/** When seats were used, over all months in the data. */
interface UseFacts {
  readonly lastUse: LastUse;
  /** The first day with usage of any user. */
  readonly firstDay: EpochDay;
  /** The complete months with usage of any user. */
  readonly periods: readonly BillingPeriod[];
}

/** Usage of all months. */
interface UsageRead {
  readonly months: ReadonlySet<string>;
  readonly stretches: Iterable<StretchUsage>;
  readonly coverage: UsageDays;
  readonly lastUse: LastUse;
}

/**
 * The idle times, by `seatKey`, of the newest month's seats that used no credits in it. A seat is
 * idle since the day after its last use; without any use since it began, but not before the data's
 * first usage. Months in another currency are left out of the cost.
 */
export function idleTimes(
  billing: Billing,
  { seats, edition }: MonthInvoice,
  facts: UseFacts,
): Map<string, IdleTime> {
  const idle = seats.filter(isIdle);
  const since = new Map(idle.map((seat) => [seatKeyOf(seat), idleSince(billing, seat, facts)]));
  const earliest = [...since.values()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const periods = facts.periods.filter(
    (period) =>
      epochDayAt(period.start) >= earliest &&
      editionFor(billing.card, period)?.currency === edition.currency,
  );
  const charges = billMonths(onlySeats(billing, idle), periods, FOR_COST).flatMap((invoice) =>
    invoice.seats.map((seat) => ({ day: epochDayAt(invoice.period.start), seat })),
  );
  const costs = groupBy(charges, ({ seat }) => seatKeyOf(seat));
  return new Map(
    [...since].map(([key, day]) => {
      const ofSeat = (costs.get(key) ?? []).filter((charge) => charge.day >= day);
      return [
        key,
        { since: day, cost: sumCents(ofSeat.map(({ seat }) => seat.subscriptionCharge)) },
      ];
    }),
  );
}

/** When seats were used, by all usage; only months before the running one are complete. */
export function useFacts(
  { months, stretches, coverage: { byProfile }, lastUse }: UsageRead,
  running: BillingPeriod,
): UseFacts {
  const days = byProfile
    ? [...byProfile.values()].flatMap((ofProfile) => [...ofProfile])
    : Array.from(stretches, ({ from }) => epochDayAt(from));
  return {
    lastUse,
    firstDay: days.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    periods: [...months]
      .filter((month) => month < running.month)
      .sort()
      .map(billingPeriod),
  };
}

function idleSince(
  { seats }: Billing,
  { profile: { profileId }, userId }: SeatInvoice,
  { lastUse, firstDay }: UseFacts,
): EpochDay {
  const lastDay = lastUse(profileId, userId);
  if (lastDay !== undefined) return lastDay + 1;
  const began = epochDayAt(startOf(seats.get(profileId)?.get(userId) as Seat));
  return Math.max(began, firstDay);
}

/** The first instant at which a seat counts (H1, H3). */
function startOf({ sources, activatedAt }: Seat): Instant {
  const first = sources.map(({ from }) => from).reduce(earlierOf);
  return typeof activatedAt === 'bigint' ? laterOf(activatedAt, first) : first;
}

/** The input needed to bill only these seats, without usage, as subscription charges need none. */
function onlySeats(
  { completeness: _, ...billing }: Billing,
  kept: readonly SeatInvoice[],
): Billing {
  const ofProfiles = groupBy(kept, ({ profile }) => profile.profileId);
  const seats: Seats = new Map(
    [...ofProfiles].map(([profileId, ofProfile]) => [
      profileId,
      new Map(
        ofProfile.map(({ userId }) => [userId, billing.seats.get(profileId)?.get(userId) as Seat]),
      ),
    ]),
  );
  return { ...billing, seats, usage: NO_USAGE, inputWarnings: [] };
}
