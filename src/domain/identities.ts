/** The ids by which inputs may name users and profiles. */
export interface Identities extends UserIdentities {
  /** From an alias to the profile id. */
  readonly profileAliases: ReadonlyMap<string, string>;
}

/** The ids by which inputs may name users. */
export interface UserIdentities {
  /** By user id. */
  readonly users: ReadonlyMap<string, UserAddress>;
  /** From an alias to the user id. */
  readonly userAliases: ReadonlyMap<string, string>;
  /** From an e-mail address that exactly one user has, as `comparableEmail`, to the user id. */
  readonly emails?: () => ReadonlyMap<string, string>;
}

/**
 * The user id that a bare id (`bareUserId`) means: it is looked up as `user_id`, then as
 * alias, then as e-mail address; otherwise it is the user id itself.
 */
export function userIdFor({ users, userAliases, emails }: UserIdentities, bareId: string): string {
  if (users.size === 0) return bareId;
  // The same text as in the register, so that that of the row need not be kept.
  const known = users.get(bareId);
  if (known !== undefined) return known.userId;
  return userAliases.get(bareId) ?? emails?.().get(comparableEmail(bareId)) ?? bareId;
}

/** The profile id that an id means: itself unless it is an alias. */
export function profileIdFor({ profileAliases }: Identities, id: string): string {
  return profileAliases.get(id) ?? id;
}

/** An e-mail address as it is compared: ignoring case (ASCII), and spaces around. */
export function comparableEmail(text: string): string {
  // Most are already in this form.
  if (!/[A-Z \t]/.test(text)) return text;
  return text
    .replace(/^[ \t]+|[ \t]+$/g, '')
    .replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** What is known of a user's e-mail address. */
interface UserAddress {
  readonly userId: string;
  readonly email: string;
}

/** The identities of users. Addresses are only gathered once an id is neither a user's nor an alias. */
export function userIdentities(
  users: ReadonlyMap<string, UserAddress>,
  userAliases: ReadonlyMap<string, string>,
): UserIdentities {
  let known: ReadonlyMap<string, string> | undefined;
  const emails = (): ReadonlyMap<string, string> => {
    known ??= emailsOf(users);
    return known;
  };
  return { users, userAliases, emails };
}

/** The addresses of users; one of several users identifies none. */
function emailsOf(users: ReadonlyMap<string, UserAddress>): Map<string, string> {
  const emails = new Map<string, string>();
  const shared = new Set<string>();
  for (const { userId, email } of users.values()) {
    const address = comparableEmail(email);
    if (address === '') continue;
    if (emails.has(address)) shared.add(address);
    emails.set(address, userId);
  }
  for (const address of shared) emails.delete(address);
  return emails;
}

/** Without any known user. It has no function, as threads are sent a copy of it. */
export const NO_IDENTITIES: Identities = {
  users: new Map(),
  userAliases: new Map(),
  profileAliases: new Map(),
};
