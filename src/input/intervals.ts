import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';

/** A row's stretch of time `[from, to)`; a missing bound is open. */
export interface PlacedInterval {
  readonly place: Place;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

/** Two rows that must not overlap, but do; `later` is the one further down in the file. */
export interface Overlap<Row> {
  readonly earlier: Row;
  readonly later: Row;
}

/** The overlaps among the intervals of one key: one for each row that overlaps one before it in time. */
export function overlaps<Row extends PlacedInterval>(rows: readonly Row[]): Overlap<Row>[] {
  const inTime = [...rows].sort((a, b) => compareStarts(a.from, b.from));
  const found: Overlap<Row>[] = [];
  let reaching: Row | undefined;
  for (const row of inTime) {
    if (reaching !== undefined && startsInside(row, reaching)) {
      const [earlier, later] = byLine(reaching, row);
      found.push({ earlier, later });
    }
    if (reaching === undefined || endsLater(row, reaching)) reaching = row;
  }
  return found;
}

function compareStarts(a: Instant | undefined, b: Instant | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return compareInstants(a, b);
}

function startsInside(row: PlacedInterval, earlier: PlacedInterval): boolean {
  return row.from === undefined || earlier.to === undefined || row.from < earlier.to;
}

function endsLater(row: PlacedInterval, other: PlacedInterval): boolean {
  return other.to !== undefined && (row.to === undefined || row.to > other.to);
}

function byLine<Row extends PlacedInterval>(a: Row, b: Row): [Row, Row] {
  return a.place.line <= b.place.line ? [a, b] : [b, a];
}
