import { periodAt } from '../../domain/billing-period.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { Instant } from '../../domain/instant.ts';

/** A stretch of a month in which its profile has overage changes. */
export interface KnownStretch {
  readonly profileId: string;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The stretches of all months that a cut divides; any other month of a profile is one stretch.
 * `cuts` has the instants of a profile's overage changes, ascending (O2).
 */
export function knownStretches(cuts: ReadonlyMap<string, readonly Instant[]>): KnownStretch[] {
  return [...cuts].flatMap(([profileId, instants]) =>
    [...groupBy(instants, (at) => periodAt(at).month).values()].flatMap((ofMonth) =>
      stretchesOfMonth(profileId, ofMonth),
    ),
  );
}

function stretchesOfMonth(
  profileId: string,
  cuts: readonly [Instant, ...Instant[]],
): KnownStretch[] {
  const { start, end } = periodAt(cuts[0]);
  const bounds = [start, ...cuts.filter((at) => at > start), end];
  if (bounds.length === 2) return [];
  return bounds
    .slice(0, -1)
    .map((from, index) => ({ profileId, from, to: bounds[index + 1] as Instant }));
}
