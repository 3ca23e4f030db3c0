import type { SeatInvoice } from '../domain/invoice.ts';
import { likelyFinder } from '../domain/likely-id.ts';
import type { User } from '../domain/records.ts';

interface NamedUser {
  readonly id: string;
  readonly email: string;
}

/**
 * Finds the user most likely meant by an id without a seat, by the ids and e-mail addresses of
 * the users who hold a tier. Nothing if there is not exactly one.
 */
export function likelyUsers(
  seats: readonly SeatInvoice[],
  users: ReadonlyMap<string, User>,
): (userId: string) => string | undefined {
  let find: ReturnType<typeof likelyFinder<NamedUser>> | undefined;
  return (userId) => {
    find ??= likelyFinder(
      holders(seats).map((id) => ({ id, email: users.get(id)?.email.trim() ?? '' })),
      ({ id, email }) => [id, email],
    );
    const found = find(userId, ({ id }) => id !== userId);
    if (found === undefined) return undefined;
    const { id, email } = found;
    return email === '' || email === id ? id : `${id} ${email}`;
  };
}

function holders(seats: readonly SeatInvoice[]): string[] {
  return [...new Set(seats.filter(({ terms }) => terms).map(({ userId }) => userId))];
}
