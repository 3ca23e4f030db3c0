const POINT = 0x2e;
const ZERO = 0x30;

/** Digits of the whole credits, of a billionth, and of a billionth of one. */
const LIMB_DIGITS = 9;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/**
 * Reads credits from bytes into integers, exactly: the number is `whole` + `billionths` /
 * 10^9 + `rest` / 10^18, each of the three below 10^9. Rule M1.
 */
export class CreditReader {
  whole = 0;
  billionths = 0;
  rest = 0;
  /** Decimals as written. */
  places = 0;

  /**
   * Takes the digits from `start` on, at most nine before a point and nine behind it; gives
   * where they end, or `start` where they are no number, or one with more of them.
   */
  readUsual(bytes: Uint8Array, start: number): number {
    let position = start;
    let whole = 0;
    let digit = (bytes[position] as number) - ZERO;
    while (digit >>> 0 <= 9) {
      // Too many digits overflow, and are refused below.
      whole = (Math.imul(whole, 10) + digit) | 0;
      position += 1;
      digit = (bytes[position] as number) - ZERO;
    }
    const wholeDigits = position - start;
    let fraction = 0;
    let places = 0;
    if (digit === POINT - ZERO) {
      position += 1;
      const fractionStart = position;
      digit = (bytes[position] as number) - ZERO;
      while (digit >>> 0 <= 9) {
        fraction = (Math.imul(fraction, 10) + digit) | 0;
        position += 1;
        digit = (bytes[position] as number) - ZERO;
      }
      places = position - fractionStart;
    }
    if (wholeDigits > LIMB_DIGITS || places > LIMB_DIGITS || wholeDigits + places === 0) {
      return start;
    }
    this.whole = whole;
    this.billionths = fraction * (POWERS[LIMB_DIGITS - places] as number);
    this.rest = 0;
    this.places = places;
    return position;
  }

  /**
   * Takes a plain number with at most nine digits before the point and eighteen behind it;
   * false for anything else, which may be a number all the same.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const usualEnd = this.readUsual(bytes, start);
    if (usualEnd !== start && usualEnd >= end) return usualEnd === end;
    const found = bytes.subarray(start, end).indexOf(POINT);
    const point = found < 0 ? end : start + found;
    const places = end - point - 1;
    if (point - start > LIMB_DIGITS || places <= LIMB_DIGITS || places > 2 * LIMB_DIGITS) {
      return false;
    }
    const middle = point + 1 + LIMB_DIGITS;
    this.whole = digits(bytes, start, point);
    this.billionths = digits(bytes, point + 1, middle);
    this.rest = digits(bytes, middle, end) * (POWERS[middle + LIMB_DIGITS - end] as number);
    this.places = places;
    return this.whole >= 0 && this.billionths >= 0 && this.rest >= 0;
  }
}

/** The number that at most nine digits write, 0 for none of them, or one below 0. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let position = start; position < end; position += 1) {
    const digit = (bytes[position] as number) - ZERO;
    if (digit >>> 0 > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
