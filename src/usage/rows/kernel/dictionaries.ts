import { DICTIONARY_INTS, IS_LEFT } from './layout';
import { allocate, release } from './memory';
import { fieldOf, rowBytes } from './rows';
import { text } from './text';

/*
 * Columns whose values are stored once, in a dictionary, and in each row as a position in it. An
 * entry is the three ints of a field, and 1 if the value is not accepted.
 */

const ENTRY_SIZE: usize = DICTIONARY_INTS * 4;
const MOST_DICTIONARIES: i32 = 64;
/** The address of each dictionary, and for how many entries it has room. */
const dictionaries: usize = memory.data(<i32>8 * MOST_DICTIONARIES, 16);

/** Memory for the entries of a dictionary, in place of those it had. */
export function newDictionary(dictionary: u32, entries: u32): usize {
  const at = dictionaries + ((<usize>dictionary) << 3);
  const room = load<u32>(at, 4);
  if (entries > room) {
    release(<usize>load<u32>(at), <usize>room * ENTRY_SIZE);
    store<u32>(at, <u32>allocate(<usize>entries * ENTRY_SIZE));
    store<u32>(at, entries, 4);
  }
  return <usize>load<u32>(at);
}

/**
 * Puts values into the field of a wanted column, from a row on: those of the `entries` of a
 * dictionary at the positions that are packed in the text, from a bit of it on, `width` bits each,
 * and count from `base`. Returns how many, up to one that is not accepted, or that the dictionary lacks.
 */
export function putEntries(
  column: u32,
  row: u32,
  count: u32,
  dictionary: u32,
  entries: u32,
  base: u32,
  width: u32,
  firstBit: u32,
): u32 {
  const start = <usize>load<u32>(dictionaries + ((<usize>dictionary) << 3));
  const mask = ((<u64>1) << width) - 1;
  let values = fieldOf(column, row);
  let bit = <usize>firstBit;
  for (let put: u32 = 0; put < count; put += 1, bit += width, values += rowBytes) {
    const bits = load<u64>(text + (bit >> 3)) >> (bit & 7);
    const position = base + <u32>(bits & mask);
    const entry = start + <usize>position * ENTRY_SIZE;
    if (position >= entries || load<u32>(entry, IS_LEFT * 4) != 0) return put;
    store<u64>(values, load<u64>(entry));
    store<u32>(values, load<u32>(entry, 8), 8);
  }
  return count;
}
