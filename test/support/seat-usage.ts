import { groupBy } from '../../src/domain/grouping.ts';
import type { SeatUsage, StretchUsage } from '../../src/domain/records.ts';
import { compareBytes } from '../../src/domain/text-order.ts';

/** These stretches as usage by seat. */
export function seatUsage(stretches: readonly StretchUsage[]): SeatUsage {
  const inTime = [...stretches].sort((a, b) => (a.from < b.from ? -1 : 1));
  const of = (month: string, profileId?: string): StretchUsage[] =>
    inTime.filter(
      (one) => one.month === month && (profileId === undefined || one.profileId === profileId),
    );
  const userIds = [...new Set(stretches.map(({ userId }) => userId))].sort(compareBytes);
  const users = (month: string, profileId: string): number[] => {
    const used = new Set(of(month, profileId).map(({ userId }) => userId));
    return [...userIds.keys()].filter((user) => used.has(userIds[user] as string));
  };
  return {
    profileIds: (month) => groupBy(of(month), ({ profileId }) => profileId).keys(),
    users,
    userCount: (month, profileId) => users(month, profileId).length,
    userId: (user) => userIds[user] as string,
    ofSeat: (month, profileId, user) =>
      of(month, profileId).filter(
        ({ userId }) => userId === (typeof user === 'number' ? userIds[user] : user),
      ),
    [Symbol.iterator]: () => stretches[Symbol.iterator](),
  };
}
