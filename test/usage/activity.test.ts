import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportMatch } from '../../src/usage/activity/profile-match.ts';
import { isActivityHeader, isCompanionFile } from '../../src/usage/activity/report-header.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';
const ALICE = '11111111-1111-4111-8111-111111111111';
const DATA = {
  'profiles.csv': profilesCsv('P,111122223333,us-east-1,,enabled'),
  'subscriptions.csv': subscriptionsCsv(`P,user,${ALICE},Pro,2025-11-01`),
};

const HEADER =
  'Date,UserId,Client_Type,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier';

interface Row {
  readonly date?: string;
  readonly user?: string;
  readonly client?: string;
  readonly credits?: string;
  readonly cap?: string;
  readonly overage?: string;
  readonly on?: string;
  readonly profile?: string;
  readonly tier?: string;
}

function report(...rows: Row[]): string {
  const lines = rows.map((row) =>
    [
      row.date ?? '2026-01-15',
      `"${row.user ?? ALICE}"`,
      row.client ?? 'KIRO_IDE',
      row.credits ?? '10',
      row.cap ?? '',
      row.overage ?? '0',
      row.on ?? 'true',
      `"${row.profile ?? ARN}"`,
      row.tier ?? 'PRO',
    ].join(','),
  );
  return [HEADER, ...lines, ''].join('\n');
}

interface Billed {
  readonly status: number;
  readonly stderr: string;
  readonly used: Record<string, string>;
}

/** Bills January from reports in the folder `bucket`, with more files beside them. */
async function bill(
  reports: Record<string, string | Buffer>,
  files: Record<string, string> = {},
  args: string[] = [],
): Promise<Billed> {
  const bucket = Object.fromEntries(
    Object.entries(reports).map(([name, text]) => [`bucket/${name}`, text]),
  );
  return withDirectory({ ...DATA, ...files, ...bucket }, async (directory) => {
    const run = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'json', '--data', directory],
      ...['--usage', join(directory, 'bucket'), ...args],
    ]);
    const { rows = [] } = run.stdout === '' ? {} : JSON.parse(run.stdout);
    const used = rows.map((row: Record<string, string>) => [
      `${row.profile_id} ${row.user_id}`,
      row.credits_used,
    ]);
    const stderr = run.stderr.replaceAll(`${directory}/`, '');
    return { status: run.status, stderr, used: Object.fromEntries(used) };
  });
}

const SEAT = `P ${ALICE}`;

describe('activity reports as usage', () => {
  it('count the credits of the plan and of overage together, exactly', async () => {
    const { used } = await bill({
      'a.csv': report(
        { credits: '114.45787414391377', overage: '1e-05' },
        { date: '2026-01-16', credits: '7.0' },
      ),
    });
    expect(used).toEqual({ [SEAT]: '121.45788414391377' });
  });

  it('are told by their header, whatever its order, its case, and columns of models', async () => {
    const { used } = await bill({
      'a.csv': `auto_messages,PROFILEID,credits_used,Date,client_type,UserId\n3,"${ARN}",2.5,2026-01-31,PLUGIN,"d-1234567890.${ALICE}"\n`,
    });
    expect(used).toEqual({ [SEAT]: '2.50' });
    expect(isActivityHeader(['date', 'userid', 'profileid', 'client_type'])).toBe(false);
  });

  it('stand beside request usage', async () => {
    const { used } = await bill({
      'reports/a.csv': report({ credits: '2' }),
      'requests.csv': usageCsv(`2026-01-02,P,${ALICE},1.5`),
    });
    expect(used).toEqual({ [SEAT]: '3.50' });
  });

  it('come from standard input, too', async () => {
    const run = await withDirectory(DATA, (directory) =>
      runMain(
        ['invoice', '--month', '2026-01', '--format', 'csv', '--data', directory, '--usage', '-'],
        { stdin: report({ credits: '4' }) },
      ),
    );
    expect(run.stdout).toContain(',4.00,');
  });

  it('match a profile by its ARN, else by its last part, else by account and Region', () => {
    const profile = (profileId: string, accountId = '', region = '') => ({
      ...{ profileId, accountId, region, name: '' },
    });
    const byPlace = profile('mine', '111122223333', 'us-east-1');
    const match = (reportProfiles: ReturnType<typeof profile>[], id = ARN) =>
      reportMatch({ ...PLAIN_PLAN, reportProfiles, profileIds: new Set() })(id);
    expect(match([byPlace, profile('ABC'), profile(ARN)])).toBe(ARN);
    expect(match([byPlace, profile('ABC')])).toBe('ABC');
    expect(match([byPlace])).toBe('mine');
    expect(match([profile('mine', '111122223333', 'eu-central-1')])).toBeUndefined();
    expect(reportMatch({ ...PLAIN_PLAN, reportProfiles: [] })(ARN)).toBe(ARN);
    expect(match([profile('plain')], 'plain')).toBe('plain');
  });

  it('of an unknown profile are bad input with their place', async () => {
    const { status, stderr } = await bill({
      'a.csv': report({}, { profile: ARN.replace('us-east-1', 'eu-central-1') }),
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /bucket\/a\.csv:3: profileid: there is no such profile in profiles\.csv/,
    );
  });

  it('are checked row by row, and bad rows can be left out', async () => {
    const text = report(
      { date: '2026-01-15T00:00:00Z' },
      { credits: '-1' },
      { overage: 'x' },
      { on: 'maybe' },
      { user: '' },
      { credits: '2' },
    );
    const { status, stderr } = await bill({ 'a.csv': text });
    expect(status).toBe(3);
    for (const problem of [
      /:2: date: not a date/,
      /:3: credits_used: must not be negative/,
      /:4: overage_credits_used: not a number/,
      /:5: overage_enabled: must be/,
      /:6: userid: must not be blank/,
    ]) {
      expect(stderr).toMatch(problem);
    }
    await withDirectory({}, async (directory) => {
      const skip = ['--skip-bad-usage', join(directory, 'bad.csv')];
      const skipped = await bill({ 'a.csv': text }, {}, skip);
      expect(skipped.used).toEqual({ [SEAT]: '2.00' });
      expect(skipped.stderr).toMatch(/5 bad usage rows of 6 left out/);
    });
  });
});

describe('one row per date, user, client and profile', () => {
  const early = 'KIRO_IDE_111122223333_user_report_202601160200.csv';
  const late = 'KIRO_IDE_111122223333_user_report_202601160915.csv';

  it('counts, the one from the newest file by the time stamp in its name, whatever its path', async () => {
    const { used, stderr } = await bill({
      [`z/${early}`]: report({ credits: '1' }, { client: 'KIRO_CLI', credits: '100' }),
      [`a/${late}`]: report({ credits: '2' }),
    });
    expect(used).toEqual({ [SEAT]: '102.00' });
    expect(stderr).toMatch(/note: 1 report row delivered again with other figures/);
    expect(stderr).toContain(`note: bucket/a/${late}:2 counts, bucket/z/${early}:2 does not`);
  });

  it('counts by path where the stamps and times of change are the same, and rows of one file add up', async () => {
    const { used } = await bill({
      [`a/${early}`]: report({ credits: '1' }),
      [`b/${early}`]: report({ credits: '2' }, { credits: '3' }),
    });
    expect(used).toEqual({ [SEAT]: '5.00' });
  });

  it('is no note where the file that was delivered again says the same', async () => {
    const { used, stderr } = await bill({
      [early]: report({ credits: '1.50' }),
      [late]: report({ credits: '1.5', tier: 'Pro' }),
    });
    expect(used).toEqual({ [SEAT]: '1.50' });
    expect(stderr).not.toContain('again');
  });

  it('counts as one row, however often it came, and names the newest delivery that differs', async () => {
    const noon = early.replace('0200.csv', '1200.csv');
    const { used, stderr } = await bill({
      [early]: report({ credits: '1' }),
      [late]: report({ credits: '2' }),
      [noon]: report({ credits: '1.0' }),
    });
    expect(used).toEqual({ [SEAT]: '1.00' });
    expect(stderr).toContain('note: 1 report row delivered again with other figures');
    expect(stderr).toContain(`note: bucket/${noon}:2 counts, bucket/${late}:2 does not`);
    expect(stderr).not.toContain(`bucket/${early}`);
  });

  it('of many that differ tells the first, and how many more there are', async () => {
    const rows = (credits: string) =>
      Array.from({ length: 25 }, (_, index) => ({ client: `C${index}`, credits }));
    const { stderr } = await bill({ [early]: report(...rows('1')), [late]: report(...rows('2')) });
    expect(stderr).toMatch(/note: 25 report rows delivered again with other figures/);
    expect(stderr).toMatch(/note: … and 15 more such rows/);
  });
});

describe('what is passed over', () => {
  it('are rows of the Free tier, whatever they hold, and a note counts them', async () => {
    const { used, stderr } = await bill({
      'a.csv': report(
        {},
        { tier: 'FREE', profile: 'elsewhere' },
        { tier: 'Kiro Free', credits: 'x' },
      ),
    });
    expect(used).toEqual({ [SEAT]: '10.00' });
    expect(stderr).toMatch(/note: 2 report rows of the Free tier skipped/);
  });

  it('are the siblings of reports: analytics, markers, empty files', async () => {
    const analytics = `UserId,Date,Chat_AICodeLines\n"${ALICE}",2026-01-15,3\n`;
    const { status, used } = await bill({
      'user_report/a.csv': report({}),
      'by_user_analytic/a.csv': analytics,
      'user_report/b.csv': analytics,
      'user_report/empty.csv': '',
      'user_report/5a1b2c3d-1111-2222-3333-444455556666': 'marker',
      'user_report/5a1b2c3d-1111-2222-3333-444455556666.csv': 'marker\n',
    });
    expect({ status, used }).toEqual({ status: 0, used: { [SEAT]: '10.00' } });
    expect(isCompanionFile('by_user_analytic/x.csv')).toBe(true);
    expect(isCompanionFile('user_report/x.csv', ['date', 'userid', 'credits_used'])).toBe(false);
  });

  it('is no report that lacks a column: it is bad input, beside others and alone', async () => {
    const lacking = report({}).replace('Credits_Used', 'Credits Used');
    for (const others of [{}, { 'a.csv': report({}) }]) {
      const { status, stderr } = await bill({ ...others, 'b.csv': lacking });
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /^.*bucket\/b\.csv:1: credits_used: the required column is missing; is it the one named "Credits Used"\?\nerror: 1 problem/,
      );
    }
  });

  it('is what has no column of usage, too, with a note', async () => {
    const unrecognized = { 'b.csv': 'x,y\n1,2\n', 'c.csv': '"bucket","a.csv","3"\n' };
    const { status, stderr, used } = await bill({ 'a.csv': report({}), ...unrecognized });
    expect({ status, used }).toEqual({ status: 0, used: { [SEAT]: '10.00' } });
    expect(stderr).toContain('note: bucket/b.csv and 1 other file skipped');
    const alone = await bill(unrecognized);
    expect(alone.status).toBe(3);
    expect(alone.stderr).toMatch(/bucket\/b\.csv:1: timestamp: the required column is missing/);
  });

  it('is no file that lacks a column of usage, which stays bad input', async () => {
    const damaged = report({}).replace('ProfileId', 'Profile');
    const { status, stderr } = await bill({ 'a.csv': report({}), 'b.csv': damaged });
    expect(status).toBe(3);
    expect(stderr).toMatch(/bucket\/b\.csv:1: /);
  });
});

function contradictions(stdout: string): unknown[] {
  const { warnings }: { warnings: { code: string }[] } = JSON.parse(stdout);
  return warnings.filter(({ code }) => code === 'report-contradiction');
}

describe('the overage columns of reports', () => {
  const off = { 'profiles.csv': profilesCsv('P,111122223333,us-east-1') };
  const capped = {
    'profiles.csv': profilesCsv('P,111122223333,us-east-1,,enabled,500'),
  };

  it.each([
    [
      'overage charged while off',
      off,
      { credits: '1', overage: '2.5' },
      /reports charge 2\.50 overage credits while overage is off .*first on 2026-01-15, in bucket\/a\.csv:2/,
    ],
    ['overage enabled while off', off, {}, /reports have overage enabled while it is off/],
    [
      'overage disabled while on',
      {},
      { on: 'false' },
      /reports have overage disabled while it is on/,
    ],
    [
      'another cap',
      capped,
      { cap: '800' },
      /reports have an overage cap of 800 credits, the data directory has 500/,
    ],
    [
      'a cap where there is none',
      {},
      { cap: '800' },
      /overage cap of 800 credits, the data directory has none/,
    ],
  ])(
    'never override the data directory, and a contradiction is a warning: %s',
    async (_, files, row, warning) => {
      const { status, stderr, used } = await bill({ 'a.csv': report(row) }, files);
      expect(status).toBe(0);
      expect(used[SEAT]).toBeDefined();
      expect(stderr.match(/warning: P, 2026-01: .*reports/g)).toHaveLength(1);
      expect(stderr).toMatch(warning);
    },
  );

  it.each(['invoice', 'optimize', 'explain', 'check'])(
    'are a warning of %s, said once, for --strict and in the JSON that has warnings',
    async (command) => {
      const files = { ...DATA, ...off, 'bucket/a.csv': report({}) };
      await withDirectory(files, async (directory) => {
        const paths = ['--data', directory, '--usage', join(directory, 'bucket')];
        const user = command === 'explain' ? ['--user', ALICE] : [];
        const month = command === 'check' ? [] : ['--month', '2026-01'];
        const args = [command, '-f', 'json', '--strict', ...month, ...user];
        const { status, stdout, stderr } = await runMain([...args, ...paths]);
        expect(status).toBe(1);
        expect(stderr.match(/warning: .*reports have overage enabled/g)).toHaveLength(1);
        if (command === 'explain') return;
        expect(contradictions(stdout)).toMatchObject([{ month: '2026-01', profile_id: 'P' }]);
      });
    },
  );

  it('are no warning of another month', async () => {
    const files = { ...DATA, ...off, 'bucket/a.csv': report({}) };
    const { status, stdout, stderr } = await withDirectory(files, (directory) =>
      runMain([
        ...['invoice', '--month', '2026-02', '-f', 'json', '--data', directory],
        ...['--usage', join(directory, 'bucket')],
      ]),
    );
    expect(status).toBe(0);
    expect(contradictions(stdout)).toEqual([]);
    expect(stderr).not.toContain('reports have overage');
  });

  it('are right about a preset cap while off, and about either state on a day of change', async () => {
    const changes = {
      ...off,
      'overage_changes.csv':
        'profile_id,changed_at,overage,overage_cap\nP,2026-01-15T12:00:00Z,enabled,300\nP,2026-01-15T18:00:00Z,enabled,500\n',
    };
    const { stderr } = await bill(
      {
        'a.csv': report(
          { date: '2026-01-14', on: 'false', cap: '10000' },
          { cap: '300' },
          { client: 'KIRO_CLI', on: 'false' },
          { date: '2026-01-16', cap: '500' },
        ),
      },
      changes,
    );
    expect(stderr).not.toContain('reports have');
  });
});

it('the synced bucket of Acme gives the credits that its usage has, seat by seat', async () => {
  const args = ['invoice', '--month', '2026-03', '--format', 'json', '--quiet'];
  const credits = async (...more: string[]): Promise<string[]> => {
    const { stdout } = await runMain([...args, '--data', join(FIXTURES, 'acme'), ...more]);
    return JSON.parse(stdout).rows.map(
      (row: Record<string, string>) => `${row.profile_id} ${row.user_id} ${row.credits_used}`,
    );
  };
  const bucket = join(FIXTURES, 'acme-aws/bucket');
  expect(await credits('--usage', bucket)).toEqual(await credits());
  expect(readdirSync(bucket, { recursive: true }).length).toBeGreaterThan(200);
});
