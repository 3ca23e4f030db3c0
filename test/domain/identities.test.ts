import { describe, expect, it } from 'vitest';
import {
  comparableEmail,
  NO_IDENTITIES,
  profileIdFor,
  userIdentities,
  userIdFor,
} from '../../src/domain/identities.ts';

function identities(users: Readonly<Record<string, string>>, aliases: Record<string, string> = {}) {
  const all = Object.entries(users).map(([userId, email]) => [userId, { userId, email }] as const);
  const found = userIdentities(new Map(all), new Map(Object.entries(aliases)));
  return { ...NO_IDENTITIES, ...found };
}

describe('e-mail addresses', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann@Example.COM', 'ann@example.com'],
    [' \tann@example.com \t', 'ann@example.com'],
    ['  Ann B@example.com ', 'ann b@example.com'],
    ['ÄNN@example.com', 'Änn@example.com'],
    ['ZoZ', 'zoz'],
    ['', ''],
    [' ', ''],
  ])('compare without case (ASCII) and without spaces around: %j', (text, expected) => {
    expect(comparableEmail(text)).toBe(expected);
  });
});

describe('the user that an id means', () => {
  it('is the user of an alias, else of an address, else of the id itself', () => {
    const known = identities(
      { u1: 'Ann@Example.com', u2: '' },
      { ann: 'u1', 'bo@example.com': 'u2' },
    );
    const meant = (id: string): string => userIdFor(known, id);
    expect(meant('ann')).toBe('u1');
    expect(meant('bo@example.com')).toBe('u2');
    expect(meant('ANN@example.com')).toBe('u1');
    expect(meant('u1')).toBe('u1');
    expect(meant('nobody')).toBe('nobody');
    expect(userIdFor(NO_IDENTITIES, 'ann@example.com')).toBe('ann@example.com');
  });

  it('is an alias also where nobody has an address', () => {
    expect(userIdFor(identities({ u1: '' }, { ann: 'u1' }), 'ann')).toBe('u1');
  });

  it('is nobody by an address of several users, in whatever spelling', () => {
    const known = identities({
      u1: 'ann@example.com',
      u2: ' ANN@example.com',
      u3: 'bo@example.com',
    });
    expect(userIdFor(known, 'ann@example.com')).toBe('ann@example.com');
    expect(userIdFor(known, 'bo@example.com')).toBe('u3');
    expect([...known.emails.keys()]).toEqual(['bo@example.com']);
  });

  it('is the user with that id before the one with that address', () => {
    const known = identities({ 'ann@example.com': '', u2: 'Ann@example.com', u3: '' });
    expect(userIdFor(known, 'ann@example.com')).toBe('ann@example.com');
    expect([...known.userNames]).toEqual([['ann@example.com', 'ann@example.com']]);
    expect(identities({ u1: ' ', u2: 'bo@example.com' }).emails).toEqual(
      new Map([['bo@example.com', 'u2']]),
    );
    const own = identities({ 'ann@example.com': 'ann@example.com' });
    expect(own.userNames.size).toBe(0);
  });
});

describe('the profile that an id means', () => {
  it('is that of an alias, else the id itself', () => {
    const known = { ...NO_IDENTITIES, profileAliases: new Map([['old', 'P1']]) };
    expect([profileIdFor(known, 'old'), profileIdFor(known, 'P1')]).toEqual(['P1', 'P1']);
  });
});
