import { type FileHandle, open } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BadInput } from '../domain/problem.ts';
import { type ByteSource, readFailure } from '../input/byte-source.ts';
import { type CurColumn, type CurHeader, curHeader, productColumn } from './cur-columns.ts';
import { rowOf } from './cur-csv.ts';
import type { CurSink } from './cur-sink.ts';
import { READ_PRODUCTS } from './kiro-line.ts';
import { type ColumnText, exactColumns, PARQUET_PARSERS } from './parquet-values.ts';

/**
 * Rows of which one column is held at one time, whatever the size of the file's row
 * groups. A page may have as many rows, and is decoded for each stretch that touches it.
 */
const WINDOW_ROWS = 131_072;

/**
 * Reads the Kiro rows of a CUR in Parquet: of each stretch of rows first the product codes,
 * and the other columns only where one of them is Kiro's.
 */
export async function readCurParquet(source: ByteSource, sink: CurSink): Promise<void> {
  const { file } = source;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    await new ParquetReader(file, await bufferOf(handle), sink).read();
  } catch (error) {
    throw parquetFailure(file, error);
  } finally {
    await handle?.close();
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

function parquetFailure(file: string, error: unknown): unknown {
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

class ParquetReader {
  readonly #file: string;
  readonly #buffer: AsyncBuffer;
  readonly #sink: CurSink;

  constructor(file: string, buffer: AsyncBuffer, sink: CurSink) {
    this.#file = file;
    this.#buffer = buffer;
    this.#sink = sink;
  }

  async read(): Promise<void> {
    const metadata = await parquetMetadataAsync(this.#buffer);
    const texts = exactColumns(metadata);
    const header = this.#headerOf([...texts.keys()]);
    const bytesPerRow = this.#buffer.byteLength / Number(metadata.num_rows);
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      for (let start = rowStart; start < rowEnd; start += WINDOW_ROWS) {
        const end = Math.min(rowEnd, start + WINDOW_ROWS);
        await this.#readWindow(header, start, async ({ name }) => {
          const text = texts.get(name) as ColumnText;
          const values = await this.#readColumn(metadata, name, start, end, text.isMap);
          return { values, textOf: text.textOf };
        });
        // Not all columns are read, and some pages twice, so rows tell how far it has come.
        this.#sink.onBytes((end - start) * bytesPerRow);
        this.#sink.onRows(end - start);
      }
      rowStart = rowEnd;
    }
  }

  /** A scan of its own for each column: one that lives on would keep the values of all. */
  async #readColumn(
    metadata: FileMetaData,
    column: string,
    rowStart: number,
    rowEnd: number,
    isMap: boolean,
  ): Promise<ArrayLike<unknown>> {
    const { readColumn } = await parquetScan({
      file: this.#buffer,
      metadata,
      columns: [column],
      compressors,
      ...(isMap ? {} : { utf8: false, parsers: PARQUET_PARSERS }),
    });
    const values = await readColumn({ column, rowStart, rowEnd });
    if (values.length !== rowEnd - rowStart) throw new Error(`${column} lacks rows`);
    return values;
  }

  #headerOf(names: readonly string[]): CurHeader {
    const found = curHeader({ file: this.#file }, names);
    if ('problems' in found) throw new BadInput(found.problems);
    return found.header;
  }

  async #readWindow(
    header: CurHeader,
    firstRow: number,
    readColumn: (column: CurColumn) => Promise<ReadColumn>,
  ): Promise<void> {
    const rows = rowsOf((await readColumn(productColumn(header))).values);
    // The first row of all tells which month the file is of, whatever its product.
    if (firstRow === 0 && rows[0] !== 0) rows.unshift(0);
    if (rows.length === 0) return;
    const texts = new Map<number, string[]>();
    for (const column of [...[...header.columns.values()].flat(), ...header.tags]) {
      const { values, textOf } = await readColumn(column);
      texts.set(
        column.index,
        rows.map((index) => textOf(values[index]).trim()),
      );
    }
    for (const [position, index] of rows.entries()) {
      const place = { file: this.#file, row: firstRow + index + 1 };
      this.#sink.row(rowOf(place, header, (column) => texts.get(column)?.[position] ?? ''));
    }
  }
}

/** The values of a column, and how their texts are found. */
interface ReadColumn {
  readonly values: ArrayLike<unknown>;
  readonly textOf: ColumnText['textOf'];
}

const PRODUCT_BYTES = READ_PRODUCTS.map((product) => Buffer.from(product));

/** The indexes of the values that are a product of which rows are read. */
function rowsOf(products: ArrayLike<unknown>): number[] {
  const rows: number[] = [];
  for (let index = 0; index < products.length; index += 1) {
    const value = products[index];
    if (!(value instanceof Uint8Array)) continue;
    if (PRODUCT_BYTES.some((product) => product.equals(value))) rows.push(index);
  }
  return rows;
}
