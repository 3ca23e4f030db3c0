import { valueAt } from '../../domain/grouping.ts';
import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { SeatUsage, StretchUsage } from '../../domain/records.ts';
import type { ReductionPlan } from '../plan.ts';
import { USER, WINDOW } from '../rows/kernel/layout.ts';
import { cutsOf, windowAt } from '../usage-window.ts';
import type { Cells } from './cells.ts';
import type { ProfileWindow } from './profile-usage.ts';
import { byUserId } from './usage-order.ts';

/** No further part, or no window. */
const NONE = -1;

/** What the cells of whole stretches are made from. */
interface BilledSums {
  /** By month and profile, in time order. */
  readonly windows: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** By window. */
  readonly cells: readonly Uint32Array[];
  /** The first cell that was added. */
  readonly added: number;
  /** The first part of each cell that was added, and the one after each part. */
  readonly first: readonly number[];
  readonly next: Int32Array;
}

/**
 * The sums as they are billed: one for each seat and stretch in which the overage of its profile
 * does not change (O2). They are added up when they are first asked for.
 */
export class BilledUsage implements SeatUsage {
  readonly #cells: Cells;
  readonly #plan: ReductionPlan;
  readonly #end: Instant | undefined;
  #known: BilledSums | undefined;

  /** `end`: of what is billed, if not all is; time must be cut there for all profiles. */
  constructor(cells: Cells, plan: ReductionPlan, end?: Instant) {
    this.#cells = cells;
    this.#plan = plan;
    this.#end = end;
  }

  profileIds(month: string): Iterable<string> {
    return this.#sums.windows.get(month)?.keys() ?? [];
  }

  users(month: string, profileId: string): Uint32Array {
    const users = new Uint32Array(this.userCount(month, profileId));
    let found = 0;
    for (const cell of this.#cellsOfNewUsers(month, profileId)) {
      users[found] = this.#cells.int(cell, USER);
      found += 1;
    }
    const order = Uint32Array.from(users.keys()).sort(byUserId(this.#cells.kernel, users));
    return order.map((index) => users[index] as number);
  }

  userCount(month: string, profileId: string): number {
    const [first, ...others] = this.#windowsOf(month, profileId);
    if (first === undefined) return 0;
    if (others.length === 0) return this.#cellsIn(first).length;
    let count = 0;
    for (const _ of this.#cellsOfNewUsers(month, profileId)) count += 1;
    return count;
  }

  userId(user: number): string {
    return this.#cells.kernel.textOf(user);
  }

  ofSeat(month: string, profileId: string, user: string | number): StretchUsage[] {
    const found: StretchUsage[] = [];
    const windows = this.#windowsOf(month, profileId);
    if (windows.length === 0) return found;
    const [number, userId] =
      typeof user === 'number' ? [user, this.userId(user)] : [this.#cells.knownUser(user), user];
    if (number === undefined) return found;
    for (const window of windows) {
      const cell = this.#cells.kernel.knownCell(window, number);
      if (cell !== undefined) found.push(this.#stretchOf(cell, userId));
    }
    return found;
  }

  *[Symbol.iterator](): Generator<StretchUsage> {
    for (const ofMonth of this.#sums.windows.values()) {
      for (const window of [...ofMonth.values()].flat()) {
        for (const cell of this.#cellsIn(window)) {
          yield this.#stretchOf(cell, this.userId(this.#cells.int(cell, USER)));
        }
      }
    }
  }

  #windowsOf(month: string, profileId: string): readonly number[] {
    return this.#sums.windows.get(month)?.get(profileId) ?? [];
  }

  #cellsIn(window: number): Uint32Array {
    return this.#sums.cells[window] as Uint32Array;
  }

  /** Of the cells of a profile in a month, those of users that no window before has. */
  *#cellsOfNewUsers(month: string, profileId: string): Generator<number> {
    const before: number[] = [];
    for (const window of this.#windowsOf(month, profileId)) {
      for (const cell of this.#cellsIn(window)) {
        const user = this.#cells.int(cell, USER);
        const isKnown = before.some((one) => this.#cells.kernel.knownCell(one, user) !== undefined);
        if (!isKnown) yield cell;
      }
      before.push(window);
    }
  }

  /** A stretch, with its parts if time was cut in it for all profiles. */
  #stretchOf(cell: number, userId: string): StretchUsage {
    const { added, first, next } = this.#sums;
    const part = cell < added ? undefined : first[cell - added];
    const parts = part === undefined ? undefined : new Parts(this.#cells, next, part, userId);
    return this.#cells.usageOf(cell, userId, parts);
  }

  get #sums(): BilledSums {
    this.#known ??= this.#addedUp();
    return this.#known;
  }

  /** Adds cells of whole stretches to those that were read. */
  #addedUp(): BilledSums {
    const cells = this.#cells;
    const read = cells.endOfRead();
    const wholes = this.#wholeWindows(read.windows);
    const added = cells.count;
    const first: number[] = [];
    const next = new Int32Array(read.cells).fill(NONE);
    for (let part = read.cells - 1; part >= 0; part -= 1) {
      const window = cells.int(part, WINDOW);
      const whole = wholes[window] as number;
      if (whole === window || whole === NONE) continue;
      const cell = cells.addToUser(part, whole);
      next[part] = first[cell - added] ?? NONE;
      first[cell - added] = part;
    }
    return { windows: this.#byMonth(wholes), cells: cellsByWindow(cells), added, first, next };
  }

  /**
   * For each of the first windows the one of its whole stretch, up to the end of what is billed:
   * itself unless time was cut inside it for all profiles; NONE if it is not billed.
   */
  #wholeWindows(count: number): number[] {
    const { windows } = this.#cells;
    const ofAll = this.#end === undefined ? [] : [this.#end];
    const known = new Map<string, number>();
    return windows.slice(0, count).map(({ profileId, ...window }, id) => {
      if (this.#end !== undefined && window.from >= this.#end) return NONE;
      const cuts = cutsOf({ ...this.#plan.cuts, ofAll }, profileId);
      const whole = windowAt(cuts, window.from, this.#plan);
      const isItself = whole.from === window.from && whole.to === window.to;
      const key = `${whole.from} ${profileId}`;
      const found = isItself ? id : (known.get(key) ?? windows.push({ ...whole, profileId }) - 1);
      known.set(key, found);
      return found;
    });
  }

  #byMonth(wholes: readonly number[]): Map<string, Map<string, number[]>> {
    const inTime = [...new Set(wholes)]
      .filter((window) => window !== NONE)
      .map((window) => ({ window, ...(this.#cells.windows[window] as ProfileWindow) }))
      .sort((a, b) => compareInstants(a.from, b.from));
    const byMonth = new Map<string, Map<string, number[]>>();
    for (const { window, month, profileId } of inTime) {
      const ofMonth = valueAt(byMonth, month, () => new Map<string, number[]>());
      valueAt(ofMonth, profileId, () => []).push(window);
    }
    return byMonth;
  }
}

/** The cells of each window. */
function cellsByWindow(cells: Cells): Uint32Array[] {
  const counts = new Uint32Array(cells.windows.length);
  const windows = new Uint32Array(cells.count);
  for (const cell of windows.keys()) {
    const window = cells.int(cell, WINDOW);
    windows[cell] = window;
    counts[window] = (counts[window] as number) + 1;
  }
  const byWindow = Array.from(counts, (size) => new Uint32Array(size));
  for (const [cell, window] of windows.entries()) {
    const left = (counts[window] as number) - 1;
    counts[window] = left;
    const ofWindow = byWindow[window] as Uint32Array;
    ofWindow[ofWindow.length - 1 - left] = cell;
  }
  return byWindow;
}

/** The sums between the cuts for all profiles, of one stretch: small, as there is one for each of many stretches. */
class Parts implements Iterable<StretchUsage> {
  readonly #cells: Cells;
  readonly #next: Int32Array;
  readonly #first: number;
  readonly #userId: string;

  constructor(cells: Cells, next: Int32Array, first: number, userId: string) {
    this.#cells = cells;
    this.#next = next;
    this.#first = first;
    this.#userId = userId;
  }

  *[Symbol.iterator](): Generator<StretchUsage> {
    for (let cell = this.#first; cell !== NONE; cell = this.#next[cell] as number) {
      yield this.#cells.usageOf(cell, this.#userId);
    }
  }
}
