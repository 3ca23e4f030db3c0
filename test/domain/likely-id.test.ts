import { describe, expect, it } from 'vitest';
import { likelyFinder } from '../../src/domain/likely-id.ts';

const UUID = '1a2b3c4d-0000-4000-8000-00000000000f';

function meant(id: string, ...known: string[]): string | undefined {
  return likelyFinder(known, (one) => [one])(id);
}

describe('the id that was most likely meant', () => {
  it.each([
    ['another case', 'ALICE', 'alice'],
    ['spaces around', ' alice ', 'alice'],
    ['the prefix of a directory', `d-90676abcd1.${UUID}`, UUID],
    ['that prefix with a slash', `d-90676abcd1/${UUID}`, UUID],
    ['that prefix with a hyphen', `d-90676abcd1-${UUID}`, UUID],
    ['the prefix of an identity store', `9067642ac7-${UUID}`, UUID],
    ['the prefix that only the known one has', UUID, `9067642AC7-${UUID}`],
    ['a letter more', 'aliice', 'alice'],
    ['a letter more at the start', 'xalice', 'alice'],
    ['a letter more at the end', 'alicex', 'alice'],
    ['a letter less', 'alce', 'alice'],
    ['a letter less at the start', 'lice', 'alice'],
    ['a letter less at the end', 'alic', 'alice'],
    ['another letter', 'alixe', 'alice'],
    ['another first letter', 'olice', 'alice'],
    ['another last letter', 'alica', 'alice'],
    ['two neighbours swapped', 'ailce', 'alice'],
    ['the first two swapped', 'laice', 'alice'],
    ['the last two swapped', 'aliec', 'alice'],
    ['an edit and another case', 'ALCE', 'alice'],
    ['an edit of a name of four letters', 'abcx', 'abcd'],
  ])('is one with %s', (_, id, known) => {
    expect(meant(id, known, 'somebody else')).toBe(known);
  });

  it.each([
    ['two letters more', 'aliceab', 'alice'],
    ['two letters less', 'ali', 'alice'],
    ['two other letters', 'alxxe', 'alice'],
    ['other letters apart', 'xlicx', 'alice'],
    ['letters swapped that are not neighbours', 'ecila', 'alice'],
    ['two swaps', 'laiec', 'alice'],
    ['a swap and another letter', 'laicx', 'alice'],
    ['a letter more and one less', 'liceb', 'alice'],
    ['a letter more, and another', 'xalicx', 'alice'],
    ['an edit of a name of three letters', 'abx', 'abc'],
    ['a prefix after a letter', `xd-90676abcd1.${UUID}`, UUID],
    ['two letters, of which one has moved', 'ablice', 'bclice'],
    ['the other of the two moved', 'bclice', 'ablice'],
    ['a prefix of nine letters', `d-90676abcd.${UUID}`, UUID],
    ['a store before what is no UUID', '9067642ac7-alice', 'alice'],
  ])('is none with %s', (_, id, known) => {
    expect(meant(id, known)).toBeUndefined();
  });

  it('is none that is not wanted, of equal names and of near ones', () => {
    const find = likelyFinder(['Alice', 'ALICE', 'bobs', 'bobt'], (one) => [one]);
    expect(find('alice', (one) => one !== 'ALICE')).toBe('Alice');
    expect(find('bob1', (one) => one !== 'bobs')).toBe('bobt');
    expect(find('alice', () => false)).toBeUndefined();
  });

  it('is only one of the same name where near ones are not sought', () => {
    const find = likelyFinder(['Alice', 'bobs'], (one) => [one], { withNear: false });
    expect(find('alice')).toBe('Alice');
    expect(find('bobt')).toBeUndefined();
  });

  it('is none where it could be several', () => {
    expect(meant('alice', 'Alice', 'ALICE')).toBeUndefined();
    expect(meant('alice', 'alicf', 'alics')).toBeUndefined();
    expect(meant('alice')).toBeUndefined();
  });

  it('is the same in another form before one that is an edit away', () => {
    expect(meant('alice', 'alicf', 'ALICE')).toBe('ALICE');
  });

  it('is found by any of its names', () => {
    const known = [
      { id: 'u1', email: 'alice@example.com' },
      { id: 'u2', email: 'bo@example.com' },
    ];
    const namesOf = (one: { id: string; email: string }): string[] => [one.id, one.email];
    expect(likelyFinder(known, namesOf)('Bo@Example.com')?.id).toBe('u2');
    expect(likelyFinder(known, namesOf)('alice@exmple.com')?.id).toBe('u1');
  });
});
