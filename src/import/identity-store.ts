import { basename } from 'node:path';
import { bareUserId, idDefect } from '../domain/ids.ts';
import { isJsonObject } from '../input/json.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import {
  NO_PEOPLE,
  type People,
  type PeopleGroup,
  type PeopleMembership,
  type PeoplePage,
  type Person,
} from './evidence.ts';

/**
 * Reads the output of `aws identitystore list-users`, `list-groups` and `list-group-memberships`,
 * distinguished by their keys. Any other content is a problem of the file.
 */
export function identityStoreOf(text: string, file: string, log: ProblemLog): People {
  const json = parsed(text);
  if (json === undefined) {
    log.add({ file, what: 'not valid JSON: save the output of the command again' });
    return NO_PEOPLE;
  }
  if (!Object.keys(json).some((key) => LISTS.has(key))) {
    const what =
      'not the JSON of the Identity Store: it has none of the keys Users, Groups and GroupMemberships';
    log.add({ file, what });
    return NO_PEOPLE;
  }
  for (const key of LISTS) {
    if (key in json && !Array.isArray(json[key])) log.add({ file, what: `${key}: must be a list` });
  }
  const { Users, Groups, GroupMemberships } = json;
  return {
    persons: records(Users).flatMap((user) => personOf(user, file, log)),
    groups: records(Groups).flatMap((group) => groupOf(group, file, log)),
    memberships: records(GroupMemberships).flatMap((one) => membershipOf(one, file, log)),
    pages: pagesOf(json, basename(file)),
  };
}

function pagesOf({ NextToken, ...lists }: Json, source: string): PeoplePage[] {
  const goesOn = textOf(NextToken) !== '';
  return Object.entries(lists)
    .filter(([key, list]) => LISTS.has(key) && Array.isArray(list))
    .map(([key, list]) => {
      const group = key === 'GroupMemberships' ? textOf(records(list)[0]?.GroupId) : '';
      return { list: `${key} ${group}`, source, goesOn };
    });
}

const LISTS: ReadonlySet<string> = new Set(['Users', 'Groups', 'GroupMemberships']);

type Json = Readonly<Record<string, unknown>>;

function parsed(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? json : {};
  } catch {
    return undefined;
  }
}

function records(json: unknown): Json[] {
  return Array.isArray(json) ? json.filter(isJsonObject) : [];
}

function textOf(json: unknown): string {
  return typeof json === 'string' ? json.trim() : '';
}

function idOf(json: unknown, key: string, file: string, log: ProblemLog): string | undefined {
  const id = textOf(json);
  const what = id === '' ? `${key} is missing, or no text` : idDefect(id);
  if (what === undefined) return id;
  log.add(id === '' ? { file, what } : { file, what: `${key}: ${what}`, value: id });
  return undefined;
}

function personOf(user: Json, file: string, log: ProblemLog): Person[] {
  const id = idOf(user.UserId, 'UserId', file, log);
  if (id === undefined) return [];
  const emails = records(user.Emails);
  const email = emails.find(({ Primary }) => Primary === true) ?? emails[0];
  const { GivenName, FamilyName } = isJsonObject(user.Name) ? user.Name : {};
  return [
    personFrom({
      id: bareUserId(id),
      isIdentityStore: true,
      userName: textOf(user.UserName),
      email: textOf(email?.Value),
      names: [user.DisplayName, GivenName, FamilyName].map(textOf),
      costCenter: '',
      source: basename(file),
    }),
  ];
}

/**
 * A person: a user name with an `@` is an e-mail address, too. `names`: the name that is shown, else
 * its parts.
 */
export function personFrom({
  names: [shown = '', ...parts],
  ...person
}: Omit<Person, 'name'> & { readonly names: readonly string[] }): Person {
  const { email, userName } = person;
  return {
    ...person,
    email: email || (userName.includes('@') ? userName : ''),
    name: shown || parts.filter((part) => part !== '').join(' '),
  };
}

function groupOf(group: Json, file: string, log: ProblemLog): PeopleGroup[] {
  const groupId = idOf(group.GroupId, 'GroupId', file, log);
  return groupId === undefined
    ? []
    : [{ groupId, name: textOf(group.DisplayName), source: basename(file) }];
}

function membershipOf(one: Json, file: string, log: ProblemLog): PeopleMembership[] {
  const groupId = idOf(one.GroupId, 'GroupId', file, log);
  const member = isJsonObject(one.MemberId) ? one.MemberId.UserId : undefined;
  const userId = idOf(member, 'MemberId.UserId', file, log);
  if (groupId === undefined || userId === undefined) return [];
  return [{ groupId, userId: bareUserId(userId), source: basename(file) }];
}
