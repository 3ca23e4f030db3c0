/** Rows of typed fields, and what is asked for to get them. */

import { FIELD_INTS, ROW_INTS } from './kernel/layout.ts';

/**
 * A column whose fields are wanted, and as what. The ints of a field are, for
 * - `key`: the number that its space gives the text, 0 or more;
 * - `text`: the entry of the text in its space, see `textOf`;
 * - `known text`: the same, 0 for a text that is not in the space yet;
 * - `instant`: the UTC day since 1970, the second of the day, the nanoseconds;
 * - `decimal`: the whole, its billionths, and billionths of these, each below 10^9;
 * - `decimal or blank`: the same, all 0 for a blank field.
 */
export type WantedColumn =
  | {
      readonly column: number;
      readonly as: 'key' | 'text' | 'known text';
      readonly space: KeySpace;
    }
  | { readonly column: number; readonly as: 'instant' | 'decimal' | 'decimal or blank' };

/** How numbers, and what is counted in numbers, are stored. */
export type StoredNumber =
  | 'day'
  | 'instant'
  | 'julian instant'
  | 'decimal'
  | 'big-endian decimal'
  | 'double';

/** How values are stored, with the decimal places of a number, or of an instant's seconds. */
export interface ValueForm {
  readonly as: 'text' | StoredNumber;
  readonly places: number;
}

/** The values of a column that are stored once; rows refer to them by their position. */
export interface Dictionary {
  /** The column's index among the wanted ones. */
  readonly dictionary: number;
  /** How many values it has. */
  readonly entries: number;
}

/** The format of a file's rows. */
export interface RowFormat {
  /** The number of columns in the header. */
  readonly columns: number;
  /** How many of them must be present in each row. */
  readonly neededColumns: number;
  /** Whether a row may have more columns, which are skipped whatever they hold. */
  readonly isOpenEnded?: boolean;
  readonly delimiter: string;
  /** The decimal mark; blank if numbers may have none. */
  readonly decimalMark: string;
}

/** Texts with numbers, shared by columns with the same meaning. */
export interface KeySpace {
  readonly id: number;
}

/** Where a wanted field begins in a row's ints, by its index among the wanted fields. */
export function fieldAt(index: number): number {
  return ROW_INTS + FIELD_INTS * index;
}
