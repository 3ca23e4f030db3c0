import { periodAt } from '../domain/billing-period.ts';
import { compareInstants, earlierOf, type Instant, laterOf } from '../domain/instant.ts';

/**
 * The time, `[from, to)`, in which usage of one profile is summed together: a stretch of a month
 * (O2), or between cuts for all profiles a part of one.
 */
export interface UsageWindow {
  readonly month: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly isWanted: boolean;
}

/** Where time is cut: stretches of usage end there (O2). */
export interface UsageCuts {
  /** By profile the instants of its overage changes, ascending. */
  readonly ofProfile: ReadonlyMap<string, readonly Instant[]>;
  /** Instants for all profiles, ascending, at which parts of stretches end: midnights, if usage is wanted by day. */
  readonly ofAll: readonly Instant[];
}

/** The instants at which stretches of a profile end, ascending. */
export function cutsOf({ ofProfile, ofAll }: UsageCuts, profileId: string): readonly Instant[] {
  const own = ofProfile.get(profileId) ?? [];
  return [...own, ...ofAll].sort(compareInstants);
}

/** The first change of a profile's overage strictly inside `(from, to)`. */
export function ownCutInside(
  { ofProfile }: UsageCuts,
  profileId: string,
  from: Instant,
  to: Instant,
): Instant | undefined {
  return ofProfile.get(profileId)?.find((at) => from < at && at < to);
}

/** The window, by these cuts, that contains an instant of a profile (O2). `months`: those that are wanted. */
export function windowAt(
  cuts: readonly Instant[],
  at: Instant,
  { months }: { readonly months?: ReadonlySet<string> },
): UsageWindow {
  const { month, start, end } = periodAt(at);
  const isWanted = months?.has(month) ?? true;
  const lastCut = cuts.findLast((cut) => cut <= at) ?? start;
  const nextCut = cuts.find((cut) => cut > at) ?? end;
  return { month, from: laterOf(lastCut, start), to: earlierOf(nextCut, end), isWanted };
}
