import { type Instant, instantAfter } from '../../domain/instant.ts';
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

/** Whether a window contains a whole UTC day since 1970. */
export function holdsDay({ from, to }: UsageWindow, day: number): boolean {
  return from <= instantAfter(day, 0, 0) && instantAfter(day + 1, 0, 0) <= to;
}
