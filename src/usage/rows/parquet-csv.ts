import {
  openParquet,
  type ParquetFile,
  parquetFailure,
  type RowWindow,
  withParquetFile,
} from './parquet-file.ts';
import type { ColumnText } from './parquet-values.ts';

/** Of a window of rows the CSV is made in pieces. */
const PIECE_ROWS = 4096;
const MUST_QUOTE = /[",\r\n]/;

/** The names of the columns of a file in Parquet. May throw `BadInput`. */
export async function parquetNames(file: string): Promise<string[]> {
  return withParquetFile(file, async ({ columns }) => [...columns.keys()]);
}

/**
 * The rows of a file in Parquet as CSV, one line for each after that of the header, of the
 * columns that are wanted, by their names in lower case. `onBytes` hears how much of the file
 * has been read. May throw `BadInput`.
 */
export async function* parquetCsv(
  file: string,
  wanted: ReadonlySet<string>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  const { parquet, close } = await openParquet(file);
  try {
    const all = [...parquet.columns.keys()];
    const known = all.filter((name) => wanted.has(name.trim().toLowerCase()));
    const names = known.length > 0 ? known : all;
    yield Buffer.from(csvLine(names.map((name) => Buffer.from(name).toString('latin1'))), 'latin1');
    for (const window of parquet.windows()) {
      yield* windowCsv(parquet, names, window);
      onBytes((window.end - window.start) * parquet.bytesPerRow);
    }
  } catch (error) {
    throw parquetFailure(file, error);
  } finally {
    await close();
  }
}

async function* windowCsv(
  parquet: ParquetFile,
  names: readonly string[],
  window: RowWindow,
): AsyncGenerator<Buffer> {
  const columns: { values: ArrayLike<unknown>; text: ColumnText }[] = [];
  for (const name of names) {
    const text = parquet.columns.get(name) as ColumnText;
    columns.push({ values: await parquet.readColumn(name, window), text });
  }
  const count = window.end - window.start;
  for (let start = 0; start < count; start += PIECE_ROWS) {
    let text = '';
    for (let row = start; row < Math.min(count, start + PIECE_ROWS); row += 1) {
      text += csvLine(columns.map(({ values, text: of }) => fieldText(values[row], of)));
    }
    yield Buffer.from(text, 'latin1');
  }
}

/** The text of a value, each byte of it as one character: what is no UTF-8 is found when it is read. */
function fieldText(value: unknown, { textOf, isText }: ColumnText): string {
  const isBytes = isText && value instanceof Uint8Array;
  const text = isBytes ? Buffer.from(value).toString('latin1') : textOf(value);
  // A row is one line, so that its line is its number; no id has a control character anyway.
  return text.includes('\n') ? text.replaceAll('\n', '\r') : text;
}

function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

function csvField(text: string): string {
  return MUST_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
