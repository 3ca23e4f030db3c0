import { compareBytes } from '../../domain/text-order.ts';
import { deliveryRanks } from './delivery.ts';

/** The origin of a unit's rows: a file, or the part of one that begins at `from`. */
export interface UnitPlace {
  readonly file: string;
  readonly from: number;
  /** The index of its source. */
  readonly source: number;
}

/** The units of a reading in the orders that matter for reports. */
export interface UnitOrder {
  /** By unit, a rank: the higher, the newer; equal within one delivery (R2). */
  readonly byDelivery: Int32Array;
  /** By unit, a rank by path, then by position in the file. */
  readonly byPath: Int32Array;
}

/** The orders of a reading's units; they do not depend on the order in which files are named. */
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
