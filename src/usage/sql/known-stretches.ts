import { periodAt } from '../../domain/billing-period.ts';
import { groupBy } from '../../domain/grouping.ts';
import { type Instant, instantText } from '../../domain/instant.ts';

/** A stretch of a month in which its profile has overage changes, as a statement writes it. */
export interface KnownStretch {
  readonly profileId: string;
  /**
   * Microseconds since 1970: the first in the stretch, and the first after it. For usage to the
   * microsecond they divide as the exact bounds do.
   */
  readonly startsAtMicros: bigint;
  readonly endsAtMicros: bigint;
  /** The exact bounds, as a summary writes them. */
  readonly from: string;
  readonly to: string;
}

const NANOS_PER_MICRO = 1000n;

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
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] as Instant;
    return {
      profileId,
      startsAtMicros: microsFrom(from),
      endsAtMicros: microsFrom(to),
      from: instantText(from),
      to: instantText(to),
    };
  });
}

/** The first whole microsecond at or after an instant (of 1970 or later). */
function microsFrom(at: Instant): bigint {
  return (at + NANOS_PER_MICRO - 1n) / NANOS_PER_MICRO;
}
