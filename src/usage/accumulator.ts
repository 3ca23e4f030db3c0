import { periodAt } from '../domain/billing-period.ts';
import { type Decimal, unitsAt } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';
import type { StretchUsage } from '../domain/records.ts';
import type { ReductionPlan } from './plan.ts';

/** The running exact sum of one seat in one stretch. */
interface Sum {
  units: bigint;
  scale: number;
  requests: number;
}

/** A part of a month between two overage changes of one profile, with the sums of its users. */
interface Stretch {
  readonly month: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly isWanted: boolean;
  readonly users: Map<string, Sum>;
}

interface ProfileUsage {
  readonly firstPlace: Place;
  readonly cuts: readonly Instant[];
  readonly stretches: Map<Instant, Stretch>;
  /** Rows mostly come in the order of time, so the stretch of the last row is tried first. */
  latest: Stretch;
}

/** Adds usage up: per profile, user, month and overage stretch, exactly. Rules M1, O2. */
export class UsageAccumulator {
  readonly #plan: ReductionPlan;
  readonly #profiles = new Map<string, ProfileUsage>();

  constructor(plan: ReductionPlan) {
    this.#plan = plan;
  }

  add(profileId: string, userId: string, at: Instant, credits: Decimal, place: Place): void {
    const profile = this.#profiles.get(profileId) ?? this.#meet(profileId, at, place);
    const { latest } = profile;
    const isInside = latest.from <= at && at < latest.to;
    const stretch = isInside ? latest : this.#stretchAt(profile, at);
    profile.latest = stretch;
    if (stretch.isWanted) addTo(stretch.users, userId, credits, 1);
  }

  /** Adds a stretch of a usage summary, which is a part of one of this run's stretches. */
  addStretch({ profileId, userId, from, credits, requests }: StretchUsage, place: Place): void {
    const profile = this.#profiles.get(profileId) ?? this.#meet(profileId, from, place);
    const stretch = this.#stretchAt(profile, from);
    if (stretch.isWanted) addTo(stretch.users, userId, credits, requests);
  }

  #meet(profileId: string, at: Instant, place: Place): ProfileUsage {
    const cuts = this.#plan.cuts.get(profileId) ?? [];
    const latest = newStretch(cuts, at, this.#plan);
    const stretches = new Map([[latest.from, latest]]);
    const profile = { firstPlace: place, cuts, stretches, latest };
    this.#profiles.set(profileId, profile);
    return profile;
  }

  #stretchAt({ cuts, stretches }: ProfileUsage, at: Instant): Stretch {
    const fresh = newStretch(cuts, at, this.#plan);
    const known = stretches.get(fresh.from);
    if (known !== undefined) return known;
    stretches.set(fresh.from, fresh);
    return fresh;
  }

  /** All sums, in no particular order. */
  stretches(): StretchUsage[] {
    const all: StretchUsage[] = [];
    for (const [profileId, { stretches }] of this.#profiles) {
      for (const { month, from, to, users } of stretches.values()) {
        for (const [userId, { units, scale, requests }] of users) {
          all.push({ profileId, userId, month, from, to, credits: { units, scale }, requests });
        }
      }
    }
    return all;
  }

  /** All months that have rows, wanted or not. */
  months(): Set<string> {
    const months = new Set<string>();
    for (const { stretches } of this.#profiles.values()) {
      for (const { month } of stretches.values()) months.add(month);
    }
    return months;
  }

  profiles(): Map<string, Place> {
    return new Map([...this.#profiles].map(([id, { firstPlace }]) => [id, firstPlace]));
  }
}

function newStretch(cuts: readonly Instant[], at: Instant, plan: ReductionPlan): Stretch {
  const { month, start, end } = periodAt(at);
  const lastCut = cuts.findLast((cut) => cut <= at);
  const nextCut = cuts.find((cut) => cut > at);
  return {
    month,
    from: lastCut !== undefined && lastCut > start ? lastCut : start,
    to: nextCut !== undefined && nextCut < end ? nextCut : end,
    isWanted: plan.months?.has(month) ?? true,
    users: new Map(),
  };
}

function addTo(users: Map<string, Sum>, userId: string, credits: Decimal, requests: number): void {
  const sum = users.get(userId);
  if (sum === undefined) {
    users.set(userId, { ...credits, requests });
    return;
  }
  const scale = Math.max(sum.scale, credits.scale);
  sum.units = unitsAt(sum, scale) + unitsAt(credits, scale);
  sum.scale = scale;
  sum.requests += requests;
}
