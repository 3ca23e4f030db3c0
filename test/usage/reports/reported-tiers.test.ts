import { describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, tierChangesCsv, usersCsv } from '../../support/tables.ts';

const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';
const HEADER =
  'Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,ProfileId,Subscription_Tier';

/** Rows as in `2026-01-15 ann PRO`; a tier may be missing. */
function report(...rows: readonly string[]): string {
  const lines = rows.map((row) => {
    const [date, user, tier = ''] = row.split(' ');
    return [date, user, 'KIRO_IDE', '1', '0', ARN, tier].join(',');
  });
  return [HEADER, ...lines, ''].join('\n');
}

const DATA = {
  'profiles.csv': profilesCsv('P,111122223333,us-east-1'),
  'users.csv': usersCsv('ann,,ann@example.com'),
};

interface Directory {
  readonly months?: string;
  readonly changes?: readonly string[];
  /** The members of group g. */
  readonly members?: readonly string[];
}

/** `MONTH SEATS` of the notes on tiers. */
async function told(
  subscriptions: readonly string[],
  reports: Readonly<Record<string, string>>,
  { months = '2026-01', changes = [], members = [] }: Directory = {},
): Promise<string[]> {
  const { status, stderr } = await runInProcess(['invoice', '--month', months], {
    ...DATA,
    'subscriptions.csv': subscriptionsCsv(...subscriptions),
    'tier_changes.csv': tierChangesCsv(...changes),
    'group_members.csv': ['group_id,user_id', ...members.map((id) => `g,${id}`), ''].join('\n'),
    ...Object.fromEntries(Object.entries(reports).map(([name, text]) => [`usage/${name}`, text])),
  });
  expect(status).toBe(0);
  return notesOn(stderr);
}

function notesOn(stderr: string): string[] {
  const note =
    /^note: (\S+): the activity reports show other tiers than the data directory, which counts: (.*) \(H4\)$/gm;
  return [...stderr.matchAll(note)].map(([, month, seats]) => `${month} ${seats}`);
}

describe('H4: the tier that reports show', () => {
  it('is a note where it is above the tier held, or below all that are selected', async () => {
    const notes = await told(['P,user,ann,Pro,2025-11-01', 'P,user,bob,Power,2025-11-01'], {
      'a.csv': report('2026-01-15 ann POWER', '2026-01-16 ann PRO', '2026-01-15 bob ProPlus'),
    });
    expect(notes).toEqual([
      '2026-01 ann in P (Power there, Pro here), bob in P (Pro+ there, Power here)',
    ]);
  });

  it('may be any that the seat holds or selects in the month', async () => {
    const notes = await told(
      [
        ...['P,user,up,Pro,2025-11-01', 'P,user,down,Power,2025-11-01'],
        ...['P,user,twice,Power,2025-11-01', 'P,group,g,Pro,2025-11-01'],
      ],
      {
        'a.csv': report(
          ...['2026-01-15 up PRO', '2026-01-25 up POWER', '2026-01-25 down PRO'],
          ...['2026-01-05 twice ProPlus', '2026-01-06 twice KIRO_ENTERPRISE_PRO'],
        ),
      },
      {
        changes: ['P,user,up,2026-01-20,Power', 'P,user,down,2026-01-20,Pro'],
        members: ['twice'],
      },
    );
    expect(notes).toEqual([]);
  });

  it('says nothing where it is blank, not on the card, or of the Free tier, and of who has no seat', async () => {
    const rows = ['2026-01-15 ann', '2026-01-16 ann TEAM', '2026-01-17 ann FREE'];
    const notes = await told(['P,user,ann,Pro,2025-11-01'], {
      'a.csv': report(...rows, '2026-01-18 ann PRO_MAX', '2026-01-15 zoe POWER'),
    });
    expect(notes).toEqual([]);
  });

  it('is that of the rows that count, of the months billed, by any id of the user', async () => {
    const stamped = (stamp: string): string => `KIRO_IDE_111122223333_user_report_${stamp}.csv`;
    const reports = {
      [stamped('202601160000')]: report('2026-01-15 ann POWER', '2026-02-15 ann PRO'),
      [stamped('202601170000')]: report('2026-01-15 ann PRO', '2026-03-15 ann@example.com POWER'),
    };
    const seat = ['P,user,ann,Pro,2025-11-01'];
    expect(await told(seat, reports, { months: '2026-01..2026-02' })).toEqual([]);
    expect(await told(seat, reports, { months: '2026-01..2026-03' })).toEqual([
      '2026-03 ann in P (Power there, Pro here)',
    ]);
  });

  it.each([
    ['check', []],
    ['forecast', ['--month', '2026-04']],
    ['explain', ['ann', '--month', '2026-04']],
  ])('is named by %s, too', async (command, options) => {
    const { stderr } = await runInProcess([command, ...options], {
      ...DATA,
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2025-11-01'),
      'usage/a.csv': report('2026-04-10 ann POWER'),
    });
    expect(notesOn(stderr)).toEqual(['2026-04 ann in P (Power there, Pro here)']);
  });

  it('of a forecast is not asked where reports come after its day', async () => {
    const { stderr } = await runInProcess(['forecast', '--as-of', '2026-04-09'], {
      ...DATA,
      'subscriptions.csv': subscriptionsCsv('P,user,ann,Pro,2025-11-01'),
      'tier_changes.csv': tierChangesCsv('P,user,ann,2026-04-10,Power'),
      'usage/a.csv': report('2026-04-08 ann PRO', '2026-04-10 ann POWER'),
    });
    expect(stderr).toContain('Forecast of 2026-04');
    expect(stderr).not.toContain('the activity reports show');
  });
});
