import {
  type Bridge,
  type BridgeStep,
  type CausedChange,
  CHANGE_CAUSES,
  type SeatChange,
} from '../domain/bridge.ts';
import { type MonthInvoice, type SeatInvoice, totalOf } from '../domain/invoice.ts';
import { absoluteCents, type Cents, centsOf, sumCents } from '../domain/money.ts';
import type { RateEdition, TierTerms } from '../domain/rate-card.ts';
import { seatKeyOf } from '../domain/seat-key.ts';
import { termsFor } from './rates.ts';

/**
 * The steps from the invoice of the month before to this one, both in one currency: by cause
 * and seat by seat. Every amount is a difference of charges or of whole monthly prices in
 * cents, so that all of them add up to the change of the total (M2).
 */
export function bridgeOf(before: MonthInvoice, now: MonthInvoice): Bridge {
  const changes: SeatChange[] = [];
  for (const pair of seatPairs(before, now)) {
    const change = seatChange(pair, now.edition);
    if (change.causes.length > 0) changes.push(change);
  }
  return {
    before: before.period,
    totalBefore: totalOf(before),
    steps: stepsOf(changes),
    total: totalOf(now),
    changes: changes.sort((a, b) => Number(absoluteCents(b.change) - absoluteCents(a.change))),
  };
}

/** One seat in both months; missing in a month in which it is not. */
interface SeatPair {
  readonly before?: SeatInvoice | undefined;
  readonly now?: SeatInvoice;
}

/** All seats of either month, those of the later one first. */
function* seatPairs(before: MonthInvoice, now: MonthInvoice): Generator<SeatPair> {
  const old = new Map(before.seats.map((seat) => [seatKeyOf(seat), seat]));
  for (const seat of now.seats) {
    const key = seatKeyOf(seat);
    yield { before: old.get(key), now: seat };
    old.delete(key);
  }
  for (const seat of old.values()) yield { before: seat };
}

function seatChange({ before, now }: SeatPair, edition: RateEdition): SeatChange {
  const overage = (now?.overageCharge ?? 0n) - (before?.overageCharge ?? 0n);
  const causes: CausedChange[] = [
    ...subscriptionCauses(before, now, edition),
    { cause: 'overage', amount: overage },
  ];
  return {
    seat: (now ?? before) as SeatInvoice,
    tierBefore: before?.terms?.tier,
    tier: now?.terms?.tier,
    change: (now?.totalCharge ?? 0n) - (before?.totalCharge ?? 0n),
    causes: causes.filter(({ amount }) => amount !== 0n),
  };
}

/** Why the subscription charges differ: the amounts add up to their difference. */
function subscriptionCauses(
  before: SeatInvoice | undefined,
  now: SeatInvoice | undefined,
  edition: RateEdition,
): CausedChange[] {
  if (before?.terms === undefined) {
    return [{ cause: 'new-seat', amount: now?.subscriptionCharge ?? 0n }];
  }
  if (now?.terms === undefined) {
    return [{ cause: 'ended', amount: -before.subscriptionCharge }];
  }
  const [old, current] = [before.terms, now.terms];
  const oldPrice = monthlyPrice(old);
  const price = monthlyPrice(current);
  // What the tier of the month before costs now; if it is gone, all of it is a change of tier.
  const keptTerms = termsFor(edition, now.profile)?.get(old.tier);
  const keptPrice = keptTerms === undefined ? oldPrice : monthlyPrice(keptTerms);
  // What the charge of each month lacks of a whole month's price.
  const lackedBefore = oldPrice - before.subscriptionCharge;
  const lacks = price - now.subscriptionCharge;
  return [
    { cause: current.rank < old.rank ? 'downgrade' : 'upgrade', amount: price - keptPrice },
    { cause: 'first-month', amount: lackedBefore - lacks },
    { cause: 'prices', amount: keptPrice - oldPrice },
  ];
}

/** What a whole month of a tier is charged. */
function monthlyPrice({ price }: TierTerms): Cents {
  return centsOf(price);
}

function stepsOf(changes: readonly SeatChange[]): BridgeStep[] {
  return CHANGE_CAUSES.flatMap((cause) => {
    const ofCause = changes.flatMap(({ causes }) => causes.filter((one) => one.cause === cause));
    if (ofCause.length === 0) return [];
    return [
      { cause, amount: sumCents(ofCause.map(({ amount }) => amount)), seats: ofCause.length },
    ];
  });
}
