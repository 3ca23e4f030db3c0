import { describe, expect, it } from 'vitest';
import { groupBy } from '../../src/domain/grouping.ts';
import { BadInput } from '../../src/domain/problem.ts';
import { RULE_IDS } from '../../src/domain/rule-id.ts';
import { VIEWS } from '../../src/domain/view.ts';

describe('grouping', () => {
  it('keeps keys and items in the order in which they come', () => {
    const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2'], (text) => text.slice(0, 1));
    expect([...groups]).toEqual([
      ['b', ['b1', 'b2']],
      ['a', ['a1', 'a2']],
      ['c', ['c1']],
    ]);
    expect(groupBy([], String).size).toBe(0);
  });
});

describe('lists of the contract', () => {
  it('has the ids of the rules page, in its order', () => {
    expect(RULE_IDS.join(' ')).toBe('H1 H2 H3 H4 S1 S2 S3 S4 O1 O2 O3 O4 O5 O6 R1 R2 M1 M2 M3 M4');
  });

  it('has the eight views', () => {
    expect([...VIEWS].sort()).toEqual([
      'account',
      'cost_center',
      'group',
      'line',
      'profile',
      'region',
      'tier',
      'user',
    ]);
  });
});

describe('bad input', () => {
  const problem = { file: 'usage.csv', line: 2, column: 'row', what: 'is short' };

  it('tells how many problems there are, also where not all are kept', () => {
    expect(new BadInput([problem])).toMatchObject({ problems: [problem], total: 1 });
    expect(new BadInput([problem], 20_000)).toMatchObject({ problems: [problem], total: 20_000 });
    expect(new BadInput([problem], 20_000).message).toContain('20000');
  });
});
