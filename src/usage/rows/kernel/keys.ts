import { allocate } from './memory';
import { addItem, clearTable, hashAt, itemAt, lastSlot, TABLE_BYTES } from './slots';

/*
 * A key is the text of a field. Each distinct text of a space has one entry: its length, its
 * meaning, for users the last cell and its window, then its bytes, padded with zeros to a multiple
 * of eight.
 */

/** The meaning of an entry that has not been requested yet. */
export const UNKNOWN: i32 = -2147483648;
const LENGTH: usize = 0;
const MEANING: usize = 4;
const WINDOW: usize = 8;
const CELL: usize = 12;
const BYTES: usize = 16;

const MOST_SPACES: i32 = 16;
const PAGE_BYTES: usize = 64 * 1024;

/** The hash table of each space. */
const spaces: usize = memory.data(<i32>TABLE_BYTES * MOST_SPACES, 16);
let page: usize = 0;
let pageEnd: usize = 0;

/** Empties a space, for texts of another sort. */
export function clearSpace(space: i32): void {
  clearTable(spaces + space * TABLE_BYTES);
}

/**
 * The entry of a text, whose eight bytes past its end must be readable; a new one has the meaning
 * UNKNOWN.
 */
export function entryOf(space: i32, start: usize, length: u32): usize {
  const table = spaces + space * TABLE_BYTES;
  const hash = hashOf(start, length);
  const known = find(table, hash, start, length);
  if (known != 0) return known;
  const entry = newEntry(start, length);
  addItem(table, <u32>entry, hash);
  return entry;
}

/** The same, but 0 for a text without an entry. */
export function knownEntry(space: i32, start: usize, length: u32): usize {
  return find(spaces + space * TABLE_BYTES, hashOf(start, length), start, length);
}

function find(table: usize, hash: u32, start: usize, length: u32): usize {
  const last = lastSlot(table);
  let slot = hash & last;
  let entry = <usize>itemAt(table, slot);
  while (entry != 0 && !(hashAt(table, slot) == hash && isText(entry, start, length))) {
    slot = (slot + 1) & last;
    entry = <usize>itemAt(table, slot);
  }
  return entry;
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
  const entry = roomFor(BYTES + ((<usize>length + 7) & ~(<usize>7)));
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

function hashOf(start: usize, length: u32): u32 {
  let hash: u64 = length;
  let at = start;
  let left = length;
  while (left >= 8) {
    hash = (rotl(hash, 5) ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    at += 8;
    left -= 8;
  }
  if (left > 0) hash = (rotl(hash, 5) ^ firstBytes(load<u64>(at), left)) * 0x9e3779b97f4a7c15;
  return <u32>(hash >> 32);
}

function isText(entry: usize, start: usize, length: u32): bool {
  if (load<u32>(entry, LENGTH) != length) return false;
  let kept = entry + BYTES;
  let at = start;
  let left = length;
  while (left >= 8) {
    if (load<u64>(kept) != load<u64>(at)) return false;
    kept += 8;
    at += 8;
    left -= 8;
  }
  return left == 0 || load<u64>(kept) == firstBytes(load<u64>(at), left);
}

/** The first 1 to 7 of eight bytes, with the others 0. */
function firstBytes(word: u64, count: u32): u64 {
  return word & (((<u64>1) << (<u64>count * 8)) - 1);
}
