import { groupBy } from '../../domain/grouping.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import { html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The page's names of profiles and groups; the id is added to a name that two share. */
export interface Names {
  readonly profile: (profileId: string) => string;
  readonly group: (groupId: string) => string;
}

const NO_GROUP = 'No group';
export const NO_COST_CENTER = 'No cost center';
export const NO_SEAT = 'No seat';

/** How the page names profiles and groups: by name if it is unique, else with the id. */
export function namesOf({ profiles, groupNames }: PageInput): Names {
  const profileNames = new Map([...profiles].map(([id, { name }]) => [id, name]));
  return { profile: namer(profileNames, 'Unknown profile'), group: namer(groupNames, NO_GROUP) };
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
export function nameOf({ userName: name, userId }: SeatInvoice): string {
  return name.trim() === '' ? userId : name.trim();
}

/** A user's name over the id; the id alone if there is no name. */
export function userName({ userName: name, userId }: SeatInvoice): Markup {
  return name.trim() === '' ? html`${userId}` : html`${name.trim()}<small>${userId}</small>`;
}
