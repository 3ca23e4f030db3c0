/** A data directory as an import writes it: a function of all evidence, and of a person's edits. */

import { bareUserId } from '../domain/ids.ts';
import { compareBytes } from '../domain/text-order.ts';
import { TABLES, type Table } from '../input/known-columns.ts';
import {
  type AwsBills,
  type BillEvidence,
  evidenceOfBills,
  type KnownSeats,
} from './bill-evidence.ts';
import { editsOf, type MergedTables, mergeEdits } from './edits.ts';
import { accountRegionOfArn, type DatedList, definedKeys, definedProfiles } from './evidence.ts';
import { type ImportSettings, withListProfiles } from './import-settings.ts';
import { type DirectoryBefore, type ImportedTables, isOwnFile } from './imported-tables.ts';
import { type Evidence, Inference } from './infer.ts';
import { placedLists } from './list-profile.ts';
import { namedProfileIds } from './profile-evidence.ts';
import { factText, field, rowText, type TextTables, tableText } from './table-rows.ts';
import type { CardTiers } from './tier-order.ts';

/** What all files of the settings show. */
export type EvidenceRead = Pick<Evidence, 'reports' | 'people' | 'tags'> & {
  readonly bills: AwsBills;
  readonly lists: readonly DatedList[];
  readonly tiers: CardTiers;
};

/** How many rows of a table are new, how many existed already, and how many no longer do. */
interface RowCounts {
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
  readonly bills: BillEvidence;
  readonly counts: ReadonlyMap<Table, RowCounts>;
  /** Whether it has a subscription, a person's or an inferred one. */
  readonly hasSeats: boolean;
  readonly inference: Inference;
  readonly replaced: MergedTables['replaced'];
  /** The profiles that a person's rows name, and of which nothing shows account and Region. */
  readonly unplacedProfiles: readonly string[];
}

/** What an import writes. A list whose profile is not known is `WrongUsage`. */
export function importedDirectory(
  before: DirectoryBefore,
  settings: ImportSettings,
  read: EvidenceRead,
): ImportedDirectory {
  const edits = editsOf(before);
  const { own } = edits;
  const { reports, people, tags, tiers } = read;
  const bills = evidenceOfBills(read.bills, knownSeats(read, own), tiers);
  const lists = placedLists(read.lists, reports, bills, own.profiles);
  const { rows = [], removed = [] } = before.imported.profiles ?? {};
  const importedProfiles = definedKeys([...rows, ...removed]);
  const evidence = { reports, bills, lists, people, tags, own, importedProfiles };
  const inference = new Inference({ ...evidence, rankOf: tiers.rankOf });
  const merged = mergeEdits(before, edits, inference);
  const unplacedProfiles = [...namedProfileIds(own)].filter(
    (id) => inference.profileKeyOf(id) === undefined,
  );
  const tables = writtenTables(before, settings, read, unplacedProfiles.length === 0);
  return {
    texts: new Map(
      tables.map((table) => {
        const columns = before.existing[table]?.columns ?? [];
        return [table, tableText(table, merged.own[table], merged.inferred[table], columns)];
      }),
    ),
    imported: Object.fromEntries(
      tables.map((table) => [
        table,
        {
          rows: merged.inferred[table],
          removed: edits.removed[table].toSorted((a, b) =>
            compareBytes(rowText(table, a), rowText(table, b)),
          ),
          isOwn: isOwnFile(table, before),
          ...(table === 'users' ? { filled: merged.filled } : {}),
        },
      ]),
    ),
    settings: withListProfiles(settings, lists, inference.profiles),
    bills,
    counts: new Map(tables.map((table) => [table, rowCounts(table, before, merged)])),
    hasSeats: merged.own.subscriptions.length + merged.inferred.subscriptions.length > 0,
    inference,
    replaced: merged.replaced,
    unplacedProfiles,
  };
}

/** The profiles and seats that reports, lists and a person's own rows show. */
function knownSeats({ reports, lists }: EvidenceRead, own: TextTables): KnownSeats {
  const ofRows = new Map(
    definedProfiles(own.profiles).flatMap(({ accountRegion, ids }) =>
      ids.map((id) => [id, accountRegion] as const),
    ),
  );
  const seats = [
    ...reports.profiles.flatMap(({ accountRegion, signs }) =>
      [...new Set(signs.map(([id]) => id))].map((userId) => ({ userId, ...accountRegion })),
    ),
    ...own.subscriptions.flatMap((row) => {
      const id = field(row, 'profile_id');
      const accountRegion = ofRows.get(id) ?? accountRegionOfArn(id);
      const userId = bareUserId(field(row, 'principal_id'));
      return accountRegion === undefined ? [] : [{ userId, ...accountRegion }];
    }),
  ];
  const listed = lists.flatMap(({ profile = '' }) => accountRegionOfArn(profile) ?? []);
  return { profiles: [...ofRows.values(), ...listed, ...seats], seats };
}

/** The tables that every import writes. */
const SEAT_TABLES = ['profiles', 'subscriptions', 'tierChanges', 'overageChanges'] as const;

/**
 * The tables to write: those that imports have written, those that the files can fill, whether or
 * not they have rows for them, and missing tables of seats; of profiles only if it can have all
 * that a person's rows name. A person's other tables stay unchanged.
 */
function writtenTables(
  { existing, imported }: DirectoryBefore,
  { usage = [], cur = [], subscription_lists = [] }: ImportSettings,
  { people }: EvidenceRead,
  profilesAreKnown: boolean,
): Table[] {
  const seatsAreShown = usage.length + cur.length + subscription_lists.length > 0;
  const hasGroups = people.some(
    ({ groups, memberships }) => groups.length + memberships.length > 0,
  );
  const all = new Set<Table>([
    'users',
    // Even without rows, the activations file says that seats are pending (H3).
    ...(seatsAreShown ? ([...SEAT_TABLES, 'activations'] as const) : []),
    ...(hasGroups ? (['groups', 'groupMembers'] as const) : []),
    ...SEAT_TABLES.filter(
      (table) => existing[table] === undefined && (table !== 'profiles' || profilesAreKnown),
    ),
    ...(Object.keys(imported) as Table[]),
  ]);
  return TABLES.filter((table) => all.has(table));
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
