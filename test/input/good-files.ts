import { expect } from 'vitest';
import { type HostSettings, runMain, withDirectory } from '../support/in-process.ts';

export type Files = Record<string, string | Buffer>;

/** A data directory with every file, one row in each, and nothing wrong in it. */
export const GOOD_FILES = {
  'profiles.csv':
    'profile_id,account_id,region,name,overage,overage_cap\np1,111122223333,us-east-1,One,enabled,\n',
  'users.csv': 'user_id,name,email,cost_center\nu1,Uma,uma@example.com,R&D\n',
  'groups.csv': 'group_id,name\ng1,Group One\n',
  'group_members.csv': 'group_id,user_id,joined_at,left_at\ng1,u1,2025-10-01,\n',
  'subscriptions.csv':
    'profile_id,principal_type,principal_id,tier,subscribed_at,unsubscribed_at\np1,user,u1,Pro,2025-11-01,\n',
  'tier_changes.csv':
    'profile_id,principal_type,principal_id,changed_at,from_tier,tier\np1,user,u1,2026-01-15,Pro,Pro+\n',
  'activations.csv': 'profile_id,user_id,activated_at\np1,u1,2025-11-02\n',
  'overage_changes.csv': 'profile_id,changed_at,overage,overage_cap\np1,2026-01-10,enabled,1000\n',
  'usage.csv':
    'timestamp,profile_id,user_id,credits,request_id\n2026-01-05T10:00:00Z,p1,u1,10,r-1\n',
} as const;

export type FileName = keyof typeof GOOD_FILES;

export const REQUIRED_COLUMNS: Readonly<Record<FileName, readonly string[]>> = {
  'profiles.csv': ['profile_id', 'account_id', 'region'],
  'users.csv': ['user_id'],
  'groups.csv': ['group_id'],
  'group_members.csv': ['group_id', 'user_id'],
  'subscriptions.csv': ['profile_id', 'principal_type', 'principal_id', 'tier', 'subscribed_at'],
  'tier_changes.csv': ['profile_id', 'principal_type', 'principal_id', 'changed_at', 'tier'],
  'activations.csv': ['profile_id', 'user_id', 'activated_at'],
  'overage_changes.csv': ['profile_id', 'changed_at', 'overage'],
  'usage.csv': ['timestamp', 'profile_id', 'user_id', 'credits'],
};

export const FILE_NAMES = Object.keys(GOOD_FILES) as FileName[];

export function headerOf(name: FileName): string[] {
  return (GOOD_FILES[name].split('\n')[0] as string).split(',');
}

export function rowOf(name: FileName): string[] {
  return (GOOD_FILES[name].split('\n')[1] as string).split(',');
}

/** The good row of a file with some fields replaced. */
export function rowWith(name: FileName, fields: Readonly<Record<string, string>>): string {
  const header = headerOf(name);
  const row = rowOf(name).map((field, index) => fields[header[index] as string] ?? field);
  return `${row.join(',')}\n`;
}

/** The header of a file, and the good row with some fields replaced on line 2. */
export function fileWith(name: FileName, fields: Readonly<Record<string, string>>): string {
  return `${headerOf(name).join(',')}\n${rowWith(name, fields)}`;
}

/**
 * The problems of an `invoice` over the good files with `changes` (undefined: without that
 * file), one line each, paths without the directory. Nothing may have been billed.
 */
export async function problemsOf(
  changes: Readonly<Record<string, string | Buffer | undefined>>,
  args: readonly string[] = [],
  settings: HostSettings = {},
): Promise<string[]> {
  return withDirectory(filesWith(changes), async (directory) => {
    const run = await runMain(
      ['invoice', '--month', '2026-01', '--data', directory, ...args],
      settings,
    );
    expect(run.stdout).toBe('');
    expect(run.status, run.stderr).toBe(3);
    const told = run.stderr.replaceAll(`${directory}/`, '').trimEnd().split('\n');
    const closing = told.pop();
    const lines = told.filter((line) => !line.startsWith('warning: '));
    if (!lines.some((line) => line.startsWith('… and'))) {
      const total = lines.reduce(
        (sum, line) => sum + Number(/ \((\d+) rows/.exec(line)?.[1] ?? 1),
        0,
      );
      const count = total === 1 ? '1 problem' : `${total} problems`;
      expect(closing).toBe(
        `error: ${count} in the input: nothing was billed, no output was written`,
      );
    }
    return lines;
  });
}

/** The CSV invoice of 2026-01 over the good files with `changes`; it must be billed. */
export async function billed(
  changes: Readonly<Record<string, string | Buffer | undefined>>,
  args: readonly string[] = [],
  settings: HostSettings = {},
): Promise<{ csv: string; stderr: string }> {
  return withDirectory(filesWith(changes), async (directory) => {
    const invoice = ['invoice', '--month', '2026-01', '--format', 'csv', '--data', directory];
    const { status, stdout, stderr } = await runMain([...invoice, ...args], settings);
    expect(stderr).not.toMatch(/error:/);
    expect(status).toBe(0);
    return { csv: stdout, stderr: stderr.replaceAll(`${directory}/`, '') };
  });
}

function filesWith(changes: Readonly<Record<string, string | Buffer | undefined>>): Files {
  const all: Record<string, string | Buffer | undefined> = { ...GOOD_FILES, ...changes };
  return Object.fromEntries(Object.entries(all).filter((entry) => entry[1] !== undefined)) as Files;
}
