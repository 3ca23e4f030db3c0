/** The tables of a data directory that an import writes, as rows of texts. */

import { stringify } from 'csv-stringify/sync';
import { guardedText } from '../domain/guarded-text.ts';
import { type Instant, instantFromText } from '../domain/instant.ts';
import { compareBytes } from '../domain/text-order.ts';
import { aliasTexts } from '../input/aliases.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { trimmed } from '../input/fields.ts';
import { TABLE_COLUMNS, TABLES, type Table } from '../input/known-columns.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { readTable, type TableRow } from '../input/table.ts';

/** The columns of each table, in the order in which they are written. */
export const WRITTEN_COLUMNS = ofTables<readonly string[]>(writtenColumns);

function writtenColumns(table: Table): string[] {
  const { required, optional } = TABLE_COLUMNS[table];
  // Of a change, the tier before it comes first.
  if (table === 'tierChanges') return required.toSpliced(-1, 0, ...optional);
  return [...required, ...optional];
}

/** The column with the source from which a row is inferred. */
const SOURCE_COLUMN = 'inferred_from';

/** A row by its column names, in lower case. */
export type TextRow = Readonly<Record<string, string>>;

export type TextTables = Readonly<Record<Table, readonly TextRow[]>>;

/** A field of a row, without spaces around it; blank if the row has no such column. */
export function field(row: TextRow, column: string): string {
  return trimmed(row[column] ?? '');
}

/** The instant in a field; `undefined` if it is blank or no instant. */
export function instantIn(row: TextRow, column: string): Instant | undefined {
  return instantFromText(field(row, column));
}

/** Whether a row of subscriptions or tier changes is a group's. */
export function isOfGroup(row: TextRow): boolean {
  return field(row, 'principal_type').toLowerCase() === 'group';
}

/** The other ids in a row of `users.csv` or `profiles.csv`. */
export function aliasesOf(row: TextRow): readonly string[] {
  return aliasTexts(field(row, 'aliases'));
}

/** Every table, without rows. */
export function emptyTables(): Record<Table, TextRow[]> {
  return ofTables(() => []);
}

function ofTables<Value>(of: (table: Table) => Value): Record<Table, Value> {
  const values: unknown = Object.fromEntries(TABLES.map((table) => [table, of(table)]));
  return values as Record<Table, Value>;
}

/** One table of a directory. */
export interface ExistingTable {
  /** The names in its header, in lower case. */
  readonly columns: readonly string[];
  readonly rows: readonly TextRow[];
}

/**
 * The rows of a table as texts, for rows that are to stay unchanged. What cannot be written again
 * goes to `log`: rows that cannot be read, a wrong header, blank keys, and numbers that could be
 * either of two. Other wrong values are left to the reader of the data directory.
 */
export async function readTextTable(
  table: Table,
  source: ByteSource,
  log: ProblemLog,
): Promise<ExistingTable> {
  const known = TABLE_COLUMNS[table];
  let columns: readonly string[] = [];
  const rows: TextRow[] = [];
  const addRow = (row: TableRow): void => {
    for (const column of known.required) row.required(column, (value) => ({ value }));
    rows.push(row.fields);
  };
  await readTable(source, known, log, addRow, (names) => {
    columns = names;
  });
  return { columns, rows };
}

/** The text of a table: a person's rows first, in their order, then the inferred rows, sorted by key. */
export function tableText(
  table: Table,
  own: readonly TextRow[],
  inferred: readonly TextRow[],
  ownColumns: readonly string[],
): string {
  const others = ownColumns.filter((name) => name !== '' && name !== SOURCE_COLUMN);
  const columns = [...new Set<string>([...WRITTEN_COLUMNS[table], ...others, SOURCE_COLUMN])];
  const rows = [...own, ...inferred.toSorted((a, b) => compareBytes(keyText(a), keyText(b)))];
  return stringify([columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))]);

  /** All columns, starting with the key's; a NUL sorts before any other character. */
  function keyText(row: TextRow): string {
    return WRITTEN_COLUMNS[table].map((name) => row[name] ?? '').join('\0');
  }
}

/** Texts that may be changed; ids must stay unchanged to match usage. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['name', 'email', 'cost_center', SOURCE_COLUMN]);

/** A row as written: free texts that a spreadsheet would run are guarded. */
export function guarded(row: TextRow): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, text]) => [
      column,
      FREE_TEXTS.has(column) ? guardedText(text) : text,
    ]),
  );
}

/** Equal for two rows with the same values in all columns of the table, whatever their sources. */
export function factText(table: Table, row: TextRow): string {
  return JSON.stringify(WRITTEN_COLUMNS[table].map((name) => field(row, name)));
}

/** Equal for two rows that an import would write identically, which leaves a person's columns blank. */
export function rowText(table: Table, row: TextRow): string {
  const columns = [...WRITTEN_COLUMNS[table], SOURCE_COLUMN];
  const others = Object.keys(row).filter(
    (name) => name !== '' && !columns.includes(name) && field(row, name) !== '',
  );
  return JSON.stringify([...columns, ...others].map((name) => field(row, name)));
}
