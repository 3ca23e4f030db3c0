import { shortProfileId } from '../domain/ids.ts';
import { likelyMeant } from '../domain/likely-id.ts';
import type { Profile } from '../domain/records.ts';
import type { TableRow } from './table.ts';

/** For this many ids a suggestion is searched: more problems of a kind are not shown. */
const MOST_HINTS = 20;

/** What a row may name by its id; if it has another name instead, the message gives the id. */
export interface NamedId {
  readonly id: string;
  readonly name: string;
}

/** Reports ids that are not defined, with the id most likely meant. */
export class UnknownIds {
  readonly #what: string;
  readonly #known: () => readonly NamedId[];
  #hints = MOST_HINTS;

  /** `known`: what is defined. */
  constructor(what: string, known: () => readonly NamedId[]) {
    this.#what = what;
    this.#known = known;
  }

  refuse(row: TableRow, column: string, id: string): void {
    this.#hints -= 1;
    const near = this.#hints < 0 ? undefined : likelyMeant(id, this.#known(), namesOf);
    const hint = near === undefined ? '' : `; did you mean ${near.id}?`;
    row.problem(column, `${this.#what}${hint}`, id, this.#what);
  }
}

/** All that a person may write for an id: a profile's is also called by the last part of its ARN. */
function namesOf({ id, name }: NamedId): string[] {
  return [id, name, shortProfileId(id)];
}

/** Reports profile ids that are not in `profiles.csv`. */
export function unknownProfiles(
  known: () => Iterable<Pick<Profile, 'profileId' | 'name'>>,
): UnknownIds {
  return new UnknownIds('there is no such profile in profiles.csv', () =>
    [...known()].map(({ profileId: id, name }) => ({ id, name })),
  );
}
