import { add } from '../../domain/decimal.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { UsageAccumulator } from '../accumulator.ts';
import type { ReductionPlan, UsageReduction } from '../plan.ts';
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
    stretches: mergedStretches([...reduction.stretches, ...sums.stretches()]),
    months: new Set([...reduction.months, ...sums.months()]),
    profiles: new Map([...sums.profiles(), ...reduction.profiles]),
    rows: reduction.rows + reading.rows,
    badRows: reduction.badRows + reading.badRows,
  };
}

/** A seat may have usage of both kinds in one stretch. */
function mergedStretches(stretches: readonly StretchUsage[]): StretchUsage[] {
  const merged = new Map<string, StretchUsage>();
  for (const stretch of stretches) {
    const key = JSON.stringify([stretch.profileId, stretch.userId, String(stretch.from)]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? stretch : bothOf(known, stretch));
  }
  return [...merged.values()];
}

function bothOf(a: StretchUsage, b: StretchUsage): StretchUsage {
  return { ...a, credits: add(a.credits, b.credits), requests: a.requests + b.requests };
}
