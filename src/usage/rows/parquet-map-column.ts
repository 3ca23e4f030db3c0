import type { SchemaTree } from 'hyparquet';
import { getMaxDefinitionLevel, isMapLike } from 'hyparquet/src/schema.js';
import type { ColumnTexts, ValueText } from './parquet-column.ts';
import type { Page } from './parquet-page.ts';
import type { ColumnPages } from './parquet-pages.ts';
import type { Values } from './parquet-plain.ts';

/**
 * The columns of keys and of values of a map from text to text, with their paths; `undefined` for
 * any other column.
 */
export function textMapPaths(root: SchemaTree, column: SchemaTree): SchemaTree[][] | undefined {
  if (!isMapLike(column)) return undefined;
  const entries = column.children[0] as SchemaTree;
  const isText = entries.children.every(
    ({ element, children }) => children.length === 0 && element.type === 'BYTE_ARRAY',
  );
  return isText ? entries.children.map((leaf) => [root, column, entries, leaf]) : undefined;
}

/**
 * A column of maps from text to text, such as a bill's products and tags. Entries are read only
 * for the requested rows, in row groups that have any.
 */
export class MapColumn implements ColumnTexts {
  readonly #groups: readonly { readonly start: number; readonly end: number }[];
  readonly #pathOfKey: SchemaTree[];
  readonly #leavesOf: (group: number) => readonly [keys: ColumnPages, values: ColumnPages];
  #group = -1;
  #maps: GroupMaps | undefined;

  constructor(
    groups: readonly { readonly start: number; readonly end: number }[],
    pathOfKey: SchemaTree[],
    leavesOf: (group: number) => readonly [keys: ColumnPages, values: ColumnPages],
  ) {
    this.#groups = groups;
    this.#pathOfKey = pathOfKey;
    this.#leavesOf = leavesOf;
  }

  async textsOf(rows: readonly number[], textOf: ValueText): Promise<string[]> {
    const texts: string[] = [];
    for (const row of rows) {
      const group = this.#groups.findIndex(({ start, end }) => row >= start && row < end);
      if (group !== this.#group) {
        this.#group = group;
        this.#maps = undefined;
        this.#maps = await this.#readGroup(group);
      }
      const { start } = this.#groups[group] as { start: number };
      texts.push(textOf(this.#maps?.at(row - start), row));
    }
    return texts;
  }

  async #readGroup(group: number): Promise<GroupMaps> {
    const { start, end } = this.#groups[group] as { start: number; end: number };
    const [keys, values] = this.#leavesOf(group);
    const name = this.#pathOfKey[1]?.element.name;
    const [ofKeys, ofValues] = [await Leaf.read(keys), await Leaf.read(values)];
    for (const { rows } of [ofKeys, ofValues]) {
      if (rows.length !== end - start) {
        throw new Error(
          `the pages of ${name} do not have the ${end - start} rows of their row group`,
        );
      }
    }
    return new GroupMaps(ofKeys, ofValues, getMaxDefinitionLevel(this.#pathOfKey.slice(0, 3)));
  }
}

/** The maps of a row group. */
class GroupMaps {
  readonly #keys: Leaf;
  readonly #values: Leaf;
  /** An entry exists from this definition level on; one level below is an empty map. */
  readonly #entryLevel: number;

  constructor(keys: Leaf, values: Leaf, entryLevel: number) {
    this.#keys = keys;
    this.#values = values;
    this.#entryLevel = entryLevel;
  }

  /** The map of a row of the group; `undefined` for a null. */
  at(row: number): Record<string, unknown> | undefined {
    const { rows, slots } = this.#keys;
    const [from, to] = [rows[row] as number, rows[row + 1] ?? slots];
    if (this.#values.rows[row] !== from) throw new Error('a map with other values than keys');
    const level = this.#keys.level(from);
    if (level < this.#entryLevel) return level === this.#entryLevel - 1 ? {} : undefined;
    const entries: [string, unknown][] = [];
    for (let slot = from; slot < to; slot += 1) {
      entries.push([this.#keys.text(slot) ?? '', this.#values.text(slot)]);
    }
    return Object.fromEntries(entries);
  }
}

/** The keys or the values in a page of maps. */
interface Entries {
  readonly start: number;
  readonly end: number;
  readonly values: Values;
  /** For each of them the index of its value; -1 for none. */
  readonly positions: Int32Array;
  /** How much of its path is defined; missing if all of it is, for all. */
  readonly definition: Uint8Array | undefined;
}

/** The keys or the values of all maps of a row group. */
class Leaf {
  /** Where the entries of each row begin. */
  readonly rows: number[] = [];
  readonly #pages: Entries[] = [];
  #page = 0;

  static async read(pages: ColumnPages): Promise<Leaf> {
    const leaf = new Leaf();
    for (let slot = await pages.next(); slot !== undefined; slot = await pages.next()) {
      leaf.#add(await slot.open());
    }
    return leaf;
  }

  #add(page: Page): void {
    const { start, end, values } = page;
    const [repetition, definition] = [page.repetition(), page.definition()];
    const count = end - start;
    for (let index = 0; index < count; index += 1) {
      if (repetition?.at(index) === 0) this.rows.push(start + index);
    }
    this.#pages.push({
      start,
      end,
      values,
      positions: Int32Array.from({ length: count }, (_, index) => page.positionOf(start + index)),
      definition:
        definition && Uint8Array.from({ length: count }, (_, index) => definition.at(index)),
    });
  }

  get slots(): number {
    return this.#pages.at(-1)?.end ?? 0;
  }

  /** The definition level; the highest if the page has none. */
  level(slot: number): number {
    const { start, definition } = this.#with(slot);
    return definition?.[slot - start] ?? Number.POSITIVE_INFINITY;
  }

  text(slot: number): string | null {
    const { start, positions, values } = this.#with(slot);
    const position = positions[slot - start] as number;
    const value = position < 0 ? undefined : values.at(position);
    return value instanceof Uint8Array ? Buffer.from(value).toString() : null;
  }

  #with(slot: number): Entries {
    if (slot < (this.#pages[this.#page]?.start ?? 0)) this.#page = 0;
    while (slot >= (this.#pages[this.#page]?.end ?? slot + 1)) this.#page += 1;
    return this.#pages[this.#page] as Entries;
  }
}
