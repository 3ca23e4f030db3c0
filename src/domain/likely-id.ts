/**
 * The id in `known` that was most likely meant: one with the same name in another case,
 * the same with or without the prefix of a directory, or a name one edit away. Nothing if there
 * is not exactly one.
 */
export function likelyMeant<Known>(
  id: string,
  known: readonly Known[],
  namesOf: (known: Known) => readonly string[],
): Known | undefined {
  const meant = comparable(id);
  const same = known.filter((one) => namesOf(one).map(comparable).includes(meant));
  const near = (): Known[] =>
    known.filter((one) =>
      namesOf(one).some((name) => name.length > SHORTEST && isOneEdit(meant, comparable(name))),
    );
  const [found, ...others] = same.length > 0 ? same : near();
  return others.length > 0 ? undefined : found;
}

/** Many shorter ids are one edit apart. */
const SHORTEST = 3;
const DIRECTORY_PREFIX = /^(?:d-[0-9a-z]{10}[./-]|[0-9a-f]{10}-(?=[0-9a-f]{8}-))/;

function comparable(id: string): string {
  return id.trim().toLowerCase().replace(DIRECTORY_PREFIX, '');
}

/**
 * Whether one of two different texts becomes the other by inserting, deleting or replacing a
 * letter, or swapping two neighbours.
 */
function isOneEdit(a: string, b: string): boolean {
  let start = 0;
  while (a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length !== b.length) return restA.slice(1) === restB || restA === restB.slice(1);
  const isSwap =
    restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return restA.slice(1) === restB.slice(1) || isSwap;
}
