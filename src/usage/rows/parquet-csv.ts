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
    yield Buffer.from(csvLine(names.map(headerField)), 'latin1');
    const columns = names.map((name) => csvColumn(parquet, name));
    for (const window of parquet.windows()) {
      yield* windowCsv(columns, window);
      onBytes((window.end - window.start) * parquet.bytesPerRow);
    }
  } catch (error) {
    throw parquetFailure(file, error);
  } finally {
    await close();
  }
}

function headerField(name: string): string {
  return csvField(Buffer.from(name).toString('latin1'));
}

/** The CSV fields of a column's rows. */
type FieldsOf = (window: RowWindow) => Promise<readonly string[]>;

function csvColumn(parquet: ParquetFile, name: string): FieldsOf {
  const column = parquet.texts(name);
  const text = parquet.columns.get(name) as ColumnText;
  const fieldOf = (value: unknown): string => csvField(fieldText(value, text));
  return ({ start, end }) => column.textsBetween(start, end, fieldOf);
}

async function* windowCsv(columns: readonly FieldsOf[], window: RowWindow): AsyncGenerator<Buffer> {
  const fields: (readonly string[])[] = [];
  for (const fieldsOf of columns) fields.push(await fieldsOf(window));
  const count = window.end - window.start;
  for (let start = 0; start < count; start += PIECE_ROWS) {
    const lines: string[] = [];
    for (let row = start; row < Math.min(count, start + PIECE_ROWS); row += 1) {
      lines.push(csvLine(fields.map((of) => of[row] as string)));
    }
    yield Buffer.from(lines.join(''), 'latin1');
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
  return `${fields.join(',')}\n`;
}

function csvField(text: string): string {
  return MUST_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
