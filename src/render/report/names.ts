import { groupBy } from '../../domain/grouping.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import type { SeatIds } from '../../domain/seat-key.ts';
import { namer } from '../labels.ts';
import { html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The page's names of profiles, groups and seats; the id is added to a name that two share. */
export interface Names {
  readonly profile: (profileId: string) => string;
  readonly group: (groupId: string) => string;
  /** A user's name over the profile's. */
  readonly seat: (seat: NamedSeat) => Markup;
}

export interface NamedSeat extends SeatIds {
  /** Blank if there is none. */
  readonly userName: string;
}

const NO_GROUP = 'No group';
export const NO_COST_CENTER = 'No cost center';
export const NO_SEAT = 'No seat';

/** How the page names what it is about: by name if it is unique, else with the id. */
export function namesOf({ profiles, groups, report }: PageInput): Names {
  const profileName = namer(profiles, ({ name }) => name.trim());
  const profile = (id: string): string => (id === '' ? 'Unknown profile' : profileName(id));
  const groupName = namer(groups, ({ name }) => name.trim());
  const shared = sharedNames(report.seats);
  return {
    profile,
    group: (id) => (id === '' ? NO_GROUP : groupName(id)),
    seat: (seat) => {
      const name = nameOf(seat);
      const id = shared.has(name) && name !== seat.userId ? ` · ${seat.userId}` : '';
      return html`${name}<small>${profile(seat.profile.profileId)}${id}</small>`;
    },
  };
}

/** The names of several users. */
function sharedNames(seats: readonly SeatInvoice[]): Set<string> {
  const sameName = [...groupBy(seats, nameOf)];
  const shared = sameName.filter(([, [first, ...others]]) =>
    others.some(({ userId }) => userId !== first.userId),
  );
  return new Set(shared.map(([name]) => name));
}

/** A user's name, or the id if there is no name. */
export function nameOf({ userName: name, userId }: Omit<NamedSeat, 'profile'>): string {
  return name.trim() === '' ? userId : name.trim();
}

/** A user's name over the id; the id alone if there is no name. */
export function userName({ userName: name, userId }: SeatInvoice): Markup {
  return name.trim() === '' ? html`${userId}` : html`${name.trim()}<small>${userId}</small>`;
}
