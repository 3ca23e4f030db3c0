import { periodAt } from '../../domain/billing-period.ts';
import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { windowAt } from '../usage-window.ts';

/** A stretch of a month in which its profile has overage changes. */
export type KnownStretch = Pick<StretchUsage, 'profileId' | 'from' | 'to'>;

/**
 * The stretches of all months that a cut divides; any other month of a profile is one stretch.
 * `cuts` has the instants of a profile's overage changes, ascending (O2).
 */
export function knownStretches(cuts: ReadonlyMap<string, readonly Instant[]>): KnownStretch[] {
  return [...cuts].flatMap(([profileId, instants]) => {
    const starts = new Set(instants.flatMap((at) => [periodAt(at).start, at]));
    return [...starts]
      .sort(compareInstants)
      .map((at) => windowAt(instants, at, {}))
      .filter(({ from, to }) => from !== periodAt(from).start || to !== periodAt(from).end)
      .map(({ from, to }) => ({ profileId, from, to }));
  });
}
