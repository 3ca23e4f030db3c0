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
   * Takes the digits from `start` on, at most nine before a point and eighteen behind it;
   * gives where they end, or `start` where they are no number, or one with more of them.
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
    this.rest = 0;
    if (digit === POINT - ZERO) {
      position += 1;
      const fractionStart = position;
      const limbEnd = position + LIMB_DIGITS;
      digit = (bytes[position] as number) - ZERO;
      while (digit >>> 0 <= 9 && position < limbEnd) {
        fraction = (Math.imul(fraction, 10) + digit) | 0;
        position += 1;
        digit = (bytes[position] as number) - ZERO;
      }
      if (digit >>> 0 <= 9) position = this.#readRest(bytes, position);
      places = position - fractionStart;
    }
    const isTooLong = wholeDigits > LIMB_DIGITS || places > 2 * LIMB_DIGITS;
    if (isTooLong || wholeDigits + places === 0) return start;
    this.whole = whole;
    this.billionths = places < LIMB_DIGITS ? fraction * tens(LIMB_DIGITS - places) : fraction;
    this.places = places;
    return position;
  }

  /** Takes the digits behind the billionths; gives where they end. */
  #readRest(bytes: Uint8Array, start: number): number {
    let position = start;
    let rest = 0;
    let digit = (bytes[position] as number) - ZERO;
    while (digit >>> 0 <= 9) {
      rest = (Math.imul(rest, 10) + digit) | 0;
      position += 1;
      digit = (bytes[position] as number) - ZERO;
    }
    const digits = position - start;
    if (digits <= LIMB_DIGITS) this.rest = rest * tens(LIMB_DIGITS - digits);
    return position;
  }

  /** The same as `readUsual` for text that ends at `end`; false where that is not all of a number. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    return start < end && this.readUsual(bytes, start) === end;
  }

  /** What stands for no credits. */
  readNothing(): void {
    this.whole = 0;
    this.billionths = 0;
    this.rest = 0;
    this.places = 0;
  }
}

function tens(exponent: number): number {
  return POWERS[exponent] as number;
}
