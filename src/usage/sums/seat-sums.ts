import { type Decimal, isPositive } from '../../domain/decimal.ts';
import { userIdFor } from '../../domain/identities.ts';
import { type Instant, instantAfter } from '../../domain/instant.ts';
import type { SeatUsage, StretchUsage } from '../../domain/records.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { hasRoomFor } from '../../input/room.ts';
import type { ReductionPlan } from '../plan.ts';
import { profileIdOf, userIdOf } from '../plan-ids.ts';
import { CELL_INTS, CELLS_PER_PAGE, KINDS, LAST_DAY, USER, WINDOW } from '../rows/kernel/layout.ts';
import { type Limbs, OutOfMemory, type RowKernel, type WindowOf } from '../rows/row-kernel.ts';
import type { KeySpace } from '../rows/typed-rows.ts';
import { ownCutInside } from '../usage-window.ts';
import { BilledUsage } from './billed-usage.ts';
import { Cells } from './cells.ts';
import { limbsOf } from './limbs.ts';
import { ProfileUsage, type ProfileWindow, secondsWithin, UNWANTED } from './profile-usage.ts';
import type { RowPlace } from './row-place.ts';
import { cellsInOrder } from './usage-order.ts';

/** The kernel's memory holds no more seats and stretches than this. */
const MOST_CELLS = 4_000_000;

/** The kinds of usage that a seat has in a window, as bits. */
export const KIND_BITS = { requests: 1, summaries: 2, reports: 4 } as const;

/** A user in a profile, at an instant. */
export interface SeatAt {
  readonly profileId: string;
  readonly userId: string;
  readonly at: Instant;
  /** The end of the stretch that contains the usage, if it is not at one instant. */
  readonly until?: Instant;
}

/** Sums by seat and window as plain arrays, which can be sent from one thread to another. */
export interface PackedSums {
  readonly profiles: readonly PackedProfile[];
  readonly summaryMonths: ReadonlySet<string>;
  readonly windows: readonly ProfileWindow[];
  /** The ints of all cells, one after another. */
  readonly cells: Int32Array;
  readonly beyond: ReadonlyMap<number, Decimal>;
  /** The user of each cell. */
  readonly users: Int32Array;
  /** For each user, where its id ends in `userIds`. */
  readonly userEnds: Int32Array;
  readonly userIds: Uint8Array;
}

interface PackedProfile {
  readonly profileId: string;
  readonly first?: RowPlace | undefined;
  readonly days: ReadonlySet<number>;
  readonly unwantedMonths: ReadonlySet<string>;
}

/** Sums usage: per seat and window of time, exactly (M1, O2). */
export class SeatSums {
  /** The texts of profiles, users and request ids. */
  readonly profileKeys: KeySpace;
  readonly userKeys: KeySpace;
  readonly requestKeys: KeySpace;
  /** The unit that is being read: a file, or a part of one. */
  unit = 0;
  /** The months for which usage summaries have rows. */
  readonly summaryMonths = new Set<string>();
  readonly #kernel: RowKernel;
  readonly #plan: ReductionPlan;
  /** Sums that are only written in order, or added up from days, are never objects all at once. */
  readonly #areObjects: boolean;
  readonly #profiles: ProfileUsage[] = [];
  readonly #profileNumbers = new Map<string, number>();
  readonly #cells: Cells;
  /** The cells in the order of a usage summary, once that was asked for. */
  #order: Uint32Array | undefined;

  constructor(kernel: RowKernel, plan: ReductionPlan) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#areObjects = plan.onlyInOrder !== true && plan.cuts.ofAll.length === 0;
    this.profileKeys = kernel.newSpace((text) => {
      const profileId = profileIdOf(text, plan);
      return profileId === undefined ? -1 : this.profileNumber(profileId);
    });
    this.userKeys = kernel.newSpace((text, entry) => {
      const userId = userIdOf(text, plan);
      if (userId === undefined) return -1;
      return userId === text ? entry : this.userNumber(userId);
    });
    this.requestKeys = kernel.newSpace(() => -1);
    this.#cells = new Cells(kernel, this.userKeys);
    kernel.windowOf = (...where) => this.#windowOf(...where);
  }

  /** The number of a profile by its id. */
  profileNumber(profileId: string): number {
    const known = this.#profileNumbers.get(profileId);
    if (known !== undefined) return known;
    const profile = new ProfileUsage(profileId, this.#plan, (window) => {
      return this.#cells.windows.push(window) - 1;
    });
    this.#profileNumbers.set(profileId, this.#profiles.length);
    return this.#profiles.push(profile) - 1;
  }

  /** The number of a user by the user id. */
  userNumber(userId: string): number {
    return this.#kernel.entryOf(this.userKeys, userId);
  }

  /** Adds the rows of request usage that the kernel has just read; returns how many are duplicates. */
  addRows(dedupes: boolean): number {
    const duplicates = this.#kernel.addRows(KIND_BITS.requests, dedupes);
    this.#refuseTooMany();
    return duplicates;
  }

  /** Adds usage read from text: that of `requests` rows, one of which is on `line`. */
  addUsage(seat: SeatAt, credits: Decimal, requests: number, line: number, kinds: number): void {
    const profile = this.profileNumber(seat.profileId);
    this.nameProfile(profile, { unit: this.unit, line });
    const window = this.noteUsageAt(profile, seat.at, kinds);
    if (window === UNWANTED) return;
    const user = this.userNumber(userIdFor(this.#plan.identities, seat.userId));
    const cell = this.cellOf(window, user);
    const last = seat.until === undefined ? seat.at : seat.until - 1n;
    this.addDecimal(cell, credits, requests, kinds, epochDayAt(last));
  }

  /** Records a row that counts; rows may come in any order. */
  nameProfile(profile: number, row: RowPlace): void {
    (this.#profiles[profile] as ProfileUsage).name(row);
  }

  /**
   * Records when a profile has usage of this kind that counts: the day, or the month of a summary.
   * Returns the number of its window; UNWANTED if its month is not wanted.
   */
  noteUsageAt(profile: number, at: Instant, kinds: number): number {
    const usage = this.#profiles[profile] as ProfileUsage;
    const window = usage.windowAt(at);
    if (kinds === KIND_BITS.summaries) this.summaryMonths.add(window.month);
    else usage.noteDay(at);
    if (window.id === UNWANTED) usage.unwantedMonths.add(window.month);
    return window.id;
  }

  /** Whether the overage of a profile changes between two instants. */
  hasOwnCut(profile: number, from: Instant, to: Instant): boolean {
    const { profileId } = this.#profiles[profile] as ProfileUsage;
    return ownCutInside(this.#plan.cuts, profileId, from, to) !== undefined;
  }

  /** Whether a request id was seen before; always false for a blank one. */
  isRepeated(requestId: string): boolean {
    return (
      requestId !== '' && this.#kernel.isSeen(this.#kernel.entryOf(this.requestKeys, requestId))
    );
  }

  /** Records usage that is left out as a duplicate. */
  noteDuplicate({ profileId, at }: SeatAt): void {
    (this.#profiles[this.profileNumber(profileId)] as ProfileUsage).noteDay(at);
  }

  /** The cell of a user in a wanted window. */
  cellOf(window: number, user: number): number {
    const cell = this.#kernel.cellOf(window, user);
    this.#refuseTooMany();
    return cell;
  }

  /** Adds a number that the kernel has split, of `requests` rows, used up to the day. */
  addLimbs(cell: number, limbs: Limbs, requests: number, kinds: number, day: number): void {
    const isUsed = (limbs[0] | limbs[1] | limbs[2]) !== 0;
    this.#kernel.addTo(cell, limbs, requests, kinds, isUsed ? day : 0);
  }

  /** Adds a number of any size, used up to the day. */
  addDecimal(cell: number, credits: Decimal, requests: number, kinds: number, day: number): void {
    const limbs = limbsOf(credits);
    const lastDay = isPositive(credits) ? day : 0;
    this.#kernel.addTo(cell, limbs ?? [0, 0, 0], requests, kinds, lastDay);
    if (limbs === undefined) this.#cells.addBeyond(cell, credits);
  }

  #refuseTooMany(): void {
    const { cellCount } = this.#kernel;
    const isRoom = cellCount <= MOST_CELLS && (!this.#areObjects || hasRoomFor(cellCount));
    if (!isRoom) throw new OutOfMemory();
  }

  /** Answers the kernel, see its `windowOf`. */
  #windowOf(...[profile, day, second, nanos, row, counts]: Parameters<WindowOf>): number {
    const usage = this.#profiles[profile] as ProfileUsage;
    const at = instantAfter(day, second, nanos);
    if (!counts) {
      usage.noteDay(at);
      return UNWANTED;
    }
    this.nameProfile(profile, { unit: this.unit, line: this.#kernel.lineOf(row) });
    this.#kernel.setWindowSeconds(...secondsWithin(usage.windowAt(at), day));
    return this.noteUsageAt(profile, at, KIND_BITS.requests);
  }

  /** By profile the first row that counts and names it, if there is one. */
  get firstNamed(): Map<string, RowPlace> {
    const named = new Map<string, RowPlace>();
    for (const { profileId, first } of this.#profiles) {
      if (first !== undefined) named.set(profileId, first);
    }
    return named;
  }

  /** By profile the UTC days since 1970 with usage. */
  get days(): Map<string, ReadonlySet<number>> {
    const withUsage = this.#profiles.filter(({ days }) => days.size > 0);
    return new Map(withUsage.map(({ profileId, days }) => [profileId, days]));
  }

  /** The months with usage that are not wanted. */
  get unwantedMonths(): Set<string> {
    return new Set(this.#profiles.flatMap(({ unwantedMonths }) => [...unwantedMonths]));
  }

  /** The wanted months that have usage. */
  get months(): Set<string> {
    return new Set(this.#cells.windows.map(({ month }) => month));
  }

  /** The instants at which windows with usage begin. */
  get starts(): Instant[] {
    return [...new Set(this.#cells.windows.map(({ from }) => from))];
  }

  /** The sums as they are billed. `end`: of what is billed; time must be cut there for all profiles. */
  usage(end?: Instant): SeatUsage {
    return new BilledUsage(this.#cells, this.#plan, end);
  }

  /** The sums by cut, in the order of a usage summary. Only their order is kept, as there may be millions. */
  *usageInOrder(): Generator<StretchUsage> {
    this.#order ??= cellsInOrder(this.#cells);
    for (const cell of this.#order) yield this.#cells.usageOf(cell);
  }

  /**
   * The last UTC day since 1970 on which a seat used credits in the wanted months; of a summary's
   * stretch its last day. `undefined` without credits.
   */
  lastUse(profileId: string, userId: string): number | undefined {
    const user = this.#cells.knownUser(userId);
    if (user === undefined) return undefined;
    let last = 0;
    for (const [window, { profileId: ofWindow }] of this.#cells.windows.entries()) {
      if (ofWindow !== profileId) continue;
      const cell = this.#kernel.knownCell(window, user);
      if (cell !== undefined) last = Math.max(last, this.#cells.int(cell, LAST_DAY));
    }
    return last === 0 ? undefined : last;
  }

  /** The seats with more than one kind of usage in a month. */
  *mixedSeats(): Generator<{ readonly month: string; readonly kinds: number }> {
    const kindsOf = new Map<string, { month: string; kinds: number }>();
    for (let cell = 0; cell < this.#kernel.cellCount; cell += 1) {
      const [ints, at] = this.#cells.ints(cell);
      const { profileId, month } = this.#cells.windows[
        ints[at + WINDOW] as number
      ] as ProfileWindow;
      const key = `${month} ${ints[at + USER]} ${profileId}`;
      const known = kindsOf.get(key);
      if (known === undefined) kindsOf.set(key, { month, kinds: ints[at + KINDS] as number });
      else known.kinds |= ints[at + KINDS] as number;
    }
    for (const one of kindsOf.values()) if ((one.kinds & (one.kinds - 1)) !== 0) yield one;
  }

  /** All sums, for another thread. */
  pack(): PackedSums {
    const count = this.#kernel.cellCount;
    const cells = new Int32Array(count * CELL_INTS);
    for (let cell = 0; cell < count; cell += CELLS_PER_PAGE) {
      const [page] = this.#cells.ints(cell);
      const ints = Math.min(CELLS_PER_PAGE, count - cell) * CELL_INTS;
      cells.set(page.subarray(0, ints), cell * CELL_INTS);
    }
    return {
      profiles: this.#profiles.map(({ profileId, first, days, unwantedMonths }) => ({
        profileId,
        first,
        days,
        unwantedMonths,
      })),
      summaryMonths: this.summaryMonths,
      windows: this.#cells.windows,
      cells,
      beyond: this.#cells.beyond,
      ...this.#packUsers(cells),
    };
  }

  /** A user has a cell for each window, but is packed only once. */
  #packUsers(cells: Int32Array): Pick<PackedSums, 'users' | 'userEnds' | 'userIds'> {
    const places = new Map<number, number>();
    const users = new Int32Array(cells.length / CELL_INTS);
    for (const cell of users.keys()) {
      const user = cells[cell * CELL_INTS + USER] as number;
      const place = places.get(user) ?? places.size;
      places.set(user, place);
      users[cell] = place;
    }
    const userEnds = new Int32Array(places.size);
    let end = 0;
    for (const [user, place] of places) {
      end += this.#kernel.lengthOf(user);
      userEnds[place] = end;
    }
    const userIds = new Uint8Array(end);
    for (const [user, place] of places) {
      this.#kernel.copyText(user, userIds, userEnds[place - 1] ?? 0);
    }
    return { users, userEnds, userIds };
  }

  /** Adds what another thread has read, whose users are bare ids: see `PackedReading`. */
  absorb({ profiles, summaryMonths, windows, cells, beyond, ...packed }: PackedSums): void {
    const { users, userEnds, userIds } = packed;
    for (const month of summaryMonths) this.summaryMonths.add(month);
    for (const { profileId, first, days, unwantedMonths } of profiles) {
      const profile = this.#profiles[this.profileNumber(profileId)] as ProfileUsage;
      if (first !== undefined) profile.name(first);
      for (const day of days) profile.days.add(day);
      for (const month of unwantedMonths) profile.unwantedMonths.add(month);
    }
    const ids = windows.map(({ profileId, from }) => {
      const profile = this.#profiles[this.profileNumber(profileId)] as ProfileUsage;
      return profile.windowAt(from).id;
    });
    const numbers = userEnds.map((end, user) => {
      return this.#kernel.keyOf(this.userKeys, userIds.subarray(userEnds[user - 1] ?? 0, end));
    });
    for (const [theirs, user] of users.entries()) {
      const at = theirs * CELL_INTS;
      const window = ids[cells[at + WINDOW] as number] as number;
      const cell = this.#kernel.cellOf(window, numbers[user] as number);
      this.#kernel.addCell(cell, cells, at);
      const more = beyond.get(theirs);
      if (more !== undefined) this.#cells.addBeyond(cell, more);
    }
    this.#refuseTooMany();
  }
}
