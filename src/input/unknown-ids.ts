import { likelyMeant } from '../domain/likely-id.ts';
import type { TableRow } from './table.ts';

/** For this many ids a suggestion is searched: more problems of a kind are not shown. */
const MOST_HINTS = 20;

/** Reports ids that are not defined, with the id most likely meant. */
export class UnknownIds {
  readonly #what: string;
  readonly #known: () => Iterable<string>;
  #hints = MOST_HINTS;

  /** `known`: the ids that are defined. */
  constructor(what: string, known: () => Iterable<string>) {
    this.#what = what;
    this.#known = known;
  }

  refuse(row: TableRow, column: string, id: string): void {
    this.#hints -= 1;
    const near = this.#hints < 0 ? undefined : likelyMeant(id, [...this.#known()], (one) => [one]);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    row.problem(column, `${this.#what}${hint}`, id, this.#what);
  }
}

/** Reports profile ids that are not in `profiles.csv`. */
export function unknownProfiles(known: () => Iterable<string>): UnknownIds {
  return new UnknownIds('there is no such profile in profiles.csv', known);
}
