import { add } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import type { StretchUsage } from '../domain/records.ts';
import type { DayUsage, ReductionPlan, UsageReduction } from './plan.ts';

/** The sums of a reduction as its plan wants them: by stretch, and by day as well where it says so. */
export function usageOf(
  usage: readonly (StretchUsage | DayUsage)[],
  plan: ReductionPlan,
): Pick<UsageReduction, 'stretches' | 'days'> {
  if (plan.byDay !== true) return { stretches: usage };
  const days = usage as readonly DayUsage[];
  return { stretches: stretchesOfDays(days), days };
}

/** The usage of whole stretches, from that of their days. */
export function stretchesOfDays(days: readonly DayUsage[]): StretchUsage[] {
  const stretches: StretchUsage[] = [];
  for (const ofProfile of groupBy(days, ({ profileId }) => profileId).values()) {
    for (const ofStretch of groupBy(ofProfile, ({ from }) => from).values()) {
      for (const ofSeat of groupBy(ofStretch, ({ userId }) => userId).values()) {
        stretches.push(sumOf(ofSeat));
      }
    }
  }
  return stretches;
}

function sumOf([first, ...others]: [DayUsage, ...DayUsage[]]): StretchUsage {
  const { date: _, ...stretch } = first;
  let { credits, requests } = first;
  for (const other of others) {
    credits = add(credits, other.credits);
    requests += other.requests;
  }
  return { ...stretch, credits, requests };
}
