import { periodAt } from '../domain/billing-period.ts';
import { type Instant, NANOS_PER_DAY, utcDate } from '../domain/instant.ts';
import type { ReductionPlan } from './plan.ts';

/** A part of a month, `[start, end)`, whose usage of one profile is added up together. */
export interface UsageWindow {
  readonly month: string;
  /** The stretch that it lies in; the whole of it, unless usage is wanted by day. */
  readonly from: Instant;
  readonly to: Instant;
  /** `YYYY-MM-DD`, where usage is wanted by day. */
  readonly date?: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly isWanted: boolean;
}

/** The instants at which stretches of a profile end, ascending. */
export function cutsOf(plan: ReductionPlan, profileId: string): readonly Instant[] {
  const own = plan.cuts.get(profileId) ?? [];
  if (plan.cutsForAll === undefined) return own;
  return [...own, ...plan.cutsForAll].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The window of a profile with these cuts in which an instant lies. Rule O2. */
export function windowAt(cuts: readonly Instant[], at: Instant, plan: ReductionPlan): UsageWindow {
  const { month, start, end } = periodAt(at);
  const isWanted = plan.months?.has(month) ?? true;
  const lastCut = cuts.findLast((cut) => cut <= at);
  const nextCut = cuts.find((cut) => cut > at);
  const from = later(lastCut ?? start, start);
  const to = earlier(nextCut ?? end, end);
  if (plan.byDay !== true) return { month, from, to, start: from, end: to, isWanted };
  const midnight = at - (at % NANOS_PER_DAY);
  const nextMidnight = midnight + NANOS_PER_DAY;
  return {
    month,
    from,
    to,
    date: utcDate(at),
    start: later(from, midnight),
    end: earlier(to, nextMidnight),
    isWanted,
  };
}

function later(a: Instant, b: Instant): Instant {
  return a < b ? b : a;
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
