import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { BadInput } from '../../domain/problem.ts';
import { readFailure } from '../../input/byte-source.ts';
import { type ColumnTexts, ParquetColumn } from './parquet-column.ts';
import { ParquetNotRead } from './parquet-decoding.ts';
import { checkLayout, isFlat, leavesOf } from './parquet-layout.ts';
import { MapColumn, textMapPaths } from './parquet-map-column.ts';
import type { RowWindow } from './parquet-page.ts';
import { ColumnPages } from './parquet-pages.ts';
import { type ColumnText, exactColumns } from './parquet-values.ts';

/** A file in Parquet whose columns are read as exact texts. */
export class ParquetFile {
  /** By name, in file order: those with one value per row, and maps from text to text. */
  readonly columns: ReadonlyMap<string, ColumnText>;
  /** The rows of each row group. */
  readonly groups: readonly RowWindow[];
  /** The bytes of the file, while it is open. */
  buffer: AsyncBuffer;
  readonly #metadata: FileMetaData;
  readonly #root: SchemaTree;
  readonly #leaves: SchemaTree[];

  /** Throws if the metadata are inconsistent. */
  constructor(buffer: AsyncBuffer, metadata: FileMetaData) {
    this.buffer = buffer;
    this.#metadata = metadata;
    const columns = exactColumns(metadata);
    this.#root = parquetSchema(metadata);
    this.#leaves = leavesOf(this.#root);
    this.columns = new Map(
      [...columns].filter(([name]) => this.isFlat(name) || this.#mapPaths(name)),
    );
    checkLayout(metadata, this.#leaves, buffer.byteLength);
    let start = 0;
    this.groups = metadata.row_groups.map(({ num_rows: rows }) => {
      const group = { start, end: start + Number(rows) };
      start = group.end;
      return group;
    });
  }

  get rows(): number {
    return Number(this.#metadata.num_rows);
  }

  /** The average number of bytes of the file per row. */
  get bytesPerRow(): number {
    return this.buffer.byteLength / Math.max(1, this.rows);
  }

  /** The texts of a column, to be read from its first row to its last. */
  texts(name: string): ColumnTexts {
    const paths = this.#mapPaths(name);
    if (paths === undefined) return this.column(name);
    const [keys, values] = paths as [SchemaTree[], SchemaTree[]];
    return new MapColumn(this.groups, keys, (group) => [
      this.#pages(keys, group),
      this.#pages(values, group),
    ]);
  }

  /** Whether a column has one value per row. */
  isFlat(name: string): boolean {
    return this.#leafOf(name) !== undefined;
  }

  /** Such a column, to be read from its first row to its last. */
  column(name: string): ParquetColumn {
    const path = [this.#root, this.#leafOf(name) as SchemaTree];
    return new ParquetColumn(this.groups, (group) => this.#pages(path, group));
  }

  #leafOf(name: string): SchemaTree | undefined {
    return this.#leaves.find((leaf) => isFlat(leaf) && leaf.path[0] === name);
  }

  #mapPaths(name: string): SchemaTree[][] | undefined {
    const column = this.#root.children.find(({ element }) => element.name === name);
    return column && textMapPaths(this.#root, column);
  }

  /** The statistics of a text column in a row group: its minimum and maximum. */
  textRange(name: string, group: number): { min: string; max: string } | undefined {
    const columns = this.#metadata.row_groups[group]?.columns;
    const chunk = columns?.find(({ meta_data: of }) => of?.path_in_schema.join('.') === name);
    const { min_value: min, max_value: max } = chunk?.meta_data?.statistics ?? {};
    return typeof min === 'string' && typeof max === 'string' ? { min, max } : undefined;
  }

  /** The pages of a leaf in a row group; `schemaPath`: from the root to it. */
  #pages(schemaPath: SchemaTree[], group: number): ColumnPages {
    const leaf = schemaPath[schemaPath.length - 1] as SchemaTree;
    const chunk = this.#metadata.row_groups[group]?.columns[this.#leaves.indexOf(leaf)];
    const metadata = chunk?.meta_data as ColumnMetaData;
    const rows = isFlat(leaf)
      ? (this.groups[group] as RowWindow)
      : { start: 0, end: Number(metadata.num_values) };
    return new ColumnPages(this.buffer, {
      ...rows,
      name: leaf.path.join('.'),
      metadata,
      schemaPath,
    });
  }
}

/** Runs `work` on a file in Parquet. `BadInput` if it cannot be read, or is not Parquet. */
export async function withParquetFile<Result>(
  file: string,
  work: (parquet: ParquetFile) => Promise<Result>,
): Promise<Result> {
  const { parquet, close } = await openParquet(file);
  try {
    return await work(parquet);
  } catch (error) {
    throw parquetFailure(file, error);
  } finally {
    await close();
  }
}

/** The names of the columns of a file in Parquet. May throw `BadInput`. */
export async function parquetNames(file: string): Promise<string[]> {
  return withParquetFile(file, async ({ columns }) => [...columns.keys()]);
}

/**
 * The same, to be closed by the caller; what then fails is to be a `parquetFailure`. `known`: the file, if
 * it was open before, so that its metadata are not read again.
 */
export async function openParquet(
  file: string,
  known?: ParquetFile,
): Promise<{ readonly parquet: ParquetFile; close(): Promise<void> }> {
  let handle: FileHandle | undefined;
  try {
    const opened = await open(file);
    handle = opened;
    const buffer = await bufferOf(opened);
    const parquet = known ?? new ParquetFile(buffer, await metadataOf(buffer));
    parquet.buffer = buffer;
    return { parquet, close: () => opened.close() };
  } catch (error) {
    await handle?.close();
    throw parquetFailure(file, error);
  }
}

/** The metadata of a file, without a search for geometry, which may never end where they are damaged. */
function metadataOf(buffer: AsyncBuffer): Promise<FileMetaData> {
  return parquetMetadataAsync(buffer, { geoparquet: false });
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = Buffer.allocUnsafeSlow(end - start);
      // Without the round trip to another thread, which takes longer than reading a page.
      const count = readSync(handle.fd, bytes, 0, bytes.length, start);
      if (count !== bytes.length) throw new Error('it ends too early');
      return bytes.buffer;
    },
  };
}

/** The error to show for a failure to read a file in Parquet. */
export function parquetFailure(file: string, error: unknown): unknown {
  const failure = isOfNode(error) ? error : readFailure(file, error);
  if (failure instanceof BadInput) return failure;
  const what =
    error instanceof ParquetNotRead
      ? `Parquet that is not read (${error.message}): write it anew with Snappy, and with plain values or dictionaries`
      : `not a whole Parquet file (${reasonOf(error)}): it is cut off or damaged, download it again`;
  return new BadInput([{ file, what }]);
}

/** What was found to be wrong; where reading or the library has stumbled over damaged bytes, that alone. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error && error.name === 'Error' ? error.message : '';
  if (/^parquet (?:file invalid|metadata length)/.test(message)) return 'its end is missing';
  return /^(?:$|parquet |thrift )/.test(message) ? 'its bytes make no sense' : message;
}

/** Whether Node refused a request, as damaged metadata may request anything. */
function isOfNode(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' && code.startsWith('ERR_');
}
