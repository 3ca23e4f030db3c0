import { addAt, type Decimal } from '../../domain/decimal.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { CELL_INTS, CELLS_PER_PAGE, REQUESTS, USER, WINDOW } from '../rows/kernel/layout.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import type { KeySpace } from '../rows/typed-rows.ts';
import { numberAt, totalAt } from './limbs.ts';
import type { ProfileWindow } from './profile-usage.ts';

/** The sums of users in windows of time: the cells of the kernel, with what they do not hold. */
export class Cells {
  readonly kernel: RowKernel;
  /** By the number that cells have of them. */
  readonly windows: ProfileWindow[] = [];
  /** By cell: the part that does not fit where the kernel sums. */
  readonly beyond = new Map<number, Decimal>();
  readonly #userKeys: KeySpace;
  #read: { readonly cells: number; readonly windows: number } | undefined;

  constructor(kernel: RowKernel, userKeys: KeySpace) {
    this.kernel = kernel;
    this.#userKeys = userKeys;
  }

  get count(): number {
    return this.kernel.cellCount;
  }

  /** Adds a number to a cell that does not fit where the kernel sums. */
  addBeyond(cell: number, credits: Decimal): void {
    addAt(this.beyond, cell, credits);
  }

  /** The ints of a cell, which begin at `at`. */
  ints(cell: number): [ints: Int32Array, at: number] {
    const page = this.kernel.cellPage(Math.floor(cell / CELLS_PER_PAGE));
    return [page, (cell % CELLS_PER_PAGE) * CELL_INTS];
  }

  /** One int of a cell, by its index. */
  int(cell: number, index: number): number {
    // Not by `ints`, as an array for each of millions would be garbage.
    const page = this.kernel.cellPage(Math.floor(cell / CELLS_PER_PAGE));
    return page[(cell % CELLS_PER_PAGE) * CELL_INTS + index] as number;
  }

  /** How many cells and windows were read; to be asked before any is added for whole stretches. */
  endOfRead(): { readonly cells: number; readonly windows: number } {
    this.#read ??= { cells: this.count, windows: this.windows.length };
    return this.#read;
  }

  /** Adds a cell to that of its user in another window; returns that one. */
  addToUser(cell: number, window: number): number {
    const to = this.kernel.cellOf(window, this.int(cell, USER));
    this.kernel.addCell(to, ...this.ints(cell));
    const more = this.beyond.get(cell);
    if (more !== undefined) this.addBeyond(to, more);
    return to;
  }

  /** The number of a user that any usage names. */
  knownUser(userId: string): number | undefined {
    return this.kernel.knownEntry(this.#userKeys, userId);
  }

  /** The sum of a cell as usage. `parts`: see `StretchUsage`. */
  usageOf(
    cell: number,
    userId = this.kernel.textOf(this.int(cell, USER)),
    parts?: Iterable<StretchUsage>,
  ): StretchUsage {
    const [ints, at] = this.ints(cell);
    const window = this.windows[ints[at + WINDOW] as number] as ProfileWindow;
    const { profileId, month, from, to } = window;
    const credits = totalAt(ints, at, this.beyond.get(cell));
    const requests = numberAt(ints, at + REQUESTS);
    return { profileId, userId, month, from, to, credits, requests, parts };
  }
}
