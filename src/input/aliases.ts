import type { Place } from '../domain/problem.ts';
import type { FieldParser } from './fields.ts';
import type { TableRow } from './table.ts';

/** The ids in a field `aliases`, which spaces separate. */
export function aliasTexts(text: string): readonly string[] {
  return text.match(/[^ \t]+/g) ?? [];
}

/** Collects the column `aliases` of a file: more ids of the user or profile that a row is about. */
export class Aliases {
  readonly #rows: { row: TableRow; owner: string; ids: readonly string[] }[] = [];
  readonly #idName: string;
  readonly #parse: FieldParser<string>;

  /** `idName`: the column of the ids themselves. */
  constructor(idName: 'user_id' | 'profile_id', parse: FieldParser<string>) {
    this.#idName = idName;
    this.#parse = parse;
  }

  /** Reads the aliases of a row, separated by spaces; one that cannot be an id is a problem. */
  addRow(row: TableRow, owner: string): readonly string[] {
    const ids: string[] = [];
    for (const text of aliasTexts(row.text('aliases'))) {
      const parsed = this.#parse(text);
      if ('value' in parsed) ids.push(parsed.value);
      else row.problem('aliases', parsed.wrong, text, parsed.kind);
    }
    // Most rows have none, and are not kept.
    if (ids.length > 0) this.#rows.push({ row, owner, ids });
    return ids;
  }

  /**
   * From each alias to its id, once all rows have been read. `lineOf`: the line of
   * each id. One that is the id or an alias of another row is a problem of the row of the
   * alias; of two equal ones, of the later row.
   */
  resolved(lineOf: (id: string) => number | undefined): Map<string, string> {
    const owners = new Map<string, { owner: string; place: Place }>();
    for (const { row, owner, ids } of this.#rows) {
      for (const alias of ids) {
        const line = alias === owner ? undefined : lineOf(alias);
        const known = owners.get(alias);
        if (line !== undefined) {
          row.problem('aliases', `it is the ${this.#idName} of line ${line} already`, alias);
        } else if (known !== undefined && known.owner !== owner) {
          row.problem('aliases', `it is an alias in line ${known.place.line} already`, alias);
        } else if (alias !== owner) owners.set(alias, { owner, place: row.place });
      }
    }
    return new Map([...owners].map(([alias, { owner }]) => [alias, owner]));
  }
}
