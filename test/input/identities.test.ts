/** Aliases and e-mail addresses name one user, aliases one profile, in every input. */
import { describe, expect, test } from 'vitest';
import {
  comparableEmail,
  NO_IDENTITIES,
  profileIdFor,
  userIdentities,
  userIdFor,
} from '../../src/domain/identities.ts';
import { unknownIds } from '../../src/input/unknown-ids.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { billed, type Files, GOOD_FILES, problemsOf } from './good-files.ts';

const UUID = '94482408-3061-7014-8c55-1f0a62d9be31';
const USERS = 'user_id,name,email,cost_center,aliases\n';
const DORA = `${USERS}u-dora,Dora,Dora@Example.com,R&D,dora d-906702d1ce.${UUID}\n`;
const PROFILES = 'profile_id,account_id,region,name,overage,aliases\n';
const NEW_PROFILE = `${PROFILES}p1,111122223333,us-east-1,One,enabled,old-p1 older-p1\n`;
const SUBSCRIPTIONS = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at\n';
const USAGE = 'timestamp,profile_id,user_id,credits\n';
const ALONE: Record<string, undefined> = {
  'tier_changes.csv': undefined,
  'activations.csv': undefined,
  'overage_changes.csv': undefined,
  'groups.csv': undefined,
  'group_members.csv': undefined,
};

/** The user, tier and credits of each row. */
async function seats(changes: Record<string, string | undefined>): Promise<string[]> {
  const { csv } = await billed({ ...ALONE, ...changes });
  return csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => {
      const fields = row.split(',');
      return `${fields[1]} ${fields[4]} ${fields[6]} ${fields[8]}`;
    });
}

describe('an id of a user', () => {
  const IDS = [
    'u-dora',
    'dora',
    UUID,
    `arn:aws:identitystore:::user/${UUID}`,
    'dora@example.com',
    'DORA@EXAMPLE.COM',
  ];

  test.each(IDS)('%s in a subscription and the other ids in usage are one seat', async (id) => {
    const usage = IDS.map((user) => `2026-01-05,p1,${user},1\n`).join('');
    expect(
      await seats({
        'users.csv': DORA,
        'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,${id},Pro,2025-11-01,\n`,
        'usage.csv': `${USAGE}${usage}2026-01-05,p1,"dora",1\n`,
      }),
    ).toEqual(['p1 u-dora Pro 7.00']);
  });

  test.each(IDS)('%s is that of a member, an activation and a tier change', async (id) => {
    expect(
      await seats({
        'users.csv': DORA,
        'subscriptions.csv': `${SUBSCRIPTIONS}p1,group,g1,Pro,2025-11-01,\np1,user,u-dora,Pro,2025-12-01,\n`,
        'group_members.csv': `group_id,user_id\ng1,${id}\n`,
        'activations.csv': `profile_id,user_id,activated_at\np1,${id},2025-11-01\n`,
        'tier_changes.csv': `profile_id,principal_type,principal_id,changed_at,tier\np1,user,${id},2025-12-15,Power\n`,
        'usage.csv': undefined,
      }),
    ).toEqual(['p1 u-dora Power 0.00']);
  });

  test('is looked up as user_id first, then as alias, then as e-mail address', () => {
    const users = new Map(
      [
        ['a', 'b'],
        ['b', 'c@x'],
        ['d', 'a'],
        ['C@x', ''],
      ].map(([userId = '', email = '']) => [userId, { userId, email }]),
    );
    const identities = userIdentities(users, new Map([['c@x', 'd']]));
    expect(userIdFor(identities, 'a')).toBe('a');
    expect(userIdFor(identities, 'b')).toBe('b');
    expect(userIdFor(identities, 'B')).toBe('a');
    expect(userIdFor(identities, 'c@x')).toBe('d');
    expect(userIdFor(identities, 'C@X')).toBe('b');
    expect(userIdFor(identities, 'C@x')).toBe('C@x');
  });

  test('an address that two users have names neither; only ASCII is compared in any case', () => {
    const users = new Map(
      [
        ['a', ' one@x '],
        ['b', 'ONE@X'],
        ['c', 'ünal@x'],
      ].map(([userId = '', email = '']) => [userId, { userId, email }]),
    );
    const identities = userIdentities(users, new Map());
    expect(userIdFor(identities, 'one@x')).toBe('one@x');
    expect(userIdFor(identities, 'ÜNAL@x')).toBe('ÜNAL@x');
    expect(userIdFor(identities, 'ünal@X')).toBe('c');
  });

  test('aliases are matched exactly', async () => {
    expect(
      await seats({
        'users.csv': DORA,
        'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,Dora,Pro,2025-11-01,\n`,
        'usage.csv': undefined,
      }),
    ).toEqual(['p1 Dora Pro 0.00']);
  });

  test('activity reports count one row of one day and client for all ids of a user (R2)', async () => {
    const header = 'Date,UserId,Client_Type,Credits_Used,ProfileId,Subscription_Tier\n';
    const row = (user: string) => `2026-01-05,${user},KIRO_IDE,5,old-p1,PRO\n`;
    const report = (user: string) => header + row(user);
    expect(
      await seats({
        'users.csv': DORA,
        'profiles.csv': NEW_PROFILE,
        'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,u-dora,Pro,2025-11-01,\n`,
        'usage.csv': undefined,
        'usage/a.csv': report('dora'),
        'usage/b.csv': report('DORA@example.com'),
      }),
    ).toEqual(['p1 u-dora Pro 5.00']);
  });
});

test.each([
  ['  A\t b@X \t', 'a\t b@x'],
  ['a@x', 'a@x'],
  ['ÜA@x ', 'Üa@x'],
])('an address is compared without case and spaces around: %j', (text, expected) => {
  expect(comparableEmail(text)).toBe(expected);
});

test('where no ids are known each names itself', () => {
  expect(userIdFor(NO_IDENTITIES, 'A@x')).toBe('A@x');
  expect(profileIdFor(NO_IDENTITIES, 'p')).toBe('p');
});

test('an id that is not known is answered with the one that was meant, for the first twenty', () => {
  const problems: string[] = [];
  const row = { problem: (_: string, what: string) => problems.push(what) };
  const unknown = unknownIds('no such group', () => [{ id: 'g-1', name: 'Web' }]);
  for (let count = 0; count < 21; count += 1) unknown(row as never, 'group_id', 'WEB');
  expect(problems).toEqual([
    ...Array.from({ length: 20 }, () => 'no such group; did you mean g-1?'),
    'no such group',
  ]);
});

describe('what is said of a user by several ids', () => {
  test('overlaps as if by one', async () => {
    const subscriptions = `${SUBSCRIPTIONS}p1,user,dora,Pro,2025-11-01,\np1,user,dora@example.com,Pro+,2025-12-01,\n`;
    expect(
      await problemsOf({ ...ALONE, 'users.csv': DORA, 'subscriptions.csv': subscriptions }),
    ).toEqual([
      'subscriptions.csv:3: row: the user is subscribed in this profile already at that time, by line 2 (p1, u-dora)',
    ]);
    const members = 'group_id,user_id\ng1,dora\ng1,u-dora\n';
    expect(
      await problemsOf({
        'users.csv': DORA,
        'group_members.csv': members,
        'tier_changes.csv': undefined,
      }),
    ).toEqual([
      'group_members.csv:3: row: the user is in the group already at that time, by line 2 (g1, u-dora)',
    ]);
  });
});

describe('an alias that clashes', () => {
  test('with a user_id, before or after it, is a duplicate key at its row', async () => {
    const users = `${USERS}a,,,,c\nb,,,,x  a\nc,,,,c\n`;
    expect(await problemsOf({ ...ALONE, 'users.csv': users })).toEqual([
      'users.csv:2: aliases: it is the user_id of line 4 already (c)',
      'users.csv:3: aliases: it is the user_id of line 2 already (a)',
    ]);
  });

  test('with another alias is told at the later row, in all forms of the id', async () => {
    const users = `${USERS}a,,,,x ${UUID} x\nb,,,,d-906702d1ce.${UUID}\n`;
    expect(await problemsOf({ ...ALONE, 'users.csv': users })).toEqual([
      `users.csv:3: aliases: it is an alias in line 2 already (${UUID})`,
    ]);
  });

  test('of a profile, likewise', async () => {
    const profiles = `${PROFILES}p1,111122223333,us-east-1,,,p2 old\np2,111122223333,us-west-2,,,old\n`;
    expect(await problemsOf({ ...ALONE, 'profiles.csv': profiles })).toEqual([
      'profiles.csv:2: aliases: it is the profile_id of line 3 already (p2)',
      'profiles.csv:3: aliases: it is an alias in line 2 already (old)',
    ]);
  });

  test('one that cannot be an id is a problem of its own', async () => {
    const users = `${USERS}a,,,,ok ${'x'.repeat(257)}\n`;
    const [problem, ...others] = await problemsOf({ ...ALONE, 'users.csv': users });
    expect(problem).toMatch(/^users\.csv:2: aliases: an id has at most 256 bytes \(x+…\)$/);
    expect(others).toEqual([]);
  });
});

describe('an alias of a profile', () => {
  test('names it in every input', async () => {
    expect(
      await seats({
        'profiles.csv': NEW_PROFILE,
        'subscriptions.csv': `${SUBSCRIPTIONS}old-p1,user,u1,Pro,2025-11-01,\n`,
        'tier_changes.csv':
          'profile_id,principal_type,principal_id,changed_at,tier\nolder-p1,user,u1,2025-12-15,Pro+\n',
        'activations.csv': 'profile_id,user_id,activated_at\nold-p1,u1,2025-11-01\n',
        'overage_changes.csv': 'profile_id,changed_at,overage\nold-p1,2026-01-03,disabled\n',
        'usage.csv': `${USAGE}2026-01-05,old-p1,u1,1\n2026-01-05,p1,u1,2\n2026-01-06,older-p1,u1,4\n`,
      }),
    ).toEqual(['p1 u1 Pro+ 7.00']);
  });

  test('takes part in what a summary says', async () => {
    const summary =
      'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n2026-01,old-p1,u1,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,7,3\n';
    expect(await seats({ 'profiles.csv': NEW_PROFILE, 'usage.csv': summary })).toEqual([
      'p1 u1 Pro 7.00',
    ]);
  });
});

test('--user and --profile take aliases', async () => {
  const files: Files = {
    'users.csv': DORA,
    'profiles.csv': NEW_PROFILE,
    'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,u-dora,Pro,2025-11-01,\np1,user,u2,Pro,2025-11-01,\n`,
    'usage.csv': GOOD_FILES['usage.csv'],
  };
  await withDirectory(files, async (directory) => {
    const { status, stdout } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'csv', '--quiet', '--data', directory],
      ...['--user', `d-0000000000.${UUID}`, '--profile', 'older-p1'],
    ]);
    expect(status).toBe(0);
    expect(stdout.match(/p1,.*?,us-east-1,[^,]*/g)).toEqual(['p1,111122223333,us-east-1,u-dora']);
  });
});
