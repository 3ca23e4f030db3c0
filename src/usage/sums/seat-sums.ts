import { add, type Decimal, isPositive, ZERO } from '../../domain/decimal.ts';
import { valueAt } from '../../domain/grouping.ts';
import { userIdFor } from '../../domain/identities.ts';
import { compareInstants, type Instant, instantAfter, instantText } from '../../domain/instant.ts';
import type { SeatUsage, StretchUsage } from '../../domain/records.ts';
import { compareKeys } from '../../domain/text-order.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { hasRoomFor } from '../../input/room.ts';
import type { ReductionPlan } from '../plan.ts';
import { identitiesOf, profileIdOf, userIdOf } from '../plan-ids.ts';
import {
  CELL_INTS,
  CELLS_PER_PAGE,
  type KeySpace,
  type Limbs,
  OutOfMemory,
  type RowKernel,
} from '../rows/row-kernel.ts';
import { cutsOf, ownCutInside, windowAt } from '../usage-window.ts';
import { limbsOf, numberAt, totalAt } from './limbs.ts';
import { holdsDay, ProfileUsage, type ProfileWindow, UNWANTED } from './profile-usage.ts';
import type { RowPlace } from './row-place.ts';

/** The index of these in the ints of a cell: see `kernel/sums.ts`. */
const REQUESTS = 6;
const WINDOW = 8;
const USER = 9;
const KINDS = 10;
const LAST_DAY = 11;

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

/** The cells of whole stretches, which come after those that were read, and their parts. */
interface Wholes {
  /** By window that of its whole stretch: itself unless time was cut in it for all profiles; NONE if it is not billed. */
  readonly windows: readonly number[];
  /** The first cell that was added. */
  readonly added: number;
  /** The first part of each cell that was added, and the one after each part. */
  readonly first: readonly number[];
  readonly next: Int32Array;
}

/** No further part, or no window. */
const NONE = -1;

/** The cells of a window. */
type CellsOf = (window: number) => Uint32Array;

type PartsFrom = (first: number, userId: string) => Iterator<StretchUsage>;

/** Makes the stretch of a cell. */
type WholeOf = (cell: number, userId: string) => StretchUsage;

/** The sums of whole stretches. */
interface BilledSums {
  /** By month and profile, in time order. */
  readonly windows: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly cellsOf: CellsOf;
  readonly wholeOf: WholeOf;
}

/** The parts of one stretch: small, as there is one of these for each of many stretches. */
class Parts implements Iterable<StretchUsage> {
  readonly #first: number;
  readonly #userId: string;
  readonly #partsFrom: PartsFrom;

  constructor(first: number, userId: string, partsFrom: PartsFrom) {
    this.#first = first;
    this.#userId = userId;
    this.#partsFrom = partsFrom;
  }

  [Symbol.iterator](): Iterator<StretchUsage> {
    return this.#partsFrom(this.#first, this.#userId);
  }
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
  readonly #windows: ProfileWindow[] = [];
  /** By cell: the part that does not fit where the kernel sums. */
  readonly #beyond = new Map<number, Decimal>();
  /** How many cells and windows were read, once those of whole stretches are added. */
  #read: { readonly cells: number; readonly windows: number } | undefined;
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
    kernel.windowOf = (...where) => this.#windowOf(...where);
  }

  /** The number of a profile by its id. */
  profileNumber(profileId: string): number {
    const known = this.#profileNumbers.get(profileId);
    if (known !== undefined) return known;
    const profile = new ProfileUsage(profileId, this.#plan, (window) => {
      return this.#windows.push(window) - 1;
    });
    this.#profileNumbers.set(profileId, this.#profiles.length);
    return this.#profiles.push(profile) - 1;
  }

  /** The number of the user with a bare id. */
  userNumberOf(bareId: string): number {
    return this.userNumber(userIdFor(identitiesOf(this.#plan), bareId));
  }

  /** The number of a user by the user id. */
  userNumber(userId: string): number {
    return this.#kernel.entryOf(this.userKeys, userId);
  }

  /** Adds the rows of request usage that the kernel has just read; returns how many are duplicates. */
  addRows(): number {
    const duplicates = this.#kernel.addRows();
    this.#refuseTooMany();
    return duplicates;
  }

  /** Adds usage read from text: that of `requests` rows, one of which is on `line`. */
  addUsage(seat: SeatAt, credits: Decimal, requests: number, line: number, kinds: number): void {
    const profile = this.profileNumber(seat.profileId);
    this.nameProfile(profile, { unit: this.unit, line });
    const window = this.noteUsageAt(profile, seat.at, kinds);
    if (window === UNWANTED) return;
    const cell = this.cellOf(window, this.userNumberOf(seat.userId));
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
    if (limbs === undefined) this.#addBeyond(cell, credits);
  }

  #addBeyond(cell: number, credits: Decimal): void {
    this.#beyond.set(cell, add(this.#beyond.get(cell) ?? ZERO, credits));
  }

  #refuseTooMany(): void {
    const { cellCount } = this.#kernel;
    const isRoom = cellCount <= MOST_CELLS && (!this.#areObjects || hasRoomFor(cellCount));
    if (!isRoom) throw new OutOfMemory();
  }

  /** Answers the kernel, see its `windowOf`. */
  #windowOf(
    profile: number,
    day: number,
    second: number,
    nanos: number,
    row: number,
    counts: boolean,
  ): number {
    const usage = this.#profiles[profile] as ProfileUsage;
    const at = instantAfter(day, second, nanos);
    if (!counts) {
      usage.noteDay(at);
      return UNWANTED;
    }
    this.nameProfile(profile, { unit: this.unit, line: this.#kernel.lineOf(row) });
    const window = this.noteUsageAt(profile, at, KIND_BITS.requests);
    return window * 2 + (holdsDay(usage.windowAt(at), day) ? 1 : 0);
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
    return new Set(this.#windows.map(({ month }) => month));
  }

  /** The instants at which windows with usage begin. */
  get starts(): Instant[] {
    return [...new Set(this.#windows.map(({ from }) => from))];
  }

  /**
   * The sums as they are billed: one for each seat and stretch in which the overage of its profile
   * does not change (O2). They are added up when they are first asked for. `end`: of what is billed;
   * time must be cut there for all profiles.
   */
  usage(end?: Instant): SeatUsage {
    let known: BilledSums | undefined;
    const sums = (): BilledSums => {
      known ??= this.#billedSums(end);
      return known;
    };
    const windowsOf = (month: string, profileId: string): readonly number[] =>
      sums().windows.get(month)?.get(profileId) ?? [];
    const cellsOf = (month: string, profileId: string): Uint32Array[] =>
      windowsOf(month, profileId).map(sums().cellsOf);
    return {
      profileIds: (month) => sums().windows.get(month)?.keys() ?? [],
      users: (month, profileId) => this.#usersIn(cellsOf(month, profileId)),
      userCount: (month, profileId) => this.#userCount(cellsOf(month, profileId)),
      userId: (user) => this.#kernel.textOf(user),
      ofSeat: (month, profileId, user) =>
        this.#ofSeat(windowsOf(month, profileId), user, sums().wholeOf),
      [Symbol.iterator]: () => this.#allUsage(sums()),
    };
  }

  #billedSums(end?: Instant): BilledSums {
    const wholes = this.#addWholes(end);
    return {
      windows: this.#billedWindows(wholes),
      cellsOf: this.#cellsByWindow(),
      wholeOf: this.#wholesBy(wholes),
    };
  }

  /** The windows of whole stretches by month and profile, in time order. */
  #billedWindows({ windows }: Wholes): Map<string, Map<string, number[]>> {
    const inTime = [...new Set(windows)]
      .filter((window) => window !== NONE)
      .map((window): [number, ProfileWindow] => [window, this.#windows[window] as ProfileWindow])
      .sort(([, a], [, b]) => compareInstants(a.from, b.from));
    const byMonth = new Map<string, Map<string, number[]>>();
    for (const [window, { month, profileId }] of inTime) {
      const ofMonth = valueAt(byMonth, month, () => new Map<string, number[]>());
      ofMonth.set(profileId, [...(ofMonth.get(profileId) ?? []), window]);
    }
    return byMonth;
  }

  /** The cells of each window. */
  #cellsByWindow(): CellsOf {
    const count = this.#kernel.cellCount;
    const counts = new Uint32Array(this.#windows.length);
    const windows = new Uint32Array(count);
    for (let cell = 0; cell < count; cell += 1) {
      const window = this.#intOf(cell, WINDOW);
      windows[cell] = window;
      counts[window] = (counts[window] as number) + 1;
    }
    const cells = Array.from(counts, (size) => new Uint32Array(size));
    for (const [cell, window] of windows.entries()) {
      const left = (counts[window] as number) - 1;
      counts[window] = left;
      const ofWindow = cells[window] as Uint32Array;
      ofWindow[ofWindow.length - 1 - left] = cell;
    }
    return (window) => cells[window] as Uint32Array;
  }

  /** The users of the cells of some windows, by their ids. */
  #usersIn(cells: readonly Uint32Array[]): Uint32Array {
    const users = new Uint32Array(this.#userCount(cells));
    let found = 0;
    for (const cell of this.#cellsOfNewUsers(cells)) {
      users[found] = this.#intOf(cell, USER);
      found += 1;
    }
    const order = Uint32Array.from(users.keys()).sort(this.#byText(users));
    return order.map((index) => users[index] as number);
  }

  #userCount([first, ...others]: readonly Uint32Array[]): number {
    if (first === undefined) return 0;
    let count = first.length;
    if (others.length > 0) {
      count = 0;
      for (const _ of this.#cellsOfNewUsers([first, ...others])) count += 1;
    }
    return count;
  }

  /** Of the cells of some windows, those of users that no window before has. */
  *#cellsOfNewUsers(cells: readonly Uint32Array[]): Generator<number> {
    const before: number[] = [];
    for (const ofWindow of cells) {
      for (const cell of ofWindow) {
        const user = this.#intOf(cell, USER);
        if (before.every((window) => this.#kernel.knownCell(window, user) === undefined))
          yield cell;
      }
      const [cell] = ofWindow;
      if (cell !== undefined) before.push(this.#intOf(cell, WINDOW));
    }
  }

  #ofSeat(windows: readonly number[], user: string | number, wholeOf: WholeOf): StretchUsage[] {
    const found: StretchUsage[] = [];
    if (windows.length === 0) return found;
    const [number, userId] =
      typeof user === 'number'
        ? [user, this.#kernel.textOf(user)]
        : [this.#kernel.knownEntry(this.userKeys, user), user];
    if (number === undefined) return found;
    for (const window of windows) {
      const cell = this.#kernel.knownCell(window, number);
      if (cell !== undefined) found.push(wholeOf(cell, userId));
    }
    return found;
  }

  *#allUsage({ windows, cellsOf, wholeOf }: BilledSums): Generator<StretchUsage> {
    const all = [...windows.values()].flatMap((ofMonth) => [...ofMonth.values()].flat());
    for (const window of all) {
      for (const cell of cellsOf(window)) {
        yield wholeOf(cell, this.#kernel.textOf(this.#intOf(cell, USER)));
      }
    }
  }

  /** Makes stretches, with their parts if time was cut in them for all profiles. */
  #wholesBy({ added, first, next }: Wholes): WholeOf {
    const partsFrom: PartsFrom = (part, userId) => this.#partsFrom(part, next, userId);
    return (cell, userId) => {
      const part = cell < added ? undefined : first[cell - added];
      const parts = part === undefined ? undefined : new Parts(part, userId, partsFrom);
      return this.#usageOfCell(cell, userId, parts);
    };
  }

  /** The sums between the cuts for all profiles, from one part of a stretch on. */
  *#partsFrom(first: number, next: Int32Array, userId: string): Generator<StretchUsage> {
    for (let cell = first; cell !== NONE; cell = next[cell] as number) {
      yield this.#usageOfCell(cell, userId);
    }
  }

  /**
   * For each of the first windows the one of its whole stretch, up to the end of what is billed:
   * another one if time was cut inside it for all profiles.
   */
  #wholeWindows(count: number, end?: Instant): number[] {
    const known = new Map<string, number>();
    return this.#windows.slice(0, count).map(({ profileId, ...window }, id) => {
      if (end !== undefined && window.from >= end) return NONE;
      const cuts = cutsOf({ ...this.#plan.cuts, ofAll: end === undefined ? [] : [end] }, profileId);
      const whole = windowAt(cuts, window.from, this.#plan);
      const isItself = whole.from === window.from && whole.to === window.to;
      const key = `${whole.from} ${profileId}`;
      const found = isItself
        ? id
        : (known.get(key) ?? this.#windows.push({ ...whole, profileId }) - 1);
      known.set(key, found);
      return found;
    });
  }

  /** Adds cells of whole stretches, up to the end of what is billed, to those that were read. */
  #addWholes(end?: Instant): Wholes {
    this.#read ??= { cells: this.#kernel.cellCount, windows: this.#windows.length };
    const windows = this.#wholeWindows(this.#read.windows, end);
    const added = this.#kernel.cellCount;
    const first: number[] = [];
    const next = new Int32Array(this.#read.cells).fill(NONE);
    for (let part = this.#read.cells - 1; part >= 0; part -= 1) {
      const [ints, at] = this.#cell(part);
      const window = ints[at + WINDOW] as number;
      const whole = windows[window] as number;
      if (whole === window || whole === NONE) continue;
      const cell = this.#kernel.cellOf(whole, ints[at + USER] as number);
      this.#kernel.addCell(cell, ...this.#cell(part));
      const more = this.#beyond.get(part);
      if (more !== undefined) this.#addBeyond(cell, more);
      next[part] = first[cell - added] ?? NONE;
      first[cell - added] = part;
    }
    return { windows, added, first, next };
  }

  /**
   * The sums by cut, in the order of a usage summary: by month, profile, user and stretch, each by
   * the bytes of its text. Only their order is kept, as there may be millions.
   */
  *usageInOrder(): Generator<StretchUsage> {
    this.#order ??= this.#cellsInOrder();
    for (const cell of this.#order) {
      const [ints, at] = this.#cell(cell);
      yield this.#usageOfCell(cell, this.#kernel.textOf(ints[at + USER] as number));
    }
  }

  #usageOfCell(cell: number, userId: string, parts?: Iterable<StretchUsage>): StretchUsage {
    const [ints, at] = this.#cell(cell);
    const { profileId, month, from, to } = this.#windows[
      ints[at + WINDOW] as number
    ] as ProfileWindow;
    const credits = totalAt(ints, at, this.#beyond.get(cell));
    const requests = numberAt(ints, at + REQUESTS);
    return { profileId, userId, month, from, to, credits, requests, parts };
  }

  /** The cells in the order of a usage summary. */
  #cellsInOrder(): Uint32Array {
    const kernel = this.#kernel;
    const cells = Uint32Array.from({ length: kernel.cellCount }, (_, cell) => cell);
    const users = new Uint32Array(cells.length);
    const windows = new Uint32Array(cells.length);
    for (const cell of cells) {
      const [ints, at] = this.#cell(cell);
      users[cell] = ints[at + USER] as number;
      windows[cell] = ints[at + WINDOW] as number;
    }
    const byText = this.#byText(users);
    const { places, groups } = windowOrder(this.#windows);
    const rank = (of: readonly number[], cell: number): number =>
      of[windows[cell] as number] as number;
    return cells.sort(
      (a, b) =>
        rank(groups, a) - rank(groups, b) || byText(a, b) || rank(places, a) - rank(places, b),
    );
  }

  /** Compares two of these users, by their index, by the bytes of their ids. */
  #byText(users: Uint32Array): (a: number, b: number) => number {
    const kernel = this.#kernel;
    // Usually a few bytes distinguish two ids, those after the prefix that all ids share.
    const first = users[0] ?? 0;
    const common = users.reduce(
      (least, user) => Math.min(least, user === first ? least : kernel.commonBytes(first, user)),
      Number.POSITIVE_INFINITY,
    );
    const starts = Float64Array.from(users, (user) => kernel.sixBytes(user, common));
    return (a, b) =>
      (starts[a] as number) - (starts[b] as number) ||
      kernel.compareTexts(users[a] as number, users[b] as number);
  }

  /**
   * The last UTC day since 1970 on which a seat used credits in the wanted months; of a summary's
   * stretch its last day. `undefined` without credits.
   */
  lastUse(profileId: string, userId: string): number | undefined {
    const user = this.#kernel.knownEntry(this.userKeys, userId);
    if (user === undefined) return undefined;
    let last = 0;
    for (const [window, { profileId: ofWindow }] of this.#windows.entries()) {
      if (ofWindow !== profileId) continue;
      const cell = this.#kernel.knownCell(window, user);
      if (cell !== undefined) last = Math.max(last, this.#intOf(cell, LAST_DAY));
    }
    return last === 0 ? undefined : last;
  }

  /** The seats with more than one kind of usage in a month. */
  *mixedSeats(): Generator<{ readonly month: string; readonly kinds: number }> {
    const kindsOf = new Map<string, { month: string; kinds: number }>();
    for (let cell = 0; cell < this.#kernel.cellCount; cell += 1) {
      const [ints, at] = this.#cell(cell);
      const { profileId, month } = this.#windows[ints[at + WINDOW] as number] as ProfileWindow;
      const key = `${month} ${ints[at + USER]} ${profileId}`;
      const known = kindsOf.get(key);
      if (known === undefined) kindsOf.set(key, { month, kinds: ints[at + KINDS] as number });
      else known.kinds |= ints[at + KINDS] as number;
    }
    for (const one of kindsOf.values()) if ((one.kinds & (one.kinds - 1)) !== 0) yield one;
  }

  #intOf(cell: number, at: number): number {
    const page = this.#kernel.cellPage(Math.floor(cell / CELLS_PER_PAGE));
    return page[(cell % CELLS_PER_PAGE) * CELL_INTS + at] as number;
  }

  #cell(cell: number): [ints: Int32Array, at: number] {
    const page = this.#kernel.cellPage(Math.floor(cell / CELLS_PER_PAGE));
    return [page, (cell % CELLS_PER_PAGE) * CELL_INTS];
  }

  /** All sums, for another thread. */
  pack(): PackedSums {
    const count = this.#kernel.cellCount;
    const cells = new Int32Array(count * CELL_INTS);
    for (let cell = 0; cell < count; cell += CELLS_PER_PAGE) {
      const [page] = this.#cell(cell);
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
      windows: this.#windows,
      cells,
      beyond: this.#beyond,
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
      if (more !== undefined) this.#addBeyond(cell, more);
    }
    this.#refuseTooMany();
  }
}

/** The positions of windows by month, profile and stretch, and by month and profile alone. */
function windowOrder(windows: readonly ProfileWindow[]): { places: number[]; groups: number[] } {
  const keys = windows.map(({ month, profileId, from, to }) => {
    return [month, profileId, instantText(from), instantText(to)];
  });
  const sorted = [...windows.keys()].sort((a, b) =>
    compareKeys(keys[a] as string[], keys[b] as string[]),
  );
  const [places, groups]: [number[], number[]] = [[], []];
  let group = 0;
  for (const [place, id] of sorted.entries()) {
    const [month, profileId] = keys[id] as string[];
    const before = keys[sorted[place - 1] ?? id] as string[];
    if (before[0] !== month || before[1] !== profileId) group += 1;
    places[id] = place;
    groups[id] = group;
  }
  return { places, groups };
}
