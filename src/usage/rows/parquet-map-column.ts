import type { SchemaTree } from 'hyparquet';
import { getMaxDefinitionLevel, isMapLike } from 'hyparquet/src/schema.js';
import type { ColumnTexts, ValueText } from './parquet-column.ts';
import { type Page, type RowWindow, valueIn } from './parquet-page.ts';
import type { ColumnPages } from './parquet-pages.ts';

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
  readonly #groups: readonly RowWindow[];
  readonly #name: string | undefined;
  /** An entry exists from this definition level on; one level below is an empty map. */
  readonly #entryLevel: number;
  readonly #leavesOf: (group: number) => readonly [keys: ColumnPages, values: ColumnPages];
  #group = -1;
  #leaves: { readonly keys: Leaf; readonly values: Leaf } | undefined;

  constructor(
    groups: readonly RowWindow[],
    pathOfKey: SchemaTree[],
    leavesOf: (group: number) => readonly [keys: ColumnPages, values: ColumnPages],
  ) {
    this.#groups = groups;
    this.#name = pathOfKey[1]?.element.name;
    this.#entryLevel = getMaxDefinitionLevel(pathOfKey.slice(0, 3));
    this.#leavesOf = leavesOf;
  }

  async textsOf(rows: readonly number[], textOf: ValueText): Promise<string[]> {
    const texts: string[] = [];
    for (const row of rows) {
      const group = this.#groups.findIndex(({ start, end }) => row >= start && row < end);
      const { keys, values } = await this.#read(group);
      texts.push(
        textOf(this.#mapAt(row - (this.#groups[group] as RowWindow).start, keys, values), row),
      );
    }
    return texts;
  }

  async #read(group: number): Promise<{ readonly keys: Leaf; readonly values: Leaf }> {
    if (group === this.#group && this.#leaves !== undefined) return this.#leaves;
    const { start, end } = this.#groups[group] as RowWindow;
    // The last group is released before the next one is read.
    this.#leaves = undefined;
    this.#group = group;
    const [keys, values] = this.#leavesOf(group);
    const leaves = { keys: await readLeaf(keys), values: await readLeaf(values) };
    for (const { rows } of [leaves.keys, leaves.values]) {
      if (rows.length === end - start) continue;
      throw new Error(
        `the pages of ${this.#name} do not have the ${end - start} rows of their row group`,
      );
    }
    this.#leaves = leaves;
    return leaves;
  }

  /** The map of a row of the group; `undefined` for a null. */
  #mapAt(row: number, keys: Leaf, values: Leaf): Record<string, unknown> | undefined {
    const [from, to] = [keys.rows[row] as number, keys.rows[row + 1] ?? keys.entries];
    if (values.rows[row] !== from) throw new Error('a map with other values than keys');
    const level = levelAt(keys, from);
    if (level < this.#entryLevel) return level === this.#entryLevel - 1 ? {} : undefined;
    const entries: [string, unknown][] = [];
    for (let entry = from; entry < to; entry += 1) {
      entries.push([textAt(keys, entry) ?? '', textAt(values, entry)]);
    }
    return Object.fromEntries(entries);
  }
}

/** The keys or the values of all maps of a row group. */
interface Leaf {
  readonly pages: readonly Page[];
  /** The number of entries, with one for each map that has none. */
  readonly entries: number;
  /** Where the entries of each row begin. */
  readonly rows: readonly number[];
}

async function readLeaf(slots: ColumnPages): Promise<Leaf> {
  const pages: Page[] = [];
  const rows: number[] = [];
  for (let slot = await slots.next(); slot !== undefined; slot = await slots.next()) {
    const page = await slot.open();
    pages.push(page);
    for (const [index, level] of page.repetition?.entries() ?? []) {
      if (level === 0) rows.push(page.start + index);
    }
  }
  return { pages, entries: pages.at(-1)?.end ?? 0, rows };
}

function pageWith({ pages }: Leaf, entry: number): Page {
  return pages.find(({ end }) => entry < end) as Page;
}

/** How much of an entry's path is defined. */
function levelAt(leaf: Leaf, entry: number): number {
  const { start, definition } = pageWith(leaf, entry);
  return definition?.[entry - start] ?? Number.POSITIVE_INFINITY;
}

function textAt(leaf: Leaf, entry: number): string | null {
  const value = valueIn(pageWith(leaf, entry), entry);
  return value instanceof Uint8Array ? Buffer.from(value).toString() : null;
}
