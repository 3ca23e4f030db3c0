/** Reports, lists, people and tables as an import reads them. */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { instant, instantText } from '../../src/domain/instant.ts';
import { BadInput } from '../../src/domain/problem.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { knownTiers } from '../../src/domain/tier.ts';
import { NO_PEOPLE } from '../../src/import/evidence.ts';
import { identityStoreOf } from '../../src/import/identity-store.ts';
import { readPeople } from '../../src/import/people.ts';
import { evidenceOfReports } from '../../src/import/report-evidence.ts';
import { listInstant, readSubscriptionList } from '../../src/import/subscription-list.ts';
import {
  factText,
  guarded,
  readTextTable,
  rowText,
  type TextRow,
  tableText,
  WRITTEN_COLUMNS,
} from '../../src/import/table-rows.ts';
import { cardTiers } from '../../src/import/tier-order.ts';
import { TABLES } from '../../src/input/known-columns.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import type { CountedActivity } from '../../src/usage/activity/counted-activity.ts';

const ID = '11111111-1111-4111-8111-111111111111';

function source(text: string | Buffer, file = 'x.csv') {
  return {
    file,
    stream: (async function* () {
      yield Buffer.from(text);
    })(),
  };
}

function texts(log: ProblemLog): string[] {
  return log.kept.map(({ file, line, column, what, value }) =>
    [file, line, column, what, value].filter((part) => part !== undefined).join(': '),
  );
}

describe('reports', () => {
  const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';
  const row = (date: string, more: Partial<CountedActivity> = {}): CountedActivity => ({
    profileId: ARN,
    date,
    at: instant(date),
    userId: 'u',
    tier: 'PRO',
    isNewUser: false,
    email: '',
    overageCredits: decimal('0'),
    place: { file: `b/${date}.csv`, line: 2 },
    ...more,
  });

  function evidence(...rows: readonly CountedActivity[]) {
    const log = new ProblemLog();
    return { ...evidenceOfReports(rows, knownTiers(), log), problems: texts(log) };
  }

  it('show who used which profile on which day, in the order of days, whatever that of the rows', () => {
    const { profiles, span, problems } = evidence(
      row('2026-01-20', { tier: 'Q_DEVELOPER_STANDALONE_POWER' }),
      row('2026-01-10', { isNewUser: true }),
      row('2026-01-15', { tier: '' }),
      row('2026-01-10', { userId: 'v', profileId: ARN.replace('us-east-1', 'EU-central-1') }),
    );
    expect(problems).toEqual([]);
    expect(span).toEqual({ first: '2026-01-10', last: '2026-01-20' });
    const seats = profiles.map(({ accountRegion, signs }) => [
      `${accountRegion.accountId} ${accountRegion.region}`,
      ...signs.map(
        ([user, one]) =>
          `${user} ${instantText(one.at).slice(0, 10)} ${one.tier} ${one.isNewUser} ${one.source}`,
      ),
    ]);
    expect(seats).toEqual([
      [
        '111122223333 us-east-1',
        'u 2026-01-10 Pro true 2026-01-10.csv:2',
        'u 2026-01-15 undefined false 2026-01-15.csv:2',
        'u 2026-01-20 Power false 2026-01-20.csv:2',
      ],
      ['111122223333 eu-central-1', 'v 2026-01-10 Pro false 2026-01-10.csv:2'],
    ]);
    expect(profiles[0]?.firstSource).toBe('2026-01-10.csv:2');
  });

  it('of one day come by the names of files, then lines, then users', () => {
    const at = (file: string, line: number, userId: string) =>
      row('2026-01-10', { userId, place: { file, line } });
    const { users } = evidence(
      at('a/y.csv', 2, 'd'),
      at('b/x.csv', 10, 'c'),
      at('b/x.csv', 9, 'b'),
      at('z/x.csv', 9, 'a'),
    );
    expect(users.map(({ userId }) => userId)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('name the ids of a profile, with the first day of each', () => {
    const made = `${ARN}NEW`;
    const { profiles } = evidence(
      row('2026-01-20', { profileId: made }),
      row('2026-01-25', { profileId: made }),
      row('2026-01-10'),
    );
    expect(profiles.map(({ ids }) => [...ids].map(([id, at]) => [id, instantText(at)]))).toEqual([
      [
        [ARN, '2026-01-10T00:00:00Z'],
        [made, '2026-01-20T00:00:00Z'],
      ],
    ]);
  });

  it('O2: show overage as it is switched, or was by what it cost', () => {
    const { profiles } = evidence(
      row('2026-01-01'),
      row('2026-01-02', { overageOn: false }),
      row('2026-01-03', { overageOn: true, capCredits: decimal('50') }),
      row('2026-01-04', { overageOn: true, overageCredits: decimal('1'), capCredits: 'none' }),
      row('2026-01-05', { overageOn: false, overageCredits: decimal('1') }),
      row('2026-01-06', { overageCredits: decimal('1') }),
    );
    expect(
      profiles[0]?.overage.map(({ at, ...rest }) => ({
        day: instantText(at).slice(8, 10),
        ...rest,
      })),
    ).toEqual([
      { day: '02', on: false, source: 'Overage_Enabled of 2026-01-02.csv:2' },
      {
        day: '03',
        on: true,
        capCredits: decimal('50'),
        source: 'Overage_Enabled of 2026-01-03.csv:2',
      },
      { day: '04', on: true, capCredits: 'none', source: 'Overage_Enabled of 2026-01-04.csv:2' },
      { day: '05', on: true, source: 'Overage_Credits_Used of 2026-01-05.csv:2' },
      { day: '06', on: true, source: 'Overage_Credits_Used of 2026-01-06.csv:2' },
    ]);
  });

  it('give each user the address of the latest day that has one', () => {
    const { users } = evidence(
      row('2026-01-01', { email: 'a@x' }),
      row('2026-01-02', { email: ' b@x ' }),
      row('2026-01-03', { email: ' ' }),
      row('2026-01-04', { userId: 'v' }),
    );
    expect(users).toEqual([
      { userId: 'u', email: 'b@x', source: 'User_Email of 2026-01-02.csv:2' },
      { userId: 'v', email: '', source: 'UserId of 2026-01-04.csv:2' },
    ]);
  });

  it('must have profile ARNs and known tiers', () => {
    const { problems, profiles, users } = evidence(
      row('2026-01-01', { profileId: 'p' }),
      row('2026-01-02', { profileId: ARN.replace('us-east-1', 'nowhere') }),
      row('2026-01-03', { tier: 'Gold' }),
      row('2026-01-04', { tier: 'Gold', profileId: 'p' }),
    );
    const noArn = 'not a profile ARN, which is needed for its account and Region';
    const noTier = 'not a tier (Pro, Pro+, Pro Max, Power)';
    expect(problems).toEqual([
      `b/2026-01-01.csv: 2: profileid: ${noArn}: p`,
      `b/2026-01-02.csv: 2: profileid: ${noArn}: ${ARN.replace('us-east-1', 'nowhere')}`,
      `b/2026-01-03.csv: 2: subscription_tier: ${noTier}: Gold`,
      `b/2026-01-04.csv: 2: profileid: ${noArn}: p`,
      `b/2026-01-04.csv: 2: subscription_tier: ${noTier}: Gold`,
    ]);
    expect([profiles, users]).toEqual([[], []]);
    expect(evidence()).not.toHaveProperty('span');
  });
});

describe('a list', () => {
  async function read(text: string) {
    const log = new ProblemLog();
    const list = await readSubscriptionList(source(text), knownTiers(), log);
    const { users: listed, leftOut } = list ?? { users: [], leftOut: [] };
    const users = listed.map(({ names, email, status, tier, activatedAt, source: from }) =>
      [
        names.join('+'),
        email,
        status,
        tier,
        activatedAt === undefined ? '' : instantText(activatedAt),
        from,
      ].join('|'),
    );
    return { users, leftOut, problems: texts(log) };
  }

  it.each([
    ['', 'active'],
    ['Active', 'active'],
    ['PENDING', 'pending'],
    ['Canceled', 'canceled'],
    ['cancelled', 'canceled'],
    ['Unavailable', 'other'],
  ])('with the status %j: %s', async (status, expected) => {
    expect((await read(`Name,Status,Plan\na,${status},Pro\n`)).users).toEqual([
      `a||${expected}|Pro||x.csv:2`,
    ]);
  });

  it.each([
    ['user_id,user_name,email,name', `${ID},un,e@x,n`, `${ID}+un+e@x+n|e@x`],
    ['Id,Display Name', `d-9067642ac7.${ID},n`, `${ID}+n|`],
    ['name', `d-9067642ac7.${ID}`, `${ID}|`],
    ['User Name,Name', 'u@x,u@x', 'u@x|u@x'],
    ['Name,Mail', 'n@x,', 'n@x|n@x'],
    ['Name,E-Mail', 'n@x,m@x', 'm@x+n@x|m@x'],
    ['id,primary_email', ' i , p@x ', 'i+p@x|p@x'],
    ['id,work_email', 'i,w@x', 'i+w@x|w@x'],
    ['user_id', 'i', 'i|'],
    ['email', 'e@x', 'e@x|e@x'],
    ['user_name', 'u', 'u|'],
  ])('names a user by %s', async (columns, fields, expected) => {
    const { users } = await read(`${columns},tier\n${fields},Pro\n`);
    expect(users.map((user) => user.split('|').slice(0, 2).join('|'))).toEqual([expected]);
  });

  it.each(['Kiro plan', 'kiro_plan', 'PLAN', 'Tier', 'kiro-tier', 'Subscription Type'])(
    'has the plan in %s',
    async (column) => {
      expect((await read(`name,${column}\na,KIRO_ENTERPRISE_PRO_PLUS\n`)).users).toEqual([
        'a||active|Pro+||x.csv:2',
      ]);
    },
  );

  it.each([
    ['Activation date', '2026-02-12', '2026-02-12T00:00:00Z'],
    ['activated_at', '"February 12, 2026"', '2026-02-12T00:00:00Z'],
    ['activation_date', '-', ''],
    ['activation_date', '–', ''],
    ['activation_date', 'N/A', ''],
    ['activation_date', '', ''],
  ])('has the activation in %s: %s', async (column, text, expected) => {
    expect((await read(`name,plan,${column}\na,Pro,${text}\n`)).users).toEqual([
      `a||active|Pro|${expected}|x.csv:2`,
    ]);
  });

  it('leaves out who costs nothing, and rows without a user, and says how many', async () => {
    const { users, leftOut, problems } = await read(
      'name,plan,status\na,Free,\nb,,pending\n,Pro,\nc,Free,canceled\nd,,Unavailable\n',
    );
    expect(leftOut).toEqual([
      'users without a paid plan',
      'users without a paid plan',
      'rows without a user',
    ]);
    expect(users).toEqual(['c||canceled|||x.csv:5', 'd||other|||x.csv:6']);
    expect(problems).toEqual([]);
  });

  it.each([
    [
      'name,plan,status\na,Pro,Odd\n',
      'x.csv: 2: status: not a status (Active, Pending, Canceled, Unavailable): Odd',
    ],
    [
      'name,Kiro Plan\na,Gold\n',
      'x.csv: 2: Kiro Plan: not a plan (Pro, Pro+, Pro Max, Power): Gold',
    ],
    [
      'name,plan,activated_at\na,Pro,soon\n',
      'x.csv: 2: activated_at: not a date: write it as 2026-02-12, or as the Kiro console does: soon',
    ],
    [
      'name,plan,activated_at\na,Pro,x-\n',
      'x.csv: 2: activated_at: not a date: write it as 2026-02-12, or as the Kiro console does: x-',
    ],
    [
      'name,plan,activated_at\na,Pro,n/a x\n',
      'x.csv: 2: activated_at: not a date: write it as 2026-02-12, or as the Kiro console does: n/a x',
    ],
    [
      'name,plan,activated_at\na,Pro,-x\n',
      'x.csv: 2: activated_at: not a date: write it as 2026-02-12, or as the Kiro console does: -x',
    ],
    [
      'name,plan,activated_at\na,Pro,xn/a\n',
      'x.csv: 2: activated_at: not a date: write it as 2026-02-12, or as the Kiro console does: xn/a',
    ],
    ['name,plan\na\u0001,Pro\n', 'x.csv: 2: name: an id must not have control characters: a\u0001'],
    [
      'Name,E-Mail,plan\na,b\u0001,Pro\n',
      'x.csv: 2: E-Mail: an id must not have control characters: b\u0001',
    ],
    [
      'plan\nPro\n',
      'x.csv: 1: row: no column names a user: a list needs Name, user_id, email or user_name',
    ],
    [
      'name\na\n',
      'x.csv: 1: row: no column names a plan: a list needs Kiro plan, plan, tier, kiro_tier or subscription_type',
    ],
    ['', 'x.csv: the file is empty: it needs a header row'],
    [
      'Name,Kiro plan,kiro_plan\na,Pro,Power\n',
      'x.csv: 1: Kiro plan: the column is in the header twice',
    ],
    ['name,plan\na"b,Pro\nc,Pro\n', 'x.csv: 2: row: '],
  ])('with a mistake says so at its place: %j', async (text, problem) => {
    const { problems } = await read(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(problem)).toBe(true);
  });

  it('tells all its mistakes, also in rows that are none', async () => {
    const { users, problems } = await read('name,plan\na"b,Pro\nc,Pro\nd"e,Pro\nf,Gold\n');
    expect(users).toEqual(['c||active|Pro||x.csv:3']);
    expect(problems.map((text) => text.slice(0, 14))).toEqual([
      'x.csv: 2: row:',
      'x.csv: 4: row:',
      'x.csv: 5: plan',
    ]);
  });

  it.each([
    'user_name;kiro_plan',
    'User Name;Kiro Plan',
    'user-name;kiro-plan',
    'UserName;KiroPlan',
  ])('may be separated by semicolons: %s', async (header) => {
    expect((await read(`${header}\na,b;Pro\n`)).users).toEqual(['a,b||active|Pro||x.csv:2']);
  });

  it('that cannot be read to its end is a problem', async () => {
    const stream = (async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('name,plan\na,Pro\n');
      throw new BadInput([{ file: 'x.csv', what: 'cannot be read' }]);
    })();
    const log = new ProblemLog();
    await readSubscriptionList({ file: 'x.csv', stream }, knownTiers(), log);
    expect(texts(log)).toEqual(['x.csv: cannot be read']);
  });

  it('canceled may have any plan, and any activation', async () => {
    expect((await read('name,plan,status,activated_at\na,Gold,canceled,soon\n')).users).toEqual([
      'a||canceled|||x.csv:2',
    ]);
  });

  it.each([
    ['Jan 5, 2026', '2026-01-05T00:00:00Z'],
    ['Sept. 5, 2026', '2026-09-05T00:00:00Z'],
    ['december  31, 2026', '2026-12-31T00:00:00Z'],
    ['March 5, 2026 at 7:08 AM', '2026-03-05T07:08:00Z'],
    ['March 5, 2026 at 7:08AM', '2026-03-05T07:08:00Z'],
    ['March 5, 2026, 23:08(UTC)', '2026-03-05T23:08:00Z'],
    ['Augu 5, 2026', '2026-08-05T00:00:00Z'],
    ['June 5, 2026', '2026-06-05T00:00:00Z'],
    ['Xxx 5, 2026', undefined],
    ['March 5, 2026, 12:08 AM', '2026-03-05T00:08:00Z'],
    ['March 5, 2026, 12:08 pm', '2026-03-05T12:08:00Z'],
    ['March 5, 2026, 23:08:09 (UTC)', '2026-03-05T23:08:09Z'],
    ['March 5, 2026, 23:08 (UTCZ)', '2026-03-05T23:08:00Z'],
    ['March 5, 2026, 23:08 (GMT+5:30)', '2026-03-05T17:38:00Z'],
    ['March 5, 2026, 3:08 (UTC-0800)', '2026-03-05T11:08:00Z'],
    ['Marchy 5, 2026', undefined],
    ['Ma 5, 2026', undefined],
    ['March 5, 2026, 24:30', undefined],
    ['x March 5, 2026', undefined],
    ['March 5, 2026 x', undefined],
  ])('dates %j', (text, expected) => {
    const found = listInstant(text);
    expect(found === undefined ? undefined : instantText(found)).toBe(expected);
  });
});

describe('the Identity Store', () => {
  function read(json: unknown) {
    const log = new ProblemLog();
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    return { ...identityStoreOf(text, 'f.json', log), problems: texts(log) };
  }

  it.each([
    [
      { UserName: 'ana', DisplayName: ' Ana ', Name: { GivenName: 'A', FamilyName: 'S' } },
      'ana||Ana',
    ],
    [{ UserName: 'ana@x', Name: { GivenName: ' A ', FamilyName: '' } }, 'ana@x|ana@x|A'],
    [{ UserName: 'ana@x', Name: { FamilyName: 'S' }, Emails: [{ Value: 'e@x' }] }, 'ana@x|e@x|S'],
    [
      {
        Emails: [
          { Value: 'e@x', Primary: false },
          { Value: 'f@x', Primary: true },
        ],
      },
      '|f@x|',
    ],
    [{ Emails: [{ Value: 'e@x' }, { Value: 'f@x', Primary: 'true' }], Name: ['A'] }, '|e@x|'],
    [{ UserName: 5, DisplayName: null, Emails: 'e@x' }, '||'],
  ])('user %j', (user, expected) => {
    const { persons, problems } = read({ Users: [{ UserId: `d-9067642ac7.${ID}`, ...user }] });
    expect(problems).toEqual([]);
    expect(persons).toMatchObject([
      { id: ID, isIdentityStore: true, costCenter: '', source: 'f.json' },
    ]);
    expect(persons.map(({ userName, email, name }) => `${userName}|${email}|${name}`)).toEqual([
      expected,
    ]);
  });

  it('has groups and their members', () => {
    const found = read({
      Groups: [{ GroupId: ' g ', DisplayName: 'Web' }, { GroupId: 'h' }, 'x'],
      GroupMemberships: [{ GroupId: 'g', MemberId: { UserId: `d-9067642ac7.${ID}` } }],
    });
    expect(found).toEqual({
      persons: [],
      groups: [
        { groupId: 'g', name: 'Web', source: 'f.json' },
        { groupId: 'h', name: '', source: 'f.json' },
      ],
      memberships: [{ groupId: 'g', userId: ID, source: 'f.json' }],
      pages: [
        { list: 'Groups ', source: 'f.json', goesOn: false },
        { list: 'GroupMemberships g', source: 'f.json', goesOn: false },
      ],
      problems: [],
    });
  });

  const noKey =
    'f.json: not the JSON of the Identity Store: it has none of the keys Users, Groups and GroupMemberships';
  it.each([
    ['{', ['f.json: not valid JSON: save the output of the command again']],
    ['[]', [noKey]],
    ['null', [noKey]],
    ['"x"', [noKey]],
    ['{"People":[]}', [noKey]],
    ['{"Users":5}', ['f.json: Users: must be a list']],
    ['{"Users":[],"Groups":{"a":[]}}', ['f.json: Groups: must be a list']],
    ['{"Users":[{}]}', ['f.json: UserId is missing, or no text']],
    ['{"Users":[{"UserId":5}]}', ['f.json: UserId is missing, or no text']],
    [
      '{"Users":[{"UserId":"a\\u0001"}]}',
      ['f.json: UserId: an id must not have control characters: a\u0001'],
    ],
    ['{"Groups":[{}]}', ['f.json: GroupId is missing, or no text']],
    ['{"GroupMemberships":[{"GroupId":"g"}]}', ['f.json: MemberId.UserId is missing, or no text']],
    [
      '{"GroupMemberships":[{"GroupId":"g","MemberId":"u"}]}',
      ['f.json: MemberId.UserId is missing, or no text'],
    ],
    [
      '{"GroupMemberships":[{"MemberId":{"UserId":"u"}}]}',
      ['f.json: GroupId is missing, or no text'],
    ],
  ])('with a mistake says so: %s', (text, problems) => {
    expect(read(text)).toMatchObject({ persons: [], groups: [], memberships: [], problems });
  });
});

describe('a list of the Identity Store', () => {
  it('goes on where it has a token for the next page', () => {
    const text = JSON.stringify({ Users: [{ UserId: ID }], NextToken: 'more' });
    const { pages } = identityStoreOf(text, 'f.json', new ProblemLog());
    expect(pages).toEqual([{ list: 'Users ', source: 'f.json', goesOn: true }]);
  });
});

describe('people', () => {
  async function read(text: string | Buffer) {
    const log = new ProblemLog();
    const people = (await readPeople(source(text), log)) ?? NO_PEOPLE;
    return { ...people, problems: texts(log) };
  }

  it.each([
    ['user_id,display_name,cost_center', `d-9067642ac7.${ID},Ana,CC`, `${ID}||Ana|CC||x.csv:2`],
    ['ID,name,department', 'a,Ana,Sales', 'a||Ana|Sales||x.csv:2'],
    ['id,given-name,FamilyName', 'a,Ana,', 'a||Ana|||x.csv:2'],
    ['id,given_name,family_name,name', 'a,Ana,S,Shown', 'a||Shown|||x.csv:2'],
    ['mail,cost_center,department', 'a@x, ,Sales', '|a@x||Sales||x.csv:2'],
    ['user_name', 'a@x', '|a@x|||a@x|x.csv:2'],
    ['user_name,email', 'ana,', '||||ana|x.csv:2'],
    ['user_name,work email', 'u@x,w@x', '|w@x|||u@x|x.csv:2'],
    ['Primary E-Mail,id', 'x@x,a', 'a|x@x|||'],
  ])('of the columns %s', async (columns, fields, expected) => {
    const { persons, problems } = await read(`${columns}\n${fields}\n`);
    expect(problems).toEqual([]);
    const found = persons.map((one) =>
      [one.id, one.email, one.name, one.costCenter, one.userName, one.source].join('|'),
    );
    expect(found[0]?.startsWith(expected)).toBe(true);
    expect(persons[0]?.isIdentityStore).toBe(false);
  });

  it.each([
    ['name\nAna\n', 'x.csv: 1: row: no column names a user: people need user_id or id, '],
    ['id\na\u0001\n', 'x.csv: 2: id: an id must not have control characters: a\u0001'],
  ])('with a mistake say so: %j', async (text, problem) => {
    const { problems, persons } = await read(text);
    expect(persons).toEqual([]);
    expect(problems[0]?.startsWith(problem)).toBe(true);
  });

  it('in JSON may be longer than the beginning that shows it, and begin with spaces', async () => {
    const Users = Array.from({ length: 200 }, (_, index) => ({ UserId: `u${index}` }));
    expect((await read(` \n${JSON.stringify({ Users })}`)).persons).toHaveLength(200);
    expect((await read(`[${' '.repeat(9000)}]`)).problems[0]).toMatch(/none of the keys/);
  });

  it('in a table have no groups, even where a name has a brace in it', async () => {
    expect(await read('id,{name\n')).toMatchObject({
      persons: [],
      groups: [],
      memberships: [],
      problems: [],
    });
  });

  it('that cannot be read are a problem', async () => {
    const stream = (async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('id\n');
      throw new BadInput([{ file: 'x.csv', what: 'cannot be read' }]);
    })();
    const log = new ProblemLog();
    const nobody = { persons: [], groups: [], memberships: [], pages: [] };
    expect(await readPeople({ file: 'x.csv', stream }, log)).toEqual(nobody);
    expect(texts(log)).toEqual(['x.csv: cannot be read']);
  });

  it('in a long table are all read', async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `u${index}\n`).join('');
    expect((await read(`id\n${rows}`)).persons).toHaveLength(2000);
  });
});

describe('the tables of a directory', () => {
  it('have these columns', () => {
    expect(TABLES.map((table) => `${table}: ${WRITTEN_COLUMNS[table].join()}`)).toEqual([
      'profiles: profile_id,account_id,region,name,overage,overage_cap,aliases',
      'users: user_id,name,email,cost_center,aliases',
      'groups: group_id,name',
      'groupMembers: group_id,user_id,joined_at,left_at',
      'subscriptions: profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at',
      'tierChanges: profile_id,principal_type,principal_id,changed_at,from_tier,tier',
      'activations: profile_id,user_id,activated_at',
      'overageChanges: profile_id,changed_at,overage,overage_cap',
    ]);
  });

  it('are read as they are written, whatever the case of the header', async () => {
    const log = new ProblemLog();
    const text = ' Group_ID ;NAME;Mine\ng; a ;"x\n\nx"\n\nh\n';
    expect(await readTextTable('groups', source(text), log)).toEqual({
      columns: ['group_id', 'name', 'mine'],
      rows: [
        { group_id: 'g', name: ' a ', mine: 'x\n\nx' },
        { group_id: 'h', name: '', mine: '' },
      ],
    });
    expect(log.total).toBe(0);
  });

  it("are written with a person's rows first, and inferred ones by all columns", () => {
    const own: TextRow[] = [{ group_id: 'z', name: '=x', mine: 'm' }, { group_id: 'a' }];
    const inferred: TextRow[] = [
      { group_id: 'cc', name: 'a' },
      { group_id: 'c', name: 'd' },
      { group_id: 'b' },
      { group_id: 'c', name: 'a', inferred_from: 's,t' },
    ];
    expect(tableText('groups', own, inferred, ['inferred_from', 'name', 'mine', '', 'mine'])).toBe(
      [
        'group_id,name,mine,inferred_from',
        'z,=x,m,',
        'a,,,',
        'b,,,',
        'c,a,,"s,t"',
        'c,d,,',
        'cc,a,,',
        '',
      ].join('\n'),
    );
  });

  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])(
    'have free texts that begin with %j guarded, and ids as they are',
    (start) => {
      const texts4 = {
        name: `${start}a`,
        email: `${start}a`,
        cost_center: `${start}a`,
        inferred_from: `${start}a`,
      };
      expect(guarded({ ...texts4, group_id: `${start}a` })).toEqual({
        ...Object.fromEntries(Object.entries(texts4).map(([key, text]) => [key, `'${text}`])),
        group_id: `${start}a`,
      });
      expect(guarded({ name: `a${start}` })).toEqual({ name: `a${start}` });
    },
  );

  it('have rows that are the same by their columns, with or without the source', () => {
    const [row, moved] = [
      { group_id: 'g', name: 'a', inferred_from: 's' },
      { name: ' a ', inferred_from: 't', other: ' ', group_id: 'g' },
    ];
    expect(factText('groups', row)).toBe(factText('groups', moved));
    expect(rowText('groups', row)).not.toBe(rowText('groups', moved));
    expect(rowText('groups', row)).toBe(rowText('groups', { ...moved, inferred_from: ' s' }));
    expect(rowText('groups', row)).not.toBe(rowText('groups', { ...row, other: 'x' }));
    expect(factText('groups', row)).toBe(factText('groups', { ...row, other: 'x' }));
    expect(factText('groups', row)).not.toBe(factText('groups', { ...row, name: 'b' }));
    expect(factText('groups', { group_id: 'g' })).toBe(
      factText('groups', { group_id: 'g', name: '' }),
    );
  });
});

it('tiers are ordered by the newest edition of the own card, else of the built-in one', () => {
  const rankOf = cardTiers(BUILT_IN_RATE_CARD).rankOf;
  expect(['Pro', 'Pro+', 'Pro Max', 'Power', 'Gold'].map(rankOf).map((rank) => rank > 0)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(rankOf('Gold')).toBe(0);
  const editions = [9, 7].map((rank) => ({
    partitions: new Map([['aws', [{ tier: 'Gold', rank }]]]),
  }));
  const {
    rankOf: own,
    known,
    since,
  } = cardTiers({
    editions: [{ ...editions[0], from: '2025-03' }, editions[1]],
  } as never);
  expect([known.get('gold'), since]).toEqual(['Gold', '2025-03']);
  expect([...cardTiers(BUILT_IN_RATE_CARD).known.values()]).toEqual([
    'Pro',
    'Pro+',
    'Pro Max',
    'Power',
  ]);
  expect([
    cardTiers(BUILT_IN_RATE_CARD).known.get('gold'),
    cardTiers(BUILT_IN_RATE_CARD).since,
  ]).toEqual([undefined, '2025-10']);
  expect([own('Gold'), own('Pro')]).toEqual([7, rankOf('Pro')]);
});
