import { createReadStream } from 'node:fs';
import { bareUserId, idDefect } from '../domain/ids.ts';
import { type ByteSource, readBytes, readFailure } from '../input/byte-source.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { decodedText } from '../input/text-encoding.ts';
import { identityStoreOf } from './identity-store.ts';
import { type LooseColumns, type LooseRow, readLooseTable } from './loose-table.ts';

/** A person as a directory of people has them; what it does not tell is blank. */
export interface Person {
  readonly id: string;
  /** Whether the id is certainly that of the Identity Store, as its own JSON has it. */
  readonly isIdentityStore: boolean;
  /** The user name in the Identity Store. */
  readonly userName: string;
  readonly email: string;
  readonly name: string;
  readonly costCenter: string;
  readonly source: string;
}

export interface PeopleGroup {
  readonly groupId: string;
  readonly name: string;
  readonly source: string;
}

export interface PeopleMembership {
  readonly groupId: string;
  readonly userId: string;
  readonly source: string;
}

/** What one or more files of people hold. */
export interface People {
  readonly persons: readonly Person[];
  readonly groups: readonly PeopleGroup[];
  readonly memberships: readonly PeopleMembership[];
}

/** The columns that name a user, as other systems call them. */
export const USER_COLUMNS = {
  id: ['user_id', 'id'],
  email: ['email', 'mail', 'primary_email', 'work_email'],
  userName: ['user_name'],
} as const satisfies LooseColumns<string>;

const PEOPLE_COLUMNS = {
  ...USER_COLUMNS,
  name: ['display_name', 'name'],
  givenName: ['given_name'],
  familyName: ['family_name'],
  costCenter: ['cost_center'],
  department: ['department'],
} as const satisfies LooseColumns<string>;

type PeopleField = keyof typeof PEOPLE_COLUMNS;

/** Reads people from a table of any system, or from the JSON of the Identity Store; problems go to `log`. */
export async function readPeople(
  source: ByteSource,
  name: string,
  log: ProblemLog,
): Promise<People> {
  const none: People = { persons: [], groups: [], memberships: [] };
  try {
    const kept = await keptSource(source);
    const start = await textOf(kept(), START_BYTES);
    if (/^\s*[{[]/.test(start)) {
      return identityStoreOf(await textOf(kept()), source.file, name, log);
    }
    const rows = await readLooseTable<PeopleField>(kept(), PEOPLE_COLUMNS, missingColumns, log);
    return { ...none, persons: rows.flatMap((row) => personOf(row, name, log)) };
  } catch (error) {
    log.addFailure(error);
    return none;
  }
}

const START_BYTES = 4096;

/** A source that can be read more than once: what it is shows when it is read. */
async function keptSource(source: ByteSource): Promise<() => ByteSource> {
  const { file } = source;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of source.stream ?? createReadStream(file)) chunks.push(chunk);
  } catch (error) {
    throw readFailure(file, error);
  }
  async function* again(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  return () => ({ file, stream: again() });
}

/** The text of a source, or at least so many bytes of it where it has them. */
async function textOf(source: ByteSource, bytes = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of decodedText(readBytes(source))) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).toString();
}

function missingColumns(has: (field: PeopleField) => boolean): string | undefined {
  if (has('id') || has('email') || has('userName')) return undefined;
  return 'no column names a user: people need user_id or id, or email, mail, primary_email, work_email or user_name';
}

function personOf(row: LooseRow<PeopleField>, file: string, log: ProblemLog): Person[] {
  const id = bareUserId(row.text('id'));
  const defect = idDefect(id);
  if (defect !== undefined) {
    log.add({ ...row.place, column: row.column('id'), what: defect, value: id });
    return [];
  }
  const userName = row.text('userName');
  const given = [row.text('givenName'), row.text('familyName')].filter((text) => text !== '');
  const person: Person = {
    id,
    isIdentityStore: false,
    userName,
    email: row.text('email') || (userName.includes('@') ? userName : ''),
    name: row.text('name') || given.join(' '),
    costCenter: row.text('costCenter') || row.text('department'),
    source: `${file}:${row.place.line}`,
  };
  return [person];
}
