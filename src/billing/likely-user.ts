import { likelyMeant } from '../domain/likely-id.ts';
import type { User } from '../domain/records.ts';

/**
 * The user whom an id without a seat most likely means, by the ids and e-mail addresses of
 * those of `seatIds`. Nothing where it is not one alone.
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
