import { add, type Decimal, powerOfTen, unitsAt } from '../../domain/decimal.ts';
import type { Limbs } from '../rows/row-kernel.ts';

const LIMB_PLACES = 9;
const SCALE = 2 * LIMB_PLACES;
const LIMB = powerOfTen(LIMB_PLACES);
/** Credits are usually metered in hundredths. */
const USUAL_PLACES = 2;
const UNITS_PER_WHOLE = 10 ** USUAL_PLACES;
const BILLIONTHS_PER_UNIT = 10 ** (LIMB_PLACES - USUAL_PLACES);

/** A number as the kernel stores it; `undefined` if it does not fit. */
export function limbsOf(value: Decimal): Limbs | undefined {
  const scale = Math.max(value.scale, SCALE);
  const finer = powerOfTen(scale - SCALE);
  const exact = unitsAt(value, scale);
  const units = exact / finer;
  if (exact < 0n || units * finer !== exact) return undefined;
  const whole = units / LIMB / LIMB;
  if (whole >= LIMB) return undefined;
  return [Number(whole), Number((units / LIMB) % LIMB), Number(units % LIMB)];
}

/** The sum in the six ints from `at` on, which are three 64-bit integers, plus `more` (M1). */
export function totalAt(ints: Int32Array, at: number, more?: Decimal): Decimal {
  if (more === undefined) {
    const units = hundredthsAt(ints, at);
    if (units !== undefined) return { units: BigInt(units), scale: USUAL_PLACES };
  }
  return sumOfLimbs(longAt(ints, at), longAt(ints, at + 2), longAt(ints, at + 4), more);
}

/** The sum of whole credits, billionths, billionths of those, and `more`. */
export function sumOfLimbs(
  whole: bigint,
  billionths: bigint,
  rest: bigint,
  more?: Decimal,
): Decimal {
  const total = { units: (whole * LIMB + billionths) * LIMB + rest, scale: SCALE };
  return shortened(more === undefined ? total : add(total, more));
}

/** The sum in hundredths, if it is a safe integer of them, computed without a BigInt. */
function hundredthsAt(ints: Int32Array, at: number): number | undefined {
  const [whole, billionths] = [numberAt(ints, at), numberAt(ints, at + 2)];
  if (numberAt(ints, at + 4) !== 0 || billionths % BILLIONTHS_PER_UNIT !== 0) return undefined;
  const units = whole * UNITS_PER_WHOLE + billionths / BILLIONTHS_PER_UNIT;
  return Number.isSafeInteger(units) && Number.isSafeInteger(billionths) ? units : undefined;
}

/** Two ints as one 64-bit integer. */
function longAt(ints: Int32Array, at: number): bigint {
  return (BigInt(ints[at + 1] as number) << 32n) | BigInt((ints[at] as number) >>> 0);
}

/** The same as a number, which is exact if it is a safe integer. */
export function numberAt(ints: Int32Array, at: number): number {
  return (ints[at + 1] as number) * 2 ** 32 + ((ints[at] as number) >>> 0);
}

/** Without trailing zeros, which would make every later step more expensive. */
function shortened({ units, scale }: Decimal): Decimal {
  let short = { units, scale };
  while (short.scale > USUAL_PLACES && short.units % 10n === 0n) {
    short = { units: short.units / 10n, scale: short.scale - 1 };
  }
  return short;
}
