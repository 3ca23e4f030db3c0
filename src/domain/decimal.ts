/**
 * An exact decimal number: `units` / 10^`scale`. Credits, prices and rates are
 * decimals from the input text to the output text; nothing is ever held in
 * binary floating point (M1).
 */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the decimal point, 0 or more. */
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

const NUMBER = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const MAX_DIGITS = 40;
const MAX_EXPONENT = 40;

/**
 * Reads `7`, `7.0`, `.5`, `7.`, `007`, `1e-05`, `1.2E+02` or `-7`: at most 40
 * digits as written, exponent within +-40. Anything else gives `undefined`. Exact. Rule M1.
 */
export function decimalFromText(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const digits = whole + fraction;
  if (digits.length === 0 || digits.length > MAX_DIGITS) return undefined;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const magnitude = BigInt(digits);
  const units = sign === '-' ? -magnitude : magnitude;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { units, scale } : { units: units * powerOfTen(-scale), scale: 0 };
}

const WRITTEN = /^-?\d+(?:\.\d+)?$/;

/**
 * Reads a number as `decimalFromText` does, and any that `decimalText` writes, however many
 * digits it has: what the program has written exactly, it reads back (M1).
 */
export function writtenDecimal(text: string): Decimal | undefined {
  if (!WRITTEN.test(text)) return decimalFromText(text);
  const point = text.indexOf('.');
  const scale = point < 0 ? 0 : text.length - point - 1;
  return { units: BigInt(text.replace('.', '')), scale };
}

/** The number of a valid text; throws for any other, which is a bug. */
export function decimal(text: string): Decimal {
  const value = decimalFromText(text);
  if (value === undefined) throw new Error(`not a decimal: ${text}`);
  return value;
}

const POWERS = Array.from({ length: 128 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10 to the power of a whole number from 0. */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

/** The units of `value` at a `scale` that is at least its own. */
export function unitsAt(value: Decimal, scale: number): bigint {
  return value.scale === scale ? value.units : value.units * powerOfTen(scale - value.scale);
}

/** The exact sum. */
export function add(a: Decimal, b: Decimal): Decimal {
  // Most sums start at zero, and many seats have only zeros.
  if (a === ZERO) return b;
  if (b === ZERO) return a;
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

/** Adds to the sum of a key, which begins at 0. */
export function addAt<Key>(sums: Map<Key, Decimal>, key: Key, amount: Decimal): void {
  sums.set(key, add(sums.get(key) ?? ZERO, amount));
}

/** The exact difference, `a` less `b`. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  if (b === ZERO) return a;
  return a === b ? ZERO : add(a, negate(b));
}

/** The number with the other sign. */
export function negate(value: Decimal): Decimal {
  return { units: -value.units, scale: value.scale };
}

/** The exact product; its scale is the sum of both. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const [unitsOfA, unitsOfB] = [unitsAt(a, scale), unitsAt(b, scale)];
  return unitsOfA < unitsOfB ? -1 : unitsOfA > unitsOfB ? 1 : 0;
}

/** The lesser of two; `a` where they are equal. */
export function min(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}

/** The greater of two; `a` where they are equal. */
export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}

/** Whether it is above zero. */
export function isPositive(value: Decimal): boolean {
  return value.units > 0n;
}

/** The exact sum; zero if there are none. */
export function sum(values: Iterable<Decimal>): Decimal {
  let { units, scale } = ZERO;
  for (const value of values) {
    if (value.scale > scale) {
      units *= powerOfTen(value.scale - scale);
      scale = value.scale;
    }
    units += unitsAt(value, scale);
  }
  return units === 0n && scale === 0 ? ZERO : { units, scale };
}

/**
 * Exact text with at least `minimumPlaces` decimals and no trailing zeros
 * beyond: `1250.75`, `7.00`, `114.45787414391377`.
 */
export function decimalText(value: Decimal, minimumPlaces = 2): string {
  const { units, scale } = value;
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point + minimumPlaces && digits[end - 1] === '0') end -= 1;
  const fraction = digits.slice(point, end).padEnd(minimumPlaces, '0');
  return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}
