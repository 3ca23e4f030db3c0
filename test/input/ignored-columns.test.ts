import { describe, expect, it } from 'vitest';
import { runInProcess } from '../support/in-process.ts';

const SUBSCRIPTIONS = `profile_id,principal_type,principal_id,tier,subscribed_at
p1,user,ana,Pro,2025-11-01
`;
const USAGE = `timestamp,profile_id,user_id,credits
2026-01-05T08:00:00Z,p1,ana,10
`;
const PROFILES = `profile_id,account_id,region
p1,111122223333,us-east-1
`;

async function notesOf(files: Readonly<Record<string, string>>, ...args: string[]) {
  const all = {
    'subscriptions.csv': SUBSCRIPTIONS,
    'usage.csv': USAGE,
    'profiles.csv': PROFILES,
    ...files,
  };
  const { stderr } = await runInProcess([...args, '--no-progress'], all);
  return stderr.split('\n').filter((line) => line.includes('is not read'));
}

describe('a column that is not read, though its name is near that of one that would be', () => {
  it.each([
    ['Unsubscribed At', 'unsubscribed_at'],
    ['unsubscribed', 'unsubscribed_at'],
  ])('of subscriptions: %s', async (written, column) => {
    const subscriptions = SUBSCRIPTIONS.replace('_at\n', `_at,${written}\n`).replace(
      '01\n',
      '01,\n',
    );
    const notes = await notesOf({ 'subscriptions.csv': subscriptions }, 'invoice', '2026-01');
    expect(notes).toEqual([
      expect.stringMatching(
        new RegExp(`subscriptions.csv: the column "${written}" is not read; name it ${column}`),
      ),
    ]);
  });

  it('is named by check, of each table', async () => {
    const profiles = PROFILES.replace('region\n', 'region,Overages\n').replace(
      '-1\n',
      '-1,enabled\n',
    );
    const users = 'user_id,full_name,e-mail\nana,Ana Souza,ana@example.com\n';
    const notes = await notesOf({ 'profiles.csv': profiles, 'users.csv': users }, 'check');
    expect(notes.map((line) => line.replace(/^.*\/(?=\w+\.csv)/, ''))).toEqual([
      'profiles.csv: the column "Overages" is not read; name it overage if that is what it holds',
      'users.csv: the column "full_name" is not read; name it name if that is what it holds',
      'users.csv: the column "e-mail" is not read; name it email if that is what it holds',
    ]);
  });

  it('is not looked for where the column is there, or the name is another', async () => {
    const users =
      'user_id,name,email,department,manager,e-mail\nana,Ana,ana@example.com,IT,eva,x\n';
    expect(await notesOf({ 'users.csv': users }, 'invoice', '2026-01')).toEqual([]);
  });

  it('is named by its number where it has no name, but holds something', async () => {
    const subscriptions = (end: string) =>
      SUBSCRIPTIONS.replace('_at\n', '_at, \n').replace('01\n', `01,${end}\n`);
    const members = 'group_id,user_id,,left_at\ng,ana,2026-01-15,\n';
    const files = {
      'subscriptions.csv': subscriptions('2026-01-10'),
      'group_members.csv': members,
    };
    const notes = await notesOf(files, 'invoice', '2026-01');
    expect(notes.map((line) => line.replace(/^.*\/(?=\w+\.csv)/, ''))).toEqual([
      'group_members.csv: column 3 has no name, so it is not read; name it joined_at if that is what it holds',
      'subscriptions.csv: column 6 has no name, so it is not read; name it unsubscribed_at if that is what it holds',
    ]);
    expect(await notesOf({ 'subscriptions.csv': subscriptions('') }, 'invoice', '2026-01')).toEqual(
      [],
    );
    const whole = 'group_id,user_id,joined_at,left_at,\ng,ana,,,x\n';
    expect(await notesOf({ 'group_members.csv': whole }, 'invoice', '2026-01')).toEqual([]);
  });
});
