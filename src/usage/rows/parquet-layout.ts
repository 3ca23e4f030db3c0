import type { FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { chunkBytes } from './parquet-pages.ts';

/** The last bytes of a file: the length of its metadata, and `PAR1`. */
const TAIL_BYTES = 8;

/**
 * Checks what the metadata say about the rows and their position: the counts add up, each row
 * group has each column, and no two have the same pages. Throws what is wrong.
 */
export function checkLayout(metadata: FileMetaData, leaves: SchemaTree[], fileBytes: number): void {
  const groups = metadata.row_groups;
  const rows = groups.reduce((sum, group) => sum + group.num_rows, 0n);
  if (rows !== metadata.num_rows) {
    throw new Error(`${metadata.num_rows} rows, but ${rows} in its row groups`);
  }
  const starts = new Set<number>();
  for (const [index, group] of groups.entries()) {
    if (group.num_rows < 0n) throw new Error(`row group ${index + 1} has ${group.num_rows} rows`);
    if (group.columns.length !== leaves.length)
      throw new Error(`row group ${index + 1} lacks columns`);
    checkChunks(group, index, leaves, starts, fileBytes);
  }
}

function checkChunks(
  { num_rows: rows, columns }: RowGroup,
  index: number,
  leaves: SchemaTree[],
  starts: Set<number>,
  fileBytes: number,
): void {
  for (const [position, { meta_data: chunk, file_path: otherFile }] of columns.entries()) {
    const leaf = leaves[position] as SchemaTree;
    const name = leaf.path.join('.');
    if (chunk === undefined || otherFile !== undefined)
      throw new Error(`${name} is in another file`);
    if (chunk.path_in_schema.join('.') !== name) throw new Error(`${name} is out of order`);
    if (chunk.type !== leaf.element.type)
      throw new Error(`${name} has ${chunk.type} values in a column of ${leaf.element.type}`);
    if (isFlat(leaf) && chunk.num_values !== rows) {
      throw new Error(
        `${name} has ${chunk.num_values} values for ${rows} rows of row group ${index + 1}`,
      );
    }
    const { start, end } = chunkBytes(chunk);
    if (rows > 0n && !(start > 0 && end > start && end <= fileBytes - TAIL_BYTES)) {
      throw new Error(`${name} is beyond the end of the file`);
    }
    if (rows > 0n && starts.has(start)) throw new Error(`row group ${index + 1} is listed twice`);
    starts.add(start);
  }
}

/** Whether a row has at most one value of a column. */
export function isFlat({ path, element }: SchemaTree): boolean {
  return path.length === 1 && element.repetition_type !== 'REPEATED';
}

/** The columns that hold values, in the order of the row groups' chunks. */
export function leavesOf(tree: SchemaTree): SchemaTree[] {
  return tree.children.length === 0 ? [tree] : tree.children.flatMap(leavesOf);
}
