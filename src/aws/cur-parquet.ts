import { BadInput } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { MAX_FIELD_BYTES } from '../input/csv-framing.ts';
import { yieldToEventLoop } from '../usage/rows/event-loop.ts';
import { type ParquetFile, withParquetFile } from '../usage/rows/parquet-file.ts';
import type { ColumnText } from '../usage/rows/parquet-values.ts';
import {
  type CurColumn,
  type CurHeader,
  curHeader,
  productColumn,
  ROW_IDS,
} from './cur-columns.ts';
import { type CurRow, type CurSink, READ_PRODUCTS, regionOfRow, rowOf } from './cur-row.ts';

/**
 * Reads the rows of Kiro and Amazon Q of a CUR in Parquet. In each row group the product codes are read first,
 * unless its statistics rule both out; of the other columns only the pages that hold such rows are
 * read.
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
    const { columns, groups, bytesPerRow } = this.#parquet;
    const header = curHeader({ file: this.#file }, [...columns.keys()]);
    const product = this.#parquet.column(productColumn(header).name);
    const { productMap = [], ...fields } = Object.fromEntries(header.columns);
    if (!this.#sink.wantsRowIds) for (const field of ROW_IDS) delete fields[field];
    const tags = this.#sink.wantsTags ? header.tags : [];
    const rest: RestOfRows = {
      fields: [...Object.values(fields).flat(), ...tags].map((column) => this.#columnTexts(column)),
      productMap: productMap.map((column) => this.#columnTexts(column)),
    };
    for (const [group, { start, end }] of groups.entries()) {
      const rows = this.#mayHaveRows(header, group)
        ? await product.rowsWith(group, isReadProduct)
        : [];
      // The very first row gives the file's month, whatever its product.
      if (start === 0 && end > 0 && rows[0] !== 0)
        await this.#readRows([0], header, this.#monthTexts(header));
      if (rows.length > 0) await this.#readRows(rows, header, rest);
      // Few columns and pages are read, so progress is measured in rows.
      this.#sink.progress.onBytes?.((end - start) * bytesPerRow);
      this.#sink.progress.onRows?.(end - start);
      await yieldToEventLoop();
    }
  }

  /** Whether a row group may have rows to read, by its statistics of the product column. */
  #mayHaveRows(header: CurHeader, group: number): boolean {
    const range = this.#parquet.textRange(productColumn(header).name, group);
    return (
      range === undefined ||
      READ_PRODUCTS.some((product) => range.min <= product && product <= range.max)
    );
  }

  /** The columns that give a row's month. */
  #monthTexts({ columns }: CurHeader): RestOfRows {
    const names = ['product', 'periodStart'] as const;
    const fields = names
      .flatMap((field) => columns.get(field) ?? [])
      .map((column) => this.#columnTexts(column));
    return { fields, productMap: [] };
  }

  #columnTexts({ index, name }: CurColumn): ColumnTexts {
    const { textOf } = this.#parquet.columns.get(name) as ColumnText;
    const textAt = (value: unknown, row: number): string => {
      const text = textOf(value).trim();
      if (text.length <= MAX_FIELD_BYTES && Buffer.byteLength(text) <= MAX_FIELD_BYTES) return text;
      const what = 'a field over 64 KiB';
      throw new BadInput([{ file: this.#file, line: row + 1, column: name, what }]);
    };
    // New for each group, so that no column keeps a page longer than it is needed.
    return { index, of: (rows) => this.#parquet.texts(name).textsOf(rows, textAt) };
  }

  async #readRows(
    numbers: readonly number[],
    header: CurHeader,
    { fields, productMap }: RestOfRows,
  ): Promise<void> {
    const texts = numbers.map(() => new Map<number, string>());
    const rows = numbers.map((row, position) => {
      const place = { file: this.#file, line: row + 1 };
      return rowOf(place, header, (column) => texts[position]?.get(column) ?? '');
    });
    const take = async (columns: readonly ColumnTexts[], positions: number[]): Promise<void> => {
      const wanted = positions.map((position) => numbers[position] as number);
      for (const { index, of } of columns) {
        for (const [at, text] of (await of(wanted)).entries()) {
          texts[positions[at] as number]?.set(index, text);
        }
      }
    };
    const all = [...numbers.keys()];
    await take(fields, all);
    // Maps are the slowest to read, and few rows need one.
    const lacking = all.filter((position) => lacksRegion(rows[position] as CurRow));
    if (lacking.length > 0) await take(productMap, lacking);
    for (const row of rows) this.#sink.row(row);
  }
}

/** The columns read for the rows that count. */
interface RestOfRows {
  readonly fields: readonly ColumnTexts[];
  /** Gives the Region where no other column does. */
  readonly productMap: readonly ColumnTexts[];
}

/** The texts of a column's rows, by row index in the file. */
interface ColumnTexts {
  readonly index: number;
  readonly of: (rows: readonly number[]) => Promise<readonly string[]>;
}

const PRODUCT_BYTES = READ_PRODUCTS.map((product) => Buffer.from(product));

/** Whether a value is a product whose rows are read. */
function isReadProduct(value: unknown): boolean {
  return value instanceof Uint8Array && PRODUCT_BYTES.some((product) => product.equals(value));
}

/** Whether a row belongs to a seat whose Region only its product map can give. */
function lacksRegion(row: CurRow): boolean {
  return row.text('resourceId') !== '' && regionOfRow(row) === '';
}
