/** A seat is a user in a profile. Ids have no control characters, so no two seats have one key. */
export function seatKey(profileId: string, userId: string): string {
  return `${profileId}\n${userId}`;
}

/** A seat, by what distinguishes it from others. */
export interface SeatIds {
  readonly profile: { readonly profileId: string };
  readonly userId: string;
}

/** The key of a seat of an invoice. */
export function seatKeyOf({ profile, userId }: SeatIds): string {
  return seatKey(profile.profileId, userId);
}
