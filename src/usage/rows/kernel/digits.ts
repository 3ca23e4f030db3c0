/*
 * Digits are read eight at a time, as the bytes of one word, and two words at once: three
 * multiplications of vectors make numbers of them, however many there are.
 */

const ZEROS: u64 = 0x3030303030303030;
/** What the first and the second of two numbers count: 100 and 1, 10,000 and 1. */
const PAIRS_TO_FOURS: i32 = 0x0001_0064;
const FOURS_TO_EIGHTS: i32 = 0x0001_2710;

/** The most digits of one word, and of what `numberAt` reads. */
export const WORD_DIGITS: i32 = 8;
export const MOST_DIGITS: i32 = 9;

const powers = memory.data<i32>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
]);

/** The number of the first zero to eight characters of a word; negative if one of them is not a digit. */
export function numberOf(characters: u64, count: i32): i32 {
  return <i32>numbersOf(characters, count, 0, 0);
}

/**
 * The same of two words at once: the second number is in the upper half. Negative if one of their
 * characters is not a digit.
 */
export function numbersOf(first: u64, firstCount: i32, second: u64, secondCount: i32): i64 {
  const words = i64x2.splat(digitsOf(first, firstCount));
  const digits = i64x2.replace_lane(words, 1, digitsOf(second, secondCount));
  if (v128.any_true(i8x16.gt_u(digits, i8x16.splat(9)))) return -1;
  const tens = i16x8.mul(v128.and(digits, i16x8.splat(0xff)), i16x8.splat(10));
  const pairs = i16x8.add(tens, i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i32x4.splat(PAIRS_TO_FOURS));
  const narrow = i16x8.narrow_i32x4_s(fours, fours);
  return i64x2.extract_lane(i32x4.dot_i16x8_s(narrow, i32x4.splat(FOURS_TO_EIGHTS)), 0);
}

/** The digits of the first characters of a word, after zeros in place of the others. */
function digitsOf(characters: u64, count: i32): u64 {
  // The first one is in the lowest byte. In two halves, as no word can be shifted by all of its
  // bits at once.
  const half = <u64>(32 - (count << 2));
  return ((characters ^ ZEROS) << half) << half;
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
