import { bareUserId, idDefect } from '../domain/ids.ts';
import { type ByteSource, readBytes } from '../input/byte-source.ts';
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
  const json = await jsonOf(source, log);
  if (json !== undefined) return identityStoreOf(json, source.file, name, log);
  const rows = await readLooseTable<PeopleField>(source, PEOPLE_COLUMNS, missingColumns, log);
  return { persons: rows.flatMap((row) => personOf(row, name, log)), groups: [], memberships: [] };
}

function missingColumns(has: (field: PeopleField) => boolean): string | undefined {
  if (has('id') || has('email') || has('userName')) return undefined;
  return 'no column names a user: people need user_id or id, or email, mail, primary_email, work_email or user_name';
}

/** The text of a file that is JSON, by its first character; nothing of any other. */
async function jsonOf(source: ByteSource, log: ProblemLog): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of decodedText(readBytes(source))) {
      chunks.push(chunk);
      const start = Buffer.concat(chunks).toString().trimStart();
      if (start !== '' && !/^[{[]/.test(start)) return undefined;
      if (start !== '') break;
    }
    const whole: Buffer[] = [];
    for await (const chunk of decodedText(readBytes(source))) whole.push(chunk);
    return chunks.length === 0 ? undefined : Buffer.concat(whole).toString();
  } catch (error) {
    log.addFailure(error);
    return '{"Users":[]}';
  }
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
