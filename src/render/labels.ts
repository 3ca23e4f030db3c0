import { countsOf } from '../domain/counts.ts';
import { profileTitle, shortProfileId } from '../domain/ids.ts';
import type { SeatInvoice } from '../domain/invoice.ts';
import type { Profile } from '../domain/records.ts';
import { visible } from './terminal.ts';

/** What people call users and profiles, and which names are ambiguous. */
export interface Labels {
  /** The user's name, or the id of a user without one. */
  readonly userLabel: (userId: string) => string;
  /** The profile's name, or the short id of a profile without one. */
  readonly profileLabel: (profileId: string) => string;
  /** Whether each label names one user; else the ids must be shown too. */
  readonly usersAreDistinct: boolean;
  readonly profilesAreDistinct: boolean;
  /** Whether any label is not the id. */
  readonly usersHaveNames: boolean;
  readonly profilesHaveNames: boolean;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** What labels are made of. */
type LabeledSeat = Pick<SeatInvoice, 'profile' | 'userId' | 'userName'>;

/** The labels of the users and profiles of seats, harmless on a terminal. */
export function labelsOf(seats: readonly LabeledSeat[]): Labels {
  // There may be millions of users without a name, whose label is their id.
  const users = new Map<string, string>();
  const profiles = new Map<string, Profile>();
  for (const { userId, userName, profile } of seats) {
    const label = labelOf(userId, userName);
    if (label !== userId) users.set(userId, label);
    profiles.set(profile.profileId, profile);
  }
  const profileLabels = new Map(
    [...profiles].map(([id, profile]) => [id, visible(profileTitle(profile))] as const),
  );
  return {
    userLabel: (userId) => users.get(userId) ?? visible(userId),
    profileLabel: (profileId) => profileLabels.get(profileId) ?? visible(shortProfileId(profileId)),
    usersAreDistinct: areDistinct(users),
    profilesAreDistinct: areDistinct(profileLabels),
    usersHaveNames: [...users].some(([id, label]) => label !== visible(id)),
    profilesHaveNames: [...profiles.values()].some(({ name }) => name.trim() !== ''),
    profiles,
  };
}

/** What a user is called: by name, or by id where there is none. */
export function labelOf(id: string, name: string): string {
  const shown = visible(name).trim();
  return shown === '' ? visible(id) : shown;
}

function areDistinct(labels: ReadonlyMap<string, string>): boolean {
  return new Set(labels.values()).size === labels.size;
}

/** What ids are called: by name, with the id where several have it; by id where there is none. */
export function namer<Named>(
  known: ReadonlyMap<string, Named>,
  nameOf: (one: Named) => string,
): (id: string) => string {
  let counts: Map<string, number> | undefined;
  return (id) => {
    const one = known.get(id);
    const name = one === undefined ? '' : nameOf(one);
    if (name === '') return id;
    counts ??= countsOf([...known.values()].map(nameOf));
    return counts.get(name) === 1 ? name : `${name} (${id})`;
  };
}
