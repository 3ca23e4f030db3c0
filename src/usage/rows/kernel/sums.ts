import { lastCell, lengthOf, meaningOf, setLastCell, setMeaning } from './keys';
import {
  CELL_INTS,
  CELLS_PER_PAGE,
  CREDITS_FIELD,
  FIELD_INTS,
  INSTANT_FIELD,
  KINDS,
  LAST_DAY,
  PROFILE_FIELD,
  REQUEST_FIELD,
  REQUESTS,
  REST,
  ROW_INTS,
  USER,
  USER_FIELD,
  WHOLE,
  WINDOW,
} from './layout';
import { allocate } from './memory';
import { rowBytes, rows } from './rows';
import { addItem, clearTable, hashAt, itemAt, lastSlot, TABLE_BYTES } from './slots';

/*
 * Sums per cell: a user in a window of time of a profile. A sum is three integers like a number of
 * one row (see decimals), each with room for more rows than there can be, so that adding is exact
 * and never carries (M1).
 */

const CELL_BYTES: usize = CELL_INTS * 4;

const MOST_PAGES: i32 = 16_384;
const pages: usize = memory.data(4 * MOST_PAGES, 16);
const table: usize = memory.data(<i32>TABLE_BYTES, 16);
let cells: u32 = 0;

/** A cache of windows, by profile and day: that of the latest answer, for the seconds it contains. */
const DAY_SLOTS: u32 = 4096;
const DAY_SLOT_BYTES: usize = 20;
const days: usize = memory.data(<i32>DAY_SLOT_BYTES * DAY_SLOTS, 16);
/** How far apart two profiles' slots of one day are: more than a year, so that few share a slot. */
const PROFILE_SLOTS: u32 = 397;

/** Where the wanted fields of request usage are in a row, in bytes. */
const INSTANT_AT: usize = (ROW_INTS + FIELD_INTS * INSTANT_FIELD) * 4;
const PROFILE_AT: usize = (ROW_INTS + FIELD_INTS * PROFILE_FIELD) * 4;
const USER_AT: usize = (ROW_INTS + FIELD_INTS * USER_FIELD) * 4;
const CREDITS_AT: usize = (ROW_INTS + FIELD_INTS * CREDITS_FIELD) * 4;
const REQUEST_AT: usize = (ROW_INTS + FIELD_INTS * REQUEST_FIELD) * 4;
/** Where the address of its cell is, among the ints of the user. */
const CELL_AT: usize = USER_AT + 4;

/** The meaning of a request id that was seen before. */
const SEEN: i32 = 1;
/** In place of a window: unwanted usage. */
const UNWANTED: i32 = -1;
const SECONDS_PER_DAY: i64 = 86_400;

let earliest: i64 = i64.MAX_VALUE;
let latest: i64 = i64.MIN_VALUE;

/** The whole seconds of the day, `[from, to)`, that the window of the latest answer contains. */
let windowFrom: i32 = 0;
let windowTo: i32 = 0;

/**
 * The window that contains an instant of a profile, UNWANTED for none. `row`: the row that asks; if
 * it `counts`, the host also calls `setWindowSeconds`.
 */
declare function windowOf(
  profile: i32,
  day: i32,
  second: i32,
  nanos: i32,
  row: u32,
  counts: bool,
): i32;

/**
 * Adds the rows that the last `scan` has accepted, each as one request, of the kind of this bit.
 * `dedupes`: whether they have request ids, and repeated ones are left out; returns how many are.
 */
export function addRows(count: u32, kind: i32, dedupes: bool): u32 {
  const end = rows + count * rowBytes;
  const duplicates = findCells(end, dedupes);
  const kinds = i32x4.replace_lane(i32x4.splat(0), 2, kind);
  // In a loop of its own, as the cells are far apart in memory: many are waited for at once.
  for (let row = rows; row < end; row += rowBytes) {
    const cell = load<usize>(row, CELL_AT);
    if (cell != 0) addRow(cell, row, kinds);
  }
  return duplicates;
}

/** Finds the cell of each row, by its address, 0 for one that is not added; returns how many are duplicates. */
function findCells(end: usize, dedupes: bool): u32 {
  let found: u32 = 0;
  for (let row = rows; row < end; row += rowBytes) {
    const profile = load<i32>(row, PROFILE_AT);
    const day = load<i32>(row, INSTANT_AT);
    const second = load<i32>(row, INSTANT_AT + 4);
    store<usize>(row, 0, CELL_AT);
    if (dedupes && isSeen(<usize>load<u32>(row, REQUEST_AT))) {
      windowOf(profile, day, second, load<i32>(row, INSTANT_AT + 8), numberOf(row), false);
      found += 1;
      continue;
    }
    const at = <i64>day * SECONDS_PER_DAY + second;
    if (at < earliest) earliest = at;
    if (at > latest) latest = at;
    const window = windowAt(profile, day, second, row);
    if (window == UNWANTED) continue;
    const user = <usize>load<u32>(row, USER_AT);
    const last = lastCell(user, window);
    const cell = last == 0 ? cellOf(window, <u32>user) : last - 1;
    store<usize>(row, addressOf(cell), CELL_AT);
  }
  return found;
}

/** Adds a row to a cell: two numbers, or all that is no number, at a time. */
function addRow(cell: usize, row: usize, kinds: v128): void {
  const large = v128.load32x2_u(row, CREDITS_AT);
  const small = v128.load32_zero(row, CREDITS_AT + 8);
  const day = v128.any_true(v128.or(large, small)) ? load<i32>(row, INSTANT_AT) : 0;
  const request = i64x2.replace_lane(small, 1, 1);
  const lastDay = i32x4.replace_lane(i32x4.splat(0), 3, day);
  v128.store(cell, i64x2.add(v128.load(cell, WHOLE * 4), large), WHOLE * 4);
  v128.store(cell, i64x2.add(v128.load(cell, REST * 4), request), REST * 4);
  v128.store(cell, v128.or(i32x4.max_u(v128.load(cell, WINDOW * 4), lastDay), kinds), WINDOW * 4);
}

function numberOf(row: usize): u32 {
  return <u32>((row - rows) / rowBytes);
}

/** Whether a request id was seen before; always false for a blank one. */
export function isSeen(entry: usize): bool {
  if (lengthOf(entry) == 0) return false;
  if (meaningOf(entry) == SEEN) return true;
  setMeaning(entry, SEEN);
  return false;
}

/** The whole seconds since 1970 of the first and the last of the rows added since `startSpan`. */
export function startSpan(): void {
  earliest = i64.MAX_VALUE;
  latest = i64.MIN_VALUE;
}

export function earliestSecond(): f64 {
  return <f64>earliest;
}

export function latestSecond(): f64 {
  return <f64>latest;
}

function windowAt(profile: i32, day: i32, second: i32, row: usize): i32 {
  const slot =
    days + ((<u32>day + <u32>profile * PROFILE_SLOTS) & (DAY_SLOTS - 1)) * DAY_SLOT_BYTES;
  // Profiles count from 1 here, so that no used slot is all zeros.
  const isKnown = load<i32>(slot) == profile + 1 && load<i32>(slot, 4) == day;
  if (isKnown && load<i32>(slot, 12) <= second && second < load<i32>(slot, 16)) {
    return load<i32>(slot, 8);
  }
  const nanos = load<i32>(row, INSTANT_AT + 8);
  const window = windowOf(profile, day, second, nanos, numberOf(row), true);
  store<i32>(slot, profile + 1);
  store<i32>(slot, day, 4);
  store<i32>(slot, window, 8);
  store<i32>(slot, windowFrom, 12);
  store<i32>(slot, windowTo, 16);
  return window;
}

/** Sets which whole seconds of the day, `[from, to)`, the window contains that the host is about to return. */
export function setWindowSeconds(from: i32, to: i32): void {
  windowFrom = from;
  windowTo = to;
}

/** The cell of a user in a window. */
export function cellOf(window: i32, user: u32): u32 {
  const last = lastCell(user, window);
  if (last != 0) return last - 1;
  const cell = findCell(window, user);
  setLastCell(user, window, cell + 1);
  return cell;
}

function findCell(window: i32, user: u32): u32 {
  if (cells == 0) clearTable(table);
  const known = knownCell(window, user);
  return known == 0 ? newCell(window, user, hashOf(window, user)) : known - 1;
}

/** The number, from 1, of the cell of a user in a window; 0 if there is none. */
export function knownCell(window: i32, user: u32): u32 {
  if (cells == 0) return 0;
  const near = lastCell(user, window);
  if (near != 0) return near;
  const hash = hashOf(window, user);
  const last = lastSlot(table);
  let slot = hash & last;
  let item = itemAt(table, slot);
  while (item != 0 && !(hashAt(table, slot) == hash && isCellOf(item - 1, window, user))) {
    slot = (slot + 1) & last;
    item = itemAt(table, slot);
  }
  return item;
}

function isCellOf(cell: u32, window: i32, user: u32): bool {
  const at = addressOf(cell);
  return load<i32>(at, WINDOW * 4) == window && load<u32>(at, USER * 4) == user;
}

/** Adds to a cell the content of another, which was copied to `from`. */
export function addCell(cell: u32, from: usize): void {
  const at = addressOf(cell);
  for (let limb: usize = 0; limb <= <usize>REQUESTS * 4; limb += 8) {
    store<i64>(at + limb, load<i64>(at + limb) + load<i64>(from + limb));
  }
  store<i32>(at, load<i32>(at, KINDS * 4) | load<i32>(from, KINDS * 4), KINDS * 4);
  const lastDay = load<i32>(from, LAST_DAY * 4);
  if (lastDay > load<i32>(at, LAST_DAY * 4)) store<i32>(at, lastDay, LAST_DAY * 4);
}

export function cellCount(): u32 {
  return cells;
}

/** The address of a page of cells. */
export function pageOf(number: u32): usize {
  return <usize>load<u32>(pages + number * 4);
}

function newCell(window: i32, user: u32, hash: u32): u32 {
  if (cells % <u32>CELLS_PER_PAGE == 0) {
    store<u32>(
      pages + (cells / <u32>CELLS_PER_PAGE) * 4,
      <u32>allocate(CELLS_PER_PAGE * CELL_BYTES),
    );
  }
  const cell = addressOf(cells);
  store<i32>(cell, window, WINDOW * 4);
  store<u32>(cell, user, USER * 4);
  cells += 1;
  addItem(table, cells, hash);
  return cells - 1;
}

function addressOf(cell: u32): usize {
  return pageOf(cell / <u32>CELLS_PER_PAGE) + <usize>(cell % <u32>CELLS_PER_PAGE) * CELL_BYTES;
}

function hashOf(window: i32, user: u32): u32 {
  const mixed = (((<u64>user) << 20) ^ <u64>window) * 0x9e3779b97f4a7c15;
  return <u32>(mixed >> 32);
}
