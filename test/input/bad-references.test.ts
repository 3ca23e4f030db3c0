import { describe, expect, test } from 'vitest';
import { billed, GOOD_FILES, headerOf, problemsOf } from './good-files.ts';

const MEMBERS = 'group_id,user_id,joined_at,left_at\n';
const SUBSCRIPTIONS = 'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at\n';
const CHANGES = 'profile_id,principal_type,principal_id,changed_at,from_tier,tier\n';
const NO_CHANGES = { 'tier_changes.csv': undefined };

describe('a duplicate key', () => {
  test('a profile', async () => {
    const text = `${GOOD_FILES['profiles.csv']}p1,999922223333,eu-central-1,,,\n`;
    expect(await problemsOf({ 'profiles.csv': text })).toEqual([
      'profiles.csv:3: profile_id: already defined on line 2 (p1)',
    ]);
  });

  test('an account and Region of profiles that are taken as met: aliases join the two', async () => {
    const at = (region: string, id: string): string =>
      `arn:aws:codewhisperer:${region}:111122223333:profile/${id}`;
    const old = at('us-east-1', 'OLD');
    const rows = [old, at('eu-central-1', 'OTHER'), 'elsewhere', 'nowhere']
      .map((id) => `${id},user,u1,Pro,2025-11-01,\n`)
      .join('');
    const files = {
      'profiles.csv': undefined,
      'tier_changes.csv': undefined,
      'activations.csv': undefined,
      'overage_changes.csv': undefined,
      'subscriptions.csv': `${headerOf('subscriptions.csv').join(',')}\n${rows}`,
    };
    const usage = `${headerOf('usage.csv').join(',')}\n2026-01-05,${old},u1,1,\n`;
    await billed({ ...files, 'usage.csv': usage });
    const anew = at('us-east-1', 'NEW');
    expect(
      await problemsOf({ ...files, 'usage.csv': `${usage}2026-01-06,${anew},u1,1,\n` }),
    ).toEqual([
      `usage.csv:3: row: the account has another profile in this Region, ${old} (subscriptions.csv:2): a profiles.csv with aliases joins the two (${anew})`,
    ]);
  });

  test('an account and Region', async () => {
    const text = `${GOOD_FILES['profiles.csv']}p2,111122223333,US East (N. Virginia),,,\n`;
    expect(await problemsOf({ 'profiles.csv': text })).toEqual([
      'profiles.csv:3: row: the account has a profile in this Region already, in line 2 (111122223333, us-east-1)',
    ]);
  });

  test('a user', async () => {
    const text = `${GOOD_FILES['users.csv']}U1,,,\n u1 ,,,\n`;
    expect(await problemsOf({ 'users.csv': text })).toEqual([
      'users.csv:4: user_id: already defined on line 2 (u1)',
    ]);
  });

  test('a group', async () => {
    expect(await problemsOf({ 'groups.csv': `${GOOD_FILES['groups.csv']}\ng1,\n` })).toEqual([
      'groups.csv:4: group_id: already defined on line 2 (g1)',
    ]);
  });
});

describe('what overlaps', () => {
  test('two subscriptions of one principal in one profile', async () => {
    const rows = [
      'p1,user,u1,Pro,2025-11-01,2026-01-10',
      'p1,user,u1,Pro,2026-01-10,',
      'p1,group,u1,Pro,2026-01-05,',
      'p1,user,u1,Power,2025-12-01,2025-12-02',
      'p1,user,u1,Power,2026-03-01,2026-04-01',
    ];
    const text = `${SUBSCRIPTIONS}${rows.join('\n')}\n`;
    const changes = { ...NO_CHANGES, 'groups.csv': 'group_id\ng1\nu1\n' };
    expect(await problemsOf({ ...changes, 'subscriptions.csv': text })).toEqual([
      'subscriptions.csv:5: row: the user is subscribed in this profile already at that time, by line 2 (p1, u1)',
      'subscriptions.csv:6: row: the user is subscribed in this profile already at that time, by line 3 (p1, u1)',
    ]);
  });

  test('the row further down has the problem, in whatever order of time they stand', async () => {
    const text = `${SUBSCRIPTIONS}p1,user,u1,Pro,2026-01-10,\np1,user,u1,Pro,2025-11-01,\n`;
    expect(await problemsOf({ ...NO_CHANGES, 'subscriptions.csv': text })).toEqual([
      'subscriptions.csv:3: row: the user is subscribed in this profile already at that time, by line 2 (p1, u1)',
    ]);
  });

  test('a nanosecond is an overlap; meeting ends are none', async () => {
    const starting = (at: string): Record<string, string | undefined> => ({
      ...NO_CHANGES,
      'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,u1,Pro,2025-11-01,2026-01-10T00:00:00.000000001Z\np1,user,u1,Pro,${at},\n`,
    });
    expect(await problemsOf(starting('2026-01-10'))).toHaveLength(1);
    await billed(starting('2026-01-10T01:00:00.000000001+01:00'));
  });

  test('two stays of one user in one group', async () => {
    const rows = [',2026-01-10', '2026-01-09T23:59:59Z,', '2026-01-10,2026-01-11'];
    const text = `${MEMBERS}${rows.map((row) => `g1,u1,${row}\n`).join('')}g1,u2,,\n`;
    expect(await problemsOf({ 'group_members.csv': text })).toEqual([
      'group_members.csv:3: row: the user is in the group already at that time, by line 2 (g1, u1)',
      'group_members.csv:4: row: the user is in the group already at that time, by line 3 (g1, u1)',
    ]);
  });

  test('two open stays, also where one is written by another form of the id', async () => {
    const id = '12345678-abcd-4321-9876-1234567890ab';
    const text = `${MEMBERS}g1,${id},,\ng1,d-0123456789.${id},,\n`;
    expect(await problemsOf({ 'group_members.csv': text })).toHaveLength(1);
  });
});

describe('two changes at one instant', () => {
  test('of one subscription', async () => {
    const text = `${CHANGES}p1,user,u1,2026-01-15,,Pro+\np1,user,u1,2026-01-15T01:00:00+01:00,,Power\n`;
    expect(await problemsOf({ 'tier_changes.csv': text })).toEqual([
      'tier_changes.csv:3: changed_at: the subscription changes at this instant already, in line 2 (2026-01-15T01:00:00+01:00)',
    ]);
  });

  test('of the overage of one profile', async () => {
    const text = 'profile_id,changed_at,overage\np1,2026-01-15,on\np1,2026-01-15 00:00,off\n';
    expect(await problemsOf({ 'overage_changes.csv': text })).toEqual([
      "overage_changes.csv:3: changed_at: the profile's overage changes at this instant already, in line 2 (2026-01-15 00:00)",
    ]);
  });

  test('but two profiles and two principals may', async () => {
    await billed({
      'profiles.csv': `${GOOD_FILES['profiles.csv']}p2,111122223333,eu-central-1,,,\n`,
      'overage_changes.csv': 'profile_id,changed_at,overage\np1,2026-01-15,on\np2,2026-01-15,on\n',
    });
  });
});

describe('an end that is not after its begin', () => {
  test.each(['2025-11-01', '2025-10-31T23:59:59.999999999Z'])('unsubscribed_at %s', async (end) => {
    const text = `${SUBSCRIPTIONS}p1,user,u1,Pro,2025-11-01,${end}\n`;
    expect(await problemsOf({ ...NO_CHANGES, 'subscriptions.csv': text })).toEqual([
      `subscriptions.csv:2: unsubscribed_at: must be after subscribed_at (${end})`,
    ]);
  });

  test.each(['2026-01-01', '2025-12-31'])('left_at %s', async (end) => {
    expect(
      await problemsOf({ 'group_members.csv': `${MEMBERS}g1,u1,2026-01-01,${end}\n` }),
    ).toEqual([`group_members.csv:2: left_at: must be after joined_at (${end})`]);
  });
});

describe('a dangling reference', () => {
  const noProfile = 'there is no such profile in profiles.csv (p9)';

  test('the profile of a subscription', async () => {
    const text = `${GOOD_FILES['subscriptions.csv']}p9,user,u2,Pro,2026-01-01,\n`;
    expect(await problemsOf({ 'subscriptions.csv': text })).toEqual([
      `subscriptions.csv:3: profile_id: ${noProfile}`,
    ]);
  });

  test('the profile of an activation', async () => {
    expect(
      await problemsOf({ 'activations.csv': `${GOOD_FILES['activations.csv']}p9,u1,2026-01-01\n` }),
    ).toEqual([`activations.csv:3: profile_id: ${noProfile}`]);
  });

  test('the profile of an overage change', async () => {
    const text = `${GOOD_FILES['overage_changes.csv']}p9,2026-01-01,on,\n`;
    expect(await problemsOf({ 'overage_changes.csv': text })).toEqual([
      `overage_changes.csv:3: profile_id: ${noProfile}`,
    ]);
  });

  test('the profile of a usage row, in a month that is not billed too', async () => {
    const text = `${GOOD_FILES['usage.csv']}2025-03-01,p9,u1,1,\n`;
    expect(await problemsOf({ 'usage.csv': text })).toEqual([
      `usage.csv:3: profile_id: ${noProfile}`,
    ]);
  });

  test('to what is defined in another case, or one letter away', async () => {
    const profiles = `${GOOD_FILES['profiles.csv']}virginia,111122223334,us-east-1,Two,off,\n`;
    const usage = ['Virginia', 'virgina', 'p9', 'ohio'].map((id) => `2026-01-05,${id},u1,1,\n`);
    const subscriptions = 'VIRGINIA,user,u2,Pro,2026-01-01,\n';
    expect(
      await problemsOf({
        'profiles.csv': profiles,
        'subscriptions.csv': `${GOOD_FILES['subscriptions.csv']}${subscriptions}`,
        'usage.csv': `${GOOD_FILES['usage.csv']}${usage.join('')}`,
      }),
    ).toEqual([
      'subscriptions.csv:3: profile_id: there is no such profile in profiles.csv; did you mean virginia? (VIRGINIA)',
      'usage.csv:3-6: profile_id: there is no such profile in profiles.csv; did you mean virginia? (4 rows, the first: Virginia)',
    ]);
  });

  test('by the name of a profile or a group, whose id is told', async () => {
    const subscriptions = 'ONE,user,u2,Pro,2026-01-01,\np1,group,group one,Pro,2026-01-01,\n';
    const usage = '2026-01-05,One,u1,1,\n';
    expect(
      await problemsOf({
        'subscriptions.csv': `${GOOD_FILES['subscriptions.csv']}${subscriptions}`,
        'usage.csv': `${GOOD_FILES['usage.csv']}${usage}`,
      }),
    ).toEqual([
      'subscriptions.csv:3: profile_id: there is no such profile in profiles.csv; did you mean p1? (ONE)',
      'subscriptions.csv:4: principal_id: there is no such group in groups.csv; did you mean g1? (group one)',
      'usage.csv:3: profile_id: there is no such profile in profiles.csv; did you mean p1? (One)',
    ]);
  });

  test('by the last part of the ARN of a profile, whose id is reported', async () => {
    const arn = 'arn:aws:codewhisperer:us-east-1:444455556666:profile/ABCDEFGH';
    const found = await problemsOf({
      'profiles.csv': `${GOOD_FILES['profiles.csv']}${arn},444455556666,us-east-1,,,\n`,
      'usage.csv': `${GOOD_FILES['usage.csv']}2026-01-05,ABCDEFGH,u1,1,\n`,
    });
    expect(found).toEqual([
      `usage.csv:3: profile_id: there is no such profile in profiles.csv; did you mean ${arn}? (ABCDEFGH)`,
    ]);
  });

  test('the profile of a tier change', async () => {
    const text = `${GOOD_FILES['tier_changes.csv']}p9,user,u1,2026-01-20,,Pro\n`;
    expect(await problemsOf({ 'tier_changes.csv': text })).toEqual([
      `tier_changes.csv:3: profile_id: ${noProfile}`,
    ]);
  });

  test('the group of a subscription', async () => {
    const text = `${GOOD_FILES['subscriptions.csv']}p1,group,G1,Pro,2026-01-01,\n`;
    expect(await problemsOf({ 'subscriptions.csv': text })).toEqual([
      'subscriptions.csv:3: principal_id: there is no such group in groups.csv; did you mean g1? (G1)',
    ]);
  });

  test('the group of a membership', async () => {
    const text = `${GOOD_FILES['group_members.csv']}g9,u1,,\n`;
    expect(await problemsOf({ 'group_members.csv': text })).toEqual([
      'group_members.csv:3: group_id: there is no such group in groups.csv (g9)',
    ]);
  });

  test('a tier change of a principal without a subscription', async () => {
    const rows = 'p1,user,u2,2026-01-20,,Pro\np1,group,u1,2026-01-20,,Pro\n';
    expect(
      await problemsOf({ 'tier_changes.csv': `${GOOD_FILES['tier_changes.csv']}${rows}` }),
    ).toEqual([
      'tier_changes.csv:3: principal_id: the user has no subscription in this profile (u2)',
      'tier_changes.csv:4: principal_id: the group has no subscription in this profile (u1)',
    ]);
  });

  test('a tier change before, between, at the end of and after subscriptions', async () => {
    const subscriptions = `${SUBSCRIPTIONS}p1,user,u1,Pro,2025-11-01,2026-01-10\np1,user,u1,Pro,2026-01-20,2026-02-01\n`;
    const instants = ['2025-10-31', '2026-01-10', '2026-01-15', '2026-02-01', '2026-03-01'];
    const rows = instants.map((at) => `p1,user,u1,${at},,Pro+\n`);
    const problems = await problemsOf({
      'subscriptions.csv': subscriptions,
      'tier_changes.csv': `${CHANGES}${rows.join('')}`,
    });
    expect(problems).toEqual([
      'tier_changes.csv:2-6: changed_at: the user has no subscription in this profile at that time (5 rows, the first: 2025-10-31)',
    ]);
  });

  test('a tier change at the very start of a subscription is inside', async () => {
    const { csv } = await billed({
      'tier_changes.csv': `${CHANGES}p1,user,u1,2025-11-01,Pro,Pro+\n`,
    });
    expect(csv).toContain(',Pro+,40.00,');
  });

  test('unknown users are allowed', async () => {
    const { csv } = await billed({ 'users.csv': 'user_id\nsomebody-else\n' });
    expect(csv).toContain(',u1,,Pro+,');
  });
});

describe('a from_tier that does not hold', () => {
  test('is compared with the tier of the subscription itself, change by change', async () => {
    const rows = [
      'p1,user,u1,2026-01-20,Pro,Power',
      'p1,user,u1,2026-01-15,Pro,Pro+',
      'p1,user,u1,2026-01-25,power,Pro',
    ];
    expect(await problemsOf({ 'tier_changes.csv': `${CHANGES}${rows.join('\n')}` })).toEqual([
      'tier_changes.csv:2: from_tier: the subscription itself had Pro+ just before (H2) (Pro)',
    ]);
  });

  test('is not compared with a higher tier that the seat holds through a group', async () => {
    const { csv } = await billed({
      'subscriptions.csv': `${GOOD_FILES['subscriptions.csv']}p1,group,g1,Power,2025-11-01,\n`,
    });
    expect(csv).toContain(',Power,200.00,');
  });

  test('a new subscription starts from its own tier again', async () => {
    await billed({
      'subscriptions.csv': `${SUBSCRIPTIONS}p1,user,u1,Pro,2025-11-01,2026-01-10\np1,user,u1,Pro+,2026-01-20,\n`,
      'tier_changes.csv': `${CHANGES}p1,user,u1,2026-01-05,Pro,Power\np1,user,u1,2026-01-22,Pro+,Power\n`,
    });
  });
});

describe('usage in more than one place', () => {
  const gzip = Buffer.from('not looked at');
  test.each([
    [{ 'usage.csv.gz': gzip }, 'usage.csv and usage.csv.gz'],
    [{ 'usage/a.csv': '' }, 'usage.csv and the folder usage/'],
    [
      { 'usage.csv.gz': gzip, 'usage/deep/down/A.CSV': '' },
      'usage.csv and usage.csv.gz and the folder usage/',
    ],
    [
      { 'usage.csv': undefined, 'usage.csv.gz': gzip, 'usage/a.csv.GZ': gzip },
      'usage.csv.gz and the folder usage/',
    ],
  ])('%o', async (files, places) => {
    const [problem, ...others] = await problemsOf(files);
    expect(problem).toMatch(/^\/[^:]+: there is usage in /);
    expect(problem).toContain(
      `: there is usage in ${places}: keep one of them, or name what to read with --usage`,
    );
    expect(others).toEqual([]);
  });

  test('is told together with what is wrong in files', async () => {
    const problems = await problemsOf({ 'usage.csv.gz': gzip, 'users.csv': '' });
    expect(problems).toHaveLength(2);
  });

  test('a folder usage/ without a .csv in it does not count', async () => {
    await billed({ 'usage/notes.txt': 'x', 'usage/csv': 'x' });
  });
});

describe('a problem in one file does not make one in another', () => {
  test('a profile with a wrong field is still known', async () => {
    const text = 'profile_id,account_id,region\np1,12,us-east-1\n';
    expect(await problemsOf({ 'profiles.csv': text })).toEqual([
      'profiles.csv:2: account_id: an account id has 12 digits (12)',
    ]);
  });

  test('changes of a subscription with a wrong principal_type are not judged', async () => {
    const [header] = GOOD_FILES['subscriptions.csv'].split('\n');
    const text = `${header}\np1,Benutzer,u1,Pro,2025-11-01,\n`;
    expect(await problemsOf({ 'subscriptions.csv': text })).toEqual([
      'subscriptions.csv:2: principal_type: must be user or group (Benutzer)',
    ]);
  });

  test('changes of a subscription with a wrong field are not judged', async () => {
    const text = `${SUBSCRIPTIONS}p1,user,u1,Prro,2025-11-01,\n`;
    expect(await problemsOf({ 'subscriptions.csv': text })).toHaveLength(1);
  });

  test('a profiles or groups file that cannot be read makes no dangling references', async () => {
    expect(await problemsOf({ 'profiles.csv': 'profile,account_id,region\n' })).toEqual([
      'profiles.csv:1: profile_id: the required column is missing; is it the one named "profile"?',
    ]);
    expect(await problemsOf({ 'groups.csv': 'name\n' })).toHaveLength(1);
    expect(await problemsOf({ 'subscriptions.csv': '' })).toHaveLength(1);
  });

  test('tiers are not judged by a card that cannot be read', async () => {
    const text = GOOD_FILES['subscriptions.csv'].replace(',Pro,', ',Ultra,');
    const changes = { 'rates.json': '{}', 'subscriptions.csv': text };
    const ofUltra = `${CHANGES}p1,user,u1,2026-01-15,ULTRA,Pro\n`;
    expect(await problemsOf({ ...changes, 'tier_changes.csv': ofUltra })).toEqual([
      'rates.json: editions: must be a list with at least one entry',
    ]);
  });

  test('the rows of a profile or group that cannot be read are no dangling references', async () => {
    const profiles = 'profile_id,account_id,region\np1,111122223333\n';
    expect(await problemsOf({ 'profiles.csv': profiles })).toHaveLength(1);
    expect(await problemsOf({ 'groups.csv': 'group_id,name\ng1,x,y\n' })).toHaveLength(1);
  });
});
