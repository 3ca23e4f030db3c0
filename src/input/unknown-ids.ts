import { shortProfileId } from '../domain/ids.ts';
import { likelyFinder } from '../domain/likely-id.ts';
import type { Profile } from '../domain/records.ts';
import type { TableRow } from './table.ts';

/** For this many ids a suggestion is searched: more problems of a kind are not shown. */
const MOST_HINTS = 20;

/** What a row may name by its id; if it has another name instead, the message gives the id. */
interface NamedId {
  readonly id: string;
  readonly name: string;
}

/** Reports that a field has an id which is not defined, with the id most likely meant. */
type UnknownIds = (row: TableRow, column: string, id: string) => void;

/** `known`: what is defined, once the first unknown id is found. */
export function unknownIds(what: string, known: () => readonly NamedId[]): UnknownIds {
  let find: ((id: string) => NamedId | undefined) | undefined;
  let hints = MOST_HINTS;
  return (row, column, id) => {
    hints -= 1;
    // A person may write any of these for an id: a profile's is also called by the last part of its ARN.
    find ??= likelyFinder(known(), (one) => [one.id, one.name, shortProfileId(one.id)]);
    const near = hints < 0 ? undefined : find(id);
    const hint = near === undefined ? '' : `; did you mean ${near.id}?`;
    row.problem(column, `${what}${hint}`, id, what);
  };
}

/** Reports profile ids that are not in `profiles.csv`. */
export function unknownProfiles(
  known: () => Iterable<Pick<Profile, 'profileId' | 'name'>>,
): UnknownIds {
  return unknownIds('there is no such profile in profiles.csv', () =>
    [...known()].map(({ profileId: id, name }) => ({ id, name })),
  );
}
