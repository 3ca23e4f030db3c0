import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { withDirectory } from '../support/in-process.ts';
import { usageCsv } from '../support/tables.ts';
import { duckdbCsv, duckdbSql, summaryOf } from './sql-duckdb.ts';

const EAST = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/EAST';
const EUROPE = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/EUROPE';
const GOV = 'arn:aws-us-gov:codewhisperer:us-gov-west-1:210987654321:profile/GOV';
const UNKNOWN = 'arn:aws:codewhisperer:us-east-1:999999999999:profile/NOWHERE';

const TABLES = {
  'profiles.csv': `profile_id,account_id,region
${EAST},123456789012,us-east-1
EUROPE,000000000000,eu-west-1
210987654321/us-gov-west-1,210987654321,us-gov-west-1
`,
  'subscriptions.csv': 'profile_id,principal_type,principal_id,tier,subscribed_at\n',
  'overage_changes.csv': `profile_id,changed_at,overage
${EAST},2026-02-10T08:00:00Z,on
${EAST},2026-02-20T00:00:00Z,off
EUROPE,2026-02-03T00:00:00.000000001Z,on
`,
};

const MAYA = 'ed58dd18-8e21-70d2-a1e8-9df15b23abda';
const TOM = 'aff67298-ed51-707a-02ff-ba316d88e527';

/** A row of a report, and of the request usage that says the same. */
interface ReportRow {
  readonly date: string;
  readonly user: string;
  readonly client?: string;
  readonly used: string;
  readonly overage?: string;
  readonly profile?: string;
  readonly tier?: string;
}

const HEADER =
  'Date,UserId,Client_Type,Chat_Conversations,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier,Total_Messages';

function report(...rows: ReportRow[]): string {
  const lines = rows.map(
    ({
      date,
      user,
      client = 'KIRO_IDE',
      used,
      overage = '0.0',
      profile = EAST,
      tier = 'PRO_PLUS',
    }) => `${date},"${user}",${client},3,${used},1000.0,${overage},true,"${profile}",${tier},17`,
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** As `report`, with its columns turned around and one of a model added. */
function turned(...rows: ReportRow[]): string {
  const lines = report(...rows)
    .trimEnd()
    .split('\n');
  const turnedLines = lines.map((line) => line.split(',').reverse().join(','));
  return turnedLines
    .map((line, index) => `${index === 0 ? 'auto_messages' : '5'},${line}\n`)
    .join('');
}

function fileName(stamp: string, client = 'KIRO_IDE', part = ''): string {
  const [year, month, day] = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
  return `r/${year}/${month}/${day}/00/${client}_123456789012_user_report_${stamp}${part}.csv`;
}

interface Counted {
  readonly date: string;
  readonly user: string;
  readonly profile: string;
  readonly credits: string;
}

/** Compares DuckDB's summary of the reports with ours of the request usage that says the same. */
async function compared(
  reports: Record<string, string | Buffer>,
  counted: Counted[],
): Promise<void> {
  const rows = counted.map(
    ({ date, user, profile, credits }) => `${date}T00:00:00Z,${profile},${user},${credits}`,
  );
  await withDirectory(
    { ...TABLES, ...reports, 'usage.csv': usageCsv(...rows) },
    async (directory) => {
      const sql = await activitySql(directory);
      expect(await duckdbCsv(sql, directory)).toBe(await summaryOf(['--data', directory]));
    },
  );
}

function activitySql(directory: string): Promise<string> {
  const path = `${join(directory, 'r')}/`;
  return duckdbSql(['--from', 'activity', '--data', directory, '--path', path]);
}

const on = (date: string, credits: string, profile = EAST, user = MAYA): Counted => ({
  date,
  user,
  profile,
  credits,
});

describe('the statement for DuckDB over activity reports', () => {
  test('adds both kinds of credits, exactly, at midnight UTC of the date', async () => {
    const rows = [
      { date: '2026-02-09', user: MAYA, used: '114.45787414391377', overage: '1e-05' },
      { date: '2026-02-10', user: MAYA, used: '0.1', overage: '0.2' },
      { date: '2026-02-20', user: MAYA, used: '7', overage: '0.000000000000000000000001' },
      { date: '2026-02-28', user: MAYA, used: '99999999999999', overage: '0.9' },
    ];
    await compared({ [fileName('202603010200')]: report(...rows) }, [
      on('2026-02-09', '114.45788414391377'),
      on('2026-02-10', '0.3'),
      on('2026-02-20', '7.000000000000000000000001'),
      on('2026-02-28', '99999999999999.9'),
    ]);
  });

  test('brings user ids to the bare form, and clients of one day count one by one', async () => {
    const rows = [
      { date: '2026-02-01', user: MAYA, used: '1' },
      { date: '2026-02-01', user: `d-1234567890.${MAYA}`, client: 'KIRO_CLI', used: '2' },
      { date: '2026-02-01', user: `d-1234567890.${TOM}`, client: 'PLUGIN', used: '4' },
    ];
    await compared({ [fileName('202602020200')]: report(...rows) }, [
      on('2026-02-01', '1'),
      on('2026-02-01', '2'),
      on('2026-02-01', '4', EAST, TOM),
    ]);
  });

  test('finds a profile by its ARN, by the last part of it, by account and Region, or takes it as it is', async () => {
    const rows = [EAST, EUROPE, GOV, UNKNOWN, 'EUROPE'].map((profile, index) => ({
      date: `2026-02-0${index + 1}`,
      user: MAYA,
      used: '1',
      profile,
    }));
    const { 'profiles.csv': _, ...tables } = TABLES;
    const files = { [fileName('202602060200')]: report(...rows) };
    await compared(
      { ...files, 'profiles.csv': `${TABLES['profiles.csv']}${UNKNOWN},999999999999,us-east-1\n` },
      [
        on('2026-02-01', '1'),
        on('2026-02-02', '1', 'EUROPE'),
        on('2026-02-03', '1', '210987654321/us-gov-west-1'),
        on('2026-02-04', '1', UNKNOWN),
        on('2026-02-05', '1', 'EUROPE'),
      ],
    );
    await withDirectory({ ...tables, ...files }, async (directory) => {
      const summary = await duckdbCsv(await activitySql(directory), directory);
      expect(summary).toContain(`,${UNKNOWN},`);
      expect(summary).toContain(`,${GOV},`);
    });
  });

  test('counts a row that was delivered again once, from the newest file by the stamp in its name, then by path', async () => {
    const day = { date: '2026-02-01', user: MAYA };
    await compared(
      {
        [fileName('202602020200')]: report({ ...day, used: '1' }),
        [fileName('202602020200').replace('r/2026', 'r/a/2026')]: report({ ...day, used: '2' }),
        [fileName('202602030200').replace('r/2026', 'r/0/2026')]: report({ ...day, used: '3' }),
        [fileName('202602020201', 'ZZZ')]: report({ ...day, used: '4', profile: EAST }),
        'r/zzz.csv': report({ ...day, used: '5' }),
      },
      [on('2026-02-01', '3')],
    );
    await compared(
      {
        [fileName('202602020200')]: report({ ...day, used: '1' }),
        [fileName('202602020200').replace('r/2026', 'r/a/2026')]: report({ ...day, used: '2' }),
      },
      [on('2026-02-01', '2')],
    );
  });

  test('counts a row once that stands twice in one file', async () => {
    const row = { date: '2026-02-01', user: MAYA, used: '1' };
    const again = { ...row, user: `d-1234567890.${MAYA}`, used: '1.0' };
    await compared({ [fileName('202602020200')]: report(row, again) }, [on('2026-02-01', '1')]);
  });

  test('passes FREE rows over, as if they were not there', async () => {
    const day = { user: MAYA, used: '1' };
    await compared(
      {
        [fileName('202602020200')]: report(
          { ...day, date: '2026-02-01', tier: 'FREE' },
          { ...day, date: '2026-02-02' },
          { ...day, date: '2026-02-03', tier: 'Kiro free' },
        ),
        [fileName('202602030200')]: report(
          { ...day, date: '2026-02-02', tier: 'free' },
          { ...day, date: '2026-02-03', tier: 'Pro' },
        ),
      },
      [on('2026-02-02', '1'), on('2026-02-03', '1')],
    );
  });

  test('reads files with other columns in another order, in parts and as gzip', async () => {
    await compared(
      {
        [fileName('202602020200', 'KIRO_IDE', '_part_1')]: turned({
          date: '2026-02-01',
          user: MAYA,
          used: '1',
        }),
        [fileName('202602020200', 'KIRO_IDE', '_part_2')]: report({
          date: '2026-02-01',
          user: TOM,
          used: '2',
        }),
        [`${fileName('202602020200', 'KIRO_CLI')}.gz`]: gzipSync(
          report({ date: '2026-02-01', user: MAYA, client: 'KIRO_CLI', used: '4' }),
        ),
      },
      [on('2026-02-01', '1'), on('2026-02-01', '4'), on('2026-02-01', '2', EAST, TOM)],
    );
  });

  test('passes over what a bucket has beside the reports, and clients in any case are one', async () => {
    const day = { date: '2026-02-01', user: MAYA };
    await compared(
      {
        [fileName('202602020200')]: report(
          { ...day, used: '1' },
          ...['K-I_R O Free', 'Q_DEVELOPER_STANDALONE_FREE', 'KIRO_ENTERPRISE_FREE'].map(
            (tier) => ({
              ...day,
              date: '2026-02-02',
              used: '',
              tier,
            }),
          ),
        ),
        [fileName('202602030200')]: report({ ...day, used: '2', overage: '', client: 'kiro_ide' }),
        'r/by_user_analytic/us-east-1/2026/02/01/00/x.csv':
          'UserId,Date,Chat_Messages\nx,2026-02-01,5\n',
        'r/2026/02/01/00/0b1c2d3e-0000-4000-8000-000000000000': '',
      },
      [on('2026-02-01', '2')],
    );
  });

  test.each([
    ['a date with a time', [{ used: '1', date: '2026-02-01T00:00:00Z' }]],
    ['a date that does not exist', [{ used: '1', date: '2026-02-30' }]],
    ['credits that are too fine', [{ used: '0.1234567890123456789012345' }]],
    ['overage credits that are no number', [{ used: '1', overage: 'x' }]],
  ])('fails on %s', async (_what, rows) => {
    const full = rows.map((row) => ({ date: '2026-02-01', user: MAYA, ...row }));
    const files = { ...TABLES, [fileName('202602020200')]: report(...full) };
    await withDirectory(files, async (directory) => {
      await expect(duckdbCsv(await activitySql(directory), directory)).rejects.toThrow();
    });
  });
});
