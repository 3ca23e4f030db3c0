import { likelyMeant } from '../domain/likely-id.ts';
import type { User } from '../domain/records.ts';

/**
 * The user most likely meant by an id without a seat, by the ids and e-mail addresses of
 * the users in `seatIds`. Nothing if there is not exactly one.
 */
export function likelyUser(
  userId: string,
  seatIds: Iterable<string>,
  users: ReadonlyMap<string, User>,
): string | undefined {
  const known = [...seatIds]
    .filter((id) => id !== userId)
    .map((id) => ({ id, email: users.get(id)?.email.trim() ?? '' }));
  const found = likelyMeant(userId, known, ({ id, email }) => [id, email]);
  if (found === undefined) return undefined;
  const { id, email } = found;
  return email === '' || email === id ? id : `${id} ${email}`;
}
