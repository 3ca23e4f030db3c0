import { compareBytes } from '../../domain/text-order.ts';
import { compareDeliveries } from './delivery.ts';

/** Where the rows of a unit of the reading come from: a file, or the part of one that begins at `from`. */
export interface UnitPlace {
  readonly file: string;
  readonly from: number;
  /** The index of the source that it is of. */
  readonly source: number;
}

/** The units of a reading by rank: the same for a part of one file wherever it is named again. */
export class UnitOrder {
  readonly #units: readonly UnitPlace[];
  #byDelivery: Int32Array | undefined;
  #byPath: Int32Array | undefined;

  constructor(units: readonly UnitPlace[]) {
    this.#units = units;
  }

  /** By unit: the greater, the newer. */
  get byDelivery(): Int32Array {
    this.#byDelivery ??= ranks(this.#units, compareDeliveries);
    return this.#byDelivery;
  }

  get byPath(): Int32Array {
    this.#byPath ??= ranks(this.#units, compareBytes);
    return this.#byPath;
  }
}

function ranks(
  units: readonly UnitPlace[],
  compareFiles: (a: string, b: string) => number,
): Int32Array {
  const compare = (a: UnitPlace, b: UnitPlace): number =>
    compareFiles(a.file, b.file) || a.from - b.from;
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
