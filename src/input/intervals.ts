import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';

/** A row's stretch of time `[from, to)`; a missing bound is open. */
interface PlacedInterval {
  readonly place: Place;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

/** Bounds of an open interval: instants are of the years 2000 to 2199, in nanoseconds from 1970 on. */
const BEFORE_ALL = 0n;
const AFTER_ALL = 10n ** 19n;

/** Two rows that must not overlap, but do; `later` is the one further down in the file. */
interface Overlap<Row> {
  readonly earlier: Row;
  readonly later: Row;
}

/** The overlaps among the intervals of one key: one for each row that overlaps one before it in time. */
export function overlaps<Row extends PlacedInterval>(rows: readonly Row[]): Overlap<Row>[] {
  const inTime = [...rows].sort((a, b) => compareInstants(startOf(a), startOf(b)));
  const found: Overlap<Row>[] = [];
  let reaching: Row | undefined;
  for (const row of inTime) {
    if (reaching !== undefined && startOf(row) < endOf(reaching)) {
      const isInOrder = reaching.place.line <= row.place.line;
      found.push(isInOrder ? { earlier: reaching, later: row } : { earlier: row, later: reaching });
    }
    if (reaching === undefined || endOf(row) > endOf(reaching)) reaching = row;
  }
  return found;
}

function startOf({ from = BEFORE_ALL }: PlacedInterval): Instant {
  return from;
}

function endOf({ to = AFTER_ALL }: PlacedInterval): Instant {
  return to;
}
