export const PAGE_BITS = 16;
const ITEMS_PER_PAGE = 2 ** PAGE_BITS;
export const PAGE_MASK = ITEMS_PER_PAGE - 1;
const FIRST_ITEMS = 64;

/** Items of a few ints each, stored in pages: growing copies at most the first page. */
export class IntPages {
  readonly #width: number;
  #pages: Int32Array[] = [];
  size = 0;

  /** `width`: the number of ints per item. */
  constructor(width: number) {
    this.#width = width;
  }

  /** The page that holds an item. */
  page(item: number): Int32Array {
    return this.#pages[item >>> PAGE_BITS] as Int32Array;
  }

  /** The offset in its page at which the ints of an item begin. */
  at(item: number): number {
    return (item & PAGE_MASK) * this.#width;
  }

  /** Adds an item with ints of 0 and returns its index. */
  push(): number {
    const item = this.size;
    if (this.#pages.length * ITEMS_PER_PAGE <= item || this.#isShort(item)) this.#grow();
    this.size += 1;
    return item;
  }

  /** The first page starts small. */
  #isShort(item: number): boolean {
    return this.#pages.length === 1 && item * this.#width === this.page(0).length;
  }

  #grow(): void {
    const [first] = this.#pages;
    const full = ITEMS_PER_PAGE * this.#width;
    if (first === undefined) this.#pages = [new Int32Array(FIRST_ITEMS * this.#width)];
    else if (first.length < full) {
      const grown = new Int32Array(Math.min(full, first.length * 2));
      grown.set(first);
      this.#pages = [grown];
    } else this.#pages.push(new Int32Array(full));
  }

  /** Its pages; it must not be used afterwards. */
  pack(): PackedPages {
    return { pages: this.#pages, size: this.size };
  }
}

/** Pages as plain arrays, which can be sent to another thread. */
export interface PackedPages {
  readonly pages: readonly Int32Array[];
  readonly size: number;
}
