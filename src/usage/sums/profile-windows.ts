import { type Instant, NANOS_PER_SECOND } from '../../domain/instant.ts';
import type { ReductionPlan } from '../plan.ts';
import { cutsOf, type UsageWindow, windowAt } from '../usage-window.ts';

const SECONDS_PER_DAY = 86_400;
/** The days in which instants lie: an offset may reach one day beyond the years 2000 to 2199. */
const FIRST_DAY = Date.UTC(1999, 11, 31) / 1000 / SECONDS_PER_DAY;
const LAST_DAY = Date.UTC(2200, 0, 1) / 1000 / SECONDS_PER_DAY;
const MONTH_OF_DAY = monthsOfDays();

/** A window with bounds in whole seconds: all instants in `[fromSecond, toSecond)` lie in it. */
export interface KnownWindow extends UsageWindow {
  /** From 0 for windows that are wanted, from -1 down for the others. */
  readonly id: number;
  readonly profileId: string;
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** The windows of one profile that rows have asked for, found by second. */
export class ProfileWindows {
  readonly #profileId: string;
  readonly #plan: ReductionPlan;
  readonly #cuts: readonly Instant[];
  readonly #newId: (window: UsageWindow) => number;
  /** By month, or by day where days are wanted. */
  readonly #buckets = new Map<number, KnownWindow[]>();

  /** `newId` gives the id of a window that nobody asked for before. */
  constructor(profileId: string, plan: ReductionPlan, newId: (window: UsageWindow) => number) {
    this.#profileId = profileId;
    this.#plan = plan;
    this.#cuts = cutsOf(plan, profileId);
    this.#newId = newId;
  }

  /** The window in which an instant lies. */
  at(seconds: number, nanos: number): KnownWindow {
    const bucket = this.#bucketOf(seconds);
    const known = this.#buckets.get(bucket);
    if (known !== undefined) {
      for (const window of known) {
        if (seconds >= window.fromSecond && seconds < window.toSecond) return window;
      }
    }
    const at = BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
    const same = known?.find(({ start, end }) => start <= at && at < end);
    if (same !== undefined) return same;
    const window = this.#newWindow(at);
    this.#buckets.set(bucket, [...(known ?? []), window]);
    return window;
  }

  #bucketOf(seconds: number): number {
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    return this.#plan.byDay === true ? day : (MONTH_OF_DAY[day - FIRST_DAY] as number);
  }

  #newWindow(at: Instant): KnownWindow {
    const window = windowAt(this.#cuts, at, this.#plan);
    return {
      ...window,
      id: this.#newId(window),
      profileId: this.#profileId,
      fromSecond: Number((window.start + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND),
      toSecond: Number(window.end / NANOS_PER_SECOND),
    };
  }
}

/** By day from `FIRST_DAY` a number that only the days of one month have. */
function monthsOfDays(): Uint16Array {
  const months = new Uint16Array(LAST_DAY - FIRST_DAY + 1);
  let day = FIRST_DAY;
  for (let month = 0; day <= LAST_DAY; month += 1) {
    const nextMonth = Date.UTC(2000, month, 1) / 1000 / SECONDS_PER_DAY;
    months.fill(month, day - FIRST_DAY, nextMonth - FIRST_DAY);
    day = nextMonth;
  }
  return months;
}
