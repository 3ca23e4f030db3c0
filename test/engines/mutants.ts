/** A change of one character, in a cast, the join or a cut, that makes a statement bill wrongly. */
interface Mutant {
  readonly what: string;
  readonly pattern: RegExp;
  readonly replacement: string;
  /** Whether it is in statements over text alone, as those over typed columns have no such cast. */
  readonly isOfText?: boolean;
}

/** Of statements over TABLES, whose rows lie where these stretches begin and end. */
export const MUTANTS: readonly Mutant[] = [
  {
    what: 'a cast to fewer places',
    pattern: /(CAST\([^()]*credits_text[^()]* AS DECIMAL\(38, )24/,
    replacement: '$114',
    isOfText: true,
  },
  {
    what: 'a join on another profile',
    pattern: /s\.profile_id = u\./,
    replacement: 's.profile_id < u.',
  },
  {
    what: 'a join without the first instant',
    pattern: />= s\.starts_at/,
    replacement: '> s.starts_at',
  },
  {
    what: 'a join with the instant after the last',
    pattern: /< s\.ends_at/,
    replacement: '<= s.ends_at',
  },
  {
    what: 'a cut at another time',
    pattern: /(TIMESTAMP '2027-12-10 0)8/,
    replacement: '$19',
  },
  {
    what: 'a cut on another day',
    pattern: /(TIMESTAMP '2027-12-2)0/,
    replacement: '$15',
  },
];

/** The statement changed. Fails where it has nothing to change. */
export function mutated(statement: string, { what, pattern, replacement }: Mutant): string {
  const changed = statement.replace(pattern, replacement);
  if (changed === statement) throw new Error(`nothing to change for ${what}`);
  if (Math.abs(changed.length - statement.length) > 1) throw new Error(`too much for ${what}`);
  return changed;
}
