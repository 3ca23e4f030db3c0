import { likelyMeant } from '../domain/likely-id.ts';
import type { TableRow } from './table.ts';

/** Of so many ids it is looked for what they mean: more problems of a kind are not shown. */
const MOST_HINTS = 20;

/** Refuses ids of what is not defined, with the one that is most likely meant. */
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

/** Refuses ids of profiles that `profiles.csv` lacks. */
export function unknownProfiles(known: () => Iterable<string>): UnknownIds {
  return new UnknownIds('there is no such profile in profiles.csv', known);
}
