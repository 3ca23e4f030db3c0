/**
 * Keeps a person's edits to the rows that an import has written. A row that a person changed or
 * added stays unchanged and replaces all inferred rows of its key; a row that a person removed
 * stays out.
 */

import { groupBy } from '../domain/grouping.ts';
import { compareInstants, type Instant, instantFromText } from '../domain/instant.ts';
import { tierKey } from '../domain/tier.ts';
import { placeKey, placeOfRow } from './evidence.ts';
import type { Inference } from './infer.ts';
import {
  type ExistingTable,
  emptyTables,
  guarded,
  rowText,
  TABLES,
  type Table,
  type TextRow,
  type TextTables,
} from './table-rows.ts';

/** What an import wrote to a table, and which of those rows a person has since removed. */
export interface ImportedTable {
  readonly rows: readonly TextRow[];
  readonly removed: readonly TextRow[];
  /** Whether a person had created the file before an import wrote it. */
  readonly isOwn: boolean;
  /** A person's rows, as written with their missing cost center filled in. */
  readonly filled?: readonly TextRow[];
}

/** The tables that imports have written. */
export type ImportedTables = Readonly<Partial<Record<Table, ImportedTable>>>;

export type ExistingTables = Readonly<Partial<Record<Table, ExistingTable>>>;

/** A directory's rows by their origin. */
export interface Edits {
  readonly own: TextTables;
  /** Rows that an import wrote and that are unchanged. */
  readonly kept: TextTables;
  readonly removed: TextTables;
}

/** Which rows of a directory are a person's, and which rows that an import wrote have been removed. */
export function editsOf(existing: ExistingTables, imported: ImportedTables): Edits {
  const own = emptyTables();
  const kept = emptyTables();
  const removed = emptyTables();
  for (const table of TABLES) {
    const written = counted(table, imported[table]?.rows ?? []);
    const gone = counted(table, imported[table]?.removed ?? []);
    const filled = counted(table, imported[table]?.filled ?? []);
    for (const row of existing[table]?.rows ?? []) {
      const text = rowText(table, row);
      if (take(written, text) || take(gone, text)) kept[table].push(row);
      else own[table].push(filled.has(text) ? { ...row, cost_center: '' } : row);
    }
    // A missing table is written anew: deleting the file does not count as removing its rows.
    const left = existing[table] === undefined ? [gone] : [gone, written];
    for (const rows of left) for (const same of rows.values()) removed[table].push(...same);
  }
  return { own, kept, removed };
}

function counted(table: Table, rows: readonly TextRow[]): Map<string, TextRow[]> {
  return new Map(groupBy(rows, (row) => rowText(table, row)));
}

function take(rows: Map<string, TextRow[]>, key: string): boolean {
  const same = rows.get(key);
  if (same === undefined) return false;
  if (same.length === 1) rows.delete(key);
  else rows.set(key, same.slice(1));
  return true;
}

/** The future content of the directory: a person's rows, and the inferred rows that none of them replaces. */
export interface MergedTables {
  /** A person's rows, with missing cost centers filled in where the files give them. */
  readonly own: TextTables;
  readonly filled: readonly TextRow[];
  readonly inferred: TextTables;
  /** Inferred rows that a person's row replaces. */
  readonly replaced: TextTables;
}

/** Merges a person's edits with the inferred rows. */
export function mergeEdits(
  edits: Edits,
  inference: Inference,
  hasOwnActivations: boolean,
): MergedTables {
  const merger = new Merger(edits, inference);
  return merger.merge(hasOwnActivations);
}

class Merger {
  readonly #edits: Edits;
  readonly #inference: Inference;
  readonly #inferred = emptyTables();
  readonly #replaced = emptyTables();

  constructor(edits: Edits, inference: Inference) {
    this.#edits = edits;
    this.#inference = inference;
  }

  merge(hasOwnActivations: boolean): MergedTables {
    for (const table of TABLES) this.#mergeTable(table);
    this.#fitTierChanges();
    if (!hasOwnActivations) this.#activateOwnSeats();
    const filled = new Map(this.#edits.own.users.flatMap((row) => this.#filled(row)));
    const users = this.#edits.own.users.map((row) => filled.get(row) ?? row);
    return {
      own: { ...this.#edits.own, users },
      filled: [...filled.values()],
      inferred: this.#inferred,
      replaced: this.#replaced,
    };
  }

  /** A user's row with its missing cost center filled in; empty if none is missing, or no file gives one. */
  #filled(row: TextRow): [TextRow, TextRow][] {
    const costCenter = this.#inference.users.costCenter(row.user_id ?? '');
    if ((row.cost_center ?? '').trim() !== '' || costCenter === '') return [];
    return [[row, { ...row, ...guarded({ cost_center: costCenter }) }]];
  }

  #mergeTable(table: Table): void {
    const own = new Set(this.#edits.own[table].map((row) => this.#keyOf(table, row)));
    const removed = this.#edits.removed[table];
    const removedRows = new Set(removed.map((row) => this.#rowKeyOf(table, row)));
    // If all rows of a key were removed, none comes back with another date.
    const kept = new Set(this.#edits.kept[table].map((row) => this.#keyOf(table, row)));
    const gone = new Set(
      removed.map((row) => this.#keyOf(table, row)).filter((key) => !kept.has(key)),
    );
    const places = table === 'profiles' ? undefined : this.#places();
    for (const row of this.#inference.rows[table].map(guarded)) {
      const key = this.#keyOf(table, row);
      if (own.has(key)) this.#replaced[table].push(row);
      else if (removedRows.has(this.#rowKeyOf(table, row)) || gone.has(key)) continue;
      else if (row.profile_id === undefined || places?.has(this.#place(row)) !== false) {
        this.#inferred[table].push(row);
      }
    }
  }

  /** Rows of a profile that a person has removed would have a dangling reference. */
  #places(): Set<string> {
    const rows = [...this.#inferred.profiles, ...this.#edits.own.profiles];
    return new Set(rows.flatMap(placeOfRow).map(placeKey));
  }

  #place(row: TextRow): string {
    const id = (row.profile_id ?? '').trim();
    return this.#inference.placeOf(id) ?? id;
  }

  #user(text: string | undefined): string {
    return this.#inference.users.canonical(text ?? '');
  }

  /** The key of a row: for a subscription its profile and principal, whatever its dates. */
  #keyOf(table: Table, row: TextRow): string {
    switch (table) {
      case 'profiles':
        return placeOfRow(row).map(placeKey)[0] ?? (row.profile_id ?? '').trim();
      case 'users':
        return this.#user(row.user_id);
      case 'groups':
        return (row.group_id ?? '').trim();
      case 'groupMembers':
        return `${(row.group_id ?? '').trim()}\n${this.#user(row.user_id)}`;
      case 'subscriptions':
        return this.#principalKey(row);
      case 'tierChanges':
        return `${this.#principalKey(row)}\n${instantKey(row.changed_at)}`;
      case 'activations':
        return `${this.#place(row)}\n${this.#user(row.user_id)}`;
      case 'overageChanges':
        return `${this.#place(row)}\n${instantKey(row.changed_at)}`;
    }
  }

  #rowKeyOf(table: Table, row: TextRow): string {
    const key = this.#keyOf(table, row);
    return table === 'subscriptions' ? `${key}\n${instantKey(row.subscribed_at)}` : key;
  }

  #principalKey(row: TextRow): string {
    const type = (row.principal_type ?? '').trim().toLowerCase();
    const id = (row.principal_id ?? '').trim();
    return [this.#place(row), type, type === 'user' ? this.#user(id) : id].join('\n');
  }

  /** Inferred tier changes follow the subscriptions that exist, including a person's (H2). */
  #fitTierChanges(): void {
    const subscriptions = groupBy(
      [...this.#edits.own.subscriptions, ...this.#inferred.subscriptions],
      (row) => this.#principalKey(row),
    );
    const own = groupBy(this.#edits.own.tierChanges, (row) => this.#principalKey(row));
    const inferred = groupBy(this.#inferred.tierChanges, (row) => this.#principalKey(row));
    this.#inferred.tierChanges = [...inferred].flatMap(([key, changes]) =>
      (subscriptions.get(key) ?? []).flatMap((row) =>
        changesWithin(row, changes, own.get(key) ?? []),
      ),
    );
  }

  /**
   * A person's own seats were active from their start while there was no activations file: one
   * that an import creates must say so (H3).
   */
  #activateOwnSeats(): void {
    if (this.#inference.rows.subscriptions.length === 0) return;
    const starts = new Map<string, string>();
    for (const row of this.#inference.rows.subscriptions) {
      const key = this.#seatKey(row, row.principal_id);
      const known = starts.get(key);
      const start = row.subscribed_at ?? '';
      starts.set(key, known === undefined || start < known ? start : known);
    }
    const removed = new Set(
      this.#edits.removed.activations.map((row) => this.#keyOf('activations', row)),
    );
    const rows = new Map(
      this.#inferred.activations.map((row) => [this.#keyOf('activations', row), row]),
    );
    const ownKeys = new Set(
      this.#edits.own.activations.map((row) => this.#keyOf('activations', row)),
    );
    for (const subscription of this.#edits.own.subscriptions) {
      for (const userId of this.#subscribers(subscription)) {
        const key = this.#seatKey(subscription, userId);
        const start = starts.get(key);
        const known = rows.get(key);
        const wasPending = start !== undefined && known?.activated_at !== start;
        if (wasPending || removed.has(key) || ownKeys.has(key)) continue;
        const at = subscription.subscribed_at?.trim() ?? '';
        if (known !== undefined && !isEarlier(at, known.activated_at)) continue;
        rows.set(key, {
          profile_id: (subscription.profile_id ?? '').trim(),
          user_id: userId,
          activated_at: at,
          inferred_from: 'its subscription: nothing shows it pending',
        });
      }
    }
    this.#inferred.activations = [...rows.values()];
  }

  #subscribers(subscription: TextRow): string[] {
    const principal = (subscription.principal_id ?? '').trim();
    if (subscription.principal_type?.trim().toLowerCase() !== 'group')
      return [this.#user(principal)];
    const members = [...this.#edits.own.groupMembers, ...this.#inferred.groupMembers];
    const ofGroup = members.filter((row) => row.group_id?.trim() === principal);
    return [...new Set(ofGroup.map((row) => this.#user(row.user_id)))];
  }

  #seatKey(row: TextRow, userId: string | undefined): string {
    return `${this.#place(row)}\n${this.#user(userId)}`;
  }
}

function instantKey(text: string | undefined): string {
  const at = instantFromText((text ?? '').trim());
  return at === undefined ? (text ?? '').trim() : String(at);
}

function isEarlier(a: string, b: string | undefined): boolean {
  const [first, second] = [instantFromText(a), instantFromText(b ?? '')];
  return first !== undefined && second !== undefined && first < second;
}

/** Whether a person created a table's file, even if imports have written it since. */
export function isOwnFile(
  table: Table,
  { existing, imported }: { existing: ExistingTables; imported: ImportedTables },
): boolean {
  return existing[table] !== undefined && (imported[table]?.isOwn ?? true);
}

/**
 * The inferred changes within one subscription, each starting from the tier before it; a person's
 * own changes count.
 */
function changesWithin(
  { subscribed_at: from, unsubscribed_at: to, tier = '' }: TextRow,
  inferred: readonly TextRow[],
  own: readonly TextRow[],
): TextRow[] {
  const start = instantFromText((from ?? '').trim());
  const end = instantFromText((to ?? '').trim());
  if (start === undefined) return [];
  const isInside = (at: Instant): boolean => at > start && (end === undefined || at < end);
  const inTime = [
    ...inferred.map((row) => ({ row, isOwn: false })),
    ...own.map((row) => ({ row, isOwn: true })),
  ]
    .flatMap(({ row, isOwn }) => {
      const at = instantFromText((row.changed_at ?? '').trim());
      return at === undefined || !isInside(at) ? [] : [{ row, isOwn, at }];
    })
    .sort((a, b) => compareInstants(a.at, b.at));
  let before = tier.trim();
  const kept: TextRow[] = [];
  for (const { row, isOwn } of inTime) {
    const after = (row.tier ?? '').trim();
    if (!isOwn && tierKey(after) !== tierKey(before)) kept.push({ ...row, from_tier: before });
    before = after;
  }
  return kept;
}
