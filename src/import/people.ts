import { bareUserId, idDefect } from '../domain/ids.ts';
import { atLeast, type ByteSource, following, readBytes } from '../input/byte-source.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import type { TableRow } from '../input/table.ts';
import { decodedText } from '../input/text-encoding.ts';
import { NO_PEOPLE, nameOfPlace, type People, type Person } from './evidence.ts';
import { identityStoreOf, personFrom } from './identity-store.ts';
import { type LooseColumns, readLooseTable } from './loose-table.ts';

/** The columns that name a user, by other systems' names. */
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

/**
 * Reads people from any system's table, or from the JSON of the Identity Store; problems go to
 * `log`. `undefined` if it is a table of something else.
 */
export async function readPeople(source: ByteSource, log: ProblemLog): Promise<People | undefined> {
  const { file } = source;
  try {
    const text = decodedText(readBytes(source));
    const start = Buffer.concat((await atLeast(text, START_BYTES)).chunks);
    if (/^\s*[{[]/.test(start.toString())) {
      const rest = await atLeast(text, Number.POSITIVE_INFINITY);
      return identityStoreOf(Buffer.concat([start, ...rest.chunks]).toString(), file, log);
    }
    const rows = await readLooseTable<PeopleField>(
      file,
      following(start, text),
      PEOPLE_COLUMNS,
      missingColumns,
      log,
    );
    return rows && { ...NO_PEOPLE, persons: rows.flatMap(personOf) };
  } catch (error) {
    log.addFailure(error);
    return NO_PEOPLE;
  }
}

const START_BYTES = 4096;

function missingColumns(has: (field: PeopleField) => boolean): string | undefined {
  if (has('id') || has('email') || has('userName')) return undefined;
  return 'no column names a user: people need user_id or id, or email, mail, primary_email, work_email or user_name (a list that the Kiro console has saved is for import subscriptions)';
}

function personOf(row: TableRow<PeopleField>): Person[] {
  const id = bareUserId(row.text('id'));
  const defect = idDefect(id);
  if (defect !== undefined) {
    row.problem('id', defect, id);
    return [];
  }
  const person = personFrom({
    id,
    isIdentityStore: false,
    userName: row.text('userName'),
    email: row.text('email'),
    names: [row.text('name'), row.text('givenName'), row.text('familyName')],
    costCenter: row.text('costCenter') || row.text('department'),
    source: nameOfPlace(row.place),
  });
  return [person];
}
