import type { Place } from '../../domain/problem.ts';

/** Where a row is: its unit of the reading, and its line in that unit. */
export interface RowPlace {
  readonly unit: number;
  readonly line: number;
}

/** Where a row is in its file. */
export type PlaceOf = (row: RowPlace) => Place;

export function isBefore(a: RowPlace, b: RowPlace): boolean {
  return a.unit < b.unit || (a.unit === b.unit && a.line < b.line);
}
