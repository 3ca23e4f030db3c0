import type { SchemaElement, SchemaTree } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { MapColumn } from '../../../src/usage/rows/parquet-map-column.ts';
import type { Page } from '../../../src/usage/rows/parquet-page.ts';
import type { ColumnPages } from '../../../src/usage/rows/parquet-pages.ts';

/** The columns from the root of the schema to the keys of the map `product`. */
const PATH_OF_KEY = [
  { name: 'schema', repetition_type: 'REQUIRED' },
  { name: 'product', repetition_type: 'OPTIONAL' },
  { name: 'key_value', repetition_type: 'REPEATED' },
  { name: 'key', repetition_type: 'REQUIRED' },
].map((element): SchemaTree => {
  return { element: element as SchemaElement, children: [], count: 1, path: [] };
});

/** Texts in one page; `repetition`: 0 where a row begins. */
function pagesOf(texts: readonly string[], repetition: number[]): ColumnPages {
  const [start, end] = [0, repetition.length];
  const page: Page = {
    start,
    end,
    dictionary: undefined,
    values: texts.map((text) => Buffer.from(text)),
    repetition: Int32Array.from(repetition),
  };
  const slots = [{ start, end, dictionary: undefined, open: async () => page }];
  return { next: async () => slots.shift() } as unknown as ColumnPages;
}

/** The maps of two rows, of which the first has two entries, with these levels of keys and values. */
function mapsOf(ofKeys: number[], ofValues: number[]): Promise<string[]> {
  const leaves = [pagesOf(['a', 'b', 'c'], ofKeys), pagesOf(['1', '2', '3'], ofValues)] as const;
  const column = new MapColumn([{ start: 0, end: 2 }], PATH_OF_KEY, () => leaves);
  return column.textsOf([0, 1], (value) => JSON.stringify(value));
}

describe('a map of Parquet', () => {
  test('has the entries up to the next row', async () => {
    expect(await mapsOf([0, 1, 0], [0, 1, 0])).toEqual(['{"a":"1","b":"2"}', '{"c":"3"}']);
  });

  test.each([
    ['rows begin elsewhere in keys than in values', [0, 1, 0], [0, 0, 1]],
    ['rows begin elsewhere in values than in keys', [0, 0, 1], [0, 1, 0]],
  ])('is refused where %s', async (_, ofKeys, ofValues) => {
    await expect(mapsOf(ofKeys, ofValues)).rejects.toThrow('a map with other values than keys');
  });

  test.each([
    ['more rows begin in keys', [0, 0, 0], [0, 1, 0]],
    ['fewer rows begin in keys', [0, 1, 1], [0, 1, 0]],
    ['more rows begin in values', [0, 1, 0], [0, 0, 0]],
    ['fewer rows begin in values', [0, 1, 0], [0, 1, 1]],
    ['its first entry continues a row', [1, 1, 0], [1, 1, 0]],
  ])('is refused where %s', async (_, ofKeys, ofValues) => {
    await expect(mapsOf(ofKeys, ofValues)).rejects.toThrow(
      'the pages of product do not have the 2 rows of their row group',
    );
  });
});
