import { IntPages, type PackedPages } from './int-pages.ts';

const FIRST_SLOTS = 64;
const RUN_BITS = 3;
const RUN = 2 ** RUN_BITS;
/** From a slot that is taken to the next: out of the run, and through all slots in the end. */
export const STEP = RUN + 1;
const FIRST = 0;
const SECOND = 1;
const INTS = 2;

/** Numbers pairs of ints from 0 on, in the order in which they are met. */
export class PairTable {
  #pairs = new IntPages(INTS);
  /** The number of the pair of a slot, plus 1; 0 for an empty slot. */
  #slots = new Int32Array(FIRST_SLOTS);

  get size(): number {
    return this.#pairs.size;
  }

  /** The number of a pair; a new one where it was not met before. */
  numberOf(first: number, second: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = slotOf(first, second) & mask;
    for (; slots[slot] !== 0; slot = (slot + STEP) & mask) {
      const number = (slots[slot] as number) - 1;
      const page = this.#pairs.page(number);
      const at = this.#pairs.at(number);
      if (page[at + FIRST] === first && page[at + SECOND] === second) return number;
    }
    const number = this.#pairs.push();
    const at = this.#pairs.at(number);
    const page = this.#pairs.page(number);
    page[at + FIRST] = first;
    page[at + SECOND] = second;
    slots[slot] = number + 1;
    // At most three of four slots are taken.
    if (this.size * 4 > slots.length * 3) this.#grow();
    return number;
  }

  firstOf(number: number): number {
    return this.#pairs.page(number)[this.#pairs.at(number) + FIRST] as number;
  }

  secondOf(number: number): number {
    return this.#pairs.page(number)[this.#pairs.at(number) + SECOND] as number;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = slotOf(this.firstOf(number), this.secondOf(number)) & mask;
      while (slots[slot] !== 0) slot = (slot + STEP) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }

  /** All pairs, in a form that can go to another thread; the table must not be used after it. */
  pack(): PackedPairs {
    return { ...this.#pairs.pack(), slots: this.#slots };
  }

  static of({ slots, ...pages }: PackedPairs): PairTable {
    const table = new PairTable();
    table.#pairs = IntPages.of(pages, INTS);
    table.#slots = slots;
    return table;
  }
}

export interface PackedPairs extends PackedPages {
  readonly slots: Int32Array<ArrayBuffer>;
}

/**
 * Pairs whose second numbers follow one another have slots beside one another: rows mostly
 * come in such runs, whose slots are then in the cache already.
 */
export function slotOf(first: number, second: number): number {
  const mixed = Math.imul(Math.imul(first, 0x85ebca6b) ^ (second >>> RUN_BITS), 0x9e3779b1);
  const spread = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  const run = (spread ^ (spread >>> 13)) << RUN_BITS;
  return run | ((first + second) & (RUN - 1));
}
