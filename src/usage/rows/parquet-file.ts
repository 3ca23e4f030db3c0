import { type FileHandle, open } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BadInput } from '../../domain/problem.ts';
import { readFailure } from '../../input/byte-source.ts';
import { type ColumnText, exactColumns, PARQUET_PARSERS } from './parquet-values.ts';

/**
 * Rows of which one column is held at one time, whatever the size of the file's row
 * groups. A page may have as many rows, and is decoded for each stretch that touches it.
 */
const WINDOW_ROWS = 131_072;

/** The rows `[start, end)` of a file, counted from 0. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** A file in Parquet whose columns are read as exact texts, one after another. */
export class ParquetFile {
  /** By name in the order of the file. */
  readonly columns: ReadonlyMap<string, ColumnText>;
  readonly #buffer: AsyncBuffer;
  readonly #metadata: FileMetaData;

  constructor(buffer: AsyncBuffer, metadata: FileMetaData) {
    this.#buffer = buffer;
    this.#metadata = metadata;
    this.columns = exactColumns(metadata);
  }

  /** How many bytes of the file one of its rows takes, on average. */
  get bytesPerRow(): number {
    return this.#buffer.byteLength / Number(this.#metadata.num_rows);
  }

  /** All rows, so many at a time as are held in memory. */
  *windows(): Generator<RowWindow> {
    let rowStart = 0;
    for (const { num_rows } of this.#metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      for (let start = rowStart; start < rowEnd; start += WINDOW_ROWS) {
        yield { start, end: Math.min(rowEnd, start + WINDOW_ROWS) };
      }
      rowStart = rowEnd;
    }
  }

  /** The values of a column in a window. A scan of its own for each: one that lives on would keep the values of all. */
  async readColumn(column: string, { start, end }: RowWindow): Promise<ArrayLike<unknown>> {
    const isMap = this.columns.get(column)?.isMap ?? false;
    const { readColumn } = await parquetScan({
      file: this.#buffer,
      metadata: this.#metadata,
      columns: [column],
      compressors,
      ...(isMap ? {} : { utf8: false, parsers: PARQUET_PARSERS }),
    });
    const values = await readColumn({ column, rowStart: start, rowEnd: end });
    if (values.length !== end - start) throw new Error(`${column} lacks rows`);
    return values;
  }
}

/** Works on a file in Parquet. `BadInput` where it cannot be read, or is none. */
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

/** The same, to be closed by the caller; what then fails is to be a `parquetFailure`. */
export async function openParquet(
  file: string,
): Promise<{ readonly parquet: ParquetFile; close(): Promise<void> }> {
  let handle: FileHandle | undefined;
  try {
    const opened = await open(file);
    handle = opened;
    const buffer = await bufferOf(opened);
    const parquet = new ParquetFile(buffer, await parquetMetadataAsync(buffer));
    return { parquet, close: () => opened.close() };
  } catch (error) {
    await handle?.close();
    throw parquetFailure(file, error);
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}

/** What a failure to read a file in Parquet means to its user. */
export function parquetFailure(file: string, error: unknown): unknown {
  const failure = isOfNode(error) ? error : readFailure(file, error);
  if (failure instanceof BadInput) return failure;
  const reason = error instanceof Error ? error.message : String(error);
  const what = `not a whole Parquet file (${reason}): it is cut off or damaged, download it again`;
  return new BadInput([{ file, what }]);
}

/** Whether Node refused what it was asked for, as damaged metadata ask for anything. */
function isOfNode(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' && code.startsWith('ERR_');
}
