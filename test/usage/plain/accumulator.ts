import { periodAt } from '../../../src/domain/billing-period.ts';
import { type Decimal, unitsAt } from '../../../src/domain/decimal.ts';
import { type Instant, NANOS_PER_DAY } from '../../../src/domain/instant.ts';
import type { Place } from '../../../src/domain/problem.ts';
import type { StretchUsage } from '../../../src/domain/records.ts';
import { seatKey } from '../../../src/domain/seat-key.ts';
import type { ReductionPlan } from '../../../src/usage/plan.ts';
import { cutsOf, type UsageWindow, windowAt } from '../../../src/usage/usage-window.ts';

/** The running exact sum of one seat in one stretch. */
interface Sum {
  units: bigint;
  scale: number;
  requests: number;
}

/** A window of one profile, with the sums of its users. */
interface Usage extends UsageWindow {
  readonly users: Map<string, Sum>;
}

interface SeatAt {
  readonly profileId: string;
  readonly userId: string;
  readonly at: Instant;
}

interface ProfileUsage {
  firstPlace: Place;
  readonly cuts: readonly Instant[];
  /** By the instant at which they start. */
  readonly windows: Map<Instant, Usage>;
  /** Rows mostly come in the order of time, so the window of the last row is tried first. */
  latest: Usage;
}

/** Adds usage up: per profile, user and window of time, exactly. Rules M1, O2. */
export class UsageAccumulator {
  readonly #plan: ReductionPlan;
  readonly #profiles = new Map<string, ProfileUsage>();
  readonly #days = new Map<string, Set<number>>();
  /** By `seatKey`, the last UTC day since 1970 with credits in a wanted month. */
  readonly #lastUses = new Map<string, number>();
  readonly summaryMonths = new Set<string>();

  constructor(plan: ReductionPlan) {
    this.#plan = plan;
  }

  /** Adds a usage row. */
  add(profileId: string, userId: string, at: Instant, credits: Decimal, place: Place): void {
    this.noteDay(profileId, at);
    this.#addUsage({ profileId, userId, at }, { ...credits, requests: 1 }, place, dayOf(at));
  }

  /** Adds usage rows of a seat that have been summed up, to the stretch in which `from` lies. */
  addStretch({ from, to, credits, requests, ...seat }: StretchUsage, place: Place): void {
    this.summaryMonths.add(periodAt(from).month);
    this.#addUsage({ ...seat, at: from }, { ...credits, requests }, place, dayOf(to - 1n));
  }

  /** Takes note of a usage row, be it one that is left out. */
  noteDay(profileId: string, at: Instant): void {
    const days = this.#days.get(profileId) ?? new Set();
    this.#days.set(profileId, days.add(dayOf(at)));
  }

  /** By profile the UTC days since 1970 that have usage. */
  days(): Map<string, ReadonlySet<number>> {
    return this.#days;
  }

  lastUse(profileId: string, userId: string): number | undefined {
    return this.#lastUses.get(seatKey(profileId, userId));
  }

  #addUsage({ profileId, userId, at }: SeatAt, usage: Sum, place: Place, lastDay: number): void {
    const profile = this.#profiles.get(profileId) ?? this.#meet(profileId, at, place);
    const { latest, firstPlace } = profile;
    // A row can have to wait until others show its decimal mark.
    if (place.file === firstPlace.file && place.line < firstPlace.line) profile.firstPlace = place;
    const isInside = latest.from <= at && at < latest.to;
    const window = isInside ? latest : this.#windowAt(profile, at);
    profile.latest = window;
    if (!window.isWanted) return;
    addTo(window.users, userId, usage);
    const key = seatKey(profileId, userId);
    if (usage.units > 0n) {
      this.#lastUses.set(key, Math.max(lastDay, this.#lastUses.get(key) ?? 0));
    }
  }

  #meet(profileId: string, at: Instant, place: Place): ProfileUsage {
    const cuts = cutsOf(this.#plan.cuts, profileId);
    const latest = { ...windowAt(cuts, at, this.#plan), users: new Map() };
    const profile = { firstPlace: place, cuts, windows: new Map([[latest.from, latest]]), latest };
    this.#profiles.set(profileId, profile);
    return profile;
  }

  #windowAt({ cuts, windows }: ProfileUsage, at: Instant): Usage {
    const fresh = { ...windowAt(cuts, at, this.#plan), users: new Map() };
    const known = windows.get(fresh.from);
    if (known !== undefined) return known;
    windows.set(fresh.from, fresh);
    return fresh;
  }

  /** All sums, in no particular order. */
  stretches(): StretchUsage[] {
    const all: StretchUsage[] = [];
    for (const [profileId, { windows }] of this.#profiles) {
      for (const { month, from, to, users } of windows.values()) {
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
    for (const { windows } of this.#profiles.values()) {
      for (const { month } of windows.values()) months.add(month);
    }
    return months;
  }

  profiles(): Map<string, Place> {
    return new Map([...this.#profiles].map(([id, { firstPlace }]) => [id, firstPlace]));
  }
}

function dayOf(at: Instant): number {
  return Number(at / NANOS_PER_DAY);
}

function addTo(users: Map<string, Sum>, userId: string, usage: Sum): void {
  const sum = users.get(userId);
  if (sum === undefined) {
    users.set(userId, { ...usage });
    return;
  }
  const scale = Math.max(sum.scale, usage.scale);
  sum.units = unitsAt(sum, scale) + unitsAt(usage, scale);
  sum.scale = scale;
  sum.requests += usage.requests;
}
