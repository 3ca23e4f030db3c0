/*
 * Where in the kernel's memory everything lies, in bytes. All of it is reserved at once,
 * and the system gives pages only when they are first written to.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

export const MEMORY_PAGES = (128 * MIB) / (64 * KIB);

/** Ints that both sides read and write. */
export const STATE = {
  /** How many columns the file has. */
  columns: 0,
  /** The rows that the last run has taken. */
  rows: 4,
  /** The table of keys: where its slots are, how many less one, and how many keys it has. */
  slots: 8,
  slotMask: 12,
  keys: 16,
  /** Where the next slots, and the next key, can be. */
  slotsEnd: 20,
  keysEnd: 24,
  cells: 28,
  /** Whether windows are by day, and not by month; and the first day or month that has one. */
  byDay: 32,
  firstBucket: 36,
} as const;

/** A byte for each column: what it is. */
export const COLUMN_KINDS = 1 * KIB;
export const MOST_COLUMNS = 16 * KIB;
/** For each month from 2000-01 two ints: the day before its first, since 1970, and its days. */
export const MONTHS = 20 * KIB;
export const MONTH_COUNT = 2400;
/** The powers of ten up to 10^9, as ints. */
export const POWERS = 40 * KIB;
/** For each profile an int: where its buckets are, each an int: where its first window is. */
export const PROFILES = 44 * KIB;
export const MOST_PROFILES = 4 * KIB;
export const BUCKETS = 2402;

/** The text that is read, and an id that does not stand in it. */
export const TEXT = 64 * KIB;
export const TEXT_BYTES = 256 * KIB;
export const ID = 352 * KIB;

/** Buckets and windows. A window: the seconds where it begins and ends (longs), its id, and the next one of its bucket. */
export const WINDOWS = 384 * KIB;
export const WINDOWS_END = 16 * MIB;
export const WINDOW_BYTES = 24;

/** The slots of the table of keys, each an int: where its key is. Whenever they grow, they move on. */
export const SLOTS = 16 * MIB;
export const SLOTS_END = 48 * MIB;
export const FIRST_SLOTS = 4 * KIB;

/** A cell: the sums of the whole credits, their billionths, the billionths of these (longs), the requests, and the most decimals. */
export const CELLS = 48 * MIB;
export const CELL_BYTES = 32;
export const MOST_CELLS = 1024 * KIB;
/** For each cell an int: where the key of its user is. */
export const CELL_KEYS = 80 * MIB;

/** A key: its hash, its space, its length, its value, then its bytes and at least one NUL, up to a multiple of 8. */
export const KEYS = 84 * MIB;
export const KEYS_END = 128 * MIB;
export const KEY_BYTES = 16;
