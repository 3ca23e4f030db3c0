/** Every rule can be found by its id, in the program and in its tests. */
import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../src/domain/rule-id.ts';
import { sourceFiles } from './sources.ts';

const ID = /\b[HSORM][1-9]\b/g;

/** The ids that docstrings name after `Rule` or `Rules`, up to the end of that sentence. */
function idsOfDocstrings(text: string): string[] {
  const docstrings = text.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return docstrings
    .map((docstring) => docstring.replace(/\s*\n\s*\*?\s*/g, ' '))
    .flatMap((docstring) => docstring.match(/\bRules? [^.]*/g) ?? [])
    .flatMap((sentence) => sentence.match(ID) ?? []);
}

/** The ids that titles of tests begin with, plain ones and those of tables. */
function idsOfTitles(text: string): string[] {
  return [...text.matchAll(/(?:\b(?:it|test)|\))\(\s*['"`]([HSORM][1-9]): /g)].map(
    ([, id = '']) => id,
  );
}

function idsIn(folder: 'src' | 'test', idsOf: (text: string) => string[]): Set<string> {
  return new Set(sourceFiles(folder).flatMap(({ text }) => idsOf(text)));
}

describe('a rule can be found', () => {
  const inDocstrings = idsIn('src', idsOfDocstrings);
  const inTitles = idsIn('test', idsOfTitles);

  it.each(RULE_IDS)('%s stands in a docstring of src', (id) => {
    expect(inDocstrings).toContain(id);
  });

  it.each(RULE_IDS)('%s is where the title of a test begins', (id) => {
    expect(inTitles).toContain(id);
  });

  it('no docstring and no title names a rule that there is not', () => {
    const known: readonly string[] = RULE_IDS;
    expect([...inDocstrings, ...inTitles].filter((id) => !known.includes(id))).toEqual([]);
  });
});

describe('the search itself', () => {
  it('finds ids in docstrings only, and only after the word', () => {
    const made = `
      /** A tier, by rank. Rule H4. */
      /**
       * Both the cap and the switch. Rules
       * O2, O3.
       */
      // Rule S1.
      /* Rule S2. */
      /** Like S3 and S4, but not by any rule. */
      const rule = 'Rule M1.';`;
    expect(idsOfDocstrings(made)).toEqual(['H4', 'O2', 'O3']);
  });

  it('finds ids at the start of titles only', () => {
    const made = `
      it('H1: a source', () => {});
      test("S2: a share", () => {});
      it.each([1])(
        \`O1: table \${1}\`, () => {});
      it('as S3 says: nothing', () => {});
      it('M1', () => {});
      describe('M2: a group of tests', () => {});
      expect('M3: a text').toBe('M4: another');`;
    expect(idsOfTitles(made)).toEqual(['H1', 'S2', 'O1']);
  });
});
