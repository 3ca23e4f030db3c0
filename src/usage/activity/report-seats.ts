import { PairTable } from '../bytes/pair-table.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import type { SeatSums } from '../sums/seat-sums.ts';

/** The users of seats by number: where in `userIds` the id of each ends. */
export interface PackedUsers {
  readonly userEnds: Int32Array;
  readonly userIds: Uint8Array;
}

/** Entries of the kernel begin at multiples of this. */
const ENTRY_BITS = 3;

/** Numbers seats, a user in a profile, from 0 on. */
export class ReportSeats {
  /** Knows users by numbers, which are those of texts in the kernel. */
  readonly users: SeatSums;
  readonly #kernel: RowKernel;
  readonly #seats = new PairTable();

  constructor(kernel: RowKernel, users: SeatSums) {
    this.#kernel = kernel;
    this.users = users;
  }

  numberOf(user: number, profile: number): number {
    return this.#seats.numberOf(profile, user >>> ENTRY_BITS);
  }

  userOf(seat: number): number {
    return this.#seats.secondOf(seat) << ENTRY_BITS;
  }

  profileOf(seat: number): number {
    return this.#seats.firstOf(seat);
  }

  /** How many seats there are. */
  get size(): number {
    return this.#seats.size;
  }

  userIdOf(seat: number): string {
    return this.#kernel.textOf(this.userOf(seat));
  }

  /** The profile of each seat. */
  get profiles(): number[] {
    return Array.from({ length: this.#seats.size }, (_, seat) => this.profileOf(seat));
  }

  /** The user of each seat. */
  pack(): PackedUsers {
    const userEnds = new Int32Array(this.#seats.size);
    let end = 0;
    for (const seat of userEnds.keys()) {
      end += this.#kernel.lengthOf(this.userOf(seat));
      userEnds[seat] = end;
    }
    const userIds = new Uint8Array(end);
    for (const seat of userEnds.keys()) {
      this.#kernel.copyText(this.userOf(seat), userIds, userEnds[seat - 1] ?? 0);
    }
    return { userEnds, userIds };
  }
}
