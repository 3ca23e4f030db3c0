import { BadInput } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { type ParquetFile, withParquetFile } from '../usage/rows/parquet-file.ts';
import type { ColumnText } from '../usage/rows/parquet-values.ts';
import { type CurColumn, type CurHeader, curHeader, productColumn } from './cur-columns.ts';
import { rowOf } from './cur-csv.ts';
import type { CurSink } from './cur-sink.ts';
import { READ_PRODUCTS } from './kiro-line.ts';

/**
 * Reads the Kiro rows of a CUR in Parquet: of each stretch of rows first the product codes,
 * and the other columns only where one of them is Kiro's.
 */
export async function readCurParquet({ file }: ByteSource, sink: CurSink): Promise<void> {
  await withParquetFile(file, (parquet) => new ParquetReader(file, parquet, sink).read());
}

class ParquetReader {
  readonly #file: string;
  readonly #parquet: ParquetFile;
  readonly #sink: CurSink;

  constructor(file: string, parquet: ParquetFile, sink: CurSink) {
    this.#file = file;
    this.#parquet = parquet;
    this.#sink = sink;
  }

  async read(): Promise<void> {
    const { columns, bytesPerRow } = this.#parquet;
    const header = this.#headerOf([...columns.keys()]);
    for (const window of this.#parquet.windows()) {
      await this.#readWindow(header, window.start, async ({ name }) => {
        const { textOf } = columns.get(name) as ColumnText;
        return { values: await this.#parquet.readColumn(name, window), textOf };
      });
      // Not all columns are read, and some pages twice, so rows tell how far it has come.
      this.#sink.onBytes((window.end - window.start) * bytesPerRow);
      this.#sink.onRows(window.end - window.start);
    }
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
