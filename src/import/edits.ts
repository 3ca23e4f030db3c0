/**
 * Keeps a person's edits to the rows that an import has written. A row that a person changed or
 * added stays unchanged and replaces all inferred rows of its key; a row that a person removed
 * stays out.
 */

import { groupBy } from '../domain/grouping.ts';
import { tierKey } from '../domain/tier.ts';
import { TABLES, type Table } from '../input/known-columns.ts';
import { definedKeys, inTime } from './evidence.ts';
import { type DirectoryBefore, isOwnFile } from './imported-tables.ts';
import type { Inference } from './infer.ts';
import { RowKeys } from './row-keys.ts';
import {
  emptyTables,
  field,
  guarded,
  instantIn,
  isOfGroup,
  rowText,
  type TextRow,
  type TextTables,
} from './table-rows.ts';

/** A directory's rows by their origin. */
interface Edits {
  readonly own: TextTables;
  /** Rows that an import wrote and that are unchanged. */
  readonly kept: TextTables;
  readonly removed: TextTables;
}

/** Which rows of a directory are a person's, and which rows that an import wrote have been removed. */
export function editsOf({ existing, imported }: DirectoryBefore): Edits {
  const own = emptyTables();
  const kept = emptyTables();
  const removed = emptyTables();
  for (const table of TABLES) {
    const textOf = (row: TextRow): string => rowText(table, row);
    const { rows = [], removed: gone = [], filled = [] } = imported[table] ?? {};
    const filledTexts = new Set(filled.map(textOf));
    // A missing table is written anew: deleting the file does not count as removing its rows.
    const left = groupBy([...(existing[table] === undefined ? [] : rows), ...gone], textOf);
    for (const row of existing[table]?.rows ?? []) {
      const text = textOf(row);
      if (left.get(text)?.pop() !== undefined) kept[table].push(row);
      else own[table].push(filledTexts.has(text) ? { ...row, cost_center: '' } : row);
    }
    removed[table].push(...[...left.values()].flat());
  }
  return { own, kept, removed };
}

/** The future content of the directory: a person's rows, and the inferred rows that none of them replaces. */
export interface MergedTables {
  /** A person's rows, with missing cost centers filled in where the files give them. */
  readonly own: TextTables;
  readonly filled: readonly TextRow[];
  readonly inferred: TextTables;
  /** Inferred subscriptions that a person's rows replace. */
  readonly replaced: readonly TextRow[];
}

/** Merges a person's edits with the inferred rows. */
export function mergeEdits(
  before: DirectoryBefore,
  edits: Edits,
  inference: Inference,
): MergedTables {
  const { own } = edits;
  const keys = new RowKeys(inference);
  const inferred = emptyTables();
  for (const table of TABLES) {
    inferred[table] = unedited(table, inference.rows[table].map(guarded), edits, keys);
  }
  // Rows of a profile that a person has removed would have a dangling reference.
  const accountRegions = definedKeys([...inferred.profiles, ...own.profiles]);
  for (const table of TABLES) {
    inferred[table] = inferred[table].filter(
      (row) => row.profile_id === undefined || accountRegions.has(keys.profileKeyOf(row)),
    );
  }
  inferred.tierChanges = fittingChanges(own, inferred, keys);
  if (!isOwnFile('activations', before)) {
    inferred.activations = withOwnSeats(edits, inferred, inference.rows.subscriptions, keys);
  }
  const users = own.users.map((row) => withCostCenter(row, inference.users));
  const principals = new Set(own.subscriptions.map((row) => keys.principal(row)));
  return {
    own: { ...own, users },
    filled: users.filter((row, index) => row !== own.users[index]),
    inferred,
    replaced: inference.rows.subscriptions.filter((row) => principals.has(keys.principal(row))),
  };
}

/** The inferred rows that a person has neither replaced nor removed. */
function unedited(
  table: Table,
  rows: readonly TextRow[],
  { own, kept, removed }: Edits,
  keys: RowKeys,
): TextRow[] {
  const keyOf = (row: TextRow): string => keys.of(table, row);
  const keptKeys = new Set(kept[table].map(keyOf));
  // If all rows of a key were removed, none comes back with another date.
  const gone = removed[table].filter((row) => !keptKeys.has(keyOf(row)));
  const edited = new Set([
    ...[...own[table], ...gone].map(keyOf),
    ...removed[table].map((row) => keys.withStart(table, row)),
  ]);
  return rows.filter((row) => !edited.has(keyOf(row)) && !edited.has(keys.withStart(table, row)));
}

/** A user's row with its missing cost center filled in, if a file gives one. */
function withCostCenter(row: TextRow, users: Inference['users']): TextRow {
  const costCenter =
    field(row, 'cost_center') === '' ? users.costCenter(field(row, 'user_id')) : '';
  return costCenter === '' ? row : { ...row, ...guarded({ cost_center: costCenter }) };
}

/** Inferred tier changes follow the subscriptions that exist, including a person's (H2). */
function fittingChanges(own: TextTables, inferred: TextTables, keys: RowKeys): TextRow[] {
  const byPrincipal = (rows: readonly TextRow[]): Map<string, TextRow[]> =>
    groupBy(rows, (row) => keys.principal(row));
  const subscriptions = byPrincipal([...own.subscriptions, ...inferred.subscriptions]);
  const ownChanges = byPrincipal(own.tierChanges);
  return [...byPrincipal(inferred.tierChanges)].flatMap(([key, changes]) =>
    (subscriptions.get(key) ?? []).flatMap((row) =>
      changesWithin(row, changes, ownChanges.get(key) ?? []),
    ),
  );
}

/**
 * The inferred changes within one subscription, each starting from the tier before it; a person's
 * own changes count.
 */
function changesWithin(
  subscription: TextRow,
  inferred: readonly TextRow[],
  own: readonly TextRow[],
): TextRow[] {
  const start = instantIn(subscription, 'subscribed_at');
  const end = instantIn(subscription, 'unsubscribed_at');
  const inside = [...inferred, ...own].flatMap((row) => {
    const at = instantIn(row, 'changed_at');
    const isInside =
      at !== undefined && start !== undefined && at > start && (end === undefined || at < end);
    return isInside ? [{ row, at }] : [];
  });
  let before = field(subscription, 'tier');
  const kept: TextRow[] = [];
  for (const { row } of inTime(inside)) {
    const after = field(row, 'tier');
    const isChange = tierKey(after) !== tierKey(before);
    if (isChange && !own.includes(row)) kept.push({ ...row, from_tier: before });
    before = after;
  }
  return kept;
}

/**
 * The activations, with those of a person's own seats: these were active from their start while
 * there was no activations file, so one that an import creates must say so (H3). A seat that files
 * show pending at first, or whose activation a person has written or removed, is left as it is.
 */
function withOwnSeats(
  { own, removed }: Edits,
  inferred: TextTables,
  shown: readonly TextRow[],
  keys: RowKeys,
): TextRow[] {
  const keyOf = (row: TextRow): string => keys.of('activations', row);
  const rows = new Map(inferred.activations.map((row) => [keyOf(row), row]));
  const edited = new Set([...own.activations, ...removed.activations].map(keyOf));
  const shownSeats = groupBy(shown, (row) => keys.principal(row));
  const members = [...own.groupMembers, ...inferred.groupMembers];
  for (const subscription of own.subscriptions) {
    for (const userId of subscribers(subscription, members)) {
      const key = keyOf({ profile_id: field(subscription, 'profile_id'), user_id: userId });
      const known = rows.get(key);
      const [first] = shownSeats.get(key) ?? [];
      const wasPending = first !== undefined && known?.activated_at !== first.subscribed_at;
      if (wasPending || edited.has(key)) continue;
      if (known !== undefined && !startsBefore(subscription, known)) continue;
      rows.set(key, {
        profile_id: field(subscription, 'profile_id'),
        user_id: keys.userId(userId),
        activated_at: field(subscription, 'subscribed_at'),
        inferred_from: 'its subscription: nothing shows it pending',
      });
    }
  }
  return [...rows.values()];
}

function startsBefore(subscription: TextRow, activation: TextRow): boolean {
  const start = instantIn(subscription, 'subscribed_at');
  const activated = instantIn(activation, 'activated_at');
  return start !== undefined && activated !== undefined && start < activated;
}

/** The users whom a subscription subscribes: the user, or the members of the group. */
function subscribers(subscription: TextRow, members: readonly TextRow[]): string[] {
  const principal = field(subscription, 'principal_id');
  if (!isOfGroup(subscription)) return [principal];
  const ofGroup = members.filter((row) => field(row, 'group_id') === principal);
  return ofGroup.map((row) => field(row, 'user_id'));
}
