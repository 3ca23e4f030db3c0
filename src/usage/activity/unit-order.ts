import { compareBytes } from '../../domain/text-order.ts';
import { deliveryRanks } from './delivery.ts';

/** Where the rows of a unit of the reading come from: a file, or the part of one that begins at `from`. */
export interface UnitPlace {
  readonly file: string;
  readonly from: number;
  /** The index of the source that it is of. */
  readonly source: number;
}

/** The units of a reading in the orders that matter for reports. */
export interface UnitOrder {
  /** By unit: the greater, the newer; one for all that was delivered at once (R2). */
  readonly byDelivery: Int32Array;
  /** By unit: the place of its path among those of all, then of its rows in the file. */
  readonly byPath: Int32Array;
}

/** How the units of a reading go, the same wherever a file is named again. */
export function unitOrder(units: readonly UnitPlace[]): UnitOrder {
  const delivered = deliveryRanks(new Set(units.map(({ file }) => file)));
  return {
    byDelivery: Int32Array.from(units, ({ file }) => delivered.get(file) as number),
    byPath: ranksByPath(units),
  };
}

function ranksByPath(units: readonly UnitPlace[]): Int32Array {
  const compare = (a: UnitPlace, b: UnitPlace): number =>
    compareBytes(a.file, b.file) || a.from - b.from;
  const sorted = [...units.entries()].sort(([, a], [, b]) => compare(a, b));
  const ranked = new Int32Array(units.length);
  let rank = 0;
  let before: UnitPlace | undefined;
  for (const [unit, place] of sorted) {
    if (before !== undefined && compare(before, place) !== 0) rank += 1;
    ranked[unit] = rank;
    before = place;
  }
  return ranked;
}
