const INTS = 4;
const FIRST_TUPLES = 64;
const RUN_BITS = 3;
const RUN = 2 ** RUN_BITS;
/** The step from a used slot to the next: out of the run, and eventually through all slots. */
export const STEP = RUN + 1;

/** Numbers tuples of up to four ints from 0, in order of first appearance. */
export class TupleTable {
  size = 0;
  #ints = new Int32Array(FIRST_TUPLES * INTS);
  /** The number of the tuple in a slot, plus 1; 0 for an empty slot. */
  #slots = new Int32Array(FIRST_TUPLES * 2);

  /** The number of a tuple; a new number for a new tuple. */
  numberOf(a: number, b: number, c = 0, d = 0): number {
    const slots = this.#slots;
    const ints = this.#ints;
    const mask = slots.length - 1;
    let slot = slotOfTuple(a, b, c, d) & mask;
    for (; slots[slot] !== 0; slot = (slot + STEP) & mask) {
      const number = (slots[slot] as number) - 1;
      const at = number * INTS;
      if (ints[at] === a && ints[at + 1] === b && ints[at + 2] === c && ints[at + 3] === d) {
        return number;
      }
    }
    const number = this.size;
    if (number * INTS === ints.length) this.#grow();
    this.#ints.set([a, b, c, d], number * INTS);
    this.size += 1;
    this.#enter(number);
    return number;
  }

  /** One of the ints of a tuple, by its index. */
  at(number: number, index: 0 | 1 | 2 | 3): number {
    return this.#ints[number * INTS + index] as number;
  }

  /** The ints of all tuples, four each. */
  get ints(): Int32Array {
    return this.#ints.slice(0, this.size * INTS);
  }

  #enter(number: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const [a = 0, b = 0, c = 0, d = 0] = this.#ints.subarray(number * INTS, number * INTS + INTS);
    let slot = slotOfTuple(a, b, c, d) & mask;
    while (slots[slot] !== 0) slot = (slot + STEP) & mask;
    slots[slot] = number + 1;
  }

  /** Doubles the capacity; at most half of the slots are used afterwards. */
  #grow(): void {
    const ints = new Int32Array(this.#ints.length * 2);
    ints.set(this.#ints);
    this.#ints = ints;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.size; number += 1) this.#enter(number);
  }
}

/** Maps the numbers of a table, given by its `ints`, to the numbers in another table. */
export function renumbered(
  ints: Int32Array,
  numberOf: (a: number, b: number, c: number, d: number) => number,
): Int32Array {
  const numbers = new Int32Array(ints.length / INTS);
  for (const number of numbers.keys()) {
    const [a = 0, b = 0, c = 0, d = 0] = ints.subarray(number * INTS, number * INTS + INTS);
    numbers[number] = numberOf(a, b, c, d);
  }
  return numbers;
}

function slotOfTuple(a: number, b: number, c: number, d: number): number {
  return slotOf(a ^ Math.imul(c, 0x27d4eb2f) ^ Math.imul(d, 0x165667b1), b);
}

/**
 * Pairs with consecutive second numbers have adjacent slots: rows usually come in such runs, so
 * their slots are already in the cache.
 */
export function slotOf(first: number, second: number): number {
  const mixed = Math.imul(Math.imul(first, 0x85ebca6b) ^ (second >>> RUN_BITS), 0x9e3779b1);
  const spread = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  const run = (spread ^ (spread >>> 13)) << RUN_BITS;
  return run | ((first + second) & (RUN - 1));
}
