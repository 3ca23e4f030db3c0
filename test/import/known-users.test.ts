/** Users as reports, bills, lists, people and a person's own tables name them: by id, else by name, else by e-mail. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/domain/instant.ts';
import { regionFromText } from '../../src/domain/region.ts';
import type { ListedUser, Person } from '../../src/import/evidence.ts';
import { KnownUsers } from '../../src/import/known-users.ts';
import { ListProfiles } from '../../src/import/list-profile.ts';
import type { TextRow } from '../../src/import/table-rows.ts';

const A = '11111111-1111-4111-8111-111111111111';

function person(id: string, texts: Partial<Person> = {}): Person {
  return {
    id,
    isIdentityStore: false,
    userName: '',
    email: '',
    name: '',
    costCenter: '',
    source: `p-${id}`,
    ...texts,
  };
}

function listed(names: readonly [string, ...string[]], email = ''): ListedUser {
  return { names, email, status: 'active', tier: 'Pro', activatedAt: undefined, source: 'list' };
}

function users(
  own: readonly TextRow[] = [],
  reported: readonly (readonly [string, string?])[] = [],
): KnownUsers {
  const known = new KnownUsers(own);
  for (const [userId, email = ''] of reported)
    known.addReported({ userId, email, source: `r-${userId}` });
  return known;
}

/** `id|name|email|cost center|aliases|source` of each user to write. */
function rows(known: KnownUsers): string[] {
  return known.rows().map((row) => Object.values(row).join('|'));
}

function withPeople(known: KnownUsers, ...people: readonly Person[]): KnownUsers {
  known.addPeople(people);
  known.settle(people);
  return known;
}

describe('a user', () => {
  it('of a report or a bill is written, one of a person is not', () => {
    const known = users([{ user_id: 'own' }], [['b', 'b@x'], ['a']]);
    known.addBilled('c', 'bill');
    known.addBilled('a', 'bill');
    known.addOwn('d');
    expect(rows(known)).toEqual(['a|||||r-a', 'b|b@x|b@x|||r-b', 'c|||||bill']);
    expect(['own', 'd', 'a', 'x'].map((id) => known.has(id))).toEqual([true, true, true, false]);
  });

  it('of a person that a file names is written, too', () => {
    const known = users([{ user_id: 'own' }], [['own']]);
    expect(rows(known)).toEqual(['own|||||r-own']);
    const billed = users([{ user_id: 'own' }]);
    billed.addBilled('own', 'bill');
    expect(rows(billed)).toEqual(['own|||||bill']);
  });

  it.each<[string, TextRow, string, string]>([
    ['its id', { user_id: ' own ' }, 'own', 'own'],
    ['its id in another form', { user_id: `d-9067642ac7.${A}` }, A, A],
    ['an alias', { user_id: 'own', aliases: 'x  y\tz' }, 'z', 'own'],
    ['an alias in another form', { user_id: 'own', aliases: `d-9067642ac7.${A}` }, A, 'own'],
    ['its e-mail address', { user_id: 'own', email: ' Own@X.example ' }, 'own@x.EXAMPLE', 'own'],
    ['nothing known: another user', { user_id: 'own', email: 'own@x' }, 'other', 'other'],
  ])('is named by %s', (_, row, id, userId) => {
    expect(new KnownUsers([row]).canonical(id)).toBe(userId);
  });

  it.each(['', ' '])('has no blank id, alias or address: %j', (blank) => {
    const known = users(
      [{ user_id: 'own', email: blank, aliases: ` ${blank}x ` }],
      [['a', blank.trim()]],
    );
    withPeople(known, person('', { name: 'Nobody' }), person('a', { isIdentityStore: true }));
    expect(known.canonical('')).toBe('');
    expect(known.listed(listed(['']))).toBeUndefined();
    expect(rows(known)).toEqual(['a|||||r-a; p-a']);
  });

  it('named by a bill and a report is of the report', () => {
    const known = users([], [['a']]);
    known.addBilled('a', 'bill');
    expect(rows(known)).toEqual(['a|||||r-a']);
  });

  it('has no e-mail address that is of two', () => {
    const known = users(
      [],
      [
        ['a', 'same@x'],
        ['b', 'same@x'],
        ['c', 'c@x'],
        ['c', 'c@x'],
      ],
    );
    expect(known.canonical('same@x')).toBe('same@x');
    expect(known.canonical('C@x')).toBe('c');
  });

  it('has the address of the report that has one, of several ids', () => {
    const known = users([{ user_id: 'a', aliases: 'b' }], [['a', 'a@x'], ['b']]);
    expect(rows(known)).toEqual(['a|a@x|a@x|||r-a']);
  });

  it('of whom more than an id is known is named', () => {
    const known = users([{ user_id: 'own', email: 'own@x' }], [['a', 'a@x'], ['b']]);
    expect([...known.named().values()]).toEqual([
      { userId: 'own', name: 'own@x', email: '', costCenter: '' },
      { userId: 'a', name: 'a@x', email: '', costCenter: '' },
    ]);
    expect([...known.named().keys()]).toEqual(['own', 'a']);
  });

  it('is shown by its name, else its address, else its id', () => {
    const known = withPeople(
      users([], [['a', 'a@x'], ['b', 'b@x'], ['c']]),
      person('a', { name: 'Ana' }),
    );
    expect(['a', 'b', 'c', 'd'].map((id) => known.shown(id))).toEqual(['Ana', 'b@x', 'c', 'd']);
  });
});

describe('the cost center', () => {
  it('is that of people, else of a tag', () => {
    const known = users([], [['a'], ['b'], ['c']]);
    for (const id of ['a', 'b', 'x']) known.addTag(id, `tag ${id}`, 't');
    withPeople(known, person('a', { costCenter: 'HR' }), person('b'));
    expect(['a', 'b', 'c', 'x'].map((id) => known.costCenter(id))).toEqual(['HR', 'tag b', '', '']);
    expect(rows(known)).toEqual(['a|||HR||r-a; t; p-a', 'b|||tag b||r-b; t; p-b', 'c|||||r-c']);
  });

  it('is that of the last file of people that has one', () => {
    const known = users([], [['a']]);
    const files = [
      person('a', { costCenter: 'A', name: 'N', email: 'e@x' }),
      person('a', { costCenter: 'B' }),
      person('a'),
    ];
    for (const one of files) known.addPeople([one]);
    known.settle(files);
    expect(rows(known)).toEqual(['a|N|e@x|B||r-a; p-a']);
  });
});

describe('people', () => {
  it.each<[string, Person, boolean]>([
    ['their id', person(A), true],
    ['their user name', person('x', { userName: 'ana' }), true],
    ['their e-mail address', person('', { email: 'A@x' }), true],
    ['a user name that is an address', person('', { userName: 'a@x' }), true],
    ['nothing known', person('x', { userName: 'x', email: 'x@x' }), false],
    ['nothing', person(''), false],
  ])('are a user by %s', (_, one, isJoined) => {
    const known = withPeople(users([{ user_id: A, email: 'a@x', aliases: 'ana' }]), one);
    expect(known.settle([one])).toBe(isJoined ? 0 : 1);
    expect(rows(known).length).toBe(isJoined ? 1 : 0);
  });

  it('are a user whose id is their e-mail address, however it is written, if only one is', () => {
    const reported: [string][] = [['Ana@x'], ['bo@x'], ['BO@x']];
    const [ana, bo] = [person('', { email: 'ana@X', name: 'Ana' }), person('', { email: 'Bo@x' })];
    const known = withPeople(users([], reported), ana, bo);
    expect([ana, bo].map((one) => known.settle([one]))).toEqual([0, 1]);
    expect(rows(known)).toEqual([
      'Ana@x|Ana|ana@X|||r-Ana@x; p-',
      'BO@x|||||r-BO@x',
      'bo@x|||||r-bo@x',
    ]);
  });

  it('give names, addresses and aliases, and those lead to the user from then on', () => {
    const known = withPeople(
      users([], [['a']]),
      person('a', { userName: 'ana', email: 'ana@x', name: 'Ana' }),
    );
    expect(rows(known)).toEqual(['a|Ana|ana@x||ana|r-a; p-a']);
    expect(['ana', 'Ana@X'].map((id) => known.canonical(id))).toEqual(['a', 'a']);
  });

  it('of the Identity Store give their id to a user whom only their name names', () => {
    const known = users([], [['ana@x'], ['bob'], ['old', 'cyd@x']]);
    const store = { isIdentityStore: true };
    withPeople(
      known,
      person('s1', { ...store, email: 'Ana@X' }),
      person('s2', { ...store, userName: 'bob' }),
      person('s3', { ...store, email: 'cyd@x' }),
      person('4711', { email: 'ana@x' }),
    );
    expect(['s1', 's2', 's3', '4711'].map((id) => known.canonical(id))).toEqual([
      ...['ana@x', 'bob', 's3', '4711'],
    ]);
    expect(known.rows().map(({ user_id: userId, aliases }) => `${userId} ${aliases}`)).toEqual([
      ...['ana@x s1', 'bob s2', 'old '],
    ]);
  });

  it('give no alias with a space in it, nor one that is an id or of another user', () => {
    const known = users([], [['a'], ['b'], ['c'], ['d']]);
    withPeople(
      known,
      person('a', { userName: 'an a' }),
      person('b', { userName: 'c' }),
      person('c', { userName: 'same' }),
      person('d', { userName: 'same' }),
    );
    expect(known.rows().map(({ user_id: userId, aliases }) => `${userId} ${aliases}`)).toEqual([
      'a ',
      'b ',
      'c same',
      'd ',
    ]);
  });

  it('are joined once, to the user that their id names first', () => {
    const known = users([], [['a'], ['b']]);
    const ana = person('a', { userName: 'b' });
    known.addPeople([ana]);
    known.addPeople([ana]);
    known.settle([ana]);
    expect(rows(known)).toEqual(['a|||||r-a; p-a', 'b|||||r-b']);
  });

  it('give aliases in the order of their bytes', () => {
    const known = users([], [['a']]);
    withPeople(
      known,
      person('a', { userName: 'b' }),
      person('a', { userName: 'B' }),
      person('a', { userName: 'a' }),
    );
    expect(known.rows()[0]?.aliases).toBe('B b');
  });
});

describe('a line of a list', () => {
  const store = { isIdentityStore: true, userName: 'ana', email: 'ana@x' };

  it('names a known user by any of its names', () => {
    const known = users([{ user_id: 'own', email: 'own@x' }], [['a']]);
    expect(known.listed(listed(['x', 'a']))).toBe('a');
    expect(known.listed(listed(['OWN@x']))).toBe('own');
    expect(known.listed(listed(['x', 'y']))).toBeUndefined();
    expect(rows(known)).toEqual(['a|||||r-a', 'own|||||list']);
  });

  it.each(['s1', 'ana', 'Ana@X'])('names somebody of the Identity Store: %s', (name) => {
    const known = users();
    known.addPeople([person('s1', store)]);
    expect(known.has('s1')).toBe(false);
    expect(known.listed(listed(['x', name]))).toBe('s1');
    known.settle([person('s1', { ...store, name: 'Ana' })]);
    expect(rows(known)).toEqual(['s1|Ana|ana@x||ana|list; p-s1']);
  });

  it('names a user by the user name of people who are that user by their address', () => {
    const known = users([], [['u', 'ana@x']]);
    known.addPeople([person('', { userName: 'ana', email: 'ana@x' })]);
    expect(known.listed(listed(['ana']))).toBe('u');
  });

  it('names nobody of other people, unless one of their ids is known: then all are of the store', () => {
    const other = users();
    other.addPeople([person('s1', { userName: 'ana' })]);
    expect(other.listed(listed(['ana']))).toBeUndefined();
    const known = users([], [['s2']]);
    known.addPeople([
      person('s1', { userName: 'ana' }),
      person('s2'),
      person('', { userName: 'ben' }),
    ]);
    expect([known.listed(listed(['ana'])), known.listed(listed(['ben']))]).toEqual([
      's1',
      undefined,
    ]);
  });

  it('names the first of two with one name', () => {
    const known = users();
    known.addPeople([person('s1', store), person('s2', store)]);
    expect(known.listed(listed(['ana']))).toBe('s1');
  });

  it('names the one user with that display name', () => {
    const known = withPeople(
      users([], [['a'], ['b'], ['c']]),
      person('a', { name: 'Ana S' }),
      person('b', { name: 'Same' }),
      person('c', { name: 'Same' }),
    );
    expect(known.listed(listed(['x', 'ana s']))).toBe('a');
    expect(known.listed(listed(['Same']))).toBeUndefined();
    expect(known.listed(listed(['']))).toBeUndefined();
  });

  it('is a new user by its best name, with its address', () => {
    const known = users([], [['a', 'a@x']]);
    expect(known.addListed(listed(['n', 'm'], 'N@x'))).toBe('n');
    expect(known.addListed(listed(['a'], 'other@x'))).toBe('a');
    expect(known.addListed(listed(['m']))).toBe('m');
    expect(known.canonical('n@X')).toBe('n');
    expect(rows(known)).toEqual(['a|a@x|a@x|||r-a', 'm|||||list', 'n|N@x|N@x|||list']);
  });
});

describe('the profile of a list', () => {
  const arn = (region: string, id: string) =>
    `arn:aws:codewhisperer:${region}:111122223333:profile/${id}`;
  const accountRegion = (region: string) => ({
    accountId: '111122223333',
    region: regionFromText(region) ?? '',
  });
  const reported = (region: string, ...ids: string[]) => ({
    accountRegion: accountRegion(region),
    ids: new Map(ids.map((id) => [arn(region, id), instant('2026-01-01')])),
  });
  const own = {
    profile_id: 'p',
    account_id: '111122223333',
    region: 'eu-west-1',
    name: ' Dublin ',
    aliases: 'x y',
  };

  function profiles(
    reports: readonly object[],
    bills: readonly object[],
    rows: readonly TextRow[] = [],
  ) {
    return new ListProfiles({ profiles: reports } as never, { profiles: bills } as never, rows);
  }

  it.each([
    [arn('us-east-1', 'ABC'), 'us-east-1'],
    ['ABC', 'us-east-1'],
    [' DEF ', 'us-east-1'],
    ['111122223333/us-east-1', 'us-east-1'],
    ['111122223333/us-west-2', 'us-west-2'],
    ['p', 'eu-west-1'],
    ['Dublin', 'eu-west-1'],
    ['y', 'eu-west-1'],
    [` ${arn('ap-south-1', 'NEW')} `, 'ap-south-1'],
    ['NEW', undefined],
    ['', undefined],
  ])('is named by %j', (text, region) => {
    const known = profiles(
      [reported('us-east-1', 'ABC', 'DEF')],
      [{ accountRegion: accountRegion('us-west-2') }],
      [own],
    );
    expect(known.named(text)).toEqual(region === undefined ? undefined : accountRegion(region));
  });

  it('is not named by what two have', () => {
    const known = profiles([reported('us-east-1', 'ABC'), reported('us-west-2', 'ABC')], []);
    expect(known.named('ABC')).toBeUndefined();
  });

  it('is known from then on where an ARN names a new one', () => {
    const known = profiles([], []);
    expect(known.only()).toBeUndefined();
    known.named(` ${arn('us-east-1', 'NEW')} `);
    expect([known.only(), known.named('NEW')]).toEqual([
      accountRegion('us-east-1'),
      accountRegion('us-east-1'),
    ]);
    known.named(arn('us-west-2', 'OTHER'));
    expect(known.only()).toBeUndefined();
  });

  it('has a title: its name, else account and Region', () => {
    const known = profiles(
      [reported('us-east-1', 'ABC')],
      [],
      [own, { ...own, region: 'us-west-2', name: ' ' }],
    );
    expect(known.titles()).toEqual(['111122223333/us-east-1', 'Dublin', '111122223333/us-west-2']);
    expect(known.named('')).toBeUndefined();
  });

  it('is named by the last part of any of its ids', () => {
    const known = profiles([], [], [{ ...own, profile_id: 'x/y/z', aliases: '' }]);
    expect([known.named('z'), known.named('y')]).toEqual([accountRegion('eu-west-1'), undefined]);
  });
});
