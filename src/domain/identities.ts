/**
 * The other ids by which inputs may name users and profiles. Plain maps, so that other
 * threads can receive them.
 */
export interface Identities {
  /**
   * From an alias to the user id; and from a user id to itself, if it is an e-mail address
   * of `emails` too.
   */
  readonly userNames: ReadonlyMap<string, string>;
  /** From an e-mail address that exactly one user has, as `comparableEmail`, to the user id. */
  readonly emails: ReadonlyMap<string, string>;
  /** From an alias to the profile id. */
  readonly profileAliases: ReadonlyMap<string, string>;
}

export const NO_IDENTITIES: Identities = {
  userNames: new Map(),
  emails: new Map(),
  profileAliases: new Map(),
};

/**
 * The user id that a bare id (`bareUserId`) means: it is looked up as `user_id`, then as
 * alias, then as e-mail address; otherwise it is the user id itself.
 */
export function userIdFor({ userNames, emails }: Identities, bareId: string): string {
  const named = userNames.get(bareId);
  if (named !== undefined || emails.size === 0) return named ?? bareId;
  return emails.get(comparableEmail(bareId)) ?? bareId;
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
export interface UserAddress {
  readonly userId: string;
  readonly email: string;
}

/** The identities of users, from their aliases and addresses. An address of several users identifies none. */
export function userIdentities(
  users: ReadonlyMap<string, UserAddress>,
  aliases: ReadonlyMap<string, string>,
): Pick<Identities, 'userNames' | 'emails'> {
  const emails = new Map<string, string>();
  const shared = new Set<string>();
  for (const { userId, email } of users.values()) {
    const address = comparableEmail(email);
    if (address === '') continue;
    if (emails.has(address)) shared.add(address);
    emails.set(address, userId);
  }
  for (const address of shared) emails.delete(address);
  const userNames = new Map(aliases);
  for (const userId of users.keys()) {
    const owner = emails.get(comparableEmail(userId));
    if (owner !== undefined && owner !== userId) userNames.set(userId, userId);
  }
  return { userNames, emails };
}
