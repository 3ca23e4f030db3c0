/** A data directory as an import writes it: a function of all evidence, and of a person's edits. */

import { compareBytes } from '../domain/text-order.ts';
import {
  type ExistingTables,
  editsOf,
  type ImportedTables,
  isOwnFile,
  type MergedTables,
  mergeEdits,
} from './edits.ts';
import { type DatedList, placeKey, placeOfRow } from './evidence.ts';
import { type ImportSettings, withListProfiles } from './import-settings.ts';
import { type Evidence, type Inference, inferDirectory } from './infer.ts';
import { placedLists } from './list-profile.ts';
import { factText, rowText, TABLES, type Table, type TextRow, tableText } from './table-rows.ts';

/** The directory before an import: its tables, and what imports have written. */
export interface DirectoryBefore {
  readonly existing: ExistingTables;
  readonly imported: ImportedTables;
}

/** All files of the settings, read. */
export type EvidenceRead = Omit<Evidence, 'lists' | 'own' | 'importedProfiles'> & {
  readonly lists: readonly DatedList[];
};

/** How many rows of a table are new, how many existed already, and how many no longer do. */
export interface RowCounts {
  readonly added: number;
  readonly kept: number;
  readonly gone: number;
}

/** What an import writes, and what it found. */
export interface ImportedDirectory {
  readonly texts: ReadonlyMap<Table, string>;
  /** What the next import needs to know of these tables. */
  readonly imported: ImportedTables;
  readonly settings: ImportSettings;
  readonly counts: ReadonlyMap<Table, RowCounts>;
  readonly inference: Inference;
  readonly replaced: MergedTables['replaced'];
}

/** What an import writes. A list whose profile is not known is `WrongUsage`. */
export function importedDirectory(
  before: DirectoryBefore,
  settings: ImportSettings,
  read: EvidenceRead,
): ImportedDirectory {
  const { existing, imported } = before;
  const edits = editsOf(existing, imported);
  const lists = placedLists(read.lists, read.reports, read.bills, edits.own.profiles);
  const importedProfiles = importedPlaces(imported);
  const inference = inferDirectory({ ...read, lists, own: edits.own, importedProfiles });
  const merged = mergeEdits(edits, inference, isOwnFile('activations', before));
  const tables = writtenTables(before, settings, read);
  return {
    texts: new Map(tables.map((table) => [table, textOf(table, before, merged)])),
    imported: Object.fromEntries(
      tables.map((table) => [
        table,
        {
          rows: merged.inferred[table],
          removed: inTextOrder(table, edits.removed[table]),
          isOwn: isOwnFile(table, before),
          ...(table === 'users' ? { filled: merged.filled } : {}),
        },
      ]),
    ),
    settings: withListProfiles(settings, lists, inference, read.reports),
    counts: new Map(tables.map((table) => [table, rowCounts(table, before, merged)])),
    inference,
    replaced: merged.replaced,
  };
}

function importedPlaces({ profiles }: ImportedTables): Set<string> {
  const rows = [...(profiles?.rows ?? []), ...(profiles?.removed ?? [])];
  return new Set(rows.flatMap(placeOfRow).map(placeKey));
}

/** The tables that every import writes. */
const SEAT_TABLES = ['profiles', 'subscriptions', 'tierChanges', 'overageChanges'] as const;

/**
 * The tables to write: those that imports have written, those that the files can fill, whether or
 * not they have rows for them, and missing tables of seats. A person's other tables stay unchanged.
 */
function writtenTables(
  { existing, imported }: DirectoryBefore,
  { usage = [], cur = [], subscription_lists = [] }: ImportSettings,
  { people }: EvidenceRead,
): Table[] {
  const hasSeats = usage.length + cur.length + subscription_lists.length > 0;
  const hasGroups = people.some(
    ({ groups, memberships }) => groups.length + memberships.length > 0,
  );
  const all = new Set<Table>([
    'users',
    // Even without rows, the activations file says that seats are pending (H3).
    ...(hasSeats ? ([...SEAT_TABLES, 'activations'] as const) : []),
    ...(hasGroups ? (['groups', 'groupMembers'] as const) : []),
    ...SEAT_TABLES.filter((table) => existing[table] === undefined),
    ...(Object.keys(imported) as Table[]),
  ]);
  return TABLES.filter((table) => all.has(table));
}

function textOf(
  table: Table,
  { existing }: DirectoryBefore,
  { own, inferred }: MergedTables,
): string {
  return tableText(table, own[table], inferred[table], existing[table]?.columns ?? []);
}

function inTextOrder(table: Table, rows: readonly TextRow[]): TextRow[] {
  return [...rows].sort((a, b) => compareBytes(rowText(table, a), rowText(table, b)));
}

function rowCounts(
  table: Table,
  { existing }: DirectoryBefore,
  { own, inferred }: MergedTables,
): RowCounts {
  const before = new Set((existing[table]?.rows ?? []).map((row) => factText(table, row)));
  const rows = [...own[table], ...inferred[table]].map((row) => factText(table, row));
  const kept = rows.filter((row) => before.has(row)).length;
  return { added: rows.length - kept, kept, gone: Math.max(0, before.size - kept) };
}
