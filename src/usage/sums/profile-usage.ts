import {
  earlierOf,
  type Instant,
  instantAfter,
  laterOf,
  NANOS_PER_DAY,
  NANOS_PER_SECOND,
} from '../../domain/instant.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import type { ReductionPlan } from '../plan.ts';
import { cutsOf, type UsageWindow, windowAt } from '../usage-window.ts';
import { isBefore, type RowPlace } from './row-place.ts';

/** In place of the number of a window: usage there is not wanted. */
export const UNWANTED = -1;

export interface ProfileWindow extends UsageWindow {
  readonly profileId: string;
}

/** A window with its number, as used in cells, or UNWANTED. */
type NumberedWindow = ProfileWindow & { readonly id: number };

/** What usage says about one profile, besides the credits of its seats. */
export class ProfileUsage {
  readonly profileId: string;
  /** The UTC days since 1970 with usage. */
  readonly days = new Set<number>();
  /** Months with usage that are not wanted. */
  readonly unwantedMonths = new Set<string>();
  /** The first row that counts and names the profile. */
  first: RowPlace | undefined;
  readonly #plan: ReductionPlan;
  readonly #cuts: readonly Instant[];
  readonly #newId: (window: ProfileWindow) => number;
  readonly #windows: NumberedWindow[] = [];

  /** `newId` returns the number of a wanted window. */
  constructor(profileId: string, plan: ReductionPlan, newId: (window: ProfileWindow) => number) {
    this.profileId = profileId;
    this.#plan = plan;
    this.#cuts = cutsOf(plan.cuts, profileId);
    this.#newId = newId;
  }

  /** The window that contains an instant, numbered when it is first asked for (O2). */
  windowAt(at: Instant): NumberedWindow {
    const known = this.#windows.find(({ from, to }) => from <= at && at < to);
    if (known !== undefined) return known;
    const window = { ...windowAt(this.#cuts, at, this.#plan), profileId: this.profileId };
    const numbered = { ...window, id: window.isWanted ? this.#newId(window) : UNWANTED };
    this.#windows.push(numbered);
    return numbered;
  }

  /** Records a row that counts; rows may come in any order. */
  name(row: RowPlace): void {
    if (this.first === undefined || isBefore(row, this.first)) this.first = row;
  }

  /** Records the day of usage at an instant. */
  noteDay(at: Instant): void {
    this.days.add(epochDayAt(at));
  }
}

/** The whole seconds of a UTC day since 1970, `[from, to)`, that a window contains. */
export function secondsWithin(window: UsageWindow, day: number): [from: number, to: number] {
  const start = instantAfter(day, 0, 0);
  const from = laterOf(window.from, start) - start + NANOS_PER_SECOND - 1n;
  const to = earlierOf(window.to, start + NANOS_PER_DAY) - start;
  return [Number(from / NANOS_PER_SECOND), Number(to / NANOS_PER_SECOND)];
}
