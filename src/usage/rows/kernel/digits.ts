/*
 * Digits are read eight at a time, as the bytes of one word: three multiplications make a number
 * of them, however many there are.
 */

const ZEROS: u64 = 0x3030303030303030;
const HIGH_BITS: u64 = 0x8080808080808080;
/** Added to a byte above 9, this sets its high bit. */
const ABOVE_NINE: u64 = 0x7676767676767676;

/** The most digits of one word, and of what `numberAt` reads. */
export const WORD_DIGITS: i32 = 8;
export const MOST_DIGITS: i32 = 9;

const powers = memory.data<i32>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
]);

/** The number of the first zero to eight characters of a word; negative if one of them is not a digit. */
export function numberOf(characters: u64, count: i32): i32 {
  // The first digit is in the lowest byte, and missing ones before it are 0. In two halves, as no
  // word can be shifted by all of its bits at once.
  const half = <u64>(32 - (count << 2));
  let digits = ((characters ^ ZEROS) << half) << half;
  if ((((digits + ABOVE_NINE) | digits) & HIGH_BITS) != 0) return -1;
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
  return <i32>(digits * 10_000 + (digits >> 32));
}

/**
 * The number of up to nine digits, 0 for none; negative if one of them is not a digit. Eight bytes
 * from the first one on must be readable.
 */
export function numberAt(start: usize, count: i32): i32 {
  if (count <= WORD_DIGITS) return numberOf(load<u64>(start), count);
  const last = <u32>load<u8>(start, 8) - 0x30;
  return last > 9 ? -1 : numberOf(load<u64>(start), WORD_DIGITS) * 10 + <i32>last;
}

/** What makes a number of so many digits after the mark one of billionths. */
export function billionthsPer(places: i32): i32 {
  return load<i32>(powers + ((<usize>(MOST_DIGITS - places)) << 2));
}

/** The same digits as the first ones of nine, the others being 0. */
export function billionthsAt(start: usize, count: i32): i32 {
  return numberAt(start, count) * billionthsPer(count);
}
