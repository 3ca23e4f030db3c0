import { stringify } from 'csv-stringify/sync';
import { compareBytes } from '../domain/text-order.ts';
import { csvEntries, isBadRow } from '../input/csv.ts';
import { trimmed } from '../input/fields.ts';
import type { ImportedFile, NewRow } from './merge.ts';

/** The columns of a file that an import makes, those of the key first in each row's order. */
const IMPORT_COLUMNS: Readonly<Record<ImportedFile, readonly string[]>> = {
  profiles: [
    'profile_id',
    'account_id',
    'region',
    'name',
    'overage',
    'overage_cap',
    'inferred_from',
  ],
  users: ['user_id', 'name', 'email', 'cost_center', 'inferred_from'],
  subscriptions: [
    'profile_id',
    'principal_type',
    'principal_id',
    'tier',
    'subscribed_at',
    'unsubscribed_at',
    'inferred_from',
  ],
  tierChanges: [
    'profile_id',
    'principal_type',
    'principal_id',
    'changed_at',
    'from_tier',
    'tier',
    'inferred_from',
  ],
  overageChanges: ['profile_id', 'changed_at', 'overage', 'overage_cap', 'inferred_from'],
};

/** What new rows are sorted by. */
const KEYS: Readonly<Record<ImportedFile, readonly string[]>> = {
  profiles: ['profile_id'],
  users: ['user_id'],
  subscriptions: ['profile_id', 'principal_id', 'subscribed_at'],
  tierChanges: ['profile_id', 'principal_id', 'changed_at'],
  overageChanges: ['profile_id', 'changed_at'],
};

/** A file with nothing in it but new rows. */
export function freshFile(kind: ImportedFile, rows: readonly NewRow[]): Buffer {
  const columns = IMPORT_COLUMNS[kind];
  return Buffer.from(csvText([[...columns], ...fieldsOf(sorted(kind, rows), columns)]));
}

/**
 * The file that stands there, its rows as they are, and the new rows behind them. Columns
 * that it lacks and new rows need come at the end. The file is known to be readable.
 */
export async function extendedFile(
  kind: ImportedFile,
  standing: Buffer,
  rows: readonly NewRow[],
): Promise<Buffer> {
  if (rows.length === 0) return standing;
  const lines: Buffer[] = [];
  let names: string[] = [];
  let added: string[] = [];
  for await (const entries of csvEntries([standing], true)) {
    for (const entry of entries) {
      if (isBadRow(entry)) throw new Error(`a bad row in line ${entry.line}`);
      const isHeader = names.length === 0;
      if (isHeader) {
        names = entry.fields.map((name) => trimmed(name).toLowerCase());
        added = missingColumns(kind, names, rows);
      }
      const rest = isHeader ? added : added.map(() => '');
      lines.push(entry.bytes ?? Buffer.alloc(0), Buffer.from(`${['', ...rest].join(',')}\n`));
    }
  }
  const columns = [...names, ...added];
  lines.push(Buffer.from(csvText(fieldsOf(sorted(kind, rows), columns))));
  return Buffer.concat(lines);
}

function missingColumns(
  kind: ImportedFile,
  names: readonly string[],
  rows: readonly NewRow[],
): string[] {
  return IMPORT_COLUMNS[kind].filter(
    (column) => !names.includes(column) && rows.some((row) => (row[column] ?? '') !== ''),
  );
}

function sorted(kind: ImportedFile, rows: readonly NewRow[]): NewRow[] {
  return [...rows].sort((a, b) => {
    for (const key of KEYS[kind]) {
      const order = compareBytes(a[key] ?? '', b[key] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  });
}

function fieldsOf(rows: readonly NewRow[], columns: readonly string[]): string[][] {
  return rows.map((row) => columns.map((column) => safeText(column, row[column] ?? '')));
}

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** Ids must stay what they are, so that they match usage. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['name', 'email', 'inferred_from']);

function safeText(column: string, text: string): string {
  return FREE_TEXTS.has(column) && FORMULA.test(text) ? `'${text}` : text;
}

function csvText(rows: string[][]): string {
  return stringify(rows);
}
