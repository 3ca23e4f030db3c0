import { hashOf, tailOf } from './byte-hash.ts';

/** Slots per entry, at least: with three of four slots empty a key is mostly found at once. */
const SLOTS_PER_ENTRY = 4;
/** In a big table memory counts for more. */
const BIG_SLOTS = 2 ** 22;
const SLOTS_PER_ENTRY_OF_BIG = 2;
const FIRST_SLOTS = 1024;
const FIRST_ARENA_INTS = 4096;

/** Keys of rows. Of row n there stand at `n * stride + offset` the key's start, its end, and the `hashOf` of its bytes. */
export interface KeyColumn {
  readonly values: Int32Array;
  readonly stride: number;
  readonly offset: number;
}

/** One key, to look it up like many. */
const KEY = new Int32Array(3);
const ONE_KEY: KeyColumn = { values: KEY, stride: 3, offset: 0 };
const KEY_SPACE = new Int32Array(1);
const FOUND = new Int32Array(1);

/** Before the bytes of an entry stand three ints. */
const HASH = 0;
const SPACE = 1;
const VALUE = 2;
const BYTES = 3;

/**
 * A hash table whose keys are a number, the `space`, and bytes without NUL, and whose
 * values are numbers from 0. A key is looked up where it lies in the text, four bytes at a
 * time, so that no string has to be made of it.
 */
export class ByteTable {
  /** Where in the arena the entry of a slot lies, 0 for an empty slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** Entry after entry: its three ints, then its bytes with one to four NULs behind them. */
  #arena = new Int32Array(FIRST_ARENA_INTS);
  #arenaBuffer: Buffer | undefined;
  #arenaEnd = 1;
  #size = 0;

  /** The value of a key, or -1. `view` must be readable for three bytes behind `end`. */
  find(view: DataView, start: number, end: number, space: number): number {
    KEY[0] = start;
    KEY[1] = end;
    KEY[2] = hashOf(view, start, end);
    KEY_SPACE[0] = space;
    this.findAll(view, ONE_KEY, 0, 1, KEY_SPACE, FOUND);
    return FOUND[0] as number;
  }

  /**
   * Looks up the keys of the rows from `first` to before `last`, each in its space of
   * `spaces`; puts their values into `found`, or -1. In one loop that reads the table's own
   * fields once, it takes two thirds of the time of as many calls.
   */
  findAll(
    view: DataView,
    { values, stride, offset }: KeyColumn,
    first: number,
    last: number,
    spaces: Int32Array,
    found: Int32Array,
  ): void {
    const slots = this.#slots;
    const arena = this.#arena;
    const mask = slots.length - 1;
    for (let row = first, at = first * stride + offset; row < last; row += 1, at += stride) {
      const start = values[at] as number;
      const end = values[at + 1] as number;
      const space = spaces[row] as number;
      const hash = slotHash(values[at + 2] as number, space);
      const stop = end - 3;
      let value = -1;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const entry = slots[slot] as number;
        if (entry === 0) break;
        if (arena[entry + HASH] !== hash || arena[entry + SPACE] !== space) continue;
        let position = start;
        let word = entry + BYTES;
        while (position < stop && arena[word] === view.getInt32(position, true)) {
          position += 4;
          word += 1;
        }
        if (position >= stop && arena[word] === tailOf(view, position, end)) {
          value = arena[entry + VALUE] as number;
          break;
        }
      }
      found[row] = value;
    }
  }

  /** Adds a key that is not in the table; gives its entry, for `textOf` and `copyTo`. */
  add(view: DataView, start: number, end: number, space: number, value: number): number {
    if ((this.#size + 1) * this.#slotsPerEntry() > this.#slots.length) this.#growSlots();
    const entry = this.#arenaEnd;
    const needed = entry + BYTES + ((end - start) >> 2) + 1;
    if (needed > this.#arena.length) this.#growArena(needed);
    const arena = this.#arena;
    arena[entry + HASH] = slotHash(hashOf(view, start, end), space);
    arena[entry + SPACE] = space;
    arena[entry + VALUE] = value;
    let at = entry + BYTES;
    let position = start;
    for (; position < end - 3; position += 4) {
      arena[at] = view.getInt32(position, true);
      at += 1;
    }
    arena[at] = tailOf(view, position, end);
    this.#arenaEnd = needed;
    this.#size += 1;
    this.#place(entry);
    return entry;
  }

  /** Copies the bytes of an entry, `length` in all. */
  copyTo(target: Uint8Array, offset: number, entry: number, length: number): void {
    const start = (entry + BYTES) * 4;
    target.set(new Uint8Array(this.#arena.buffer, start, length), offset);
  }

  /** The text of an entry of `length` bytes. */
  textOf(entry: number, length: number): string {
    const start = (entry + BYTES) * 4;
    this.#arenaBuffer ??= Buffer.from(this.#arena.buffer);
    return this.#arenaBuffer.toString('utf8', start, start + length);
  }

  #slotsPerEntry(): number {
    return this.#slots.length < BIG_SLOTS ? SLOTS_PER_ENTRY : SLOTS_PER_ENTRY_OF_BIG;
  }

  #place(entry: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (this.#arena[entry + HASH] as number) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = entry;
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.#place(entry);
  }

  #growArena(needed: number): void {
    const grown = new Int32Array(Math.max(needed, this.#arena.length * 2));
    grown.set(this.#arena);
    this.#arena = grown;
    this.#arenaBuffer = undefined;
  }
}

/** The slot is taken from the low bits, which must know of all bits of the key's hash. */
function slotHash(keyHash: number, space: number): number {
  const mixed = Math.imul(keyHash ^ (keyHash >>> 15) ^ Math.imul(space, 0x85ebca6b), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
