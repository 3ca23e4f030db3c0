import { createRequire } from 'node:module';

/** What a seat takes in memory from its row to its invoice, at most: 2.5 KB were measured. */
const SEAT_BYTES = 3000;

/** So many always have room: there is no need to load the module that knows the limit. */
const FEW_SEATS = 1000;

let mostSeats: number | undefined;

/**
 * Whether this run has memory for so many seats. More would abort the engine without a word; Node
 * takes more with `--max-old-space-size`.
 */
export function hasRoomFor(seats: number): boolean {
  if (seats <= FEW_SEATS) return true;
  if (mostSeats === undefined) {
    const v8: typeof import('node:v8') = createRequire(import.meta.url)('node:v8');
    mostSeats = v8.getHeapStatistics().heap_size_limit / SEAT_BYTES;
  }
  return seats <= mostSeats;
}

export const MORE_ROOM =
  'give it profile by profile, or more memory with NODE_OPTIONS=--max-old-space-size=16000';
