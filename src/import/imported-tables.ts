import { isJsonObject } from '../input/json.ts';
import { TABLES, type Table } from '../input/known-columns.ts';
import type { ExistingTable, TextRow } from './table-rows.ts';

/** What an import wrote to a table, and which of those rows a person has since removed. */
interface ImportedTable {
  readonly rows: readonly TextRow[];
  readonly removed: readonly TextRow[];
  /** Whether a person had created the file before an import wrote it. */
  readonly isOwn: boolean;
  /** A person's rows, as written with their missing cost center filled in. */
  readonly filled?: readonly TextRow[];
}

/** The tables that imports have written. */
export type ImportedTables = Readonly<Partial<Record<Table, ImportedTable>>>;

/** The directory before an import: its tables, and what imports have written. */
export interface DirectoryBefore {
  readonly existing: Readonly<Partial<Record<Table, ExistingTable>>>;
  readonly imported: ImportedTables;
}

/** Whether a person created a table's file, even if imports have written it since. */
export function isOwnFile(table: Table, { existing, imported }: DirectoryBefore): boolean {
  return existing[table] !== undefined && (imported[table]?.isOwn ?? true);
}

/** The text of the record that the next import reads. */
export function recordText(tables: ImportedTables): string {
  return `${JSON.stringify({ tables })}\n`;
}

/** The tables of a record; `undefined` if no import has written this text. */
export function recordedTables(text: string): ImportedTables | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const tables = isJsonObject(json) ? json.tables : undefined;
    return isTables(tables) ? tables : undefined;
  } catch {
    return undefined;
  }
}

function isTables(json: unknown): json is ImportedTables {
  if (!isJsonObject(json)) return false;
  const names: readonly string[] = TABLES;
  return Object.entries(json).every(([name, table]) => names.includes(name) && isTable(table));
}

function isTable(json: unknown): boolean {
  if (!isJsonObject(json) || typeof json.isOwn !== 'boolean') return false;
  return [json.rows, json.removed, json.filled ?? []].every(
    (rows) => Array.isArray(rows) && rows.every(isRow),
  );
}

function isRow(json: unknown): boolean {
  return isJsonObject(json) && Object.values(json).every((text) => typeof text === 'string');
}
