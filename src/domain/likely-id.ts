import { groupBy } from './grouping.ts';

/**
 * Finds the one in `known` that an id most likely means: one with the same name in another case, the
 * same with or without the prefix of a directory, or a name one edit away. Nothing if there is not
 * exactly one. `isWanted` leaves some of it out. Names one edit away are compared one by one, so they
 * are not `withNear` where that would take too long.
 */
export function likelyFinder<Known>(
  known: readonly Known[],
  namesOf: (known: Known) => readonly string[],
  { withNear = true }: { readonly withNear?: boolean } = {},
): (id: string, isWanted?: (known: Known) => boolean) => Known | undefined {
  const named = known.flatMap((one) =>
    namesOf(one).map((name) => ({ one, name, plain: comparable(name) })),
  );
  const sameName = groupBy(named, ({ plain }) => plain);
  const long = withNear ? named.filter(({ name }) => name.length > SHORTEST) : [];
  const byLength = groupBy(long, ({ plain }) => plain.length);
  return (id, isWanted = () => true) => {
    const meant = comparable(id);
    const same = (sameName.get(meant) ?? []).filter(({ one }) => isWanted(one));
    const near = (): typeof named =>
      [-1, 0, 1]
        .flatMap((more) => byLength.get(meant.length + more) ?? [])
        .filter(({ one, plain }) => isOneEdit(meant, plain) && isWanted(one));
    const [found, ...others] = new Set((same.length > 0 ? same : near()).map(({ one }) => one));
    return others.length > 0 ? undefined : found;
  };
}

/** Many shorter ids are one edit apart. */
const SHORTEST = 3;
const DIRECTORY_PREFIX = /^(?:d-[0-9a-z]{10}[./-]|[0-9a-f]{10}-(?=[0-9a-f]{8}-))/;

function comparable(id: string): string {
  return id.trim().toLowerCase().replace(DIRECTORY_PREFIX, '');
}

/**
 * Whether one text becomes the other by inserting, deleting or replacing a letter, or swapping two
 * neighbours. Their lengths differ by one at most.
 */
function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  const most = short.length - start;
  while (end < most && short[short.length - 1 - end] === long[long.length - 1 - end]) end += 1;
  const differing = long.length - start - end;
  if (differing !== 2) return differing === 1;
  return short[start] === long[start + 1] && short[start + 1] === long[start];
}
