import { ENTRY_BYTES, ENTRY_LENGTH } from './layout';
import { allocate, VECTOR_BYTES } from './memory';
import { addItem, clearTable, hashAt, itemAt, lastSlot, TABLE_BYTES } from './slots';

/*
 * A key is the text of a field. Each distinct text of a space has one entry: its length, its
 * meaning, for users the last cell and its window, then its bytes, padded with zeros to a multiple
 * of a vector.
 */

/** The meaning of an entry that has not been requested yet. */
export const UNKNOWN: i32 = -2147483648;
const LENGTH: usize = ENTRY_LENGTH;
const MEANING: usize = 4;
const WINDOW: usize = 8;
const CELL: usize = 12;
const BYTES: usize = ENTRY_BYTES;

const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;
/** Vectors of ones and of zeros: one of `count` ones begins `count` bytes before the middle. */
const masks: usize = memory.data<u64>([-1, -1, 0, 0], 16);

const PAGE_BYTES: usize = 64 * 1024;

let page: usize = 0;
let pageEnd: usize = 0;

/** A new space: its hash table. */
export function newSpace(): usize {
  const table = allocate(TABLE_BYTES);
  clearTable(table);
  return table;
}

/** The entry of a text, whose vector past its end must be readable; a new one has the meaning UNKNOWN. */
export function entryOf(space: usize, start: usize, length: u32): usize {
  return entryWith(space, start, length, hashOf(start, length));
}

/** The same for a text whose hash is known. */
export function entryWith(space: usize, start: usize, length: u32, hash: u32): usize {
  const known = knownEntry(space, start, length, hash);
  if (known != 0) return known;
  const entry = newEntry(start, length);
  addItem(space, <u32>entry, hash);
  return entry;
}

/** The entry of a text; 0 if it has none. */
export function findEntry(space: usize, start: usize, length: u32): usize {
  return knownEntry(space, start, length, hashOf(start, length));
}

/** The same for a text whose hash is known. */
export function knownEntry(space: usize, start: usize, length: u32, hash: u32): usize {
  const last = lastSlot(space);
  let slot = hash & last;
  let entry = <usize>itemAt(space, slot);
  while (entry != 0 && !(hashAt(space, slot) == hash && isText(entry, start, length))) {
    slot = (slot + 1) & last;
    entry = <usize>itemAt(space, slot);
  }
  return entry;
}

/** The entry with this hash that is found first, of any text; 0 if there is none. */
export function nearestEntry(space: usize, hash: u32): usize {
  return <usize>itemAt(space, hash & lastSlot(space));
}

export function lengthOf(entry: usize): u32 {
  return load<u32>(entry, LENGTH);
}

export function meaningOf(entry: usize): i32 {
  return load<i32>(entry, MEANING);
}

/** The number, from 1, of a user's last cell if it is in the window; else 0. */
export function lastCell(entry: usize, window: i32): u32 {
  return load<i32>(entry, WINDOW) == window ? load<u32>(entry, CELL) : 0;
}

export function setLastCell(entry: usize, window: i32, cell: u32): void {
  store<i32>(entry, window, WINDOW);
  store<u32>(entry, cell, CELL);
}

export function setMeaning(entry: usize, meaning: i32): void {
  store<i32>(entry, meaning, MEANING);
}

function newEntry(start: usize, length: u32): usize {
  const entry = roomFor(BYTES + ((<usize>length + 15) & ~(<usize>15)));
  store<u32>(entry, length, LENGTH);
  store<i32>(entry, UNKNOWN, MEANING);
  memory.copy(entry + BYTES, start, length);
  return entry;
}

function roomFor(bytes: usize): usize {
  if (page + bytes > pageEnd) {
    page = allocate(max(bytes, PAGE_BYTES));
    pageEnd = page + max(bytes, PAGE_BYTES);
  }
  const start = page;
  page += bytes;
  return start;
}

/** The hash of a text, whose vector past its end must be readable. */
export function hashOf(start: usize, length: u32): u32 {
  return length <= VECTOR_BYTES ? hashOfShort(start, length) : hashOfLong(start, length);
}

function hashOfShort(start: usize, length: u32): u32 {
  return <u32>(mixed(length, firstBytes(start, length)) >> 32);
}

function hashOfLong(start: usize, length: u32): u32 {
  let hash: u64 = length;
  let at = start;
  let left = length;
  for (; left > VECTOR_BYTES; left -= VECTOR_BYTES, at += VECTOR_BYTES) {
    hash = mixed(hash, v128.load(at));
  }
  return <u32>(mixed(hash, firstBytes(at, left)) >> 32);
}

function mixed(hash: u64, bytes: v128): u64 {
  const first = (hash ^ i64x2.extract_lane(bytes, 0)) * MULTIPLIER;
  return (rotl(first, 32) ^ i64x2.extract_lane(bytes, 1)) * MULTIPLIER;
}

/** Whether an entry has this text. */
export function isText(entry: usize, start: usize, length: u32): bool {
  if (load<u32>(entry, LENGTH) != length) return false;
  return length <= VECTOR_BYTES
    ? !v128.any_true(v128.xor(v128.load(entry, BYTES), firstBytes(start, length)))
    : isLongText(entry, start, length);
}

function isLongText(entry: usize, start: usize, length: u32): bool {
  let kept = entry + BYTES;
  let at = start;
  let left = length;
  for (; left > VECTOR_BYTES; left -= VECTOR_BYTES, at += VECTOR_BYTES) {
    if (v128.any_true(v128.xor(v128.load(kept), v128.load(at)))) return false;
    kept += VECTOR_BYTES;
  }
  return !v128.any_true(v128.xor(v128.load(kept), firstBytes(at, left)));
}

/** The first bytes of a vector, at most all of them, with the others 0. */
function firstBytes(start: usize, count: u32): v128 {
  return v128.and(v128.load(start), v128.load(masks + VECTOR_BYTES - count));
}
