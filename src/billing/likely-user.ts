import type { SeatInvoice } from '../domain/invoice.ts';
import { likelyFinder } from '../domain/likely-id.ts';
import type { User } from '../domain/records.ts';

interface NamedUser {
  readonly id: string;
  readonly email: string;
}

/** Ids are compared with each other at most so many times: a second or two. */
const MOST_COMPARISONS = 50_000_000;

/**
 * Finds the user most likely meant by an id without a seat, by the ids and e-mail addresses of
 * the users who hold a tier. Nothing if there is not exactly one. Two whom `users` has are two people,
 * however alike their ids. Where there are so many of both that comparing them would take minutes, one
 * is found by the same name alone.
 */
export function likelyUsers(
  seats: readonly SeatInvoice[],
  users: ReadonlyMap<string, User>,
): (userId: string) => string | undefined {
  let find: ReturnType<typeof likelyFinder<NamedUser>> | undefined;
  return (userId) => {
    find ??= finderOf(seats, users);
    const isKnown = users.has(userId);
    const found = find(userId, ({ id }) => id !== userId && !(isKnown && users.has(id)));
    if (found === undefined) return undefined;
    const { id, email } = found;
    return email === '' || email === id ? id : `${id} ${email}`;
  };
}

function finderOf(
  seats: readonly SeatInvoice[],
  users: ReadonlyMap<string, User>,
): ReturnType<typeof likelyFinder<NamedUser>> {
  const held = seats.filter(({ terms }) => terms);
  const holders = [...new Set(held.map(({ userId }) => userId))];
  return likelyFinder(
    holders.map((id) => ({ id, email: users.get(id)?.email.trim() ?? '' })),
    ({ id, email }) => [id, email],
    { withNear: holders.length * (seats.length - held.length) <= MOST_COMPARISONS },
  );
}
