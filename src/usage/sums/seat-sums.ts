import type { Decimal } from '../../domain/decimal.ts';
import { type Instant, NANOS_PER_SECOND } from '../../domain/instant.ts';
import type { KeyColumn } from '../bytes/byte-table.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import type { ReductionPlan } from '../plan.ts';
import { ExactSums } from './exact-sums.ts';
import type { PackedSeats } from './packed-seats.ts';
import { ProfileTable } from './profile-table.ts';
import type { FieldColumn, RowBatch } from './row-batch.ts';
import { UserTable } from './user-table.ts';

/** All usage in windows that are not wanted goes to one cell, whose sum stays 0. */
const UNWANTED_CELL = 0;
const UNWANTED_SPACE = -1;

/** A user in a profile, at an instant. */
export interface SeatAt {
  readonly profileId: string;
  readonly userId: string;
  readonly at: Instant;
}

/** Adds usage up: per seat and window of time, exactly. Rules M1, O2. */
export class SeatSums {
  readonly profiles: ProfileTable;
  readonly #sums = new ExactSums();
  /** From a user in a window to the cell of the sum. */
  readonly #users: UserTable;
  readonly #cellWindows: number[] = [];

  constructor(plan: ReductionPlan) {
    this.profiles = new ProfileTable(plan);
    this.#users = new UserTable((window) => this.#newCell(window));
    this.#sums.newCell();
    this.#cellWindows.push(UNWANTED_SPACE);
    this.#users.skipNumber();
  }

  /**
   * Finds the cell of each row, by its window and the user whom its key names. The batch
   * then ends before the first row whose key is no user id.
   */
  findCells(text: ScanText, keys: KeyColumn, batch: RowBatch): void {
    const spaces = this.profiles.hasUnwanted ? spacesOf(batch) : batch.windows;
    this.#users.findAll(text, keys, batch, spaces, batch.cells);
  }

  /** Adds the `credits` field of each row, save of those left out; `lineOf` gives the line of each. */
  addAll(credits: FieldColumn, batch: RowBatch, lineOf: (row: number) => number): void {
    this.profiles.nameAll(batch, lineOf);
    this.#sums.addAll(credits, batch, UNWANTED_CELL + 1);
    if (this.profiles.hasUnwanted) this.#meetUnwanted(batch);
  }

  #meetUnwanted({ windows, cells, first, end }: RowBatch): void {
    for (let row = first; row < end; row += 1) {
      if (cells[row] === UNWANTED_CELL) this.profiles.meetUnwanted(windows[row] as number);
    }
  }

  /** Adds usage that has been read from text: that of `requests` rows. */
  addUsage(seat: SeatAt, credits: Decimal, requests: number, line: number): void {
    const profile = this.profiles.numberOf(seat.profileId);
    const window = this.#windowAt(profile, seat.at);
    const cell = this.#users.numberOf(seat.userId, Math.max(UNWANTED_SPACE, window));
    if (cell === UNWANTED_CELL) this.profiles.meetUnwanted(window);
    else this.#sums.addDecimal(cell, credits, requests);
    // Rows that the hot path leaves come after rows behind them.
    this.profiles.nameAt(profile, { unit: this.profiles.unit, line });
  }

  #windowAt(profile: number, at: Instant): number {
    const seconds = Number(at / NANOS_PER_SECOND);
    return this.profiles.windowAt(profile, seconds, Number(at % NANOS_PER_SECOND));
  }

  #newCell(window: number): number {
    if (window === UNWANTED_SPACE) return UNWANTED_CELL;
    this.#cellWindows.push(window);
    return this.#sums.newCell();
  }

  /** All sums. */
  pack(): PackedSeats {
    const cellWindows = Int32Array.from(this.#cellWindows);
    const { windows } = this.profiles;
    return { windows, cellWindows, ...this.#users.pack(), sums: this.#sums.pack() };
  }
}

/** The spaces of a batch's rows in the table of cells. */
function spacesOf({ windows, first, end }: RowBatch): Int32Array {
  const spaces = new Int32Array(windows.length);
  for (let row = first; row < end; row += 1) {
    spaces[row] = Math.max(UNWANTED_SPACE, windows[row] as number);
  }
  return spaces;
}
