import { groupBy } from '../domain/grouping.ts';
import { type UserIdentities, userIdentities, userIdFor } from '../domain/identities.ts';
import type { Group, Membership, User } from '../domain/records.ts';
import { Aliases } from './aliases.ts';
import type { ByteSource } from './byte-source.ts';
import { type FieldParser, id, instantField, userId } from './fields.ts';
import { overlaps } from './intervals.ts';
import { TABLE_COLUMNS } from './known-columns.ts';
import type { ProblemLog } from './problem-log.ts';
import {
  isDefinedBefore,
  type RowRecord,
  readRowRecords,
  readTable,
  type TableRow,
} from './table.ts';
import { unknownIds } from './unknown-ids.ts';

/** The users that have a row, and the ids by which other rows may name them; none until the file is read. */
export class UserRegister {
  readonly #users = new Map<string, DefinedUser>();
  readonly #aliases = new Map<string, string>();
  readonly identities: UserIdentities = userIdentities(this.#users, this.#aliases);
  /** The user id that a field refers to, by any id of the user. */
  readonly id: FieldParser<string> = (text) => {
    const parsed = userId(text);
    return 'value' in parsed ? { value: userIdFor(this.identities, parsed.value) } : parsed;
  };

  get users(): ReadonlyMap<string, User> {
    return this.#users;
  }

  /** Reads `users.csv`, which adds names and more ids: users missing from it are not a problem. */
  async read(source: ByteSource | undefined, log: ProblemLog): Promise<void> {
    if (source === undefined) return;
    const users = this.#users;
    const aliases = new Aliases('user_id', userId);
    await readTable(source, TABLE_COLUMNS.users, log, (row) => {
      const user = row.required('user_id', userId);
      if (user === undefined || isDefinedBefore(row, 'user_id', users.get(user))) return;
      users.set(user, userOf(row, user, aliases.addRow(row, user)));
    });
    const resolved = aliases.resolved((userId) => users.get(userId)?.line);
    for (const [alias, user] of resolved) this.#aliases.set(alias, user);
  }
}

/** A user with the line of the row. */
type DefinedUser = User & { readonly line: number };

function userOf(row: TableRow, user: string, aliases: readonly string[]): DefinedUser {
  return {
    line: row.line,
    userId: user,
    name: row.name('name'),
    email: row.name('email'),
    costCenter: row.name('cost_center'),
    ...(aliases.length === 0 ? {} : { aliases }),
  };
}

/** The groups that other rows may refer to; without a groups file, or one that can be read, to any. */
export interface GroupRegister {
  readonly groups: ReadonlyMap<string, Group>;
  /** Finds the problem of a row that refers to a group which is not in the groups file. */
  readonly refer: (row: TableRow, column: string, groupId: string | undefined) => void;
}

/** Reads `groups.csv`; without the file, groups are inferred from the data. */
export async function readGroups(
  source: ByteSource | undefined,
  log: ProblemLog,
): Promise<GroupRegister> {
  const groups = new Map<string, Group & { readonly line: number }>();
  const addRow = (row: TableRow): void => {
    const groupId = row.required('group_id', id);
    if (groupId === undefined || isDefinedBefore(row, 'group_id', groups.get(groupId))) return;
    groups.set(groupId, { line: row.line, groupId, name: row.name('name') });
  };
  const isComplete =
    source !== undefined && (await readTable(source, TABLE_COLUMNS.groups, log, addRow));
  const unknown = unknownIds('there is no such group in groups.csv', () =>
    [...groups.values()].map(({ groupId, name }) => ({ id: groupId, name })),
  );
  return {
    groups,
    refer: (row, column, groupId) => {
      if (isComplete && groupId !== undefined && !groups.has(groupId)) {
        unknown(row, column, groupId);
      }
    },
  };
}

/** Reads `group_members.csv`: the stays of one user in one group must not overlap. */
export async function readMemberships(
  source: ByteSource | undefined,
  users: UserRegister,
  groups: GroupRegister,
  log: ProblemLog,
): Promise<Membership[]> {
  if (source === undefined) return [];
  const read = await readRowRecords(source, TABLE_COLUMNS.groupMembers, log, (row) =>
    membershipOf(row, users, groups),
  );
  const stays = groupBy(read, ({ record: m }) => JSON.stringify([m.groupId, m.userId]));
  for (const ofUser of stays.values()) refuseOverlaps(ofUser);
  return read.map(({ record }) => record);
}

function membershipOf(
  row: TableRow,
  users: UserRegister,
  groups: GroupRegister,
): Membership | undefined {
  const groupId = row.required('group_id', id);
  const user = row.required('user_id', users.id);
  const joinedAt = row.optional('joined_at', instantField);
  const leftAt = row.optional('left_at', instantField);
  groups.refer(row, 'group_id', groupId);
  if (joinedAt !== undefined && leftAt !== undefined && leftAt <= joinedAt) {
    row.problem('left_at', 'must be after joined_at', row.text('left_at'));
  }
  if (!row.isGood || groupId === undefined || user === undefined) return undefined;
  return { groupId, userId: user, joinedAt, leftAt };
}

function refuseOverlaps(rows: readonly RowRecord<Membership>[]): void {
  const stays = rows.map(({ row, record: { joinedAt: from, leftAt: to } }) => {
    return { row, place: row.place, from, to };
  });
  for (const { earlier, later } of overlaps(stays)) {
    later.row.problem(
      'row',
      `the user is in the group already at that time, by line ${earlier.place.line}`,
      `${later.row.text('group_id')}, ${later.row.text('user_id')}`,
    );
  }
}
