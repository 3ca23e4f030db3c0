import { add } from '../../domain/decimal.ts';
import type { Instant } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { ReductionPlan } from '../plan.ts';
import { cutsOf, windowAt } from '../usage-window.ts';

type Sum = { -readonly [Key in keyof StretchUsage]: StretchUsage[Key] };

/** What is put together: by user the sum of a stretch in which overage does not change. */
interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly sums: Map<string, Sum>;
}

/**
 * Usage that is cut for all profiles alike, put together where the overage of its profile
 * does not change between: one sum for each seat and stretch, as it is billed (O2).
 */
export function wholeStretches(parts: Iterable<StretchUsage>, plan: ReductionPlan): StretchUsage[] {
  const profiles = new Map<string, Map<Instant, Stretch>>();
  const whole: StretchUsage[] = [];
  for (const part of parts) {
    const { from, to, sums } = stretchOf(part, plan, profiles);
    const sum = sums.get(part.userId);
    if (sum === undefined) {
      const first = { ...part, from, to };
      sums.set(part.userId, first);
      whole.push(first);
    } else {
      sum.credits = add(sum.credits, part.credits);
      sum.requests += part.requests;
    }
  }
  return whole;
}

function stretchOf(
  { profileId, from }: StretchUsage,
  plan: ReductionPlan,
  profiles: Map<string, Map<Instant, Stretch>>,
): Stretch {
  const ofProfile = profiles.get(profileId) ?? new Map<Instant, Stretch>();
  profiles.set(profileId, ofProfile);
  const known = ofProfile.get(from);
  if (known !== undefined) return known;
  const bounds = windowAt(cutsOf({ ...plan.cuts, ofAll: [] }, profileId), from, plan);
  const stretch = ofProfile.get(bounds.from) ?? { ...bounds, sums: new Map() };
  ofProfile.set(bounds.from, stretch);
  ofProfile.set(from, stretch);
  return stretch;
}
