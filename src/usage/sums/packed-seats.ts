import { add } from '../../domain/decimal.ts';
import { type Identities, userIdFor } from '../../domain/identities.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { DayUsage } from '../plan.ts';
import { type PackedSums, requestsOf, totalOf } from './exact-sums.ts';
import type { KnownWindow } from './profile-windows.ts';
import type { PackedUsers } from './user-table.ts';

/** Sums by seat and window as plain arrays, which can go from one thread to another. */
export interface PackedSeats extends PackedUsers {
  readonly windows: readonly KnownWindow[];
  /** By cell: the id of its window; the users are by cell, too. */
  readonly cellWindows: Int32Array;
  readonly sums: PackedSums;
}

/**
 * The sums of all packs, those of one seat in one window put together, by whatever ids of the
 * user they were read; in no particular order.
 */
export function usageOfPacks(
  packs: readonly PackedSeats[],
  identities: Identities,
): (StretchUsage | DayUsage)[] {
  const byWindow = new Map<string, Map<string, StretchUsage | DayUsage>>();
  for (const pack of packs) addPack(byWindow, pack, identities);
  return [...byWindow.values()].flatMap((users) => [...users.values()]);
}

function addPack(
  byWindow: Map<string, Map<string, StretchUsage | DayUsage>>,
  { windows, cellWindows, userEnds, userIds, sums }: PackedSeats,
  identities: Identities,
): void {
  const usersOf = windows.map((window) => usersIn(byWindow, window));
  const ids = Buffer.from(userIds.buffer, userIds.byteOffset, userIds.length);
  for (const [cell, id] of cellWindows.entries()) {
    const users = usersOf[id];
    const requests = requestsOf(sums, cell);
    if (users === undefined || requests === 0) continue;
    const { profileId, month, from, to, date } = windows[id] as KnownWindow;
    const bareId = ids.toString('utf8', userEnds[cell - 1] ?? 0, userEnds[cell]);
    const userId = userIdFor(identities, bareId);
    const usage = { profileId, userId, month, from, to, credits: totalOf(sums, cell), requests };
    const known = users.get(userId);
    if (known !== undefined) users.set(userId, together(known, usage));
    else users.set(userId, date === undefined ? usage : { ...usage, date });
  }
}

function usersIn<Usage>(
  byWindow: Map<string, Map<string, Usage>>,
  { profileId, start }: KnownWindow,
): Map<string, Usage> {
  const key = `${start} ${profileId}`;
  const known = byWindow.get(key);
  if (known !== undefined) return known;
  const users = new Map<string, Usage>();
  byWindow.set(key, users);
  return users;
}

function together<Usage extends StretchUsage>(a: Usage, b: StretchUsage): Usage {
  return { ...a, credits: add(a.credits, b.credits), requests: a.requests + b.requests };
}
