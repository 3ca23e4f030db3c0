/** Which user or profile an id names: by its own id, as an alias, or by an e-mail address. */
import type { DataDirectory, Row } from './facts.ts';
import { trimmed, userKey } from './spelling.ts';

export interface Names {
  readonly userIdOf: (text: string) => string;
  readonly profileIdOf: (text: string) => string;
}

function aliasesOf(row: Row): string[] {
  return (row.aliases ?? '').split(/[ \t]+/).filter((alias) => alias !== '');
}

/** Ignoring the case of ASCII, and spaces around. */
function emailKey(text: string): string {
  return text
    .replace(/^[ \t]+|[ \t]+$/g, '')
    .replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

/** An id is looked up as `user_id`, then as alias, then as e-mail. */
function userIdOf(rows: readonly Row[], text: string): string {
  const key = userKey(text);
  const idOf = (row: Row) => userKey(row.user_id ?? '');
  if (rows.some((row) => idOf(row) === key)) return key;
  const byAlias = rows.find((row) => aliasesOf(row).some((alias) => userKey(alias) === key));
  if (byAlias !== undefined) return idOf(byAlias);
  const byEmail = rows.filter(
    ({ email = '' }) => emailKey(email) !== '' && emailKey(email) === emailKey(text),
  );
  const [only] = byEmail;
  return only !== undefined && byEmail.length === 1 ? idOf(only) : key;
}

function profileIdOf(rows: readonly Row[], text: string): string {
  const id = trimmed(text);
  const row = rows.find((one) => aliasesOf(one).includes(id));
  return row === undefined ? id : trimmed(row.profile_id ?? '');
}

export function namesOf(directory: DataDirectory): Names {
  const users = directory['users.csv'] ?? [];
  const profiles = directory['profiles.csv'] ?? [];
  return {
    userIdOf: (text) => userIdOf(users, text),
    profileIdOf: (text) => profileIdOf(profiles, text),
  };
}
