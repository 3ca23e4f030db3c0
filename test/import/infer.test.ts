/** The tables that are inferred from all files, by the rules for imports on the data formats page. */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import type { CountedActivity } from '../../src/usage/activity/counted-activity.ts';
import {
  ACCOUNT,
  arn,
  EAST,
  FEE,
  type Files,
  importOf,
  list,
  type OwnTables,
  people,
  rows,
  seen,
} from '../support/import-evidence.ts';

const NEW = arn('NEW');
const OLD = arn('OLD');
const EU = arn('EU', 'eu-central-1');
const KEY = `${ACCOUNT}/us-east-1`;

const SUBSCRIPTIONS = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at';
const PROFILES = 'profile_id,account_id,region,name,overage,overage_cap,aliases';
const CREDITS = { ...FEE, item: 'Credits', operation: 'Credits', charge: 'overage' } as const;

function own(...lines: readonly string[]): OwnTables {
  return { subscriptions: [SUBSCRIPTIONS, ...lines] };
}

function profile(fields: string): OwnTables {
  return { profiles: [PROFILES, fields] };
}

describe('a profile', () => {
  it.each<[string, Files, OwnTables, readonly string[]]>([
    [
      'is an account in a Region, by its id in reports',
      { reports: [seen('2026-01-10')] },
      {},
      [`${EAST},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      'that only a bill names is called by account and Region',
      { bill: [FEE] },
      {},
      [`${KEY},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      'of a report and a bill is one',
      { reports: [seen('2026-01-10')], bill: [FEE] },
      {},
      [`${EAST},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      'that was made anew has its newest id by the first day, the others as aliases',
      {
        reports: [
          seen('2026-01-20', 'alice', { profileId: NEW }),
          seen('2026-01-05'),
          seen('2026-01-10', 'alice', { profileId: OLD }),
          seen('2026-01-25'),
        ],
      },
      {},
      [`${NEW},${ACCOUNT},us-east-1,,disabled,,${EAST} ${OLD}`],
    ],
    [
      'has the id of a list, too, since the day of its first list',
      {
        reports: [seen('2026-01-10')],
        lists: [list('2026-01-20', ['alice'], NEW), list('2026-01-05', ['alice'], NEW)],
      },
      {},
      [`${EAST},${ACCOUNT},us-east-1,,disabled,,${NEW}`],
    ],
    [
      'has the id of the list where that is newer',
      { reports: [seen('2026-01-10')], lists: [list('2026-01-20', ['alice'], NEW)] },
      {},
      [`${NEW},${ACCOUNT},us-east-1,,disabled,,${EAST}`],
    ],
    [
      'of lists alone has the id of the newest',
      { lists: [list('2026-01-10', ['ann'], NEW), list('2026-01-05', ['ann'], OLD)] },
      {},
      [`${NEW},${ACCOUNT},us-east-1,,disabled,,${OLD}`],
    ],
    [
      'has no id of the lists of another, nor one that is no ARN',
      {
        reports: [seen('2026-01-10')],
        lists: [list('2026-01-20', ['alice'], EU), list('2026-01-20', ['alice'], 'EAST')],
      },
      {},
      [`${EU},${ACCOUNT},eu-central-1,,disabled,,`, `${EAST},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      'comes in the order of account and Region',
      { reports: [seen('2026-01-10'), seen('2026-01-11', 'alice', { profileId: EU })] },
      {},
      [`${EU},${ACCOUNT},eu-central-1,,disabled,,`, `${EAST},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      "is that of a person's seats by the ARN that they name, where there is no profiles.csv",
      { bill: [FEE] },
      own(`${NEW},user,bob,Pro,2025-11-01,`, `p,user,bob,Pro,2025-11-01,`),
      [`${NEW},${ACCOUNT},us-east-1,,disabled,,`],
    ],
    [
      'has that ARN as an alias where reports have another',
      { reports: [seen('2026-01-10')] },
      own(`${NEW},user,bob,Pro,2025-11-01,`),
      [`${EAST},${ACCOUNT},us-east-1,,disabled,,${NEW}`],
    ],
    [
      'keeps account and Region as an alias where a row of a person has it',
      { reports: [seen('2026-01-10')] },
      own(`${KEY},user,bob,Pro,2025-11-01,`),
      [`${EAST},${ACCOUNT},us-east-1,,disabled,,${KEY}`],
    ],
    [
      'that a person has written stays as it is',
      { reports: [seen('2026-01-10')] },
      profile(`mine,${ACCOUNT},US East (N. Virginia),East,enabled,,`),
      [`mine,${ACCOUNT},US East (N. Virginia),East,enabled,,`],
    ],
    [
      "is not that of an ARN in a person's seats where the person has profiles",
      { reports: [seen('2026-01-10')] },
      { ...own(`${EU},user,bob,Pro,2025-11-01,`), ...profile(`mine,${ACCOUNT},us-east-1,,,,`) },
      [`mine,${ACCOUNT},us-east-1,,,,`],
    ],
  ])('%s', (_, files, tables, expected) => {
    expect(rows(importOf(files, tables), 'profiles')).toEqual(expected);
  });

  it.each<[string, Files, string]>([
    ['a report', { reports: [seen('2026-01-10')], bill: [FEE] }, 'ProfileId of r.csv:2'],
    ['a bill', { bill: [FEE] }, 'account and usage type (USE1) of the CUR of 2026-01'],
    ['a list', { lists: [list('2026-01-10', ['ann'])] }, 'the profile of a list of subscriptions'],
  ])('says that it comes from %s', (_, files, source) => {
    expect(rows(importOf(files), 'profiles', true)[0]).toMatch(new RegExp(`,${escaped(source)}$`));
  });

  it.each([
    [
      'tierChanges',
      `profile_id,principal_type,principal_id,changed_at,tier\n${KEY},user,x,2026-01-05,Pro`,
    ],
    ['activations', `profile_id,user_id,activated_at\n${KEY},x,2026-01-05`],
    ['overageChanges', `profile_id,changed_at,overage\n${KEY},2026-01-05,on`],
  ] as const)('is named by rows of %s, too', (table, text) => {
    const found = importOf({ reports: [seen('2026-01-10')] }, { [table]: text.split('\n') });
    expect(rows(found, 'profiles')).toEqual([`${EAST},${ACCOUNT},us-east-1,,disabled,,${KEY}`]);
  });
});

function escaped(text: string): string {
  return text.replace(/[()]/g, '\\$&');
}

describe('O2: the overage of a profile', () => {
  const on = { overageOn: true, capCredits: decimal('500') };
  const off = { overageOn: false };
  const day = (date: string, more: Partial<CountedActivity>) => seen(date, 'alice', more);

  it.each<[string, Files, OwnTables, string, readonly string[]]>([
    ['is on, with its cap', { reports: [day('2026-01-10', on)] }, {}, 'enabled,500', []],
    [
      'has a blank cap where there is none',
      { reports: [day('2026-01-10', { ...on, capCredits: 'none' })] },
      {},
      'enabled,',
      [],
    ],
    [
      'has no cap while it is off',
      { reports: [day('2026-01-10', { ...off, capCredits: decimal('500') })] },
      {},
      'disabled,',
      [],
    ],
    [
      'changes as the days show',
      {
        reports: [
          day('2026-01-10', on),
          day('2026-01-11', off),
          day('2026-01-12', { overageOn: true, capCredits: 'none' }),
        ],
      },
      {},
      'enabled,500',
      ['2026-01-11T00:00:00Z,disabled,', '2026-01-12T00:00:00Z,enabled,none'],
    ],
    [
      'is on from the first month in which AWS charges any',
      {
        bill: [FEE, { ...CREDITS, month: '2026-02', cost: decimal('4') }],
        lists: [list('2026-02-10', [])],
      },
      {},
      'disabled,',
      ['2026-02-01T00:00:00Z,enabled,'],
    ],
    [
      "changes at the first day seen where a person's profile has another",
      { reports: [day('2026-01-10', on)] },
      profile(`${EAST},${ACCOUNT},us-east-1,,disabled,,`),
      'disabled,',
      ['2026-01-10T00:00:00Z,enabled,500'],
    ],
    [
      "does not where a person's profile has the same, in whatever words",
      { reports: [day('2026-01-10', on), day('2026-01-11', off)] },
      profile(`${EAST},${ACCOUNT},us-east-1,,Yes,500,`),
      'Yes,500',
      ['2026-01-11T00:00:00Z,disabled,'],
    ],
    [
      "changes to on where a person's is off, without a cap",
      { reports: [day('2026-01-10', { overageOn: true })] },
      profile(`${EAST},${ACCOUNT},us-east-1,,off,,`),
      'off,',
      ['2026-01-10T00:00:00Z,enabled,'],
    ],
    [
      "changes to off where a person's is on",
      { reports: [day('2026-01-10', off)] },
      profile(`${EAST},${ACCOUNT},us-east-1,,on,,`),
      'on,',
      ['2026-01-10T00:00:00Z,disabled,'],
    ],
    [
      'nor where both have no cap',
      { reports: [day('2026-01-10', { ...on, capCredits: 'none' })] },
      profile(`${EAST},${ACCOUNT},us-east-1,,on,None,`),
      'on,None',
      [],
    ],
    [
      'nor where the file says nothing of the cap, and the person has none',
      { reports: [day('2026-01-10', { overageOn: true })] },
      profile(`${EAST},${ACCOUNT},us-east-1,,on,,`),
      'on,',
      [],
    ],
    [
      'but where the caps differ',
      { reports: [day('2026-01-10', on)] },
      profile(`${EAST},${ACCOUNT},us-east-1,,on,400,`),
      'on,400',
      ['2026-01-10T00:00:00Z,enabled,500'],
    ],
    [
      'not by caps while both are off',
      { reports: [day('2026-01-10', off)] },
      profile(`${EAST},${ACCOUNT},us-east-1,,,400,`),
      ',400',
      [],
    ],
    [
      "is a person's where the files say nothing",
      { reports: [seen('2026-01-10')] },
      profile(`${EAST},${ACCOUNT},us-east-1,,on,400,`),
      'on,400',
      [],
    ],
  ])('%s', (_, files, tables, expected, changes) => {
    const found = importOf(files, tables);
    expect(rows(found, 'profiles').map((row) => row.split(',').slice(4, 6).join(','))).toEqual([
      expected,
    ]);
    expect(rows(found, 'overageChanges')).toEqual(changes.map((text) => `${EAST},${text}`));
  });

  it('O3: names what contradicts, with the profile', () => {
    const caps = ['500', '600'].map((cap) =>
      day('2026-01-10', { overageOn: true, capCredits: decimal(cap) }),
    );
    expect(importOf({ reports: caps }).inference.doubts).toEqual([
      expect.stringMatching(/^EAST: two caps on 2026-01-10: 600 in /),
    ]);
    const named = profile(`${EAST},${ACCOUNT},us-east-1, Virginia ,on,600,`);
    expect(importOf({ reports: caps }, named).inference.doubts[0]).toMatch(/^Virginia: two caps/);
  });
});

describe('users', () => {
  it('are those of reports and bills, each with where it comes from', () => {
    const found = importOf({
      reports: [seen('2026-01-10', 'bob', { email: 'bob@x' })],
      bill: [{ ...FEE, month: '2026-02', userId: 'zoe' }, { ...FEE, userId: 'zoe' }, FEE],
    });
    expect(rows(found, 'users', true)).toEqual([
      'alice,,,,,resource id in the CUR of 2026-01',
      'bob,bob@x,bob@x,,,User_Email of r.csv:2',
      'zoe,,,,,resource id in the CUR of 2026-01',
    ]);
  });

  it.each<[string, OwnTables]>([
    ['a subscription', own('p,user,own,Pro,2025-11-01,')],
    [
      'a tier change',
      {
        tierChanges: [
          'profile_id,principal_type,principal_id,changed_at,tier',
          'p,USER,own,2026-01-05,Pro',
        ],
      },
    ],
    ['an activation', { activations: ['profile_id,user_id,activated_at', 'p,own,2026-01-05'] }],
    ['a membership', { groupMembers: ['group_id,user_id', 'g,own'] }],
    ['users.csv', { users: ['user_id', 'own'] }],
  ])('are those of a person: people join %s', (_, tables) => {
    const found = importOf({ people: [people({ id: 'own', name: 'Own' })] }, tables);
    expect(found.inference.leftOut).toEqual([]);
    expect(found.inference.users.shown('own')).toBe('Own');
  });

  it('are no groups that a person subscribes, and no people whom nothing names', () => {
    const found = importOf(
      { people: [people({ id: 'g', name: 'G' }, { id: 'x' })] },
      own('p,Group,g,Pro,2025-11-01,'),
    );
    expect(rows(found, 'users')).toEqual([]);
    expect(found.inference.leftOut).toEqual(['people who are not users here: 2 of 2']);
  });

  it('have the cost center of people, else of a tag', () => {
    const found = importOf({
      reports: [seen('2026-01-10'), seen('2026-01-10', 'bob')],
      people: [people({ id: 'bob', costCenter: 'HR' })],
      tags: { alice: 'Web', bob: 'Ops' },
    });
    expect(rows(found, 'users', true)).toEqual([
      'alice,,,Web,,UserId of r.csv:2; tag',
      'bob,,,HR,,UserId of r.csv:2; tag; store',
    ]);
  });
});

describe('names of a list', () => {
  it('are doubted where seats are active before their activation, a line for each list', () => {
    const { users, ...early } = list('2026-01-10', ['ann', 'ben']);
    const activatedAt = instant('2026-02-01');
    const lists = [{ ...early, users: users.map((user) => ({ ...user, activatedAt })) }];
    expect(importOf({ lists }).inference.doubts).toEqual([
      expect.stringMatching(/^the list of 2026-01-10: 2 users activated later, such as ann on /),
    ]);
  });

  it('are users where nothing else covers the profile', () => {
    const found = importOf({ lists: [list('2026-01-10', ['ann@x', 'ben pending'])] });
    expect(rows(found, 'users')).toEqual(['ann@x,ann@x,ann@x,,', 'ben,,,,']);
    expect(rows(found, 'subscriptions')).toEqual([
      `${EAST},user,ann@x,Pro,2026-01-01T00:00:00Z,`,
      `${EAST},user,ben,Pro,2026-01-10T00:00:00Z,`,
    ]);
    expect(rows(found, 'activations')).toEqual([`${EAST},ann@x,2026-01-01T00:00:00Z`]);
    expect(found.inference.unknownNames).toBe(0);
  });

  it.each<[string, Files]>([
    ['reports', { reports: [seen('2026-01-10')] }],
    ['a bill', { bill: [FEE] }],
  ])(
    'that are no known user write no seat where %s cover the profile, and are counted',
    (_, files) => {
      const lists = [list('2026-01-20', ['alice', 'ann', 'ben pending'])];
      const found = importOf({ ...files, lists });
      expect(rows(found, 'users').map((row) => row.split(',')[0])).toEqual(['alice']);
      expect(found.inference.unknownNames).toBe(2);
      expect(found.inference.leftOutOfLists).toEqual([]);
    },
  );

  it('that an earlier list of the month has as unavailable are not lacking there', () => {
    const lists = [
      list('2026-07-03', ['ann other', 'ben']),
      list('2026-07-16', ['ann', 'cyd', 'ben']),
    ];
    expect(rows(importOf({ lists }), 'subscriptions')).toEqual([
      `${EAST},user,ann,Pro,2026-07-01T00:00:00Z,`,
      `${EAST},user,ben,Pro,2026-07-01T00:00:00Z,`,
      `${EAST},user,cyd,Pro,2026-07-16T00:00:00Z,`,
    ]);
  });

  it('that are canceled or unavailable and known to nothing earlier are left out, with the reason', () => {
    const lists = [
      list('2026-01-10', ['ann', 'cat canceled', 'dan other', 'ann canceled']),
      list('2026-01-20', ['cat canceled', 'ann canceled']),
    ];
    const found = importOf({ lists });
    expect(rows(found, 'users').map((row) => row.split(',')[0])).toEqual(['ann']);
    expect(found.inference.leftOutOfLists).toEqual([
      'canceled users whom nothing earlier knows',
      'canceled users whom nothing earlier knows',
      'unavailable users',
    ]);
  });

  it('are read by the days of the lists, whatever the order of the paths', () => {
    const lists = [list('2026-03-20', ['ann canceled']), list('2026-03-10', ['ann'])];
    const found = importOf({ lists });
    expect(found.inference.leftOutOfLists).toEqual([]);
    expect(rows(found, 'subscriptions')).toEqual([
      `${EAST},user,ann,Pro,2026-03-01T00:00:00Z,2026-03-20T00:00:00Z`,
    ]);
  });
});

describe('a seat', () => {
  it('has its subscription, changes of tier and activation, each with where it comes from', () => {
    const found = importOf({
      reports: [
        seen('2026-01-10'),
        seen('2026-01-20', 'alice', { tier: 'Power' }),
        seen('2026-02-20', 'alice', { tier: 'Pro+' }),
      ],
    });
    const from =
      'first seen 2026-01-10 in r.csv:2: no new user there, so from the first of 2026-01';
    expect(rows(found, 'subscriptions', true)).toEqual([
      `${EAST},user,alice,Pro,2026-01-01T00:00:00Z,,${from}`,
    ]);
    expect(rows(found, 'tierChanges', true)).toEqual([
      `${EAST},user,alice,2026-01-20T00:00:00Z,Pro,Power,Power first seen 2026-01-20 in r.csv:2, Pro last seen 2026-01-10`,
      `${EAST},user,alice,2026-02-01T00:00:00Z,Power,Pro+,Pro+ first seen 2026-02-20 in r.csv:2, no Power there`,
    ]);
    expect(rows(found, 'activations', true)).toEqual([
      `${EAST},alice,2026-01-01T00:00:00Z,${from}`,
    ]);
  });

  it('takes together what reports, bills and lists show by any id of the user', () => {
    const ids = { users: ['user_id,email,aliases', 'alice,al@x,al'] };
    const found = importOf(
      {
        reports: [seen('2026-01-20', 'al', { isNewUser: true })],
        bill: [{ ...FEE, month: '2026-02', item: 'Power', userId: 'AL@x' }],
        lists: [list('2026-03-10', ['al canceled'])],
      },
      ids,
    );
    expect(rows(found, 'subscriptions')).toEqual([
      `${EAST},user,alice,Pro,2026-01-20T00:00:00Z,2026-03-01T00:00:00Z`,
    ]);
    expect(rows(found, 'tierChanges')).toEqual([
      `${EAST},user,alice,2026-02-01T00:00:00Z,Pro,Power`,
    ]);
  });

  it('without a plan is counted, too, where a list says nothing of it', () => {
    const found = importOf({
      reports: [seen('2026-01-10', 'a', { tier: '' })],
      lists: [list('2026-01-20', ['a other'])],
    });
    expect(found.inference.leftOut).toEqual(['seats of EAST without a plan in any row: 1']);
  });

  it('comes in the order of profiles and ids, also in what is to be checked', () => {
    const twice = (date: string, user: string, profileId = EAST) => [
      seen(date, user, { profileId }),
      seen(date, user, { profileId, tier: 'Power' }),
    ];
    const found = importOf({
      reports: [
        ...twice('2026-01-10', 'b'),
        ...twice('2026-01-11', 'a'),
        ...twice('2026-01-12', 'c', EU),
      ],
    });
    expect(found.inference.doubts.map((text) => text.replace(/:.*/, ''))).toEqual([
      'c in EU',
      'a in EAST',
      'b in EAST',
    ]);
    expect(found.imported.profiles?.rows.map((row) => row.profile_id)).toEqual([EU, EAST]);
    expect(found.imported.subscriptions?.rows.map((row) => row.principal_id)).toEqual([
      'c',
      'a',
      'b',
    ]);
  });

  it('without a plan in any row is none, and is counted by profile; of lists alone it is not', () => {
    const found = importOf({
      reports: [
        seen('2026-01-10', 'a', { tier: '' }),
        seen('2026-01-10', 'b', { tier: '' }),
        seen('2026-01-10', 'c'),
      ],
      lists: [list('2026-01-20', ['c other'])],
    });
    expect(rows(found, 'subscriptions')).toHaveLength(1);
    expect(found.inference.leftOut).toEqual(['seats of EAST without a plan in any row: 2']);
    const listed = importOf({
      reports: [seen('2026-01-10')],
      lists: [list('2026-01-20', ['alice canceled'])],
    });
    expect(listed.inference.leftOut).toEqual([]);
  });

  it('of a known user that a list alone has, without a plan, is none, and not counted', () => {
    const found = importOf(
      { lists: [list('2026-01-20', ['own canceled'])] },
      { users: ['user_id', 'own'] },
    );
    expect(rows(found, 'subscriptions')).toEqual([]);
    expect(found.inference.leftOut).toEqual([]);
  });

  it('names what to check with the user and the profile', () => {
    const found = importOf({
      lists: [list('2026-02-10', ['ann@x']), list('2026-03-20', ['ben'])],
      people: [people({ id: 'x', email: 'ann@x', name: 'Ann' })],
    });
    expect(found.inference.doubts).toEqual([
      'Ann in EAST: absent from the list of 2026-03-20: ended on 2026-03-01, and the month before may be its last',
    ]);
  });

  it('of a final bill of the payer ends without a fee', () => {
    const found = importOf({ bill: [FEE, { ...FEE, month: '2026-02', userId: 'bob' }] });
    expect(rows(found, 'subscriptions')).toEqual([
      `${KEY},user,alice,Pro,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z`,
      `${KEY},user,bob,Pro,2026-02-01T00:00:00Z,`,
    ]);
  });
});

describe("a person's seat that final bills do not charge", () => {
  const bill = [FEE, { ...FEE, month: '2026-02' }, { ...FEE, month: '2026-03', isInvoiced: false }];
  const doubts = (seat: string, files: Files = {}, tables: OwnTables = {}) =>
    importOf({ bill, ...files }, { ...own(seat), ...tables }).inference.doubts;
  const noFee = (months: string, title = 'EAST', used = '') =>
    `bob in ${title}: the data have a seat here, but the CUR of ${months} has no fee for it${used}`;

  it.each<[string, string, string, (typeof FEE)[]?]>([
    ['all its months', `${EAST},user,bob,Pro,2025-11-01,`, '2026-01 to 2026-02'],
    [
      'all three of them',
      `${EAST},user,bob,Pro,2025-11-01,`,
      '2026-01 to 2026-03',
      [{ ...FEE, month: '2026-03' }],
    ],
    ['the months after its start', `${EAST},user,bob,Pro,2026-02-28,`, '2026-02'],
    ['the months before its end', `${EAST},user,bob,Pro,2025-11-01,2026-02-01`, '2026-01'],
    ['a month of which it has a part', `${EAST},User,bob,Pro,2026-01-20,2026-01-21`, '2026-01'],
  ])('is named with %s', (_, seat, months, more = []) => {
    const closed = more.length > 0 ? bill.slice(0, 2) : bill;
    expect(doubts(seat, { bill: [...closed, ...more] })).toEqual([noFee(months)]);
  });

  it.each([
    ['ended before', `${EAST},user,bob,Pro,2025-11-01,2026-01-01`],
    ['begins after', `${EAST},user,bob,Pro,2026-03-01,`],
    ['is in another profile', `${EU},user,bob,Pro,2025-11-01,`],
    ['is of a group', `${EAST},group,bob,Pro,2025-11-01,`],
    ['has a fee', `${EAST},user,alice,Pro,2025-11-01,`],
    ['has no start', `${EAST},user,bob,Pro,,`],
  ])('is not where it %s', (_, seat) => {
    expect(doubts(seat)).toEqual([]);
  });

  it('nor where no bill covers the profile', () => {
    expect(
      doubts(`${EAST},user,bob,Pro,2025-11-01,`, { bill: [], reports: [seen('2026-01-10')] }),
    ).toEqual([]);
  });

  it('is named with its use in reports', () => {
    const reports = [seen('2026-01-10', 'bob', { tier: '' })];
    expect(doubts(`${EAST},user,bob,Pro,2025-11-01,`, { reports })).toContain(
      noFee('2026-01 to 2026-02', 'EAST', ', though the reports show use'),
    );
  });

  it('is named as the person names user and profile', () => {
    const seat = 'east,user,bob,Pro,2025-11-01,';
    const named = profile(`east,${ACCOUNT},us-east-1,Virginia,,,${NEW}`);
    const users = { users: ['user_id,name', 'b,Bob B'] };
    expect(doubts(seat, {}, named)).toEqual([noFee('2026-01 to 2026-02', 'Virginia')]);
    const other = `${NEW},user,b,Pro,2025-11-01,`;
    expect(doubts(other, {}, { ...named, ...users })).toEqual([
      noFee('2026-01 to 2026-02', 'NEW').replace('bob', 'Bob B'),
    ]);
  });
});

describe('groups', () => {
  const store = {
    persons: [],
    groups: [
      { groupId: 'g', name: 'Web', source: 'store' },
      { groupId: 'h', name: 'Ops', source: 'store' },
    ],
    memberships: ['g alice', 'g bob', 'g alice', 'i alice'].map((text) => {
      const [groupId = '', userId = ''] = text.split(' ');
      return { groupId, userId, source: 'members' };
    }),
    pages: [],
  };

  it('have names, and the members who are users here', () => {
    const found = importOf({ reports: [seen('2026-01-10')], people: [store] });
    expect(rows(found, 'groups', true)).toEqual(['g,Web,store', 'h,Ops,store', 'i,,members']);
    expect(rows(found, 'groupMembers', true)).toEqual(['g,alice,,,members', 'i,alice,,,members']);
    expect(found.inference.leftOut).toEqual(['memberships of people who are not users here: 1']);
  });

  it('of a thousand people who are not users here are counted with a comma', () => {
    const users = Array.from({ length: 1234 }, (_, index) => `n${index}`);
    const memberships = users.map((userId) => ({ groupId: 'g', userId, source: 'members' }));
    const reports = users.map((userId) => seen('2026-01-10', `r-${userId}`, { tier: '' }));
    const found = importOf({ reports, people: [{ ...store, memberships }] });
    expect(found.inference.leftOut).toEqual([
      'seats of EAST without a plan in any row: 1,234',
      'memberships of people who are not users here: 1,234',
    ]);
  });

  it('have all members where a person subscribes them', () => {
    const found = importOf(
      { reports: [seen('2026-01-10')], people: [store] },
      own(`${EAST},GROUP, g ,Pro,2025-11-01,`),
    );
    expect(rows(found, 'groupMembers')).toEqual(['g,alice,,', 'g,bob,,', 'i,alice,,']);
    expect(found.inference.leftOut).toEqual([]);
  });

  it('are not subscribed by a subscription of a user of that id', () => {
    const found = importOf({ people: [store] }, own(`${EAST},user,g,Pro,2025-11-01,`));
    expect(rows(found, 'groupMembers')).toEqual([]);
  });

  it.each(['Bob@X', 'bob'])('have as a member whom a person calls %s', (called) => {
    const { persons } = people({ id: 's1', userName: 'bob', email: 'bob@x' });
    const memberships = [{ groupId: 'g', userId: 's1', source: 'members' }];
    const found = importOf(
      { people: [{ ...store, persons, memberships }] },
      own(`${EAST},user,${called},Pro,2025-11-01,`, `${EAST},group,g,Pro+,2025-11-01,`),
    );
    expect(rows(found, 'groupMembers')).toEqual([`g,${called},,`]);
    expect(rows(found, 'users')[0]).toMatch(/[, ]s1$/);
  });

  it('have the name of the last file that has one, and members by any of their ids', () => {
    const again = {
      ...store,
      groups: [{ groupId: 'g', name: 'Web 2', source: 'again' }],
      memberships: [{ groupId: 'g', userId: 'al', source: 'again' }],
    };
    const found = importOf({ people: [store, again] }, { users: ['user_id,aliases', 'alice,al'] });
    expect(rows(found, 'groups', true)[0]).toBe('g,Web 2,again');
    expect(rows(found, 'groupMembers', true)[0]).toBe('g,alice,,,again');
  });
});

it('a directory of no files has no rows', () => {
  const { inference } = importOf({});
  expect(Object.values(inference.rows).flat()).toEqual([]);
  expect([inference.doubts, inference.leftOut, inference.leftOutOfLists]).toEqual([[], [], []]);
});

describe("the Region of a bill's row that fits no profile", () => {
  const bill = [{ ...FEE, region: 'eu-west-2', code: 'EUW2' }];
  const seat = (id: string) => own(`${id},user,alice,Pro,2025-11-01,`);
  const named = profile(`mine,${ACCOUNT},us-east-1,,,,other`);

  it.each<[string, Files, OwnTables]>([
    ['that a report shows', { reports: [seen('2026-01-10')] }, {}],
    ["of a person's rows by an ARN", {}, seat(EAST)],
    ["of a person's rows by an id", {}, { ...seat('mine'), ...named }],
    ["of a person's rows by an alias", {}, { ...seat(' other '), ...named }],
    [
      "of a person's rows, whatever form the user's id has",
      {},
      own(`${EAST},user,d-9067642ac7.11111111-1111-4111-8111-111111111111,Pro,2025-11-01,`),
    ],
  ])('is that of the one seat %s', (_, files, tables) => {
    const ofBill = bill.map((line) =>
      JSON.stringify(tables).includes('d-9067642ac7')
        ? { ...line, userId: '11111111-1111-4111-8111-111111111111' }
        : line,
    );
    const { bills } = importOf({ ...files, bill: ofBill }, tables);
    expect(bills.profiles.map(({ accountRegion }) => accountRegion.region)).toEqual(['us-east-1']);
  });

  it.each<[string, Files, OwnTables]>([
    ['nobody has a seat', {}, {}],
    ['a row of a person names no profile', {}, seat('unknown')],
    ['another user has the seat', { reports: [seen('2026-01-10', 'bob')] }, {}],
    [
      'a list is of a profile there',
      { reports: [seen('2026-01-10')], lists: [list('2026-01-20', [], arn('W', 'eu-west-2'))] },
      {},
    ],
    [
      'a person has a profile there',
      { reports: [seen('2026-01-10')] },
      profile(`w,${ACCOUNT},eu-west-2,,,,`),
    ],
    [
      'two seats are known',
      { reports: [seen('2026-01-10'), seen('2026-01-11', 'alice', { profileId: EU })] },
      {},
    ],
  ])('is a profile where %s', (_, files, tables) => {
    const { bills } = importOf({ ...files, bill }, tables);
    expect(bills.profiles.map(({ accountRegion }) => accountRegion.region)).toEqual(['eu-west-2']);
  });
});
