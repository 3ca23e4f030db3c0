/** Every rule has one home, and can be found by its id, in the program and in its tests. */
import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../src/domain/rule-id.ts';
import { type SourceFile, sourceFiles } from './sources.ts';

const ID = /\b[HSORM][1-9]\b/g;
/** A docstring, with the line after it. */
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*([^\n]*)/g;
const FUNCTION = /^(?:export )?(?:async )?function\b|^[#*]*\w+(?:<[^>]*>)?\(/;

/** A function whose docstring ends with the ids of the rules that it is the home of: `Rules H2, H3.` */
interface Home {
  readonly id: string;
  readonly at: string;
}

/** The homes of rules, and what names a rule as if it was one. */
function homesOf({ path, text }: SourceFile): { homes: Home[]; offences: string[] } {
  const homes: Home[] = [];
  const offences: string[] = [];
  for (const [, comment = '', next = ''] of text.matchAll(DOCUMENTED)) {
    const docstring = comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
    const ids = /(?:^|\s)Rules? ([^.]*)\.$/.exec(docstring)?.[1]?.match(ID) ?? [];
    const named = docstring.match(/\bRules? [HSORM][1-9]/g) ?? [];
    if (named.length > (ids.length > 0 ? 1 : 0)) offences.push(`${path}: ${docstring}`);
    if (ids.length > 0 && !FUNCTION.test(next)) offences.push(`${path}: no function: ${next}`);
    homes.push(...ids.map((id) => ({ id, at: `${path}: ${next}` })));
  }
  return { homes, offences };
}

/** The ids that titles of tests begin with, plain ones and those of tables. */
function idsOfTitles(text: string): string[] {
  return [...text.matchAll(/(?:\b(?:it|test)|\))\(\s*['"`]([HSORM][1-9]): /g)].map(
    ([, id = '']) => id,
  );
}

describe('a rule can be found', () => {
  const found = sourceFiles('src').map(homesOf);
  const homes = found.flatMap((one) => one.homes);
  const inTitles = new Set(sourceFiles('test').flatMap(({ text }) => idsOfTitles(text)));

  it.each(RULE_IDS)('%s has one home: one function of src whose docstring ends with it', (id) => {
    expect(homes.filter((home) => home.id === id)).toHaveLength(1);
  });

  it('no other docstring names a rule as its own', () => {
    expect(found.flatMap(({ offences }) => offences)).toEqual([]);
  });

  it.each(RULE_IDS)('%s is where the title of a test begins', (id) => {
    expect(inTitles).toContain(id);
  });

  it('no docstring and no title names a rule that there is not', () => {
    const known: readonly string[] = RULE_IDS;
    const named = [...homes.map(({ id }) => id), ...inTitles];
    expect(named.filter((id) => !known.includes(id))).toEqual([]);
  });
});

describe('the search itself', () => {
  const made = (text: string): SourceFile => ({ path: 'a.ts', text });

  it('finds homes by the last words of docstrings of functions', () => {
    const { homes, offences } = homesOf(
      made(`
      /** A tier, by rank. Rule H4. */
      export function one(): void {}
      class Two {
        /**
         * Both the cap and the switch. Rules
         * O2, O3.
         */
        #three(x: number): void {}
      }
      /** Like S3 and S4, but not by any rule (S1). */
      function four() {}
      // Rule S1.
      /* Rule S2. */
      const rule = 'Rule M1.';`),
    );
    expect(homes.map(({ id }) => id)).toEqual(['H4', 'O2', 'O3']);
    expect(offences).toEqual([]);
  });

  it.each([
    ['a type', '/** A source. Rule H1. */\nexport interface Source {'],
    ['in between', '/** By rule. Rule H1. And more. */\nfunction one() {}'],
    ['twice', '/** First. Rule H1. Then. Rule H2. */\nfunction one() {}'],
  ])('refuses a rule that is named as if at home: %s', (_, text) => {
    expect(homesOf(made(text)).offences).toHaveLength(1);
  });

  it('finds ids at the start of titles only', () => {
    const text = `
      it('H1: a source', () => {});
      test("S2: a share", () => {});
      it.each([1])(
        \`O1: table \${1}\`, () => {});
      it('as S3 says: nothing', () => {});
      it('M1', () => {});
      describe('M2: a group of tests', () => {});
      expect('M3: a text').toBe('M4: another');`;
    expect(idsOfTitles(text)).toEqual(['H1', 'S2', 'O1']);
  });
});
