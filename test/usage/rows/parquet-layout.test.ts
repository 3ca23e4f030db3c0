import type { FileMetaData, SchemaTree } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../../src/usage/rows/parquet-layout.ts';

const leaf = (name: string): SchemaTree => ({
  children: [],
  count: 1,
  element: { name, repetition_type: 'REQUIRED', type: 'INT64' },
  path: [name],
});
const LEAVES = [leaf('a'), leaf('b')];

const chunk = (name: string, at: number) => ({
  meta_data: {
    type: 'INT64',
    path_in_schema: [name],
    num_values: 2n,
    data_page_offset: BigInt(at),
    total_compressed_size: 10n,
  },
});

/** What is wrong with a file of one row group, two rows and 100 bytes that is changed. */
function wrongWith(change: object, ofColumns: object = {}): string {
  const columns = { 0: chunk('a', 4), 1: chunk('b', 20), ...ofColumns };
  const group = { num_rows: 2n, columns: Object.values(columns), ...change };
  try {
    const metadata = { num_rows: group.num_rows, row_groups: [group] } as unknown as FileMetaData;
    checkLayout(metadata, LEAVES, 100);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the layout of a Parquet file', () => {
  test('may be right', () => {
    expect(wrongWith({})).toBe('');
  });

  test('is wrong with groups of no number of rows, or without some columns', () => {
    expect(wrongWith({ num_rows: -1n })).toBe('row group 1 has -1 rows');
    expect(wrongWith({ columns: [chunk('a', 4)] })).toBe('row group 1 lacks columns');
  });

  test('is wrong with columns elsewhere, or in another order', () => {
    expect(wrongWith({}, { 1: { ...chunk('b', 20), file_path: 'x' } })).toBe(
      'b is in another file',
    );
    expect(wrongWith({}, { 1: {} })).toBe('b is in another file');
    expect(wrongWith({}, { 0: chunk('b', 4) })).toBe('a is out of order');
  });
});
