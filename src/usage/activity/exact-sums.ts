import { add, type Decimal, powerOfTen, unitsAt, ZERO } from '../../domain/decimal.ts';

/** Per cell: the whole credits, their billionths, and the billionths of those. */
const LIMBS = 3;
const WHOLE = 0;
const BILLIONTHS = 1;
const REST = 2;

const LIMB_PLACES = 9;
const LIMBS_SCALE = 2 * LIMB_PLACES;
/** Above this a sum leaves its limb. What one row adds to it would still be exact. */
const LIMB_LIMIT = 2 ** 52;
const FIRST_CELLS = 1024;

/**
 * Exact sums as plain arrays. By cell: three limbs, of which the sums are safe integers; how
 * many decimals the sum is written with; and what did not fit into the limbs.
 */
export interface PackedSums {
  readonly limbs: Float64Array;
  readonly scales: Uint8Array;
  readonly beyond: ReadonlyMap<number, Decimal>;
}

/**
 * Exact sums of credits, one per cell. A sum is kept as integers,
 * none of them ever above 2^53, so that adding is exact and makes no object; whatever does
 * not fit there is added up as a decimal (M1).
 */
export class ExactSums {
  #limbs = new Float64Array(FIRST_CELLS * LIMBS);
  /** The decimals that a sum is written with: as many as the longest of its numbers has. */
  #scales = new Uint8Array(FIRST_CELLS);
  readonly #beyond = new Map<number, Decimal>();
  size = 0;

  /** A new cell: the sum 0. */
  newCell(): number {
    if (this.size === this.#scales.length) this.#grow();
    this.size += 1;
    return this.size - 1;
  }

  /** Adds a number whose limbs are below 2^31. */
  addLimbs(
    cell: number,
    { whole, billionths, rest }: { whole: number; billionths: number; rest: number },
  ): void {
    const limbs = this.#limbs;
    const at = cell * LIMBS;
    const wholes = (limbs[at + WHOLE] as number) + whole;
    limbs[at + WHOLE] = wholes;
    (limbs[at + BILLIONTHS] as number) += billionths;
    (limbs[at + REST] as number) += rest;
    const places = rest > 0 ? LIMBS_SCALE : billionths > 0 ? LIMB_PLACES : 0;
    if (places > (this.#scales[cell] as number)) this.#scales[cell] = places;
    // Each of the limbs grows by less than 2^31 at once, so that it is never above 2^53.
    if (wholes > LIMB_LIMIT || (limbs[at + REST] as number) > LIMB_LIMIT) this.#empty(cell);
    else if ((limbs[at + BILLIONTHS] as number) > LIMB_LIMIT) this.#empty(cell);
  }

  /** Adds a number of any size. */
  addDecimal(cell: number, credits: Decimal): void {
    if (credits.scale > (this.#scales[cell] as number)) this.#scales[cell] = credits.scale;
    this.#beyond.set(cell, add(this.#beyond.get(cell) ?? ZERO, credits));
  }

  /** All cells. */
  pack(): PackedSums {
    return {
      limbs: this.#limbs.slice(0, this.size * LIMBS),
      scales: this.#scales.slice(0, this.size),
      beyond: this.#beyond,
    };
  }

  /** Moves a sum out of its limbs, which can then take more. */
  #empty(cell: number): void {
    const limbs = this.#limbs;
    const at = cell * LIMBS;
    this.#beyond.set(cell, add(this.#beyond.get(cell) ?? ZERO, limbsTotal(limbs, cell)));
    limbs.fill(0, at, at + LIMBS);
  }

  #grow(): void {
    const limbs = new Float64Array(this.#limbs.length * 2);
    limbs.set(this.#limbs);
    this.#limbs = limbs;
    const scales = new Uint8Array(this.#scales.length * 2);
    scales.set(this.#scales);
    this.#scales = scales;
  }
}

/** The sum of a cell. */
export function totalOf({ limbs, scales, beyond }: PackedSums, cell: number): Decimal {
  const scale = scales[cell] as number;
  const more = beyond.get(cell);
  if (more === undefined && scale <= LIMB_PLACES) {
    const at = cell * LIMBS;
    const whole = (limbs[at + WHOLE] as number) * 10 ** scale;
    const units = whole + (limbs[at + BILLIONTHS] as number) / 10 ** (LIMB_PLACES - scale);
    if (units <= LIMB_LIMIT) return { units: BigInt(units), scale };
  }
  const total = limbsTotal(limbs, cell);
  return rescaled(more === undefined ? total : add(total, more), scale);
}

function limbsTotal(limbs: Float64Array, cell: number): Decimal {
  const at = cell * LIMBS;
  const whole = BigInt(limbs[at + WHOLE] as number);
  const billionths = BigInt(limbs[at + BILLIONTHS] as number);
  const rest = BigInt(limbs[at + REST] as number);
  const units = (whole * powerOfTen(LIMB_PLACES) + billionths) * powerOfTen(LIMB_PLACES) + rest;
  return { units, scale: LIMBS_SCALE };
}

/** The same number at another scale, which must be enough for it. */
function rescaled(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { units: unitsAt(value, scale), scale };
  return { units: value.units / powerOfTen(value.scale - scale), scale };
}
