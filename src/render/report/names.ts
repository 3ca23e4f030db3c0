import { groupBy } from '../../domain/grouping.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import { html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The page's names of profiles, groups and seats; the id is added to a name that two share. */
export interface Names {
  readonly profile: (profileId: string) => string;
  readonly group: (groupId: string) => string;
  /** A user's name over the profile's. */
  readonly seat: (seat: NamedSeat) => Markup;
}

export interface NamedSeat {
  readonly profile: { readonly profileId: string };
  readonly userId: string;
  /** Blank if there is none. */
  readonly userName: string;
}

const NO_GROUP = 'No group';
export const NO_COST_CENTER = 'No cost center';
export const NO_SEAT = 'No seat';

/** How the page names what it is about: by name if it is unique, else with the id. */
export function namesOf({ profiles, groupNames, report }: PageInput): Names {
  const profileNames = new Map([...profiles].map(([id, { name }]) => [id, name]));
  const profile = namer(profileNames, 'Unknown profile');
  const shared = sharedNames(report.seats);
  return {
    profile,
    group: namer(groupNames, NO_GROUP),
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

function namer(names: ReadonlyMap<string, string>, blank: string): (id: string) => string {
  const sameName = groupBy(names, ([, name]) => name.trim());
  return (id) => {
    const name = (names.get(id) ?? '').trim();
    if (name === '') return id === '' ? blank : id;
    return sameName.get(name)?.length === 1 && name !== blank ? name : `${name} (${id})`;
  };
}

/** A user's name, or the id if there is no name. */
export function nameOf({ userName: name, userId }: Omit<NamedSeat, 'profile'>): string {
  return name.trim() === '' ? userId : name.trim();
}

/** A user's name over the id; the id alone if there is no name. */
export function userName({ userName: name, userId }: SeatInvoice): Markup {
  return name.trim() === '' ? html`${userId}` : html`${name.trim()}<small>${userId}</small>`;
}
