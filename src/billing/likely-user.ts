import type { User } from '../domain/records.ts';

/**
 * The user whom an id without a seat most likely means: one of `seatIds` with the same id or
 * e-mail address in another case, the same id with or without the prefix of a directory, or
 * an id one edit away. Nothing where it is not one alone.
 */
export function likelyUser(
  userId: string,
  seatIds: Iterable<string>,
  users: ReadonlyMap<string, User>,
): string | undefined {
  const meant = comparable(userId);
  const known = [...seatIds]
    .filter((id) => id !== userId)
    .map((id) => ({ id, email: users.get(id)?.email.trim() ?? '' }));
  const same = known.filter(({ id, email }) => [id, email].map(comparable).includes(meant));
  const near = known.filter(({ id, email }) =>
    [id, email].some((one) => one.length > SHORTEST && isOneEdit(meant, comparable(one))),
  );
  const [found, ...others] = same.length > 0 ? same : near;
  if (found === undefined || others.length > 0) return undefined;
  return found.email === '' || found.email === found.id ? found.id : `${found.id} ${found.email}`;
}

/** Of shorter ids many are one edit apart. */
const SHORTEST = 3;
const DIRECTORY_PREFIX = /^(?:d-[0-9a-z]{10}[./-]|[0-9a-f]{10}-(?=[0-9a-f]{8}-))/;

function comparable(id: string): string {
  return id.trim().toLowerCase().replace(DIRECTORY_PREFIX, '');
}

/** Whether one text becomes the other by a letter more, less, other, or two that change places. */
function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length !== b.length) return restA.slice(1) === restB || restA === restB.slice(1);
  const isSwap =
    restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return restA.slice(1) === restB.slice(1) || isSwap;
}
