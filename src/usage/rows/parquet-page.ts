import type { PackedNumbers } from './parquet-packed.ts';
import type { Values } from './parquet-plain.ts';

/** In place of the index of a value: the row has none. */
export const NULL = -1;

/** The rows `[start, end)` of a file, counted from 0. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** The rows of a page; for a column with lists or maps, values of its row group. */
export interface PageRows extends RowWindow {
  /** The dictionary of the page; missing if it has its own values. */
  readonly dictionary: Values | undefined;
}

/** The values of these rows. */
export interface Page extends PageRows {
  /** Those that are not null, in order; or those of the dictionary. */
  readonly values: Values;
  /** The positions in the dictionary of those that are not null, to be requested in ascending order. */
  readonly positions?: PackedNumbers | undefined;
  /** For each row the index of its value among those that are not null, or NULL; missing if none is. */
  readonly indexes?: Int32Array | undefined;
  /** How much of the path of each value is defined; missing if all of it is, for all. */
  readonly definition?: Int32Array | undefined;
  /** 0 where a row begins; missing without lists or maps. */
  readonly repetition?: Int32Array | undefined;
}

/** The index of a row's value among those that are not null, or NULL. */
export function indexIn({ start, indexes }: Page, row: number): number {
  return indexes === undefined ? row - start : (indexes[row - start] as number);
}

/** Up to where, at most `to`, all rows from one on are null, or all are not. */
export function endOfSame(page: Page, row: number, to: number): number {
  if (page.indexes === undefined) return to;
  const isNull = indexIn(page, row) === NULL;
  let end = row + 1;
  while (end < to && (indexIn(page, end) === NULL) === isNull) end += 1;
  return end;
}

/** The position in the dictionary of one of the values that are not null. */
export function positionIn({ positions, values }: Page, index: number): number {
  const position = (positions as PackedNumbers).at(index);
  if (position >= values.length) throw new Error('a value that its dictionary lacks');
  return position;
}

/** The index among `values` of a row's value, or NULL. */
export function placeIn(page: Page, row: number): number {
  const index = indexIn(page, row);
  return index === NULL || page.positions === undefined ? index : positionIn(page, index);
}

/** A row's value; `undefined` for a null. */
export function valueIn(page: Page, row: number): unknown {
  const place = placeIn(page, row);
  return place === NULL ? undefined : page.values.at(place);
}
