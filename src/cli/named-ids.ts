import { firstOf, grouped } from '../domain/counts.ts';
import { WrongUsage } from '../domain/problem.ts';
import { nearest } from '../input/nearest.ts';
import { shortened } from '../render/width.ts';

/** How many ids or names a message lists. */
const LISTED = 12;
/** Columns of a name that a message repeats. */
const SHOWN_NAME = 200;

/** What a filter may name: by an id, or by a name, which may not be unique. There may be millions. */
export interface Named {
  readonly id: string;
  readonly otherIds: readonly string[];
  readonly names: readonly string[];
}

/** All that may be named; in an order in which they can be listed, which takes long, only if asked. */
export type AllNamed = (inOrder?: 'in order') => Iterable<Named>;

/** The ids that the texts name, each by an id, else by a name; one that names none or several is `WrongUsage`. */
export function namedIds(
  flag: string,
  wanted: readonly string[],
  all: AllNamed,
): ReadonlySet<string> {
  return new Set(wanted.map((text) => idNamed(flag, text, all)));
}

/** The id that a text names: an id, else a name exactly, else either ignoring case. */
function idNamed(flag: string, text: string, all: AllNamed): string {
  const wanted = comparable(text);
  const ways: readonly ((one: Named) => boolean)[] = [
    ({ id, otherIds }) => id === text || otherIds.includes(text),
    ({ names }) => names.includes(text),
    ({ id, otherIds, names }) =>
      wanted !== '' && [id, ...otherIds, ...names].some((name) => comparable(name) === wanted),
  ];
  for (const way of ways) {
    const [found, ...more] = idsThat(way, all());
    if (found === undefined || text === '') continue;
    if (more.length === 0) return found;
    const ids = idsThat(way, all('in order'));
    throw new WrongUsage(`${flag} ${text} fits several: ${listed(ids)}; name one of these`);
  }
  const known = new Map(Array.from(all('in order'), ({ id, names }) => [id, [id, ...names]]));
  throw unknown(flag, text, [...known.values()].flat());
}

function idsThat(way: (one: Named) => boolean, all: Iterable<Named>): string[] {
  const ids = new Set<string>();
  for (const one of all) if (way(one)) ids.add(one.id);
  return [...ids];
}

function listed(ids: readonly string[]): string {
  const some = firstOf(ids, LISTED, (more) => `and ${grouped(more)} more`);
  return some.map(shown).join(', ');
}

/** Names stay as they are in the files, but the spaces around them are rarely typed. */
function comparable(name: string): string {
  return name.trim().toLowerCase();
}

function shown(name: string): string {
  return shortened(name, SHOWN_NAME);
}

/** Fewer characters occur in too many names to say which was meant. */
const MIN_PART = 3;

function unknown(flag: string, value: string, known: readonly string[]): WrongUsage {
  const lower = value.toLowerCase();
  const holding = known.find((one) => one.toLowerCase().includes(lower));
  const near = nearest(value, known) ?? (lower.length < MIN_PART ? undefined : holding);
  const named = known.filter((one) => one !== '');
  const hint = near === undefined ? listOf(named) : `; did you mean ${shown(near)}?`;
  return new WrongUsage(
    `${flag} ${value || '""'}: the data have no such ${filterName(flag)}${hint}`,
  );
}

/** The available names, unless there are too many to list. */
function listOf(names: readonly string[]): string {
  if (names.length === 0) return ' (there is none)';
  return names.length <= LISTED ? ` (there are ${names.map(shown).join(', ')})` : '';
}

/** `cost center`: what a flag filters by. */
export function filterName(flag: string): string {
  return flag.slice(2).replace('-', ' ');
}
