/** A person's edits of the rows that imports have written, by the rules on the data formats page. */
import { describe, expect, it } from 'vitest';
import { recordedTables, recordText } from '../../src/import/imported-tables.ts';
import type { Table } from '../../src/input/known-columns.ts';
import {
  ACCOUNT,
  arn,
  EAST,
  edited,
  FEE,
  type Files,
  importOf,
  list,
  type OwnTables,
  people,
  rows,
  seen,
  written,
} from '../support/import-evidence.ts';

const EU = arn('EU', 'eu-central-1');
const JANUARY = [seen('2026-01-10'), seen('2026-01-10', 'bob')];
const SUBSCRIPTIONS = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at';
const CHANGES = 'profile_id,principal_type,principal_id,changed_at,from_tier,tier';

type Edits = Partial<Record<Table, (text: string) => string | undefined>>;

const without = (text: string) => (table: string) =>
  table.replace(new RegExp(`^.*${text}.*\n`, 'gm'), '');
const replaced = (from: string, to: string) => (table: string) => table.replace(from, to);
const added =
  (...lines: string[]) =>
  (table: string) =>
    `${table}${lines.join('\n')}\n`;

/** The directory after an import of `files`, a person's edits, and the same import again. */
function again(edits: Edits, files: Files = { reports: JANUARY }, own: OwnTables = {}) {
  return importOf(files, edited(importOf(files, own), edits));
}

const own = (...lines: string[]): OwnTables => ({ subscriptions: [SUBSCRIPTIONS, ...lines] });

describe('a row that a person changed', () => {
  it('stays as it is, comes first, and is listed where the files say something else', () => {
    const found = again({
      subscriptions: replaced('bob,Pro,2026-01-01T00:00:00Z', 'bob,Power,2025-12-24'),
    });
    expect(rows(found, 'subscriptions')).toEqual([
      `${EAST},user,bob,Power,2025-12-24,`,
      `${EAST},user,alice,Pro,2026-01-01T00:00:00Z,`,
    ]);
    expect(found.replaced.map((row) => `${row.principal_id} ${row.tier}`)).toEqual(['bob Pro']);
  });

  it.each<[string, Table, string, string]>([
    ['profile', 'profiles', 'disabled', 'enabled'],
    ['user', 'users', 'bob,,,,', 'bob,Bob B,,,'],
    ['activation', 'activations', 'bob,2026-01-01', 'bob,2026-01-09'],
    ['tier change', 'tierChanges', ',2026-01-20T00:00:00Z,Pro,Power', ',2026-01-20,Pro,Pro+'],
    ['overage change', 'overageChanges', '2026-01-20T00:00:00Z,disabled', '2026-01-20,on'],
    ['group', 'groups', 'g,Web', 'g,Ops'],
    ['membership', 'groupMembers', 'g,bob,,', 'g,bob,2026-01-05,'],
  ])('takes the place of the inferred one: a %s', (_, table, from, to) => {
    const store = {
      ...people(),
      groups: [{ groupId: 'g', name: 'Web', source: 's' }],
      memberships: [{ groupId: 'g', userId: 'bob', source: 's' }],
    };
    const reports = [
      seen('2026-01-10', 'bob', { overageOn: true }),
      seen('2026-01-20', 'bob', { overageOn: false, tier: 'Power' }),
    ];
    const found = again({ [table]: replaced(from, to) }, { reports, people: [store] });
    expect(rows(found, table)).toHaveLength(1);
    expect(rows(found, table)[0]).toContain(to);
    expect(found.replaced).toEqual([]);
  });

  it('takes the place of all rows of its profile and principal', () => {
    const files = {
      bill: [FEE, { ...FEE, month: '2026-03' }, { ...FEE, month: '2026-02', userId: 'bob' }],
    };
    const once = importOf(files);
    expect(rows(once, 'subscriptions').filter((row) => row.includes('alice'))).toHaveLength(2);
    const found = again(
      { subscriptions: replaced('alice,Pro,2026-01-01', 'alice,Pro,2025-12-24') },
      files,
    );
    expect(rows(found, 'subscriptions').filter((row) => row.includes('alice'))).toEqual([
      `${ACCOUNT}/us-east-1,user,alice,Pro,2025-12-24T00:00:00Z,2026-02-01T00:00:00Z`,
    ]);
    expect(found.replaced).toHaveLength(2);
  });

  it('stays over further imports, as one of the person, whatever they show', () => {
    const first = edited(importOf({ reports: JANUARY }), {
      subscriptions: replaced('bob,Pro', 'bob,Power'),
    });
    const second = importOf({ reports: JANUARY }, first);
    const third = importOf({ reports: [...JANUARY, seen('2026-02-10', 'bob')] }, edited(second));
    expect(rows(third, 'subscriptions')).toEqual(rows(second, 'subscriptions'));
    expect(rows(third, 'subscriptions')[0]).toBe(`${EAST},user,bob,Power,2026-01-01T00:00:00Z,`);
  });

  it("in a column of the person stays as it is, and rows without a value there are the import's", () => {
    const found = again(
      {
        users: (table) =>
          table
            .replace(/$/m, ',team')
            .replace(/(alice.*)$/m, '$1,blue')
            .replace(/(bob.*)$/m, '$1, '),
      },
      { reports: [...JANUARY, seen('2026-01-11', 'bob', { email: 'bob@x' })] },
    );
    expect(rows(found, 'users')).toEqual(['alice,,,,,blue', 'bob,bob@x,bob@x,,,']);
    expect(found.imported.users?.rows.map((row) => row.user_id)).toEqual(['bob']);
  });

  it('by its source alone, or by spaces around a field, is still that of the import', () => {
    const sourced = again({ users: replaced('UserId of', 'asked') });
    expect(rows(sourced, 'users', true)[0]).toContain('asked r.csv:2');
    expect(rows(again({ users: replaced('bob,,', ' bob , ,') }), 'users')).toEqual([
      'alice,,,,',
      'bob,,,,',
    ]);
  });
});

describe('a row that a person added', () => {
  it.each<[string, string, OwnTables]>([
    ['the user by e-mail', `${EAST},user,BOB@x,Power,2025-11-01,`, {}],
    [
      'the profile by an alias',
      `old,user,bob,Power,2025-11-01,`,
      { profiles: [`profile_id,account_id,region,aliases`, `${EAST},${ACCOUNT},us-east-1,old x`] },
    ],
    ['the profile by account and Region', `${ACCOUNT}/us-east-1,User,bob,Power,2025-11-01,`, {}],
  ])('takes the place of the inferred one, also where it names %s', (_, row, tables) => {
    const reports = [seen('2026-01-10', 'bob', { email: 'bob@x' })];
    const found = importOf({ reports }, { ...own(row), ...tables });
    expect(rows(found, 'subscriptions')).toEqual([row]);
    expect(found.replaced).toHaveLength(1);
  });

  it.each([
    ['an e-mail address', 'BOB@x', 'u-1,Bob B,bob@x,,bob'],
    ['a user name', 'bob', 'u-1,Bob B,bob@x,,bob'],
  ])('names a user of a bill by %s that people have', (_, name, user) => {
    const bob = { id: 'u-1', userName: 'bob', email: 'bob@x', name: 'Bob B' };
    const row = `${EAST},user,${name},Power,2025-11-01,`;
    const bill = [{ ...FEE, userId: 'u-1' }];
    const found = importOf({ bill, people: [people(bob)] }, own(row));
    expect(rows(found, 'subscriptions')).toEqual([row]);
    expect(rows(found, 'users')).toEqual([user]);
    expect(rows(found, 'activations')).toEqual([`${EAST},u-1,2025-11-01`]);
  });

  it.each([
    ['in another profile', `${arn('EU', 'eu-central-1')},user,bob,Pro,2025-11-01,`],
    ['of a group', `${EAST},group,bob,Pro,2025-11-01,`],
    ['of another user', `${EAST},user,cat,Pro,2025-11-01,`],
  ])('of another key stays beside it: %s', (_, row) => {
    expect(
      rows(importOf({ reports: [seen('2026-01-10', 'bob')] }, own(row)), 'subscriptions'),
    ).toEqual([row, `${EAST},user,bob,Pro,2026-01-01T00:00:00Z,`]);
  });

  it('of a group has the key of the group: its case and profile count', () => {
    const lines = [`${EAST},group,g,Pro,2025-11-01,`, `${EAST},Group,G,Pro,2025-11-01,`];
    expect(
      rows(importOf({ reports: [seen('2026-01-10')] }, own(...lines)), 'subscriptions'),
    ).toHaveLength(3);
  });

  it.each<[string, Table, readonly string[], string]>([
    ['the same group', 'groups', ['group_id,name', 'g,Ours'], 'g,'],
    ['the same membership', 'groupMembers', ['group_id,user_id', 'g,bob'], 'g,bob'],
    [
      'a membership of a group whose id runs into the user',
      'groupMembers',
      ['group_id,user_id', 'gb,ob'],
      '',
    ],
    [
      'the same change of tier',
      'tierChanges',
      [CHANGES, `${EAST},user,bob,2026-01-20,Pro,Pro+`],
      `${EAST},user,bob,`,
    ],
    [
      'a change of tier of another user',
      'tierChanges',
      [CHANGES, `${EAST},user,cat,2026-01-20,,Pro`],
      '',
    ],
    [
      'a change of tier in another profile',
      'tierChanges',
      [CHANGES, `${EU},user,bob,2026-01-20,,Pro`],
      '',
    ],
    [
      'the same change of overage',
      'overageChanges',
      ['profile_id,changed_at,overage', `${EAST},2026-01-20,on`],
      `${EAST},`,
    ],
    [
      'a change of overage of another profile',
      'overageChanges',
      ['profile_id,changed_at,overage', `${EU},2026-01-20,on`],
      '',
    ],
  ])('takes the place of %s alone', (_, table, lines, place) => {
    const memberships = ['g bob', 'h bob', 'g alice'].map((text) => {
      const [groupId = '', userId = ''] = text.split(' ');
      return { groupId, userId, source: 's' };
    });
    const reports = [
      seen('2026-01-10', 'bob', { overageOn: true }),
      seen('2026-01-20', 'bob', { overageOn: false, tier: 'Power' }),
      seen('2026-01-20', 'alice', { overageOn: false }),
    ];
    const store = [{ ...people(), memberships }];
    const inferred = rows(importOf({ reports, people: store }), table);
    const found = rows(importOf({ reports, people: store }, { [table]: lines }), table);
    const kept = inferred.filter((row) => place === '' || !row.startsWith(place));
    expect(found.slice(1)).toEqual(kept);
    expect(kept.length).toBe(place === '' ? inferred.length : inferred.length - 1);
  });

  it('has the key of its table, whatever other columns it has', () => {
    const users = { users: ['user_id,principal_type', 'bob,group'] };
    expect(rows(importOf({ reports: JANUARY }, users), 'users')).toEqual([
      'bob,,,,,group',
      'alice,,,,,',
    ]);
  });

  it('keeps columns of its own, after those of the table', () => {
    const table = ['Team,user_id,Team,,inferred_from', 'blue,zed,,x,me'];
    const { texts } = importOf(
      { reports: [seen('2026-01-10')] },
      {
        users: table.map((line) => line.replace('Team,user', 'team,user').replace('Team', 'other')),
      },
    );
    expect(texts.get('users')).toBe(
      'user_id,name,email,cost_center,aliases,team,other,inferred_from\nzed,,,,,blue,,me\nalice,,,,,,,UserId of r.csv:2\n',
    );
  });
});

describe('a row that a person removed', () => {
  it.each<[Table, string]>([
    ['users', 'bob'],
    ['subscriptions', 'bob'],
    ['activations', 'bob'],
    ['tierChanges', '2026-01-20'],
    ['overageChanges', '2026-01-20'],
  ])('stays out of %s, over any number of imports, and the others come back', (table, text) => {
    const reports = [
      seen('2026-01-10'),
      seen('2026-01-10', 'bob', { overageOn: true }),
      seen('2026-01-20', 'bob', { overageOn: false, tier: 'Power' }),
      seen('2026-02-20', 'alice', { overageOn: true, tier: 'Power' }),
    ];
    const expected = rows(importOf({ reports }), table).filter((row) => !row.includes(text));
    const second = again({ [table]: without(text) }, { reports });
    expect(rows(second, table)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(second.imported[table]?.removed).toHaveLength(1);
    const third = importOf({ reports }, edited(second));
    expect(rows(third, table)).toEqual(expected);
  });

  it('and put back by hand is that of the import again', () => {
    const second = again({ subscriptions: without('bob') });
    const back = `${EAST},user,bob,Pro,2026-01-01T00:00:00Z,,"first seen 2026-01-10 in r.csv:2: no new user there, so from the first of 2026-01"`;
    const third = importOf({ reports: JANUARY }, edited(second, { subscriptions: added(back) }));
    expect(third.imported.subscriptions?.removed).toEqual([]);
    expect(rows(third, 'subscriptions')).toEqual(
      rows(importOf({ reports: JANUARY }), 'subscriptions'),
    );
  });

  it('does not come back with another date, if it was the only one of its key', () => {
    const second = edited(again({ subscriptions: without('bob') }));
    const earlier = [...JANUARY, seen('2025-12-10', 'bob')];
    expect(rows(importOf({ reports: earlier }, second), 'subscriptions')).toEqual([
      `${EAST},user,alice,Pro,2026-01-01T00:00:00Z,`,
    ]);
  });

  it('of two of one key leaves the other, whatever its date becomes', () => {
    const bill = [FEE, { ...FEE, month: '2026-02', userId: 'bob' }, { ...FEE, month: '2026-03' }];
    const second = again({ subscriptions: without('2026-03-01T00:00:00Z,,') }, { bill });
    const seats = rows(second, 'subscriptions').filter((row) => row.includes('alice'));
    expect(seats).toEqual([
      `${ACCOUNT}/us-east-1,user,alice,Pro,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z`,
    ]);
    const third = importOf({ bill: [...bill, { ...FEE, month: '2025-12' }] }, edited(second));
    expect(rows(third, 'subscriptions').filter((row) => row.includes('alice'))).toEqual([
      `${ACCOUNT}/us-east-1,user,alice,Pro,2025-12-01T00:00:00Z,2026-02-01T00:00:00Z`,
    ]);
  });

  it('of a profile takes the rows of the profile with it', () => {
    const eu = { profileId: arn('EU', 'eu-central-1'), overageOn: true };
    const reports = [
      seen('2026-01-10'),
      seen('2026-01-10', 'bob', eu),
      seen('2026-01-20', 'bob', { ...eu, tier: 'Power', overageOn: false }),
    ];
    const found = again({ profiles: without('EU') }, { reports });
    for (const table of ['profiles', 'subscriptions', 'activations'] as const) {
      expect(rows(found, table)).toHaveLength(1);
      expect(rows(found, table)[0]).toContain(EAST);
    }
    expect([...rows(found, 'tierChanges'), ...rows(found, 'overageChanges')]).toEqual([]);
    expect(rows(found, 'users')).toHaveLength(2);
  });

  it('with its whole table comes back: a file that is gone is written anew', () => {
    const found = again({ subscriptions: () => undefined });
    expect(rows(found, 'subscriptions')).toEqual(
      rows(importOf({ reports: JANUARY }), 'subscriptions'),
    );
    expect(found.imported.subscriptions?.removed).toEqual([]);
  });

  it('stays out where its table is gone later', () => {
    const second = again({ subscriptions: without('bob') });
    const found = importOf(
      { reports: JANUARY },
      edited(second, { subscriptions: () => undefined }),
    );
    expect(rows(found, 'subscriptions')).toEqual([`${EAST},user,alice,Pro,2026-01-01T00:00:00Z,`]);
  });

  it('is kept in the record in one order, whenever it was removed', () => {
    const first = edited(again({ subscriptions: without('alice') }), {
      subscriptions: without('bob'),
    });
    const { removed } = importOf({ reports: JANUARY }, first).imported.subscriptions ?? {};
    expect(removed?.map((row) => row.principal_id)).toEqual(['alice', 'bob']);
  });

  it('leaves nothing in the record of a table without one', () => {
    const { imported } = importOf({ reports: JANUARY }, { users: ['user_id', 'zed'] });
    expect(imported.users).toEqual({
      rows: expect.any(Array),
      removed: [],
      isOwn: true,
      filled: [],
    });
    expect(imported.activations).toEqual({ rows: expect.any(Array), removed: [], isOwn: false });
    expect(
      importOf({ reports: JANUARY }, edited(importOf({ reports: JANUARY }))).imported.users
        ?.removed,
    ).toEqual([]);
  });

  it('is kept in the record in the order of the table', () => {
    const found = again(
      { users: () => 'user_id\n' },
      { reports: [seen('2026-01-10', 'b'), ...JANUARY] },
    );
    expect(found.imported.users?.removed.map((row) => row.user_id)).toEqual(['alice', 'b', 'bob']);
  });
});

describe('H2: changes of tier', () => {
  const POWER = [
    ...JANUARY,
    seen('2026-01-20', 'bob', { tier: 'Power' }),
    seen('2026-02-20', 'bob', { tier: 'Pro+' }),
  ];
  const CHANGE_ROWS = [
    `${EAST},user,bob,2026-01-20T00:00:00Z,Pro,Power`,
    `${EAST},user,bob,2026-02-01T00:00:00Z,Power,Pro+`,
  ];

  it.each<[string, string, readonly string[]]>([
    ['that it has lived through', 'bob,Pro,2025-11-01,', CHANGE_ROWS],
    [
      'from the tier that it has',
      'bob,Pro Max,2025-11-01,',
      [`${EAST},user,bob,2026-01-20T00:00:00Z,Pro Max,Power`, CHANGE_ROWS[1] ?? ''],
    ],
    [
      'that change something',
      'bob,POWER,2025-11-01,',
      [`${EAST},user,bob,2026-02-01T00:00:00Z,Power,Pro+`],
    ],
    ['after its start', 'bob,Pro,2026-01-20,', [`${EAST},user,bob,2026-02-01T00:00:00Z,Pro,Pro+`]],
    ['before its end', 'bob,Pro,2025-11-01,2026-02-01', CHANGE_ROWS.slice(0, 1)],
    ['in it, of two', 'bob,Pro,2025-11-01,2026-01-15', []],
    ['only if it has a start', 'bob,Pro,,', []],
  ])("are those of a person's subscription %s", (_, fields, expected) => {
    expect(
      rows(importOf({ reports: POWER }, own(`${EAST},user,${fields}`)), 'tierChanges'),
    ).toEqual(expected);
  });

  it("are shared out to a person's subscriptions", () => {
    const found = importOf(
      { reports: POWER },
      own(`${EAST},user,bob,Pro,2025-11-01,2026-01-25`, `${EAST},user,bob,Pro,2026-01-28,`),
    );
    expect(rows(found, 'tierChanges')).toEqual([
      CHANGE_ROWS[0],
      `${EAST},user,bob,2026-02-01T00:00:00Z,Pro,Pro+`,
    ]);
  });

  it("go from the tier of a person's own change, in whatever order the rows are", () => {
    const changes = [
      `${EAST},user,bob,2026-01-25,,Pro+`,
      `${EAST},user,bob,2026-01-15,,Pro Max`,
      `${EAST},user,cat,2026-01-15,,Pro`,
    ];
    const found = importOf({ reports: POWER }, { tierChanges: [CHANGES, ...changes] });
    expect(rows(found, 'tierChanges')).toEqual([
      ...changes,
      `${EAST},user,bob,2026-01-20T00:00:00Z,Pro Max,Power`,
    ]);
  });

  it('of a seat that a person removed go, too', () => {
    expect(
      rows(again({ subscriptions: without('bob') }, { reports: POWER }), 'tierChanges'),
    ).toEqual([]);
  });
});

describe('H3: activations', () => {
  const zed = `${EAST},user,zed,Pro,2025-11-01,`;
  const activations = (found: ReturnType<typeof importOf>) =>
    rows(found, 'activations').map((row) => row.replace(`${EAST},`, ''));

  it("have a person's own seats from their start, as the file is new", () => {
    const found = importOf({ reports: [seen('2026-01-10')] }, own(zed));
    expect(rows(found, 'activations', true)).toEqual([
      `${EAST},alice,2026-01-01T00:00:00Z,first seen 2026-01-10 in r.csv:2: no new user there, so from the first of 2026-01`,
      `${EAST},zed,2025-11-01,its subscription: nothing shows it pending`,
    ]);
    expect(activations(importOf({ reports: [seen('2026-01-10')] }, edited(found)))).toEqual(
      activations(found),
    );
  });

  it("have a person's own seats, too, where the files show no seat at all", () => {
    const lists = [list('2026-01-10', ['cat canceled'])];
    expect(activations(importOf({ lists }, own(zed)))).toEqual(['zed,2025-11-01']);
  });

  it.each<[string, string, readonly string[]]>([
    ['an earlier start of the person', 'alice,Pro,2025-11-01,', ['alice,2025-11-01']],
    ['the first use before a later one', 'alice,Pro,2026-01-05,', ['alice,2026-01-01T00:00:00Z']],
    ['the first use at an equal one', 'alice,Pro,2026-01-01,', ['alice,2026-01-01T00:00:00Z']],
  ])('have %s', (_, fields, expected) => {
    expect(
      activations(importOf({ reports: [seen('2026-01-10')] }, own(`${EAST},user,${fields}`))),
    ).toEqual(expected);
  });

  it.each<[string, Files, readonly string[]]>([
    ['a list shows pending', { lists: [list('2026-01-10', ['zed pending'])] }, []],
    [
      'the files show pending first, and active later',
      { lists: [list('2026-01-10', ['zed pending']), list('2026-02-10', ['zed'])] },
      ['zed,2026-02-01T00:00:00Z'],
    ],
  ])("do not have the start of a person's seat that %s", (_, files, expected) => {
    expect(activations(importOf(files, own(zed)))).toEqual(expected);
  });

  it('have the members of a group that a person subscribes, each once, from the start of the group', () => {
    const groups = {
      ...own(
        `${EAST},GROUP,g,Pro,2025-11-01,`,
        `${EAST},group,h,Pro,2025-12-01,`,
        `${EAST},group,i,Pro,2025-10-01,`,
      ),
      groupMembers: ['group_id,user_id', 'g,ann', 'h,ann', ' h ,ben', 'i,ben'],
    };
    const store = { ...people(), memberships: [{ groupId: 'g', userId: 'cat', source: 's' }] };
    expect(
      activations(importOf({ reports: [seen('2026-01-10')], people: [store] }, groups)),
    ).toEqual(['alice,2026-01-01T00:00:00Z', 'ann,2025-11-01', 'ben,2025-10-01', 'cat,2025-11-01']);
  });

  it('of members of a group are each one, whom the files show, too', () => {
    const group = {
      ...own(`${EAST},group,g,Pro,2025-11-01,`),
      groupMembers: ['group_id,user_id', 'g,alice', 'g,ben'],
    };
    const shown = [seen('2026-01-10'), seen('2026-01-10', 'ben'), seen('2026-01-10', 'cat')];
    expect(activations(importOf({ reports: shown }, group))).toEqual([
      'alice,2025-11-01',
      'ben,2025-11-01',
      'cat,2026-01-01T00:00:00Z',
    ]);
  });

  it('name users by their id, and are left as a person has them: removed, changed or in a file of their own', () => {
    const users = { users: ['user_id,email', 'z,zed'] };
    const reports = [seen('2026-01-10')];
    const first = importOf({ reports }, { ...own(zed), ...users });
    expect(activations(first)).toEqual(['alice,2026-01-01T00:00:00Z', 'z,2025-11-01']);
    const removed = importOf({ reports }, edited(first, { activations: without(',z,') }));
    expect(activations(removed)).toEqual(['alice,2026-01-01T00:00:00Z']);
    expect(activations(importOf({ reports }, edited(removed)))).toEqual(activations(removed));
    const changed = edited(first, { activations: replaced('z,2025-11-01', 'zed,2025-12-01') });
    expect(activations(importOf({ reports }, changed))).toEqual([
      'zed,2025-12-01',
      'alice,2026-01-01T00:00:00Z',
    ]);
    const written = { ...own(zed), activations: ['profile_id,user_id,activated_at'] };
    const second = importOf({ reports }, written);
    expect(activations(second)).toEqual(['alice,2026-01-01T00:00:00Z']);
    expect(activations(importOf({ reports }, edited(second)))).toEqual(activations(second));
  });
});

describe('a cost center', () => {
  const users = { users: ['user_id,cost_center,team', 'alice,,blue', 'bob, ,red', 'cat,Mine,red'] };
  const given = (...costCenters: string[]): Files => ({
    people: [
      people(
        ...['alice', 'cat'].map((id, index) => ({ id, costCenter: costCenters[index] ?? '' })),
      ),
    ],
  });

  it('is filled in where a row of a person has none, and only there', () => {
    const found = importOf(given('Sales', 'Legal'), users);
    expect(rows(found, 'users')).toEqual([
      'alice,,,Sales,,blue',
      'bob,,, ,,red',
      'cat,,,Mine,,red',
    ]);
    expect(found.imported.users?.filled?.map((row) => row.user_id)).toEqual(['alice']);
  });

  it('is guarded as text, and filled in anew by what the files say later', () => {
    const first = importOf(given('=Sales'), users);
    expect(rows(first, 'users')[0]).toBe("alice,,,'=Sales,,blue");
    const second = importOf(given('Ops'), edited(first));
    expect(rows(second, 'users')[0]).toBe('alice,,,Ops,,blue');
    expect(rows(importOf(given(''), edited(second)), 'users')[0]).toBe('alice,,,,,blue');
  });

  it("is a person's once they have changed it", () => {
    const first = edited(importOf(given('Sales'), users), { users: replaced('Sales', 'Hers') });
    expect(rows(importOf(given('Ops'), first), 'users')[0]).toBe('alice,,,Hers,,blue');
  });
});

describe('the tables that are written', () => {
  const SEATS = ['profiles', 'subscriptions', 'tierChanges', 'overageChanges'];
  const group = { ...people(), groups: [{ groupId: 'g', name: '', source: 's' }] };
  const member = { ...people(), memberships: [{ groupId: 'g', userId: 'x', source: 's' }] };
  const all = { profiles: [''], subscriptions: [''], tierChanges: [''], overageChanges: [''] };

  it.each<[string, Files, OwnTables, readonly string[]]>([
    ['reports', { reports: [seen('2026-01-10')] }, {}, ['users', 'activations', ...SEATS]],
    [
      'reports, over those of a person',
      { reports: [seen('2026-01-10')] },
      own(),
      ['users', 'activations', ...SEATS],
    ],
    ['a bill', { bill: [FEE] }, {}, ['users', 'activations', ...SEATS]],
    [
      'a list, even of pending users alone',
      { lists: [list('2026-01-10', ['a pending'])] },
      {},
      ['users', 'activations', ...SEATS],
    ],
    ['people: those of seats that are missing', { people: [people()] }, {}, ['users', ...SEATS]],
    ['people: none that a person has', { people: [people()] }, all, ['users']],
    ['groups', { people: [group] }, all, ['users', 'groups', 'groupMembers']],
    ['members', { people: [people(), member] }, all, ['users', 'groups', 'groupMembers']],
  ])('are those of %s', (_, files, tables, expected) => {
    expect(written(importOf(files, tables)).sort()).toEqual([...expected].sort());
  });

  it('are those that an earlier import has written, too', () => {
    const first = importOf({ reports: JANUARY, people: [group] });
    expect(written(importOf({ people: [people()] }, edited(first))).sort()).toEqual(
      [...SEATS, 'users', 'activations', 'groups', 'groupMembers'].sort(),
    );
  });

  it('say how many rows are new, were there before, and are no longer', () => {
    const first = importOf({ reports: [seen('2026-01-10'), seen('2026-01-20', 'bob')] });
    expect(first.counts.get('subscriptions')).toEqual({ added: 2, kept: 0, gone: 0 });
    const second = importOf(
      { reports: [seen('2026-01-10'), seen('2026-01-20', 'bob', { isNewUser: true })] },
      edited(first),
    );
    expect(second.counts.get('subscriptions')).toEqual({ added: 1, kept: 1, gone: 1 });
    expect(importOf({ reports: [] }, edited(first)).counts.get('users')).toEqual({
      added: 0,
      kept: 0,
      gone: 2,
    });
    const twice = importOf({ reports: [] }, { users: ['user_id', 'a', 'a'] });
    expect(twice.counts.get('users')).toEqual({ added: 0, kept: 2, gone: 0 });
  });
});

describe('whether a file is of a person', () => {
  it('is remembered: by the file before the first import that wrote it', () => {
    const first = importOf({ reports: JANUARY }, own());
    const isOwn = (found: ReturnType<typeof importOf>) => [
      found.imported.subscriptions?.isOwn,
      found.imported.activations?.isOwn,
    ];
    expect(isOwn(first)).toEqual([true, false]);
    expect(isOwn(importOf({ reports: JANUARY }, edited(first)))).toEqual([true, false]);
    const gone = edited(first, { subscriptions: () => undefined });
    expect(isOwn(importOf({ reports: JANUARY }, gone))).toEqual([false, false]);
  });
});

describe('the record of imports', () => {
  it('reads back', () => {
    const { imported } = again({ subscriptions: without('bob') });
    expect(recordedTables(recordText(imported))).toEqual(imported);
    expect(recordedTables('{"tables":{}}')).toEqual({});
  });

  const table = (fields: object) => ({
    tables: { users: { rows: [], removed: [], isOwn: true, ...fields } },
  });
  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no tables', '{"table":{}}'],
    ['a list of tables', '{"tables":[]}'],
    ['a table that there is not', '{"tables":{"rates":{"rows":[],"removed":[],"isOwn":true}}}'],
    ['a table that is none', '{"tables":{"users":[]}}'],
    ['no rows', JSON.stringify(table({ rows: undefined }))],
    ['rows that are none', JSON.stringify(table({ rows: {} }))],
    ['a row that is none', JSON.stringify(table({ removed: ['a'] }))],
    ['a field that is no text', JSON.stringify(table({ filled: [{ user_id: 5, name: 'a' }] }))],
    ['no removed rows', JSON.stringify(table({ removed: 5 }))],
    ['no owner', JSON.stringify(table({ isOwn: 'yes' }))],
  ])('is refused with %s', (_, text) => {
    expect(recordedTables(text)).toBeUndefined();
  });

  it('may lack filled rows, as those of all tables but users do', () => {
    expect(recordedTables(JSON.stringify(table({})))).toEqual(table({}).tables);
    expect(recordedTables(JSON.stringify(table({ filled: [{ user_id: 'a' }] })))).toBeDefined();
  });
});

describe("O2: a person's edit of the overage of a profile", () => {
  const reports = [seen('2026-01-10', 'alice', { overageOn: true })];

  it('is how it was all along: no change where the files show the other', () => {
    const second = again({ profiles: replaced('enabled', 'disabled') }, { reports });
    expect(rows(second, 'profiles')[0]).toContain(',disabled,');
    expect(rows(second, 'overageChanges')).toEqual([]);
    expect(rows(importOf({ reports }, edited(second)), 'overageChanges')).toEqual([]);
  });
});
