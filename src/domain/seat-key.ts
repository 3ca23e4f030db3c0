/** A seat is a user in a profile. Ids have no control characters, so no two seats have one key. */
export function seatKey(profileId: string, userId: string): string {
  return `${profileId}\n${userId}`;
}

/** The key of a seat of an invoice. */
export function seatKeyOf(seat: {
  readonly profile: { readonly profileId: string };
  readonly userId: string;
}): string {
  return seatKey(seat.profile.profileId, seat.userId);
}
