/** Lists of subscriptions and people as other systems write them. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/domain/instant.ts';
import { knownTiers } from '../../src/domain/tier.ts';
import { NO_PEOPLE } from '../../src/import/evidence.ts';
import { readPeople } from '../../src/import/people.ts';
import { listInstant, readSubscriptionList } from '../../src/import/subscription-list.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { usageCsv } from '../support/tables.ts';

function source(text: string | Buffer, file = 'x.csv') {
  const bytes = Buffer.from(text);
  return {
    file,
    stream: {
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
    },
  };
}

describe('dates of the console', () => {
  it.each([
    ['February 12, 2026, 10:15 (UTC+01:00)', '2026-02-12T09:15:00Z'],
    ['February 12, 2026', '2026-02-12'],
    ['Feb 2, 2026, 1:05 PM (UTC-05:00)', '2026-02-02T18:05:00Z'],
    ['2026-02-12T10:15:00Z', '2026-02-12T10:15:00Z'],
  ])('%s', (text, expected) => {
    expect(listInstant(text)).toBe(instant(expected));
  });

  it.each(['Febrary 12, 2026', 'February 30, 2026', '12/02/2026', 'February 12'])(
    'not %s',
    (text) => {
      expect(listInstant(text)).toBeUndefined();
    },
  );
});

describe('a list of subscriptions', () => {
  async function read(text: string) {
    const log = new ProblemLog();
    const list = await readSubscriptionList(source(text), knownTiers(), log);
    return {
      ...(list ?? { users: [], leftOut: [] }),
      problems: log.kept.map(({ line, column, what }) => `${line}: ${column}: ${what}`),
    };
  }

  it('is read as the console saves it', async () => {
    const { users, leftOut, problems } = await read(
      'Name,Subscription status,Kiro plan,Plan source,Activation date\nana@x.example,Active,Kiro Pro+,Group,"March 3, 2026"\nben,Pending,KIRO_ENTERPRISE_PRO,User,-\nc,Active,Kiro Free,User,\n',
    );
    expect(users.map(({ names, status, tier }) => `${names} ${status} ${tier}`)).toEqual([
      'ana@x.example active Pro+',
      'ben pending Pro',
    ]);
    expect(users[0]?.activatedAt).toBe(instant('2026-03-03'));
    expect(leftOut).toEqual(['users without a paid plan']);
    expect(problems).toEqual([]);
  });

  it('is read from any table with a user and a plan', async () => {
    const { users } = await read(
      'subscription_type;User Name;E-Mail\nQ_DEVELOPER_STANDALONE_POWER;ben;b@x\n',
    );
    expect(users.map(({ names, tier, email }) => [names, tier, email])).toEqual([
      [['ben', 'b@x'], 'Power', 'b@x'],
    ]);
  });

  it('has its problems at their place', async () => {
    expect((await read('Name,Kiro plan\na,Gold\n')).problems[0]).toMatch(
      /^2: Kiro plan: not a plan/,
    );
    expect((await read('Name,Kiro plan,Status\na,Pro,Odd\n')).problems[0]).toMatch(
      /^2: Status: not a status/,
    );
    expect((await read('Name,Other\na,b\n')).problems[0]).toMatch(/no column names a plan/);
    expect((await read('Plan\nPro\n')).problems[0]).toMatch(/no column names a user/);
  });
});

describe('people', () => {
  async function read(text: string | Buffer) {
    const log = new ProblemLog();
    const people = (await readPeople(source(text), log)) ?? NO_PEOPLE;
    return { ...people, problems: log.kept.map(({ what }) => what) };
  }

  it('are read by the names of columns; a department stands in for a blank cost center', async () => {
    const { persons } = await read(
      'Work-Email,GIVEN NAME,family_name,Cost Center,Department\na@x,Ana,Souza,,Sales\nb@x,Ben,Okafor,CC1,Sales\n',
    );
    expect(persons.map(({ email, name, costCenter }) => [email, name, costCenter])).toEqual([
      ['a@x', 'Ana Souza', 'Sales'],
      ['b@x', 'Ben Okafor', 'CC1'],
    ]);
  });

  it('are read from the Identity Store, in UTF-16 too', async () => {
    const json = JSON.stringify({
      Users: [
        {
          UserId: 'd-9067642ac7.11111111-1111-4111-8111-111111111111',
          UserName: 'ana',
          Name: { GivenName: 'Ana', FamilyName: 'Souza' },
          Emails: [{ Value: 'other@x' }, { Value: 'ana@x', Primary: true }],
        },
      ],
    });
    const expected = ['11111111-1111-4111-8111-111111111111', 'ana', 'ana@x', 'Ana Souza', true];
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json, 'utf16le')]);
    for (const text of [json, `\ufeff${json}`, utf16]) {
      const { persons } = await read(text);
      expect(
        persons.map((one) => [one.id, one.userName, one.email, one.name, one.isIdentityStore]),
      ).toEqual([expected]);
    }
  });

  it('groups and members too', async () => {
    const { groups } = await read('{"Groups":[{"GroupId":"g","DisplayName":"Web"}]}');
    expect(groups.map(({ groupId, name }) => [groupId, name])).toEqual([['g', 'Web']]);
    const { memberships } = await read(
      '{"GroupMemberships":[{"GroupId":"g","MemberId":{"UserId":"u"}}]}',
    );
    expect(memberships.map(({ groupId, userId }) => [groupId, userId])).toEqual([['g', 'u']]);
  });

  it.each([
    ['{"Users":', 'not valid JSON: save the output of the command again'],
    ['{"People":[]}', /none of the keys/],
    ['{"Users":[{"UserName":"x"}]}', 'UserId is missing, or no text'],
    ['name\nAna\n', /no column names a user/],
    [
      usageCsv('2026-01-05,p,u,1'),
      'request usage, which is not a table of users: give it as --usage PATH',
    ],
    [
      'Date,UserId,Client_Type,Credits_Used,ProfileId\n',
      /^an activity report, .*kiro-bill import activity PATH -o DIR$/,
    ],
    [
      'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n',
      /^a usage summary, which is not a table of users/,
    ],
    [
      'line_item_product_code,line_item_resource_id,user_id\n',
      /^a Cost and Usage Report, which is a bill, not a table of users: .*kiro-bill import cur/,
    ],
  ])('%s is a problem', async (text, what) => {
    expect((await read(text)).problems).toEqual([
      typeof what === 'string' ? what : expect.stringMatching(what),
    ]);
  });

  it('are not read on where the beginning shows that they are no text', async () => {
    let chunks = 0;
    const endless = {
      file: 'zeros',
      stream: {
        async *[Symbol.asyncIterator]() {
          for (; chunks < 1000; chunks += 1) yield Buffer.alloc(64 * 1024);
        },
      },
    };
    const log = new ProblemLog();
    await readPeople(endless, log);
    expect(log.kept[0]?.what).toMatch(/a NUL byte/);
    expect(chunks).toBeLessThan(100);
  });
});
