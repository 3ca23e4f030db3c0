import {
  comparableEmail,
  type UserIdentities,
  userIdentities,
  userIdFor,
} from '../domain/identities.ts';
import { bareUserId } from '../domain/ids.ts';
import type { User } from '../domain/records.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { ListedUser, Person } from './evidence.ts';
import type { ReportedUser } from './report-evidence.ts';
import { aliasesOf, field, type TextRow } from './table-rows.ts';

interface UserFacts {
  readonly userId: string;
  email: string;
  name: string;
  costCenter: string;
  readonly aliases: Set<string>;
  readonly sources: string[];
  /** Whether a file other than the directory's own tables names the user. */
  isInferred: boolean;
}

/**
 * Identifies users: those that reports, bills, lists and a person's own tables name, and the
 * people matched to them by id, else by user name, else by e-mail address.
 */
export class KnownUsers {
  readonly #users = new Map<string, UserFacts>();
  /** The users of a person's rows, with what these call them. */
  readonly #own = new Map<string, { userId: string; email: string; shown: string }>();
  readonly #ownIdentities: UserIdentities;
  /** From a user name, or an e-mail address of exactly one user, to the user id. */
  readonly #names: Map<string, string>;
  readonly #emails = new Map<string, string | undefined>();
  /** From an id that is an e-mail address, as `comparableEmail`, to it; of several none. */
  readonly #addressIds = new Map<string, string | undefined>();
  /** People of the Identity Store that no file has named yet. */
  readonly #candidates = new Map<string, Person>();
  readonly #joined = new Map<Person, string>();

  constructor(ownUsers: readonly TextRow[]) {
    const aliases = new Map<string, string>();
    for (const row of ownUsers) {
      const userId = bareUserId(field(row, 'user_id'));
      const email = field(row, 'email');
      this.#own.set(userId, { userId, email, shown: field(row, 'name') || email });
      for (const alias of aliasesOf(row)) aliases.set(bareUserId(alias), userId);
    }
    this.#ownIdentities = userIdentities(this.#own, aliases);
    this.#names = new Map(aliases);
    for (const { userId, email } of this.#own.values()) {
      this.addOwn(userId);
      this.#addEmail(userId, email);
    }
  }

  /** The user id for an id in a file, by the ids, aliases and addresses known so far. */
  canonical(id: string): string {
    const bare = userIdFor(this.#ownIdentities, bareUserId(id));
    if (this.#isUser(bare)) return bare;
    return this.#names.get(bare) ?? this.#emails.get(comparableEmail(bare)) ?? bare;
  }

  /** Whether files or `users.csv` have this id; what other rows of a person name may be a name of it. */
  #isUser(userId: string): boolean {
    return this.#own.has(userId) || this.#users.get(userId)?.isInferred === true;
  }

  /** Adds a user that a person's own table names. */
  addOwn(id: string): void {
    this.#facts(this.canonical(id));
  }

  addReported({ userId, email, source }: ReportedUser): void {
    const facts = this.#inferred(this.canonical(userId), source);
    if (email === '') return;
    facts.email = email;
    this.#addEmail(facts.userId, email);
  }

  addBilled(userId: string, source: string): void {
    this.#inferred(this.canonical(userId), source);
  }

  /** Adds a cost center from a bill's tag; one from a file of people takes precedence. */
  addTag(userId: string, costCenter: string, source: string): void {
    const facts = this.#users.get(this.canonical(userId));
    if (facts === undefined) return;
    facts.costCenter = costCenter;
    facts.sources.push(source);
  }

  /**
   * Matches the people of one file to known users; the others are kept for lists if their ids
   * certainly come from the Identity Store.
   */
  addPeople(people: readonly Person[]): void {
    const isStore = people.some(
      ({ id, isIdentityStore }) => isIdentityStore || this.#users.has(id),
    );
    for (const person of people) {
      const userId = this.#userOf(person);
      if (userId !== undefined) this.#join(userId, person);
      else if (isStore && person.id !== '') this.#addCandidate(person);
    }
  }

  /**
   * Matches people again, after lists have named more users, and copies their values: of several,
   * the last one counts. Returns how many of them are no users.
   */
  settle(people: readonly Person[]): number {
    let others = 0;
    for (const person of people) {
      const userId = this.#joined.get(person) ?? this.#userOf(person);
      if (userId === undefined) {
        others += 1;
        continue;
      }
      this.#join(userId, person);
      const facts = this.#inferred(userId, person.source);
      facts.sources.push(person.source);
      if (person.name !== '') facts.name = person.name;
      if (person.email !== '') facts.email = person.email;
      if (person.costCenter !== '') facts.costCenter = person.costCenter;
    }
    return others;
  }

  /** The user that a line of a list names; `undefined` if it is not a known user. */
  listed({ names, source }: ListedUser): string | undefined {
    for (const name of names) {
      const userId = this.canonical(name);
      if (this.#users.has(userId)) {
        this.#inferred(userId, source);
        return userId;
      }
    }
    const person = names
      .map((name) => this.#candidates.get(name) ?? this.#candidates.get(comparableEmail(name)))
      .find((found) => found !== undefined);
    if (person === undefined) return this.#byShownName(names, source);
    this.#inferred(person.id, source);
    this.#join(person.id, person);
    return person.id;
  }

  /** Adds a user that only a list names, by its best name. */
  addListed({ names, email, source }: ListedUser): string {
    const facts = this.#inferred(this.canonical(names[0]), source);
    if (facts.email === '') {
      facts.email = email;
      this.#addEmail(facts.userId, email);
    }
    return facts.userId;
  }

  has(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** The name, else the e-mail address, else the id. */
  shown(userId: string): string {
    const facts = this.#users.get(userId);
    return facts?.name || facts?.email || this.#own.get(userId)?.shown || userId;
  }

  /** The users of whom more than an id is known. */
  named(): Map<string, User> {
    const ids = [...this.#users.keys()].filter((userId) => this.shown(userId) !== userId);
    const nothing = { email: '', costCenter: '' };
    return new Map(ids.map((userId) => [userId, { userId, name: this.shown(userId), ...nothing }]));
  }

  /**
   * The cost center of the user with this id, from files of people, else from a tag; blank if
   * neither has one.
   */
  costCenter(id: string): string {
    return this.#users.get(this.canonical(id))?.costCenter ?? '';
  }

  /** A row for each user that files name, by id. */
  rows(): TextRow[] {
    const users = [...this.#users.values()].filter(({ isInferred }) => isInferred);
    return users
      .sort((a, b) => compareBytes(a.userId, b.userId))
      .map(({ userId, email, name, costCenter, aliases, sources }) => ({
        user_id: userId,
        name: name || email,
        email,
        cost_center: costCenter,
        aliases: [...aliases]
          .filter((alias) => !this.#isUser(alias) && this.#names.get(alias) === userId)
          .sort(compareBytes)
          .join(' '),
        inferred_from: [...new Set(sources)].join('; '),
      }));
  }

  #facts(userId: string): UserFacts {
    const known = this.#users.get(userId);
    if (known !== undefined) return known;
    const facts: UserFacts = {
      userId,
      email: '',
      name: '',
      costCenter: '',
      aliases: new Set(),
      sources: [],
      isInferred: false,
    };
    this.#users.set(userId, facts);
    const address = comparableEmail(userId);
    this.#addressIds.set(address, this.#addressIds.has(address) ? undefined : userId);
    return facts;
  }

  #inferred(userId: string, source: string): UserFacts {
    const facts = this.#facts(userId);
    facts.isInferred = true;
    if (facts.sources.length === 0) facts.sources.push(source);
    return facts;
  }

  #addEmail(userId: string, email: string): void {
    const address = comparableEmail(email);
    if (address === '') return;
    const owner = this.#emails.has(address) ? this.#emails.get(address) : userId;
    this.#emails.set(address, owner === userId ? userId : undefined);
  }

  #userOf({ id, userName, email }: Person): string | undefined {
    const userIds = [id, userName, email].map((name) => this.canonical(name));
    const known = userIds.find((userId) => this.#users.has(userId));
    return known ?? (email === '' ? undefined : this.#addressIds.get(comparableEmail(email)));
  }

  #join(userId: string, person: Person): void {
    this.#joined.set(person, userId);
    const facts = this.#inferred(userId, person.source);
    this.#addEmail(userId, person.email);
    this.#addName(facts, person.userName);
    // Groups and usage name a person by the id, even if a row of the directory has only the name.
    if (person.isIdentityStore && isNameOf(person, userId)) this.#addName(facts, person.id);
  }

  /** Adds a user name as an alias, where it can be one: aliases are separated by spaces. */
  #addName(facts: UserFacts, userName: string): void {
    if (userName === '' || /\s/.test(userName)) return;
    if (!this.#names.has(userName)) this.#names.set(userName, facts.userId);
    facts.aliases.add(userName);
  }

  #addCandidate(person: Person): void {
    const { id, userName, email } = person;
    const keys = [id, userName, comparableEmail(userName), comparableEmail(email)];
    for (const key of keys) {
      if (!this.#candidates.has(key)) this.#candidates.set(key, person);
    }
  }

  /** The user whose display name a list has, if exactly one user has it. */
  #byShownName(names: readonly string[], source: string): string | undefined {
    const shown = new Set(names.map((name) => name.toLowerCase()));
    const found = [...this.#users.values()].filter(({ name }) => shown.has(name.toLowerCase()));
    const [only] = found;
    if (only === undefined || found.length > 1) return undefined;
    this.#inferred(only.userId, source);
    return only.userId;
  }
}

/** Whether a user's id is the user name or the e-mail address of a person. */
function isNameOf({ userName, email }: Person, userId: string): boolean {
  const address = comparableEmail(userId);
  return userId === userName || (address !== '' && address === comparableEmail(email));
}
