import { allocate, release } from './memory';

/*
 * The slots of a hash table: open addressing, at most half of them used, of few slots a quarter, as
 * each item that is not found at once costs more than room that is near the processor. A table is
 * three ints: the address of its slots, their number less 1, and how many are used. A slot is an
 * item, 0 for none, and its hash; a look-up compares the item itself.
 */

export const TABLE_BYTES: usize = 12;
const SLOT_BYTES: usize = 8;
const FIRST_SLOTS: u32 = 256;
const FEW_SLOTS: u32 = 64 * 1024;

/** Empties a table. */
export function clearTable(table: usize): void {
  makeSlots(table, FIRST_SLOTS);
  store<u32>(table, 0, 8);
}

export function lastSlot(table: usize): u32 {
  return load<u32>(table, 4);
}

export function itemAt(table: usize, slot: u32): u32 {
  return load<u32>(<usize>load<u32>(table) + <usize>slot * SLOT_BYTES);
}

export function hashAt(table: usize, slot: u32): u32 {
  return load<u32>(<usize>load<u32>(table) + <usize>slot * SLOT_BYTES, 4);
}

/** Adds an item that is not in the table. */
export function addItem(table: usize, item: u32, hash: u32): void {
  const taken = load<u32>(table, 8) + 1;
  store<u32>(table, taken, 8);
  const last = lastSlot(table);
  if (taken * (last < FEW_SLOTS ? 4 : 2) > last) grow(table);
  put(table, item, hash);
}

function grow(table: usize): void {
  const old = <usize>load<u32>(table);
  const end = old + (<usize>lastSlot(table) + 1) * SLOT_BYTES;
  makeSlots(table, (lastSlot(table) + 1) * 2);
  for (let at = old; at < end; at += SLOT_BYTES) {
    if (load<u32>(at) != 0) put(table, load<u32>(at), load<u32>(at, 4));
  }
  release(old, end - old);
}

function makeSlots(table: usize, count: u32): void {
  store<u32>(table, <u32>allocate(<usize>count * SLOT_BYTES));
  store<u32>(table, count - 1, 4);
}

function put(table: usize, item: u32, hash: u32): void {
  const last = lastSlot(table);
  let slot = hash & last;
  while (itemAt(table, slot) != 0) slot = (slot + 1) & last;
  const at = <usize>load<u32>(table) + <usize>slot * SLOT_BYTES;
  store<u32>(at, item);
  store<u32>(at, hash, 4);
}
