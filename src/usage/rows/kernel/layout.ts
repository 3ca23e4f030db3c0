/*
 * What both the kernel and its host know of the kernel's memory: numbers alone, without the types of
 * the machine, so that both can import them.
 */

/** The size of the text buffer: the longest text that can be read at once. */
export const TEXT_BYTES = 256 * 1024;
/** A row of at most this length has no field over the limit of 64 KiB, which holds for a value, too. */
export const LONGEST_VALUE = 64 * 1024;

/** How a column is read. */
export const SKIP = 0;
export const KEY = 1;
export const TEXT = 2;
export const KNOWN_TEXT = 3;
export const INSTANT = 4;
export const DECIMAL = 5;
export const DECIMAL_OR_BLANK = 6;

/** How numbers are stored in files of columns. */
export const STORED_DAY = 0;
export const STORED_INSTANT = 1;
export const STORED_JULIAN_INSTANT = 2;
export const STORED_DECIMAL = 3;
export const STORED_BIG_ENDIAN_DECIMAL = 4;
export const STORED_DOUBLE = 5;

/** The most rows read at once, and the most ints of one. */
export const MOST_ROWS = 512;
export const MOST_ROW_INTS = 64;
/** The ints of a row: its line, where it begins and ends in the text; then those of each wanted column. */
export const LINE = 0;
export const START = 1;
export const END = 2;
export const ROW_INTS = 3;
export const FIELD_INTS = 3;

/** The order of the wanted fields of request usage; the last may be missing. */
export const INSTANT_FIELD = 0;
export const PROFILE_FIELD = 1;
export const USER_FIELD = 2;
export const CREDITS_FIELD = 3;
export const REQUEST_FIELD = 4;

/** The ints of a dictionary's value: those of a field, and 1 if the value is not accepted. */
export const DICTIONARY_INTS = 4;
export const IS_LEFT = 3;

/** Where in the entry of a text its length and its bytes are, in bytes. */
export const ENTRY_LENGTH = 0;
export const ENTRY_BYTES = 16;

/**
 * The ints of a cell: the sums of whole credits, billionths and the rest, of two ints each; the
 * requests, also of two; window, user, kinds of usage, and the last UTC day since 1970 with credits,
 * 0 for none.
 */
export const WHOLE = 0;
export const BILLIONTHS = 2;
export const REST = 4;
export const REQUESTS = 6;
export const WINDOW = 8;
export const USER = 9;
export const KINDS = 10;
export const LAST_DAY = 11;
export const CELL_INTS = 12;
export const CELLS_PER_PAGE = 1024;
