import { type Page, placeIn, type RowWindow, valueIn } from './parquet-page.ts';
import type { ColumnPages, PageSlot } from './parquet-pages.ts';
import type { Values } from './parquet-plain.ts';

/** The text of a value of a row, counted from 0. */
export type ValueText = (value: unknown, row: number) => string;

/** The texts of a column, read forward: `''` for a null. */
export interface ColumnTexts {
  /** The texts of some rows, in ascending order, all after the rows requested before. */
  textsOf(rows: readonly number[], textOf: ValueText): Promise<string[]>;
}

/** A column of a file, read forward: each page is opened at most once. */
export class ParquetColumn implements ColumnTexts {
  readonly #groups: readonly RowWindow[];
  readonly #pagesOf: (group: number) => ColumnPages;
  #group = 0;
  #pages: ColumnPages | undefined;
  #page: Page | undefined;

  constructor(groups: readonly RowWindow[], pagesOf: (group: number) => ColumnPages) {
    this.#groups = groups;
    this.#pagesOf = pagesOf;
  }

  async textsOf(rows: readonly number[], textOf: ValueText): Promise<string[]> {
    const texts: string[] = [];
    for (const row of rows) {
      // Not awaited for each row: most are in the page that is open.
      const value = valueIn(this.#openedWith(row) ?? (await this.#openWith(row)), row);
      texts.push(value === undefined ? '' : textOf(value, row));
    }
    return texts;
  }

  /** The rows of a group with a wanted value; pages whose dictionary has none are not opened. */
  async rowsWith(group: number, isWanted: (value: unknown) => boolean): Promise<number[]> {
    const rows: number[] = [];
    const pages = this.#pagesOf(group);
    let known: { dictionary: Values; wanted: Uint8Array } | undefined;
    for (let slot = await pages.next(); slot !== undefined; slot = await pages.next()) {
      const { dictionary } = slot;
      if (dictionary !== undefined && known?.dictionary !== dictionary) {
        known = { dictionary, wanted: wantedOf(dictionary, isWanted) };
      }
      if (dictionary !== undefined && known?.wanted.includes(1) === false) continue;
      const page = await slot.open();
      const wanted = dictionary === undefined ? wantedOf(page.values, isWanted) : known?.wanted;
      for (let row = page.start; row < page.end; row += 1) {
        if (wanted?.[placeIn(page, row)] === 1) rows.push(row);
      }
    }
    return rows;
  }

  /** The page of a row, which must be after the rows requested before, or in the same page. */
  async pageWith(row: number): Promise<Page> {
    return this.#openedWith(row) ?? this.#openWith(row);
  }

  #openedWith(row: number): Page | undefined {
    return this.#page !== undefined && row < this.#page.end ? this.#page : undefined;
  }

  async #openWith(row: number): Promise<Page> {
    // A page can be large: the last one is released before the next one is read.
    this.#page = undefined;
    this.#page = await (await this.#slotWith(row)).open();
    return this.#page;
  }

  async #slotWith(row: number): Promise<PageSlot> {
    while (row >= (this.#groups[this.#group]?.end ?? Number.POSITIVE_INFINITY)) {
      this.#group += 1;
      this.#pages = undefined;
    }
    this.#pages ??= this.#pagesOf(this.#group);
    for (let slot = await this.#pages.next(); slot !== undefined; slot = await this.#pages.next()) {
      if (row < slot.end) return slot;
    }
    throw new Error(`there is no row ${row + 1}`);
  }
}

/** For each value, 1 if it is wanted, else 0. */
function wantedOf(values: Values, isWanted: (value: unknown) => boolean): Uint8Array {
  return Uint8Array.from({ length: values.length }, (_, index) =>
    isWanted(values.at(index)) ? 1 : 0,
  );
}
