import type { PackedNumbers } from './parquet-packed.ts';
import { PlainValues, type Values } from './parquet-plain.ts';

/** The levels of a page's values; `undefined` if all of them are the highest one. */
export type Levels = () => PackedNumbers | undefined;

/** What is known of a page once it is unpacked. */
export interface PageParts {
  readonly start: number;
  readonly end: number;
  /** The values that are not null, in order; or those of the dictionary, which all pages of a column share. */
  readonly values: Values;
  /** The positions in the dictionary of the values that are not null. */
  readonly positions?: PackedNumbers | undefined;
  /** How much of a value's path is defined; of a null, less than `mostDefined`. */
  readonly definition?: Levels;
  readonly mostDefined?: number;
  /** 0 where a row begins. */
  readonly repetition?: Levels;
}

const NO_LEVELS: Levels = () => undefined;

/**
 * The rows `[start, end)` of the file; for a column with lists or maps, values of the row group.
 * They are requested in ascending order, and what lies between is decoded only where it must be.
 */
export class Page {
  readonly start: number;
  readonly end: number;
  readonly values: Values;
  readonly positions: PackedNumbers | undefined;
  readonly definition: Levels;
  readonly repetition: Levels;
  readonly #levels: PackedNumbers | undefined;
  readonly #mostDefined: number;
  /** The row requested last, and how many values before it are not null. */
  #row: number;
  #present = 0;

  constructor(parts: PageParts) {
    this.start = parts.start;
    this.end = parts.end;
    this.values = parts.values;
    this.positions = parts.positions;
    this.definition = parts.definition ?? NO_LEVELS;
    this.repetition = parts.repetition ?? NO_LEVELS;
    this.#mostDefined = parts.mostDefined ?? 0;
    this.#levels = this.definition();
    this.#row = this.start;
  }

  /** The index of a row's value among those that are not null; -1 for a null. */
  indexOf(row: number): number {
    const levels = this.#levels;
    if (levels === undefined) return row - this.start;
    this.#present += levels.countOf(this.#mostDefined, this.#row - this.start, row - this.start);
    this.#row = row;
    return levels.at(row - this.start) === this.#mostDefined ? this.#present : -1;
  }

  /** Up to where, at most `to`, all rows from the one requested last on are null, or all are not. */
  endOfSame(row: number, to: number): number {
    return this.#levels === undefined
      ? to
      : this.start + this.#levels.endOfSame(row - this.start, to - this.start);
  }

  /** The index among `values` of a row's value; -1 for a null. */
  positionOf(row: number): number {
    const index = this.indexOf(row);
    return index < 0 || this.positions === undefined ? index : this.positionAt(index);
  }

  /** The position in the dictionary of one of the values that are not null. */
  positionAt(index: number): number {
    const position = (this.positions as PackedNumbers).at(index);
    if (position >= this.values.length) throw new Error('a value that its dictionary lacks');
    return position;
  }

  /** A row's value; `undefined` for a null. */
  valueOf(row: number): unknown {
    const { values } = this;
    const position = this.positionOf(row);
    if (position < 0) return undefined;
    const isOwn = this.positions === undefined && values instanceof PlainValues;
    return isOwn ? values.single(position) : values.at(position);
  }
}
