import { getHeapStatistics } from 'node:v8';

/** What a seat takes in memory from its row to its invoice, at most: 2.5 KB were measured. */
const SEAT_BYTES = 3000;

/**
 * How many seats this run has memory for. More would abort the engine without a word; Node takes
 * more with `--max-old-space-size`.
 */
export function roomForSeats(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / SEAT_BYTES);
}

export const MORE_ROOM =
  'give it profile by profile, or more memory with NODE_OPTIONS=--max-old-space-size=16000';
