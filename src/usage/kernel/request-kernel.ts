import { type Decimal, powerOfTen } from '../../domain/decimal.ts';
import { bareUserId, MAX_ID_BYTES } from '../../domain/ids.ts';
import { NANOS_PER_DAY } from '../../domain/instant.ts';
import { fieldText } from '../bytes/field-text.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import type { ReductionPlan } from '../plan.ts';
import type { PackedSums } from '../sums/exact-sums.ts';
import type { PackedSeats } from '../sums/packed-seats.ts';
import type { KnownWindow } from '../sums/profile-windows.ts';
import { COLUMN, kernelCode, PROFILE_SPACE } from './kernel-code.ts';
import {
  BUCKETS,
  CELL_BYTES,
  CELL_KEYS,
  CELLS,
  COLUMN_KINDS,
  FIRST_SLOTS,
  ID,
  KEY_BYTES,
  KEYS,
  MONTH_COUNT,
  MONTHS,
  MOST_COLUMNS,
  MOST_PROFILES,
  POWERS,
  PROFILES,
  SLOTS,
  STATE,
  TEXT,
  TEXT_BYTES,
  WINDOW_BYTES,
  WINDOWS,
  WINDOWS_END,
} from './memory-layout.ts';

const MS_PER_DAY = 86_400_000;
const FIRST_YEAR = 2000;
const NOT_FOUND = -1;
/** Users in windows that are not wanted share one space. */
const UNWANTED_SPACE = -1;

/** What is used here of Node's global, which has no types without those of a browser. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
  readonly CompileError: new () => Error;
};

/** Kernels of this thread that were released, their memory as good as new. */
const unused: KernelExports[] = [];

function newExports(): KernelExports {
  const module = new WebAssembly.Module(kernelCode());
  const exports = new WebAssembly.Instance(module).exports as KernelExports;
  const view = new DataView(exports.memory.buffer);
  for (let month = 0; month < MONTH_COUNT; month += 1) {
    const firstDay = Date.UTC(FIRST_YEAR, month, 1) / MS_PER_DAY;
    const days = Date.UTC(FIRST_YEAR, month + 1, 1) / MS_PER_DAY - firstDay;
    view.setInt32(MONTHS + month * 8, firstDay - 1, true);
    view.setInt32(MONTHS + month * 8 + 4, days, true);
  }
  for (let exponent = 0; exponent <= 9; exponent += 1) {
    view.setInt32(POWERS + exponent * 4, 10 ** exponent, true);
  }
  return exports;
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  run(position: number, to: number): number;
  hashOf(space: number, start: number, end: number): number;
  find(space: number, start: number, end: number, hash: number): number;
  insert(space: number, start: number, end: number, value: number): number;
  cellOf(space: number, start: number, end: number): number;
}

/** A key in the text that is read. */
export interface KeyAt {
  readonly start: number;
  readonly end: number;
}

/** A row that was taken in without the kernel. */
export interface TakenRow {
  /** The number of its profile. */
  readonly profile: number;
  readonly profileKey: KeyAt;
  readonly window: KnownWindow;
  readonly userKey: KeyAt;
}

/**
 * Takes in rows of request usage as long as they are of the plainest kind: no quotes, ASCII,
 * instants as `2026-01-15T09:30:00Z`, profiles and windows that it has been taught. It
 * is WebAssembly, which looks at sixteen bytes at once and needs no warming up: a row takes it
 * a third of the time that the same takes in JavaScript. Whatever it does not take, it leaves.
 */
export class RequestKernel {
  /** The rows of the last `run`. */
  rows = 0;
  readonly #exports: KernelExports;
  readonly #memory: ArrayBuffer;
  readonly #view: DataView;
  readonly #isByDay: boolean;
  /** The windows that it knows. */
  readonly #windows = new Set<KnownWindow>();
  #windowsEnd = WINDOWS;

  private constructor(exports: KernelExports, plan: ReductionPlan) {
    this.#exports = exports;
    this.#memory = exports.memory.buffer;
    this.#view = new DataView(this.#memory);
    this.#isByDay = plan.byDay === true;
    this.#setUp();
  }

  /** Nothing where the machine has no WebAssembly of this kind, or no room for it, or the plan needs rows in order. */
  static create(plan: ReductionPlan): RequestKernel | undefined {
    if (plan.dedupe || !isLittleEndian()) return undefined;
    try {
      const exports = unused.pop() ?? newExports();
      return new RequestKernel(exports, plan);
    } catch (error) {
      if (error instanceof WebAssembly.CompileError || error instanceof RangeError)
        return undefined;
      throw error;
    }
  }

  #setUp(): void {
    this.#setInt(STATE.slots, SLOTS);
    this.#setInt(STATE.slotMask, FIRST_SLOTS - 1);
    this.#setInt(STATE.slotsEnd, SLOTS + FIRST_SLOTS * 4);
    this.#setInt(STATE.keysEnd, KEYS);
    this.#setInt(STATE.byDay, this.#isByDay ? 1 : 0);
  }

  /** Gives its memory back, for the next kernel on this thread. Neither it nor its text can be used any more. */
  release(): void {
    const used: readonly (readonly [number, number])[] = [
      [0, COLUMN_KINDS],
      [PROFILES, PROFILES + MOST_PROFILES * 4],
      [WINDOWS, this.#windowsEnd],
      [SLOTS, this.#int(STATE.slotsEnd)],
      [CELLS, CELLS + this.#int(STATE.cells) * CELL_BYTES],
    ];
    for (const [start, end] of used) new Uint8Array(this.#memory).fill(0, start, end);
    unused.push(this.#exports);
  }

  #int(address: number): number {
    return this.#view.getInt32(address, true);
  }

  #setInt(address: number, value: number): void {
    this.#view.setInt32(address, value, true);
  }

  /** Room for text that the kernel can read, `length` bytes or as many as it has. */
  text(length: number): ScanText {
    const bytes = Math.min(length, TEXT_BYTES);
    return {
      bytes: new Uint8Array(this.#memory, TEXT, bytes),
      view: new DataView(this.#memory, TEXT),
      buffer: Buffer.from(this.#memory, TEXT, bytes),
    };
  }

  /** Says what the columns of the next file are; false where it has too many. */
  setColumns(columns: number, kinds: ReadonlyMap<number, keyof typeof COLUMN>): boolean {
    if (columns > MOST_COLUMNS) return false;
    this.#setInt(STATE.columns, columns);
    for (let column = 0; column < columns; column += 1) {
      this.#view.setUint8(COLUMN_KINDS + column, COLUMN[kinds.get(column) ?? 'skipped']);
    }
    return true;
  }

  /** Takes rows in, from `from` to before `to`, which is behind a line feed; gives where it leaves off. */
  run(from: number, to: number): number {
    const position = this.#exports.run(TEXT + from, TEXT + to) - TEXT;
    this.rows = this.#int(STATE.rows);
    return position;
  }

  /**
   * Learns from a row of the text that has been taken in without it: from now on it takes
   * rows of this profile, window and user itself, where it has room for them.
   */
  learn(text: ScanText, { profile, profileKey, window, userKey }: TakenRow): void {
    if (!this.#learnWindow(profile, window)) return;
    if (this.#find(PROFILE_SPACE, profileKey) === NOT_FOUND) {
      this.#exports.insert(PROFILE_SPACE, TEXT + profileKey.start, TEXT + profileKey.end, profile);
    }
    const space = Math.max(UNWANTED_SPACE, window.id);
    if (this.#find(space, userKey) === NOT_FOUND) this.#learnUser(text, space, userKey);
  }

  #find(space: number, { start, end }: KeyAt): number {
    const hash = this.#exports.hashOf(space, TEXT + start, TEXT + end);
    return this.#exports.find(space, TEXT + start, TEXT + end, hash);
  }

  #learnUser(text: ScanText, space: number, { start, end }: KeyAt): void {
    const id = bareUserId(fieldText(text, start, end));
    // An id may begin with a quote, but a field that begins with one stands for another id.
    if (id.startsWith('"')) return;
    const length = Buffer.from(this.#memory, ID, MAX_ID_BYTES).write(id);
    const cell = this.#exports.cellOf(space, ID, ID + length);
    if (cell === NOT_FOUND || length === end - start) return;
    this.#exports.insert(space, TEXT + start, TEXT + end, cell);
  }

  /** False where there is no room for the window. */
  #learnWindow(profile: number, window: KnownWindow): boolean {
    if (this.#windows.has(window)) return true;
    const bucket = this.#bucketOf(window);
    if (bucket < 0 || bucket >= BUCKETS || profile >= MOST_PROFILES) return false;
    const needed = BUCKETS * 4 + WINDOW_BYTES;
    if (this.#windowsEnd + needed > WINDOWS_END) return false;
    const buckets = PROFILES + profile * 4;
    if (this.#int(buckets) === 0) this.#setInt(buckets, this.#newWindowsRoom(BUCKETS * 4));
    const first = this.#int(buckets) + bucket * 4;
    const address = this.#newWindowsRoom(WINDOW_BYTES);
    this.#view.setBigInt64(address, BigInt(window.fromSecond), true);
    this.#view.setBigInt64(address + 8, BigInt(window.toSecond), true);
    this.#setInt(address + 16, Math.max(UNWANTED_SPACE, window.id));
    this.#setInt(address + 20, this.#int(first));
    this.#setInt(first, address);
    this.#windows.add(window);
    return true;
  }

  #newWindowsRoom(bytes: number): number {
    const address = this.#windowsEnd;
    this.#windowsEnd += bytes;
    return address;
  }

  /** The day or month that a window lies in, as the kernel counts them. */
  #bucketOf({ month, start }: KnownWindow): number {
    if (!this.#isByDay) {
      const [year, monthOfYear] = month.split('-').map(Number) as [number, number];
      return (year - FIRST_YEAR) * 12 + monthOfYear - 1;
    }
    const day = Number(start / NANOS_PER_DAY);
    // The days that it can have begin a good while before the first that it meets.
    if (this.#windows.size === 0) this.#setInt(STATE.firstBucket, day - Math.floor(BUCKETS / 2));
    return day - this.#int(STATE.firstBucket);
  }

  /** All sums; `windows` are those that are wanted, by id. */
  pack(windows: readonly KnownWindow[]): PackedSeats {
    const count = this.#int(STATE.cells);
    const memory = new Uint8Array(this.#memory);
    const cellWindows = new Int32Array(count);
    const userEnds = new Int32Array(count);
    const userIds = new Uint8Array(this.#int(STATE.keysEnd) - KEYS);
    let end = 0;
    for (let cell = 0; cell < count; cell += 1) {
      const key = this.#int(CELL_KEYS + cell * 4);
      const length = this.#int(key + 8);
      cellWindows[cell] = this.#int(key + 4);
      for (let index = 0; index < length; index += 1) {
        userIds[end + index] = memory[key + KEY_BYTES + index] as number;
      }
      end += length;
      userEnds[cell] = end;
    }
    const sums = this.#packSums(count);
    return { windows, cellWindows, userEnds, userIds: userIds.slice(0, end), sums };
  }

  #packSums(count: number): PackedSums {
    const limbs = new Float64Array(count * 4);
    const scales = new Uint8Array(count);
    const beyond = new Map<number, Decimal>();
    for (let cell = 0; cell < count; cell += 1) {
      const address = CELLS + cell * CELL_BYTES;
      const at = cell * 4;
      const whole = this.#long(address);
      const billionths = this.#long(address + 8);
      const rest = this.#long(address + 16);
      if (whole + billionths + rest <= Number.MAX_SAFE_INTEGER) {
        limbs[at] = whole;
        limbs[at + 1] = billionths;
        limbs[at + 2] = rest;
      } else {
        beyond.set(cell, this.#total(address));
      }
      limbs[at + 3] = this.#view.getUint32(address + 24, true);
      scales[cell] = this.#int(address + 28);
    }
    return { limbs, scales, beyond };
  }

  #long(address: number): number {
    const upper = this.#view.getUint32(address + 4, true);
    return upper * 2 ** 32 + this.#view.getUint32(address, true);
  }

  #total(address: number): Decimal {
    const [whole, billionths, rest] = [0, 8, 16].map((offset) =>
      this.#view.getBigInt64(address + offset, true),
    ) as [bigint, bigint, bigint];
    const billion = powerOfTen(9);
    return { units: (whole * billion + billionths) * billion + rest, scale: 18 };
  }
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
