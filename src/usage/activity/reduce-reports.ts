import { add } from '../../domain/decimal.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { UsageAccumulator } from '../accumulator.ts';
import type { DayUsage, ReductionPlan, UsageReduction } from '../plan.ts';
import type { ActivityReports } from './activity-reports.ts';
import type { ReportReading } from './read-reports.ts';

/** The usage of the reports that count, added to what other usage files were reduced to. */
export function withReports(
  reduction: UsageReduction,
  reports: ActivityReports,
  reading: ReportReading,
  plan: ReductionPlan,
): UsageReduction {
  const sums = new UsageAccumulator(plan);
  for (const { profileId, userId, at, credits, place } of reports.counted()) {
    sums.add(profileId, userId, at, credits, place);
  }
  return {
    ...reduction,
    stretches: mergedUsage(reduction.stretches, sums.stretches()),
    ...(reduction.days === undefined ? {} : { days: mergedUsage(reduction.days, sums.days()) }),
    months: new Set([...reduction.months, ...sums.months()]),
    profiles: new Map([...sums.profiles(), ...reduction.profiles]),
    rows: reduction.rows + reading.rows,
    badRows: reduction.badRows + reading.badRows,
  };
}

/** A seat may have usage of both kinds in one stretch, or on one day. */
function mergedUsage<Usage extends StretchUsage | DayUsage>(
  ours: readonly Usage[],
  theirs: readonly Usage[],
): readonly Usage[] {
  if (ours.length === 0) return theirs;
  const merged = new Map<string, Usage>();
  for (const usage of [...ours, ...theirs]) {
    const { profileId, userId, from } = usage;
    const date = 'date' in usage ? usage.date : '';
    const key = JSON.stringify([profileId, userId, String(from), date]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? usage : bothOf(known, usage));
  }
  return [...merged.values()];
}

function bothOf<Usage extends StretchUsage>(a: Usage, b: Usage): Usage {
  return { ...a, credits: add(a.credits, b.credits), requests: a.requests + b.requests };
}
